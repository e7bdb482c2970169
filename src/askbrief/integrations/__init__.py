"""Retrievers for other frameworks: ``langchain.AskbriefRetriever`` and ``haystack.AskbriefRetriever``.

Each is imported by its module, which needs that framework; askbrief itself depends on neither.
"""
