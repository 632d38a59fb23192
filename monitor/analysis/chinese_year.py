"""The working-day calendar of mainland China from the State Council's announcements, and which years it knows.

A year without an announcement is counted by weekdays alone and said to be provisional: holidays would make a due date
later, so nothing is called late on such a count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from monitor.analysis.workdays import LIMIT, Calendar
from monitor.yamlfile import Strict, load, parse

_FILE: Final = Path(__file__).resolve().parent / "workdays_cn.yaml"


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


class ChineseCalendar:
    """Working days with the years that are known."""

    def __init__(self, years: dict[int, Year]) -> None:
        self.years = years
        self.days = Calendar(
            holidays=[day for year in years.values() for span in year.holidays for day in _each(span)],
            workdays=[day for year in years.values() for span in year.workdays for day in _each(span)],
        )

    def due(self, requested: date, limit: int = LIMIT) -> date:
        """The last working day of the limit; the day of the request does not count."""
        return self.days.after(requested, limit)

    def unknown(self, start: date, end: date) -> list[int]:
        """Years between the two days of which no announcement is known."""
        return [year for year in range(start.year, end.year + 1) if year not in self.years]


def china(extra: Path | None = None) -> ChineseCalendar:
    """The bundled announcements, with those of a file of the same form in front. Raises ``InputError``."""
    years = parse(_File, load(_FILE), str(_FILE)).years
    if extra is not None:
        years = {**years, **parse(_File, load(extra), str(extra)).years}
    return ChineseCalendar(years)


def _each(span: str) -> Iterator[date]:
    first, _, last = span.partition("/")
    day, end = date.fromisoformat(first), date.fromisoformat(last or first)
    while day <= end:
        yield day
        day += timedelta(days=1)
