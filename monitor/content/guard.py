"""The barrier between observations and the public part: no text of an event holds a known value, in any encoding.

guard = Guard("com.example.shop")
guard.learn([("imei", tag, "860123456789012")])
guard.public(event)          # the same event, with "…" in place of the value

A value that becomes known only later cannot be hidden here; ``Guard.betrays`` finds it again in what was written.
"""

import html
import re
import unicodedata
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import msgspec

from monitor.content.decode import Message, decode
from monitor.content.identifiers import is_dummy, is_name, is_weak
from monitor.content.needles import Needle, base64_inside
from monitor.content.readback import Readback
from monitor.content.search import Searcher, cut
from monitor.content.tree import Limits
from monitor.events import NOT_PERSONAL, Decision, Event, Explored, Missed, PlaceSeen, Step, Tap, Transmission
from monitor.session.observe import bucket

#: Types of value shared by many devices, or that name software rather than a person: masking them would hide evidence.
SHARED: Final = (NOT_PERSONAL - {"ui_input", "prompt"}) | frozenset(
    "apps procs sim_op hw_fp sensors a11y notif screen camera mic nfc".split()
)
HIDDEN: Final = "…"
#: Fields with our own or the catalogue's words, or keyed digests: never the app's text.
_OURS: Final = frozenset(
    """kind src app hook role data_type sig outcome sdk org party certainty form tag commit via state verb scheme
    protocol link decoded attribution what sha256 head tree screenshot flow result dialog window_kind action prompt_kind
    reading inner hooks calls overloads""".split()
)
#: Fields that hold our structs; in any other mapping both values and keys may be the app's text.
_STRUCTS: Final = frozenset({"matches", "match", "values", "frames", "boxes", "states", "differing"})
_LIMITS: Final = Limits(nodes=2_000, node_bytes=1 << 20, total_bytes=4 << 20, steps=32 << 20)
#: What an event keeps of the texts of a request or a screen, in characters; of a list, each struct keeps its own. They
#: are cut here, once no value is in them: in what was cut before, a part of a value may remain. Of a text that is too
#: long to be searched nothing is kept.
_KEPT: Final[dict[type[msgspec.Struct], dict[str, int]]] = {
    Transmission: {"method": 20, "http_version": 20, "content_type": 120}, Tap: {"label": 500},
    Step: {"label": 500, "detail": 300}, PlaceSeen: {"title": 80}, Decision: {"control": 80},
    Explored: {"controls_missed": 0}, Missed: {"label": 80},
}  # fmt: skip
_MOST: Final = 20_000
#: From so many characters on, the beginning of a value is a part of it that reveals something; so many of these are
#: digits, so that it is no word.
_BEGINNING, _DIGITS = 7, 4
_LONGEST_END: Final = 64
_SHORTEST: Final = 6
_SHORTEST_NAME: Final = 3
_REMEMBERED: Final = 20_000
_PLAIN: Final = re.compile(r"[A-Za-z]{1,30}([ _.$/-][A-Za-z]{1,30}){0,12}")
_LABEL, _SEGMENT = re.compile(r"[^.]+"), re.compile(r"[^/]+")
_PIECES: Final = {"host": _LABEL, "sni": _LABEL, "named": _LABEL, "path": _SEGMENT}
_SEPARATORS: Final = re.compile(r"[^0-9A-Za-z]+")
_LONGEST_JOINED: Final = 4_000
#: Characters that nobody sees: a soft hyphen, zero-width spaces, joiners and marks of direction.
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def personal(data_type: str, value: str) -> bool:
    """Whether a value must not appear in anything public: it is about a person or device, and long enough to be
    recognised."""
    return data_type not in SHARED and (not is_weak(value) or is_name(data_type, value))


