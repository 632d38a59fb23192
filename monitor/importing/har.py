"""HAR 1.2 (``log.entries``), read in bounded memory: one entry at a time, regardless of file size.

Entries are cut out by their brackets before they are parsed, so that a damaged or oversized entry costs only that
entry. A streaming JSON parser (ijson 3.6 was tried) stops at the first invalid byte, NaN or overflowing number and
loses everything after it, buffers strings of any length, and turns a lone surrogate into a question mark.
"""

import base64
import contextlib
import datetime
import json
import re
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from monitor.base.errors import InputError, printable
from monitor.content import codings, values
from monitor.content.decode import Message
from monitor.events import CERTAINTIES, DATA_TYPES, Match, Transmission
from monitor.text.reasons import Skip

ERR_US: Final = 1000
_CHUNK: Final = 1 << 18
ENTRY_MAX: Final = 64 << 20
#: Elements of the JSON of one entry: a small part of what that many bytes could make of memory.
_ELEMENTS: Final = 1 << 18
_STATED_MAX: Final = 200
#: Of a name in the DNS.
_HOST_MAX: Final = 253
_SCHEMES: Final = frozenset({"http", "https", "ws", "wss"})
_FORM: Final = re.compile(r"[a-z0-9_+.:-]{1,60}")
_CONTROLS: Final = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f]")
#: Bytes before a bracket in which the name of what it holds must be.
_KEY: Final = 200
_ENTRIES: Final = re.compile(rb'"entries"\s*:\s*\Z')
_OUTSIDE: Final = re.compile(rb'["{}\[\]]')
_INSIDE: Final = re.compile(rb'["\\]')


class Scan:
    """Cuts ``log.entries`` into the bytes of its objects. After the iteration ``found`` says whether there was such an
    array, ``whole`` whether it was closed."""

    def __init__(self, stream: IO[bytes], entry_max: int = ENTRY_MAX) -> None:
        self.found = False
        self.whole = False
        self.too_large = 0
        self._stream = stream
        self._max = entry_max
        self._depth = 0
        self._in_text = False
        self._parts: list[bytes] | None = None
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        skip, before = 0, b""
        while chunk := self._stream.read(_CHUNK):
            at, begin = skip, 0
            while at < len(chunk) and (mark := (_INSIDE if self._in_text else _OUTSIDE).search(chunk, at)):
                char, start, at = mark[0], mark.start(), mark.end()
                if char == b"\\":
                    at += 1
                elif char == b'"':
                    self._in_text = not self._in_text
                elif char in b"{[":
                    ahead = (before if start < _KEY else b"") + chunk[max(0, start - _KEY) : start]
                    begin = start if self._open(char, ahead) else begin
                elif (entry := self._close(chunk[begin:at])) is not None:
                    begin = at
                    if entry:
                        yield entry
            skip = max(0, at - len(chunk))
            self._keep(chunk[begin:])
            before = (before + chunk[-_KEY:])[-_KEY:]

    def _open(self, char: bytes, ahead: bytes) -> bool:
        """Whether an entry begins at this bracket, which has these bytes before it."""
        self._depth += 1
        if self._depth == 3 and char == b"[":
            self.found = self.found or _ENTRIES.search(ahead) is not None
        elif self._depth == 4 and char == b"{" and self.found and not self.whole:
            self._parts, self._size = [], 0
            return True
        return False

    def _close(self, last: bytes) -> bytes | None:
        """The entry that ends here; empty = it was too large; None = something else ends here."""
        self._depth -= 1
        if self._depth == 2 and self.found:
            self.whole = True
        if self._depth != 3 or self._parts is None:
            return None
        self._keep(last)
        entry, self._parts = b"".join(self._parts), None
        self.too_large += self._size > self._max
        return entry

    def _keep(self, piece: bytes) -> None:
        if self._parts is not None:
            self._size += len(piece)
            self._parts = [*self._parts, piece] if self._size <= self._max else []


def messages(path: Path, app: str, skipped: Counter[str]) -> Iterator[tuple[Transmission, Message]]:
    """The transmissions of a file before they are searched; what was skipped is counted, by ``Skip``. Raises
    ``InputError`` if it holds no entries."""
    with path.open("rb") as stream:
        scan = Scan(stream)
        for number, raw in enumerate(scan, 1):
            try:
                yield from parse_entry(raw, app, f"har-{number}", skipped)
            except ValueError as error:
                skipped[str(error)] += 1
    if not scan.found:
        raise InputError("contains no log.entries", where=str(path), hint="HAR 1.2 is expected")
    skipped += Counter({Skip.TOO_LARGE: scan.too_large, Skip.CUT_SHORT: int(not scan.whole)})


def parse_entry(raw: bytes, app: str, flow: str, skipped: Counter[str]) -> list[tuple[Transmission, Message]]:
    """The request of an entry before it is searched, and the WebSocket messages sent afterwards. Of a HAR that was
    written from a recorded session, the request has the matches of the body that is not there. Raises ``ValueError``
    with a ``Skip``, which holds nothing of the content."""
    entry = _read(raw)
    request, response = _part(entry, "request"), _part(entry, "response")
    t, url, port = _when_and_where(entry, request)
    headers = [(_text(h, "name"), _text(h, "value")) for h in _items(request, "headers")][:1000]
    named = {name.lower(): value for name, value in headers}
    post = _part(request, "postData")
    redacted = "_matches" in entry and _text(post, "comment") == "redacted" and not _text(post, "text")
    body, encoding = (b"", "") if redacted else _body(post, named.get("content-encoding", ""))
    stated = list(filter(None, map(_stated, _items(entry, "_matches")[:_STATED_MAX])))
    message = Message(
        target=_bytes(url.path + (f"?{url.query}" if url.query else "")), body=body, encoding=encoding,
        headers=[(_bytes(n), _bytes(v)) for n, v in headers if not n.startswith(":")],
        content_type=named.get("content-type") or _text(post, "mimeType"),
    )  # fmt: skip
    event = Transmission(
        t=t, err=ERR_US, src="import", app=app, flow=flow, host=url.hostname or "", port=port, scheme=url.scheme,
        bytes=len(body) or (_whole(request, "bodySize") if stated or redacted else 0),
        matches=[] if body else stated, method=_text(request, "method"), content_type=message.content_type,
        path=message.target.decode("utf-8", "replace"), http_version=_text(request, "httpVersion"),
        status=_whole(response, "status"), response_bytes=_whole(_part(response, "content"), "size"),
    )  # fmt: skip
    skipped[Skip.REDACTED] += redacted | bool(event.matches)
    return [(event, message), *_websocket_parts(event, _items(entry, "_webSocketMessages"))]


