"""The way to where the user is."""

from __future__ import annotations

from typing import Any

from monitor.analysis.rules.way import Way
from tests.analysis.played import session


def test_a_screen_that_comes_back_ends_the_way_that_led_away_from_it() -> None:
    way, lengths = Way(), []
    pages: list[Any] = session(*(f"{n} page @{n} a.b/a.b.P{n} | | on" for n in range(1, 5)))
    taps: list[Any] = session(*(f"{at} tap @{window} on" for at, window in enumerate((1, 2, 3, 4, 2, 0, 0, 3), 5)))
    for tap in taps:
        way.tap(tap, [page for page in pages if page.window == tap.window])
        lengths.append(len(way._way))
    assert lengths == [1, 2, 3, 4, 2, 3, 4, 5], "a tap whose screen was not seen is one more each time"
