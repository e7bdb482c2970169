"""Whether the archive knows no word of a question, so that no passage has to do with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from askbrief.english import countries
from askbrief.english.lexicon import alike
from askbrief.english.spelling import key, nearest
from askbrief.english.stemming import stems, tokens
from askbrief.question import is_report, names_in
from askbrief.read import word_rarity
from askbrief.types import Hit


def all_unknown(
    question: str,
    hits: Sequence[Hit],
    search: Callable[[str], Sequence[Hit]],
    forms: Callable[[str], Iterable[str]],
) -> bool:
    """Whether no content word of a question is in the archive, in any form, spelling or alias, and at most
    half are like one that is; also of a question that has none, and asks nothing about what was said.

    A common word of English is known, since other words of the archive may mean the same. ``hits`` are the
    passages that were retrieved for it, ``search`` gives the best passages for keywords,
    ``forms`` the aliases of a name.
    """
    every = tokens(question)
    if every and all(token.stop and not is_report(token.text) for token in every):
        return True
    words = [token for token in every if not token.stop and not is_report(token.text)]
    known = frozenset().union(*map(_stems, hits))
    if not words or any(word.stem in known or word.stem in word_rarity() for word in words):
        return False
    like = 0
    for word in words:
        near = nearest(word.stem, known)
        if near and key(near) == key(word.stem):
            return False
        found = search(word.text)
        if any(word.stem in _stems(hit) for hit in found):
            return False
        like += bool(found or near)
    for form in _forms(question, [word.text for word in words], forms):
        if any(stems(form) <= _stems(hit) for hit in search(form)):
            return False
    return 2 * like <= len(words)


def _stems(hit: Hit) -> frozenset[str]:
    return stems(hit.document.title) | stems(hit.text)


def _forms(question: str, words: Sequence[str], aliases: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """Other words for the words of a question and for its names: those of a country, those that mean the
    same, and aliases."""
    for word in words:
        if land := countries.country(word):
            yield from countries.forms(land)
        if one := alike().get(word.lower()):
            yield from (other for other, first in alike().items() if first == one)
    for name in (*words, *names_in(question)):
        yield from aliases(name)
