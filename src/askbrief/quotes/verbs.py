"""Verbs in their clause: whether one reports, who can be its subject, and what is around it."""

from __future__ import annotations

from askbrief.english.lexicon import tables
from askbrief.quotes.attitudes import is_attitude
from askbrief.quotes.subjects import Subject
from askbrief.quotes.tokens import MARKS, Tokens

NEAR = 14
"""Words at most from a verb to the quotation that it needs."""
GOING = frozenset(["on", "continued", "continues", "continuing"])
"""Words before “to say” that make it a report."""


def reports(tokens: Tokens, verb: int) -> bool:
    """Whether content can follow the verb: not in “accused of it”, “pledged delegates”, “adding to it”."""
    english, word, after = tables(), tokens.lower[verb], tokens.lower[verb + 1 : verb + 4]
    if after[:1] == ["by"] or (after[:1] == ["of"] and word in english.spoken_to):
        return False
    if word == "adding" and after[:1] == ["to"]:
        return False
    if word in english.with_quotation and not is_attitude(tokens, verb) and not near_quotation(tokens, verb):
        return False
    needs = word in english.with_complement or word in english.with_infinitive
    if not needs or near_quotation(tokens, verb) or not english.complements.isdisjoint(after):
        return True
    return word in english.with_infinitive and after[:1] in (["to"], ["out"])


def finite(tokens: Tokens, place: int) -> bool:
    """Whether a verb's plain form has a subject before it: critics say; he would argue; went on to say."""
    last = place - 1
    english = tables()
    while last >= 0 and (
        tokens.lower[last] in english.between | {"not", "never"} or tokens.lower[last].endswith("ly")
    ):
        last -= 1
    if last < 1 and tokens.lower[last] not in english.pronouns:
        return False
    before = tokens.lower[last]
    if before == "to":
        return tokens.lower[last - 1] in GOING
    plural = before.endswith("s") and not before.endswith(("ss", "us", "'s", "’s")) and len(before) > 3
    person = before in english.counted | {"they", "we", "i", "you", "who", "people", "percent"}
    known = person or before in english.auxiliaries - english.passive or before.endswith(("n't", "n’t"))
    return known or (plural and before not in english.prepositions and before not in english.verbs)


def of_texts(tokens: Tokens, subject: Subject) -> bool:
    """Whether a subject is something read, or those who count: a poll, the letter."""
    return not tables().texts.isdisjoint(tokens.lower[subject.first : subject.past])


def acts(tokens: Tokens, subject: Subject | None, verb: int) -> bool:
    """Whether a verb in -s can follow: after a name, he, she or it; not if it ends an apposition."""
    ends = tokens.words[verb + 1 : verb + 2] == [","] and not near_quotation(tokens, verb)
    if subject is None or (ends and subject.first and tokens.words[subject.first - 1] == ","):
        return False
    last = tokens.words[subject.past - 1]
    english, word = tables(), tokens.lower[subject.past - 1]
    one = last[0].isupper() or word in english.pronouns or word in english.roles
    return one or of_texts(tokens, subject) or _has_object(tokens, verb)


def _has_object(tokens: Tokens, verb: int) -> bool:
    """Whether a word follows that only a verb can have after it: the petition accuses the campaign."""
    if verb + 1 >= len(tokens.words):
        return False
    word, english = tokens.lower[verb + 1], tables()
    return (
        word == "that" or word in english.determiners or word in english.pronouns or tokens.masked(verb + 1)
    )


def near_quotation(tokens: Tokens, verb: int) -> bool:
    """Whether a quotation is right before the verb, or after it in its clause."""
    for at in range(max(0, verb - 4), min(len(tokens.words), verb + NEAR)):
        if tokens.masked(at) or tokens.words[at] in MARKS:
            return True
        if at > verb and tokens.words[at] == ";":
            return False
    return False


def before_adverbs(tokens: Tokens, place: int) -> int:
    """The last place before ``place`` without adverbs, auxiliaries and days: Kirby on Sunday also said."""
    lower, english = tokens.lower, tables()
    helping = english.auxiliaries - english.passive
    place -= 1
    while place >= 0:
        day = place > 1 and lower[place] in english.days
        adverb = lower[place] in english.between or lower[place].endswith("ly")
        if not (day or adverb or lower[place] in helping):
            break
        place -= 2 if day and lower[place - 1] == "on" else 1
    return place


def negates(word: str) -> bool:
    """Whether a word says no: not, never, didn't."""
    return word in tables().negation or word.endswith(("n't", "n’t"))
