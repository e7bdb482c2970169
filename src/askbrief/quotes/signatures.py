"""Speakers apart from what they say: “…” — Ann Lee, mayor; From Senator Lee: “…”."""

from __future__ import annotations

import regex

from askbrief.english.lexicon import ARTICLES
from askbrief.english.reporting import ENGLISH
from askbrief.quotes.cues import Cue
from askbrief.quotes.document_names import DocumentNames
from askbrief.quotes.tokens import DASHES, POSSESSIVE, Tokens
from askbrief.quotes.verb_subjects import Subject, main_subject, name_after
from askbrief.types import Extent

SIGNATURE = regex.compile(r"[\s>~]*+(?:[-–—―]{1,3}|--)[^\S\n]*(?=[\p{L}@])[^\n]{2,120}\s*+")
"""A dash and the words after it, as below a quotation."""
_MOST = 18  # words in a signature
_LONGEST = 12  # words from “From” to the colon
_ENDS = frozenset([",", "(", ".", "|", "/", "-", "–", "—", "―", "@"])
_MOST_OFFICE = 8  # words in a signature without a name


def signature(tokens: Tokens, names: DocumentNames) -> Cue | None:
    """The cue of words that are a dash and who speaks; None if they are anything else."""
    words, lower = tokens.words, tokens.lower
    if len(words) < 2 or words[0] not in DASHES or len(words) > _MOST:
        return None
    begin = next((at for at in range(1, len(words)) if words[at] not in DASHES), len(words))
    if begin == len(words) or any(map(tokens.masked, range(len(words)))):
        return None
    name = name_after(words, begin, names)
    if name:
        follows = tokens.word(name[1])
        if name[0] - begin > 5 or not (
            not follows or follows in _ENDS or follows.isdigit() or follows == "on"
        ):
            return None
        rest = lower[name[1] :]
        return Cue(0, begin, Subject(*name, name), "before") if ENGLISH.verbs.isdisjoint(rest) else None
    acts = ENGLISH.verbs | ENGLISH.auxiliaries | ENGLISH.passive
    person = lower[begin] in ENGLISH.determiners and not ENGLISH.roles.isdisjoint(lower)
    if (person or words[begin] == "@") and len(words) <= _MOST_OFFICE and acts.isdisjoint(lower):
        return Cue(0, begin, Subject(begin, len(words)), "before")
    return None


def office(tokens: Tokens, cue: Cue) -> Extent | None:
    """The words between a name and its colon, or after the name in a signature: Ann Lee, tenants' union:"""
    if cue.subject is None or not cue.subject.name:
        return None
    first = cue.subject.past
    label = tokens.words[cue.first] == ":" and cue.first >= first
    past = (
        cue.first if label else len(tokens.words) if cue.first == 0 and tokens.words[0] in DASHES else first
    )
    if past - first < 2 or past - first > _MOST_OFFICE or tokens.words[first] != ",":
        return None
    rest = tokens.words[first + 1 : past]
    known = not any(map(tokens.masked, range(first + 1, past))) and ENGLISH.verbs.isdisjoint(
        tokens.lower[first + 1 : past]
    )
    plain = all(word[0].isalpha() or word in (",", "&", "'", "’") or word in POSSESSIVE for word in rest)
    if rest[0][1:2] == "-" and rest[0][0].isupper():
        return None  # D-Ohio
    start = first + 1 + (tokens.lower[first + 1] in ARTICLES)
    return (start, past) if known and plain and start < past else None


def announcement(tokens: Tokens, names: DocumentNames) -> Cue | None:
    """The cue of a sentence that ends with a colon and says from whom the next words are: From Ann Lee:"""
    words, lower = tokens.words, tokens.lower
    last = len(words) - 1
    if last < 2 or words[last] != ":":
        return None
    at = lower.index("from") if "from" in lower else last
    leads = ENGLISH.openers | ENGLISH.venues | ENGLISH.determiners | {"this", "following", "also"}
    if 1 < last - at <= _LONGEST and leads.issuperset(lower[:at]):
        name = name_after(words, at + 1, names)
        return Cue(at, at + 1, Subject(*name, name) if name else Subject(at + 1, last), "before")
    if not ENGLISH.venues.isdisjoint(lower):
        subject = main_subject(tokens, last, names)
        return Cue(last, last + 1, subject, "before") if subject and subject.name else None
    return None
