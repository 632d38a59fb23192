"""Sessions in short lines, as the tables of the consent tests have them, and what came of the consent.

A line is a time in seconds, what happened, and its words; a mapping at the end adds fields of the event::

    1 dialog @2 title | text / text | button / button | ☐ box / ☑ box | link
    1 page @2 …          a window that is an activity; ``page*``, ``dialog*``: it changed; ``hidden @2``: it is gone
    3 tap @2 label       by the hook; ``on``, ``off``: a box; ``touch label``: by the runner
    4 screen | text | button | ☐ box              a picture of the screen
    5 says policy granted                         the scenario's step; ``step consent started``, ``ok``
    6 reads imei                                  a call that returns this type of data; ``sends``: a message with it
    6 installed                                   something of the app's life; or the kind of any other event

In a table, what is expected comes last: ``=> policy granted``, just that; ``~> policy granted``, that among others;
``@> policy shown 1, policy granted 3``, every mark with its second (``±``: and its error). A ``?`` behind a state: it
is in doubt. ``python -m tests.analysis.played LINE …`` prints what comes of lines.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import yaml

from monitor.analysis.consent.tracker import ConsentTracker, Label, read_consent
from monitor.analysis.rules.examples import START, event
from monitor.analysis.timeline import Mark
from monitor.events import KINDS, Event

Raw = dict[str, Any]
_LINE = re.compile(r"([\d.]+) (\w+)(\*?)(?: @(\d+))?(?: (?!\{)(.*?))?(?: (\{.*\}))?")
_WINDOWS: dict[str, Raw] = {"dialog": {}, "page": {"window_kind": "activity", "title": "a.b/a.b.Page"}}
_RUNNERS: Raw = {"via": "runner", "src": "runner", "window": 0}
_DATA = {"reads": ("api_call", "data_type"), "sends": ("transmission", "matches")}
#: Lines that many sessions begin with.
NAMED = {
    "strange": ["1 dialog @1 x | 看看我们怎么照看你托付的一切 | 出发吧 / 算了"],
    "notice": ["1 dialog @1 隐私政策 | 请阅读 | 同意 / 不同意"],
    "platform": [
        "1 dialog We value your privacy | We and our 142 partners process personal data such as unique identifiers. "
        "| Reject all / Accept all"
    ],
    "agreed": ["1 dialog @1 隐私政策 | 请阅读 | 同意 / 不同意", "3 tap @1 同意"],
    "accepted": [
        "1 dialog @1 Your privacy | Please read and accept our Privacy Policy. | Accept / Decline",
        "3 tap @1 Accept",
    ],
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
    elif what in _DATA:
        kind, field = _DATA[what]
        made |= {"kind": kind, field: words if what == "reads" else words.split()}
    elif what in KINDS:
        made |= {"kind": what}
    else:
        made |= {"kind": "lifecycle", "what": what}
    return made | (yaml.safe_load(more) if more else {})


def raws(lines: Iterable[str | Raw]) -> list[Raw]:
    """The short events of lines, in which names stand for the lines of ``NAMED``."""
    every = (one for line in lines for one in (NAMED.get(line, [line]) if isinstance(line, str) else [line]))
    return [raw(one) if isinstance(one, str) else one for one in every]


def numbered(events: Iterable[Raw]) -> list[Event]:
    """Whole events of short ones, numbered in their order."""
    return [event(one, number) for number, one in enumerate(events, 1)]


def session(*lines: str | Raw) -> list[Event]:
    """The events of lines, numbered in their order."""
    return numbered(raws(lines))


def touches(events: Sequence[Raw]) -> list[Raw]:
    """The runner's view of each tap that a hook tells of, where there are steps: without it nobody is seen tapping."""
    if not any(one["kind"] == "step" for one in events):
        return []
    return [{**one, **_RUNNERS} for one in events if one["kind"] == "tap" and one.get("via", "hook") == "hook"]


def follow(
    *events: Raw, recipients: Mapping[str, str] | None = None, labels: Mapping[int, tuple[Label, ...]] | None = None
) -> ConsentTracker:
    """The consent of an app with these events; in a scenario, the runner touches what is tapped."""
    every = numbered([*events, *touches(events)])
    return read_consent(sorted(every, key=lambda e: (e.t, e.seq)), recipients, labels)


def play(*lines: str | Raw, **more: Any) -> ConsentTracker:
    """As ``follow``, of lines."""
    return follow(*raws(lines), **more)


def said(scope: str, mark: Mark, *, timed: bool = False) -> str:
    """A mark in words: its state (``?``: not clear), with what it rests on if not on words, and its time if asked."""
    basis = "" if mark.basis in ("read", "system") else f" ({mark.basis})"
    second = f" {(mark.t - START) / 1e6:g}" + (f"±{mark.err / 1e6:.3g}" if mark.err > 100_000 else "")
    return f"{scope} {mark.state}{'' if mark.clear else '?'}{basis}{second if timed else ''}"


def outcome(tracker: ConsentTracker, *, timed: bool = False) -> str:
    """The last mark of each scope (every one with its time, if asked), and what is noted."""
    lines = sorted((scope, one.marks) for scope, one in tracker.lines.scopes.items() if one.marks)
    marks = [said(scope, mark, timed=timed) for scope, every in lines for mark in every[0 if timed else -1 :]]
    return ", ".join([*marks, *(note.what for note in tracker.close())]) or "nothing"


def cases(group: Mapping[str, Any]) -> Iterator[list[str]]:
    """The lines of each case of a group of a table, the expected outcome last, with each row's words in place."""
    for row in group.get("each", [[]]):
        for case in group["cases"]:
            lines = [*group.get("before", []), *case]
            for number, words in reversed([*enumerate(row, 1)]):
                lines = [line.replace(f"${number}", words) for line in lines]
            yield lines


if __name__ == "__main__":
    print(outcome(play(*sys.argv[1:])))
