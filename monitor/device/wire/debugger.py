"""Release a process that waits for a debugger, by acting as one for a moment (JDWP over an adb forward)."""

import socket
import struct
import threading
from typing import Final

from monitor.base.errors import EnvironmentFault
from monitor.device.wire.transport import Transport

_HANDSHAKE: Final = b"JDWP-Handshake"
#: JDWP VirtualMachine.Version: length, id, flags, command set, command. Android recognises a debugger only from its
#: first packet that is not DDMS's (``adbconnection.cc``), and the waiting thread checks for one every 200 ms.
_VERSION: Final = struct.pack(">IIBBB", 11, 1, 0, 1, 1)
_REPLY: Final = 0x80
_MAX_REPLY: Final = 65_536
#: How long the connection is kept: a debugger gone before the waiting thread looks does not count.
_ATTACHED_S: Final = 2.0


def release(device: Transport, pid: int, timeout: float = 10.0) -> None:
    """Ask the process for the version of its virtual machine.

    Its answer proves that it accepts debuggers, and therefore that it waited for one. The connection is closed later,
    by a thread. Raises ``EnvironmentFault`` for a process that accepts none, which was never held.
    """
    port = device.forward(f"jdwp:{pid}")
    conn: socket.socket | None = None

    def leave() -> None:
        if conn is not None:
            conn.close()
        device.forward_remove(port)

    try:
        conn = socket.create_connection(("127.0.0.1", port), timeout)
        conn.settimeout(timeout)
        conn.sendall(_HANDSHAKE)
        if _exactly(conn, len(_HANDSHAKE)) != _HANDSHAKE:
            raise EOFError
        conn.sendall(_VERSION)
        while True:
            size, _, flags = struct.unpack(">IIB", _exactly(conn, 9))
            _exactly(conn, min(max(size - 9, 0), _MAX_REPLY))
            if flags == _REPLY:  # not an event that the virtual machine sends on its own
                break
    except (EOFError, ConnectionError):
        leave()
        hint = "only debuggable apps can be held, or every app on a debuggable system"
        raise EnvironmentFault(
            "the process accepts no debugger: it was not held", where=f"pid {pid}", hint=hint
        ) from None
    except OSError as error:
        leave()
        raise EnvironmentFault("the held process did not answer", where=f"pid {pid}") from error
    timer = threading.Timer(_ATTACHED_S, leave)
    timer.daemon = True
    timer.start()


def _exactly(conn: socket.socket, size: int) -> bytes:
    """``size`` bytes. Raises ``EOFError`` if the peer closes before."""
    data = b""
    while len(data) < size:
        chunk = conn.recv(size - len(data))
        if not chunk:
            raise EOFError
        data += chunk
    return data
