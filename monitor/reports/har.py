"""HAR 1.2 of what left, from the transmission events: hosts, sizes and what was found in it, never a value.

Bodies, headers and queries are not in it, and its comment says so; each entry names the body's SHA-256, under which the
private part holds it. Whole messages are in ``private/flows.mitm``.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from monitor.events import Transmission
from monitor.reports._view import Row, View, clean

TITLE = "HAR 1.2 of the app's traffic, without bodies"
SUFFIX = ".har"


def render(view: View) -> bytes:
    """One entry an HTTP message, in order of time."""
    sent = [event for event in view.events if isinstance(event, Transmission) and event.scheme in ("http", "https")]
    creator = {"name": "app-privacy-monitor", "version": view.session.versions.monitor or "0"}
    entries = [_entry(event) for event in sorted(sent, key=lambda event: event.t)]
    comment = view.t("har.comment")
    document = {"log": {"version": "1.2", "creator": creator, "comment": comment, "pages": [], "entries": entries}}
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def _entry(event: Transmission) -> Row:
    moment = datetime.fromtimestamp(event.t / 1_000_000, UTC).isoformat(timespec="milliseconds")
    host = f"[{event.host}]" if ":" in event.host else event.host
    path = event.path if event.path.startswith("/") else f"/{event.path}"
    post: Row = {"mimeType": clean(event.content_type), "text": "", "params": []}
    version = clean(event.http_version) or "HTTP/1.1"
    empty: Row = {"cookies": [], "headers": [], "headersSize": -1}
    return {
        "startedDateTime": moment,
        "time": 0,
        "request": {
            **empty,
            "method": clean(event.method) or "GET",
            "url": clean(f"{event.scheme}://{host}:{event.port}{path}"),
            "httpVersion": version,
            "queryString": [],
            "bodySize": event.bytes,
            **({"postData": post} if event.bytes else {}),
        },
        "response": {
            **empty,
            "status": event.status,
            "statusText": "",
            "httpVersion": version,
            "content": {"size": event.response_bytes, "mimeType": ""},
            "redirectURL": "",
            "bodySize": event.response_bytes,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "_event": event.seq,
        "_bodySha256": event.sha256,
        "_sdk": clean(event.sdk),
        "_matches": [
            {"data_type": m.data_type, "form": m.form, "path": clean(m.path), "certainty": m.certainty}
            for m in event.matches
        ],
    }
