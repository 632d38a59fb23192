"""Sessions in short lines, as the tables of the consent tests have them, and what came of the consent.

A line is a time in seconds, what happened, and its words; a mapping at the end adds fields of the event::

    1 dialog @2 title | text / text | button / button | ☐ box / ☑ box | link
    1 page @2 …          a window that is an activity; ``page*``, ``dialog*``: it changed; ``hidden @2``: it is gone
    3 tap @2 label       by the hook; ``on``, ``off``: a box; ``touch label``: by the runner
    4 screen | text | button | ☐ box              a picture of the screen
    5 says policy granted                         the scenario's step; ``step consent started``, ``ok``
    6 installed                                   something of the app's life

In a table, what is expected comes last: ``=> policy granted``, just that; ``~> policy granted``, that among others. A
``?`` behind a state: it is in doubt. ``python -m tests.analysis.played LINE …`` prints what comes of lines.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import yaml

from monitor.analysis.consent.tracker import ConsentTracker, Label, read_consent
from monitor.analysis.rules.examples import event
from tests.analysis.touched import touches

Raw = dict[str, Any]
_LINE = re.compile(r"([\d.]+) (\w+)(\*?)(?: @(\d+))?(?: (?!\{)(.*?))?(?: (\{.*\}))?")
_WINDOWS: dict[str, Raw] = {"dialog": {}, "page": {"window_kind": "activity", "title": "a.b/a.b.Page"}}
_RUNNERS: Raw = {"via": "runner", "src": "runner", "window": 0}
#: Lines that many sessions begin with.
NAMED = {
    "notice": ["1 dialog @1 隐私政策 | 请阅读 | 同意 / 不同意"],
    "platform": [
        "1 dialog We value your privacy | We and our 142 partners process personal data such as unique identifiers. "
        "| Reject all / Accept all"
    ],
    "agreed": ["1 dialog @1 隐私政策 | 请阅读 | 同意 / 不同意", "3 tap @1 同意"],
    "refused": ["1 dialog @1 隐私政策 | 请阅读 | 同意 / 不同意", "3 tap @1 不同意"],
}


def _split(part: str) -> list[str]:
    return [one.strip() for one in part.split(" / ") if one.strip()]


@cache
def _boxes(part: str) -> dict[str, bool]:
    return {one[1:].strip(): one.startswith("☑") for one in _split(part)}


def raw(line: str) -> Raw:
    """The short event of a line."""
    found = _LINE.fullmatch(line)
    assert found, line
    at, what, changed, number, words, more = found.groups()
    words = words or ""
    made: Raw = {"at": float(at)} | ({"window": int(number)} if number else {})
    if what in _WINDOWS or what == "screen":
        title, texts, buttons, boxes, links = [*map(str.strip, f" {words} ".split("|")), "", "", "", "", ""][:5]
        shown = {"texts": _split(texts), "buttons": _split(buttons), "boxes": _boxes(boxes)}
        made |= {"kind": "ui_snapshot" if what == "screen" else "window", **_WINDOWS.get(what, {}), **shown}
        made |= ({"title": title} if title else {}) | ({"links": _split(links)} if links else {})
        made |= {"action": "changed"} if changed else {}
    elif what in ("tap", "on", "off", "touch"):
        made |= {"kind": "tap", "label": words}
        made |= _RUNNERS if what == "touch" else {"checked": what} if what != "tap" else {}
    elif what == "hidden":
        made |= {"kind": "window", "action": "hidden"}
    elif what in ("says", "step"):
        first, second = words.split(" ")
        said = {"kind": "consent", "scope": first, "state": second, "via": "scenario"}
        made |= said if what == "says" else {"kind": "step", "verb": first, "state": second}
    elif what in ("prompt", "permission_result", "toggle", "consent"):
        made |= {"kind": what}
    else:
        made |= {"kind": "lifecycle", "what": what}
    return made | (yaml.safe_load(more) if more else {})


def raws(lines: Iterable[str]) -> list[Raw]:
    """The short events of lines, in which names stand for the lines of ``NAMED``."""
    return [raw(one) for line in lines for one in NAMED.get(line, [line])]


def follow(
    *events: Raw, recipients: Mapping[str, str] | None = None, labels: Mapping[int, tuple[Label, ...]] | None = None
) -> ConsentTracker:
    """The consent of an app with these events; in a scenario, the runner touches what is tapped."""
    every = [event(one, number) for number, one in enumerate([*events, *touches(events)], 1)]
    return read_consent(sorted(every, key=lambda e: (e.t, e.seq)), recipients, labels)


def play(*lines: str, **more: Any) -> ConsentTracker:
    """As ``follow``, of lines."""
    return follow(*raws(lines), **more)


def outcome(tracker: ConsentTracker) -> str:
    """The last state of each scope (``?``: not clear; with what it rests on if not on words), and what is noted."""
    said = []
    for scope, line in sorted((s, one) for s, one in tracker.lines.scopes.items() if one.marks):
        last = line.marks[-1]
        basis = "" if last.basis in ("read", "system") else f" ({last.basis})"
        said.append(f"{scope} {last.state}{'' if last.clear else '?'}{basis}")
    said += [note.what for note in tracker.close()]
    return ", ".join(said) or "nothing"


if __name__ == "__main__":
    print(outcome(play(*sys.argv[1:])))
