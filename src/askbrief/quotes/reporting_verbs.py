"""Verbs in their clause: whether one reports speech, or an attitude: what people think, want and support."""

from __future__ import annotations

from askbrief.english.lexicon import ARTICLES
from askbrief.english.reporting import ENGLISH
from askbrief.quotes.tokens import BREAKS, MARKS, Tokens
from askbrief.quotes.verb_subjects import Subject

NEAR = 14
"""Words at most from a verb to the quotation that it needs."""
GOING = frozenset(["on", "continued", "continues", "continuing"])
"""Words before “to say” that make it a report."""
RELATIVE = frozenset(["who", "which"])
ATTITUDES = ENGLISH.opinions | ENGLISH.stances
SILENT = ATTITUDES - ENGLISH.verbs
"""Verbs of attitude that never report speech: hopes, backed."""

_HELPING = ENGLISH.auxiliaries - ENGLISH.passive
_ADVERBS = ENGLISH.between | {"not", "never"}
_BEFORE_PLAIN = (
    (ENGLISH.counted - {"one", "another", "each"})
    | _HELPING
    | {"they", "we", "i", "you", "who", "people", "percent"}
)
_OBJECTS = ENGLISH.determiners | ENGLISH.pronouns | {"that"}
_NO_OBJECT = ENGLISH.prepositions | ENGLISH.between
_NO_OBJECT |= {"up", "out", "off", "down", "away", "back", "together", "along"}
_CALLS = frozenset(["call", "calls", "called", "calling"])
_YEAR = 4  # figures
_PARTS = ENGLISH.subordinators | {"and", "but", "who", "which", "while", "whereas"}
_WHEN = frozenset(
    ["after", "before", "during", "while", "when", "because", "since", "until", "although", "though"]
)


def reports(tokens: Tokens, verb: int) -> bool:
    """Whether content can follow the verb: not in “accused of it”, “pledged delegates”, “adding to it”."""
    word, follows = tokens.lower[verb], tokens.word(verb + 1)
    if follows == "by" or (follows == "of" and word in ENGLISH.spoken_to):
        return False
    if (word == "adding" and follows == "to") or tokens.stays_unnamed(verb):
        return False
    near = near_quotation(tokens, verb)
    if follows == "with" and (word, follows) not in ENGLISH.phrasal and not near:
        return False  # argued with Lee
    if word in ENGLISH.with_quotation and word not in ATTITUDES and not near:
        return False
    needs = word in ENGLISH.with_complement or word in ENGLISH.with_infinitive
    if not needs or near or not ENGLISH.complements.isdisjoint(tokens.lower[verb + 1 : verb + 4]):
        return True
    return word in ENGLISH.with_infinitive and follows in ("to", "out")


def finite(tokens: Tokens, place: int) -> bool:
    """Whether a verb's plain form has a subject before it: critics say; he would argue; went on to say."""
    last = place - 1
    while last >= 0 and (
        tokens.lower[last] in _ADVERBS
        or tokens.is_adverb(last)
        or (last and tokens.lower[last] in ENGLISH.times)
    ):
        last -= 1
    if last < 0:
        return False
    before = tokens.lower[last]
    if before == "to":
        return tokens.lower[last - 1] in GOING
    plural = before.endswith("s") and not before.endswith(("ss", "us", "'s", "’s")) and len(before) > 3
    noun = (
        plural
        and before not in ENGLISH.prepositions
        and (before not in ENGLISH.verbs or before in ENGLISH.staff)
    )
    return noun or before in _BEFORE_PLAIN or before.endswith(("n't", "n’t"))


def of_texts(tokens: Tokens, subject: Subject) -> bool:
    """Whether a subject is something read, or those who count: a poll, the letter."""
    return not ENGLISH.texts.isdisjoint(tokens.lower[subject.first : subject.past])


def acts(tokens: Tokens, subject: Subject, verb: int) -> bool:
    """Whether a verb in -s can follow: after a name, he, she or it; not if it ends an apposition."""
    if (
        subject.past > 1
        and tokens.lower[subject.past - 2] == "to"
        and tokens.words[subject.past - 1].islower()
    ):
        return False  # refused to discuss reports
    ends = tokens.word(verb + 1) == "," and not near_quotation(tokens, verb)
    if ends and subject.first and tokens.words[subject.first - 1] == ",":
        return False
    word = tokens.lower[subject.past - 1]
    one = word in ENGLISH.pronouns or word in ENGLISH.roles or tokens.words[subject.past - 1][0].isupper()
    return one or of_texts(tokens, subject) or _has_object(tokens, verb)


def _has_object(tokens: Tokens, verb: int) -> bool:
    """Whether a word follows that only a verb can have after it: the petition accuses the campaign."""
    return tokens.word(verb + 1) in _OBJECTS or (verb + 1 < len(tokens.words) and tokens.masked(verb + 1))


