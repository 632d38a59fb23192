"""One device behind an adb server: shell, streams, files, ports, held processes. Everything is bounded in time and
size."""

from __future__ import annotations

import contextlib
import functools
import re
import shlex
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import adbutils
from adbutils.errors import AdbError, AdbTimeout

from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, InputError, printable

SHELL_TIMEOUT: Final = 20.0
CONNECT_TIMEOUT: Final = 15.0
MAX_OUTPUT: Final = 64 * 1024 * 1024
MAX_PACKET: Final = 16 * 1024 * 1024

_STDOUT, _STDERR, _EXIT = 1, 2, 3
_JDWP_HANDSHAKE: Final = b"JDWP-Handshake"
#: JDWP VirtualMachine.Version: length, id, flags, command set, command. Android recognises a debugger only from its
#: first packet that is not DDMS's (``adbconnection.cc``), and the waiting thread checks for one every 200 ms.
_JDWP_VERSION: Final = struct.pack(">IIBBB", 11, 1, 0, 1, 1)
_JDWP_REPLY: Final = 0x80
_MAX_REPLY: Final = 65_536
#: How long the connection is kept: a debugger gone before the waiting thread looks does not count.
_ATTACHED_S: Final = 2.0
_STATE_HINTS: Final = {
    "unauthorized": "accept the debugging prompt on the device's screen",
    "offline": "unplug or restart the device, then: adb reconnect",
}
_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:\-\[\]]{0,127}")


class Result(NamedTuple):
    """The result of a shell command: exit code and both streams (UTF-8, errors replaced, ``\\r`` removed)."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Both streams; Android's commands put their errors on either."""
        return f"{self.out}\n{self.err}" if self.err else self.out


class _Connection(adbutils.AdbConnection):  # type: ignore[misc]
    def _safe_connect(self) -> socket.socket:
        """Without starting a server where none answers, as adbutils does: another one would outlive the session."""
        found: socket.socket = self._create_socket()
        return found

    def close(self) -> None:
        """Without the pause that adbutils makes for the peer: what is sent arrives before the end all the same."""
        if not self.closed:
            with contextlib.suppress(OSError):
                self.conn.shutdown(socket.SHUT_WR)
            self.conn.close()


class _Client(adbutils.AdbClient):  # type: ignore[misc]
    def make_connection(self, timeout: float | None = None) -> _Connection:
        made = _Connection(self.host, self.port)
        if timeout:
            made.conn.settimeout(timeout)
        return made

    @functools.cache  # noqa: B019 - lives as long as its device; adbutils asks before each command
    def server_version(self) -> int:
        return int(super().server_version())


