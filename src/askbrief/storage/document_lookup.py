"""Documents by what people call them."""

from __future__ import annotations

from collections.abc import Sequence

from askbrief.errors import NotFound
from askbrief.types import Source


def named(documents: Sequence[Source], name: str, location: str) -> Source:
    """The one document whose id or source is ``name`` or, if only one does, ends with it; else the one whose
    file's name begins with it.

    Raises NotFound if none does, or more than one; ``location`` is the archive's, as the message names it.
    """
    exact = [each for each in documents if name in (each.id, each.source)]
    ending = [each for each in documents if name and (each.source.endswith(name) or each.id.endswith(name))]
    beginning = [each for each in documents if name and each.source.rpartition("/")[2].startswith(name)]
    found = exact or ending or beginning
    if len(found) == 1:
        return found[0]
    if not found:
        hint = "`askbrief status --documents` lists them"
        raise NotFound(f"no document {name!r} in {location}", hint=hint)
    some = ", ".join(each.source for each in found[:3])
    hint = "give more of the name, or the id"
    raise NotFound(f"{name!r} names {len(found)} documents ({some}, …)", hint=hint)
