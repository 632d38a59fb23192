"""Requests of data subjects and when they are due: working days for the 15-day limit (SZ(十五), 191-六-3 and 六-5).

Holidays and make-up working days are announced each year by the State Council; they are supplied, never guessed. In a
year without an announcement only weekends are excluded and the count is provisional: holidays would move a due date
later, so nothing is called late on such a count.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal

import chinese_calendar
from pydantic import AfterValidator, Field, model_validator

from monitor.base.yamlfile import Strict, load, parse

LIMIT: Final = 15
_KNOWN_YEARS: Final = range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)


def _days(span: str) -> list[date]:
    first, _, last = span.partition("/")
    begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


def _span(value: str) -> str:
    if not 1 <= len(_days(value)) <= 32:
        raise ValueError(f"not a span of at most a month: {value!r}")
    return value


Span = Annotated[str, AfterValidator(_span)]


class Year(Strict):
    """One announcement. ``holidays``: weekdays off; ``workdays``: weekend days worked."""

    source: str
    confidence: Literal["seen", "secondary", "unverified"] = "unverified"
    holidays: list[Span]
    workdays: list[Span] = []


class Calendar(Strict):
    """The announced years, with those of a file taking precedence; in an unknown year only weekends are excluded."""

    years: dict[Annotated[int, Field(ge=2000, le=2100)], Year] = {}

    @cached_property
    def _announced(self) -> dict[date, bool]:
        """Days of the file that are an exception: whether they are worked."""
        spans = [(span, worked) for year in self.years.values()
                 for worked, named in ((False, year.holidays), (True, year.workdays)) for span in named]  # fmt: skip
        return {day: worked for span, worked in spans for day in _days(span)}

    def works(self, day: date) -> bool:
        """Whether the day is a working day, as far as is known."""
        if self.unknown(day, day) or day.year in self.years:
            return self._announced.get(day, day.weekday() < 5)
        return bool(chinese_calendar.is_workday(day))

    def due(self, requested: date, limit: int = LIMIT) -> date:
        """The last working day of the limit, 1 to 1000; the day of the request does not count."""
        if not 1 <= limit <= 1000:
            raise ValueError("days must be 1 to 1000")
        day = requested
        while limit:
            day += timedelta(days=1)
            limit -= self.works(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; 0 if ``end`` is not later."""
        return sum(self.works(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def unknown(self, start: date, end: date) -> list[int]:
        """Years between the two days for which no announcement is known."""
        years = range(start.year, end.year + 1)
        return [year for year in years if year not in self.years and year not in _KNOWN_YEARS]


def china(extra: Path | None = None) -> Calendar:
    """The announced years, with those of a file taking precedence. Raises ``InputError``."""
    return Calendar() if extra is None else parse(Calendar, load(extra), str(extra))


class Case(Strict):
    """One request: when, by which channel, and when it was answered."""

    right: str
    channel: str
    requested: date
    answered: date | None = None
    evidence: list[str] = Field(default=[], max_length=100)
    """SHA-256 of screenshots and mails."""

    @model_validator(mode="after")
    def _order(self) -> Case:
        if self.answered and self.answered < self.requested:
            raise ValueError("answered before it was requested")
        return self

    def state(self, calendar: Calendar, today: date, limit: int = LIMIT) -> Literal["in_time", "late", "open"]:
        """``late`` when the answer, or today if there is none, is past the limit of working days."""
        if calendar.between(self.requested, self.answered or today) > limit:
            return "late"
        return "in_time" if self.answered else "open"