class Transport:
    """The wire to one device. Methods raise ``EnvironmentFault`` when the server or device does not answer."""

    def __init__(self, serial: str, *, port: int | None = None) -> None:
        if not _SERIAL.fullmatch(serial):
            raise InputError("not a device serial", where=serial[:60], hint="for example emulator-5554, or HOST:PORT")
        self.serial = serial
        self.server_port = port or 5037
        self._client = _Client(host="127.0.0.1", port=port)
        self._device = self._client.device(serial=serial)

    def raw(self, argv: Sequence[str] | str, *, timeout: float = SHELL_TIMEOUT) -> tuple[int, bytes, bytes]:
        """Run a command and return exit code, standard output and standard error as bytes.

        A list is quoted word by word; a string is a shell line of our own (never built from foreign text).
        ``timeout`` is in seconds and covers the whole command.
        """
        out, err, code = bytearray(), bytearray(), 255
        with self._faults(_name(argv)), self._open(f"shell,v2,raw:{_line(argv)}") as conn:
            for kind, data in _packets(conn, deadline=time.monotonic() + timeout):
                if kind == _EXIT:
                    code = data[0]
                    break
                target = out if kind == _STDOUT else err
                target += data
                if len(out) + len(err) > MAX_OUTPUT:
                    raise EnvironmentFault(f"{_name(argv)} printed more than {MAX_OUTPUT} bytes", where=self.serial)
        return code, bytes(out), bytes(err)

    def shell(self, argv: Sequence[str] | str, *, timeout: float = SHELL_TIMEOUT) -> Result:
        """Like ``raw``, with text. A failed command is a result with its exit code, not an exception."""
        code, out, err = self.raw(argv, timeout=timeout)
        return Result(code, _text(out), _text(err))

    def timed(self, line: str, *, timeout: float = SHELL_TIMEOUT) -> tuple[int, str, int]:
        """Run a short command; host time before sending it, its first output, host time after (microseconds)."""
        with self._faults(line), self._open() as conn:
            sent = now_us()
            conn.send_command(f"shell,v2,raw:{line}")
            conn.check_okay()
            for kind, data in _packets(conn, deadline=time.monotonic() + timeout):
                received = now_us()
                return sent, _text(data) if kind == _STDOUT else "", received
        raise EnvironmentFault(f"{line}: no answer", where=self.serial)

    def stream(self, argv: Sequence[str] | str) -> Stream:
        """Start a command that runs until it is closed; iterate over its output."""
        with self._faults(_name(argv)):
            return Stream(self._open(f"shell,v2,raw:{_line(argv)}"))

    def push(self, data: bytes, path: str, *, mode: int = 0o644) -> None:
        """Write ``data`` to the device's ``path``."""
        with self._faults("push"):
            self._device.sync.push(data, path, mode=mode, check=True)

    def exists(self, path: str) -> bool:
        """Whether ``path`` exists (mode of STAT not zero)."""
        with self._faults(f"stat {path}"):
            return bool(self._device.sync.stat(path).mode)

    def forward(self, remote: str) -> int:
        """A free host port forwarded to the device's ``remote`` (``tcp:N``, ``jdwp:PID``, ``localabstract:…``)."""
        with self._faults(f"forward {remote}"), self._client.make_connection(timeout=SHELL_TIMEOUT) as conn:
            conn.send_command(f"host-serial:{self.serial}:forward:tcp:0;{remote}")
            conn.check_okay()
            conn.check_okay()
            return int(conn.read_string_block())

    def forward_remove(self, port: int) -> None:
        """Close a forward; a missing one is not an error."""
        with contextlib.suppress(AdbError, OSError):
            self._device.forward_remove(f"tcp:{port}", raise_non_found=False)

    def reverse(self, device_port: int, host_port: int) -> None:
        """Forward the device's loopback ``device_port`` to the host's ``host_port``."""
        with self._faults("reverse"):
            self._device.reverse(f"tcp:{device_port}", f"tcp:{host_port}", norebind=True)

    def reverse_remove(self, device_port: int) -> None:
        """Close a reverse; a missing one is not an error."""
        with contextlib.suppress(AdbError, OSError):
            self._device.reverse_remove(f"tcp:{device_port}")

    def release(self, pid: int, *, timeout: float = 10.0) -> None:
        """Release a process that waits for a debugger, by asking it over JDWP for its virtual machine's version.

        Its answer proves that it accepts debuggers, and therefore that it waited for one. The connection is closed
        later, by a thread. Raises ``EnvironmentFault`` for a process that accepts none, which was never held.
        """
        stack = contextlib.ExitStack()
        try:
            stack.callback(self.forward_remove, port := self.forward(f"jdwp:{pid}"))
            conn = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout))
            reader = stack.enter_context(conn.makefile("rb"))
            conn.sendall(_JDWP_HANDSHAKE)
            if reader.read(len(_JDWP_HANDSHAKE)) != _JDWP_HANDSHAKE:
                raise ConnectionError
            conn.sendall(_JDWP_VERSION)
            flags = 0
            while flags != _JDWP_REPLY:  # events that the virtual machine sends on its own come first
                size, _, flags = struct.unpack(">IIB", reader.read(9))
                reader.read(min(max(size - 9, 0), _MAX_REPLY))
        except (struct.error, ConnectionError):
            stack.close()
            fault = "the process accepts no debugger: it was not held"
            hint = "only debuggable apps can be held, or every app on a debuggable system"
            raise EnvironmentFault(fault, where=f"pid {pid}", hint=hint) from None
        except OSError as error:
            stack.close()
            raise EnvironmentFault("the held process did not answer", where=f"pid {pid}") from error
        timer = threading.Timer(_ATTACHED_S, stack.close)
        timer.daemon = True
        timer.start()

    def state(self) -> str:
        """``device``, ``offline``, ``unauthorized`` … or ``absent``."""
        try:
            with self._client.make_connection(timeout=CONNECT_TIMEOUT) as conn:
                conn.send_command(f"host-serial:{self.serial}:get-state")
                conn.check_okay()
                return str(conn.read_string_block())
        except AdbTimeout:
            return "offline"
        except AdbError as error:
            text = str(error)
            return next((word for word in ("unauthorized", "offline") if word in text), "absent")
        except OSError as error:
            raise EnvironmentFault("the adb server does not answer", where=self.serial) from error

    def require(self) -> None:
        """Raise ``EnvironmentFault`` unless the device is ready for commands."""
        state = self.state()
        if state == "device":
            return
        hint = "adb sees no device: connect one, or start an emulator"
        if state in _STATE_HINTS:
            hint = _STATE_HINTS[state]
        else:
            with contextlib.suppress(AdbError, OSError):
                if there := sorted(printable(info.serial, 60) for info in self._client.list()):
                    hint = f"adb sees: {', '.join(there)}"
        raise EnvironmentFault(f"device is {state}", where=self.serial, hint=hint)

    def _open(self, service: str = "") -> Any:
        """A connection to the device, or to a service of it; without a time limit of its own from then on."""
        conn = self._device.open_transport(timeout=CONNECT_TIMEOUT)
        try:
            if service:
                conn.send_command(service)
                conn.check_okay()
            conn.conn.settimeout(None)
        except BaseException:
            conn.close()
            raise
        return conn

    @contextlib.contextmanager
    def _faults(self, doing: str) -> Iterator[None]:
        """adbutils' and the socket's errors as one line about what was being done."""
        try:
            yield
        except (AdbTimeout, TimeoutError) as error:
            raise EnvironmentFault(f"{doing}: no answer in time", where=self.serial) from error
        except (AdbError, EOFError) as error:
            reason = error.args[0] if error.args else type(error).__name__
            raise EnvironmentFault(f"{doing}: {reason}", where=self.serial, hint="see: monitor doctor") from error
        except (OSError, ValueError) as error:
            raise EnvironmentFault(f"{doing}: connection lost ({type(error).__name__})", where=self.serial) from error


