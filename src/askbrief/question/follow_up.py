"""A question that leans on earlier ones ("and what did he say?") as one that stands by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askbrief.english.stemming import stems, tokens
from askbrief.question.antecedents import Asked, Mention, antecedent, mentions, names
from askbrief.question.parts import FEWEST_WORDS
from askbrief.question.question_words import AUXILIARY, PREPOSITION, WH

_LEADS_IN = re.compile(r"^\W*(?:(?:and|but|so|ok(?:ay)?|then|also)\b,? ?)+", re.IGNORECASE)
_WH = rf"{PREPOSITION}(?:how \w+|{WH})"
_PREPOSITION = PREPOSITION.removesuffix(" )?") + ")"
_ABOUT = re.compile(r"^\W*(?:what|how) about (?P<name>.+?)\W*$", re.IGNORECASE)
_BARE = re.compile(
    rf"^(?!{_WH}\b|{AUXILIARY})(?P<name>(?:(?:in|at|from|for) )?(?:the )?[\w’'-]+(?: [\w’'-]+){{0,2}})\W*$",
    re.IGNORECASE,
)
_ELLIPTIC = re.compile(
    rf"^\W*(?P<wh>{_WH}|{_PREPOSITION} (?:what|which) \w+)(?P<of> of (?:them|those|these|it))?"
    r"(?: (?:else|exactly))?\W*$",
    re.IGNORECASE,
)
_ASKED = re.compile(rf"^\W*{_WH}\b\s*", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|a|an|any|all) ", re.IGNORECASE)
_PRONOUNS = {
    "he": re.compile(r"\b(?:he|him|his)\b", re.IGNORECASE),
    "she": re.compile(r"\b(?:she|her|hers)\b", re.IGNORECASE),
    "they": re.compile(r"\b(?:they|them|their|theirs)\b", re.IGNORECASE),
    "it": re.compile(r"\b(?:it|its)\b", re.IGNORECASE),
    "there": re.compile(
        r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\b(?! (?:is|are|was|were|be)\b)|\bthere(?=\W*$)",
        re.IGNORECASE,
    ),
}
_POSSESSIVE = re.compile(r"(?:his|hers|its|their|theirs|her(?= [a-z]))$", re.IGNORECASE)
_OWN = re.compile(r"\b(?:the|a|an|this) \w+", re.IGNORECASE)
_AUXILIARY_FIRST = re.compile(rf"^\W*{AUXILIARY}\s*", re.IGNORECASE)


def in_full(question: str, turns: Sequence[Asked]) -> str:
    """``question`` with what it leaves out taken from earlier questions and answers, oldest first.

    A pronoun becomes the name that it stands for, of all turns (see ``antecedents``); it stays if nothing
    fits, or two things fit equally. A bare "why?" takes the words of the last question, and "what about X?"
    is that question on X. Unchanged if it stands by itself.
    """
    text = _LEADS_IN.sub("", question)
    last = turns[-1].question
    if about := _about(question):
        return _on(about, turns) or question
    if bare := _ELLIPTIC.match(text):
        rest = _AUXILIARY_FIRST.sub("", _ASKED.sub("", last.strip(" ?")))
        rest = _ARTICLE.sub("", rest) if bare["of"] or bare["wh"].lower() == "how many" else rest
        return f"{bare['wh']} {rest}" if rest else question
    resolved, taken = text, list[str]()
    for pronoun, pattern in _PRONOUNS.items():
        found = pattern.search(resolved)
        if found is None or (pronoun in ("he", "she") and names(resolved[: found.start()]) and not taken):
            continue
        meant = antecedent(pronoun, turns, taken)
        if meant:
            taken.append(meant.words)
            resolved = _replaced(pattern, resolved, meant, place=pronoun == "there")
    return resolved if resolved != text else question


def part_in_full(part: str, first: Asked) -> str:
    """A later part of a question with what it leaves out taken from the first part and its answer.

    One that has neither names nor other nouns with an article ("who paid?") asks about the first thing that
    the first part names, and one whose pronoun may mean nothing or several things about all its words.
    """
    full = in_full(part, [first])
    if full != part:
        return full
    if any(pronoun.search(part) for pronoun in _PRONOUNS.values()):
        content = [token for token in tokens(first.question) if not token.stop]
        about = first.question[content[0].start : content[-1].end] if len(content) > 1 else None
        return f"{part.strip(' ?')}, {about}?" if about else part
    subject = next((one.words for one in mentions(first._replace(answer=None)) if one.kind != "place"), None)
    bare = not mentions(Asked(part)) and len(stems(part)) <= FEWEST_WORDS
    return f"{part.strip(' ?')}, {subject}?" if subject and bare else part


def leans(question: str) -> bool:
    """Whether a question leans on earlier ones: it begins with "and", asks "why?" alone, or names nobody whom
    its pronouns could stand for."""
    text = _LEADS_IN.sub("", question)
    if text != question or _ABOUT.match(text) or _ELLIPTIC.match(text):
        return True
    found = [match for pattern in _PRONOUNS.values() if (match := pattern.search(text))]
    return any(not names(text[: match.start()]) and not _own(text, match) for match in found)


def _own(text: str, pronoun: re.Match[str]) -> bool:
    """Whether a possessive means something that its question has: the ferry leaves its port."""
    return (
        _POSSESSIVE.search(text[: pronoun.end()]) is not None
        and _OWN.search(text, 0, pronoun.start()) is not None
    )


def _about(question: str) -> str | None:
    """What else the last question is to be asked about: "what about X?", "and in X?"."""
    text = _LEADS_IN.sub("", question)
    found = _ABOUT.match(text) or (_BARE.match(text) if text != question else None)
    return found["name"] if found else None


def _on(name: str, turns: Sequence[Asked]) -> str | None:
    """The last question on ``name``, which may be a pronoun, in the place of what it was on of that kind."""
    last = turns[-1].question
    pronoun = next((one for one, pattern in _PRONOUNS.items() if pattern.fullmatch(name)), None)
    known = mentions(turns[-1]._replace(answer=None))
    meant = antecedent(pronoun, turns, [one.words for one in known if one.words in last]) if pronoun else None
    if pronoun and meant is None:
        return None
    words = meant.words if meant else name
    in_place = pronoun == "there" or re.match(r"(?:in|at|from) ", name, re.IGNORECASE)
    kinds = ("place",) if in_place else ("he", "she", "person", "name") if pronoun in ("he", "she") else None
    of_kind = [one.words for one in known if one.words in last and (kinds is None or one.kind in kinds)]
    replaced = of_kind[0] if of_kind and kinds else next(iter(reversed(names(last))), None)
    if kinds == ("place",) and not of_kind:
        replaced = None
    if replaced is None:
        return f"{last.strip(' ?')} {words if not in_place or ' ' in name else f'in {words}'}"
    words = re.sub(r"^(?:in|at|from) ", "", words, flags=re.IGNORECASE) if in_place else words
    start = last.rindex(replaced)
    return last[:start] + words + last[start + len(replaced) :]


def _replaced(pronoun: re.Pattern[str], text: str, meant: Mention, *, place: bool) -> str:
    """The text with each pronoun replaced by what it stands for."""

    def full(match: re.Match[str]) -> str:
        if place:
            return f"{meant.at if meant.at in ('at', 'near', 'on') else 'in'} {meant.words}"
        own = _POSSESSIVE.match(match[0]) or (
            match[0].lower() == "her" and text[match.end() : match.end() + 1] == " "
        )
        return f"{meant.words}’s" if own else meant.words

    return pronoun.sub(full, text)
