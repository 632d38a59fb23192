"""The adb server in front of the devices: the user's own, or a private one that ends with the session."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import adbutils
from adbutils.errors import AdbError

from monitor.base.errors import EnvironmentFault, InputError
from monitor.base.network import free_port
from monitor.base.process import spawn

_START_TIMEOUT: Final = 25.0
#: The lowest protocol number that has ``host:tport`` and ``shell,v2`` as used here.
MIN_VERSION: Final = 39
_PORT_VARIABLE: Final = "ANDROID_ADB_SERVER_PORT"
_SILENT: Final = "the adb server does not answer"
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


class Door:
    """The way to a private server (``monitor.device.wire.door``). ``socket``: where the server must listen; ``port``:
    where its clients find it."""

    def __init__(self, process: subprocess.Popen[bytes], home: Path, port: int) -> None:
        self._process, self._home, self.port = process, home, port
        self.socket = home / "adb"

    @classmethod
    def open(cls) -> Door | None:
        """Start it; None where the system does not say whose a connection is."""
        home = Path(tempfile.mkdtemp(prefix="adb-"))  # short: the path of a socket may have 107 characters
        process = spawn("monitor.device.wire.door", str(home / "adb"))
        port = process.stdout.readline().strip() if process.stdout else b""
        door = cls(process, home, int(port) if port.isdigit() else 0)
        if not door.port:
            door.close()
            return None
        return door

    @property
    def alive(self) -> bool:
        """Whether it still admits."""
        return self._process.poll() is None

    def close(self) -> None:
        """Close it; connections through it end."""
        for pipe in filter(None, (self._process.stdin, self._process.stdout)):
            with contextlib.suppress(OSError):
                pipe.close()
        _end(self._process)
        shutil.rmtree(self._home, ignore_errors=True)


class AdbServer:
    """A responding adb server. ``private`` starts our own; ``users`` uses the existing one."""

    def __init__(self, port: int, process: subprocess.Popen[bytes] | None = None, door: Door | None = None) -> None:
        self.port = port
        self._process, self._door = process, door
        self._saved = os.environ.get(_PORT_VARIABLE)

    @classmethod
    def private(cls, home: Path) -> AdbServer:
        """Start a server on a free loopback port with ``home`` as its HOME (it writes its key there). On Linux only our
        own user gets in (``door``).

        Sets ``ANDROID_ADB_SERVER_PORT`` for this process, because Frida finds the server by it; ``stop`` restores it.
        Raises ``EnvironmentFault`` if the server does not start.
        """
        home.mkdir(parents=True, exist_ok=True)
        door = Door.open() if sys.platform == "linux" else None
        port = door.port if door else free_port()
        listen = ["-L", f"localfilesystem:{door.socket}"] if door else ["-P", str(port)]
        guard = ["/bin/sh", "-c", _GUARD, "adb-server"] if os.name == "posix" else []
        command = [*guard, adbutils.adb_path(), *listen, "nodaemon", "server"]
        log = home / "adb-server.log"
        environment = os.environ | {
            "HOME": str(home),
            "ANDROID_USER_HOME": str(home),
            _PORT_VARIABLE: str(port),
            "ADB_LOCAL_TRANSPORT_MAX_PORT": "5554",  # do not scan for emulators: only devices connected by name
            "ADB_MDNS": "0",
            "ADB_USB": "0",  # scanning the USB bus takes three seconds
        }
        pipe, errors = subprocess.PIPE, subprocess.STDOUT
        try:
            with log.open("wb") as out:
                process = subprocess.Popen(
                    command, env=environment, stdin=pipe, stdout=out, stderr=errors, start_new_session=True
                )
        except OSError as error:
            if door:
                door.close()
            raise EnvironmentFault(f"adb cannot be started: {error.strerror}", hint="pip install adbutils") from error
        server = cls(port, process, door)
        deadline = time.monotonic() + _START_TIMEOUT
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(EnvironmentFault):
                server.version()
                os.environ[_PORT_VARIABLE] = str(port)
                return server
            time.sleep(0.05)
        code = process.poll()
        server.stop()
        fault = f"did not answer within {_START_TIMEOUT:.0f} s" if code is None else f"ended with code {code}"
        raise EnvironmentFault(f"the adb server {fault}", where=last_line(log))

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

        A server of another version is used as is and never stopped. Raises ``EnvironmentFault``.
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
        version = server.version()
        if version < MIN_VERSION:
            raise EnvironmentFault(
                f"the adb server on port {server.port} speaks protocol {version}, {MIN_VERSION} or later is needed",
                hint="update platform-tools, or stop that server with: adb kill-server",
            )
        return server

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
                answer = _read(conn, 12)
        except OSError as error:
            raise EnvironmentFault("no adb server answers", where=where) from error
        if answer[:8] != b"OKAY0004":
            fault, hint = (
                "the port is taken by something that is not an adb server",
                f"set {_PORT_VARIABLE} to another port",
            )
            raise EnvironmentFault(fault, where=where, hint=hint)
        try:
            return int(answer[8:], 16)
        except ValueError:
            raise EnvironmentFault("unexpected answer from the adb server", where=where) from None

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
        except AdbError as error:
            raise EnvironmentFault(f"adb connect: {error}", where=address) from error
        except OSError as error:
            raise EnvironmentFault(f"adb connect: {_SILENT}", where=address) from error
        return address

    def devices(self) -> list[tuple[str, str]]:
        """Serial and state of every device the server knows."""
        client = adbutils.AdbClient(host="127.0.0.1", port=self.port)
        try:
            return [(info.serial, info.state) for info in client.list()]
        except (AdbError, OSError) as error:
            raise EnvironmentFault(_SILENT, where=f"port {self.port}") from error

    @property
    def alive(self) -> bool:
        """Whether a private server is still running; assumed for the user's own."""
        return (self._process is None or self._process.poll() is None) and (self._door is None or self._door.alive)

    def stop(self) -> None:
        """Stop a private server and what it started; leaves the user's alone."""
        process, self._process = self._process, None
        if process is None:
            return
        if os.environ.get(_PORT_VARIABLE) == str(self.port):
            if self._saved is None:
                os.environ.pop(_PORT_VARIABLE, None)
            else:
                os.environ[_PORT_VARIABLE] = self._saved
        if process.stdin is not None:
            process.stdin.close()
        if os.name != "posix":
            process.terminate()
        _end(process)
        if self._door is not None:
            self._door.close()

    def __enter__(self) -> AdbServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that was told to end; after five seconds kill it, with everything in its session."""
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait(5)


def _read(conn: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size and (chunk := conn.recv(size - len(data))):
        data += chunk
    return data


def last_line(log: Path) -> str:
    """The last line of a program's log, at most 400 characters; the log's name if it says nothing."""
    try:
        lines = log.read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1][:400] if lines else log.stem
