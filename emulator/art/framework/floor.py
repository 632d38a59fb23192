"""Where the built floor is, how it is built, and how a process of it is started."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from emulator.art import android_source
from emulator.art.bed import Bed, cache
from emulator.art.bed import find as bed
from emulator.art.build import alone, install
from emulator.art.pins import BedError, installed
from emulator.art.place import Place

from . import compile as compiling
from . import dexing, session, system
from .device import PROPERTIES
from .stubs import STANDIN

HERE = Path(__file__).resolve().parent
COMMAND = "uv run python -m emulator.art.framework build"
NOTE = "floor.json"
STATE = HERE.parents[1] / "standin" / "state" / "default_state.yaml"
#: Beyond the bed's.
PACKAGES = ("aidl", "libeclipse-jdt-core-compiler-batch-java", "libeclipse-jdt-core-java")
#: ecj wants a Java of its own level; any that is here will do.
JAVA = "openjdk-21-jre-headless"
STEPS = ("source", "interfaces", "protos", "icu", "stubs", "served", "system", "compile", "dexing")
_OLD = 2
#: The framework keeps permissions until this changes; nothing changes without a session.
CACHED = {"cache_key.package_info": "8731"}


@dataclass(frozen=True)
class Floor:
    """The framework on a bed. ``own``: what a process has before it."""

    bed: Bed
    path: Path
    own: Path

    @property
    def options(self) -> list[str]:
        """For the launcher of a process."""
        return [
            f"-Xbootclasspath/a:{self.own / session.JAR}:{self.path / dexing.JAR}",
            f"-Daosp.natives={self.own / session.LIBRARY}",
        ]

    def command(self, classes: str, main: str, *words: str) -> list[str]:
        """Starts ``main(Context, String[])`` of a class in a process of the floor; `environment` goes with it."""
        return [str(self.bed.java), *self.options, "-cp", classes, "aosp.Start", main, *words]

    def environment(self, state: Path) -> dict[str, str]:
        """For a process; ``state`` as `write_state` writes it."""
        return {"AOSP_STATE": str(state)}


def write_state(path: Path, *, denied: Sequence[str] = ()) -> None:
    """The stand-in's default state as JSON. ``denied``: methods of services whose reply is a SecurityException."""
    state = yaml.safe_load(STATE.read_text("utf-8"))
    state["props"] = {name: str(value) for name, value in state["props"].items()} | {**PROPERTIES, **CACHED}
    state["aosp"] = {"denied": list(denied)}
    path.write_text(json.dumps(state), "utf-8")


def find() -> Floor:
    """The floor that these sources give on this machine's bed. Raises BedError if it is not built."""
    here = bed()
    path = cache() / f"framework-{_key(here)}"
    own = path / f"own-{_own()}"
    if not (path / NOTE).is_file() or not own.is_dir():
        raise BedError("aosp", "the framework is not built", COMMAND)
    return Floor(here, path, own)


def build(say: Callable[[str], None], *, install_packages: bool = False) -> Floor:
    """The floor, built unless it is there: the framework (minutes), what is ours before it (seconds). Raises BedError;
    then nothing of it is left."""
    here = bed()
    if install_packages:
        _install()
    if missing := [name for name in PACKAGES if name not in installed(PACKAGES)]:
        raise BedError("packages", f"missing: {' '.join(missing)}", f"apt-get install, as root: {COMMAND} --install")
    compiling.java21()
    root = cache()
    path = root / f"framework-{_key(here)}"
    with alone(root):
        if not (path / NOTE).is_file():
            with _place(root) as place:
                _steps(place, say, STEPS)
                note = {"bed": here.name, "framework": android_source.FRAMEWORK_VERSION}
                (place.out / NOTE).write_text(json.dumps(note) + "\n")
                place.out.rename(path)
            _prune(root.glob("framework-*/"))
        own = path / f"own-{_own()}"
        if not own.is_dir():
            with _place(root) as place:
                for name in dexing.KEPT:
                    (place.work / name).symlink_to(path / name)
                _steps(place, say, ("session",))
                place.out.rename(own)
            _prune(path.glob("own-*/"))
    return Floor(here, path, own)


@contextlib.contextmanager
def _place(root: Path) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="work-", dir=root) as work:
        place = Place(Path(work), Path(work) / "out", root / "downloads", root / "framework.log")
        place.log.write_text("")
        place.out.mkdir()
        yield place


def _prune(made: Iterable[Path]) -> None:
    for old in sorted(made, key=lambda one: one.stat().st_mtime, reverse=True)[_OLD:]:
        shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)


def _steps(place: Place, say: Callable[[str], None], steps: Sequence[str]) -> None:
    for step in steps:
        begun = time.monotonic()
        try:
            run = system.icu if step == "icu" else importlib.import_module(f".{step}", __package__).run
            run(place)
        except OSError as bad:
            raise BedError(step, f"{bad.strerror}: {bad.filename}") from None
        except (AssertionError, ValueError, KeyError) as bad:
            raise BedError(step, f"not as expected: {bad}", f"log: {place.log}") from None
        say(f"{step} {time.monotonic() - begun:.0f} s")


def _install() -> None:
    """What is missing, by apt. Debian would make a newer Java this machine's ``java``: it stays what it was."""
    before = Path(shutil.which("java") or "").resolve()
    install([*PACKAGES, *(() if _java_there() else (JAVA,))])
    if before.is_file() and Path(shutil.which("java") or "").resolve() != before:
        subprocess.run(["update-alternatives", "--quiet", "--set", "java", str(before)], check=False)


def _java_there() -> bool:
    try:
        compiling.java21()
    except BedError:
        return False
    return True


def _key(here: Bed) -> str:
    """Of the framework. `session.OURS` is compiled with it, to be found wrong early, and again when it changes."""
    digest = hashlib.sha256(f"{here.name}\0{sorted(android_source.FRAMEWORK_FILES.items())}\0".encode())
    ours = (*session.OURS, "floor.py", "session.py", "device.py", "__main__.py")
    _add(digest, *(path for path in sorted(HERE.rglob("*")) if path.relative_to(HERE).parts[0] not in ours))
    return digest.hexdigest()[:16]


def _own() -> str:
    digest = hashlib.sha256()
    files = (path for folder in session.OURS for path in sorted((HERE / folder).rglob("*")))
    _add(digest, HERE / "session.py", STANDIN, *files)
    return digest.hexdigest()[:16]


def _add(digest: hashlib._Hash, *paths: Path) -> None:
    for path in paths:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
