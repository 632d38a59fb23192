"""What a bundle adds to the tables: who read, sent and found what, and when; never a value."""

from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

from monitor.analysis.consent.timelines import KeptMark, read_marks
from monitor.assess import stored
from monitor.assess.opened import Opened
from monitor.assess.released import differing
from monitor.content.guard import Guard
from monitor.events import NOT_PERSONAL, ApiCall, Health, Transmission, of_system
from monitor.evidence.redaction import openings
from monitor.evidence.verify import CheckedLog

Row = dict[str, Any]
#: Types whose values are no person's, or stand in tables on purpose: package names, the model of a device.
_PLAIN: Final = NOT_PERSONAL | {"apps", "procs", "hw_fp", "sim_op", "sensors", "media", "ext_files"}
#: A shorter value than this is found by chance in any text.
_LEAST: Final = 6

#: Columns with words and digests of our own.
_OURS: Final = frozenset(
    """apk scenario_sha256 declaration_sha256 rules_sha256 own_rules replaced_rules packs given differs fingerprint hook
    data_type outcome consent line state party attribution form certainty rule pattern status grade level reasons
    scope ended""".split()
)

_FOUND: Final = tuple("rule pattern status grade level data_type sdk recipient permission fingerprint count".split())
_READ: Final = ("hook", "data_type", "sdk", "outcome", "consent")
_SENT: Final = ("host", "org", "party", "sdk", "attribution", "data_type", "form", "certainty", "consent")


class Context(NamedTuple):
    """What no bundle knows about its session: the plan that it belongs to, and what is said of the app."""

    plan: str = ""
    row: str = ""
    repetition: int = 0
    category: str = ""
    kind: str = ""
    sdks: tuple[tuple[str, str], ...] = ()
    """Versions of SDKs: ID, version."""


class Facts(NamedTuple):
    """Rows by table, without their keys, which are added when they are written."""

    app: str
    start: int
    rows: dict[str, list[Row]]


def facts(bundle: Path, context: Context = Context(), log: CheckedLog | None = None) -> Facts:  # noqa: B008 - immutable
    """All rows of an assessed bundle, with its log as it was verified. Raises ``EvidenceDamaged``, ``InputError``."""
    coverage = stored.coverage(bundle, log)
    marks = read_marks(coverage)
    with Opened.of_results(bundle, log) as opened:
        session, rules, differs = opened.session, opened.tables, differing(opened)
        start, app = session.start, session.app.package
        found = [
            {name: getattr(f, name) for name in _FOUND} | {"first": max(0, f.first_seen - start) if f.first_seen else 0}
            for f in stored.findings(bundle, log)
        ]
        policy = sorted((m for m in marks if m.scope == "policy"), key=lambda mark: (mark.t, mark.seq))
        seen = _Seen(policy, start)
        for event in opened.events():
            seen.feed(event)
    others = {rule for ids in differs.groups.get("rules", {}).values() for rule in ids if differs.results}
    one = {
        "plan": context.plan, "row": context.row, "repetition": context.repetition, "category": context.category,
        "kind": context.kind, "version": session.app.version, "version_code": session.app.version_code,
        "apk": session.app.apk_sha256, "scenario": session.scenario, "scenario_sha256": session.scenario_sha256,
        "declaration_sha256": opened.given.get("declaration", session.declaration_sha256),
        "rules_sha256": rules.digests["rules"], "own_rules": " ".join(sorted({*rules.own_ids, *others})),
        "replaced_rules": " ".join(rules.replaced), "packs": " ".join(session.packs),
        "given": " ".join(opened.given), "differs": " ".join(sorted(differs.groups)),
        "hardware": session.device.hardware,
        "model": session.device.model, "android": session.device.android, "api_level": session.device.api_level,
        "monitor": session.versions.monitor, "start": start, "duration": max(0, session.end - start),
        "ended": session.ended, "events": seen.events, "lost": seen.lost, "findings": len(found),
        "evidenced": sum(row["status"] == "evidenced" for row in found),
    }  # fmt: skip
    versions = dict(context.sdks)
    names = {*versions, *(row["sdk"] for row in [*found, *seen.reads.values(), *seen.transfers.values()])}
    rows = {
        "sessions": [one],
        "findings": found,
        # Most hooks are in place and not called, in every session: these are left out.
        "coverage": [{"line": line.line, "id": line.id, "state": line.state,
                      "reasons": " ".join(dict.fromkeys(one.code for one in line.reasons))} for line in coverage
                     if line.line != "consent" and (line.line, line.state) != ("hook", "silent")],
        "consent": [{"scope": mark.scope, "state": mark.state, "at": mark.t - start, "err": mark.err,
                     "clear": mark.clear} for mark in marks],
        "reads": list(seen.reads.values()),
        "transfers": list(seen.transfers.values()),
        "sdks": [{"sdk": n, "version": versions.get(n, "")} for n in sorted(names - {"", "app", "framework"})],
    }  # fmt: skip
    _cover(bundle, rows, app)
    return Facts(app, start, rows)


