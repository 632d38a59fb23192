"""The budget says what is worse, and the page shows what is on file."""

from __future__ import annotations

import json

from bench import budget

KNOWN = json.loads(budget.FILE.read_text())


def test_a_ratio_half_as_large_again_is_worse() -> None:
    known = {"ratios": {"search_2000": 4.0, "help": 1.0}, "reasons": []}
    ratio = {name: budget.Measured([ratio], 1) for name, ratio in {"search_2000": 5.9, "help": 1.4, "new": 9}.items()}
    assert budget.judged(known, ratio) == []
    assert budget.judged(known, {**ratio, "search_2000": budget.Measured([5, 6.1, 7], 1)}) == ["search_2000"]


def test_the_table_says_which_goal_is_missed() -> None:
    known = {"ratios": {}, "reasons": []}
    measured = {"analysis": budget.Measured([1.9], 1.9), "message": budget.Measured([9.0], 30)}
    missed, met = budget.table(known, measured).splitlines()[2:]
    assert missed.endswith("| 1.9 (missed) | ≤ 1.8 of the bound |") and met.endswith("| 30 | ≥ 25 MB/s |")


def test_figure_and_bound_take_turns() -> None:
    order: list[str] = []
    ratios, _ = budget.turns(
        lambda: (order.append("f"), sum(range(200_000))), lambda: (order.append("b"), sum(range(100_000)))
    )
    assert "".join(order) == "fb" + "bffb" * 2 + "bf"
    assert len(ratios) == budget.ROUNDS


def test_the_page_is_made_from_what_is_on_file() -> None:
    assert set(KNOWN["ratios"]) == set(budget.ROWS) and KNOWN["reasons"]
    assert budget.PAGE.read_text() == budget.page(KNOWN)
