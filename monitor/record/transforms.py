"""Values that were hashed, keyed or encrypted before they were sent: the output that a hooked call derived from a known
value is also searched for, so that even a salted digest is recognised, and so is what was derived from it in turn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from monitor.content import Needle, Searcher
from monitor.content.needles import DIGESTED
from monitor.events import ApiCall, ValueRef
from monitor.observe import RawValue

#: Results followed in one session; a value hashed anew for each request must not accumulate without bound.
MOST: Final = 5000
_FORMS: Final = {
    "digest": "digest", "message_digest": "digest", "uuid": "digest", "sm3_digest": "digest", "mac": "mac",
    "hmac": "mac", "cipher": "cipher", "sm4_engine": "cipher", "buffered_block_cipher": "cipher",
}  # fmt: skip
_LEAST: Final = 8
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Bytes that a digest may be of to be followed: that of a whole message is its signature, not the value in it.
_MESSAGE: Final = 512


class Made(NamedTuple):
    """What a call derived from known values: their references, and the result as needles for them."""

    refs: list[ValueRef]
    needles: list[Needle]


class Transforms:
    """Remembers the values that the app was seen reading and recognises them in what is hashed or encrypted."""

    def __init__(self, app: str = "") -> None:
        self.searcher = Searcher(app)
        """Knows every value registered."""
        self._refs: dict[tuple[str, str], ValueRef] = {}
        self._looked: set[tuple[str, str]] = set()
        """Tag and result of the needles made so far."""

    def register(self, values: Sequence[RawValue], refs: Sequence[ValueRef]) -> None:
        """Values that were read."""
        fresh = []
        for value, ref in zip(values, refs, strict=True):
            key = (value.data_type, ref.tag)
            if key not in self._refs:
                self._refs[key] = ref
                fresh.append(Needle(value.data_type, ref.tag, value.text))
        self.searcher.add(fresh)

    def made(self, event: ApiCall, values: Sequence[RawValue]) -> Made:
        """What the call derived from known values; nothing if its input holds none. The last value is the result."""
        inputs, result = [_bytes(value.text) for value in values[:-1]], _hexadecimal(values[-1].text) if values else ""
        owners = {
            (owner.data_type, owner.tag)
            for data in inputs
            for _, _, owner in self.searcher.scan(data)
            if not owner.weak
        }
        refs = [self._refs[key] for key in sorted(owners) if key in self._refs]
        form = _FORMS.get(event.hook.partition(".")[0], "transformed")
        signature = form in DIGESTED and sum(map(len, inputs)) > _MESSAGE
        if not refs or signature or len(result) < 2 * _LEAST or len(self._looked) >= MOST:
            return Made(refs, [])
        # What is already searched for under its own name (a plain digest of the value) is not added twice.
        known = {(owner.data_type, owner.tag) for _, _, owner in self.searcher.scan(result.encode("utf-8", "replace"))}
        new = [r for r in refs if (r.data_type, r.tag) not in known and (r.tag, result) not in self._looked]
        self._looked.update((ref.tag, result) for ref in new)
        needles = [Needle(ref.data_type, ref.tag, result, form) for ref in new]
        self.searcher.add(needles)
        return Made(refs, needles)


def _hexadecimal(result: str) -> str:
    """A result; a UUID without its hyphens, so that its bytes are followed too."""
    return result.replace("-", "") if _UUID.fullmatch(result) else result


def _bytes(text: str) -> bytes:
    """The bytes that a hook reported as hex; a text as it is."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return text.encode("utf-8", "replace")
