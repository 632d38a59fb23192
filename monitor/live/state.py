"""Where a running session is: fed from the threads that record, read at any time from others."""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from monitor import events
from monitor.analysis.consent.timelines import KeptMark
from monitor.analysis.correlate.findings import STATUSES, Finding, ordered
from monitor.analysis.explain.about import Naming, about, naming
from monitor.base.errors import printable
from monitor.knowledge.tables import load_organisations, load_sdks
from monitor.text import aside, headline, label, listed, pair, scope_name, step_label, t

if TYPE_CHECKING:
    from monitor.scenario.runner import Progress as Step

ROWS: Final = 40
_STACKS: Final = 300
_FRAMES: Final = 8
_LONGEST: Final = 120
#: Lanes of the events that are counted a second, by kind.
LANES: Final = {
    "calls": (events.ApiCall,),
    "traffic": (events.Transmission, events.Connection, events.TlsFailure),
    "user": (events.Tap, events.Window, events.Prompt, events.PermissionRequest, events.PermissionResult),
}
_LANE_OF: Final[dict[type, str]] = {kind: lane for lane, kinds in LANES.items() for kind in kinds}
SECONDS: Final = 60
_FINDINGS: Final = 200
_CONTROLS: Final = 60
_TROUBLE: Final = frozenset({"lost", "late", "failed", "clock_moved", "contradiction", "unkept"})
_TROUBLES: Final = 50
_MARKS: Final = 60
_SCOPES: Final = 40
_PLACES: Final = 200

type _Shown = events.ApiCall | events.Transmission | events.TlsFailure


