"""Hook tests on ART for arm64, emulated with pointer authentication and branch targets."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from emulator.art import arm64, arm64_tests
from emulator.art.pins import BedError

pytestmark = [pytest.mark.arm64, pytest.mark.timeout(1600)]

#: What is run, as an emulated processor is slow: half a minute of one of ours to boot, and for each test ten times as
#: long as here and more. The rest, and the processor without pointer authentication, is for
#: ``python -m emulator.art arm64``.
RUN = [
    "tests/hooks/test_ways.py::test_each_way_is_seen_once_and_nothing_is_changed",
    "tests/hooks/test_states.py::test_every_kind_proves_itself",
]


@pytest.fixture
def results(tmp_path: Path) -> dict[str, str]:
    """Outcome of each test in the machine, by its name."""
    try:
        floor = arm64.find()
    except BedError as bad:
        if os.environ.get("CI"):
            pytest.fail(f"the arm64 machine is needed in CI: {bad}")
        pytest.skip(str(bad))
    out = tmp_path / "arm64"
    arm64_tests.hook_tests(floor, [*RUN, "-q", "-m", "art", "--timeout", "300"], out, seconds=1500)
    return outcomes(out / "junit.xml")


def outcomes(junit: Path) -> dict[str, str]:
    found = {}
    for case in ET.parse(junit).iter("testcase"):
        bad = next((child for child in case if child.tag in ("failure", "error", "skipped")), None)
        found[str(case.get("name"))] = "passed" if bad is None else f"{bad.tag}: {(bad.text or '')[-2000:]}"
    return found


def test_the_hook_tests_pass_on_arm64(results: dict[str, str]) -> None:
    assert {name: said for name, said in results.items() if said != "passed"} == {}
    assert results
