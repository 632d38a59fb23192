"""The decode tree of one message: what each decoding step yielded, with its path and hard limits.

What a step finds comes in columns, with places that become text only when somebody asks for them.
"""

from __future__ import annotations

import bisect
import copy
import functools
import json
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, compress, count
from typing import Final, NamedTuple

_LONGEST_KEY: Final = 64
_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_\-$:@]{1,64}")


class Exceeded(ValueError):
    """A limit that one reader reached: ``nodes`` (more elements than a message may have) or ``nesting`` (deeper than
    anything that an app means to send)."""


class Columns(NamedTuple):
    """Fields, one per row: bytes, name in lower case (empty = none), and the last step of the place below the path of
    what they were found in: a text such as ``.data[3]``, or the number of an element."""

    data: list[bytes]
    keys: list[str]
    steps: list[str | int]
    within: list[int] | None = None
    """The container of each; None = there are none but the whole."""
    containers: Containers | None = None
    whole: bool = True
    """These are all fields: no limit was reached."""

    def first(self, number: int) -> Columns:
        """The first rows."""
        return self._replace(data=self.data[:number], keys=self.keys[:number], steps=self.steps[:number])


class Containers(NamedTuple):
    """Containers in containers: the one around each (itself = the whole), and the step from there."""

    within: list[int]
    steps: list[str | int]

    def add(self, within: int, step: str | int) -> int:
        """Add a container and return its number."""
        self.within.append(within)
        self.steps.append(step)
        return len(self.within) - 1

    def place(self, number: int) -> str:
        """Where a container is, as text."""
        steps: list[str] = []
        while self.within[number] != number:
            steps.append(step_text(self.steps[number]))
            number = self.within[number]
        return "".join(reversed(steps))


def columns(items: Iterable[tuple[str, str, bytes]], *, whole: bool = True) -> Columns:
    """Fields given one by one, as the rest of the path (such as ``.data[3]``), name and bytes."""
    rows = list(items)
    return Columns([data for _, _, data in rows], [key.lower() for _, key, _ in rows], [step for step, _, _ in rows],
                   whole=whole)  # fmt: skip


def single(data: bytes) -> Columns:
    """A value without a name: what an encoding yields."""
    return Columns([data], [""], [""])


def key_step(key: str) -> str:
    """``.key`` for an ordinary name; anything else quoted as in JSON, truncated to 64 characters (keys are hostile
    input)."""
    return _key_step(key if len(key) <= _LONGEST_KEY else key[: _LONGEST_KEY + 1])


@functools.lru_cache(4096)
def _key_step(key: str) -> str:
    if _PLAIN_KEY.fullmatch(key):
        return f".{key}"
    return f"[{json.dumps(key[:_LONGEST_KEY])}]"


def step_text(step: str | int) -> str:
    """A step as text: the number of an element in brackets."""
    return f"[{step}]" if isinstance(step, int) else step


#: Steps that encode one value (rather than contain several): a value in one of them is named by its form, not its path.
ENCODINGS: Final = frozenset({"b64", "hex", "url", "unicode", "utf16"})


class Limits(NamedTuple):
    """What one message may cost. Reaching a limit makes the result partial, with the limit's name as the reason.

    None of them is a time: how busy the machine is must not decide what is found.
    """

    depth: int = 6
    """Layers of encoding or packing below the message's parts."""
    nodes: int = 60_000
    node_bytes: int = 16 << 20
    """Bytes that one decoding step may yield."""
    total_bytes: int = 48 << 20
    """Bytes that all steps together may yield."""
    steps: int = 256 << 20
    """Bytes that all readers together may go through, whether what they try succeeds or not."""


class LimitReached(Exception):
    """A limit that ends the decoding of the whole message; its text is the limit's name."""


#: Separates the nodes in the single text that is searched; a hit across it is discarded.
GAP: Final = b"\x00\xff\x00"
#: Steps that a node takes besides those for its bytes.
_EACH: Final = 64


class Group(NamedTuple):
    """What neighbouring nodes have in common: they came out of the same step."""

    parent: int
    """Index of the node they came out of, -1 at the top."""
    path: str | None
    """None = that of the parent and the step."""
    step: str
    """The step that yielded them: ``body``, ``query``, ``json``, ``b64`` …"""
    depth: int
    start: int
    """Index of the first node."""
    within: list[int] | None
    containers: Containers | None
    """As of ``Columns``."""


