"""What the style sheets within a page, and the attributes and names of its elements, do to what is seen of
it.

Only rules for a tag, a class or an id by itself count: what depends on the place of an element is rarely for
words that are never seen. Sheets in other files are not read; the usual names of classes stand for them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Declarations = dict[str, str]
"""The values of CSS properties, by their names, in lower case."""

FOR_SCREEN_READERS = re.compile(
    r"(?:[\w-]*[_-])?(?:sr-?only|screen-?reader(?:-?(?:text|only))?|visually-?hidden|hidden-?visually|visuallyhidden"
    r"|assistive-?text|accessib(?:le|ility)-?(?:hidden|text|only)|a11y-?(?:hidden|text|only)|off-?screen"
    r"|element-?invisible|show-for-sr|cdk-visually-hidden)(?:[_-][\w-]*)?",
    re.IGNORECASE,
)
"""Classes of words that only screen readers say."""
NEVER_SEEN = re.compile(r"(?:is-|u-)?(?:hidden|hide|invisible)|d-none|print-only|visible-print.*")
"""Classes that hide by the convention of style sheets, which are mostly in other files."""
SEEN_AFTER_ALL = re.compile(r"(?:\w+:|d-\w+-)(?:block|inline|flex|grid|table|contents|visible).*")
"""Classes that show on some screens what others hide."""

_AT_RULE = re.compile(r"@(?!media\s+(?:screen|all)\b)[\w-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_AT_SCREEN = re.compile(r"@media\s+(?:screen|all)\s*\{")
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"[\w-]*(?:[.#][\w-]+)?")
_FAR_AWAY = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|em|rem|%|vw)?")
_CLIPPED = re.compile(r"rect\(\s*[01](?:px)?\b.*|inset\(\s*(?:50|100)%.*")
_TINY = re.compile(r"[01](?:px)?")
_NOTHING = re.compile(r"0(?:\.0*)?(?:px|pt|em|rem|%)?")


class Styles:
    """The style sheets within a page."""

    def __init__(self, tree: HtmlElement) -> None:
        self._rules: dict[str, Declarations] = {}
        for style in tree.iter("style"):
            if "print" not in style.get("media", ""):
                self._take(style.text_content())

    def _take(self, sheet: str) -> None:
        sheet = _AT_SCREEN.sub("", _AT_RULE.sub("", _COMMENT.sub("", sheet)))
        for selectors, written in _RULE.findall(sheet):
            for selector in selectors.split(","):
                name = selector.strip()
                if name and _SIMPLE.fullmatch(name):
                    self._rules.setdefault(name, {}).update(_declarations(written))

    def of(self, element: HtmlElement) -> Declarations:
        """What is declared for an element by itself."""
        tag = str(element.tag)
        marks = [f".{name}" for name in element.get("class", "").split()]
        marks += [f"#{element.get('id')}"] if element.get("id") else []
        found: Declarations = {}
        if self._rules:
            for selector in (tag, *marks, *(tag + mark for mark in marks)):
                found.update(self._rules.get(selector, {}))
        if element.get("style"):
            found.update(_declarations(element.get("style", "")))
        return found


def is_unseen(element: HtmlElement, style: Declarations) -> bool:
    """Whether an element is hidden, or is for screen readers only."""
    if element.get("hidden") not in (None, "until-found") or is_for_screen_readers(element, style):
        return True
    names = element.get("class", "").lower().split()
    hides = any(map(NEVER_SEEN.fullmatch, names)) and not any(map(SEEN_AFTER_ALL.fullmatch, names))
    return (
        hides
        or style.get("display") == "none"
        or style.get("visibility") in {"hidden", "collapse"}
        or style.get("mso-hide") == "all"
        or any(_NOTHING.fullmatch(style.get(name, "")) for name in ("opacity", "font-size"))
    )


def is_for_screen_readers(element: HtmlElement, style: Declarations) -> bool:
    """Whether an element is moved off the screen, or made too small to be seen."""
    if any(map(FOR_SCREEN_READERS.fullmatch, element.get("class", "").split())):
        return True
    if any(
        _FAR_AWAY.fullmatch(style.get(name, "")) for name in ("left", "top", "text-indent", "margin-left")
    ):
        return True
    if any(_CLIPPED.fullmatch(style.get(name, "")) for name in ("clip", "clip-path")):
        return True
    sizes = [style.get(name, "") for name in ("width", "height")]
    return style.get("overflow") in {"hidden", "clip"} and all(map(_TINY.fullmatch, sizes))


def is_struck(element: HtmlElement, style: Declarations) -> bool:
    """Whether an element's words are struck out."""
    lines = style.get("text-decoration", "") + style.get("text-decoration-line", "")
    return element.tag in {"del", "s", "strike"} or "line-through" in lines


def _declarations(written: str) -> Declarations:
    found: Declarations = {}
    for each in written.lower().split(";"):
        name, colon, value = each.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found
