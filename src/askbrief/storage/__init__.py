"""An index on disk: opened by one writer or by any number of readers."""
