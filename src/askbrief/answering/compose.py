"""Hits and spans to an Answer: choose or abstain, merge, cite. The one place where citations are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeAlias

from askbrief.answering import provenance as origins
from askbrief.answering.superseded import Stories
from askbrief.embargo import under_embargo
from askbrief.text.extents import touched_in_paragraph
from askbrief.types import Answer, AnswerText, Citation, Hit, Quoted, Sentence, Span, Speech, page_of, time_of

MOST_CITATIONS = 3
"""Sentences cited for a question that asks for one thing; one that asks for all gets all."""

MOST_OF_DIGEST = 5
"""Documents of which a digest has a sentence."""

NEAREST = 3
"""Passages shown if the archive does not answer."""

RELATIVE = 0.5
"""Beside the best sentence, those at least this probable in proportion to it are cited."""

MOST_OF_ALL = 50
RELATIVE_OF_ALL = 0.3
"""The same for a question that asks for all."""

Copied: TypeAlias = Callable[[str], Sequence[tuple[Hit, bool]]]
"""All passages of the other documents of a document's family, and whether each may be cited."""


@dataclass(frozen=True, slots=True)
class Policy:
    """When to answer, and how much to cite.

    ``threshold`` is the least probability at which the archive is said to answer. At most ``most`` sentences
    are cited, none less probable than ``share`` of the best. ``newest`` puts those of the newest documents
    first. ``names`` keeps only sentences that are attributed to one of these names.
    """

    threshold: float
    most: int = MOST_CITATIONS
    share: float = RELATIVE
    newest: bool = False
    names: Sequence[str] | None = None


def everything(threshold: float) -> Policy:
    """The policy for a question that asks for all: a list, or whatever somebody said."""
    return Policy(threshold, most=MOST_OF_ALL, share=RELATIVE_OF_ALL)


def compose(
    question: str,
    hits: Sequence[Hit],
    spans: Sequence[Span],
    policy: Policy,
    copied: Copied = lambda _: (),
) -> Answer:
    """What the archive says on ``question``, given what a reader found in ``hits``.

    Citations are best first, or newest first; the ``answer`` is that of the first. Without a span that
    reaches the threshold, the nearest passages are given instead. What several copies of one document have
    is cited once, from the earliest that may be cited.
    """
    groups = {hit.document.id: hit.duplicate_group for hit in hits}
    citations = origins.once(ranked(hits, spans, policy.names), groups)
    confidence = citations[0].score if citations else 0.0
    if not citations or confidence < policy.threshold:
        nearest = tuple(first(c, copied(c.document.id), None) for c in _nearest(hits, citations))
        return Answer(question, False, confidence, None, nearest)
    chosen = _chosen(citations, policy)
    sources = origins.independent(chosen[0].answer, chosen, groups)
    told = [first(c, copied(c.document.id), policy.names) for c in chosen]
    answer = told[0].answer
    words = answer.text if answer else None
    return Answer(question, True, chosen[0].score, words, tuple(told), sources=sources)


def refused(question: str, hits: Sequence[Hit]) -> Answer:
    """That the archive does not say, whatever a reader would find in the hits; of the nearest passages, the
    sentences with most words of the question."""
    from askbrief.english.stemming import stems  # here, because other answers need no words of English

    asked = stems(question)
    spans = []
    for number, hit in enumerate(hits[:NEAREST]):
        near = max(hit.sentences, key=lambda s: len(asked & stems(hit.slice(s.start, s.end))))
        spans.append(Span(number, near.start, near.end, 0.0))
    return compose(question, hits, spans, Policy(1.0))


def combined(question: str, parts: Sequence[Answer]) -> Answer:
    """The answer to a question that asks several: the citations of the parts that are answered, in order.

    The words and the probability are those of the first such part. If the archive answers none, the nearest
    passages of all parts are given.
    """
    answered = [part for part in parts if part.answered]
    first = (answered or parts)[0]
    citations = dict.fromkeys(c for part in answered or parts for c in part.citations)
    return replace(first, question=question, citations=tuple(citations), parts=tuple(parts))


