"""English: its word lists, stems, names, spellings and quotation marks."""
