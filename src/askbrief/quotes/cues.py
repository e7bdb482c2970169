"""The cues of a sentence: its reporting verbs and “according to”, each with the words for its speaker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from askbrief.english.reporting import ENGLISH
from askbrief.quotes.appositions import apart, before_bracket, named_after, parted_subject
from askbrief.quotes.document_names import DocumentNames, is_name, run_start
from askbrief.quotes.polarity import denies
from askbrief.quotes.reporting_verbs import (
    ATTITUDES,
    GOING,
    NEAR,
    RELATIVE,
    SILENT,
    acts,
    attitude_content,
    before_adverbs,
    finite,
    has_clause,
    is_object,
    near_quotation,
    negates,
    of_texts,
    reports,
)
from askbrief.quotes.tokens import DASHES, POSSESSIVE, Tokens
from askbrief.quotes.verb_subjects import (
    Subject,
    clause_subject,
    main_subject,
    name_after,
    named,
    subject_after,
    subject_before,
)

_NOT = 4  # words at most from “not” to the verb
_LABEL = 8  # words at most in a label before a colon
_LONGEST_LABEL = 6  # words before a colon that are only who speaks
_FEWEST = 5  # words in what follows it, at least
_LEADS = frozenset(["and", "but", "then", "by", "while"])
_JOINS = ENGLISH.openers | RELATIVE | _LEADS | {"that", "to", "'s", "’s", "of", "without", "into"}
"""Words between a verb and its subject, or before a verb that reports nothing."""
_MAYBE = frozenset(["may", "might", "could", "should", "must"])
_UNREAL = frozenset(["if", "unless", "neither", "nobody", "nor", "no", "none"])
"""Words before a subject with which nothing is reported."""
_QUOTING = frozenset(["quoted", "quotes", "quoting", "cited", "cites", "citing", "reported", "overheard"])
_PASSED_ON = 12  # words at most from one of them to “as saying”
_LONG_SUBJECT = 12  # words at most from one of them to the verb
_PLAIN = ENGLISH.bases
_SPEECH = ENGLISH.verbs | (ENGLISH.bases - ATTITUDES)
_KNOWN_VERBS = ENGLISH.verbs | ENGLISH.bases | ENGLISH.auxiliaries
_ASKED = ENGLISH.complements | {"about", "to"}
_NO_SUBJECT = ENGLISH.determiners - ENGLISH.counted
_NOBODY = frozenset(["i", "we", "you", "there", "it", "this", "that", "who", "which"])
_NOUNS = ENGLISH.said_nouns | ENGLISH.attitude_nouns | ENGLISH.denied_nouns
_OWNERS = frozenset(["his", "her", "their", "its"])
_CONJUNCTIONS = frozenset(["and", "but", "or", "than", "not"])
_ADJECTIVES = 3  # places at most from a noun to its owner
_BEGIN_CLAUSE = ENGLISH.pronouns | ENGLISH.determiners
_AFTERWARDS = frozenset(["after", "before", "while", "besides"])
"""Words before a verb in -ing whose subject is that of the main clause."""
_CLAUSES = ENGLISH.texts | ENGLISH.venues

Form: TypeAlias = Literal["before", "shared", "after", "source", "by", "beside"]
"""Where the speaker is: before the verb; before or after another verb; after it; after “according to”; after
“asked by”, or nowhere; beside an adjective or noun, as who is sure or whose claim it is."""


class Cue(NamedTuple):
    """The words ``first`` to ``past`` that report speech or an attitude, and the subject: who speaks."""

    first: int
    past: int
    subject: Subject | None
    form: Form
    negated: bool = False


def cues(tokens: Tokens, names: DocumentNames) -> Iterator[Cue]:
    """The cues of a sentence, in order."""
    earlier: Cue | None = None
    for place, word in enumerate(tokens.lower):
        may_begin = word in ENGLISH.cue_words or (place and tokens.masked(place - 1))
        cue = _cue_at(tokens, place, names, earlier) if may_begin else None
        if cue:
            yield cue
            if cue.form not in ("by", "beside") and _lends_subject(tokens, cue, earlier):
                earlier = cue


def _lends_subject(tokens: Tokens, cue: Cue, earlier: Cue | None) -> bool:
    """Whether a later verb may share the cue's subject; that of an attitude only if nobody spoke before."""
    if tokens.lower[cue.first] not in ATTITUDES:
        return True
    return earlier is None and cue.subject is not None and tokens.lower[cue.subject.first] not in RELATIVE


