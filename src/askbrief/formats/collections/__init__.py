"""Collections: files that hold many documents, read as streams, one document at a time.

Records, mailboxes and crawls (JSON, CSV, mbox, WARC) hold documents; archives (ZIP, tar) hold files, which
are documents, collections or archives again. Nothing is written to disk, and how much is taken is bounded by
``CollectionLimits``.
"""
