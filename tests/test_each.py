"""A test of many cases fails if one does, and names every one that does."""

from __future__ import annotations

import pytest

from tests.each import each


def even(number: int, why: str) -> None:
    assert number % 2 == 0, why


def test_every_case_that_fails_is_named() -> None:
    each(even, [(2, "a"), (4, "b")])
    with pytest.raises(AssertionError) as caught:
        each(even, [(1, "odd one"), (2, "a"), (3, "odd three")])
    assert "odd one" in str(caught.value) and "odd three" in str(caught.value)
    with pytest.raises(AssertionError):  # no case is no test
        each(even, [])