def _cue_at(tokens: Tokens, place: int, names: DocumentNames, earlier: Cue | None) -> Cue | None:
    """The cue that begins at ``place``, if any; a later one may share the subject of ``earlier``."""
    return (
        _by_mark(tokens, place, names, earlier)
        or _second_hand(tokens, place, names)
        or _by_phrase(tokens, place, names, earlier)
        or _asked_by(tokens, place, names)
        or _by_verb(tokens, place, names, earlier)
        or _by_source(tokens, place, names)
        or _by_sentiment(tokens, place, names)
        or _by_noun(tokens, place, names)
    )


def _by_phrase(tokens: Tokens, place: int, names: DocumentNames, earlier: Cue | None) -> Cue | None:
    """A verb that reports speech with its second word: as Lee put it."""
    if tuple(tokens.lower[place : place + 2]) not in ENGLISH.speech_phrases:
        return None
    cue = _with_subject(tokens, place, names, earlier) if near_quotation(tokens, place) else None
    return cue._replace(past=max(place + 2, cue.past)) if cue else None


def _second_hand(tokens: Tokens, place: int, names: DocumentNames) -> Cue | None:
    """The words of somebody whom another quotes: it quoted Lee as saying; Lee was quoted as saying."""
    if tokens.lower[place] not in _QUOTING:
        return None
    saying = next((at for at in range(place + 1, len(tokens.words) - 1) if _is_saying(tokens, at)), None)
    if saying is None or saying > place + _PASSED_ON or any(map(tokens.breaks, range(place + 1, saying))):
        return None
    last = before_adverbs(tokens, place)
    if last > 0 and tokens.lower[last] in ENGLISH.passive:
        subject = subject_before(tokens, before_adverbs(tokens, last), names)
    else:
        subject = subject_after(tokens, place + 1, names)
    return Cue(place, saying + 2, subject, "before")


def _is_saying(tokens: Tokens, at: int) -> bool:
    return (
        tokens.lower[at] == "as"
        and tokens.lower[at + 1] in ENGLISH.verbs
        and tokens.lower[at + 1].endswith("ing")
    )


def _by_source(tokens: Tokens, place: int, names: DocumentNames) -> Cue | None:
    """According to Kirby."""
    if tokens.lower[place : place + 2] != ["according", "to"]:
        return None
    return Cue(place, place + 2, subject_after(tokens, place + 2, names), "source")


def _by_sentiment(tokens: Tokens, place: int, names: DocumentNames) -> Cue | None:
    """Kirby is sure that; officials were wary of."""
    if tuple(tokens.lower[place : place + 2]) not in ENGLISH.sentiments:
        return None
    last = before_adverbs(tokens, place)
    if last < 1 or tokens.lower[last] not in ENGLISH.passive | ENGLISH.remains:
        return None
    last = before_adverbs(tokens, last)
    if last < 0 or tokens.breaks(last) or tokens.lower[last] in _JOINS | ENGLISH.negation:
        return None
    subject = subject_before(tokens, last, names)
    if subject is None or tokens.lower[subject.first] in _NOBODY or _is_hypothetical(tokens, place, last):
        return None
    return _beside(tokens, place, subject)


def _by_noun(tokens: Tokens, place: int, names: DocumentNames) -> Cue | None:
    """Kirby's claim that; her support for: not if it begins its clause, because its end is not known then."""
    if tuple(tokens.lower[place : place + 2]) not in _NOUNS:
        return None
    owner = place - 1
    while owner > place - _ADJECTIVES and tokens.words[owner].islower() and not _owns(tokens, owner):
        owner -= 1
    if owner < 1 or not _owns(tokens, owner):
        return None
    own = tokens.lower[owner] in POSSESSIVE
    subject = _owner(tokens, owner - 1, names) if own else Subject(owner, owner + 1)
    if subject is None or subject.first == 0 or _opens_clause(tokens, subject.first):
        return None
    return _beside(tokens, place, subject)


def _owner(tokens: Tokens, last: int, names: DocumentNames) -> Subject | None:
    """Whose the noun after ``last`` is: a name, or a phrase with a determiner: the mayor | 's claim."""
    first = run_start(tokens.words, last)
    if first <= last:
        name = named(tokens.words, first, last, names, begins=True)
        return Subject(*name, name) if name else Subject(first, last + 1)
    near = range(last, max(last - _ADJECTIVES, 0), -1)
    begin = next((at for at in near if tokens.lower[at] in ENGLISH.determiners), None)
    return None if begin is None else Subject(begin, last + 1)