def of_one_side(found: Answer, hits: Sequence[Hit], thing: str, other: str) -> Answer:
    """An answer on one of two things that are compared, without sentences that have words of the other alone,
    or are in passages that have none of its own.

    Its words are the whole sentence if they would be no more than the name of one of them, since no sentence
    need say which is ahead.
    """
    from askbrief.english.stemming import stems  # here, because only comparisons need the words of English

    own, others = stems(thing), stems(other)

    def plain(citation: Citation) -> Citation:
        words = citation.answer
        if words is None or not (stems(words.text) <= own or stems(words.text) <= others):
            return citation
        return replace(citation, answer=AnswerText(citation.text, citation.start, citation.end))

    def is_on_it(citation: Citation) -> bool:
        words = stems(citation.text)
        hit = next(_holding(hits, citation), None)
        around = words | (stems(f"{hit.document.title} {hit.text}") if hit else own)
        return bool(words & own or (not words & (others - own) and (around & own or not own)))

    citations = tuple(plain(one) for one in found.citations if is_on_it(one))
    if not citations:
        return replace(found, answered=False, answer=None, sources=0)
    words = citations[0].answer if found.answered else None
    return replace(found, citations=citations, answer=words.text if words else None)


def first(citation: Citation, held: Sequence[tuple[Hit, bool]], names: Sequence[str] | None) -> Citation:
    """The citation in the earliest of the copies that may be cited, with all others that have its words.

    ``held`` are the passages of the copies of its document, and whether each may be cited.
    """
    holders = {hit.document.id: hit.document for hit, _ in held if origins.holds(hit, citation)}
    found = citation
    for hit in sorted((hit for hit, may in held if may), key=lambda hit: origins.earliest(hit.document)):
        if origins.earliest(hit.document) >= origins.earliest(citation.document):
            break
        again = _again(hit, citation) if hit.document.id in holders else None
        if again is not None and _attributed(again.speaker, names):
            found = again
            break
    holders[citation.document.id] = citation.document
    del holders[found.document.id]
    others = tuple(sorted(holders.values(), key=origins.earliest))
    return replace(found, copies=len(others), also_in=others)


def _again(hit: Hit, citation: Citation) -> Citation | None:
    """The same sentences with the same answer, cited from a passage of a copy; None if it has them not."""
    sentences = origins.sentences_in(hit, citation)
    if not sentences:
        return None
    if citation.answer is None:
        return _citation(hit, sentences, None, citation.score)
    extent = origins.answer_in(hit, sentences, citation)
    return extent and _citation(hit, sentences, AnswerText(_slice(hit, *extent), *extent), citation.score)


def updated(found: Answer, hits: Sequence[Hit], read: Sequence[Citation], stories: Stories) -> Answer:
    """The answer with what a later version says instead before the citation that it supersedes.

    ``read`` are all citations that were weighed: that of the later version need not have been chosen.
    """
    known = [*found.citations, *(c for c in read if c.score >= RELATIVE * found.confidence)]
    told: list[Citation] = []
    for citation in found.citations:
        change = stories.change(citation, known)
        if change is not None:
            told += [change.citation] if change.citation else []
            said = f"superseded: {change.version} says “{change.said}”"
            citation = replace(citation, superseded=said)
        told.append(citation)
    marked = {_extent(c): c for c in told if c.superseded}
    unique = tuple(dict.fromkeys(marked.get(_extent(c), c) for c in told))
    if unique == found.citations:
        return found
    best = unique[0]
    sources = origins.independent(best.answer, unique, {h.document.id: h.duplicate_group for h in hits})
    words = best.answer.text if best.answer else None
    return replace(found, answer=words, confidence=best.score, citations=unique, sources=sources)


def _extent(citation: Citation) -> tuple[str, int, int]:
    return citation.document.id, citation.start, citation.end


def attributed(found: Answer, quoted_in: Callable[[str], Sequence[Quoted]]) -> Answer:
    """The answer with what of it is somebody's words told as such; ``quoted_in`` gives the quotations of a
    document by its id."""
    documents = {citation.document.id for citation in found.citations}
    known = {id_: quoted_in(id_) for id_ in documents}
    told = (replace(c, speech=_speech(c, known[c.document.id], found.answered)) for c in found.citations)
    return replace(found, citations=tuple(told))


def _speech(citation: Citation, known: Sequence[Quoted], answered: bool) -> Speech | None:
    """Of the quotations in a citation (in the words that came nearest, if it doesn't answer) the first by its
    speaker, else the first."""
    words = citation if answered or not citation.answer else citation.answer
    inside = [q for q in known if q.quotation.start < words.end and words.start < q.quotation.end]
    by_speaker = (q for q in inside if q.quotation.name == citation.speaker)
    first = next(by_speaker, inside[0] if inside else None)
    return Speech(first.quotation.kind, first.quotation.polarity, first.speaker) if first else None


