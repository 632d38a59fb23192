"""Every parser of foreign bytes reads or refuses in one line whatever comes, however unlike what it reads."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzz import tried
from bench.fuzz_parsers import Parser, parsers, sealed

NAMES = (
    "declaration", "scenario", "rule", "catalogue", "list of recipients", "baseline", "identifiers", "HAR", "flow file",
    "body", "policy", "two lists", "workbook", "list of SDKs", "data safety", "privacy manifest", "library", "app",
    "binary XML", "agent's messages", "device's log", "device's log in binary", "device's dumps", "screen",
    "journal", "key", "statement", "time-stamp", "event", "manifest of a session",
)  # fmt: skip


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Parser]:
    work = tmp_path_factory.mktemp("foreign")
    return parsers(work, sealed(work / "bundle"))


def test_each_is_named_and_reads_something(every: dict[str, Parser]) -> None:
    assert set(every) == set(NAMES)
    for name, parser in every.items():
        found = {tried(parser, example)[0] for example in parser.examples}
        assert "read" in found or name == "time-stamp", (name, found)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.binary(max_size=400), text=st.text(max_size=200))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes(every: dict[str, Parser], name: str, data: bytes, text: str) -> None:
    parser = every[name]
    whole = parser.examples[0]
    for given_ in (data, text.encode("utf-8", "surrogatepass"), whole[: len(data)] + data, whole + data):
        result, why = tried(parser, given_)
        assert result != "fault", why
