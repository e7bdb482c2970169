"""Answers questions over an archive of news briefs in the archive's own words."""

__version__ = "0.1.0"
