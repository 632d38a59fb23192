"""双清单: the list of personal information collected and the list of what third parties received, as a workbook.

Only what was observed is listed: a value that was returned to the app's code, or that left. Purposes come from the
declaration; where it has none the list says so. ``monitor declaration import`` reads the file back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from monitor.events import NOT_PERSONAL, SENSITIVE, ApiCall, Transmission, of_system
from monitor.reports._view import View
from monitor.reports._words import stated
from monitor.reports._workbook import Sheet, time, workbook

TITLE = "lists of the personal information collected and shared, as observed (双清单)"
SUFFIX = ".xlsx"
_COLLECTED = "number information purpose means reader first reads sendings sensitive sent_to".split()
_SHARED = "number party information purpose means sender hosts country first sendings".split()


@dataclass
class _Seen:
    """One data type, or one recipient. ``codes``: who read it, or who sent to it; ``sent``: messages with a value."""

    first: int
    reads: int = 0
    sent: int = 0
    codes: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    parties: dict[str, None] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)
    known: bool = False
    """Known to be another party; else it may be the operator's own."""


def render(view: View) -> bytes:
    """Both lists; each has its sheet, also where nothing belongs in it."""
    types, parties = _observed(view)
    sheets = [
        Sheet(view.t("lists.collected"), _headings(view, _COLLECTED), _collected(view, types), kept=True),
        Sheet(view.t("lists.shared"), _headings(view, _SHARED), _shared(view, parties), kept=True),
    ]
    if said := stated(view):
        sheets.append(Sheet(view.t("report.limits"), [view.t("report.limits")], [[line] for line in said], widest=90))
    return workbook(sheets)


def _headings(view: View, keys: Iterable[str]) -> list[str]:
    return [view.t(f"lists.{key}") for key in keys]


def _observed(view: View) -> tuple[dict[str, _Seen], dict[str, _Seen]]:
    """Data types, and third parties by organisation or host, each in the order in which it was first seen."""
    types: dict[str, _Seen] = {}
    parties: dict[str, _Seen] = {}

    def tells(event: ApiCall | Transmission) -> bool:
        return not of_system(event) and (isinstance(event, Transmission) or _gives(event))

    told = view.events.of(ApiCall, Transmission, where=tells)
    for event in sorted(told, key=lambda event: (event.t, event.seq)):
        if isinstance(event, ApiCall):
            seen = types.setdefault(event.data_type, _Seen(event.t))
            seen.reads += event.count
            seen.codes.add(event.sdk)
        else:
            found = {m.data_type for m in event.matches if m.certainty == "found"} - NOT_PERSONAL
            for name in found:
                seen = types.setdefault(name, _Seen(event.t))
                seen.sent += 1
                seen.parties.setdefault(event.org or event.host)
            if found and event.party != "first":
                to = parties.setdefault(event.org or event.host, _Seen(event.t))
                to.sent += 1
                to.types |= found
                to.hosts.add(event.host)
                to.known |= event.party == "third"
                to.codes.add(event.sdk)
    return types, parties


def _gives(call: ApiCall) -> bool:
    """Whether the call gave personal information to code of the app."""
    given = call.role == "source" and call.outcome == "value" and call.sdk != "framework"
    return given and call.data_type not in NOT_PERSONAL


def _collected(view: View, types: dict[str, _Seen]) -> Iterator[list[object]]:
    declared = {item.data_type: item.purpose for item in view.names.declaration.collection or []}
    for number, (name, seen) in enumerate(types.items(), 1):
        yield [
            number,
            view.label("data_type", name),
            declared.get(name) or view.t("lists.undeclared"),
            view.t("lists.read" if seen.reads else "lists.sent"),
            view.listed(sorted(map(view.sdk, seen.codes))),
            time(seen.first),
            seen.reads,
            seen.sent,
            view.t("lists.yes" if name in SENSITIVE else "lists.none"),
            view.listed(map(view.org, seen.parties)),
        ]


def _shared(view: View, parties: dict[str, _Seen]) -> Iterator[list[object]]:
    declared = {item.org: item.purpose for item in view.names.declaration.recipients or []}
    for number, (org, seen) in enumerate(parties.items(), 1):
        yield [
            number,
            view.org(org),
            view.listed(view.label("data_type", name) for name in sorted(seen.types)),
            declared.get(org) or declared.get(view.org(org)) or view.t("lists.undeclared"),
            view.listed([view.t("lists.sent"), *([] if seen.known else [view.label("party", "unknown")])]),
            view.listed(sorted(map(view.sdk, seen.codes))),
            view.listed(sorted(seen.hosts)),
            view.country(org) or view.t("report.unknown"),
            time(seen.first),
            seen.sent,
        ]
