"""Values that were hashed, keyed or encrypted before they were sent: the output that a hooked call derived from a known
value is also searched for, so that even a salted digest is recognised, and so is what was derived from it in turn.

What goes in is searched as traffic is. A call inside a callback that delivers a value ends before the value is known:
for a new value, those of the last calls are looked at once more that began after the one that delivered it.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from monitor.content import Limits, Message, Needle, Searcher, decode
from monitor.content.needles import DIGESTED
from monitor.events import ApiCall, ValueRef
from monitor.session.observe import RawValue

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
_LIMITS: Final = Limits(nodes=2_000, node_bytes=1 << 18, total_bytes=1 << 18, steps=4 << 20)
#: Of the last calls, as many are kept as hold no more bytes of input, and at most so many.
_KEPT: Final = 64 << 10
CALLS: Final = 200


class Made(NamedTuple):
    """What a call derived from known values: their references, and the result as needles for them."""

    refs: list[ValueRef]
    needles: list[Needle]


class _Call(NamedTuple):
    """A call: what went in, and what came out."""

    until: int
    """The latest time at which it can have begun."""
    inputs: list[bytes]
    result: str
    form: str

    @property
    def size(self) -> int:
        return sum(map(len, self.inputs))


class Transforms:
    """Remembers the values that the app was seen reading and recognises them in what is hashed or encrypted."""

    def __init__(self, app: str = "") -> None:
        self.searcher = Searcher(app)
        """Knows every value registered."""
        self._app = app
        self._refs: dict[tuple[str, str], ValueRef] = {}
        self._looked: set[tuple[str, str]] = set()
        """Tag and result of the needles made so far."""
        self._last: deque[_Call] = deque()
        self._size = 0

    def register(self, values: Sequence[RawValue], refs: Sequence[ValueRef], since: int = 0) -> list[Needle]:
        """Values read from ``since`` on; returns the new ones as needles, and what calls that began later had derived
        from them already."""
        fresh = []
        for value, ref in zip(values, refs, strict=True):
            key = (value.data_type, ref.tag)
            if key not in self._refs:
                self._refs[key] = ref
                fresh.append(Needle(value.data_type, ref.tag, value.text))
        self.searcher.add(fresh)
        later = [call for call in self._last if call.until >= since] if fresh else []
        if not later:
            return fresh
        found, late = list(fresh), Searcher(self._app)
        late.add(fresh)
        for call in later:
            needles = self._derived(call, late).needles
            late.add(needles)
            found += needles
        return found

    def made(self, event: ApiCall, values: Sequence[RawValue]) -> Made:
        """What the call derived from known values; nothing if its input holds none. The last value is the result."""
        inputs, result = [_bytes(value.text) for value in values[:-1]], values[-1].text if values else ""
        if _UUID.fullmatch(result):
            result = result.replace("-", "")  # so that its bytes are followed, too
        form = _FORMS.get(event.hook.partition(".")[0], "transformed")
        call = _Call(event.t + event.err, inputs, result, form)
        if inputs and len(result) >= 2 * _LEAST:
            self._last.append(call)
            self._size += call.size
            while self._size > _KEPT or len(self._last) > CALLS:
                self._size -= self._last.popleft().size
        return self._derived(call, self.searcher)

    def _derived(self, call: _Call, searcher: Searcher) -> Made:
        owners = {key for data in call.inputs for key in _held(data, searcher)}
        refs = [self._refs[key] for key in sorted(owners) if key in self._refs]
        signature = call.form in DIGESTED and call.size > _MESSAGE
        if any((not refs, signature, len(call.result) < 2 * _LEAST, len(self._looked) >= MOST)):
            return Made(refs, [])
        # What is already searched for under its own name (a plain digest of the value) is not added twice.
        plain = self.searcher.scan(call.result.encode("utf-8", "replace"))
        known = {(owner.data_type, owner.tag) for _, _, owner in plain}
        new = [r for r in refs if (r.data_type, r.tag) not in known and (r.tag, call.result) not in self._looked]
        self._looked.update((ref.tag, call.result) for ref in new)
        needles = [Needle(ref.data_type, ref.tag, call.result, call.form) for ref in new]
        self.searcher.add(needles)
        return Made(refs, needles)


def _held(data: bytes, searcher: Searcher) -> Iterator[tuple[str, str]]:
    """Data type and tag of the values that something holds, as it is or decoded."""
    for _, _, owner in searcher.scan(data, joined=True):
        if not owner.weak:
            yield owner.data_type, owner.tag
    for match in searcher.search(decode(Message(body=data), _LIMITS), shapes=False):
        if match.certainty == "found":
            yield match.data_type, match.tag


def _bytes(text: str) -> bytes:
    """The bytes that a hook reported as hex; a text as it is."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return text.encode("utf-8", "replace")
