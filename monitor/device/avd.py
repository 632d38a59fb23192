"""Emulators managed with the user's own Android SDK tools: every command as a plan that can be read before it is run.

We have run none of this on an Android image: ``docs/on-a-real-device.md`` says what was tested.
"""

import os
import platform
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from monitor.base.errors import EnvironmentFault, InputError

#: Images with root: ``default`` (AOSP) and ``google_apis``. Images with the Play store are user builds without root.
TARGETS: Final = ("default", "google_apis")
LEVELS: Final = (24, 29, 33, 34, 36)
ABIS: Final = ("x86_64", "arm64-v8a")
FIRST_PORT: Final = 5554
LAST_PORT: Final = 5682
_BOOT_S: Final = 300.0
AGAIN_S: Final = 2.0
"""Between two looks whether it has started."""
SNAPSHOT: Final = "monitor-clean"
_TOOLS: Final = {
    "sdkmanager": "cmdline-tools/latest/bin/sdkmanager",
    "avdmanager": "cmdline-tools/latest/bin/avdmanager",
    "emulator": "emulator/emulator",
    "adb": "platform-tools/adb",
}


class Step(NamedTuple):
    """A command; ``tool`` is its program, ``given`` its input, ``detached``: it keeps running.

    ``until``: it is repeated until its output is this. ``refused``: a word in its output that means failure despite its
    exit code.
    """

    tool: str
    words: list[str]
    given: str = ""
    detached: bool = False
    until: str = ""
    refused: str = ""

    def text(self) -> str:
        """As typed in a shell."""
        line = shlex.join([self.tool, *self.words])
        line = f"echo {self.given.strip()} | {line}" if self.given else line
        line = f"{line} &" if self.detached else line
        return f"until {line} prints {self.until}" if self.until else line


class Image(NamedTuple):
    """A system image. Not validated: use ``image``."""

    api: int
    target: str
    abi: str

    @property
    def package(self) -> str:
        """Its name for the SDK manager."""
        return f"system-images;android-{self.api};{self.target};{self.abi}"


def image(api: int, target: str, abi: str) -> Image:
    """An image that a session can use. Raises ``InputError``."""
    if api not in LEVELS:
        raise InputError(f"no image defined for API {api}", hint=f"use one of {', '.join(map(str, LEVELS))}")
    if target not in TARGETS:
        raise InputError(f"no such kind of image: {target}", hint=f"use {' or '.join(TARGETS)}, which provide root")
    abi = abi or ("arm64-v8a" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64")
    if abi not in ABIS:
        raise InputError(f"no such processor: {abi}", hint=f"use {' or '.join(ABIS)}")
    return Image(api, target, abi)


def create(name: str, wanted: Image) -> list[Step]:
    """Install the tools and the image, create the device, start it once and save its clean state as a snapshot."""
    make = ["create", "avd", "--name", _named(name), "--package", wanted.package, "--device", "pixel_6"]
    port = FIRST_PORT
    return [
        Step("sdkmanager", ["--install", "platform-tools", "emulator", wanted.package], given="y\n"),
        Step("avdmanager", make, given="no\n"),
        *start(name, port, cold=True),
        Step("adb", ["-s", _serial(port), "emu", "avd", "snapshot", "save", SNAPSHOT], refused="KO"),
        *stop(port),
    ]


def start(name: str, port: int = FIRST_PORT, *, cold: bool = False) -> list[Step]:
    """Start without a window from the clean snapshot, wait until it has booted, make adbd root."""
    if port % 2 or not FIRST_PORT <= port <= LAST_PORT:
        raise InputError(f"not an emulator port: {port}", hint=f"an even one from {FIRST_PORT} to {LAST_PORT}")
    serial = _serial(port)
    words = ["-avd", _named(name), "-port", str(port), "-no-window", "-no-audio", "-no-boot-anim", "-no-snapshot-save"]
    words += ["-no-snapshot-load"] if cold else ["-snapshot", SNAPSHOT]
    words += ["-gpu", "swiftshader_indirect"]
    return [
        Step("emulator", words, detached=True),
        Step("adb", ["-s", serial, "wait-for-device"]),
        Step("adb", ["-s", serial, "shell", "getprop", "sys.boot_completed"], until="1"),
        Step("adb", ["-s", serial, "root"], refused="cannot run as root"),
        Step("adb", ["-s", serial, "wait-for-device"]),
    ]


def stop(port: int = FIRST_PORT) -> list[Step]:
    """Stop the emulator; its state is not kept."""
    return [Step("adb", ["-s", _serial(port), "emu", "kill"], refused="KO")]


def listed() -> list[Step]:
    """Emulators created, and devices that adb sees."""
    return [Step("emulator", ["-list-avds"]), Step("adb", ["devices", "-l"])]


def tools(environment: Mapping[str, str] | None = None) -> dict[str, Path]:
    """The SDK's programs: from ``ANDROID_HOME`` or ``ANDROID_SDK_ROOT``, otherwise from the search path.

    Raises ``EnvironmentFault`` for the first that is missing.
    """
    environment = os.environ if environment is None else environment
    root = environment.get("ANDROID_HOME") or environment.get("ANDROID_SDK_ROOT") or ""
    found = {}
    for name, inside in _TOOLS.items():
        path = Path(root) / inside if root else None
        if path is None or not path.is_file():
            other = shutil.which(name, path=environment.get("PATH"))
            if other is None:
                hint = "install Android's command-line tools and set ANDROID_HOME; --dry-run needs neither"
                raise EnvironmentFault(f"{name} was not found", where=root or "ANDROID_HOME", hint=hint)
            path = Path(other)
        found[name] = path
    return found


def run(steps: list[Step], programs: Mapping[str, Path], say: Callable[[str], None]) -> None:
    """Run a plan step by step. Raises ``EnvironmentFault`` at the first that fails."""
    for step in steps:
        say(step.text())
        _step(step, [str(programs[step.tool]), *step.words], say)


def _step(step: Step, command: list[str], say: Callable[[str], None]) -> None:
    try:
        if step.detached:
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            return
        end = time.monotonic() + _BOOT_S
        while True:
            done = subprocess.run(command, input=step.given, capture_output=True, text=True, timeout=3600, check=False)
            text = (done.stdout + done.stderr).strip()
            if not step.until or done.stdout.strip() == step.until:
                break
            if time.monotonic() > end:
                raise EnvironmentFault(f"not within {_BOOT_S:.0f} s: {step.until}", where=step.text())
            time.sleep(AGAIN_S)
    except OSError as error:
        raise EnvironmentFault(error.strerror or "cannot be run", where=command[0]) from None
    except subprocess.TimeoutExpired:
        raise EnvironmentFault("did not finish within an hour", where=step.text()) from None
    if done.returncode or (step.refused and step.refused in text):
        last = text.splitlines()[-1][:200] if text else f"exit code {done.returncode}"
        raise EnvironmentFault(last, where=step.text())
    if text and not step.until:
        say(text)


def _serial(port: int) -> str:
    return f"emulator-{port}"


def _named(name: str) -> str:
    if not name or len(name) > 60 or not all(c.isalnum() or c in "._-" for c in name) or not name.isascii():
        raise InputError("not a name for an emulator", where=name[:60], hint="letters, digits, dot, hyphen, underscore")
    return name
