"""askbrief ask: one question, many from standard input, or a prompt."""

from __future__ import annotations

import csv
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from askbrief import present
from askbrief.cli import terminal
from askbrief.cli.ask_options import Open, Question, Save, Table, Threshold
from askbrief.cli.handover import Declined
from askbrief.cli.shared_options import (
    AsJson,
    Format,
    IndexFolder,
    Passages,
    ReaderName,
    Since,
    SourceGlob,
    SpeakerName,
    StoreUrl,
    Until,
    Where,
    archive_at,
    are_kept_open,
    folder,
    opened,
)
from askbrief.cli.terminal import STDIN
from askbrief.errors import QuestionError, SourceError
from askbrief.options import PASSAGES, AskOptions
from askbrief.types import Answer, Citation, seconds_of
from askbrief.visible_text import on_one_line, visible

if TYPE_CHECKING:
    from rich.text import Text

Put: TypeAlias = Callable[[str, Sequence[Answer]], Answer]
"""Ask a question; one that leans on earlier answers takes from them what it leaves out."""

PROMPT = "? "
ENDINGS = ("", "quit", "exit")
HELP = """Type a question, e.g. who said that the talks will resume?
A question may lean on earlier ones: and what did he say?
`quit`, `exit`, an empty line or Ctrl-D ends; the arrow keys recall earlier questions."""
HISTORY = 1000
"""Questions that the prompt remembers."""
MOST_BEFORE = 20
"""Earlier answers from which a follow-up takes names."""
WORTH_A_LOOK = 0.1
"""The least probability that a refusal states."""
MOST_NAMED = 3
"""Copies that are named; of more, only the number is shown."""


def ask(
    question: Question = None,
    index: IndexFolder = None,
    store: StoreUrl = None,
    json: AsJson = False,
    k: Passages = PASSAGES,
    since: Since = None,
    until: Until = None,
    source: SourceGlob = None,
    speaker: SpeakerName = None,
    threshold: Threshold = None,
    reader: ReaderName = None,
    table: Table = None,
    format: Format = None,  # noqa: A002 — the option's name
    save: Save = False,
    open: Open = False,  # noqa: A002 — the option's name
) -> int:
    """Answer a question with verbatim, cited passages of the archive.

    With `--csv`, CSV is printed, a row for each citation, unless `--json` or `--format` ask for another form.
    Exit 0 if the archive answers, 1 if it doesn't.
    """
    options, where = AskOptions(k, since, until, source, speaker, threshold), archive_at(index, store)
    present.require_format(format)
    if save:
        folder(where, "the log of answers")
    output = _Output(where, json, format, save, open)
    if table is not None:
        asked = _of_table(table, question)
        return _table(asked, where, reader, options, output)
    words = _words(question)
    with opened(where, reader) as archive:
        return _answered(lambda asked, before: archive.reading(asked, options, before).answer, words, output)


def _of_table(name: str, question: Sequence[str] | None) -> list[str]:
    """The questions of a CSV file. Raises QuestionError if one is given beside it."""
    if question is not None:
        raise QuestionError("there are two sources of questions", hint="give a question or `--csv FILE`")
    return questions_of(terminal.read_input(name, "give a CSV file"), name)


def _words(question: Sequence[str] | None) -> str | None:
    """A question that can be asked, before anything is loaded; `-` for standard input, None for a prompt.
    Raises QuestionError, and Declined in a process that serves others too, which many would keep waiting."""
    words = None if question is None else " ".join(question).strip()
    if are_kept_open() and words in (None, "", STDIN):
        raise Declined
    if words is None and not sys.stdin.isatty():
        raise QuestionError("no question", hint="give one, or `-` to read questions from standard input")
    if words is None or words == STDIN:
        return words
    from askbrief.question.validate import validated_question

    return validated_question(words)


def _answered(put: Put, words: str | None, output: _Output) -> int:
    """Answer what ``_words`` gave; the exit code."""
    if words is None:
        return _prompt(put, output)
    return _lines(put) if words == STDIN else output.show(put(words, ()))