def _beside(tokens: Tokens, place: int, subject: Subject) -> Cue:
    """The cue of an adjective or noun, with the preposition that leads to what is thought or said."""
    leads = tokens.lower[place + 1] in ("that", "to")
    opposed = tokens.lower[place] in ("opposed", "opposition")
    return Cue(place, place + 1 + (opposed or not leads), subject, "beside")


def _owns(tokens: Tokens, place: int) -> bool:
    """Whether a word says whose the next one is."""
    return tokens.lower[place] in POSSESSIVE or tokens.lower[place] in _OWNERS


def _opens_clause(tokens: Tokens, place: int) -> bool:
    """Whether the phrase at ``place`` begins a clause."""
    before = tokens.lower[place - 1]
    return tokens.breaks(place - 1) or before in ENGLISH.complements | ENGLISH.subordinators | _CONJUNCTIONS


def _by_verb(tokens: Tokens, verb: int, names: DocumentNames, earlier: Cue | None) -> Cue | None:
    """A reporting verb."""
    word = tokens.lower[verb]
    plain = word in ENGLISH.bases
    known = word in ENGLISH.verbs or (finite(tokens, verb) if plain else word in ATTITUDES)
    if not known or (word in ENGLISH.denial and not (denies(tokens, verb) or _rejects(tokens, verb))):
        return None
    if word in ENGLISH.with_clause and not (near_quotation(tokens, verb) or has_clause(tokens, verb)):
        return None
    cue = _with_subject(tokens, verb, names, earlier)
    return _with_attitude(tokens, cue) if cue else None


def _rejects(tokens: Tokens, verb: int) -> bool:
    """Whether a verb of denial expresses an attitude here, or is about a quotation: rejected the offer."""
    return tokens.lower[verb] in SILENT or near_quotation(tokens, verb)


def _with_subject(tokens: Tokens, verb: int, names: DocumentNames, earlier: Cue | None) -> Cue | None:
    """The cue of a verb with its subject; None if the verb reports nothing here."""
    last = before_adverbs(tokens, verb)
    if last >= 0 and negates(tokens.lower[last]):
        if not last or tokens.lower[verb] not in SILENT:
            return None  # what was not said
        last = before_adverbs(tokens, last)
    before = tokens.lower[last] if last >= 0 else ""
    if before == "that" and last and tokens.lower[last - 1] in _CLAUSES:
        return Cue(verb, verb + 1, Subject(last - 1, last), "before")
    if before in _NO_SUBJECT or not reports(tokens, verb) or _is_hypothetical(tokens, verb, last):
        return None
    if before in ENGLISH.passive:
        if not tokens.lower[verb].endswith("ing"):
            return None
        last = before_adverbs(tokens, last)
    if last < 0:
        return _first(tokens, verb, names)
    if tokens.lower[last] in _JOINS:
        return _joined(tokens, verb, last, names, earlier)
    if tokens.breaks(last):
        return _after_break(tokens, verb, last, names, earlier)
    return _after_subject(tokens, verb, last, names)


def _is_hypothetical(tokens: Tokens, verb: int, last: int) -> bool:
    """Whether nobody has said it: may say; if Lee says; neither Lee nor the port says."""
    if not _MAYBE.isdisjoint(tokens.lower[max(last, 0) : verb]) and tokens.lower[verb] in _PLAIN:
        return True
    if last < 0 or tokens.breaks(last):
        return False
    begin, least = last, max(verb - _LONG_SUBJECT, 0)
    while begin > least and not tokens.breaks(begin - 1) and tokens.lower[begin] not in _UNREAL:
        begin -= 1
    if tokens.lower[begin] not in _UNREAL:
        return False
    plain = tokens.lower[begin] in ENGLISH.negation or tokens.lower[verb] not in ATTITUDES
    return plain and ENGLISH.verbs.isdisjoint(tokens.lower[begin + 1 : verb]) and begin + _LONG_SUBJECT > verb


def _joined(tokens: Tokens, verb: int, last: int, names: DocumentNames, earlier: Cue | None) -> Cue | None:
    """A verb after a word that joins it to what comes before: went on to say; who says; and says."""
    before = tokens.lower[last]
    if before == "to" and last > 1 and tokens.lower[last - 1] in GOING:
        at = last - 1 - (tokens.lower[last - 1] == "on")
        return _before(verb, subject_before(tokens, before_adverbs(tokens, at), names) if at else None)
    if before in RELATIVE:
        if tokens.lower[verb] in ("read", "reads"):
            return _after_subject(tokens, verb, last, names)
        found = tokens.lower[verb] in ENGLISH.found and tokens.word(verb + 1) != "that"
        return None if found else _before(verb, Subject(last, last + 1))  # a diver who found it
    if before in _AFTERWARDS and tokens.lower[verb].endswith("ing"):
        return _introduced(tokens, verb, names) if last == 0 else None
    return _shared(tokens, verb, names, earlier) if before in _LEADS else None