class Stream:
    """A running command's standard output, as it comes. Close it from any thread to end it."""

    def __init__(self, conn: Any) -> None:
        self._conn = conn
        self.code: int | None = None
        """Exit code once the command has ended on its own."""

    def __iter__(self) -> Iterator[bytes]:
        """Bytes until the command ends, the device disconnects or ``close`` is called (``code`` shows which)."""
        try:
            for kind, data in _packets(self._conn, deadline=None):
                if kind == _EXIT:
                    self.code = data[0]
                    return
                if kind == _STDOUT:
                    yield data
        except (AdbError, OSError, EOFError, ValueError):
            return

    def close(self) -> None:
        """Stop the command; a reader in another thread returns immediately."""
        with contextlib.suppress(AdbError, OSError):
            self._conn.conn.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(AdbError, OSError):
            self._conn.close()


def _packets(conn: Any, *, deadline: float | None) -> Iterator[tuple[int, bytes]]:
    """Packets of shell,v2 until the peer closes. Raises ``EOFError`` on a cut stream, ``TimeoutError`` at the end."""
    while True:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            conn.conn.settimeout(left)
        header = conn.read_exact(5)
        length = int.from_bytes(header[1:5], "little")
        if length > MAX_PACKET:
            raise EOFError(f"a packet of {length} bytes")
        if length:
            yield header[0], conn.read_exact(length)


def _line(argv: Sequence[str] | str) -> str:
    return argv if isinstance(argv, str) else shlex.join(argv)


def _name(argv: Sequence[str] | str) -> str:
    words = argv.split() if isinstance(argv, str) else argv
    return words[0] if words else "command"


def _text(data: bytes) -> str:
    return data.replace(b"\r", b"").decode("utf-8", "replace")
