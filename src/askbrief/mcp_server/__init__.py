"""The archive for assistants: a server of the Model Context Protocol, on standard input and output or HTTP.

    server ──> arguments ──> tools ──> texts, present
    protocol   checked       asked     told in words, and as JSON

Only ``server`` imports the protocol's SDK. What everybody who serves the archive needs (who may ask, limits,
threads, the newest revision) is that of ``askbrief.serve``.
"""
