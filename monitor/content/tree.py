"""The decode tree of one message: what each decoding step yielded, with its path and hard limits."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final, NamedTuple

#: Steps that encode one value (rather than contain several): a value in one of them is named by its form, not its path.
ENCODINGS: Final = frozenset({"b64", "hex", "url", "unicode", "utf16"})


class Limits(NamedTuple):
    """What one message may cost. Reaching a limit makes the result partial, with the limit's name as the reason."""

    depth: int = 6
    """Layers of encoding or packing below the message's parts."""
    nodes: int = 60_000
    node_bytes: int = 16 << 20
    """Bytes that one decoding step may yield."""
    total_bytes: int = 48 << 20
    """Bytes that all steps together may yield."""
    seconds: float = 3.0


class Node(NamedTuple):
    """Bytes at a place in the message. ``parent`` is an index into the tree's nodes, -1 at the top."""

    path: str
    data: bytes
    parent: int
    step: str
    """The step that yielded it: ``body``, ``query``, ``json``, ``b64`` …"""
    key: str
    """Name of the field in which it was found, lower case; empty = none."""
    leaf: bool
    """A single value (a scalar, a field, a header) as opposed to a container."""
    depth: int


class LimitReached(Exception):
    """A limit that ends the decoding of the whole message; its text is the limit's name."""


class Tree:
    """Grows node by node and enforces the limits."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.nodes: list[Node] = []
        self.reasons: list[str] = []
        """Why the tree is partial, in the order met; empty = complete."""
        self.doubles: list[tuple[int, float, str]] = []
        """Binary floating-point fields: node, value, ``float32`` or ``float64``."""
        self.known = False
        """Some structure or text was recognised in the body."""
        self._bytes = 0
        self._deadline = time.monotonic() + self.limits.seconds

    def add(self, path: str, data: bytes, parent: int, step: str, key: str = "", *, leaf: bool = False) -> int:
        """Append a node and return its index. Raises ``LimitReached``."""
        if len(self.nodes) >= self.limits.nodes:
            raise LimitReached("nodes")
        self._bytes += len(data)
        if self._bytes > self.limits.total_bytes:
            raise LimitReached("bytes")
        if len(self.nodes) % 64 == 0:
            self.check_time()
        depth = self.nodes[parent].depth + (step != "field") if parent >= 0 else 0
        self.nodes.append(Node(path, data, parent, step, key.lower(), leaf, depth))
        return len(self.nodes) - 1

    def add_fields(self, items: Iterable[tuple[str, str, bytes]], parent: int, path: str, step: str) -> None:
        """Append the fields of a container format, each (path suffix, key, bytes). Raises ``LimitReached``."""
        nodes, limits, total = self.nodes, self.limits, self._bytes
        depth = nodes[parent].depth + 1
        try:
            for suffix, key, data in items:
                count = len(nodes)
                if count >= limits.nodes:
                    raise LimitReached("nodes")
                total += len(data)
                if total > limits.total_bytes:
                    raise LimitReached("bytes")
                if count % 64 == 0:
                    self.check_time()
                nodes.append(Node(path + suffix, data, parent, step, key.lower(), suffix != "", depth))
        finally:
            self._bytes = total

    def check_time(self) -> None:
        """Raises ``LimitReached`` when the message has used up its time."""
        if time.monotonic() > self._deadline:
            raise LimitReached("time")

    def partial(self, reason: str) -> None:
        """Note a reason for incompleteness, once."""
        if reason not in self.reasons:
            self.reasons.append(reason)

    def room(self) -> int:
        """Bytes that the next decoding step may yield."""
        return max(0, min(self.limits.node_bytes, self.limits.total_bytes - self._bytes))
