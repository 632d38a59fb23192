"""JSON as fields, and nested values as columns, bounded before anything is built.

What a few bytes can stand for takes a hundred times as much memory as objects. So the elements are counted
first; a document with more of them than a message may have is read piece by piece, up to that number.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, compress
from operator import itemgetter
from typing import Any, Final, cast

import msgspec

from monitor.content.tree import Columns, Containers, Exceeded, key_step, single

#: Containers and values that are built, for each field that is wanted.
SPARE: Final = 4
_DEPTH: Final = 500
_FAST: Final = msgspec.json.Decoder(float_hook=str)
#: The one number that would not read as it was written: it would lose its sign.
_MINUS_ZERO: Final = re.compile(rb"-0(?<![^\[:,\s]-0)(?![0-9.eE])")
_NO_MARK: Final = bytes(byte for byte in range(256) if byte not in b",[{")
_MARK: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{},]', re.S)
_SIMPLE: Final = frozenset({str, int, float, bool, type(None), bytes})
_OTHER_LINE: Final = re.compile(rb"\n[ \t]*+[^{\[ \t]")


def read_json(data: bytes, limit: int) -> Columns:
    """The scalars of a JSON document in its order, numbers as they were written (an IMEI sent as a number loses no
    digit); above ``limit`` it is not read to its end. Raises ``ValueError``."""
    most = SPARE * limit
    part = data if _elements(data) <= most else _beginning(data, most)
    found = flatten(_parsed(part), limit)
    return found if part is data else found._replace(whole=False)


def fits(data: bytes, most: int) -> bool:
    """Whether a JSON document has at most so many elements, counted before any is built."""
    try:
        return _elements(data) <= most or _beginning(data, most) is data
    except Exceeded:
        return False


def read_json_lines(data: bytes, limit: int) -> Columns:
    """Newline-delimited JSON, two lines or more, each an object or array. Raises ``ValueError``."""
    lines = data.strip().replace(b"\r", b"\n")
    while b"\n\n" in lines:
        lines = lines.replace(b"\n\n", b"\n")
    if b"\n" not in lines or _OTHER_LINE.search(lines):
        raise ValueError("not JSON lines")
    return read_json(b"[" + lines.replace(b"\n", b",") + b"]", limit)


def _elements(data: bytes) -> int:
    """At least as many as the document has; what stands in texts counts, too."""
    return len(data.translate(None, _NO_MARK)) + 1


def _beginning(data: bytes, most: int) -> bytes:
    """The document up to the comma before element ``most``, closed there; the same object if it has fewer."""
    closing: list[bytes] = []
    for match in _MARK.finditer(data):
        mark = match[0]
        if mark == b",":
            if most <= 0:
                return data[: match.start()] + b"".join(reversed(closing))
            most -= 1
        elif mark in (b"[", b"{"):
            if len(closing) >= _DEPTH:
                raise Exceeded("nesting")
            closing.append(b"]" if mark == b"[" else b"}")
            most -= 1
        elif mark in (b"]", b"}") and closing:
            closing.pop()
    return data


def _parsed(data: bytes) -> Any:
    if not _MINUS_ZERO.search(data):
        try:
            return _FAST.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass  # other encodings, single surrogates, NaN: what the standard library reads counts
    try:
        return json.loads(data, parse_int=str, parse_float=str, parse_constant=str)
    except RecursionError:
        raise Exceeded("nesting") from None


def _scalar(value: object) -> bytes:
    if type(value) is str:
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if value is True:
        return b"true"
    if value is False or value is None:
        return b""
    return str(value).encode("utf-8", "surrogatepass")


def _column(values: Collection[object]) -> list[bytes] | None:
    """Scalars as bytes; None = not all are such."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return [b"%d" % number for number in cast("Collection[int]", values)]
    if kinds == {str}:
        try:
            return list(map(str.encode, cast("Collection[str]", values)))
        except UnicodeEncodeError:  # single surrogates
            pass
    return [_scalar(value) for value in values] if kinds <= _SIMPLE else None


