"""The text of a PDF: lines, columns, headers and footers, paragraphs, in the order of the way."""
