"""JSON as fields, and nested values as columns, bounded before anything is built.

What a few bytes can stand for takes a hundred times as much memory as objects. So the elements are counted
first; a document with more of them than a message may have is read piece by piece, up to that number.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import compress
from operator import itemgetter
from typing import Any, Final, NamedTuple, cast

import msgspec

from monitor.content.tree import Columns, Containers, TooDeep, key_step

#: Containers and values that are built, for each field that is wanted.
SPARE: Final = 4
_DEPTH: Final = 500
_FAST: Final = msgspec.json.Decoder(float_hook=str)
#: The one number that would not read as it was written: it would lose its sign.
_MINUS_ZERO: Final = re.compile(rb"-0(?<![^\[:,\s]-0)(?![0-9.eE])")
_NO_MARK: Final = bytes(byte for byte in range(256) if byte not in b",[{")
_MARK: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{},]', re.S)
_SIMPLE: Final = frozenset({str, int, float, bool, type(None), bytes})
_LINE: Final = re.compile(rb"[^\r\n]+")


def read_json(data: bytes, limit: int) -> tuple[Columns, bool]:
    """The scalars of a JSON document in its order, numbers as they were written (an IMEI sent as a number loses no
    digit), and whether that is all of it: above ``limit`` it is not read to its end. Raises ``ValueError``."""
    most = SPARE * limit
    part = data if _elements(data) <= most else _beginning(data, most)
    return flatten(_parsed(part), limit), part is data


def fits(data: bytes, most: int) -> bool:
    """Whether a JSON document has at most so many elements, counted before any is built."""
    try:
        return _elements(data) <= most or _beginning(data, most) is data
    except TooDeep:
        return False


def read_json_lines(data: bytes, limit: int) -> tuple[Columns, bool]:
    """Newline-delimited JSON, two lines or more, and whether that is all of it. Raises ``ValueError``."""
    left, rows, whole = SPARE * limit, [], True
    for match in _LINE.finditer(data):
        line = match[0].strip()
        if not line:
            continue
        if line[:1] not in (b"{", b"["):
            raise ValueError("not JSON lines")
        left -= _elements(line)
        if left < 0:
            whole = False
            break
        rows.append(_parsed(line))
    if len(rows) < 2:
        raise ValueError("not JSON lines")
    return flatten(rows, limit), whole


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
                raise TooDeep("nested too deep")
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
        raise TooDeep("nested too deep") from None


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
    ``TooDeep``."""
    if not isinstance(value, dict | list | tuple):
        return Columns([_scalar(value)], [""], [""])
    found = _Fields([], [], [], [], Containers([0], [""]))
    names = _Steps()
    stack = [] if found.simple(value, 0, names, "") else [(0, _children(value, "", names))]
    while stack:
        number, children = stack[-1]
        for child, step, key in children:
            kind = type(child)
            if kind is str or not isinstance(child, dict | list | tuple):
                if data := child.encode("utf-8", "surrogatepass") if kind is str else _scalar(child):
                    found.data.append(data)
                    found.keys.append(key)
                    found.steps.append(step)
                    found.within.append(number)
            elif len(stack) >= _DEPTH:
                raise TooDeep("nested too deep")
            elif not found.simple(child, inner := found.container(number, step), names, key):
                stack.append((inner, _children(child, key, names)))
                break
            if len(found.data) > limit:
                stack.clear()
                break
        else:
            stack.pop()
    if len(found.containers.within) == 1:
        return Columns(found.data, found.keys, found.steps)
    return Columns(*found)


def _children(value: Any, key: str, names: _Steps) -> Iterator[tuple[Any, str | int, str]]:
    """What a container holds, with the step to it and its name."""
    if not isinstance(value, dict):
        return ((child, number, key) for number, child in enumerate(value))
    texts = (name if isinstance(name, str) else _scalar(name).decode("utf-8", "replace") for name in value)
    return ((child, *names[text]) for text, child in zip(texts, value.values(), strict=True))


class _Fields(NamedTuple):
    data: list[bytes]
    keys: list[str]
    steps: list[str | int]
    within: list[int]
    containers: Containers

    def container(self, within: int, step: str | int) -> int:
        self.containers.within.append(within)
        self.containers.steps.append(step)
        return len(self.containers.within) - 1

    def simple(self, value: Any, within: int, names: _Steps, key: str) -> bool:
        """Append the scalars of a container with no other in it, or of a list of dicts with the same names: what apps
        send most, column by column. False = it is something else."""
        if type(value) is list and set(map(type, value)) == {dict}:
            return self._records(value, within, names)
        if type(value) is not dict:
            data = _column(value)
            if data:
                self._add(data, list(range(len(data))), [key] * len(data), [within] * len(data))
            return data is not None
        data = _column(value.values())
        if data is None or not set(map(type, value)) <= {str}:
            return False
        known = [names[name] for name in value]
        self._add(data, [step for step, _ in known], [key for _, key in known], [within] * len(data))
        return True

    def _records(self, rows: list[dict[Any, Any]], within: int, names: _Steps) -> bool:
        fields = tuple(rows[0])
        if not fields or not all(map(fields.__eq__, map(tuple, rows))) or set(map(type, fields)) != {str}:
            return False
        columns: list[list[bytes]] = []
        for name in fields:
            column = _column(list(map(itemgetter(name), rows)))
            if column is None:
                return False
            columns.append(column)
        known = [names[name] for name in fields]
        count, first = len(rows), len(self.containers.within)
        self.containers.within.extend([within] * count)
        self.containers.steps.extend(range(count))
        data, places, rooms = [b""] * count * len(fields), range(first, first + count), [0] * count * len(fields)
        for number, column in enumerate(columns):
            data[number :: len(fields)], rooms[number :: len(fields)] = column, places
        self._add(data, [step for step, _ in known] * count, [key for _, key in known] * count, rooms)
        return True

    def _add(self, data: list[bytes], steps: Iterable[str | int], keys: Iterable[str], within: Iterable[int]) -> None:
        """Append rows but those whose value is empty."""
        if not all(data):
            steps, keys, within = compress(steps, data), compress(keys, data), compress(within, data)
            data = list(filter(None, data))
        self.data.extend(data)
        self.steps.extend(steps)
        self.keys.extend(keys)
        self.within.extend(within)
