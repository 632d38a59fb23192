"""What the search of traffic finds in one message; and tables of cases, in ``cases.yaml``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from monitor.base.yamlfile import load
from monitor.content import Message, Needle, Searcher, decode
from monitor.content.decode import examine
from monitor.events import Match, Transmission

IMEI = "358240057611122"
CASES: dict[str, Any] = load(Path(__file__).with_name("cases.yaml"))


def searcher(*needles: tuple[str, ...]) -> Searcher:
    """One that knows values, each with its type, tag, text and perhaps form; without any, an IMEI."""
    made = Searcher("com.example")
    made.add(Needle(*needle) for needle in needles or [("imei", "t", IMEI)])
    return made


def search(sent: object, *needles: tuple[str, ...]) -> list[Match]:
    """What is found of known values in a message, in a body, or in the JSON of a value."""
    if not isinstance(sent, Message):
        sent = Message(body=sent if isinstance(sent, bytes) else json.dumps(sent).encode())
    return searcher(*needles).search(decode(sent), shapes=False)


def examined(message: Message, *needles: tuple[str, ...], **event: Any) -> list[Match]:
    """The same where a request is examined whole, with its host and for disguises."""
    fields = {"t": 1, "err": 0, "src": "proxy", "app": "", "flow": "f", "host": "h.example", "port": 443}
    return examine(searcher(*needles), Transmission(**fields | event), message)[0].matches
