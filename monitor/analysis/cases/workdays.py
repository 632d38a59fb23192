"""Working days for the 15-day limit (SZ(十五), 191-六-3 and 六-5), and the record of a data-subject request.

Holidays and make-up working days are announced each year by the State Council; they are supplied, never guessed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field, model_validator

from monitor.base.yamlfile import Strict

LIMIT = 15


class Calendar(Strict):
    """``holidays``: weekdays off; ``workdays``: weekend days worked."""

    holidays: list[date] = []
    workdays: list[date] = []

    def works(self, day: date) -> bool:
        """Whether the day is a working day."""
        if day in self.workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays

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
        used = calendar.between(self.requested, self.answered or today)
        if used > limit:
            return "late"
        return "in_time" if self.answered else "open"
