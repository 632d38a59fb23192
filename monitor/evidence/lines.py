"""Reading the log: raw lines with their place, the chain checked as they are read, and events.

The hash of a line covers its bytes without the newline. ``prev`` is its first member, at a fixed place, and holds the
hash of the preceding line (64 zeros in the first line), so the chain is checked by slicing bytes, without a parser.
"""

import re
from collections.abc import Callable, Iterator
from functools import reduce
from hashlib import sha256
from io import BytesIO
from operator import or_
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

from monitor.base.errors import EvidenceDamaged, InputError
from monitor.events import KINDS, ApiCall, Event, Glance, like
from monitor.evidence.earlier import today
from monitor.evidence.stacks import StackReader
from monitor.evidence.standalone.verify import BODY, EVENTS, GENESIS, MAX_LINE, ORIGINAL, PREFIX, either_of

#: What stands between the hashes of the beginnings of lines.
_BETWEEN: Final = '",{"prev":"'
#: Bytes of a file that are read at once.
_PIECE: Final = 1 << 15
_SEGMENT = re.compile(r"[0-9]{6}\.jsonl")


class Piece(NamedTuple):
    """Lines that follow each other in one file, without newlines; the place is that of the first."""

    file: str
    """Path in the bundle."""
    number: int
    """From 1, in its file."""
    seq: int
    """From 1, in the log."""
    offset: int
    """Of its first byte in its file."""
    lines: list[bytes]
    data: memoryview
    """The same with their newlines."""
    complete: bool = True
    """Whether a newline ended the last one."""

    def where(self, index: int) -> str:
        """For messages: file, line and sequence number of one of them."""
        return _where(self.file, self.number + index, self.seq + index)


def _where(file: str, number: int, seq: int) -> str:
    return f"{file}:{number} (seq {seq})"


class Lines(NamedTuple):
    """The lines of some events in order; ``seq``: number of the first."""

    seq: int
    raw: list[bytes]


#: Takes the events that need not be decoded now, and returns the first that must be; None: there is none.
Counted = Callable[[Iterator[Glance], Lines], Glance | None]
#: How a line is looked at before it is decoded: a call with all its fields checked, of any other event its kind, number
#: and time alone.
_SHOWN: Final = {field.name: field for field in msgspec.structs.fields(Glance)}
_NOTHING: Final = Glance()
_OTHERS: Final = ("err", "seq", "t")


def _call() -> type[msgspec.Struct]:
    """A call's line, as strict as the call itself. What a glance does not show goes by another name: who asks for it is
    told that it is not there. In the order of the line, in which a decoder is fastest."""
    fields: list[Any] = [("prev_", str, msgspec.field(name="prev"))]
    for field in sorted(msgspec.structs.fields(ApiCall), key=lambda field: field.name):
        name = field.name if field.name in _SHOWN else f"{field.name}_"
        shown = name in _SHOWN and name != "values"  # of which a glance shows only that there are some
        kind = _SHOWN[name].type if shown else field.type
        fields.append((name, kind, like(field, field.name)))
    return _struct(fields, ApiCall.kind, forbid_unknown_fields=True)


def _other(kind: str) -> type[msgspec.Struct]:
    absent = {name: getattr(_NOTHING, name) for name in _SHOWN if name not in _OTHERS}
    return _struct([(name, int, 0) for name in _OTHERS], kind, absent)


def _struct(fields: list[Any], kind: str, more: dict[str, Any] | None = None, **options: Any) -> type[msgspec.Struct]:
    return msgspec.defstruct("Glanced", fields, namespace={**(more or {}), "kind": kind}, tag_field="kind", tag=kind,
                             frozen=True, kw_only=True, gc=False, **options)  # fmt: skip


_GLANCED: Final[Any] = reduce(or_, (_call() if kind == ApiCall.kind else _other(kind) for kind in KINDS))
#: The glances of whole lines, each with its newline. Raises ``msgspec.DecodeError``, ``UnicodeDecodeError``.
_glances: Final[Callable[[memoryview], list[Glance]]] = msgspec.json.Decoder(_GLANCED).decode_lines


def frame(prev: bytes, body: bytes) -> bytes:
    """The line of an encoded event: ``prev`` (64 hex digits) put first. Inverse of ``body``."""
    return PREFIX + prev + b'",' + body[1:]


def body(raw: bytes) -> bytes:
    """The encoded event of a line, ``prev`` taken out."""
    return b"{" + raw[BODY:]


def links(raw: bytes, prev: bytes) -> bool:
    """Whether the line names ``prev`` as its predecessor's hash."""
    return raw[:BODY] == PREFIX + prev + b'",'


def segments(bundle: Path) -> list[Path]:
    """The segment files in order. Raises ``InputError`` (no log) or ``EvidenceDamaged`` (a gap, an unknown file)."""
    directory = bundle / EVENTS
    if not directory.is_dir():
        raise InputError("no event log here", where=str(bundle), hint="give the directory of an evidence bundle")
    found = sorted(directory.iterdir())
    for number, path in enumerate(found, 1):
        if not _SEGMENT.fullmatch(path.name) or path.is_symlink() or not path.is_file():
            raise EvidenceDamaged("a file that is not a segment of the log", where=f"{EVENTS}/{path.name}")
        if path.name != f"{number:06}.jsonl":
            raise EvidenceDamaged(
                "a segment of the log is missing", where=EVENTS, expected=f"{number:06}.jsonl", actual=path.name
            )
    return found


