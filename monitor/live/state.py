"""Where a running session is: fed from the threads that record, read at any time from others."""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from monitor.analysis.consent.marks import KeptMark
from monitor.analysis.correlate.findings import STATUSES, Finding, ordered
from monitor.analysis.explain.about import Naming, about, naming
from monitor.base.errors import printable
from monitor.events import (
    ApiCall,
    Connection,
    Event,
    Frame,
    Health,
    PermissionRequest,
    PermissionResult,
    Prompt,
    Stack,
    Tap,
    TlsFailure,
    Transmission,
    UiSnapshot,
    Window,
)
from monitor.knowledge.tables import load_organisations, load_sdks
from monitor.text import aside, headline, label, listed, scope_name, step_label, t

if TYPE_CHECKING:
    from monitor.scenario.runner import Progress as Step

ROWS: Final = 40
_STACKS: Final = 300
_FRAMES: Final = 8
_LONGEST: Final = 120


class Recent:
    """The last calls and requests as rows that open: what was read or sent, by whose code, to whom. Bounded; they are
    put into words only when they are read."""

    def __init__(self) -> None:
        self.app = ""
        self._rows: deque[tuple[int, ApiCall | Transmission | TlsFailure]] = deque(maxlen=ROWS)
        self._stacks: OrderedDict[int, list[Frame]] = OrderedDict()

    def feed(self, event: Event, second: int) -> None:
        """An event, in the given second of the session."""
        if isinstance(event, Stack):
            self._stacks[event.stack] = event.frames
            while len(self._stacks) > _STACKS:
                self._stacks.popitem(last=False)
        elif isinstance(event, ApiCall | Transmission | TlsFailure):
            self.app = self.app or event.app
            self._rows.append((second, event))

    def rows(self, lang: str, name: Naming) -> list[dict[str, Any]]:
        """The newest first: ``seq, second, kind, what, data, owner, fields`` (pairs) and ``stack`` (lines)."""
        return [self._row(second, event, lang, name) for second, event in reversed(self._rows)]

    def _row(self, second: int, event: ApiCall | Transmission | TlsFailure, lang: str, name: Naming) -> dict[str, Any]:
        match event:
            case ApiCall():
                what = f"{event.cls.rpartition('.')[2]}.{event.method}"
                data, owner = label("data_type", event.data_type, lang), name(event.sdk)
                fields = [(t("inspection.call", lang), f"{event.cls}.{event.method}{event.sig}"),
                          (t("panel.outcome", lang), label("outcome", event.outcome, lang)),
                          (t("report.sdk", lang), owner)]  # fmt: skip
            case Transmission():
                what = f"{event.method} {event.host}{event.path}"
                data = listed(sorted({label("data_type", m.data_type, lang) for m in event.matches}), lang)
                owner = name(event.org, org=True) if event.org else event.host
                fields = [(t("panel.request", lang), f"{event.scheme}://{event.host}:{event.port}{event.path}"),
                          (t("detail.named", lang), event.named),
                          (t("report.recipient", lang), aside(owner, label("party", event.party, lang), lang)),
                          (t("report.sdk", lang), name(event.sdk)),
                          (t("panel.body", lang), aside(t("panel.bytes", lang, n=event.bytes),
                                                        t("panel.redacted", lang), lang)),
                          *((t("panel.found", lang), f"{m.path} ({m.form})") for m in event.matches[:6]),
                          (t("panel.response", lang), str(event.status or ""))]  # fmt: skip
            case TlsFailure():
                what, data, owner = event.sni or event.host, label("tls", event.reading, lang), event.host
                fields = [(t("report.why", lang), data)]
        frames = self._stacks.get(getattr(event, "stack", 0), [])
        return {
            "seq": event.seq,
            "second": second,
            "kind": "call" if isinstance(event, ApiCall) else "request",
            "what": printable(what, _LONGEST),
            "data": printable(data, _LONGEST),
            "owner": printable(owner, 60),
            "fields": [[said, printable(value, _LONGEST)] for said, value in fields if value],
            "stack": [printable(f.place, 100) for f in frames[:_FRAMES]],
        }


