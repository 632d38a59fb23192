"""What docs/bridge-report.md says of Frida's bridge on ART. Where one of these fails the bridge has been fixed."""

from __future__ import annotations

import shutil

import pytest

from tests.art import bridge
from tests.runtimes import art_bed

pytestmark = pytest.mark.art

HOOKED = {"instance, initialised", "static, not yet initialised", "reflection"}
LATE = "instance, not yet initialised"
ALWAYS_LOST = {"default method, by a class that inherits it", "method handle, invokeExact"}


@pytest.mark.parametrize("options", [(), ("-Xint",)], ids=["nterp", "xint"])
def test_the_bridges_faults_are_as_reported(options: tuple[str, ...]) -> None:
    java = str(art_bed().java)
    if not shutil.which("javac"):
        pytest.skip("no javac")
    found = bridge.run(java, *options)
    assert {kind for kind, value in found.items() if value == 1003} == HOOKED | ({LATE} if options else set())
    assert {kind for kind, value in found.items() if value == 3} == ALWAYS_LOST | (set() if options else {LATE})