def ranked(hits: Sequence[Hit], spans: Sequence[Span], names: Sequence[str] | None = None) -> list[Citation]:
    """A citation for each sentence that a span answers from, each sentence once, best first.

    A span over two sentences cites both, and what else was read in either is left out.
    """
    found: list[Citation] = []
    cited: set[tuple[str, int, int]] = set()
    for span in sorted(spans, key=lambda span: -span.score):
        citation = cite(hits[span.hit], span)
        first, last = citation.sentences
        places = {(citation.document.id, citation.paragraph, n) for n in range(first, last + 1)}
        if _attributed(citation.speaker, names) and not places & cited:
            found.append(citation)
            cited |= places
    return found


def cite(hit: Hit, span: Span) -> Citation:
    """The whole sentences of one paragraph that hold ``span``, verbatim.

    Raises ValueError if the span does not lie in the hit, or the hit's text is not its extent.
    """
    sentences = touched_in_paragraph(hit.sentences, span.start, span.end)
    if not sentences or span.start < hit.start or span.end > hit.end:
        raise ValueError(f"span {span.start}–{span.end} does not lie in its hit, {hit.start}–{hit.end}")
    start, end = max(span.start, sentences[0].start), min(span.end, sentences[-1].end)
    answer = AnswerText(_slice(hit, start, end), start, end)
    return _citation(hit, sentences, answer, span.score)


def _citation(hit: Hit, sentences: Sequence[Sentence], answer: AnswerText | None, score: float) -> Citation:
    start, end = sentences[0].start, sentences[-1].end
    return Citation(
        text=_slice(hit, start, end),
        start=start,
        end=end,
        paragraph=sentences[0].paragraph,
        sentences=(sentences[0].number, sentences[-1].number),
        answer=answer,
        speaker=next((s.speaker for s in sentences if s.speaker), None),
        score=score,
        document=hit.document,
        page=page_of(hit.pages, start),
        time=time_of(hit.times, start),
    )


def noted(found: Answer) -> Answer:
    """The answer with a note, if it cites what is in a language that the reader was not made for."""
    from askbrief.english.languages import not_in_english  # here: opening an index reads no table

    sources = not_in_english(c.document for c in found.citations)
    if not sources:
        return found
    note = f"not in English, for which alone the reader was made: {sources}; read there with care"
    return replace(found, note=note)


def embargoed(found: Answer, details: Callable[[str], Mapping[str, str]]) -> Answer:
    """The answer with a note, if it cites items that an agency keeps under embargo; ``details`` are those of
    the document with an id."""
    now = datetime.now(UTC)
    documents = {c.document.id: c.document for c in found.citations}
    ends = ((each.source, under_embargo(details(id_), now)) for id_, each in documents.items())
    notes = [f"{source} is under embargo until {end}" for source, end in ends if end]
    return replace(found, note="; ".join(filter(None, [found.note, *notes]))) if notes else found


def _slice(hit: Hit, start: int, end: int) -> str:
    """The document's text from ``start`` to ``end``, out of the hit that holds it."""
    text = hit.slice(start, end)
    if len(text) != end - start or len(hit.text) != hit.end - hit.start:
        raise ValueError(f"{hit.document.source}: {start}–{end} can't be cited from {hit.start}–{hit.end}")
    return text


def _chosen(citations: Sequence[Citation], policy: Policy) -> tuple[Citation, ...]:
    """Those of the ranked citations that are given as the answer: the best first, or the newest."""
    least = max(policy.threshold, policy.share * citations[0].score)
    chosen = [c for c in citations if c.score >= least][: policy.most]
    if policy.newest:  # the sort is stable: of one day, and without a date, the best come first
        chosen.sort(key=lambda c: c.document.date or "", reverse=True)
    return tuple(chosen)


def _nearest(hits: Sequence[Hit], citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """The paragraphs, as far as their passages hold them, of the sentences that come nearest."""
    shown: dict[tuple[str, int], Citation] = {}
    for citation in citations:
        hit = next(_holding(hits, citation))
        around = [s for s in hit.sentences if s.paragraph == citation.paragraph]
        whole = _citation(hit, around, citation.answer, citation.score)
        # Others may speak in the paragraph: it is given to whoever speaks in the sentence that came nearest.
        key = citation.document.id, citation.paragraph
        shown.setdefault(key, replace(whole, speaker=citation.speaker))
    return tuple(shown.values())[:NEAREST]


def _holding(hits: Sequence[Hit], citation: Citation) -> Iterator[Hit]:
    """The hits in which a citation lies."""
    of_document = (hit for hit in hits if hit.document.id == citation.document.id)
    return (hit for hit in of_document if hit.start <= citation.start and citation.end <= hit.end)


def _attributed(speaker: str | None, names: Sequence[str] | None) -> bool:
    """Whether a sentence's speaker goes by one of the names, if any are wanted."""
    return names is None or speaker in names
