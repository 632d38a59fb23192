"""The budget says what is worse, and the page shows what is on file."""

from __future__ import annotations

import json

from tests.bench import budget

KNOWN = json.loads(budget.FILE.read_text())


def test_a_ratio_half_as_large_again_is_worse() -> None:
    known = {"ratios": {"search_2000": 4.0, "help": 1.0}, "reasons": []}
    assert budget.judged(known, {"search_2000": 5.9, "help": 1.4, "capture": 9.0}) == []
    assert budget.judged(known, {"search_2000": 6.1, "help": 1.4}) == ["search_2000"]


def test_figure_and_bound_take_turns() -> None:
    order: list[str] = []
    ratios = budget.turns(
        lambda: (order.append("f"), sum(range(200_000))), lambda: (order.append("b"), sum(range(100_000)))
    )
    assert "".join(order) == "fb" + "bffb" * 2 + "bf"
    assert len(ratios) == budget.ROUNDS


def test_the_page_is_made_from_what_is_on_file() -> None:
    assert set(KNOWN["ratios"]) == set(budget.ROWS) and KNOWN["reasons"]
    assert budget.PAGE.read_text() == budget.page(KNOWN)
