"""The index as it is served: at its newest revision, with a tag for what depends on it, and conversations."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from askbrief._version import __version__
from askbrief.api import Index
from askbrief.english.aliases import FILE as ALIASES
from askbrief.errors import AskbriefError
from askbrief.options import AskOptions
from askbrief.serve.problems import of_error
from askbrief.types import Answer, Document, Sentence, Speaker

FOLLOWED = 1.0
"""Seconds between two looks for a newer revision."""
REMEMBERED = 128
"""Answers that are kept for questions that follow them up."""

_Asked: TypeAlias = tuple[str, AskOptions, tuple[str, ...]]


class ServedIndex:
    """An open index of several clients. It follows what others commit; ``tag`` changes with everything that
    an answer depends on."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.ready = False
        """Whether models are loaded."""
        self._run = secrets.token_hex(4)  # another folder in this one's place may have the same revision
        self._stats = index.stats()
        self._answers: OrderedDict[_Asked, Answer] = OrderedDict()
        self._speakers: tuple[str, list[Speaker]] | None = None
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "askbrief-follow")

    @property
    def tag(self) -> str:
        """What changes with the revision, the aliases and the version of askbrief; take it before the answer
        that it is for."""
        aliases = 0
        with suppress(OSError, TypeError):
            aliases = (self.index.folder / ALIASES).stat().st_mtime_ns
        return f"{__version__}-{self._run}-{self._stats.revision}-{aliases:x}"

    @property
    def revision(self) -> int:
        """The revision that is served."""
        return self._stats.revision

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return self._stats.documents

    def warm(self) -> None:
        """Load the models and open the search files, by asking something."""
        try:
            self.index.ask("What did they say about it?")
        except AskbriefError as error:
            of_error(error)  # logs it; whoever asks learns of it
        self.ready = True

    async def follow(self) -> None:
        """Serve the newest revision, for ever."""
        while True:
            await asyncio.sleep(FOLLOWED)
            await asyncio.get_running_loop().run_in_executor(self._thread, self.refresh)

    def refresh(self) -> None:
        """Serve the newest revision from now on; an index that can't be read now may be later."""
        try:
            if self.index.refresh():
                with suppress(AskbriefError):
                    self.index.hits("it", k=1)  # opens the search files, which the next question need not
                self._stats = self.index.stats()
        except AskbriefError as error:
            of_error(error)

    def close(self) -> None:
        """Stop following."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    # -- asking

    def answer(self, question: str, options: AskOptions, before: Sequence[str] = ()) -> Answer:
        """The answer to a question that may follow up others, asked before it with the same options."""
        tag, earlier = self.tag, list[Answer]()
        for number, asked in enumerate(before, 1):
            key = (tag, options, tuple(before[:number]))
            earlier.append(self._remembered(key) or self._put(key, asked, options, earlier))
        return self._put((tag, options, (*before, question)), question, options, earlier)

    def _remembered(self, key: _Asked) -> Answer | None:
        with self._lock:
            return self._answers.get(key)

    def _put(self, key: _Asked, question: str, options: AskOptions, before: Sequence[Answer]) -> Answer:
        found = self.index.reading(question, options, before).answer
        with self._lock:
            self._answers[key] = found
            self._answers.move_to_end(key)
            if len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        return found

    # -- looking

    def show(self, id_: str) -> tuple[Document, tuple[Sentence, ...]]:
        """The document with exactly this id. Raises NotFound."""
        return self.index.show(id_, exact=True)

    def speakers(self, **chosen: str) -> list[Speaker]:
        """As ``Index.speakers``, merged once a revision if there is no filter but a name."""
        from askbrief.english.merged_speakers import with_name

        if chosen.keys() - {"name"}:
            return self.index.speakers(**chosen)
        tag, kept = self.tag, self._speakers
        if kept is None or kept[0] != tag:
            kept = self._speakers = tag, self.index.speakers()
        return with_name(kept[1], chosen.get("name", ""))

    def hide_folder(self, text: str) -> str:
        """A text without the path of the index folder."""
        with suppress(TypeError):
            folder = self.index.folder
            for path in (Path(folder).absolute(), Path(folder).resolve(), Path(folder)):
                text = text.replace(str(path), path.name) if len(str(path)) > 1 else text
        return text
