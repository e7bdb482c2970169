"""askbrief log: the answers that were kept with ``ask --save``."""

from __future__ import annotations

from askbrief import present
from askbrief.cli import terminal
from askbrief.cli.shared_options import AsJson, Format, IndexFolder, folder
from askbrief.visible_text import on_one_line


def log(
    index: IndexFolder = None,
    json: AsJson = False,
    format: Format = None,  # noqa: A002 — the option's name
) -> int:
    """List the answers that `ask --save` kept, the earliest first.

    `askbrief verify --log` checks their citations again. They are in answers.jsonl of the index folder.
    Exit 0 if there are any, 1 if there are none.
    """
    from askbrief.answer_log import AnswerLog

    present.require_format(format)
    kept = list(AnswerLog(folder(index)))
    answers = [each.answer for each in kept]
    if json:
        for each in kept:
            terminal.as_json({"at": each.at, **present.answer(each.answer)}, lines=True)
    elif format:
        terminal.put(present.exported(present.of_answers(answers), format) if answers else "")
    else:
        out = terminal.console()
        for each in kept:
            found = each.answer
            said = f"“{found.answer}”" if found.answered else "the archive does not say"
            out.print(on_one_line(f"{each.at}  {found.question}"))
            out.print(on_one_line(f"    {said}"), style="dim")
        if not kept:
            terminal.note("no answer was kept; `askbrief ask --save` keeps one")
    return 0 if kept else 1
