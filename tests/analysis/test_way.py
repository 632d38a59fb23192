"""The way to where the user is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from monitor.analysis.rules.way import Way
from monitor.events import Tap, Window

_COUNT: Iterator[int] = count(1)


def _when(app: str = "a.b") -> dict[str, object]:
    number = next(_COUNT)
    return {"t": number * 1_000_000, "err": 0, "src": "hooks", "app": app, "seq": number}


def _tap(window: int = 0) -> Tap:
    return Tap(**_when(), label="on", window=window)  # type: ignore[arg-type]


def test_a_screen_that_comes_back_ends_the_way_that_led_away_from_it() -> None:
    way, lengths = Way(), []
    pages = [
        Window(**_when(), action="shown", title=f"a.b/a.b.P{n}", window=n, window_kind="activity", buttons=["on"])  # type: ignore[arg-type]
        for n in range(1, 5)
    ]
    for window in (1, 2, 3, 4, 2, 0, 0, 3):
        way.tap(_tap(window), [page for page in pages if page.window == window])
        lengths.append(len(way._way))
    assert lengths == [1, 2, 3, 4, 2, 3, 4, 5], "a tap whose screen was not seen is one more each time"
