"""Files of gold questions: askbrief's own JSON lines, and SQuAD 1.1 and 2.0 JSON, known by their content."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, TypeVar

from askbrief.errors import GoldError

T = TypeVar("T")


class GoldPlace(NamedTuple):
    """An extent of one document: its source, and start and end in characters, half open."""

    document: str
    start: int
    end: int


Targets: TypeAlias = Sequence[Sequence[GoldPlace]]
"""What has to be found; a target is met by any one of its places."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the answers that people have given.

    ``answers`` are alternatives; they may be given as ``answer_places``, whose texts ``with_texts`` puts in.
    ``half`` is "dev" or "held_out" in a set of which one half is only looked at for final figures, and
    ``digest`` begins the sha256 of the evidence's texts if the set doesn't have them. ``evidence`` has a
    place for each sentence that answers (in SQuAD: each annotator's span), none for an unanswerable question.
    ``document`` is a source name or a ``Context.id``. If ``any_of`` (SQuAD), one place of the evidence is
    enough; otherwise each counts.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    evidence: tuple[GoldPlace, ...]
    answerable: bool
    kind: str = ""
    document: str = ""
    any_of: bool = False
    answer_places: tuple[GoldPlace, ...] = ()
    half: str = ""
    digest: str = ""

    @property
    def targets(self) -> Targets:
        """The evidence as what has to be found, one target a sentence, or all as alternatives."""
        if self.any_of:
            return (self.evidence,) if self.evidence else ()
        return tuple((place,) for place in self.evidence)


@dataclass(frozen=True, slots=True)
class Context:
    """A paragraph of a SQuAD file; identical ones share one ``id``, which is fit for a file name."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class GoldSet:
    """A file of gold questions: its name, the sha256 of its bytes, and its questions in order.

    ``contexts`` is empty for askbrief's own form, whose questions name documents of the archive. ``half`` is
    the half that it was narrowed to, if it has two.
    """

    name: str
    sha256: str
    questions: tuple[Question, ...]
    contexts: tuple[Context, ...] = ()
    half: str = ""


def load(path: Path) -> GoldSet:
    """The questions of a file in either form.

    Raises GoldError, which names the file and the line (in SQuAD: the element).
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise GoldError(f"{path} can't be read: {error.strerror}", hint="check the path") from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise GoldError(f"{path}: line {line} isn't UTF-8", hint="save the file as UTF-8") from error
    questions, contexts = _from_lines(text, path) if _is_lines(text) else _from_squad(text, path)
    _require(questions, f"{path} has no questions")
    return GoldSet(path.name, hashlib.sha256(content).hexdigest(), questions, contexts)


def documents(questions: Iterable[Question]) -> set[str]:
    """The sources of all documents that the questions name."""
    named = {question.document for question in questions if question.document}
    return named | {place.document for question in questions for place in question.evidence}


def half(known: GoldSet, name: str) -> GoldSet:
    """The set with the questions of one half; all of them if the set has no halves."""
    chosen = tuple(question for question in known.questions if question.half in ("", name))
    halves = any(question.half for question in known.questions)
    return replace(known, questions=chosen, half=name if halves else "")


def with_texts(questions: Sequence[Question], texts: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions with the texts of their answers.

    ``texts`` maps the source names that questions have to the texts of the archive. Raises GoldError if the
    evidence of a question has none of its answers, or other words than when it was written.
    """
    found = tuple(
        replace(
            question, answers=tuple(dict.fromkeys(_slice(texts, place) for place in question.answer_places))
        )
        if question.answer_places
        else question
        for question in questions
    )
    for question in found:
        pieces = [_slice(texts, place) for place in question.evidence]
        digest = hashlib.sha256("\n".join(pieces).encode()).hexdigest()
        _require(
            not question.answerable
            or (
                digest.startswith(question.digest)
                and any(answer in piece for answer in question.answers for piece in pieces)
            ),
            f"{question.id}: its evidence in {question.evidence and question.evidence[0].document} has other "
            "words than its answers",
            hint="index the version of the document for which the question was written",
        )
    return found


def with_sources(questions: Iterable[Question], sources: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions with each document called by its source name in the archive, given by the name that they
    have for it: ``bbc/1.txt`` may be ``../corpora/bbc/1.txt`` there."""
    return tuple(
        replace(
            question,
            document=sources.get(question.document, question.document),
            evidence=tuple(place._replace(document=sources[place.document]) for place in question.evidence),
        )
        for question in questions
    )


def _slice(texts: Mapping[str, str], place: GoldPlace) -> str:
    return texts[place.document][place.start : place.end]


def _require(holds: object, message: str, hint: str | None = None) -> None:
    """Raise GoldError unless ``holds`` is true."""
    if not holds:
        raise GoldError(message, hint=hint)


def _is_lines(text: str) -> bool:
    """Whether the first line is a JSON object that isn't SQuAD's, or there is no line at all."""
    first = text.lstrip().partition("\n")[0]
    if not first:
        return True
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and "data" not in record


def _parse(text: str, path: Path, line: int = 1) -> Any:
    """The value of JSON text; its first line has the number ``line`` in the file."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise GoldError(
            f"{path}: line {error.lineno + line - 1} isn't JSON: {error.msg}", hint="correct the line"
        ) from error
    except (RecursionError, ValueError) as error:  # nested too deep; a number of too many digits
        raise GoldError(
            f"{path}: line {line} can't be read as JSON: {error}", hint="correct the line"
        ) from error


def _from_lines(text: str, path: Path) -> tuple[tuple[Question, ...], tuple[Context, ...]]:
    """The questions of JSON lines, which have no contexts; blank lines are skipped but counted."""
    questions = tuple(
        _question(_parse(line, path, number), f"{path}: line {number}", f"{path.stem}:{number}")
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip()
    )
    return questions, ()


def _question(record: object, where: str, name: str) -> Question:
    """One line of askbrief's own form."""
    text, answerable = _field(record, "question", str, where), _field(record, "answerable", bool, where)
    answers = _field(record, "answers", list, where, [])
    evidence = _field(record, "evidence", list, where, [])
    document = _field(record, "document", str, where, "")
    _require(text.strip(), f"{where}: 'question' is empty")
    if answerable:
        _require(answers and evidence, f"{where} is answerable, so it needs 'answers' and 'evidence'")
    else:
        empty = not (answers or evidence)
        _require(empty, f"{where} is unanswerable, so 'answers' and 'evidence' must be empty")
    words = tuple(answer for answer in answers if isinstance(answer, str))
    _require(all(map(str.strip, words)), f"{where}: 'answers' must be texts that aren't empty")
    return Question(
        name,
        text,
        tuple(dict.fromkeys(words)),
        tuple(_place(extent, document, "evidence", where) for extent in evidence),
        answerable,
        _field(record, "kind", str, where, ""),
        document,
        answer_places=tuple(
            _place(answer, document, "answers", where) for answer in answers if not isinstance(answer, str)
        ),
        half=_field(record, "half", str, where, ""),
        digest=_field(record, "sha256", str, where, ""),
    )


def _field(record: object, name: str, form: type[T], where: str, default: T | None = None) -> T:
    """A field of a JSON object, of one type; ``default`` if it is missing or null."""
    if not isinstance(record, dict):
        raise GoldError(
            f"{where} isn't a JSON object", hint="write one object a line, as in `eval/gold.jsonl`"
        )
    value = record.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, form):
        words = {str: "a text", bool: "true or false", list: "a list"}
        raise GoldError(
            f"{where}: {name!r} is missing or isn't {words[form]}", hint="write it as in `eval/gold.jsonl`"
        )
    return value


def _place(extent: object, document: str, name: str, where: str) -> GoldPlace:
    """A place from ``[start, end]``, in the question's own document, or ``[document, start, end]``."""
    match extent:
        case [int() as start, int() as end] if 0 <= start < end and document:
            return GoldPlace(document, start, end)
        case [str() as other, int() as start, int() as end] if 0 <= start < end and other:
            return GoldPlace(other, start, end)
    raise GoldError(
        f"{where}: {name!r} has {json.dumps(extent)} instead of [start, end] or [document, start, end] with "
        "start < end, or no 'document' is given",
        hint="write it as in `eval/gold.jsonl`",
    )


def _from_squad(text: str, path: Path) -> tuple[tuple[Question, ...], tuple[Context, ...]]:
    """The questions and contexts of SQuAD JSON, 1.1 or 2.0."""
    content = _parse(text, path)
    squad = isinstance(content, dict) and "data" in content
    _require(squad, f"{path} is neither JSON lines, each with a 'question', nor SQuAD JSON with 'data'")
    questions: list[Question] = []
    contexts: dict[str, Context] = {}
    for a, article in enumerate(_field(content, "data", list, str(path))):
        where = f"{path}: data[{a}]"
        title = _field(article, "title", str, where, "")
        for p, paragraph in enumerate(_field(article, "paragraphs", list, where)):
            place = f"{where}.paragraphs[{p}]"
            text = _field(paragraph, "context", str, place)
            _require(text.strip(), f"{place}: 'context' is empty")
            context = contexts.setdefault(text, Context(f"context-{len(contexts) + 1:06d}", title, text))
            for q, qa in enumerate(_field(paragraph, "qas", list, place)):
                name = f"{path.stem}:{len(questions) + 1}"
                questions.append(_squad_question(qa, context, f"{place}.qas[{q}]", name))
    return tuple(questions), tuple(contexts.values())


def _squad_question(qa: object, context: Context, where: str, name: str) -> Question:
    """One of a paragraph's ``qas``; without answers it is unanswerable, as in the official script."""
    text = _field(qa, "question", str, where)
    answers: dict[str, None] = {}
    places: dict[GoldPlace, None] = {}
    for n, answer in enumerate(_field(qa, "answers", list, where, [])):
        words = _field(answer, "text", str, f"{where}.answers[{n}]")
        if words.strip():
            answers[words] = None
            places[GoldPlace(context.id, *_locate(words, answer.get("answer_start"), context.text))] = None
    name = _field(qa, "id", str, where, name)
    return Question(name, text, tuple(answers), tuple(places), bool(answers), "", context.id, any_of=True)


def _locate(words: str, start: object, text: str) -> tuple[int, int]:
    """The extent of an answer: at ``start``, else its nearest place, else the entire context."""
    near = start if isinstance(start, int) and start >= 0 else 0
    if text.startswith(words, near):
        return near, near + len(words)
    found = [match.span() for match in re.finditer(re.escape(words), text)]
    return min(found, key=lambda extent: abs(extent[0] - near), default=(0, len(text)))