def pieces(file: BinaryIO, name: str, seq: int = 1) -> Iterator[Piece]:
    """The lines of a segment file, as stored. Raises ``EvidenceDamaged`` for an endless line."""
    number, offset, rest = 1, 0, b""
    while data := file.read(_PIECE):
        whole = rest + data
        lines = BytesIO(whole).readlines()  # three times as fast as ``split``
        rest = b"" if lines[-1].endswith(b"\n") else lines.pop()
        if len(rest) > MAX_LINE or (lines and len(lines[0]) > MAX_LINE):  # of the others, none is longer than a piece
            raise EvidenceDamaged(f"a line longer than {MAX_LINE} bytes", where=_where(name, number, seq))
        if lines:
            ended = memoryview(whole)[: len(whole) - len(rest)]
            yield Piece(name, number, seq, offset, [line[:-1] for line in lines], ended)
            number, seq, offset = number + len(lines), seq + len(lines), offset + len(ended)
    if rest:
        yield Piece(name, number, seq, offset, [rest], memoryview(rest), complete=False)


def all_pieces(bundle: Path) -> Iterator[Piece]:
    """All lines as stored, checked only for length. Raises ``EvidenceDamaged`` for an endless line."""
    seq = 1
    for path in segments(bundle):
        with path.open("rb") as file:
            for piece in pieces(file, f"{EVENTS}/{path.name}", seq):
                yield piece
                seq = piece.seq + len(piece.lines)


class Reader:
    """Follows the chain of one log and decodes its events: give it the pieces in order, each to one of its methods."""

    def __init__(self, *, again: bool = False) -> None:
        """``again``: the chain was followed before."""
        self._again, self._stacks = again, StackReader()
        self._prev, self._before = GENESIS.decode(), ""
        """Hash and place of the line before."""

    @property
    def frames(self) -> int:
        """How many frames of stacks the lines so far define."""
        return self._stacks.defined

    def checked(self, piece: Piece) -> Iterator[tuple[Piece, list[str]]]:
        """The piece and the hash of each line, as 64 hex digits; of one in which the chain breaks, what is before that,
        and then ``EvidenceDamaged``."""
        hashes = [sha256(raw).hexdigest() for raw in piece.lines]
        prevs, good = [self._prev, *hashes[:-1]], len(hashes)
        if b"".join([raw[:BODY] for raw in piece.lines]) != PREFIX + _BETWEEN.join(prevs).encode() + b'",':
            good = next(index for index, raw in enumerate(piece.lines) if not links(raw, prevs[index].encode()))
        if good and piece.complete:
            self._prev, self._before = hashes[good - 1], piece.where(good - 1)
            yield (piece, hashes) if good == len(hashes) else (piece._replace(lines=piece.lines[:good]), hashes[:good])
        if good < len(hashes):
            raise EvidenceDamaged(
                "the line does not follow from the previous one",
                where=piece.where(good),
                expected=f"prev {prevs[good]}",
                actual=_shown(piece.lines[good]),
                hint=f"{either_of(self._before)}; {ORIGINAL}",
            )
        if not piece.complete:
            raise EvidenceDamaged("the last line is cut off", where=piece.where(0))

    def events(self, piece: Piece, counted: Counted | None = None) -> Iterator[Event]:
        """The events in order, without those calls of which a glance is enough: ``counted`` is given each event, once
        those before it were, until it finds one that is to be decoded. Raises ``EvidenceDamaged`` at a break of the
        chain, and for what is not an event or has another number."""
        for good in [piece] if self._again else (good for good, _ in self.checked(piece)):
            glances = None if counted is None else _at_a_glance(good)
            if counted is None or glances is None:
                for seq, raw in enumerate(good.lines, good.seq):
                    yield self._event(good, seq, raw)
                continue
            lines = Lines(good.seq, good.lines)
            while (one := counted(glances, lines)) is not None:
                yield self._event(good, one.seq, good.lines[one.seq - good.seq])

    def _event(self, piece: Piece, seq: int, raw: bytes) -> Event:
        try:
            event = today(self._stacks.decode(body(raw)))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise EvidenceDamaged(f"not an event: {error}", where=piece.where(seq - piece.seq)) from None
        if event.seq != seq:
            raise EvidenceDamaged(
                "sequence number out of order",
                where=piece.where(seq - piece.seq),
                expected=str(seq),
                actual=str(event.seq),
            )
        return event


def _at_a_glance(piece: Piece) -> Iterator[Glance] | None:
    """A glance at each line, all at once; None if one of them is not as it should be."""
    try:
        found = _glances(piece.data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    numbers = list(range(piece.seq, piece.seq + len(piece.lines)))
    return iter(found) if [one.seq for one in found] == numbers else None


def _shown(raw: bytes) -> str:
    if raw.startswith(PREFIX):
        return "prev " + raw[len(PREFIX) : BODY - 2].decode("ascii", "replace")
    return "a line without prev"


def checked_pieces(bundle: Path) -> Iterator[tuple[Piece, list[str]]]:
    """All lines, each with its hash as 64 hex digits. Raises ``EvidenceDamaged`` at the first break of the chain."""
    reader = Reader()
    for piece in all_pieces(bundle):
        yield from reader.checked(piece)


def read_events(bundle: Path) -> Iterator[Event]:
    """All events in order, with the chain checked. Raises ``EvidenceDamaged``, ``InputError``."""
    reader = Reader()
    for piece in all_pieces(bundle):
        yield from reader.events(piece)
