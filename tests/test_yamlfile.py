"""How hand-written YAML is read."""

from __future__ import annotations

import re

import pytest
from pydantic import Field

from monitor.base.errors import InputError
from monitor.base.yamlfile import Strict, load_all, parse


class Inner(Strict):
    data_type: str = ""
    many: int = 0


class Outer(Strict):
    inner: list[Inner] = []
    cls: str = Field("", alias="class")


def test_numbers_are_numbers_and_what_looks_like_something_else_stays_text() -> None:
    for text in ("12:34:56", "1:20", "+1:20", "190:20:30.15", "2026-01-01", "on", "yes"):
        assert load_all(f"x: {text}", "f") == [{"x": text}]
    for text, value in (("10", 10), ("-3", -3), ("0x1f", 31), ("1.5", 1.5), ("true", True)):
        assert load_all(f"x: {text}", "f") == [{"x": value}]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: &x 1\nb: *x", "f:2:4: .*aliases"),
        ("a: 1\na: 2", "f:2:1: .*duplicate key 'a'"),
        ("? [a]\n: b", "f:1:3: .*a key must be plain text"),
        ("[" * 101 + "]" * 101, "f:1:101: .*nested deeper than 100"),
        ("a: !!map [b]", "f:1:4: .*the tag"),
        ("a: !own b", "f:1:4: .*the tag"),
        ("a: !!int b", "f: not valid YAML"),
        ("a: [1", "f:2:1: not valid YAML"),
    ],
)
def test_what_is_refused_is_told_with_its_place(text: str, why: str) -> None:
    with pytest.raises(InputError) as told:
        load_all(text, "f")
    assert re.match(why, f"{told.value}")


def test_documents_and_tags() -> None:
    assert load_all("a: !!str 3\nb: ~\nc:\n---\n- b", "f") == [{"a": "3", "b": None, "c": None}, ["b"]]
    assert load_all("# nothing", "f") == []


def test_a_long_number_to_base_60_takes_no_time_that_grows_with_its_square() -> None:
    """Quadratic, four million characters take longer than any test may."""
    text = "1" + ":1" * 1_900_000
    assert load_all(f"x: {text}", "f") == [{"x": text}]


def test_an_unknown_key_is_answered_with_those_that_there_are_at_its_place() -> None:
    with pytest.raises(InputError, match=r"f: inner\.1: unknown key 'datatype' \(did you mean data_type\?\)"):
        parse(Outer, {"inner": [{}, {"datatype": "x"}]}, "f")
    with pytest.raises(InputError, match=r"unknown key 'zzz' \(one of: class, inner\)"):
        parse(Outer, {"zzz": 1}, "f")
    with pytest.raises(InputError, match=r"and 1 more: inner\.1\.many"):
        parse(Outer, {"inner": [{"zzz": 1}, {"many": "x"}]}, "f")
