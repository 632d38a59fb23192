"""Many small cases in one test: a test of its own costs each worker, and the process that leads them, more than most
of such cases take."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def each[*T](check: Callable[[*T], None], cases: Iterable[tuple[*T]]) -> None:
    """Every case is checked; the test fails with what was wrong with each that fails, by its values."""
    checked, wrong = 0, []
    for case in cases:
        checked += 1
        try:
            check(*case)
        except AssertionError as bad:
            wrong.append(f"{', '.join(map(_named, case))}: {bad}")
    assert checked and not wrong, "\n".join([f"{len(wrong)} of {checked} cases:", *wrong])


def _named(value: object) -> str:
    return str(getattr(value, "name", None) or getattr(value, "id", None) or value)[:80]
