"""Reading the log: raw lines with their place, the chain checked as they are read, and events.

The hash of a line covers its bytes without the newline. ``prev`` is its first member, at a fixed place, and holds the
hash of the preceding line (64 zeros in the first line), so the chain is checked by slicing bytes, without a parser.
"""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import msgspec

from monitor.base.errors import EvidenceDamaged, InputError
from monitor.events import ApiCall, Event, Glance
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
    """The lines of some events in order, and what decodes one that was found to be of a call."""

    seq: int
    """Of the first."""
    raw: list[bytes]
    call: Callable[[bytes], ApiCall]
    """Raises ``EvidenceDamaged``."""


#: Takes the events that need not be decoded now, and returns the first that must be; None: there is none.
Counted = Callable[[Iterator[Glance], Lines], Glance | None]
_glances: Final = msgspec.json.Decoder(Glance).decode_lines
_glance: Final = msgspec.json.Decoder(Glance).decode
_call: Final = msgspec.json.Decoder(ApiCall).decode


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

    glances: Callable[[memoryview], list[Glance]] = staticmethod(_glances)
    """Looks at whole lines, each with its newline. Raises ``msgspec.DecodeError``, ``UnicodeDecodeError``."""

    def __init__(self) -> None:
        self._prev = GENESIS.decode()
        """Hash of the line before."""
        self._before = ""
        """Its place."""
        self._files: list[tuple[int, str]] = []
        """Number of the first event of each file."""
        self._stacks = StackReader()

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
        chain, and for what is not an event or has another number; a call that is counted is checked only in the fields
        that ``glances`` looks at."""
        if piece.number == 1:
            self._files.append((piece.seq, piece.file))
        for good, _ in self.checked(piece):
            glances = None if counted is None else _at_a_glance(good, self.glances)
            if counted is None or glances is None:
                for seq, raw in enumerate(good.lines, good.seq):
                    yield self._event(good, seq, raw)
                continue
            lines = Lines(good.seq, good.lines, self._whole)
            while (one := counted(glances, lines)) is not None:
                yield self._event(good, one.seq, good.lines[one.seq - good.seq])

    def _whole(self, raw: bytes) -> ApiCall:
        """The call of a line at which somebody glanced."""
        try:
            return _call(body(raw))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            seq = _glance(raw).seq
            first, file = next(one for one in reversed(self._files) if one[0] <= seq)
            raise EvidenceDamaged(f"not an event: {error}", where=_where(file, seq - first + 1, seq)) from None

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


def _at_a_glance(piece: Piece, glances: Callable[[memoryview], list[Glance]]) -> Iterator[Glance] | None:
    """A glance at each line, all at once; None if one of them is not as it should be."""
    try:
        found = glances(piece.data)
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


def read_events(bundle: Path, counted: Counted | None = None) -> Iterator[Event]:
    """All events in order, with the chain checked; ``counted``: as of ``Reader.events``. Raises ``EvidenceDamaged``,
    ``InputError``."""
    reader = Reader()
    for piece in all_pieces(bundle):
        yield from reader.events(piece, counted)
