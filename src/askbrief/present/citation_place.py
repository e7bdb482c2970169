"""The place of a citation or a quotation, and who said it, as text."""

from __future__ import annotations

from askbrief.text.numbering import numbered
from askbrief.types import Citation, Quoted, SearchPlace


def parts(cited: Citation | Quoted | SearchPlace) -> list[str]:
    """The source name; the page or the time, if there are any; paragraph and sentences; characters."""
    at = cited.quotation if isinstance(cited, Quoted) else cited
    page, time = (None, None) if isinstance(cited, Quoted) else (cited.page, cited.time)
    return [
        cited.document.source,
        *([f"page {page}"] if page else []),
        *([f"at {time.partition('.')[0]}"] if time else []),
        numbered(at.paragraph, at.sentences),
        f"characters {at.start}–{at.end}",
    ]


def place(citation: Citation | SearchPlace) -> str:
    """The place on one line, without the characters."""
    return ", ".join(parts(citation)[:-1])


def speech(citation: Citation) -> str | None:
    """Who says the words of a citation, as "denied by John Kirby"; None for the archive itself."""
    polarity = citation.speech.polarity if citation.speech else "said"
    verb = "attitude of" if polarity == "attitude" else f"{polarity} by"
    if citation.speaker:
        return f"{verb} {citation.speaker}"
    if citation.speech is None:
        return None
    by = citation.speech.by
    return f"{verb} “{' '.join(by.split())}”" if by else f"{verb} an unnamed speaker"
