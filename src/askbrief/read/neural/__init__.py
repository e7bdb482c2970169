"""The reading model: windows of tokens in, scored answer spans out."""
