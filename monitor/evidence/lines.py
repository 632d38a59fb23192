"""Reading the log as events: of lines whose chain is checked, the calls that are only counted at a glance.

The first member of a line, ``prev``, is at a fixed place, and holds the hash of the preceding line (64 zeros in the
first line). The verifier that lies in every bundle (``standalone``) reads the lines and follows the chain.
"""

from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from monitor.base.errors import EvidenceDamaged
from monitor.events import KINDS, ApiCall, Event, Glance, like
from monitor.evidence import attested, earlier, stacks
from monitor.evidence.standalone.verify import BODY, PREFIX, Chain, Piece, pieces


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


def decoded(raw: bytes, where: str, reader: stacks.StackReader | None = None) -> Event:
    """The event of a line; ``reader`` knows the lines before it, which a stack may need. Raises ``EvidenceDamaged``."""
    try:
        return earlier.today((reader or stacks.StackReader()).decode(body(raw)))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EvidenceDamaged(f"not an event: {error}", where=where) from None


class Reader:
    """Decodes the events of one log: give it the pieces in order."""

    def __init__(self, *, again: bool = False) -> None:
        """``again``: the chain was followed before."""
        self._chain, self._stacks = None if again else Chain(), stacks.StackReader()

    @property
    def frames(self) -> int:
        """How many frames of stacks the lines so far define."""
        return self._stacks.defined

    def events(self, piece: Piece, counted: Counted | None = None) -> Iterator[Event]:
        """The events in order, without those calls of which a glance is enough: ``counted`` is given each event, once
        those before it were, until it finds one that is to be decoded. Raises ``EvidenceDamaged`` at a break of the
        chain, and for what is not an event or has another number."""
        with attested.damage(Path(piece.file)):
            for good, _ in [(piece, None)] if self._chain is None else self._chain.follow(piece):
                glances = None if counted is None else _at_a_glance(good)
                if counted is None or glances is None:
                    for seq, raw in enumerate(good.lines, good.seq):
                        yield self._event(good, seq, raw)
                    continue
                lines = Lines(good.seq, good.lines)
                while (one := counted(glances, lines)) is not None:
                    yield self._event(good, one.seq, good.lines[one.seq - good.seq])

    def _event(self, piece: Piece, seq: int, raw: bytes) -> Event:
        where = piece.where(seq - piece.seq)
        event = decoded(raw, where, self._stacks)
        if event.seq != seq:
            what = "sequence number out of order"
            raise EvidenceDamaged(what, where=where, expected=str(seq), actual=str(event.seq))
        return event


def _at_a_glance(piece: Piece) -> Iterator[Glance] | None:
    """A glance at each line, all at once; None if one of them is not as it should be."""
    try:
        found = _glances(piece.data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    numbers = list(range(piece.seq, piece.seq + len(piece.lines)))
    return iter(found) if [one.seq for one in found] == numbers else None


def read_events(bundle: Path) -> Iterator[Event]:
    """All events in order, with the chain checked. Raises ``EvidenceDamaged``."""
    reader = Reader()
    with attested.damage(bundle):
        for piece in pieces(bundle):
            yield from reader.events(piece)
