"""From sources to an index: what has changed is cut, embedded and committed."""
