"""The query language: text to a tree, or an error that marks the place.

query   = clause {["AND"] clause | "OR" clause}        AND binds closer than OR
clause  = ["NOT" | "-"] (word | word* | "several words"[~N] | field:value | "(" query ")")
field   = speaker | source | date
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from askbrief.errors import QueryError
from askbrief.query.query_words import WORD, folded
from askbrief.query.syntax import All, AnyOf, Dated, Not, Phrase, Query, SourceName, SpokenBy, Word, finds
from askbrief.types import days_of

LONGEST = 2_000
"""Characters of a query."""
MOST = 64
"""Words and fields of a query."""
MOST_BETWEEN = 1_000
"""Words between those of a proximity."""
DEEPEST = 32
"""Parentheses within one another."""

FIELDS = ("speaker", "source", "date")
_QUOTES = {'"': '"', "“": "”", "”": "”", "„": "“”", "«": "»"}
_TOKEN = re.compile(
    r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<not>-(?=[\w(\"“„«]))"
    r"|(?P<field>[A-Za-z]\w*):(?!//)(?P<bare>[^\s()\"“”„«]*)"
    r"|(?P<quote>[\"“”„«])"
    r"|(?P<word>[^\s()\"“”„«]+))"
)
_BETWEEN = re.compile(r"~(\S*?)(?=[\s)]|$)")
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_RANGE = "date:2024-03-05, date:2024-03, date:2024-01..2024-03 or date:2024-01.."


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """As an operator, “(” and “)”, or “clause” with its query; “end” behind the last."""
    start: int
    end: int
    query: Query | None = None


def parsed(text: str) -> Query:
    """The query that a text means. Raises QueryError."""
    if len(text) > LONGEST:
        raise QueryError(f"the query has {len(text):,} characters", text, LONGEST, hint=f"give {LONGEST:,}")
    if not text.strip():
        raise QueryError("the query is empty", text, 0, hint="give a word or an “exact phrase”")
    tokens = list(_tokens(text))
    if sum(token.kind == "clause" for token in tokens) > MOST:
        many = [token for token in tokens if token.kind == "clause"][MOST]
        raise QueryError(f"the query has more than {MOST} words and fields", text, many.start, many.end,
                         hint="search for some of them, or for a phrase")  # fmt: skip
    query = _Parser(text, tokens).whole()
    if not finds(query):
        wrong = next(token for token in tokens if token.kind == "NOT")
        hint = "add what to find, as in: flood NOT dam"
        raise QueryError("the query only says what to leave out", text, wrong.start, wrong.end, hint=hint)
    return query


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while found := _TOKEN.match(text, place):
        kind = str(found.lastgroup)
        start, place = found.start(kind), found.end()
        if kind == "bare":
            start = found.start("field")
            token = _field(text, found)
        elif kind == "quote":
            token = _quoted(text, start)
        elif kind == "word":
            token = _word(text, found["word"], start)
        else:
            token = _Token({"open": "(", "close": ")", "not": "NOT"}[kind], start, place)
        place = token.end
        yield token
    yield _Token("end", len(text.rstrip()), len(text.rstrip()))


def _word(text: str, word: str, start: int) -> _Token:
    end = start + len(word)
    if word in ("AND", "OR", "NOT"):
        return _Token(word, start, end)
    return _Token("clause", start, end, _of_words(text, word, start, None))


def _quoted(text: str, start: int) -> _Token:
    """Words in quotation marks, with the proximity behind them."""
    words, end = _within_marks(text, start)
    near = _BETWEEN.match(text, end)
    within = None
    if near:
        if not (near[1].isascii() and near[1].isdecimal() and int(near[1][:9]) <= MOST_BETWEEN):
            message = f"~ is followed by {near[1]!r}" if near[1] else "~ is followed by no number"
            hint = f'give the most words between, up to {MOST_BETWEEN}, as in: "bank rates"~5'
            raise QueryError(message, text, end, near.end(), hint=hint)
        within, end = int(near[1]), near.end()
    return _Token("clause", start, end, _of_words(text, words, start, within, end))


def _within_marks(text: str, start: int) -> tuple[str, int]:
    """What is between the quotation mark at ``start`` and the next that closes it, and where that ends."""
    closing = _QUOTES[text[start]]
    ends = [place for mark in closing if (place := text.find(mark, start + 1)) >= 0]
    if not ends:
        raise QueryError(
            f"the quotation mark {text[start]} has no partner", text, start, hint="close it, or leave it out"
        )
    return text[start + 1 : min(ends)], min(ends) + 1


def _of_words(text: str, given: str, start: int, within: int | None, end: int | None = None) -> Query:
    """A word, or several as a phrase; an asterisk behind a word makes it a beginning."""
    plain = folded(given).text
    words = tuple(Word(one[0], plain[one.end() : one.end() + 1] == "*") for one in WORD.finditer(plain))
    end = start + len(given) if end is None else end
    if not words:
        hint = "give at least a letter or a digit" + (" before the *" if "*" in given else "")
        raise QueryError(f"{text[start:end]} has no word", text, start, end, hint=hint)
    if len(words) > MOST:
        raise QueryError(
            f"a phrase has more than {MOST} words", text, start, end, hint="give its first words"
        )
    star = re.search(r"(?<![^\W_])\*|\*(?=[^\W_])", given)
    if star:
        hint = "put it behind the beginning of a word, as in: flood*"
        raise QueryError("a * isn't behind a word", text, start + given.index("*", star.start()), hint=hint)
    return words[0] if len(words) == 1 else Phrase(words, within)


def _field(text: str, found: re.Match[str]) -> _Token:
    name, start, end = found["field"].lower(), found.start("field"), found.end()
    if name not in FIELDS:
        hint = (
            f"fields are {', '.join(f'{each}:' for each in FIELDS)}; words with a colon go in quotation marks"
        )
        raise QueryError(
            f"there is no field {found['field']}:", text, start, start + len(name) + 1, hint=hint
        )
    value, at = found["bare"], found.start("bare")
    if not value and text[end : end + 1] in _QUOTES and end < len(text):
        value, end = _within_marks(text, end)
    value = value.strip()
    if not value:
        hint = {"speaker": 'as in: speaker:"John Kirby"', "source": "as in: source:reuters*"}.get(
            name, _RANGE
        )
        raise QueryError(f"{name}: has no value", text, start, end, hint=hint)
    query: Query
    if name == "speaker":
        query = SpokenBy(value)
    elif name == "source":
        query = SourceName(value)
    else:
        query = _dated(text, value, at, end)
    return _Token("clause", start, end, query)


def _dated(text: str, value: str, start: int, end: int) -> Dated:
    since, dots, until = value.partition("..")
    try:
        first = _days(since)[0] if since else None
        last = _days(until if dots else since)[1] if until or not dots else None
    except ValueError:
        raise QueryError(f"{value} isn't a date", text, start, end, hint=f"write {_RANGE}") from None
    if first is None and last is None:
        raise QueryError("date: has no date", text, start, end, hint=f"write {_RANGE}")
    if first and last and first > last:
        raise QueryError(f"{since} is after {until}", text, start, end, hint="exchange them")
    return Dated(first, last)


def _days(value: str) -> tuple[str, str]:
    """The first and the last day of a date. Raises ValueError."""
    if not value.isascii() or not _DATE.fullmatch(value):
        raise ValueError(value)
    return days_of(value)


class _Parser:
    """Recursive descent over the tokens of a query."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def whole(self) -> Query:
        """The query of all tokens."""
        query = self._any()
        if self._token.kind != "end":  # only “)” ends a query before its end
            self._fail("this ) closes nothing", "leave it out, or open it with (")
        return query

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _any(self) -> Query:
        several = [self._all()]
        while self._token.kind == "OR":
            self._next += 1
            several.append(self._all())
        return several[0] if len(several) == 1 else AnyOf(tuple(several))

    def _all(self) -> Query:
        several = [self._negated()]
        while self._token.kind in ("AND", "NOT", "(", "clause"):
            self._next += self._token.kind == "AND"
            several.append(self._negated())
        return several[0] if len(several) == 1 else All(tuple(several))

    def _negated(self) -> Query:
        odd = False
        while self._token.kind == "NOT":
            odd = not odd
            self._next += 1
        query = self._clause()
        return Not(query) if odd else query

    def _clause(self) -> Query:
        token = self._token
        if token.query is not None:
            self._next += 1
            return token.query
        if token.kind != "(":
            self._misplaced(token)
        self._next += 1
        self._depth += 1
        if self._depth > DEEPEST:
            self._fail(f"more than {DEEPEST} parentheses are open", "take some out")
        query = self._any()
        if self._token.kind != ")":
            self._next = self._tokens.index(token)
            self._fail("this ( is never closed", "close it with ), or leave it out")
        self._next += 1
        self._depth -= 1
        return query

    def _misplaced(self, token: _Token) -> NoReturn:
        """Say what is missing before or behind a token where a clause should begin."""
        before = self._tokens[self._next - 1].kind if self._next else ""
        example = "as in: flood AND dam"
        if before in ("AND", "OR", "NOT") and token.kind in ("end", ")"):
            self._next -= 1
            self._fail(f"{before} has nothing behind it", f"{example}; or put it in quotation marks")
        if token.kind == ")":
            self._fail(
                "these parentheses are empty" if before == "(" else "this ) closes nothing", "leave them out"
            )
        if token.kind == "end":
            self._next -= 1
            self._fail("this ( is never closed", "close it with ), or leave it out")
        self._fail(f"{token.kind} has nothing before it", f"{example}; or put it in quotation marks")

    def _fail(self, message: str, hint: str) -> NoReturn:
        raise QueryError(message, self._text, self._token.start, self._token.end, hint=hint)
