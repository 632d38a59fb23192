"""The back stack and its windows: which is where, what becomes of it, and what the events buffer says of that."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator.standin.apps.applayer import Process
from emulator.standin.apps.pace import within
from emulator.standin.packages.intents import short_component
from emulator.standin.state.device import DeviceState

from .screen import ActivityRecord, Window

#: Longest wait for an activity on its way to the front, in seconds in which its process does nothing.
ARRIVAL = 5.0
#: From the end of an activity to its stop where nothing comes instead and no pause is reported, in seconds.
_IDLE = 2.0
MAX_WINDOWS = 200

Send = Callable[[int, str, dict[str, Any]], None]


@dataclass
class Caller:
    """Who wants a result: the activity's token and its request code."""

    token: str = ""
    code: int = -1


@dataclass
class Pending:
    """A start under way: set when resumed, or when it will not be."""

    resumed: asyncio.Event = field(default_factory=asyncio.Event)
    failed: bool = False


class BackStack:
    """`DeviceState.activities` and `DeviceState.windows`, last on top; an activity's windows show only while it does.
    ``send(pid, event, args)`` reaches app processes."""

    def __init__(self, state: DeviceState, send: Send) -> None:
        self._state, self._send = state, send
        self._callers: dict[str, Caller] = {}
        self._pending: dict[str, Pending] = {}
        self._coming: dict[str, asyncio.Event] = {}
        self._starting: Counter[str] = Counter()
        """Starts under way, by the activity that made them."""
        self._ending: list[ActivityRecord] = []
        """Finished while it was shown: it stops once what comes instead is resumed, as on a phone."""

    def top(self) -> ActivityRecord | None:
        return self._state.activities[-1] if self._state.activities else None

    def comes(self, token: str) -> None:
        """An activity was told to come to the front: what it starts meanwhile waits until it is there."""
        self._coming.setdefault(token, asyncio.Event())

    async def arrived(self, token: str) -> None:
        """Waits until an activity that is on its way to the front is resumed, or will not be: Android finishes that
        before anything the activity asked for in onCreate, onRestart or onResume comes above it."""
        coming, record = self._coming.get(token), self.record(token)
        process = self._state.app.processes.get(record.pid) if record else None
        if coming is not None and process is not None:
            await within(ARRIVAL, coming, process.host or process.pid)

    def begins(self, token: str) -> None:
        """An activity has asked for another one to be started."""
        self._starting[token] += 1

    def begun(self, token: str) -> None:
        """What it asked for is on its way, or will not come."""
        self._starting[token] -= 1
        self._starting += Counter()
        self._nothing_comes()

    def ending(self, token: str) -> bool:
        """Whether an activity was finished just now: it may still start another one."""
        return any(record.token == token for record in self._ending)

    def _idle(self) -> None:
        if not self._pending and not self._starting:
            self._end()

    def _nothing_comes(self) -> None:
        """Where a start failed, nothing comes instead of what ended meanwhile but what was below."""
        if self._ending and not self._pending and not self._starting:
            self._end()
            self.resume_top()

    def _end(self) -> None:
        """What was finished before stops and goes."""
        for record in self._ending:
            self._send(record.pid, "activity.lifecycle", {"token": record.token, "to": "destroyed"})
        self._ending.clear()

    def _there(self, token: str) -> None:
        coming = self._coming.pop(token, None)
        if coming is not None:
            coming.set()

    def reported(self, token: str, state: str) -> None:
        """``activity.state`` from the app."""
        record = self.record(token)
        if record is None:
            if state == "paused" and self.ending(token):
                self._idle()  # what it started in the same callback is known by now
            return
        record.state = state
        short = short_component(record.component)
        number = int(record.ident, 16)
        if state == "resumed":
            self._log("wm_resume_activity", record)
            why = "minimalResumeActivityLocked - onActivityStateChanged"
            self._state.log.event("wm_set_resumed_activity", self._state.user, short, why)
            if record.token in self._pending:
                self._state.log.main("I", "ActivityTaskManager", f"Displayed {short}: +1ms")
            self.raise_token(token)
            self._done(token)
            self._there(token)
            self._end()
            self._stop_below(record)
        elif state == "stopped":
            self._state.log.event("wm_stop_activity", self._state.user, number, short)
            self.hide_token(token)
        elif state == "destroyed":
            self._forget(record)

    def _done(self, token: str, *, failed: bool = False) -> None:
        if failed:
            self._there(token)
        pending = self._pending.pop(token, None)
        if pending:
            pending.failed = failed
            pending.resumed.set()

    def _forget(self, record: ActivityRecord) -> None:
        if record in self._state.activities:
            self._state.activities.remove(record)
        self._done(record.token, failed=True)
        self.drop(token=record.token)
        self._nothing_comes()

    def _stop_below(self, record: ActivityRecord) -> None:
        """What a full-screen activity covers is stopped."""
        for other in self._state.activities:
            if other is not record and other.state == "paused":
                if other.pid:
                    self._send(other.pid, "activity.lifecycle", {"token": other.token, "to": "stopped"})
                else:
                    self.hide_token(other.token)

    def pause_top(self, reason: str, leaving: bool = True) -> None:
        """Before another activity comes to the front."""
        record = self._state.top_activity()
        if record is None:
            return
        record.state = "paused"
        self._state.log.event(
            "wm_pause_activity", self._state.user, int(record.ident, 16), short_component(record.component),
            f"userLeaving={str(leaving).lower()}", reason,
        )  # fmt: skip
        if record.pid:
            self._send(record.pid, "activity.lifecycle", {"token": record.token, "to": "paused"})

    def resume_top(self) -> None:
        """The activity that is on top now goes on, unless the device is at home; one that is just being started does so
        by itself."""
        record = self.top()
        if record is None or record.state == "resumed" or record.token in self._pending:
            return
        if record.pid:
            self.comes(record.token)
            self._send(record.pid, "activity.lifecycle", {"token": record.token, "to": "resumed"})
        else:
            record.state = "resumed"
            self.raise_token(record.token)
            self._end()

    def finish(self, token: str, result: int, data: dict[str, Any] | None, *, resume: bool = True) -> None:
        """An activity ends: its caller gets the result, what was below comes forward, or (not ``resume``) another one
        that the caller of this starts. One that was shown is paused now, and stops once that is resumed."""
        record = self.record(token)
        if record is None:
            return
        was_top = record is self.top()
        self._log("wm_finish_activity", record, "app-request")
        shown = record.state in ("initializing", "created", "started", "resumed", "paused")
        if was_top and record.state == "resumed":
            self.pause_top("finish", leaving=False)
        elif was_top and record.pid:  # while it is being resumed
            self._send(record.pid, "activity.lifecycle", {"token": token, "to": "paused"})
        self._log("wm_destroy_activity", record, "finish-imm:idle")
        self._state.activities.remove(record)
        self._done(token, failed=True)
        below = self.top()
        another = bool(self._pending) or self._starting[token] > 0
        back = resume and was_top and not another and below is not None and below.task == record.task
        if record.pid and shown:
            self._ending.append(record)
            if resume and not another and not back:
                asyncio.get_running_loop().call_later(_IDLE, self._idle)
        elif record.pid:
            self._send(record.pid, "activity.lifecycle", {"token": token, "to": "destroyed"})
        self.drop(token=token)
        caller = self._callers.pop(token, Caller())
        origin = self.record(caller.token)
        if origin and caller.code >= 0 and origin.pid:
            self._send(
                origin.pid,
                "activity.result",
                {"token": origin.token, "code": caller.code, "result": result, "data": data},
            )
        if back:
            self.resume_top()

    def home(self) -> None:
        """The home key: the front task goes to the back and stops."""
        self.pause_top("home")
        self._stop_below(ActivityRecord("", "", "", 0, 0))

    def gone(self, pid: int) -> None:
        """A process has ended: its activities and windows with it."""
        mine = [r for r in self._state.activities if r.pid == pid]
        was_top = bool(mine) and self.top() in mine
        self._ending = [record for record in self._ending if record.pid != pid]
        for record in mine:
            self._forget(record)
        self.drop(pid=pid)
        if was_top:
            self.resume_top()

    def drop_package(self, package: str) -> None:
        for record in [r for r in self._state.activities if r.package == package]:
            self._log("wm_destroy_activity", record, "force-stop")
            self._forget(record)

    def _log(self, tag: str, record: ActivityRecord, *rest: object) -> None:
        self._state.log.event(
            tag, self._state.user, int(record.ident, 16), record.task, short_component(record.component), *rest
        )

    # windows, as app processes report them

    def show(self, process: Process, a: dict[str, Any]) -> None:
        """``ui.window``: a new window goes on top, a known one gets a new tree."""
        number = int(a.get("window", 0))
        window = self.find(process.pid, number)
        if window is None:
            if len(self._state.windows) >= MAX_WINDOWS:
                return
            window = self._made(process, number, a)
            self._state.windows.insert(self._place(window), window)
        root = a.get("root")
        window.root = root if isinstance(root, dict) else {}
        window.title = str(a.get("title", ""))[:500]
        asked = a.get("focus")
        if isinstance(asked, int) and asked != window.asked_focus:
            window.focus = window.asked_focus = asked

    def _place(self, window: Window) -> int:
        """On top; but an activity's own window lies below its dialogs, which may come first (shown in onCreate)."""
        shown = self._state.windows
        if not window.token:
            return len(shown)
        above = self._above(window.token)
        if window.kind == "activity":
            above.add(window.token)
        return next((i for i, other in enumerate(shown) if other.token in above), len(shown))

    def _above(self, token: str) -> set[str]:
        """The activities above one, none for an activity that is not on the stack."""
        tokens = [record.token for record in self._state.activities]
        return set(tokens[tokens.index(token) + 1 :]) if token in tokens else set()

    def _made(self, process: Process, number: int, a: dict[str, Any]) -> Window:
        kind, token = str(a.get("kind", "dialog")), str(a.get("token", ""))
        record = self.record(token)
        window = Window(number, process.pid, process.package, kind, token=token, uid=process.uid)
        if kind == "activity" and record:
            window.component = record.component
        self._state.truth.write("window", kind=kind, title=str(a.get("title", "")), pid=process.pid, state="added")
        return window

    def record(self, token: str) -> ActivityRecord | None:
        return next((r for r in self._state.activities if r.token == token), None) if token else None

    def find(self, pid: int, number: int) -> Window | None:
        return next((w for w in self._state.windows if w.pid == pid and w.window == number), None)

    def remove(self, pid: int, number: int) -> None:
        window = self.find(pid, number)
        if window:
            self._state.windows.remove(window)

    def drop(self, *, pid: int | None = None, token: str | None = None) -> None:
        """All windows of a process or of an activity."""
        keep = [w for w in self._state.windows if not (w.pid == pid if token is None else w.token == token)]
        self._state.windows[:] = keep

    def raise_token(self, token: str) -> None:
        """The windows of an activity come to the top and show."""
        mine = [w for w in self._state.windows if w.token == token]
        for window in mine:
            window.visible = True
        rest = [w for w in self._state.windows if w.token != token]
        above = self._above(token)
        at = next((i for i, other in enumerate(rest) if other.token in above and other.visible), len(rest))
        self._state.windows[:] = rest[:at] + mine + rest[at:]

    def hide_token(self, token: str) -> None:
        for window in self._state.windows:
            if window.token == token:
                window.visible = False