def _introduced(tokens: Tokens, verb: int, names: DocumentNames) -> Cue | None:
    """A verb in a phrase that begins the sentence: After saying that it was late, Kirby left."""
    for comma in (at for at in range(verb + 1, len(tokens.words) - 1) if tokens.words[at] == ","):
        if is_name(tokens.words[comma + 1]) or tokens.lower[comma + 1] in _BEGIN_CLAUSE:
            subject = clause_subject(tokens, comma + 1, len(tokens.words), names)
            return Cue(verb, verb + 1, subject, "shared") if subject and subject.first > comma else None
    return None


def _before(verb: int, subject: Subject | None) -> Cue | None:
    """The cue of a verb that its subject comes before, if it has one."""
    return Cue(verb, verb + 1, subject, "before") if subject else None


def _after_subject(tokens: Tokens, verb: int, last: int, names: DocumentNames) -> Cue | None:
    """A verb right after its subject: Kirby said."""
    subject = subject_before(tokens, last, names)
    if subject is None:
        return None
    subject = apart(tokens, subject, names)
    word = tokens.lower[verb]
    if _where_it_was_said(tokens, subject):
        return None  # in a letter posted on Monday, Kirby said
    if word in ENGLISH.found and not of_texts(tokens, subject) and tokens.word(verb + 1) != "that":
        return None
    noun = word.endswith("s") and word != "says" and not acts(tokens, subject, verb)  # his earlier claims
    return None if noun else _before(verb, subject)


def _where_it_was_said(tokens: Tokens, subject: Subject) -> bool:
    """Whether a phrase is where somebody else says it, not who speaks: in a statement."""
    before = tokens.lower[subject.first - 1] if subject.first else ""
    place = before in ENGLISH.prepositions and before not in ENGLISH.subordinators | _CONJUNCTIONS
    return place and tokens.lower[subject.past - 1] in ENGLISH.venues


def _asked_by(tokens: Tokens, verb: int, names: DocumentNames) -> Cue | None:
    """“asked” of one who is asked: asked why it failed, Lee said; when asked by a reporter if it is over."""
    if tokens.lower[verb] != "asked":
        return None
    before = tokens.lower[verb - 1] if verb else ""
    if before not in ENGLISH.passive | {"", "when", "if"} and not tokens.breaks(verb - 1):
        return None
    after = verb + 1
    asker = subject_after(tokens, after + 1, names) if tokens.word(after) == "by" else None
    after = asker.past if asker else after
    after += tokens.word(after) == "repeatedly"
    return Cue(verb, after, asker, "by") if tokens.word(after) in _ASKED else None


def _with_attitude(tokens: Tokens, cue: Cue) -> Cue | None:
    """The cue with all words of an attitude; None if it reports neither attitude nor speech."""
    verb, subject = cue.first, cue.subject
    word = tokens.lower[verb]
    content = attitude_content(tokens, verb)
    if word in _SPEECH and (word not in ENGLISH.with_quotation or near_quotation(tokens, verb)):
        return cue._replace(past=max(content or 0, cue.past))
    if subject is None or content is None or cue.form == "after" or tokens.lower[verb - 1] in ("by", "while"):
        return None
    if word.endswith("ing") and cue.form == "before" and _describes(tokens, verb):
        return None
    third_person = tokens.lower[subject.first] not in ("i", "we", "you", "there", "it")
    if not third_person or is_object(tokens, subject.first, verb):
        return None
    near = max(subject.past, verb - _NOT)
    return cue._replace(past=content, negated=any(map(negates, tokens.lower[near:verb])))


def _describes(tokens: Tokens, place: int) -> bool:
    """Whether a word in -ing describes the noun after it: for the best supporting actor."""
    if not ENGLISH.passive.isdisjoint(tokens.lower[max(0, place - _NOT) : place]):
        return False
    near = range(place - 1, max(-1, place - _NOT), -1)
    begin = next((at for at in near if not tokens.words[at].islower()), -1)
    return any(tokens.lower[at] in ENGLISH.determiners for at in near if at > begin)


