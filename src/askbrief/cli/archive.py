"""askbrief index, show, status and remove: what is in the archive."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askbrief.cli import output
from askbrief.cli.options import AsJson, IndexFolder, folder
from askbrief.errors import SourceError

if TYPE_CHECKING:
    from askbrief.index.build import Summary

SEEDS = Path("seeds")


def index(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders (default: seeds/).", metavar="PATH...")
    ] = None,
    index: IndexFolder = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Start over: with PATHs, or with all that the index holds.")
    ] = False,
    model: Annotated[
        str | None, typer.Option(help="A SentenceTransformer, by name or folder.", metavar="NAME")
    ] = None,
) -> int:
    """Bring the index up to date with files and folders; only what has changed is encoded."""
    from askbrief.api import Index

    with _progress() as progress:
        summary = Index.update(
            _paths(paths, folder(index), rebuild),
            folder(index),
            model=model,
            rebuild=rebuild,
            progress=progress,
        )
    for each in summary.skipped:
        output.note(f"askbrief: skipped: {each.why}")
    print(_told(summary, folder(index)))
    return 2 if summary.skipped else 0


def _paths(given: list[Path] | None, where: Path, rebuild: bool) -> list[Path]:
    """What to index: as given; to rebuild an index without a word, what it holds; else the seeds."""
    if given or (rebuild and (where / "askbrief.db").exists()):
        return given or []
    if not SEEDS.exists():
        raise SourceError("no path given and no seeds/ here: name the files and folders to index")
    return [SEEDS]


def _told(summary: Summary, where: Path) -> str:
    done = {
        "added": summary.added,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "removed": summary.removed,
        "skipped": len(summary.skipped),
    }
    did = ", ".join(f"{count} {name}" for name, count in done.items() if count) or "nothing to do"
    return (
        f"{where}: {did}; {summary.encoded} passages encoded in {summary.seconds:.1f} s; now "
        f"{summary.documents} documents, {summary.sentences} sentences, {summary.passages} passages"
    )


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on the terminal while the index is written; nothing where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield lambda doing, done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=output.console(errors=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(doing: str, done: int, total: int) -> None:
            bar.update(task, description=doing, completed=done, total=total if total > 1 else None)

        yield show


def show(
    document: Annotated[
        str, typer.Argument(help="Its id, its source, or a unique end of either.", metavar="DOCUMENT")
    ],
    index: IndexFolder = None,
    json: AsJson = False,
) -> None:
    """Print a document with its paragraphs and sentences numbered, as citations count them."""
    from askbrief.api import Index

    with Index.open(folder(index)) as archive:
        shown, sentences = archive.show(document)
    if json:
        output.as_json(output.paragraphs(shown, sentences))
    else:
        output.document(shown, sentences)


def status(
    index: IndexFolder = None,
    json: AsJson = False,
    documents: Annotated[bool, typer.Option("--documents", help="List the documents too.")] = False,
) -> int:
    """Tell what the index holds and whether it is whole; exit 2 where it is not."""
    from askbrief.api import Index

    with Index.open(folder(index)) as archive:
        state = archive.status()
        listed = archive.documents() if documents else None
    if json:
        output.as_json(output.status(state, listed))
    else:
        output.print_status(state, listed)
    return 0 if state.whole else 2


def remove(
    documents: Annotated[
        list[str], typer.Argument(help="Ids, sources, or unique ends of either.", metavar="DOCUMENT...")
    ],
    index: IndexFolder = None,
) -> None:
    """Take documents out of the index; their files are left alone."""
    from askbrief.api import Index

    with Index.open(folder(index)) as archive:
        print(_told(archive.remove(*documents), folder(index)))