def has_clause(tokens: Tokens, verb: int) -> bool:
    """Whether a clause comes before or after the verb, rather than its object: added | two boats."""
    if tokens.words[-1] == ":" or any(map(tokens.breaks, range(max(0, verb - 2 * NEAR), verb))):
        return True
    finite = ENGLISH.auxiliaries | ENGLISH.passive | ENGLISH.complements
    for at in range(verb + 1, min(verb + NEAR, len(tokens.words))):
        if tokens.lower[at] in finite or (at > verb + 1 and _is_past(tokens, at)):
            return tokens.lower[at] not in RELATIVE
        if tokens.words[at] in (";", ","):
            return False
    return False


def _is_past(tokens: Tokens, place: int) -> bool:
    """Whether a word can be a verb in the past: the port closed."""
    word = tokens.words[place]
    return word in ENGLISH.verbs or (
        word.endswith("ed") and tokens.lower[place - 1] not in ENGLISH.determiners
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
    """The last place before ``place`` without adverbs, auxiliaries and times: Kirby in May 2010 also said."""
    place -= 1
    while place >= 0 and (past := _before_adverb(tokens, place)) < place:
        place = past
    return place


def _before_adverb(tokens: Tokens, place: int) -> int:
    """The place before the adverb, auxiliary or time that ends at ``place``; ``place`` if none does."""
    lower = tokens.lower
    before = lower[place - 1] if place else ""
    if place and lower[place] in ENGLISH.days:
        return place - 1 - (before == "on" or before in ENGLISH.period_first)
    if lower[place] in ENGLISH.between or tokens.is_adverb(place) or lower[place] in _HELPING:
        return place - 1
    if lower[place] in ("early", "late") and tokens.word(place + 1) in ENGLISH.days | {"on", "in"}:
        return place - 1
    year = len(lower[place]) == _YEAR and lower[place].isdigit()
    first = place - (year and before in ENGLISH.months)
    dated = year or lower[place] in ENGLISH.months
    return first - 2 if dated and first > 1 and lower[first - 1] in ("in", "since") else place


def negates(word: str) -> bool:
    """Whether a word says no: not, never, didn't."""
    return word in ENGLISH.negation or word.endswith(("n't", "n’t"))


def attitude_content(tokens: Tokens, verb: int) -> int | None:
    """Where the content of an attitude begins; None if the verb at ``verb`` expresses none here."""
    word, after = tokens.lower[verb], verb + 1
    follows = tokens.word(after)
    if not follows or word in ENGLISH.asides:
        return None
    if word in ENGLISH.infinitive_only:
        act = tokens.word(after + 1)
        silent = act in ENGLISH.silences or (
            act in ENGLISH.bases and act not in ENGLISH.opinions | ENGLISH.stances
        )
        return None if follows != "to" or silent else after
    if (word, follows) in ENGLISH.phrasal:
        return after + 1
    if word in _CALLS and _is_only_name(tokens, after):
        return None
    if word in ENGLISH.phrasal_only:
        return None
    if follows == "to" and word in ENGLISH.opinions:
        return after
    bare = not (follows[0].isalnum() or tokens.masked(after) or follows in "$£€")
    return None if bare or follows in _NO_OBJECT else after


def _is_only_name(tokens: Tokens, first: int) -> bool:
    """Whether what follows is a name and no more but when or why: called Ann Lee on Monday."""
    past = first
    while past < len(tokens.words) and tokens.words[past][0].isupper():
        past += 1
    if past == first:
        return False
    follows = tokens.word(past)
    return (
        not follows or tokens.words[past] in BREAKS | {"."} or follows in ENGLISH.prepositions | ENGLISH.days
    )


def is_object(tokens: Tokens, first: int, verb: int) -> bool:
    """Whether the phrase before a participle is its object: in a report called the Blue Book."""
    lower, before = tokens.lower, tokens.lower[verb - 1]
    thing = lower[first] in ("a", "an") and before not in ENGLISH.roles
    if thing and lower[verb] == "called" and ("called", lower[verb + 1]) not in ENGLISH.phrasal:
        return True
    if not lower[verb].endswith("ed") or before in ENGLISH.auxiliaries:
        return False
    return any(
        lower[at] in ARTICLES and lower[at - 1] not in ("of", "for", "all", "both", "half")
        for at in range(first + 1, verb)
    )


def attitude_end(tokens: Tokens, subject: int, verb: int, first: int, past: int) -> int:
    """Where the content of an attitude ends: before words for when, and before another clause."""
    lower = tokens.lower
    opinion = lower[verb] in ENGLISH.opinions
    relative = lower[subject] in RELATIVE
    for at in range(first + 1, past):
        follows = tokens.word(at + 1)
        parts = relative or follows in _PARTS or follows.endswith("ing")
        if (lower[at] == "," and parts) or (lower[at] in _WHEN and not opinion):
            return at
    return past
