"""HAR 1.2 of outgoing traffic, from the transmission events: hosts, headers, sizes and what was found in it, never a
value.

A body is redacted: its fields are listed as ``params``, by the path that findings use, with the type of what was found
in place of each value. Fields in which nothing was found are listed only where the private part is at hand, and
without the names that may be data themselves: known values, numbers, and what is no name in a program. Query strings
are omitted. ``monitor import`` takes over what was found. Each entry gives the keyed digest under which the private
part holds the body. Complete messages are in ``private/flows.mitm``.
"""

import re
from datetime import UTC, datetime
from typing import Any, Final

from monitor.content.decode import Message, decode
from monitor.content.hits import ascii_path
from monitor.content.tree import Limits
from monitor.events import Transmission
from monitor.reports._text import clean, json_document
from monitor.reports._view import Blobs, Hide, View
from monitor.reports._words import stated, url

TITLE = "HAR 1.2 of the app's traffic, with redacted bodies"
_FIELDS: Final = 300
_LIMITS: Final = Limits(nodes=5_000, node_bytes=1 << 20, total_bytes=4 << 20, steps=32 << 20)
_STEP: Final = re.compile(r'\["(?:[^"\\]|\\.)*"\]?|(?<=\.)[^.\[]+')
_HEX: Final = re.compile(r"[0-9A-Fa-f]{8}")
_ALL_HEX: Final = re.compile(r"[0-9A-Fa-f]{8,}")
_MARKS: Final = re.compile(r"[^0-9A-Za-z]+")
_LONGEST_NAME: Final = 32
_DIGITS_IN_NAME: Final = 3


def render(view: View) -> bytes:
    """One entry per HTTP message, in time order."""
    sent = [event for event in view.events.of(Transmission) if event.scheme in ("http", "https")]
    creator = {"name": "app-privacy-monitor", "version": view.session.versions.monitor or "0"}
    entries = [_entry(event, view.blobs, view.hide) for event in sorted(sent, key=lambda event: event.t)]
    comment = " ".join([*stated(view), view.t("har.comment")])
    log = {"version": "1.2", "creator": creator, "comment": comment, "pages": [], "entries": entries}
    return json_document({"log": log})


def _fields(event: Transmission, blobs: Blobs | None, hide: Hide) -> list[dict[str, Any]]:
    """The fields of a body with their values redacted; those in which something was found first."""
    found: dict[str, list[str]] = {}
    for match in event.matches:
        if match.path.startswith("body"):
            found.setdefault(match.path, []).append(f"{match.data_type} {match.form}")
    names = dict.fromkeys(found)
    if event.sha256 and blobs and (body := blobs(event.head or event.sha256)):
        tree = decode(Message(body=body[: 1 << 20], content_type=event.content_type), _LIMITS)
        for place in (tree.path(index) for index, leaf in enumerate(tree.leaves) if leaf):
            if place.startswith("body"):
                path = ascii_path(place)
                names.setdefault(path if path in found else _STEP.sub(_named, ascii_path(hide(place))))
    return [
        {"name": clean(name), "value": f"[{', '.join(dict.fromkeys(found.get(name, ['redacted'])))}]"}
        for name in list(names)[:_FIELDS]
    ]


def _named(step: re.Match[str]) -> str:
    """A step of a path, or "…" where it may be data and not the name of a field: quoted, long, or with a number."""
    text = step[0]
    data = (
        text.startswith("[")
        or len(text) > _LONGEST_NAME
        or "@" in text[1:]  # at the beginning: an attribute in XML
        or sum(letter.isdigit() for letter in text) > _DIGITS_IN_NAME
        or _HEX.search(text)
        or _ALL_HEX.fullmatch(_MARKS.sub("", text))
    )
    return "…" if data else text


def _entry(event: Transmission, blobs: Blobs | None, hide: Hide) -> dict[str, Any]:
    host = f"[{event.host}]" if ":" in event.host else event.host
    named = {"Host": host, "Content-Type": event.content_type}
    headers = [{"name": name, "value": clean(value)} for name, value in named.items() if value]
    post = {"mimeType": clean(event.content_type), "text": "", "params": _fields(event, blobs, hide)}
    both = {"httpVersion": clean(event.http_version) or "HTTP/1.1", "cookies": [], "headersSize": -1}
    return {
        "startedDateTime": datetime.fromtimestamp(event.t / 1_000_000, UTC).isoformat(timespec="milliseconds"),
        "time": 0,
        "request": {
            **both,
            "headers": headers,
            "method": clean(event.method) or "GET",
            "url": clean(url(event)),
            "queryString": [],
            "bodySize": event.bytes,
            **({"postData": {**post, "comment": "redacted"}} if event.bytes else {}),
        },
        "response": {
            **both,
            "headers": [],
            "status": event.status,
            "statusText": "",
            "content": {"size": event.response_bytes, "mimeType": ""},
            "redirectURL": "",
            "bodySize": event.response_bytes,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "_event": event.seq,
        "_body": event.sha256,
        "_sdk": clean(event.sdk),
        "_matches": [
            {"data_type": m.data_type, "form": m.form, "path": clean(m.path), "certainty": m.certainty}
            for m in event.matches
        ],
    }
