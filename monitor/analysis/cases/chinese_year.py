"""The working-day calendar of mainland China from the State Council's announcements, and which years it knows.

In a year without an announcement only weekends are excluded and the count is provisional: holidays would move a due
date later, so nothing is called late on such a count.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

import chinese_calendar
from pydantic import AfterValidator, Field

from monitor.analysis.cases.workdays import LIMIT, Calendar
from monitor.base.yamlfile import Strict, load, parse

_ANNOUNCED: Final = range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)


def _span(value: str) -> str:
    first, _, last = value.partition("/")
    begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    if not 0 <= (end - begin).days <= 31:
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
        holidays=[day for year in years.values() for span in year.holidays for day in _each(span)],
        workdays=[day for year in years.values() for span in year.workdays for day in _each(span)],
    )


def _each(span: str) -> Iterator[date]:
    first, _, last = span.partition("/")
    day, end = date.fromisoformat(first), date.fromisoformat(last or first)
    while day <= end:
        yield day
        day += timedelta(days=1)