@dataclass(frozen=True, slots=True)
class _Output:
    """What is done with an answer."""

    where: Where
    json: bool
    format: str | None
    save: bool
    open: bool

    def show(self, found: Answer) -> int:
        """Print an answer, keep it and open its place, as far as that is wanted; the exit code."""
        if self.json:
            terminal.as_json(present.answer(found))
        elif self.format:
            terminal.put(present.exported(present.of_answers([found]), self.format))
        else:
            _print(found)
            _offer_search(found, self.where)
        self.keep([found])
        if self.open:
            _open(found)
        return 0 if found.answered else 1

    def keep(self, found: Sequence[Answer]) -> None:
        """Add answers to the log of the index, if that is wanted."""
        if self.save:
            from askbrief.answer_log import AnswerLog

            AnswerLog(folder(self.where)).add(found)


def _table(
    questions: Sequence[str], where: Where, reader: str | None, options: AskOptions, output: _Output
) -> int:
    """Answer the questions of a file, in one export."""
    found = []
    with opened(where, reader) as archive, terminal.progress() as progress:
        for done, question in enumerate(questions):
            progress("asking", done, len(questions))
            found.append(archive.reading(question, options).answer)
        progress("asking", len(questions), len(questions))
    if output.json:
        for each in found:
            terminal.as_json(present.answer(each), lines=True)
    else:
        terminal.put(present.exported(present.of_answers(found), output.format or "csv"))
    output.keep(found)
    return 0 if any(each.answered for each in found) else 1


