"""Exact search: a query to every document that matches, a page of them with their places, and facets."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile

from askbrief.options import SearchOptions
from askbrief.protocols import IndexReader
from askbrief.query import All, AnyOf, Not, Query, SpokenBy, is_matched, parsed, places
from askbrief.text import link_to
from askbrief.types import (
    Facet,
    Facets,
    Filter,
    Match,
    SearchHit,
    SearchPlace,
    SearchResult,
    Sentence,
    Source,
    page_of,
    time_of,
)

MOST_OF_FACET = 20
"""Values of a facet; the others are those of the fewest documents. Months are all given."""

UNDATED = "undated"

Called = Callable[[str], Sequence[str]]
"""The names by which the archive knows somebody."""


def search(index: IndexReader, query: str, options: SearchOptions, called: Called) -> SearchResult:
    """What matches ``query``, sorted and cut as the options say. Raises QueryError."""
    started = time.perf_counter()
    wanted = parsed(query)
    if options.speaker is not None:
        wanted = All((SpokenBy(options.speaker), wanted))
    wanted = _known(wanted, called)
    matches = index.search_exact(wanted, Filter(options.since, options.until, options.source))
    matches = sorted(matches, key=_ORDERS[options.sort])
    page = matches[options.offset : options.offset + options.limit]
    return SearchResult(
        query,
        len(matches),
        options.offset,
        tuple(_hit(index, wanted, match) for match in page),
        _facets(index, wanted, [match.document for match in matches], called) if options.facets else None,
        elapsed_ms=round(1000 * (time.perf_counter() - started), 1),
    )


def _known(query: Query, called: Called) -> Query:
    """The query with the names by which the archive knows each speaker that it has."""
    match query:
        case SpokenBy(name):
            return SpokenBy(name, tuple(called(name)))
        case Not(of):
            return Not(_known(of, called))
        case All(several):
            return All(tuple(_known(part, called) for part in several))
        case AnyOf(several):
            return AnyOf(tuple(_known(part, called) for part in several))
    return query


# -- order


def _newest(match: Match) -> tuple[object, ...]:
    """Undated documents last; of one day, in the order of source names."""
    date = match.document.date
    return (date is None, [-ord(each) for each in f"{date}-99-99"[:10]], match.document.source)


def _oldest(match: Match) -> tuple[object, ...]:
    date = match.document.date
    return (date is None, date, match.document.source)


def _best(match: Match) -> tuple[object, ...]:
    return (-round(match.score, 6), *_newest(match))


_ORDERS: dict[str, Callable[[Match], tuple[object, ...]]] = {
    "relevance": _best, "date": _newest, "oldest": _oldest,
}  # fmt: skip


# -- places


def _hit(index: IndexReader, query: Query, match: Match) -> SearchHit:
    """A document that matches, with its places."""
    source = match.document
    document, sentences = index.document(source.id), index.sentences(source.id)
    found = places(query, source, document.text, sentences)

    def place(sentence: Sentence, marks: tuple[tuple[int, int], ...]) -> SearchPlace:
        start, end = sentence.start, sentence.end
        time = time_of(document.times, start)
        return SearchPlace(
            document.text[start:end],
            start,
            end,
            sentence.paragraph,
            (sentence.number, sentence.number),
            marks,
            sentence.speaker,
            source,
            page_of(document.pages, start),
            time,
            link_to(source, document.text, start, end, time),
        )

    return SearchHit(source, round(match.score, 3), tuple(place(each.sentence, each.marks) for each in found))


# -- facets


def _facets(index: IndexReader, query: Query, documents: Sequence[Source], called: Called) -> Facets:
    return Facets(_months(documents), _sources(documents), _speakers(index, query, documents, called))


def _months(documents: Sequence[Source]) -> tuple[Facet, ...]:
    counts = Counter(each.date[:7] if each.date else UNDATED for each in documents)
    dated = sorted(set(counts) - {UNDATED})
    found = [Facet(month, counts[month], f"date:{month}") for month in dated]
    undated = [Facet(UNDATED, counts[UNDATED], None)] if counts[UNDATED] else []
    return (*found, *undated)


def _sources(documents: Sequence[Source]) -> tuple[Facet, ...]:
    """Counted by the first folder, site or collection in which the source names differ."""
    parts = [_parts(each.source) for each in documents]
    shared = len(
        list(takewhile(lambda at: len(set(at)) == 1, zip(*(each[:-1] for each in parts), strict=False)))
    )
    counts = Counter(each[shared] if len(each) > shared + 1 else "".join(each[shared:]) for each in parts)
    before = "".join(parts[0][:shared]) if parts else ""
    return tuple(
        Facet(before + value, count, _source_clause(before + value)) for value, count in _most(counts)
    )


def _parts(source: str) -> list[str]:
    """A source name cut behind the site, each folder, and a collection."""
    scheme, found, rest = source.partition("://")
    pieces = (rest if found else source).split("/")
    cut = [f"{piece}/" for piece in pieces[:-1]] + [pieces[-1]]
    merged: list[str] = []
    for piece in cut:  # “dump.jsonl//12” is cut behind both
        if piece == "/" and merged:
            merged[-1] += piece
        else:
            merged.append(piece)
    return [f"{scheme}://{merged[0]}", *merged[1:]] if found else merged


def _source_clause(value: str) -> str:
    """The clause for the source names that are or begin with a value."""
    pattern = "".join(f"[{each}]" if each in "*?[" else each for each in value)
    return f'source:"{pattern}{"*" if value.endswith("/") else ""}"'


def _speakers(
    index: IndexReader, query: Query, documents: Sequence[Source], called: Called
) -> tuple[Facet, ...]:
    """Counted by who says what matches: in so many documents, the query with their name would match."""
    groups: dict[str, frozenset[str]] = {}
    counts: Counter[frozenset[str]] = Counter()
    names: Counter[str] = Counter()
    for document in documents:
        text, sentences = index.document(document.id).text, index.sentences(document.id)
        here = {p.sentence.speaker for p in places(query, document, text, sentences)}
        said = {name for name in here if name}
        for name in said - set(groups):
            groups[name] = frozenset(called(name))
        names.update(said)
        for group in {groups[name] for name in said if groups[name]}:
            if is_matched(All((SpokenBy("", tuple(group)), query)), document, text, sentences):
                counts[group] += 1
    shown = {group: max(group & names.keys(), key=lambda name: (names[name], name)) for group in counts}
    by_name = Counter({shown[group]: count for group, count in counts.items()})
    return tuple(Facet(name, count, f'speaker:"{name}"') for name, count in _most(by_name))


def _most(counts: Counter[str]) -> Iterable[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_OF_FACET]