#: Lanes of the events that are counted a second, by kind.
LANES: Final = {
    "calls": (ApiCall,),
    "traffic": (Transmission, Connection, TlsFailure),
    "user": (Tap, Window, Prompt, PermissionRequest, PermissionResult),
}
SECONDS: Final = 60
_FINDINGS: Final = 200
_CONTROLS: Final = 60
_TROUBLE: Final = frozenset({"lost", "late", "failed", "clock_moved", "contradiction"})
_TROUBLES: Final = 50
_MARKS: Final = 60


class Watch:
    """The state of one session. Each entrance only counts and stores, so that it never holds up the recording."""

    def __init__(self, lang: str, clock: Callable[[], float] = time.monotonic, scenario: str = "") -> None:
        self.lang = lang
        self._scenario = printable(scenario, 80)
        self._recent = Recent()
        self._marks: list[KeptMark] = []
        self._first = 0
        self._clock = clock
        self._lock = threading.Lock()
        self._begun = clock()
        self._stage = ""
        self._device = ""
        self._step: tuple[int, int, str, int] = (0, 0, "", 0)
        self._planned, self._step_begun = 0, 0.0
        self._events = 0
        self._seconds: dict[str, deque[tuple[int, int]]] = {lane: deque(maxlen=SECONDS) for lane in LANES}
        self._lane_of: dict[type, str] = {kind: lane for lane, kinds in LANES.items() for kind in kinds}
        self._findings: dict[str, Finding] = {}
        self._consent: dict[str, str] = {}
        self._health: deque[str] = deque(maxlen=_TROUBLES)
        self._lost = 0
        self._screen = ""
        self._controls: list[dict[str, Any]] = []
        self.screens: dict[str, None] = {}
        """Digests of the screens that were taken."""

    # Entrances ----------------------------------------------------------------------------------------------------

    def stage(self, key: str) -> None:
        """A stage began."""
        with self._lock:
            self._stage = key
            if key == "device":  # of a session; several may follow each other
                self._step = (0, 0, "", 0)

    def device(self, serial: str, port: int) -> None:
        """The device is there."""
        with self._lock:
            self._device = printable(serial, 60)

    def step(self, step: Step) -> None:
        """A step began. A step within a repetition begins again; the number shown never goes back."""
        with self._lock:
            what = step_label(step.verb, step.label, self.lang)
            verb = "" if what.startswith(f"{step.verb} ") else step.verb
            said = printable(f"{verb} {what}".strip(), 100)
            self._step = (max(step.step, self._step[0]), step.total, said, step.left_ms)
            self._planned, self._step_begun = step.planned_ms, self._clock()

    def event(self, event: Event) -> None:
        """An event is in the log."""
        now = int(self._clock() - self._begun)
        with self._lock:
            self._events += 1
            self._first = self._first or event.t
            self._recent.feed(event, now)
            if (lane := self._lane_of.get(type(event))) is not None:
                seconds = self._seconds[lane]
                if seconds and seconds[-1][0] == now:
                    seconds[-1] = (now, seconds[-1][1] + 1)
                else:
                    seconds.append((now, 1))
            if isinstance(event, UiSnapshot):
                self._controls = _controls(event)
            if isinstance(event, UiSnapshot) and event.screenshot:
                self._screen = event.screenshot
                self.screens[event.screenshot] = None
            elif isinstance(event, Health) and event.what in _TROUBLE:
                self._lost += event.n if event.what == "lost" else 0
                words = f"{label('health', event.what, self.lang)} {event.component} {event.hook} {event.n or ''}"
                self._health.append(printable(" ".join(words.split()), 160))

    def finding(self, finding: Finding) -> bool:
        """A finding is new or says more; whether that changed its status."""
        with self._lock:
            known = self._findings.get(finding.fingerprint)
            self._findings[finding.fingerprint] = finding
            return known is None or known.status != finding.status

    def consent(self, marks: Iterable[KeptMark]) -> None:
        """The consents observed so far, by scope and time."""
        every = list(marks)
        latest = {mark.scope: mark.state for mark in every}
        with self._lock:
            self._consent = latest
            self._marks = every[-_MARKS:]

    @cached_property
    def name(self) -> Naming:
        """Names of SDKs and organisations."""
        return naming(self.lang, load_sdks(), load_organisations())

    # What is shown ------------------------------------------------------------------------------------------------

    def _left(self) -> int:
        """Milliseconds that are left: those of the current step run, too."""
        gone = round((self._clock() - self._step_begun) * 1000)
        return max(0, self._step[3] - min(gone, self._planned))

    def line(self) -> str:
        """Where the session is, in one line."""
        with self._lock:
            step, total, said, _ = self._step
            left = self._left()
            stage = self._stage
        if stage != "session" or not total:
            return t(f"cli.stage.{stage}", self.lang) if stage else ""
        return f"{step}/{total} {said} · {t('cli.left', self.lang, seconds=max(0, round(left / 1000)))}"

    def snapshot(self) -> dict[str, Any]:
        """Everything that is shown, as plain data in the reader's language; of bounded size."""
        line = self.line()
        now = int(self._clock() - self._begun)
        with self._lock:
            step, total, said, _ = self._step
            left = self._left()
            found = list(self._findings.values())
            counts = Counter(finding.status for finding in found)
            lanes = {
                lane: {
                    "name": t(f"live.lane.{lane}", self.lang),
                    "seconds": _series(seconds, now),
                }
                for lane, seconds in self._seconds.items()
            }
            consent = [
                {"scope": printable(scope_name(scope, self.lang), 80), "state": state,
                 "name": label("consent_state", state, self.lang)}
                for scope, state in sorted(self._consent.items(), key=lambda item: (item[0] != "policy", item[0]))[:40]
            ]  # fmt: skip
            state = {
                "line": line,
                "device": self._device,
                "app": printable(self._recent.app, 120),
                "scenario": self._scenario,
                "recent": self._recent.rows(self.lang, self.name),
                "bands": self._bands(),
                "seconds": now,
                "step": {"number": step, "total": total, "said": said, "left_ms": left},
                "events": self._events,
                "lanes": lanes,
                "counts": {status: counts.get(status, 0) for status in reversed(STATUSES)},
                "consent": consent,
                "health": list(self._health),
                "lost": self._lost,
                "screen": self._screen,
                "controls": list(self._controls),
            }
        state["findings"] = [self._row(finding) for finding in ordered(found)[:_FINDINGS]]
        return state

    def _bands(self) -> list[dict[str, Any]]:
        """Consent as it changed: scope, state, from which second on."""
        return [
            {"scope": printable(scope_name(mark.scope, self.lang), 80), "state": mark.state,
             "name": label("consent_state", mark.state, self.lang), "at": max(mark.t - self._first, 0) // 1_000_000}
            for mark in self._marks
        ]  # fmt: skip

    def _row(self, finding: Finding) -> dict[str, Any]:
        title = finding.title_zh if self.lang == "zh" else finding.title
        return {
            "id": finding.fingerprint,
            "status": finding.status,
            "status_name": label("status", finding.status, self.lang),
            "level": finding.level,
            "level_name": label("level", finding.level, self.lang),
            "title": printable(headline(finding.status, title, self.lang), 160),
            "about": printable(about(finding, self.lang, self.name), 160),
            "count": f"×{finding.count}" if finding.count > 1 else "",
            "fields": [
                [t("report.rule", self.lang), finding.rule],
                [t("report.first_seen", self.lang), f"+{max(finding.first_seen - self._first, 0) / 1e6:.1f} s"],
                [t("report.event_ids", self.lang), " ".join(f"#{seq}" for seq in finding.events[:10])],
                [t("explain.advice", self.lang),
                 printable(finding.advice_zh if self.lang == "zh" else finding.advice, 160)],
            ],
        }  # fmt: skip


def _controls(event: UiSnapshot) -> list[dict[str, Any]]:
    """What can be touched on a screen, with its middle in pixels."""
    return [
        {"label": printable(name, 60), "x": (left + right) // 2, "y": (top + bottom) // 2}
        for name, (left, top, right, bottom) in list(event.sizes.items())[:_CONTROLS]
        if right > left >= 0 and bottom > top >= 0
    ]


def _series(seconds: Iterable[tuple[int, int]], now: int) -> list[int]:
    """Counts of the last ``SECONDS`` seconds, the newest last."""
    found = dict(seconds)
    return [found.get(second, 0) for second in range(now - SECONDS + 1, now + 1)]
