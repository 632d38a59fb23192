"""What every report shows, worked out once: plain dicts and lists with names in the reader's language.

A finding or coverage row may be a struct or the dict of its JSON line; a field that it does not have is empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any, Final
from unicodedata import category

import msgspec

from monitor.analysis.moments import told
from monitor.errors import EvidenceDamaged, InputError
from monitor.events import (
    ApiCall,
    Connection,
    Event,
    Frame,
    Health,
    Stack,
    Step,
    TlsFailure,
    Transmission,
    UiSnapshot,
)
from monitor.reports._rows import Row, coverage_row, finding_row, rules
from monitor.session import Session
from monitor.tables import load_organisations, load_sdks
from monitor.text import has, headline, label, t

__all__ = ["Blobs", "Row", "View", "clean", "clock", "counts", "make_view", "rules"]

Blobs = Callable[[str], bytes | None]
LEVELS: Final = ("critical", "high", "medium", "low", "info")
STATUSES: Final = ("evidenced", "inconclusive", "review")
STATES: Final = ("fired", "silent", "inconclusive", "not_exercised", "not_observable")
_ACTING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SYSTEM: Final = (
    "android.",
    "androidx.",
    "com.android.",
    "dalvik.",
    "java.",
    "javax.",
    "jdk.",
    "kotlin",
    "libcore.",
    "sun.",
)
_FRAMES: Final = 12
_TROUBLE: Final = frozenset({"lost", "late", "failed", "recovery", "clock_moved"})


@dataclass
class View:
    """Everything a format may show. Lists are sorted: findings by level, then time; coverage rules before hooks."""

    session: Session
    lang: str
    events: list[Event]
    findings: list[Row]
    coverage: list[Row]
    blobs: Blobs | None = None
    root: str = ""
    by_seq: dict[int, Event] = field(default_factory=dict)
    stacks: dict[int, list[Frame]] = field(default_factory=dict)

    def t(self, key: str, **values: object) -> str:
        """A text in the report's language."""
        return t(key, self.lang, **values)

    def headline(self, finding: Row) -> str:
        """A finding's title with what is claimed of it; of a group, what is claimed of its strongest one."""
        status = finding["status"]
        if "statuses" in finding:
            status = next((s for s in ("evidenced", "inconclusive", "review") if finding["statuses"][s]), status)
        return headline(status, finding["title"], self.lang)

    def label(self, group: str, value: str) -> str:
        """A word of a vocabulary in the report's language."""
        return label(group, value, self.lang)

    def count(self, key: str, value: str) -> int:
        """How many findings have this value."""
        return sum(1 for finding in self.findings if finding[key] == value)

    def sdk(self, sdk: str) -> str:
        """An SDK's name."""
        if not sdk:
            return self.t("report.not_attributed")
        return label("sdk", sdk, self.lang) if has(f"sdk.{sdk}") else names("sdk", self.lang).get(sdk, sdk)

    def org(self, org: str) -> str:
        """An organisation's name, or the host or id as it stands."""
        return names("org", self.lang).get(org, org)

    @property
    def rules(self) -> list[Row]:
        """Coverage of rules."""
        return [row for row in self.coverage if row["kind"] == "rule"]

    @property
    def hooks(self) -> list[Row]:
        """Coverage of hooks."""
        return [row for row in self.coverage if row["kind"] == "hook"]

    @property
    def notes(self) -> list[Row]:
        """What a reader must know about the observation."""
        return [row for row in self.coverage if row["kind"] == "note"]

    @property
    def steps(self) -> list[Step]:
        """Steps as they ended."""
        return [event for event in self.events if isinstance(event, Step) and event.state != "started"]

    @property
    def trouble(self) -> list[Health]:
        """Losses, failures and late hooks of the monitor itself."""
        return [event for event in self.events if isinstance(event, Health) and event.what in _TROUBLE]

    @property
    def bypassed(self) -> tuple[int, str]:
        """How often a certificate check of the app was passed (``--unpin hooks``), and for which hosts."""
        calls = [e for e in self.events if isinstance(e, ApiCall) and e.args.get("bypassed") == "yes"]
        hosts = sorted({e.args["host"] for e in calls if e.args.get("host")})
        return len(calls), ", ".join(clean(host) for host in hosts[:20]) or "–"

    @property
    def unread(self) -> list[TlsFailure | Transmission]:
        """Traffic whose content is not known."""
        return [
            event
            for event in self.events
            if (isinstance(event, TlsFailure) and not event.ended)
            or (isinstance(event, Transmission) and event.decoded in ("no", "opaque"))
        ]

    @property
    def snapshots(self) -> list[UiSnapshot]:
        """Screens that were taken."""
        return [event for event in self.events if isinstance(event, UiSnapshot)]

    def groups(self) -> list[Row]:
        """Findings by rule, in the order of the findings: the rule's texts and clauses once, what its findings name.

        ``findings`` holds pairs of a number, from 1 through all groups, and a finding.
        """
        found: dict[str, Row] = {}
        for finding in self.findings:
            group = found.setdefault(finding["rule"], {**finding, "statuses": Counter(), "findings": []})
            group["statuses"][finding["status"]] += 1
            group["findings"].append(finding)
            group["first_seen"] = min(group["first_seen"], finding["first_seen"])
        numbers = count(1)
        for group in found.values():
            rows = group["findings"]
            group["findings"] = [(next(numbers), row) for row in rows]
            group["what"] = _once(subject(row, self.lang) for row in rows)
            group["sdks"] = _once(self.sdk(row["sdk"]) if row["sdk"] else "" for row in rows)
            group["recipients"] = _once(self.org(row["recipient"]) for row in rows)
        return list(found.values())

    def recipients(self) -> list[Row]:
        """Hosts with what they got: host, org, party, sdks, types, bytes, count."""
        hosts: dict[str, Row] = {}
        for event in self.events:
            if not isinstance(event, Transmission):
                continue
            row = hosts.setdefault(
                event.host,
                {"host": event.host, "org": event.org, "party": event.party, "sdks": set(), "types": set(),
                 "bytes": 0, "count": 0},
            )  # fmt: skip
            row["sdks"].add(event.sdk)
            row["types"].update(m.data_type for m in event.matches if m.certainty == "found")
            row["bytes"] += event.bytes
            row["count"] += 1
        return sorted(hosts.values(), key=lambda row: (-len(row["types"]), -row["bytes"], row["host"]))

    def chain(self, finding: Row) -> Row:
        """Event to clause: the first call, its stack, code and host that a finding names; what is missing is None.

        ``caller`` is the innermost frame that is not the system's.
        """
        named = [self.by_seq[seq] for seq in finding["events"] if seq in self.by_seq]
        call = next((event for event in named if isinstance(event, ApiCall)), None)
        sent = next((event for event in named if isinstance(event, Transmission)), None)
        wire = next((event for event in named if isinstance(event, Connection)), None)
        source = call or sent or wire or next(iter(named), None)
        frames = told(self.stacks.get(getattr(source, "stack", 0), []))
        own = (f for f in frames if not f.cls.startswith(_SYSTEM) and not (call and f.cls == call.cls))
        return {
            "call": call,
            "sent": sent,
            "first": source,
            "frames": frames[:_FRAMES],
            "more": len(frames) - _FRAMES,
            "caller": next(own, frames[0] if frames else None),
        }


