"""Versions of an agency's items: what the run reports of them, and what a withdrawal removes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from askbrief.embargo import under_embargo
from askbrief.formats import Skipped
from askbrief.formats.agency_item import WITHDRAWN
from askbrief.protocols import StoredDocuments
from askbrief.types import Document


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """A version of an item: its number, 0 if it has none, and whether it withdraws the item."""

    source: str
    number: int
    withdraws: bool

    @classmethod
    def of(cls, source: str, details: Mapping[str, str]) -> ItemVersion:
        """The version that a document is by its details."""
        number = details.get("version", "")
        return cls(source, int(number) if number.isdecimal() else 0, details.get("status") in WITHDRAWN)


class AgencyItems:
    """What one run finds of items that have an identifier."""

    def __init__(self, stored: StoredDocuments) -> None:
        self._documents = stored
        self._found: dict[str, dict[str, ItemVersion]] = defaultdict(dict)

    def withdrawn_by(self, document: Document) -> str | None:
        """The source of a stored version by which a document is withdrawn, if there is one."""
        own = ItemVersion.of(document.source, document.details)
        for other in self._stored(document.details.get("guid")).values():
            if (
                other.withdraws
                and other.source != own.source
                and not own.withdraws
                and other.number >= own.number
            ):
                return other.source
        return None

    def add(self, document: Document) -> Iterable[Skipped]:
        """Notes on a document that is about to be stored: which versions it follows, and its embargo."""
        source, details = document.source, document.details
        if until := under_embargo(details, datetime.now(UTC)):
            yield Skipped(
                source, f"{source} is under embargo until {until}; answers from it say so", intended=True
            )
        guid = details.get("guid")
        if guid is None:
            return
        own = ItemVersion.of(source, details)
        others = {**self._stored(guid), **self._found[guid]}
        others.pop(source, None)
        self._found[guid][source] = own
        what = (
            f"{details['status']}, and not answered from"
            if own.withdraws
            else f"version {details.get('version', '?')}"
        )
        if own.withdraws:
            yield Skipped(source, f"{source} is {what}", intended=True)
        for other in others.values():
            if not other.withdraws and other.number < own.number and not own.withdraws:
                why = f"{source} is {what} of {other.source} and follows it: answers cite the newest"
                yield Skipped(source, why, intended=True)

    def withdrawn(self) -> dict[str, str]:
        """The ids of the stored documents that items of this run withdraw, with notes on them."""
        gone: dict[str, str] = {}
        for guid in self._found:
            stored = self._documents.with_guid(guid)
            versions = {each.id: ItemVersion.of(each.source, details) for each, details in stored}
            last = max((v for v in versions.values() if v.withdraws), key=lambda v: v.number, default=None)
            for id_, each in versions.items():
                if last is not None and not each.withdraws and each.number <= last.number:
                    gone[id_] = f"{each.source} was withdrawn by {last.source}"
        return gone

    def _stored(self, guid: str | None) -> dict[str, ItemVersion]:
        found = self._documents.with_guid(guid) if guid else []
        return {each.source: ItemVersion.of(each.source, details) for each, details in found}