class Guard:
    """Knows the values of one session. Not thread-safe: one thread learns and asks."""

    def __init__(self, app: str = "", known: Searcher | None = None) -> None:
        """``known``: knows the values to be learnt already (its owner adds them first), so that their patterns, which
        are many, are built once."""
        self._searcher = Searcher(app)
        self._searchers = [self._searcher] if known is None else [known, self._searcher]
        self._seen: dict[str, str] = {}
        self._known: set[tuple[str, str]] = set()
        self._beginnings: defaultdict[str, set[str]] = defaultdict(set)
        self._readback = Readback(self._scanned, self._searched, self._digested)

    def learn(self, values: Iterable[tuple[str, str, str]]) -> None:
        """Add values as (data type, tag, text); non-secret ones are skipped."""
        before, fresh = len(self._known), []
        for data_type, tag, text in values:
            if (data_type, text) not in self._known and personal(data_type, text):
                self._known.add((data_type, text))
                if named := _named(data_type, tag, text):
                    fresh += named
                elif len(self._searchers) == 1:
                    fresh.append(Needle(data_type, tag, text))
                if sum(map(str.isdigit, text[:_BEGINNING])) >= _DIGITS:
                    self._beginnings[text[:_BEGINNING]].add(text)
                if not is_dummy(text):
                    self._readback.learn(data_type, text)
        if len(self._known) > before:
            self._searcher.add(fresh)
            self._seen.clear()

    def public(self, event: Event) -> Event:
        """The event as it may be written."""
        if self._known:
            plain = msgspec.to_builtins(event)
            clean = {key: value if key in _OURS else self._clean(key, value) for key, value in plain.items()}
            event = event if clean == plain else msgspec.convert(clean, type(event))
        return _short(event)

    def hide(self, text: str) -> str:
        """The text with "…" in place of any known value, or only "…" where it cannot be cut out."""
        if len(text) < (_SHORTEST if text.isascii() else _SHORTEST_NAME) or not self._known:
            return text
        if text not in self._seen:
            hidden = self._hidden(text)
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            self._seen[text] = hidden
        return self._seen[text]

    def matches(self, text: str) -> str:
        """The data type of a known value in the text, in any encoding; empty if there is none."""
        for variant in _variants(text):
            raw = variant.encode("utf-8", "surrogatepass")
            plain = _PLAIN.fullmatch(variant) is not None
            if found := self._scanned(raw) or (not plain and (self._searched(raw) or self._readback.find(variant))):
                return found
        joined = _SEPARATORS.sub("", text[:_LONGEST_JOINED])  # parts of one value in segments, labels or keys
        return self._scanned(joined.encode()) if joined != text else ""

    def _searched(self, raw: bytes) -> str:
        """The type of a known value that the search of traffic finds in a body of these bytes: decoded and searched as
        traffic is, so that nothing is made public that it would find."""
        tree = decode(Message(body=raw), _LIMITS)
        found = (match for searcher in self._searchers for match in searcher.search(tree, shapes=False))
        return _secret(match.data_type for match in found if match.certainty == "found")

    def _digested(self, raw: bytes) -> str:
        """The data type of the known value of which some bytes are a digest."""
        return _secret(owner.data_type for searcher in self._searchers for owner in searcher.digests.owners(raw))

    def _scanned(self, raw: bytes) -> str:
        """The data type of a known value in some bytes, in the forms that traffic is searched for."""
        return _secret(data_type for _, _, data_type in self._scan(raw))

    def _scan(self, raw: bytes) -> Iterator[tuple[int, int, str]]:
        """Where known values stand in those forms, and of what type they are."""
        for searcher in self._searchers:
            for start, end, owner in searcher.scan(raw):
                if not owner.weak and owner.data_type not in SHARED:
                    yield start, end, owner.data_type

    def _begun(self, text: str) -> int:
        """How much of a text that may have been cut stands before the beginning of a value at its end."""
        end, start = len(text), max(0, len(text) - _LONGEST_END)
        while start <= end - _BEGINNING:
            begun = self._beginnings.get(text[start : start + _BEGINNING])
            if begun and any(value.startswith(text[start:end]) for value in begun):
                end, start = start, max(0, start - _LONGEST_END)
            else:
                start += 1
        return end

    def _hidden(self, text: str) -> str:
        kept = self._begun(text)
        if kept < len(text):
            return self.hide(text[:kept]) + HIDDEN
        if not self.matches(text):
            return text
        for variant in _variants(text):
            raw = self._readback.hide(variant, HIDDEN).encode("utf-8", "surrogatepass")
            shorter = cut(raw, ((start, end) for start, end, _ in self._scan(raw)))
            if shorter != variant and not self.matches(shorter):
                return shorter
        return HIDDEN

    def _clean(self, key: str, value: Any) -> Any:
        if isinstance(value, str):
            return self._pieces(key, value)
        if isinstance(value, dict):
            return {
                self.hide(str(name)): item if key in _STRUCTS and name in _OURS else self._clean(str(name), item)
                for name, item in value.items()
            }
        if not isinstance(value, list):
            return value
        cleaned = [self._clean(key, item) for item in value]
        texts = [item for item in cleaned if isinstance(item, str)]
        split = len(texts) > 1 and len(texts) == len(cleaned)  # a value, perhaps, across neighbouring texts
        if split and self._scanned("".join(texts).encode("utf-8", "surrogatepass")):
            return [HIDDEN] * len(cleaned)
        return cleaned

    def _pieces(self, key: str, value: str) -> str:
        """A host label by label and a path segment by segment, so that its owner remains readable; anything else as a
        whole."""
        pattern = _PIECES.get(key)
        if pattern is not None and self.matches(value):
            value = pattern.sub(lambda match: HIDDEN if self.matches(match[0]) else match[0], value)
        return self.hide(value)


def _short[Made: msgspec.Struct](made: Made) -> Made:
    """With no longer texts than it keeps."""
    kept = _KEPT.get(type(made), {})
    texts = {name: getattr(made, name) for name in kept}
    short = {
        name: [*map(_short, text)] if isinstance(text, list) else HIDDEN if len(text) > _MOST else text[: kept[name]]
        for name, text in texts.items()
    }
    return made if short == texts else msgspec.structs.replace(made, **short)


def _secret(data_types: Iterable[str]) -> str:
    """The first type of value that must not be public, if there is any."""
    return next((data_type for data_type in data_types if data_type not in SHARED), "")


def _named(data_type: str, tag: str, text: str) -> list[Needle]:
    """A name as text, hex and base64; empty if it is none."""
    if not is_name(data_type, text):
        return []
    raw = text.encode()
    dressed = [text, raw.hex(), *(part.decode() for _, part in base64_inside(raw))]
    return [Needle(data_type, tag, item, "name") for item in dressed]


def _variants(text: str) -> list[str]:
    """The text as is, and with percent-encoding, entities and look-alike characters resolved, and without unseen
    ones."""
    found = [text]
    for _ in range(3):
        before = found[-1]
        after = _UNSEEN.sub("", unicodedata.normalize("NFKC", html.unescape(urllib.parse.unquote(before))))
        if after == before:
            break
        found.append(after)
    return found


def covered(event: Event, cover: Callable[[str], str]) -> Event:
    """A transmission without the digest and exact lengths of its body, from which a body with one identifier as its
    only unknown could be guessed in seconds. ``cover`` returns the keyed digest for a SHA-256."""
    if not isinstance(event, Transmission):
        return event
    lengths = {"bytes": bucket(event.bytes), "response_bytes": bucket(event.response_bytes)}
    return msgspec.structs.replace(event, sha256=cover(event.sha256), head=cover(event.head), **lengths)
