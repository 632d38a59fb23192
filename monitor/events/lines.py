"""Every kind of event, and how events are written as lines: with what was inferred, or as the log holds them."""

from typing import Any, Final, get_args

import msgspec

from monitor.events.app import AppEvent, RunEvent, UserEvent
from monitor.events.base import Base
from monitor.events.exploring import ExploringEvent
from monitor.events.recording import RecordingEvent
from monitor.events.traffic import TrafficEvent

#: Version of the log. In version 1 the recorder also wrote its inferences (``monitor.assess.opened``); before 3
#: every stack was written whole (``monitor.evidence.stacks``).
SCHEMA: Final = 3

Event = AppEvent | UserEvent | TrafficEvent | RunEvent | RecordingEvent | ExploringEvent

#: ``kind`` to struct.
KINDS: Final[dict[str, type[Base]]] = {str(struct.__struct_config__.tag): struct for struct in get_args(Event)}

_encoder = msgspec.json.Encoder(order="sorted")
_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def _observed(struct: type[Base]) -> tuple[type[msgspec.Struct], list[str]]:
    """How observations of a kind are written: a struct without inferred fields that leaves out what has its default,
    and the names of the fields it has."""
    config = struct.__struct_config__
    kept = [field for field in msgspec.structs.fields(struct) if field.name not in struct.inferred]
    fields = [(field.name, Any, like(field)) for field in kept]
    shape = msgspec.defstruct(
        struct.__name__, fields, tag=config.tag, tag_field=config.tag_field, kw_only=True, omit_defaults=True
    )
    return shape, [field.name for field in kept]


def like(field: msgspec.structs.FieldInfo, name: str | None = None) -> Any:
    """What makes a field of another struct have the same default, or as this one none; ``name``: in the line."""
    return msgspec.field(default=field.default, default_factory=field.default_factory, name=name)  # type: ignore[call-overload]


_OBSERVED: Final = {struct: _observed(struct) for struct in KINDS.values()}


def encode(event: Event) -> bytes:
    """The event with what was inferred, as sorted JSON in one line without newline (equal to RFC 8785 under the rules
    above)."""
    return _encoder.encode(event)


def encode_observed(event: Event) -> bytes:
    """The event as the log holds it: like ``encode``, without what is inferred and without fields of no content, which
    a reader takes from the schema."""
    shape, fields = _OBSERVED[type(event)]
    return _encoder.encode(shape(**{name: getattr(event, name) for name in fields}))


def decode(line: bytes) -> Event:
    """The event of a line, with or without inferred fields. Raises ``msgspec.ValidationError`` or ``DecodeError``."""
    return _decoder.decode(line)
