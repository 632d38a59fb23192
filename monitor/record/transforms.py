"""Values that were digested, keyed or encrypted before they were sent: what a hooked call made of a known value is
looked for, too, so that a salted digest that nobody could guess is still recognised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from monitor.content import Needle, Searcher
from monitor.events import ApiCall, ValueRef
from monitor.observe import RawValue

#: Results followed in one session; a value digested anew with each request must not grow without end.
MOST: Final = 5000
_FORMS: Final = {"digest": "digest", "message_digest": "digest", "mac": "mac", "cipher": "cipher"}
_LEAST: Final = 8


class Made(NamedTuple):
    """What a call made of known values: their references, and the result as needles that stand for them."""

    refs: list[ValueRef]
    needles: list[Needle]


class Transforms:
    """Remembers the values the app was seen reading and recognises them in what is digested or encrypted."""

    def __init__(self, app: str = "") -> None:
        self._searcher = Searcher(app)
        self._refs: dict[tuple[str, str], ValueRef] = {}
        self._looked: set[tuple[str, str]] = set()
        """Tag and result of the needles made so far."""

    def know(self, value: RawValue, ref: ValueRef) -> None:
        """A value that was read."""
        key = (value.data_type, ref.tag)
        if key not in self._refs:
            self._refs[key] = ref
            self._searcher.add([Needle(value.data_type, ref.tag, value.text)])

    def made(self, event: ApiCall, values: Sequence[RawValue]) -> Made:
        """What the call made of known values; nothing if its input holds none. The last value is the result."""
        inputs, result = [_bytes(value.text) for value in values[:-1]], values[-1].text if values else ""
        owners = {
            (owner.data_type, owner.tag)
            for data in inputs
            for _, _, owner in self._searcher.scan(data)
            if not owner.weak
        }
        refs = [self._refs[key] for key in sorted(owners) if key in self._refs]
        if not refs or len(result) < 2 * _LEAST or len(self._looked) >= MOST:
            return Made(refs, [])
        # What is looked for already under its proper name (a plain digest of the value) is not sought twice.
        known = {(owner.data_type, owner.tag) for _, _, owner in self._searcher.scan(result.encode("utf-8", "replace"))}
        new = [r for r in refs if (r.data_type, r.tag) not in known and (r.tag, result) not in self._looked]
        self._looked.update((ref.tag, result) for ref in new)
        form = _FORMS.get(event.hook.partition(".")[0], "transformed")
        return Made(refs, [Needle(ref.data_type, ref.tag, result, form) for ref in new])


def _bytes(text: str) -> bytes:
    """The bytes that a hook reported as hex; a text as it is."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return text.encode("utf-8", "replace")
