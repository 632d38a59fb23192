"""What docs/bridge-report.md says of Frida's bridge on ART. Where one of these fails the bridge has been fixed."""

from __future__ import annotations

import pytest

from monitor.collectors.agent_build import bridge_file, repaired
from tests.art import bridge, moving
from tests.runtimes import art_bed

pytestmark = [pytest.mark.art, pytest.mark.extra("javac")]

HOOKED = {"instance, initialised", "static, not yet initialised", "reflection"}
LATE = "instance, not yet initialised"
ALWAYS_LOST = {"default method, by a class that inherits it", "method handle, invokeExact"}


@pytest.mark.parametrize("options", [(), ("-Xint",)], ids=["nterp", "xint"])
def test_the_bridges_faults_are_as_reported(options: tuple[str, ...]) -> None:
    java = str(art_bed().java)
    found = bridge.run(java, *options)
    assert {kind for kind, value in found.items() if value == 1003} == HOOKED | ({LATE} if options else set())
    assert {kind for kind, value in found.items() if value == 3} == ALWAYS_LOST | (set() if options else {LATE})


def test_a_class_is_read_while_the_collector_moves_it() -> None:
    """With the bridge as it is the process ends or fields are missing (docs/upstream/moved-class.md)."""
    assert moving.run(str(art_bed().java), repaired(bridge_file().read_text("utf-8"))) == "missed 0, done"


def test_another_bridge_stays_as_it_is() -> None:
    assert repaired("var bridge = {};") == "var bridge = {};"
