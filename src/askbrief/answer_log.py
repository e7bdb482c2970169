"""The log of answers that are kept on request, beside the index: a line of JSON each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from askbrief import plain_files
from askbrief.errors import AnswerError, StorageError
from askbrief.present import answer as as_json
from askbrief.types import Answer

FILE = "answers.jsonl"
LARGEST = 1 << 30
"""Bytes of a log that is read: some 300,000 answers."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer of the log: when it was kept (ISO, UTC), and the answer."""

    at: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class AnswerLog:
    """The answers that were kept in an index ``folder``; an update of the index leaves them alone."""

    folder: Path

    @property
    def path(self) -> Path:
        """The file, which need not be there."""
        return self.folder / FILE

    def add(self, answers: Sequence[Answer]) -> None:
        """Keep answers, all or none of them. Raises StorageError."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        lines = (json.dumps({"at": at, **as_json(each)}, ensure_ascii=False) for each in answers)
        text = "".join(f"{line}\n" for line in lines)
        try:
            plain_files.append(self.path, text.encode())
        except OSError as error:
            raise StorageError(f"{self.path} can't be written: {error.strerror}", hint="allow it") from error

    def __iter__(self) -> Iterator[Kept]:
        """What was kept, the earliest first. Raises AnswerError for a file that is no log."""
        from askbrief.verify import load

        try:
            lines = plain_files.read(self.path, LARGEST).decode("utf-8").splitlines()
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            raise StorageError(f"{self.path} can't be read: {error}", hint="allow it") from error
        for number, line in enumerate(lines, 1):
            where = f"{self.path}, line {number}"
            try:
                at = json.loads(line)["at"]
            except (ValueError, TypeError, KeyError) as error:
                raise AnswerError(f"{where} is no kept answer", hint="remove the line") from error
            yield from (Kept(str(at), each) for each in load(line, where))