def _by_mark(tokens: Tokens, place: int, names: DocumentNames, earlier: Cue | None) -> Cue | None:
    """A colon before a quotation, or any verb in -ed right after one, if no reporting verb is near."""
    if tokens.words[place] != ":":
        return _by_any_verb(tokens, place, names) if place and tokens.masked(place - 1) else None
    opens = place and place + 1 < len(tokens.words) and tokens.masked(place + 1)
    if place and not opens:
        return _by_label(tokens, place, names)
    if not opens or (earlier and place - earlier.past < NEAR):
        return None
    label = range(max(0, place - _LABEL), place)
    start = next((at + 1 for at in reversed(label) if tokens.breaks(at)), label.start)
    short = start == 0 or tokens.words[start - 1] in DASHES
    last = before_bracket(tokens.words, place - 1)  # Ann Lee (@annlee): “…”
    named = subject_before(tokens, last, names) if short or last < place - 1 else None
    main = main_subject(tokens, place, names)
    if main and main.name and not (named and named.name):
        return _before(place, main)  # Lee was plain: “…”
    return _before(place, named or main)


def _by_label(tokens: Tokens, place: int, names: DocumentNames) -> Cue | None:
    """A name and a colon before a sentence: Ann Lee: The bridge is unsafe."""
    if place > _LONGEST_LABEL or len(tokens.words) - place < _FEWEST or tokens.word(place + 1).isdigit():
        return None
    name = name_after(tokens.words, 0, names)
    if not name or name[1] != place or not (name[1] - name[0] > 1 or names.knows(tokens.words[place - 1])):
        return None
    finite = _KNOWN_VERBS | ENGLISH.passive
    clause = not finite.isdisjoint(tokens.lower[place + 1 :])
    return Cue(place, place + 1, Subject(*name, name), "before") if clause else None


def _by_any_verb(tokens: Tokens, place: int, names: DocumentNames) -> Cue | None:
    """“…,” he posted: an unknown verb with its subject right after a quotation."""
    if not tokens.wordless(0, place) or tokens.words[place][0] in ",.":
        return None
    for at in range(place, min(place + _LABEL, len(tokens.words))):
        word = tokens.lower[at]
        if word in _KNOWN_VERBS or tokens.breaks(at) or word in RELATIVE:
            return None
        if word.endswith("ed") and tokens.words[at].islower():
            subject = subject_before(tokens, at - 1, names)
            return _before(at, subject) if subject and subject.first >= place else None
    return None


def _first(tokens: Tokens, verb: int, names: DocumentNames) -> Cue | None:
    """A verb that begins its sentence, its speaker after it: Said Kirby: “…”"""
    subject = subject_after(tokens, verb + 1, names)
    past = subject.past if subject else len(tokens.words)
    opens = past + 1 < len(tokens.words) and tokens.words[past] in (",", ":") and tokens.masked(past + 1)
    return Cue(verb, past, subject, "before") if opens else None


def _shared(tokens: Tokens, verb: int, names: DocumentNames, earlier: Cue | None) -> Cue | None:
    """A verb with the subject of an earlier one: Macron spoke, saying; and said."""
    if earlier and earlier.subject and earlier.form != "source":
        return Cue(verb, verb + 1, earlier.subject, "shared")
    plain = ENGLISH.subordinators.isdisjoint(tokens.lower[:verb])
    subject = main_subject(tokens, verb, names) if plain or tokens.lower[verb].endswith("ing") else None
    return Cue(verb, verb + 1, subject, "shared")


def _after_break(
    tokens: Tokens, verb: int, last: int, names: DocumentNames, earlier: Cue | None
) -> Cue | None:
    """A verb after a comma or a quotation: said Kirby; Kirby, a spokesman, said; Macron spoke, saying."""
    if tokens.lower[verb].endswith("ing"):
        return _shared(tokens, verb, names, earlier)
    quoted = tokens.masked(last) or (last > 0 and tokens.masked(last - 1))
    subject = None if quoted else parted_subject(tokens, last, names)
    if not (subject and subject.name) and tokens.lower[verb] not in ENGLISH.spoken_to:
        inverted = subject_after(tokens, verb + 1, names)
        inverted = named_after(tokens, inverted, names) if inverted else None
        if inverted and (inverted.name or subject is None) and _ends(tokens, verb, quoted, inverted):
            return Cue(verb, verb + 1, inverted, "after")
    return _before(verb, subject)


def _ends(tokens: Tokens, verb: int, quoted: bool, subject: Subject) -> bool:
    """Whether the speaker after a verb ends its clause, or follows a quotation: …, said Kirby on Friday."""
    if tokens.lower[verb + 1] in ENGLISH.complements:
        return False
    if quoted or subject.past >= len(tokens.words):
        return True
    follows = tokens.words[subject.past]
    return not follows[0].isalnum() or follows in ENGLISH.prepositions
