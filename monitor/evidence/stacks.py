"""Stacks as the log holds them: a frame is written once, in the line of the first stack that has it (``new``), and
named by its number from then on.

Frames are numbered from 1 in the order of their definitions, over the whole log. Both sides remember the latest
definitions only, so a flood of distinct frames fills neither's memory: the writer defines a forgotten frame again, and
the reader remembers more than the writer names. A stack beyond the limits is written whole, as schema 2 wrote every
stack.
"""

import re
import sys
from functools import reduce
from operator import or_
from typing import Any, Final, get_args

import msgspec

from monitor.base.errors import InputError
from monitor.events import Base, Event, Frame, Stack, encode_observed

#: Frames that the writer still names, and that the reader still knows: the definitions of one line forget none of those
#: that the same line names.
NAMED: Final = 8_192
LONGEST: Final = 1_024
KNOWN: Final = NAMED + LONGEST
#: Characters of each text of a frame.
_MAX_TEXT: Final = 400
_LARGE: Final = re.compile(rb"[:\[,]-?(?:9[0-9]{15}|[0-9]{17,})")


class _New(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The definition of a frame: class, method and, if known, file and line."""

    cls: str
    method: str
    file: str = ""
    line: int = 0


class _Line(Base, frozen=True, kw_only=True, omit_defaults=True, tag="stack"):
    """A stack's line: its frames by number, or (whole) as written before schema 3."""

    stack: int
    frames: list[int | Frame]
    truncated: bool = False
    submitter: int = 0
    new: list[_New] = []


_KINDS: Final[Any] = reduce(or_, (_Line if kind is Stack else kind for kind in get_args(Event)))
_decoder: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(_KINDS)
_encoder: Final = msgspec.json.Encoder(order="sorted")
_FIELDS: Final = tuple(name for name in Stack.__struct_fields__ if name != "frames")


class StackWriter:
    """Encodes events for one log. Not thread-safe."""

    def __init__(self, defined: int = 0) -> None:
        """``defined``: how many frames the log defines already."""
        self._defined = defined
        self._numbers: dict[Frame, int] = {}

    def encode(self, event: Event, most: int = sys.maxsize) -> bytes:
        """The event as the log holds it, verified to be readable again; frames are named by number from now on. Raises
        ``InputError`` for what no log can hold, and for more bytes than ``most``; nothing is defined then."""
        new: dict[Frame, int] = {}
        try:
            data = self._whole(event, new)
            _decoder.decode(data)
            if _LARGE.search(data) and _too_large(msgspec.json.decode(data)):
                raise InputError("an event holds an integer of 2**53 or more")
        except (msgspec.MsgspecError, UnicodeError, TypeError, OverflowError, RecursionError) as error:
            raise InputError(f"an event cannot be recorded: {type(error).__name__}") from None
        if len(data) > most:
            raise InputError(f"an event of {len(data)} bytes is too large for the log", hint="cut its texts")
        self._defined += len(new)
        self._numbers |= new
        while len(self._numbers) > NAMED:
            del self._numbers[next(iter(self._numbers))]
        return data

    def _whole(self, event: Event, new: dict[Frame, int]) -> bytes:
        if not isinstance(event, Stack) or len(event.frames) > LONGEST or not all(map(_short, event.frames)):
            return encode_observed(event)
        for frame in event.frames:
            if frame not in self._numbers and frame not in new:
                new[frame] = self._defined + len(new) + 1
        numbers: list[int | Frame] = [self._numbers.get(frame) or new[frame] for frame in event.frames]
        line = _Line(**{name: getattr(event, name) for name in _FIELDS}, frames=numbers)
        told = msgspec.to_builtins(line) | ({"new": [_defined(frame) for frame in new]} if new else {})
        return _encoder.encode(told)


def _too_large(value: object) -> bool:
    if isinstance(value, dict | list):
        return any(map(_too_large, value.values() if isinstance(value, dict) else value))
    return isinstance(value, int) and abs(value) >= 1 << 53


class StackReader:
    """Decodes the events of one log, from its first line on."""

    def __init__(self) -> None:
        self.defined = 0
        """How many frames were defined so far."""
        self._frames: dict[int, Frame] = {}

    def decode(self, data: bytes) -> Event:
        """The event of a line. Raises ``msgspec.DecodeError``, also for a frame that no line before it defines."""
        event = _decoder.decode(data)
        return self._whole(event) if type(event) is _Line else event

    def _whole(self, line: _Line) -> Stack:
        if len(line.new) > LONGEST:
            raise msgspec.ValidationError(f"a stack that defines more than {LONGEST} frames")
        new = {number: Frame(cls=one.cls, method=one.method, file=one.file, line=one.line)
               for number, one in enumerate(line.new, self.defined + 1)}  # fmt: skip
        if not all(map(_short, new.values())):
            raise msgspec.ValidationError("the definition of a frame is too long")
        known = self._frames
        try:
            frames = [new.get(one) or known[one] if isinstance(one, int) else one for one in line.frames]
        except KeyError as error:
            raise msgspec.ValidationError(f"a stack names frame {error}, which no line before it defines") from None
        self.defined += len(new)
        known |= new
        for number in new:
            known.pop(number - KNOWN, None)
        return Stack(**{name: getattr(line, name) for name in _FIELDS}, frames=frames)


def _short(frame: Frame) -> bool:
    return max(len(frame.cls), len(frame.method), len(frame.file)) <= _MAX_TEXT


def _defined(frame: Frame) -> list[str | int]:
    """The shortest definition: a frame of the platform has neither file nor line."""
    place: list[str | int] = [frame.file, frame.line] if frame.file or frame.line else []
    return [frame.cls, frame.method, *place]
