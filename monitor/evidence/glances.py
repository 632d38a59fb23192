"""How lines of the log are looked at before they are decoded: a call with all its fields checked, of any other event
its kind, number and time alone."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, Final

import msgspec

from monitor.events import KINDS, ApiCall, Glance

_SHOWN: Final = {field.name: field for field in msgspec.structs.fields(Glance)}
_NOTHING: Final = Glance()
_OTHERS: Final = ("err", "seq", "t")


def _call() -> type[msgspec.Struct]:
    """A call's line, as strict as the call itself. What a glance does not show goes by another name: who asks for it is
    told that it is not there. In the order of the line, in which a decoder is fastest."""
    fields: list[Any] = [("prev_", str, msgspec.field(name="prev"))]
    for field in sorted(msgspec.structs.fields(ApiCall), key=lambda field: field.name):
        name = field.name if field.name in _SHOWN else f"{field.name}_"
        default = {} if field.required else {"default": field.default}
        if field.default_factory is not msgspec.NODEFAULT:
            default = {"default_factory": field.default_factory}
        shown = name in _SHOWN and name != "values"  # of which a glance shows only that there are some
        kind = _SHOWN[name].type if shown else field.type
        fields.append((name, kind, msgspec.field(name=field.name, **default)))
    return _struct(fields, ApiCall.kind, forbid_unknown_fields=True)


def _other(kind: str) -> type[msgspec.Struct]:
    absent = {name: getattr(_NOTHING, name) for name in _SHOWN if name not in _OTHERS}
    return _struct([(name, int, 0) for name in _OTHERS], kind, absent)


def _struct(fields: list[Any], kind: str, more: dict[str, Any] | None = None, **options: Any) -> type[msgspec.Struct]:
    return msgspec.defstruct("Glanced", fields, namespace={**(more or {}), "kind": kind}, tag_field="kind", tag=kind,
                             frozen=True, kw_only=True, gc=False, **options)  # fmt: skip


_GLANCED: Final[Any] = reduce(or_, (_call() if kind == ApiCall.kind else _other(kind) for kind in KINDS))
#: The glances of whole lines, each with its newline. Raises ``msgspec.DecodeError``, ``UnicodeDecodeError``.
glance_at: Final[Callable[[memoryview], list[Glance]]] = msgspec.json.Decoder(_GLANCED).decode_lines