class _Steps(dict[str, tuple[str, str]]):
    """Of a name: its step in a path, and the name in lower case."""

    def __missing__(self, name: str) -> tuple[str, str]:
        known = self[name] = (key_step(name), name.lower())
        return known


def flatten(value: Any, limit: int) -> Columns:
    """The scalars of nested dicts and lists, in order, empty ones left out; hardly more than ``limit``. Raises
    ``Exceeded``."""
    if not isinstance(value, dict | list | tuple):
        return single(_scalar(value))
    found = _Fields()
    found.enter(value, 0, "")
    while found.open and len(found.data) <= limit:
        number, children = found.open[-1]
        if (entry := next(children, None)) is None:
            found.open.pop()
            continue
        child, step, key = entry
        if isinstance(child, dict | list | tuple):
            if len(found.open) >= _DEPTH:
                raise Exceeded("nesting")
            found.enter(child, found.containers.add(number, step), key)
        elif data := _scalar(child):
            found.data.append(data)
            found.keys.append(key)
            found.steps.append(step)
            found.within.append(number)
    if len(found.containers.within) == 1:
        return Columns(found.data, found.keys, found.steps)
    return Columns(found.data, found.keys, found.steps, found.within, found.containers)


class _Fields:
    """The scalars met so far, and the containers that are still open, each with its number and the rest of it."""

    def __init__(self) -> None:
        self.data: list[bytes] = []
        self.keys: list[str] = []
        self.steps: list[str | int] = []
        self.within: list[int] = []
        self.containers = Containers([0], [""])
        self.open: list[tuple[int, Iterator[tuple[Any, str | int, str]]]] = []
        self._names = _Steps()

    def enter(self, value: Any, number: int, key: str) -> None:
        """Append the scalars of a container with no other in it, or of a list of dicts with the same names: what apps
        send most, column by column. Anything else is opened."""
        if not value or (type(value) is list and set(map(type, value)) == {dict} and self._records(value, number)):
            return
        data = _column(value.values() if isinstance(value, dict) else value)
        if data is not None and not isinstance(value, dict):
            self.add(data, range(len(data)), [key] * len(data), [number] * len(data))
        elif data is not None and set(map(type, value)) == {str}:
            steps, keys = zip(*map(self._names.__getitem__, value), strict=True)
            self.add(data, steps, keys, [number] * len(data))
        else:
            self.open.append((number, self._children(value, key)))

    def _children(self, value: Any, key: str) -> Iterator[tuple[Any, str | int, str]]:
        """What a container holds, with the step to it and its name."""
        if not isinstance(value, dict):
            return ((child, number, key) for number, child in enumerate(value))
        texts = (name if isinstance(name, str) else _scalar(name).decode("utf-8", "replace") for name in value)
        return ((child, *self._names[text]) for text, child in zip(texts, value.values(), strict=True))

    def _records(self, rows: list[dict[Any, Any]], number: int) -> bool:
        fields = tuple(rows[0])
        if not fields or not all(map(fields.__eq__, map(tuple, rows))) or set(map(type, fields)) != {str}:
            return False
        columns = [_column(list(map(itemgetter(name), rows))) for name in fields]
        if None in columns:
            return False
        steps, keys = zip(*map(self._names.__getitem__, fields), strict=True)
        count, first = len(rows), len(self.containers.within)
        self.containers.within.extend([number] * count)
        self.containers.steps.extend(range(count))
        within = [place for place in range(first, first + count) for _ in fields]
        self.add(list(chain.from_iterable(zip(*columns, strict=True))), steps * count, keys * count, within)
        return True

    def add(self, data: list[bytes], steps: Iterable[str | int], keys: Iterable[str], within: Iterable[int]) -> None:
        """Append rows but those whose value is empty."""
        if not all(data):
            steps, keys, within = compress(steps, data), compress(keys, data), compress(within, data)
            data = list(filter(None, data))
        self.data.extend(data)
        self.steps.extend(steps)
        self.keys.extend(keys)
        self.within.extend(within)
