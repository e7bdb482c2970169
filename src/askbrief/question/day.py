"""Questions for the news of a day: “what happened on March 5?”, “what was in the news on 2024-03-05?”."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
_YEAR = r"(?:,? (?P<year>\d{4}))?"
_FORMS = (
    rf"{_MONTH} {_DAY}{_YEAR}",
    rf"(?:the )?{_DAY} (?:of )?{_MONTH}{_YEAR}",
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
)
_ASKS = (
    r"what(?: else)? (?:happened|took place|occurred|went on|was going on|was in the (?:news|papers?)"
    r"|was (?:reported|announced|published|new)|did (?:the )?(?:news|papers?|archive) (?:say|report)"
    r"|(?:was|were) the news)"
)
_QUESTIONS = tuple(
    re.compile(rf"\W*{pattern}\W*", re.IGNORECASE)
    for day in _FORMS
    for pattern in (
        rf"{_ASKS}(?: (?:in|at|to|with) (?P<topic>.+?))?,? (?:on|for|of) {day}"
        r"(?: (?:in|at|to|with) (?P<after>.+?))?",
        rf"on {day},? {_ASKS}(?: (?:in|at|to|with) (?P<topic>.+?))?",
        rf"(?:the )?(?:news|stories|events) (?:of|on|from|for) {day}",
    )
)


@dataclass(frozen=True, slots=True)
class AskedDay:
    """A day for whose news a question asks, the year if it is given, and what the news is to be about."""

    month: int
    day: int
    year: int | None
    topic: str | None

    def among(self, dates: Iterable[str | None]) -> str | None:
        """The ISO date of the day: in the given year, else in the last year of which there are ``dates``."""
        end = f"-{self.month:02}-{self.day:02}"
        found = {each for each in dates if each and each.endswith(end) and len(each) == len("2024-03-05")}
        wanted = found if self.year is None else found & {f"{self.year:04}{end}"}
        return max(wanted, default=None)


def asked_day(question: str) -> AskedDay | None:
    """The day of a question that asks what happened on it, or None."""
    found = next(filter(None, (form.fullmatch(question) for form in _QUESTIONS)), None)
    if found is None:
        return None
    parts = found.groupdict()
    month = parts["month"].lower()[:3]
    number = int(month) if month.isdecimal() else 1 + _MONTHS.index(month)
    year = int(parts["year"]) if parts["year"] else None
    return AskedDay(number, int(parts["day"]), year, parts.get("topic") or parts.get("after"))
