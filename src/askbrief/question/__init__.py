"""What a question asks: whether it can be asked, which kind of answer it wants, and whose words."""
