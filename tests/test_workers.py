"""How many processes a run of the tests takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import LONGEST, MOST_WORKERS, SLOW, parted, workers

HERE = Path(__file__)


@pytest.mark.parametrize(
    ("chosen", "processors", "expected"),
    [
        ([HERE.parent], 2, 5),
        ([HERE.parent], 64, MOST_WORKERS),
        ([HERE.parent], 1, 2),
        ([HERE], 8, 0),  # as one is debugged
        ([HERE, HERE.with_name("conftest.py")], 8, 2),
        ([HERE, HERE.parent], 8, MOST_WORKERS),
    ],
)
def test_workers(chosen: list[Path], processors: int, expected: int) -> None:
    assert workers([str(path) for path in chosen], processors) == expected
    # Quick tests wait less.
    assert [workers([str(HERE.parent)], processors, quick=True) for processors in (1, 2, 64)] == [2, 3, MOST_WORKERS]


def test_workers_collect_the_same_and_begin_elsewhere() -> None:
    orders = [parted([str(HERE.parent)], worker, 4) for worker in range(4)]
    assert len({tuple(sorted(order)) for order in orders}) == 1 and len({order[0] for order in orders}) == 4
    assert {str(HERE), str(HERE.parent / "session")} <= set(orders[0])
    assert parted([str(HERE)], 1, 4) == [str(HERE)]


def test_what_is_named_for_its_length_is_there() -> None:
    for place in (*LONGEST, *SLOW):
        file, _, name = place.partition("::")
        assert (HERE.parent / file).exists(), place
        assert not name or f"def {name}(" in (HERE.parent / file).read_text("utf-8"), place