class _Seen:
    """Reads and transfers of a log, counted."""

    def __init__(self, policy: list[KeptMark], start: int) -> None:
        self.reads: dict[tuple[str, ...], Row] = {}
        self.transfers: dict[tuple[str, ...], Row] = {}
        self.events = self.lost = 0
        self._start = start
        self._policy = [mark for mark in policy if mark.state in ("granted", "denied", "withdrawn")]

    def feed(self, event: Any) -> None:
        """The next event, with its inferred fields."""
        self.events += 1
        if isinstance(event, ApiCall):
            if event.role == "source" and event.data_type not in NOT_PERSONAL:
                key = (event.hook, event.data_type, event.sdk, event.outcome, self._consent(event))
                row = self.reads.setdefault(key, self._row(_READ, key, event.t))
                row["count"] += event.count
        elif isinstance(event, Transmission) and not of_system(event):
            head = (event.host, event.org, event.party, event.sdk, event.attribution)
            found = {(match.data_type, match.form, match.certainty) for match in event.matches}
            for data_type, form, certainty in found or {("", "", "")}:
                what = (*head, data_type, form, certainty, self._consent(event))
                row = self.transfers.setdefault(what, self._row(_SENT, what, event.t) | {"bytes": 0})
                row["count"] += 1
                row["bytes"] += event.bytes
        elif isinstance(event, Health) and event.what == "lost":
            self.lost += max(1, event.n)

    def _row(self, names: tuple[str, ...], key: tuple[str, ...], t: int) -> Row:
        return dict(zip(names, key, strict=True)) | {"count": 0, "first": max(0, t - self._start)}

    def _consent(self, event: Any) -> str:
        """The policy's state at an event."""
        if not self._policy:
            return "none"
        state = "before"
        for mark in self._policy:
            if abs(mark.t - event.t) <= mark.err + event.err and mark.src != event.src:
                return "unsure"
            if mark.t > event.t or (mark.src == event.src and mark.seq > event.seq):
                break
            state = mark.state
        return state


def _cover(bundle: Path, rows: Mapping[str, list[Row]], app: str) -> None:
    """Where an app put a value into a name that the tables hold (a host, for example), in whatever encoding, it is
    taken out again. The log holds none, as far as the recorder knew the value then; here all of the session's are
    known."""
    values = [
        one for one in openings(bundle / "private")
        if one.data_type not in _PLAIN and len(one.text) >= _LEAST and one.text.lower() not in app.lower()
    ]  # fmt: skip
    literal = {one.text.lower() for one in values}
    guard = Guard(app)
    guard.learn((one.data_type, "", one.text) for one in values)

    @cache
    def covered(text: str, ours: bool) -> str:
        held = any(value in text.lower() for value in literal) or (not ours and guard.matches(text))
        return "…" if held else text

    for row in chain.from_iterable(rows.values()):
        texts = {name: text for name, text in row.items() if isinstance(text, str) and len(text) >= _LEAST}
        row.update({name: covered(text, name in _OURS) for name, text in texts.items()})
