"""App processes: one virtual machine each, and Frida's portal to them. The only importer of frida in the stand-in."""

import asyncio
import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from emulator.standin.files.beneath import cleared
from emulator.standin.network.neighbours import foreign
from emulator.standin.packages.installed import Package
from emulator.standin.sandbox.contain import Box, Space, View, swept
from emulator.standin.state.file import StateError

from .runtimes import JvmError, Runtime

END_TIMEOUT = 5.0
#: Becomes a program that ends with its parent (1: PR_SET_PDEATHSIG), in a process of its own: between fork and exec of
#: this one, any Python may wait for ever for a lock that a thread of Frida held.
_ENDS_WITH_PARENT = """import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
os.execv(sys.argv[1], sys.argv[2:])
"""


class Jvm:
    """One app process. ``token`` is what it proves itself with in ``hello``."""

    def __init__(self, process: asyncio.subprocess.Process, home: Path, token: str) -> None:
        self.process = process
        self.home = home
        self.token = token
        self.space = Space()
        """What it and what it begins see of the files, which tells them from all other processes."""
        self.host = self.pid = process.pid
        """The app's own process, below what keeps it in: as this machine numbers it, and as the device does."""

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self.process.returncode is None:
                os.kill(self.host, signal.SIGKILL)

    async def ended(self) -> int:
        """Exit code; below 0 the signal. Cleans up."""
        code = await self.process.wait()
        if self.space.name:
            await asyncio.to_thread(swept, self.space.name)
        self.space.close()
        if self.host != self.process.pid and code > 128:
            code = 128 - code
        await asyncio.to_thread(cleared, self.home)
        return code

    def last_words(self) -> str:
        """What the JVM itself printed, for error messages."""
        try:  # the app may have put a link there
            with os.fdopen(os.open(self.home / "output", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
                return file.read(1 << 20).decode("utf-8", "replace")[-2000:]
        except OSError:
            return ""


async def start_jvm(
    runtime: Runtime, name: str, package: Package, classes: Path, port: int, props: Mapping[str, str],
    *, title: str, box: Box, view: View,
) -> Jvm:  # fmt: skip
    """Starts a process whose command line is ``name``: the launcher is copied under that name or under ``title``,
    because Frida lists the name of the executable. ``props``: the device's."""
    java, framework, classes = await runtime.launcher(classes)
    home = Path(tempfile.mkdtemp(prefix="standin-app-"))
    installation = java.resolve().parent.parent
    (home / "bin").mkdir()
    for part in ("lib", "conf"):
        (home / part).symlink_to(installation / part)
    launcher = home / "bin" / (title.replace("/", " ").strip(". ")[:60] or name)
    shutil.copy2(java.resolve(), launcher)
    token = secrets.token_hex(16)
    zone, locale = props.get("persist.sys.timezone", "UTC"), props.get("persist.sys.locale", "en-US")
    language, _, country = locale.replace("_", "-").partition("-")
    options = [
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx256m", "-Xss1m",
        # A class from an archive of class data keeps its parents' methods as they were archived, without their hooks.
        "-Xshare:off",
        "-XX:CompileThresholdScaling=3",  # most of a short life's methods are not worth what compiling them takes
        # as ART, which takes what d8 and old compilers made: their frames are not what this JVM asks for
        "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote",
        f"-XX:ErrorFile={home}/crash.log", f"-Djava.io.tmpdir={home}",
        "-Dfile.encoding=UTF-8", "-Djava.awt.headless=true",
        f"-Duser.timezone={zone}", f"-Duser.language={language or 'en'}", f"-Duser.country={country}",
        f"-Dstandin.port={port}", f"-Dstandin.token={token}", f"-Dstandin.process={name}",
        f"-Dstandin.package={package.name}", f"-Dstandin.classes={classes}",
    ]  # fmt: skip
    passed = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "ART_FLOOR")
    environment = {k: v for k, v in os.environ.items() if k in passed}
    environment["HOME"] = str(home)
    parts = (Path(part) for word in framework for part in re.split("[:=]", word) if part.startswith("/"))
    seen = (installation, *parts, *((classes,) if classes.exists() else ()), *view.read)
    words = [name, *options, *framework, "com.android.internal.os.ZygoteInit"]
    output = (home / "output").open("wb")
    box.give(package.uid, (home, *view.write))
    with output:
        given: dict[str, Any] = {
            "stdin": asyncio.subprocess.DEVNULL, "stdout": output, "stderr": output, "env": environment,
            "start_new_session": True,
        }  # fmt: skip
        if box.island is None:
            command = [sys.executable, "-I", "-S", "-c", _ENDS_WITH_PARENT, str(launcher), *words]
            process = await asyncio.create_subprocess_exec(*command, **given)
            return Jvm(process, home, token)
        kept = View(seen, (home, *view.write), view.hide)
        try:
            process, host, inside, space = await box.start(launcher, words, package.uid, kept, **given)
        except (ValueError, EOFError) as bad:
            await asyncio.to_thread(cleared, home)
            raise JvmError(f"{name} could not be contained: {bad}") from None
    jvm = Jvm(process, home, token)
    jvm.host, jvm.pid, jvm.space = host, inside, Space.of(host, space)
    return jvm


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    """Frida's portal: app processes join its cluster port, clients speak to `port`. Blocking calls run in threads."""

    def __init__(self, complain: Callable[[str], None], version: str = "") -> None:
        self.port: int | None = None
        self._version = version
        self._build: Path | None = None
        self.cluster = 0
        """Port of the loopback that app processes join at."""
        self._secret = secrets.token_hex(16)
        self._service: Any = None
        self._sessions: dict[int, Any] = {}
        self._complain = complain
        self._failed = False

    async def begin(self) -> None:
        await asyncio.to_thread(self._begin)

    def _begin(self) -> None:
        if self._version:
            self._build = Path(tempfile.mkdtemp(prefix="standin-frida-"))
            sys.path.insert(0, str(_frida_of(self._version, self._build)))
        try:
            import frida
        except ImportError:
            self._complain("frida is not installed: app processes cannot be instrumented")
            return
        for attempt in range(5):
            cluster, control = _free_port(), _free_port()
            service = frida.PortalService(  # type: ignore[no-untyped-call]
                frida.EndpointParameters(address="127.0.0.1", port=cluster, authentication=("token", self._secret)),
                frida.EndpointParameters(address="127.0.0.1", port=control),
            )
            service.on("controller-connected", partial(self._admit, service, control))
            try:
                service.start()
            except frida.AddressInUseError:
                if attempt == 4:
                    raise
                continue
            self._service, self.cluster, self.port = service, cluster, control
            return

    def _admit(self, service: Any, port: int, connection: int, _address: object) -> None:
        """Another user of the machine would control the apps. Which connection is whose is not said: while one of
        another user is open, whoever comes is turned away."""
        if foreign(("127.0.0.1", port)):
            service.kick(connection)
            self._complain("Frida clients are turned away while another user of this machine is connected to its port")

    async def join(self, pid: int) -> bool:
        """Makes a process reachable through the portal; False (after a message) if the system refuses."""
        return self._service is not None and await asyncio.to_thread(self._join, pid)

    def _join(self, pid: int) -> bool:
        import frida

        try:
            session = frida.get_local_device().attach(pid)
            session.join_portal(f"127.0.0.1:{self.cluster}", token=self._secret)
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
        except (
            frida.TransportError,
            frida.InvalidOperationError,
            frida.ProcessNotRespondingError,
            frida.ProtocolError,
        ) as bad:  # the last where the process ends meanwhile
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
        if self._build:
            shutil.rmtree(self._build, ignore_errors=True)


def _frida_of(version: str, into: Path) -> Path:
    """A directory to import a Frida of another version from, as phones have that were set up once: this machine's,
    built into a copy that says so. StateError if this machine's cannot be made into it.

    Frida's parts tell each other their version in two ways: the names of their interfaces end in the major one, so that
    another major version's calls are refused as unknown, and scripts read the whole one. Both lie in the library as
    text.
    """
    from importlib.metadata import version as installed
    from importlib.util import find_spec

    own, spec = installed("frida"), find_spec("frida")
    if spec is None or spec.origin is None:
        raise StateError("traits.frida: no frida here to make it of")
    if not re.fullmatch(r"\d+(\.\d+)+", version) or len(version) != len(own) or version[2] != ".":
        raise StateError(f"traits.frida: {version} (true, false, or a version as long as {own})")
    place = into / "frida"
    shutil.copytree(Path(spec.origin).parent, place, ignore=shutil.ignore_patterns("__pycache__"))
    for library in place.glob("_frida*"):
        if library.suffix in (".so", ".pyd"):
            data = library.read_bytes().replace(own.encode() + b"\0", version.encode() + b"\0")
            names = rb"\b(re\.frida\.[A-Z][A-Za-z]+)" + own[:2].encode() + rb"\b"
            library.write_bytes(re.sub(names, rb"\g<1>" + version[:2].encode(), data))
    return into
