"""Requests of data subjects and when they are due: working days for the 15-day limit (SZ(十五), 191-六-3 and 六-5).

Holidays and make-up working days are announced each year by the State Council; they are supplied, never guessed. In a
year without an announcement only weekends are excluded and the count is provisional: holidays would move a due date
later, so nothing is called late on such a count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

import chinese_calendar
from pydantic import AfterValidator, Field, model_validator

from monitor.base.yamlfile import Strict, load, parse

LIMIT: Final = 15
_ANNOUNCED: Final = range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)


class Calendar(Strict):
    """``holidays``: weekdays off; ``workdays``: weekend days worked."""

    holidays: list[date] = []
    workdays: list[date] = []

    def works(self, day: date) -> bool:
        """Whether the day is a working day."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def after(self, start: date, days: int) -> date:
        """The ``days``-th working day after ``start`` (the day itself does not count). ``days`` is 1 to 1000."""
        if not 1 <= days <= 1000:
            raise ValueError("days must be 1 to 1000")
        day = start
        while days:
            day += timedelta(days=1)
            days -= self.works(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; 0 if ``end`` is not later."""
        return sum(self.works(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def _days(span: str) -> Iterator[date]:
    first, _, last = span.partition("/")
    begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    return (begin + timedelta(days=n) for n in range((end - begin).days + 1))


def _span(value: str) -> str:
    first, _, last = value.partition("/")
    if not 0 <= (date.fromisoformat(last or first) - date.fromisoformat(first)).days <= 31:
        raise ValueError(f"not a span of at most a month: {value!r}")
    return value


Span = Annotated[str, AfterValidator(_span)]


class Year(Strict):
    """One announcement."""

    source: str
    confidence: Literal["seen", "secondary", "unverified"] = "unverified"
    holidays: list[Span]
    workdays: list[Span] = []


class _File(Strict):
    years: dict[Annotated[int, Field(ge=2000, le=2100)], Year]


class ChineseCalendar(Calendar):
    """The announced years, with those of ``years`` taking precedence; in an unknown year only weekends are excluded."""

    years: dict[int, Year] = {}

    def works(self, day: date) -> bool:
        """Whether the day is a working day, as far as is known."""
        if day.year in self.years or day.year not in _ANNOUNCED:
            return super().works(day)
        return bool(chinese_calendar.is_workday(day))

    def due(self, requested: date, limit: int = LIMIT) -> date:
        """The last working day of the limit; the day of the request does not count."""
        return self.after(requested, limit)

    def unknown(self, start: date, end: date) -> list[int]:
        """Years between the two days for which no announcement is known."""
        years = range(start.year, end.year + 1)
        return [year for year in years if year not in self.years and year not in _ANNOUNCED]


def china(extra: Path | None = None) -> ChineseCalendar:
    """The announced years, with those of a file taking precedence. Raises ``InputError``."""
    years = {} if extra is None else parse(_File, load(extra), str(extra)).years
    return ChineseCalendar(
        years=years,
        holidays=[day for year in years.values() for span in year.holidays for day in _days(span)],
        workdays=[day for year in years.values() for span in year.workdays for day in _days(span)],
    )


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
