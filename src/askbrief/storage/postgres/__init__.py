"""An archive in PostgreSQL: fills the protocols that a folder fills."""