class Tree:
    """Grows node by node and enforces the limits. What there is to know of a node stands in columns of equal length."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.data: list[bytes] = []
        self.keys: list[str] = []
        """Name of the field in which a node was found, in lower case; empty = none."""
        self.leaves = bytearray()
        """Whether a node is a single value (a scalar, a field, a header) as opposed to a container."""
        self.steps: list[str | int] = []
        self.reasons: list[str] = []
        """Why the tree is partial, in the order met; empty = complete."""
        self.doubles: list[tuple[int, float, str]] = []
        """Binary floating-point fields: node, value, ``float32`` or ``float64``."""
        self.known = False
        """Some structure or text was recognised in the body."""
        self.starts: list[int] = []
        self.groups: list[Group] = []
        self._sizes: list[int] = []
        self._kinds: set[int] = set()
        self._bytes = 0
        self._steps = self.limits.steps

    def group(self, index: int) -> Group:
        """What a node has in common with its neighbours."""
        return self.groups[bisect.bisect_right(self.starts, index) - 1]

    def path(self, index: int) -> str:
        """Where a node is in the message."""
        parts: list[str] = []
        while True:
            group = self.group(index)
            parts.append(step_text(self.steps[index]))
            if group.within is not None and group.containers is not None:
                parts.append(group.containers.place(group.within[index - group.start]))
            if group.path is not None:
                parts.append(group.path)
                return "".join(reversed(parts))
            parts.append(f".{group.step}")
            index = group.parent

    def parents(self) -> set[int]:
        """Every node that something was found in."""
        return {group.parent for group in self.groups}

    def first(self, size: int) -> Tree:
        """With only so many bytes of all nodes together, the first; itself if these are all. Only to be searched."""
        if self._bytes <= size:
            return self
        cut, cut._sizes, cut.data = copy.copy(self), [], list[bytes]()
        for data in self.data:
            cut.data.append(data[: max(0, size)])
            size -= len(data)
        return cut

    def bare(self) -> int:
        """The body in which nothing was found, -1 if something was."""
        index = next((group.start for group in self.groups if group.step == "body"), -1)
        return -1 if index in self.parents() else index

    def sized(self, wanted: frozenset[int]) -> Iterator[int]:
        """Nodes of these sizes, in their order."""
        fresh = list(map(len, self.data[len(self._sizes) :]))
        self._sizes += fresh
        self._kinds.update(fresh)
        return compress(count(), map(wanted.__contains__, self._sizes)) if self._kinds & wanted else iter(())

    def add(self, path: str, data: bytes, parent: int, step: str, key: str = "", *, leaf: bool = False) -> int:
        """Append a node and return its index. Raises ``LimitReached``."""
        depth = self.group(parent).depth + (step != "field") if parent >= 0 else 0
        self._append(Columns([data], [key.lower()], [""]), parent, path, step, depth, leaf)
        return len(self.data) - 1

    def add_fields(self, items: Columns, parent: int, step: str, depth: int) -> None:
        """Append what a step found in a node, which lies ``depth`` layers deep. Raises ``LimitReached``."""
        self._append(items, parent, None, step, depth + 1, len(items.data) != 1 or items.steps[0] != "")

    def _append(self, items: Columns, parent: int, path: str | None, step: str, depth: int, leaf: bool) -> None:
        start, limit = len(self.data), ""
        if start + len(items.data) > self.limits.nodes:
            limit, items = "nodes", items.first(self.limits.nodes - start)
        size, room = sum(map(len, items.data)), self.limits.total_bytes - self._bytes
        if size > room:
            limit, items = "bytes", items.first(bisect.bisect_right(list(accumulate(map(len, items.data))), room))
        self.spend(size + _EACH * len(items.data))
        self._bytes += size
        if items.data:
            self.starts.append(start)
            self.groups.append(Group(parent, path, step, depth, start, items.within, items.containers))
            self.data += items.data
            self.keys += items.keys
            self.steps += items.steps
            self.leaves += bytes((leaf,)) * len(items.data)
        if limit:
            raise LimitReached(limit)

    def spend(self, count: int) -> None:
        """Count the work of a reader. Raises ``LimitReached`` when the message has used up its steps."""
        self._steps -= count
        if self._steps < 0:
            raise LimitReached("steps")

    def partial(self, reason: str) -> None:
        """Note a reason for incompleteness, once; an empty one is none."""
        if reason and reason not in self.reasons:
            self.reasons.append(reason)

    def room(self) -> int:
        """Bytes that the next decoding step may yield."""
        return max(0, min(self.limits.node_bytes, self.limits.total_bytes - self._bytes))
