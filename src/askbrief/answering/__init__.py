"""From a question to an answer: what to retrieve and read for it, and what to cite of that."""