def _read(raw: bytes) -> Any:
    """The JSON of an entry. Raises ``ValueError`` with a ``Skip``."""
    if not values.fits(raw, _ELEMENTS):
        raise ValueError(Skip.TOO_LARGE)
    for read in (msgspec.json.decode, json.loads):  # the second also reads NaN and lone surrogates
        with contextlib.suppress(ValueError, RecursionError):
            return read(raw)
    raise ValueError(Skip.NOT_JSON)


def _websocket_parts(event: Transmission, items: list[dict[str, Any]]) -> Iterator[tuple[Transmission, Message]]:
    """The messages sent over the WebSocket that a request opened."""
    for number, item in enumerate((item for item in items if _text(item, "type") == "send"), 1):
        when, data = item.get("time"), _bytes(_text(item, "data"))
        with contextlib.suppress(ValueError):
            data = base64.b64decode(data, validate=True) if item.get("opcode") == 2 else data
        part = msgspec.structs.replace(
            event, t=int(when * 1_000_000) if isinstance(when, int | float) and 0 < when < 9e9 else event.t,
            flow=f"{event.flow}#{number}", bytes=len(data), protocol="websocket", method="", content_type="",
            matches=[],
        )  # fmt: skip
        yield part, Message(body=data)


def _when_and_where(entry: Any, request: dict[str, Any]) -> tuple[int, urllib.parse.SplitResult, int]:
    """Microseconds since the epoch, URL and port. Raises ``ValueError`` with a ``Skip``."""
    try:
        t = _microseconds(entry)
        url = urllib.parse.urlsplit(_text(request, "url"))
        port = url.port or (443 if url.scheme in ("https", "wss") else 80)
    except (ValueError, OverflowError):
        raise ValueError(Skip.NO_TIME_OR_URL) from None
    if not url.hostname or len(url.hostname) > _HOST_MAX or url.scheme not in _SCHEMES or t < 0:
        raise ValueError(Skip.NO_HOST)
    if t >= 1 << 53:
        raise ValueError(Skip.FAR_FUTURE)
    return t, url, port


def _microseconds(entry: Any) -> int:
    """When an entry began: ISO 8601, or milliseconds since the epoch as some tools of phones write. Raises
    ``ValueError``."""
    stated = _field(entry, "startedDateTime", 0) or _field(entry, "startedDateTime", 0.0)
    text = _text(entry, "startedDateTime")
    if stated or text.isdecimal():
        return int(float(stated or text) * 1000)
    started = datetime.datetime.fromisoformat(text)
    return int((started if started.tzinfo else started.replace(tzinfo=datetime.UTC)).timestamp() * 1_000_000)


def _stated(item: dict[str, Any]) -> Match | None:
    data_type, form, path, certainty = (_text(item, key) for key in ("data_type", "form", "path", "certainty"))
    if data_type not in DATA_TYPES or certainty not in CERTAINTIES or not _FORM.fullmatch(form):
        return None
    return Match(data_type=data_type, form=form, path=printable(path, 200), certainty=certainty)


def _body(post: dict[str, Any], encoding: str) -> tuple[bytes, str]:
    """The body's bytes and the content codings still applied to them (most exporters have removed them)."""
    text = _text(post, "text")
    if not text:
        pairs = [(_text(p, "name"), _text(p, "value")) for p in _items(post, "params")]
        return _bytes(urllib.parse.urlencode(pairs, errors="replace")) if pairs else b"", ""
    try:
        if packed := _text(post, "encoding").lower() == "base64":
            body = base64.b64decode(text)
        else:
            body = text.encode("latin-1") if encoding or _CONTROLS.search(text[:64]) else _bytes(text)
    except UnicodeEncodeError:
        body = _bytes(text)
    except ValueError:
        raise ValueError(Skip.NOT_BASE64) from None
    first = next(iter(codings.split_codings(encoding)), "")
    try:
        applied = not first or bool(first in codings.CODINGS and codings.CODINGS[first](body, 1 << 16).data)
    except ValueError:
        return body if packed else _bytes(text), ""
    return body, encoding if applied else ""


def _field[T](value: Any, key: str, default: T) -> T:
    """A field of an object if it is of the default's type; exporters differ, and what is not there is empty."""
    field = value.get(key) if isinstance(value, dict) else None
    return field if type(field) is type(default) else default


def _part(value: Any, key: str) -> dict[str, Any]:
    return _field(value, key, {})


def _items(value: Any, key: str) -> list[Any]:
    listed: list[Any] = _field(value, key, [])
    return [item for item in listed if isinstance(item, dict)]


def _text(value: Any, key: str) -> str:
    return _field(value, key, "")


def _whole(value: Any, key: str) -> int:
    return min(max(_field(value, key, 0), 0), 2**53 - 1)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