class Watch:
    """The state of one session. Each entrance only counts and stores, so that it never holds up the recording."""

    def __init__(self, lang: str, clock: Callable[[], float] = time.monotonic, scenario: str = "") -> None:
        self.lang = lang
        self._scenario = printable(scenario, 80)
        self._clock, self._begun = clock, clock()
        self._lock = threading.Lock()
        self._stage = self._device = self._app = self._screen = ""
        self._step: tuple[int, int, str, int] = (0, 0, "", 0)
        self._planned, self._step_begun = 0, 0.0
        self._first = self._events = self._lost = 0
        self._recent: deque[tuple[int, _Shown]] = deque(maxlen=ROWS)
        """The last calls and requests with their seconds: put into words only when they are read."""
        self._stacks: OrderedDict[int, list[events.Frame]] = OrderedDict()
        self._lanes = {lane: deque([0] * SECONDS, SECONDS) for lane in LANES}
        """Counts of the last seconds, up to ``_now``."""
        self._now = 0
        self._findings: dict[str, Finding] = {}
        self._marks: list[KeptMark] = []
        self._health: deque[str] = deque(maxlen=_TROUBLES)
        self._controls: list[dict[str, Any]] = []
        self._places: list[str] = []
        """Of an exploration, by what they show; ``_deeds``: steps so far."""
        self._deeds = 0
        self.screens: dict[str, None] = {}
        """Digests of the screens that were taken."""

    # Entrances ----------------------------------------------------------------------------------------------------

    def stage(self, key: str) -> None:
        """A stage began."""
        with self._lock:
            self._stage = key
            if key == "device":  # of a session; several may follow each other
                self._step, self._places, self._deeds = (0, 0, "", 0), [], 0

    def device(self, serial: str, port: int) -> None:
        """The device is there."""
        self._device = printable(serial, 60)

    def step(self, step: Step) -> None:
        """A step began. A step within a repetition begins again; the number shown never goes back."""
        what = step_label(step.verb, step.label, self.lang)
        verb = "" if what.startswith(f"{step.verb} ") else step.verb
        with self._lock:
            said = printable(f"{verb} {what}".strip(), 100)
            self._step = (max(step.step, self._step[0]), step.total, said, step.left_ms)
            self._planned, self._step_begun = step.planned_ms, self._clock()

    def event(self, event: events.Event) -> None:
        """An event is in the log."""
        with self._lock:
            self._events += 1
            self._first = self._first or event.t
            self._tick()
            if (lane := _LANE_OF.get(type(event))) is not None:
                self._lanes[lane][-1] += 1
            match event:
                case events.Stack():
                    self._stacks[event.stack] = event.frames
                    if len(self._stacks) > _STACKS:
                        self._stacks.popitem(last=False)
                case events.ApiCall() | events.Transmission() | events.TlsFailure():
                    self._app = self._app or event.app
                    self._recent.append((self._now, event))
                case events.UiSnapshot():
                    self._controls = _controls(event)
                    if event.screenshot:
                        self._screen = event.screenshot
                        self.screens[event.screenshot] = None
                case events.Decision():
                    self._deeds = event.step
                case events.PlaceSeen():
                    name = event.activity.rpartition(".")[2]
                    self._places.append(printable(" · ".join(filter(None, (name, event.title))), _LONGEST))
                case events.Health() if event.what in _TROUBLE:
                    self._lost += event.n if event.what == "lost" else 0
                    words = f"{label('health', event.what, self.lang)} {event.component} {event.hook} {event.n or ''}"
                    self._health.append(printable(" ".join(words.split()), 160))

    def _tick(self) -> None:
        """The lanes go on to the current second."""
        now = int(self._clock() - self._begun)
        for lane in self._lanes.values():
            lane.extend([0] * min(now - self._now, SECONDS))
        self._now = max(now, self._now)

    def finding(self, finding: Finding) -> bool:
        """A finding is new or says more; whether that changed its status."""
        with self._lock:
            known = self._findings.get(finding.fingerprint)
            self._findings[finding.fingerprint] = finding
            return known is None or known.status != finding.status

    def consent(self, marks: Iterable[KeptMark]) -> None:
        """The consents observed so far, by scope and time."""
        self._marks = list(marks)

    @cached_property
    def name(self) -> Naming:
        """Names of SDKs and organisations."""
        return naming(self.lang, load_sdks(), load_organisations())

    # What is shown ------------------------------------------------------------------------------------------------

    def _left(self) -> int:
        """Milliseconds that are left: those of the current step run, too."""
        gone = round((self._clock() - self._step_begun) * 1000)
        return max(0, self._step[3] - min(gone, self._planned))

    def walk(self) -> str:
        """How far an exploration has come, with the place seen last; empty if there is none."""
        with self._lock:
            steps, places = self._deeds, self._places[-1:]
            return (
                pair(t("live.walk", self.lang, steps=steps, places=len(self._places)), places[0], self.lang)
                if places
                else ""
            )

    def line(self) -> str:
        """Where the session is, in one line."""
        with self._lock:
            step, total, said, _ = self._step
            left, stage = self._left(), self._stage
        if stage != "session" or not total:
            return t(f"cli.stage.{stage}", self.lang) if stage else ""
        said = self.walk() or said
        return f"{step}/{total} {said} · {t('cli.left', self.lang, seconds=max(0, round(left / 1000)))}"

    def snapshot(self) -> dict[str, Any]:
        """Everything that is shown, as plain data in the reader's language; of bounded size."""
        line, lang = self.line(), self.lang
        with self._lock:
            self._tick()
            step, total, said, _ = self._step
            found, marks = list(self._findings.values()), self._marks
            counts = Counter(finding.status for finding in found)
            latest = {mark.scope: mark for mark in marks}
            scopes = sorted(latest, key=lambda scope: (scope != "policy", scope))[:_SCOPES]
            state = {
                "line": line,
                "device": self._device,
                "app": printable(self._app, 120),
                "scenario": self._scenario,
                "recent": [self._row(second, event) for second, event in reversed(self._recent)],
                "bands": [
                    self._mark(mark) | {"at": max(mark.t - self._first, 0) // 1_000_000} for mark in marks[-_MARKS:]
                ],
                "seconds": self._now,
                "step": {"number": step, "total": total, "said": said, "left_ms": self._left()},
                "events": self._events,
                "lanes": {
                    lane: {"name": t(f"live.lane.{lane}", lang), "seconds": list(seconds)}
                    for lane, seconds in self._lanes.items()
                },
                "counts": {status: counts.get(status, 0) for status in reversed(STATUSES)},
                "consent": [self._mark(latest[scope]) for scope in scopes],
                "health": list(self._health),
                "lost": self._lost,
                "screen": self._screen,
                "controls": list(self._controls),
                "places": list(reversed(self._places[-_PLACES:])),
            }
        state["findings"] = [self._finding(finding) for finding in ordered(found)[:_FINDINGS]]
        return state

    def _mark(self, mark: KeptMark) -> dict[str, Any]:
        scope, name = scope_name(mark.scope, self.lang), label("consent_state", mark.state, self.lang)
        return {"scope": printable(scope, 80), "state": mark.state, "name": name}

    def _row(self, second: int, event: _Shown) -> dict[str, Any]:
        """A call or request that opens: what was read or sent, by whose code, to whom. ``fields``: pairs; ``stack``:
        lines."""
        lang, name = self.lang, self.name
        match event:
            case events.ApiCall():
                what = f"{event.cls.rpartition('.')[2]}.{event.method}"
                data, owner = label("data_type", event.data_type, lang), name(event.sdk)
                fields = [("inspection.call", f"{event.cls}.{event.method}{event.sig}"),
                          ("panel.outcome", label("outcome", event.outcome, lang)), ("report.sdk", owner)]  # fmt: skip
            case events.Transmission():
                what = f"{event.method} {event.host}{event.path}"
                data = listed(sorted({label("data_type", m.data_type, lang) for m in event.matches}), lang)
                owner = name(event.org, org=True) if event.org else event.host
                body = aside(t("panel.bytes", lang, n=event.bytes), t("panel.redacted", lang), lang)
                fields = [("panel.request", f"{event.scheme}://{event.host}:{event.port}{event.path}"),
                          ("detail.named", event.named),
                          ("report.recipient", aside(owner, label("party", event.party, lang), lang)),
                          ("report.sdk", name(event.sdk)), ("panel.body", body),
                          *(("panel.found", f"{m.path} ({m.form})") for m in event.matches[:6]),
                          ("panel.response", str(event.status or ""))]  # fmt: skip
            case events.TlsFailure():
                what, data, owner = event.sni or event.host, label("tls", event.reading, lang), event.host
                fields = [("report.why", data)]
        frames = self._stacks.get(getattr(event, "stack", 0), [])
        return {
            "seq": event.seq,
            "second": second,
            "kind": "call" if isinstance(event, events.ApiCall) else "request",
            "what": printable(what, _LONGEST),
            "data": printable(data, _LONGEST),
            "owner": printable(owner, 60),
            "fields": [[t(key, lang), printable(value, _LONGEST)] for key, value in fields if value],
            "stack": [printable(f.place, 100) for f in frames[:_FRAMES]],
        }

    def _finding(self, finding: Finding) -> dict[str, Any]:
        lang, zh = self.lang, self.lang == "zh"
        fields = {
            "report.rule": finding.rule,
            "report.first_seen": f"+{max(finding.first_seen - self._first, 0) / 1e6:.1f} s",
            "report.event_ids": " ".join(f"#{seq}" for seq in finding.events[:10]),
            "explain.advice": printable(finding.advice_zh if zh else finding.advice, 160),
        }
        title = headline(finding.status, finding.title_zh if zh else finding.title, lang)
        return {
            "id": finding.fingerprint,
            "status": finding.status,
            "status_name": label("status", finding.status, lang),
            "level": finding.level,
            "level_name": label("level", finding.level, lang),
            "title": printable(title, 160),
            "about": printable(about(finding, lang, self.name), 160),
            "count": f"×{finding.count}" if finding.count > 1 else "",
            "fields": [[t(key, lang), value] for key, value in fields.items()],
        }


def _controls(event: events.UiSnapshot) -> list[dict[str, Any]]:
    """What can be touched on a screen, with its middle in pixels."""
    return [
        {"label": printable(name, 60), "x": (left + right) // 2, "y": (top + bottom) // 2}
        for name, (left, top, right, bottom) in list(event.sizes.items())[:_CONTROLS]
        if right > left >= 0 and bottom > top >= 0
    ]