def make_view(
    session: Session,
    events: Iterable[Event],
    findings: Iterable[object],
    coverage: Iterable[object],
    lang: str = "en",
    *,
    blobs: Blobs | None = None,
    root: str = "",
) -> View:
    """The view of a recording; arguments as ``monitor.reports.render``. Raises ``EvidenceDamaged``."""
    listed = list(events)
    view = View(session, lang if lang == "zh" else "en", listed, [], [], blobs, root)
    view.by_seq = {event.seq: event for event in listed}
    view.stacks = {event.stack: event.frames for event in listed if isinstance(event, Stack)}
    try:
        view.findings = sorted((finding_row(_plain(item), view.lang) for item in findings), key=_order)
        view.coverage = [coverage_row(_plain(item), view.lang) for item in coverage]
    except (TypeError, ValueError, AttributeError):
        raise EvidenceDamaged(
            "findings or coverage are not what the analysis writes", hint="monitor analyse makes them anew"
        ) from None
    return view


def subject(finding: Row, lang: str) -> str:
    """What a finding is about: the type of data or the permission; empty if neither."""
    return label("data_type", finding["data_type"], lang) or str(finding["permission"]).rpartition(".")[2]


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))


def _plain(item: object) -> Mapping[str, Any]:
    data = msgspec.to_builtins(item)
    return data if isinstance(data, dict) else {}


def _order(finding: Row) -> tuple[int, int, int, str]:
    return (
        STATUSES.index(finding["status"]) if finding["status"] in STATUSES else 9,
        LEVELS.index(finding["level"]) if finding["level"] in LEVELS else 9,
        finding["first_seen"],
        finding["rule"],
    )


@cache
def names(table: str, lang: str) -> dict[str, str]:
    """Names of the bundled ``sdk`` or ``org`` table by id; empty where the table cannot be read."""
    try:
        entries = (load_sdks if table == "sdk" else load_organisations)()
    except InputError:
        return {}
    return {key: (lang == "zh" and entry.name_zh) or entry.name for key, entry in entries.items()}


def clean(text: str) -> str:
    """Text in which nothing acts: control characters, bidirectional overrides and lone surrogates stand as escapes."""
    if text.isprintable():
        return text
    return "".join(" " if c in "\n\t\r" else f"\\u{ord(c):04x}" if category(c) in _ACTING else c for c in text)


def clock(t_us: int, *, date: bool = False) -> str:
    """A time for people: UTC, milliseconds; empty for 0 or a time out of range."""
    if not 0 < t_us < 1 << 53:
        return ""
    try:
        moment = datetime.fromtimestamp(t_us // 1_000_000, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    text = moment.strftime("%Y-%m-%d %H:%M:%S" if date else "%H:%M:%S")
    return f"{text}.{t_us % 1_000_000 // 1000:03}" + (" UTC" if date else "")


def counts(view: View) -> dict[str, int]:
    """Findings by status, for headers and properties."""
    found = Counter(finding["status"] for finding in view.findings)
    return {status: found.get(status, 0) for status in STATUSES}
