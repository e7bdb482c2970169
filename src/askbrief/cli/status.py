"""askbrief status: what the index holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from askbrief import present
from askbrief.cli import terminal
from askbrief.cli.shared_options import AsJson, IndexFolder, StoreUrl, Where, archive_at, opened, option
from askbrief.visible_text import on_one_line

if TYPE_CHECKING:
    from askbrief.index_records import Status
    from askbrief.types import Source


def status(
    index: IndexFolder = None,
    store: StoreUrl = None,
    json: AsJson = False,
    documents: Annotated[bool, option("--documents", "List the documents.")] = False,
    verify: Annotated[
        bool, option("--verify", "Read every byte, and check digests, offsets and vectors.")
    ] = False,
) -> int:
    """Show what the index holds and whether it is intact.

    Exit 0 if it is intact, 2 if it isn't.
    """
    with opened(archive_at(index, store)) as archive:
        state = archive.status(verify=verify)
        listed = archive.documents() if documents else None
    if json:
        terminal.as_json(present.status(state, listed))
    else:
        _print(state, listed or (), archive_at(index, store))
    return 0 if state.whole else 2


def _print(state: Status, listed: Sequence[Source], named: Where) -> None:
    out = terminal.console()
    for name, value in (
        ("index", state.index),
        ("documents", state.documents),
        ("sentences", state.sentences),
        ("passages", state.passages),
        ("model", f"{state.model.name} (sha256 {state.model.sha256[:12]}…)" if state.model else "none yet"),
        ("revision", state.revision),
        ("size", terminal.size(state.bytes)),
        ("intact", terminal.for_index(_intact(state), named)),
    ):
        out.print(f"{name:<10} {value}")
    for source in listed:
        line = f"{source.id}  {source.date or '-':<10}  {source.source}  {source.title}"
        line += f"  (dated by its {source.dated})" if source.dated in {"capture", "file"} else ""
        out.print(on_one_line(line))


def _intact(state: Status) -> str:
    if not state.whole:
        return f"no: {state.fault}; run `askbrief compact`"
    return "yes" if state.verified else "yes, by sizes and structure; `--verify` reads every byte"
