"""Where a build works, and the steps in their order: a module each, with ``run(place)`` that raises `pins.BedError`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .pins import BedError

ORDER = ("fetch", "sources", "classes", "dexes", "natives", "runtime")
_HIDDEN = ("LD_", "ANDROID_", "JAVA_", "JDK_", "_JAVA", "CLASSPATH", "C_INCLUDE", "CPATH", "CPLUS_")


@dataclass(frozen=True)
class Target:
    """The processor that a bed is built for, and what builds for it. ``abi`` as Android names it."""

    abi: str
    triple: str
    c: tuple[str, ...]
    cxx: tuple[str, ...]
    #: Where the packages for that processor lie: this machine itself, or unpacked.
    sysroot: Path = Path("/")

    @property
    def home(self) -> Path:
        """Android's libraries, where the bed runs."""
        return Path("/usr/lib") / self.triple / "android"

    @property
    def libraries(self) -> Path:
        """The same, where it is built."""
        return self.under(self.home)

    @property
    def include(self) -> list[str]:
        """Options that find the headers of Android's libraries."""
        return [f"-I{self.under(path)}" for path in ("/usr/include/android", "/usr/include/android/nativehelper")]

    def under(self, path: str | Path) -> Path:
        """A path within the sysroot."""
        return self.sysroot / Path(path).relative_to("/")


X86_64 = Target("x86_64", "x86_64-linux-gnu", ("gcc",), ("g++", "-fpermissive"))


@dataclass(frozen=True)
class Place:
    """Where a build works: ``work`` is thrown away, ``out`` becomes the bed, ``downloads`` stays."""

    work: Path
    out: Path
    downloads: Path
    log: Path
    target: Target = X86_64

    def run(self, step: str, command: Sequence[str | Path], *, cwd: Path | None = None, hint: str = "") -> str:
        """Standard output of a command whose every word goes to the log. Raises BedError with its last words."""
        words = [str(word) for word in command]
        try:
            done = subprocess.run(
                words,
                cwd=cwd,
                env=environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=1200,
                check=False,
            )
        except FileNotFoundError:
            raise BedError(step, f"{words[0]} is not installed", hint) from None
        except subprocess.TimeoutExpired:
            raise BedError(step, f"{words[0]} did not end within 20 minutes", f"log: {self.log}") from None
        out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(words)[:2000]}\n{out[-20_000:]}{err[-20_000:]}\n")
        if done.returncode:
            raise BedError(step, f"{Path(words[0]).name} failed: {_reason(err or out)}", hint or f"log: {self.log}")
        return out


def environment() -> dict[str, str]:
    """The caller's environment without what would lead compilers and Java elsewhere."""
    return {k: v for k, v in os.environ.items() if not k.startswith(_HIDDEN)} | {"LC_ALL": "C.UTF-8"}


def _reason(text: str) -> str:
    """The line of a tool's output that says most."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower() or line.startswith("E:")]
    return ((telling or lines[-1:] or ["no message"])[0])[:240]
