"""The search files that follow the database: vectors, keywords, and the manifest that declares them."""
