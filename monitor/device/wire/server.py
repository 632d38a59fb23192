"""The adb server in front of the devices: the user's own, or a private one that ends with the session."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import adbutils
from adbutils.errors import AdbError

from monitor.base import host
from monitor.base.errors import EnvironmentFault, InputError
from monitor.base.network import free_port
from monitor.base.process import spawn

_START_TIMEOUT: Final = 25.0
_END_TIMEOUT: Final = 10.0
#: The lowest protocol number that has ``host:tport`` and ``shell,v2`` as used here.
MIN_VERSION: Final = 39
_PORT_VARIABLE: Final = "ANDROID_ADB_SERVER_PORT"
#: Runs a program and ends it when our end of its standard input closes, which happens even if we are killed.
_GUARD: Final = """exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
{ read -r _ <&3; kill "$child"; } >/dev/null 2>&1 &
wait "$child"
code=$?
kill $! 2>/dev/null
exit "$code"
"""
_ADDRESS = re.compile(r"[A-Za-z0-9.\-\[\]:]{1,120}:\d{1,5}")


class AdbServer:
    """A responding adb server. ``private`` starts our own; ``users`` uses the existing one."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._children: list[subprocess.Popen[bytes]] = []
        self._close = contextlib.ExitStack()
        """What a private server has started."""

    @classmethod
    def private(cls, home: Path) -> AdbServer:
        """Start a server on a free loopback port with ``home`` as its HOME (it writes its key there). On Linux only our
        own user gets in (``door``).

        Sets ``ANDROID_ADB_SERVER_PORT`` for this process, because Frida finds the server by it; ``stop`` restores it.
        Raises ``EnvironmentFault`` if the server does not start.
        """
        home.mkdir(parents=True, exist_ok=True)
        server, log = cls(0), home / "adb-server.log"
        listen = server._open_door() if sys.platform == "linux" else []
        if not listen:
            server.port = free_port()
            listen = ["-P", str(server.port)]
        command = ["/bin/sh", "-c", _GUARD, "adb-server", adbutils.adb_path(), *listen, "nodaemon", "server"]
        environment = os.environ | {
            "HOME": str(home),
            "ANDROID_USER_HOME": str(home),
            _PORT_VARIABLE: str(server.port),
            "ADB_LOCAL_TRANSPORT_MAX_PORT": "5554",  # do not scan for emulators: only devices connected by name
            "ADB_MDNS": "0",
            "ADB_USB": "0",  # scanning the USB bus takes three seconds
        }
        try:
            with log.open("wb") as out:
                process = subprocess.Popen(
                    command, env=environment, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT,
                    **host.APART,
                )  # fmt: skip
        except OSError as error:
            server.stop()
            raise EnvironmentFault(f"adb cannot be started: {error.strerror}", hint="pip install adbutils") from error
        server._keep(process)
        deadline = time.monotonic() + _START_TIMEOUT
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(EnvironmentFault):
                server.version()
                server._close.enter_context(_in_environment(str(server.port)))
                return server
            time.sleep(0.05)
        code = process.poll()
        server.stop()
        fault = f"did not answer within {_START_TIMEOUT:.0f} s" if code is None else f"ended with code {code}"
        raise EnvironmentFault(f"the adb server {fault}", where=last_line(log))

    def _keep(self, process: subprocess.Popen[bytes]) -> None:
        self._children.append(process)
        self._close.callback(end_child, process)

    def _open_door(self) -> list[str]:
        """Start the way to a private server (``monitor.device.wire.door``), at whose port its clients find it. Where it
        must listen, as its options; none where the system does not say whose a connection is."""
        home = Path(tempfile.mkdtemp(prefix="adb-"))  # short: the path of a socket may have 107 characters
        self._close.callback(shutil.rmtree, home, ignore_errors=True)
        process = spawn("monitor.device.wire.door", str(home / "adb"))
        self._keep(process)
        port = process.stdout.readline().strip() if process.stdout else b""
        self.port = int(port) if port.isdigit() else 0
        if self.port:
            return ["-L", f"localfilesystem:{home / 'adb'}"]
        self.stop()
        return []

    @classmethod
    def configured(cls) -> AdbServer:
        """The one on the usual port, or that of ``ANDROID_ADB_SERVER_PORT``, which may not be there. Raises
        ``InputError`` if that is no port."""
        value = os.environ.get(_PORT_VARIABLE, "5037")
        if not value.isdigit() or not 0 < int(value) < 65536:
            raise InputError("not a port number", where=_PORT_VARIABLE)
        return cls(int(value))

    @classmethod
    def users(cls) -> AdbServer:
        """``configured``, started if nothing listens there.

        It outlives the session, as after any use of adb. One of another version is used as is. Raises
        ``EnvironmentFault``.
        """
        server = cls.configured()
        if not server.listens():
            command = [adbutils.adb_path(), "-P", str(server.port), "start-server"]
            null = subprocess.DEVNULL
            try:
                subprocess.run(command, stdin=null, capture_output=True, timeout=_START_TIMEOUT, check=True)
            except (OSError, subprocess.SubprocessError) as error:
                fault = f"no adb server could be started on port {server.port}"
                raise EnvironmentFault(fault, hint="adb start-server") from error
            server._close.callback(adbutils.AdbClient(host="127.0.0.1", port=server.port).server_kill)
        server.require_version()
        return server

    def require_version(self) -> int:
        """``version``, if it is one that is known to work. Raises ``EnvironmentFault``."""
        if (version := self.version()) >= MIN_VERSION:
            return version
        fault = f"the adb server speaks protocol {version}, {MIN_VERSION} or later is needed"
        hint = "update platform-tools, or stop that server with: adb kill-server"
        raise EnvironmentFault(fault, where=f"port {self.port}", hint=hint)

    def listens(self) -> bool:
        """Whether anything does on its port."""
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def version(self) -> int:
        """The server's protocol number (41 for current ones). Raises ``EnvironmentFault``."""
        where = f"port {self.port}"
        try:
            with socket.create_connection(("127.0.0.1", self.port), 3) as conn:
                conn.settimeout(3)
                conn.sendall(b"000chost:version")
                answer = conn.makefile("rb").read(12)
        except OSError as error:
            raise EnvironmentFault("no adb server answers", where=where) from error
        version = re.fullmatch(b"OKAY0004([0-9a-fA-F]{4})", answer)
        if version is None:
            hint = f"set {_PORT_VARIABLE} to another port"
            raise EnvironmentFault("the port is taken by something that is not an adb server", where=where, hint=hint)
        return int(version[1], 16)

    def connect(self, address: str, *, timeout: float = 20.0) -> str:
        """``adb connect HOST:PORT``; returns the serial once the device is ready. Raises ``EnvironmentFault``."""
        if not _ADDRESS.fullmatch(address):
            raise InputError("not HOST:PORT", where=address[:60])
        client = adbutils.AdbClient(host="127.0.0.1", port=self.port)
        try:
            answer = client.connect(address, timeout=timeout)
            if not answer.startswith(("connected to", "already connected")):
                hint = "check the address, and that the emulator runs or debugging over the network is on"
                raise EnvironmentFault(answer.strip() or "not connected", where=address, hint=hint)
            client.wait_for(serial=address, timeout=timeout)
        except (AdbError, OSError) as error:
            why = error if isinstance(error, AdbError) else "the adb server does not answer"
            raise EnvironmentFault(f"adb connect: {why}", where=address) from error
        return address

    @property
    def alive(self) -> bool:
        """Whether a private server is still running; assumed for the user's own."""
        return all(process.poll() is None for process in self._children)

    def stop(self) -> None:
        """Stop a private server and what it started, or one that ``users`` started; leaves the user's own alone."""
        self._children.clear()
        self._close.close()

    def __enter__(self) -> AdbServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@contextlib.contextmanager
def _in_environment(port: str) -> Iterator[None]:
    """Programs that this process starts, and Frida, find the server."""
    before = os.environ.get(_PORT_VARIABLE)
    os.environ[_PORT_VARIABLE] = port
    try:
        yield
    finally:
        if os.environ.get(_PORT_VARIABLE) == port:
            os.environ.pop(_PORT_VARIABLE)
            os.environ.update({_PORT_VARIABLE: before} if before else {})


def end_child(process: subprocess.Popen[Any]) -> None:
    """End a child that ends with its standard input; one that does not, by signals, with everything in its session."""
    for pipe in filter(None, (process.stdin, process.stdout)):
        with contextlib.suppress(OSError):
            pipe.close()
    for at_once in (False, True):
        try:
            process.wait(_END_TIMEOUT)
            return
        except subprocess.TimeoutExpired:
            host.end_group(process, at_once=at_once)
    process.wait(_END_TIMEOUT)


def last_line(log: Path) -> str:
    """The last line of a program's log, at most 400 characters; the log's name if it says nothing."""
    try:
        lines = log.read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1][:400] if lines else log.stem
