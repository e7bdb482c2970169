"""A query as a tree: what is looked for, and how it is combined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word, or the beginning of one."""

    word: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Several words: one behind the other, or, if ``within`` is given, in any order with at most that many
    other words between the first and the last of them."""

    words: tuple[Word, ...]
    within: int | None = None


@dataclass(frozen=True, slots=True)
class SpokenBy:
    """Sentences attributed to somebody: ``name`` as the query has it, ``names`` those that the archive
    knows them by."""

    name: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceName:
    """Documents whose source name matches a glob."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Dated:
    """Documents of these days (ISO, both inclusive; None leaves a side open)."""

    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever doesn't match."""

    of: Query


@dataclass(frozen=True, slots=True)
class All:
    """What matches each of several; beside somebody's name, words count only in what they say."""

    of: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What matches one of several at least."""

    of: tuple[Query, ...]


Query: TypeAlias = Word | Phrase | SpokenBy | SourceName | Dated | Not | All | AnyOf


def every(*queries: Query) -> Query:
    """All of the queries; of one, itself."""
    return queries[0] if len(queries) == 1 else All(queries)


def is_about_speakers(query: Query) -> bool:
    """Whether only who speaks decides."""
    match query:
        case SpokenBy():
            return True
        case Not(of):
            return is_about_speakers(of)
        case All(several) | AnyOf(several):
            return all(map(is_about_speakers, several))
    return False


def finds(query: Query) -> bool:
    """Whether a query says what to find, and not only what to leave out."""
    match query:
        case Not():
            return False
        case All(several):
            return any(map(finds, several))
        case AnyOf(several):
            return all(map(finds, several))
    return True
