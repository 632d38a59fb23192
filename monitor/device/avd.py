"""Emulators managed with the user's own Android SDK tools: every command as a plan (``avd.yaml``) that can be read
before it is run.

We have run none of this on an Android image: ``docs/on-a-real-device.md`` says what was tested.
"""

import os
import platform
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from monitor.base import clock, host, yamlfile
from monitor.base.errors import EnvironmentFault, InputError

_TABLE: Final[Any] = yamlfile.load(Path(__file__).with_suffix(".yaml"))
TARGETS: Final[list[str]] = _TABLE["targets"]
LEVELS: Final[list[int]] = _TABLE["levels"]
ABIS: Final[list[str]] = _TABLE["abis"]
FIRST_PORT: Final = 5554
LAST_PORT: Final = 5682
_BOOT_S: Final = 300.0
AGAIN_S: Final = 2.0
"""Between two looks whether it has started."""


class Step(NamedTuple):
    """A command, as of ``avd.yaml``: its first word is the tool."""

    run: str
    given: str = ""
    detached: bool = False
    until: str = ""
    refused: str = ""

    def text(self) -> str:
        """As typed in a shell."""
        line = f"echo {self.given.strip()} | {self.run}" if self.given else self.run
        line = f"{line} &" if self.detached else line
        return f"until {line} prints {self.until}" if self.until else line


def image(api: int, target: str, abi: str) -> str:
    """The name for the SDK manager of an image that a session can use. Raises ``InputError``."""
    if api not in LEVELS:
        raise InputError(f"no image defined for API {api}", hint=f"use one of {', '.join(map(str, LEVELS))}")
    if target not in TARGETS:
        raise InputError(f"no such kind of image: {target}", hint=f"use {' or '.join(TARGETS)}, which provide root")
    abi = abi or ("arm64-v8a" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64")
    if abi not in ABIS:
        raise InputError(f"no such processor: {abi}", hint=f"use {' or '.join(ABIS)}")
    return f"system-images;android-{api};{target};{abi}"


def plan(command: str, *, name: str = "-", port: int = FIRST_PORT, package: str = "") -> list[Step]:
    """The steps of a command of ``avd.yaml``, for an emulator of this name on this port. Raises ``InputError``."""
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,60}", name):
        raise InputError("not a name for an emulator", where=name[:60], hint="letters, digits, dot, hyphen, underscore")
    if port % 2 or not FIRST_PORT <= port <= LAST_PORT:
        raise InputError(f"not an emulator port: {port}", hint=f"an even one from {FIRST_PORT} to {LAST_PORT}")
    words = {"name": shlex.quote(name), "port": port, "package": shlex.quote(package)}
    steps = (Step(**fields) for part in _TABLE["commands"][command].split() for fields in _TABLE["plans"][part])
    return [step._replace(run=step.run.format(**words)) for step in steps]


def tools(environment: Mapping[str, str] | None = None) -> dict[str, Path]:
    """The SDK's programs: from ``ANDROID_HOME`` or ``ANDROID_SDK_ROOT``, otherwise from the search path.

    Raises ``EnvironmentFault`` for the first that is missing.
    """
    environment = os.environ if environment is None else environment
    root = environment.get("ANDROID_HOME") or environment.get("ANDROID_SDK_ROOT") or ""
    found = {}
    for name, place in _TABLE["tools"].items():
        own = Path(root) / place
        path = str(own) if root and own.is_file() else shutil.which(name, path=environment.get("PATH"))
        if path is None:
            hint = "install Android's command-line tools and set ANDROID_HOME; --dry-run needs neither"
            raise EnvironmentFault(f"{name} was not found", where=root or "ANDROID_HOME", hint=hint)
        found[name] = Path(path)
    return found


def run(steps: list[Step], programs: Mapping[str, Path], say: Callable[[str], None]) -> None:
    """Run a plan step by step. Raises ``EnvironmentFault`` at the first that fails."""
    for step in steps:
        say(step.text())
        tool, *words = shlex.split(step.run)
        command = [str(programs[tool]), *words]
        try:
            if step.detached:
                null = subprocess.DEVNULL
                subprocess.Popen(command, stdin=null, stdout=null, stderr=null, **host.APART)
            elif text := _output(step, command):
                say(text)
        except OSError as error:
            raise EnvironmentFault(error.strerror or "cannot be run", where=command[0]) from None
        except subprocess.TimeoutExpired:
            raise EnvironmentFault("did not finish within an hour", where=step.text()) from None


def _output(step: Step, command: list[str]) -> str:
    """Run a step; its output, unless that is what was waited for."""
    ask = partial(
        subprocess.run, command, input=step.given, capture_output=True, encoding="utf-8", timeout=3600, check=False
    )
    if step.until:
        if not clock.wait_for(lambda: ask().stdout.strip() == step.until, _BOOT_S, AGAIN_S):
            raise EnvironmentFault(f"not within {_BOOT_S:.0f} s: {step.until}", where=step.text())
        return ""
    done = ask()
    text: str = (done.stdout + done.stderr).strip()
    if done.returncode or (step.refused and step.refused in text):
        last = text.splitlines()[-1][:200] if text else f"exit code {done.returncode}"
        raise EnvironmentFault(last, where=step.text())
    return text
