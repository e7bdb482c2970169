"""What is known of English: its words, stems, names and quotation marks."""
