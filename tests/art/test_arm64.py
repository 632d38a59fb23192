"""The hook tests on ART for arm64, emulated: with pointer authentication and branch targets, and without."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from emulator.art import arm64, arm64_machine, arm64_tests
from emulator.art.pins import BedError

pytestmark = [pytest.mark.arm64, pytest.mark.timeout(1600)]

#: What is run on each processor, as emulated ones are slow: half a minute of one of ours to boot, and for each test
#: ten times as long as here and more. The rest is for ``python -m emulator.art arm64``.
HOOKS = "tests/hooks/test_"
RUNS = {
    arm64_machine.CPUS[0]: [
        f"{HOOKS}ways.py",
        f"{HOOKS}fast.py::test_the_first_calls_and_the_later_ones_are_reported_alike",
        f"{HOOKS}states.py::test_every_kind_proves_itself",
    ],
    arm64_machine.CPUS[1]: [f"{HOOKS}ways.py::test_each_way_is_seen_once_and_nothing_is_changed"],
}


@pytest.fixture(scope="module", params=RUNS)
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Outcome of each test in the machine, by its name."""
    try:
        floor = arm64.find()
    except BedError as bad:
        if os.environ.get("CI"):
            pytest.fail(f"the arm64 machine is needed in CI: {bad}")
        pytest.skip(str(bad))
    out = tmp_path_factory.mktemp("arm64")
    arm64_tests.hook_tests(
        floor, [*RUNS[request.param], "-q", "-m", "art", "--timeout", "300"], out, cpu=request.param, seconds=1500
    )
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