def questions_of(content: bytes, name: str) -> list[str]:
    """The questions of a CSV file: the column that is called so, else the first. Raises SourceError, and
    QuestionError for one that can't be asked, with its line."""
    from askbrief.question.validate import validated_question

    try:
        rows = list(csv.reader(content.decode("utf-8-sig").splitlines(keepends=True)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{name} is not CSV in UTF-8: {error}", hint="save it as CSV UTF-8") from error
    head = [cell.strip().casefold() for cell in rows[0]] if rows else []
    column = next((n for n, cell in enumerate(head) if cell in ("question", "questions")), None)
    asked = [(number, row[column or 0]) for number, row in enumerate(rows, 1) if len(row) > (column or 0)]
    asked = [(number, each) for number, each in asked if each.strip()][0 if column is None else 1 :]
    if not asked:
        raise QuestionError(
            f"{name} has no question", hint="give a column `question`, a question in each row"
        )
    questions = []
    for number, each in asked:
        try:
            questions.append(validated_question(each))
        except QuestionError as error:
            raise QuestionError(f"{name}, row {number}: {error.message}", hint=error.hint) from error
    return questions


def _open(found: Answer) -> None:
    """Open the first citation where a browser or a viewer can show it."""
    import webbrowser

    address = _address(found.citations[0]) if found.answered else None
    if address is None:
        terminal.note("note: nothing to open: no citation is of a web page or of a file that is still there")
    elif not webbrowser.open(address):
        terminal.note(f"note: no browser could be started; the place is {address}")


BYTE_ORDER_MARK = "\ufeff"
"""Some editors save a file of questions with it; it is no part of the first one."""


def _lines(put: Put) -> int:
    """Answer each line of standard input as it comes, with one line of JSON.

    A line that can't be asked gives an object with an ``error``, so that there are as many lines out as in.
    Returns 2 if there was such a line, else 0 if any question was answered, else 1.
    """
    answered = failed = False
    for line in sys.stdin:
        try:
            found = put(line.removeprefix(BYTE_ORDER_MARK), ())
        except QuestionError as error:
            failed = True
            question = line.strip()[:200].encode("utf-8", "replace").decode()
            terminal.as_json({"question": question, "error": str(error)}, lines=True)
            continue
        answered = answered or found.answered
        terminal.as_json(present.answer(found), lines=True)
    return 2 if failed else 0 if answered else 1


def _prompt(put: Put, output: _Output) -> int:
    """Prompt for questions until the input ends."""
    terminal.note("Ask the archive; `help` explains how, `quit`, an empty line or Ctrl-D ends.")
    before: list[Answer] = []
    with _history():
        while True:
            try:
                line = input(PROMPT).strip()
            except EOFError:
                print()
                return 0
            except KeyboardInterrupt:  # as Python's prompt and psql: the line is dropped, the prompt stays
                print("^C")
                continue
            if line.lower() in ENDINGS:
                return 0
            if line.lower() in ("help", "?"):
                terminal.note(HELP)
                continue
            try:
                before = [*before, put(line, before)][-MOST_BEFORE:]
                output.show(before[-1])
            except QuestionError as error:
                terminal.error(error.message, error.hint)
            print()


@contextmanager
def _history() -> Iterator[None]:
    """Line editing with the questions of earlier sessions; without either if Python has no readline."""
    try:
        import readline
    except ImportError:  # Windows
        yield
        return
    import platformdirs

    path = Path(platformdirs.user_state_dir("askbrief")) / "questions"
    with suppress(OSError):  # there is no file at first, and there may be no home folder
        path.parent.mkdir(parents=True, exist_ok=True)
        readline.read_history_file(path)
    readline.set_history_length(HISTORY)
    try:
        yield
    finally:
        with suppress(OSError):
            readline.write_history_file(path)


def _print(found: Answer) -> None:
    """Print the answer, or that of each part of the question under it."""
    if found.understood:
        terminal.note(f"understood as: {visible(found.understood)}")
    for number, part in enumerate(found.parts or (found,)):
        if number:
            terminal.console().print()
        if found.parts:
            terminal.console().print(visible(part.question), style="bold underline")
        _print_one(part)


def _print_one(found: Answer) -> None:
    """Print each cited sentence with its number, and its place below it."""
    out = terminal.console()
    if found.searched == 0:
        out.print("Nothing passes the filter.", style="bold")
    elif not found.answered:
        out.print("The archive does not say.", style="bold")
        if found.citations:
            near = f"Not sure enough ({found.confidence:.0%}). " if found.confidence >= WORTH_A_LOOK else ""
            out.print(f"{near}Nearest passages, which do not answer:\n", style="dim")
    elif found.digest:
        out.print(f"On this topic, from {_documents(len(found.citations))}:\n", style="bold")
    for number, citation in enumerate(found.citations, 1):
        if number > 1:
            out.print()
        out.print(_numbered(number, _marked(citation)) if found.answered else _marked(citation))
        out.print(_place(citation, found.answered and not found.digest), style="dim")
    if found.sources > 1:
        out.print(f"\n{found.sources} independent sources", style="bold")
    if found.note:
        terminal.note(f"note: {visible(found.note)}")


def _offer_search(found: Answer, where: Where) -> None:
    """Say how to find every place with the words of a question that isn't answered."""
    if found.search:
        offer = f"hint: `askbrief search {shlex.quote(found.search)}` finds every place with these words"
        terminal.note(visible(terminal.for_index(offer, where) or ""))


def _documents(count: int) -> str:
    return "1 document" if count == 1 else f"{count} documents"


def _numbered(number: int, text: Text) -> Text:
    from rich.text import Text

    return Text.assemble((f"[{number}] ", "dim"), text)


def _marked(citation: Citation) -> Text:
    """The cited text, with the answering words marked."""
    from rich.text import Text

    text, answer = citation.text, citation.answer
    if answer is None:
        return Text(visible(text))
    start, end = answer.start - citation.start, answer.end - citation.start
    return Text.assemble(visible(text[:start]), (visible(text[start:end]), "bold green"), visible(text[end:]))


def _place(citation: Citation, answered: bool) -> Text:
    """Speaker, title and date; the place; a web page's link; and copies: a line each."""
    document = citation.document
    likely = f"{citation.score:.0%} likely" if answered else None
    about = (present.speech(citation), f"“{document.title}”", document.day)
    text = _indented(about, (*present.parts(citation), likely), (citation.superseded,), (citation.link,))
    if address := terminal.link(_address(citation) or ""):
        text.highlight_words([on_one_line(document.source)], f"link {address}")
    return text if not citation.copies else text.append("\n").append(_indented((_copies(citation),)))


def _indented(*lines: Iterable[str | None]) -> Text:
    """The lines that have parts."""
    from rich.text import Text

    joined = (" · ".join(on_one_line(part) for part in parts if part) for parts in lines)
    return Text("\n".join(f"    {line}" for line in joined if line))


def _address(citation: Citation) -> str | None:
    """What the terminal may open: the web page at the passage, or the file, if it is where its name says."""
    if citation.link:
        return citation.link
    file = Path(citation.document.source).absolute()
    page = f"#page={citation.page}" if citation.page else ""
    page = f"#t={seconds_of(citation.time)}" if citation.time else page
    return f"{file.as_uri()}{page}" if file.is_file() else None


def _copies(citation: Citation) -> str:
    """Which copies of the document have the same words, the earliest first."""
    first = citation.also_in[:MOST_NAMED]
    named = ", ".join(f"{each.source} ({each.day})" if each.date else each.source for each in first)
    copies = "1 copy" if citation.copies == 1 else f"{citation.copies} copies"
    return f"also in {copies}: {named}{', …' if citation.copies > MOST_NAMED else ''}"
