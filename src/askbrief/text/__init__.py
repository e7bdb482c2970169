"""Text cut into sentences and passages, compared for copies, and linked to: pure functions, no I/O."""
