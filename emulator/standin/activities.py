"""The activity manager: back stack, starts, finishes, and what the events buffer says of them."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from .applayer import NO_MATCH, NOT_FOUND, Process, StartResult
from .installed import Component, Package
from .intents import LAUNCHER, MAIN, Intent, resolve, short_component, system_screen, wire
from .screen import ActivityRecord, Window
from .state import DeviceState
from .uistate import Windows

CLEAR_TOP, SINGLE_TOP, CLEAR_TASK, REORDER = 0x04000000, 0x20000000, 0x00008000, 0x00020000
NEW_TASK = 0x10000000
RESUME_TIMEOUT = 10.0
MAX_ACTIVITIES = 100
Send = Callable[[int, str, dict[str, Any]], None]


@dataclass
class Caller:
    """Who wants a result: the activity's token and its request code."""

    token: str = ""
    code: int = -1


@dataclass
class _Pending:
    resumed: asyncio.Event = field(default_factory=asyncio.Event)
    failed: bool = False


class Activities:
    """`DeviceState.activities`, last on top. ``send(pid, event, args)`` reaches app processes."""

    def __init__(
        self,
        state: DeviceState,
        windows: Windows,
        send: Send,
        ensure: Callable[[Package, str, str, str], Awaitable[Process]],
    ) -> None:
        self._state = state
        self._windows = windows
        self._send = send
        self._ensure = ensure
        self._callers: dict[str, Caller] = {}
        self._pending: dict[str, _Pending] = {}
        self._tasks: dict[str, int] = {}

    def resolve(self, intent: Intent, kind: str = "activity") -> tuple[Package, Component] | None:
        """The component an intent means, None if there is none."""
        return resolve(self._state.packages, intent, kind)

    # starting

    async def start(self, intent: Intent, caller: Caller, *, held: bool = False, wait: bool = False) -> StartResult:
        """Starts an activity; ``wait`` until it is resumed (or its process has ended)."""
        began = time.monotonic()
        found = self.resolve(intent)
        if found is None:
            screen = "" if intent.component else system_screen(intent)
            if not screen:
                return StartResult(NOT_FOUND if intent.component else NO_MATCH)
            if "category.HOME" in "".join(intent.categories):
                self.home()
            else:
                self._open_screen(intent, screen)
            return StartResult(0, screen)
        package, component = found
        name = f"{package.name}/{component.name}"
        if again := self._existing(intent, package, name):
            return StartResult(again, name, pid=self._pid(package))
        if len(self._state.activities) >= MAX_ACTIVITIES:
            return StartResult(NO_MATCH)
        package.stopped = False
        record = ActivityRecord(
            secrets.token_hex(8), name, package.name, package.uid, self._task(package, caller), intent=intent
        )
        record.process = component.process or package.name
        warm = any(p for p in self._known(package) if p.name == record.process)
        self._callers[record.token] = caller
        pending = self._pending[record.token] = _Pending()
        self.pause_top("pauseBackTasks")
        self._state.activities.append(record)
        self._log(
            "wm_create_activity",
            record,
            intent.action or "NULL",
            intent.mime or "NULL",
            intent.data or "NULL",
            intent.flags,
        )
        try:
            process = await self._ensure(package, record.process, "hold" if held else "", f"{{{name}}}")
        except RuntimeError:
            self._forget(record)
            return StartResult(0, name, timeout=True)
        record.pid = process.pid
        self._send(
            process.pid,
            "activity.launch",
            {"token": record.token, **wire(intent), "component": name, "code": caller.code},
        )
        if wait and not held:
            try:
                await asyncio.wait_for(pending.resumed.wait(), RESUME_TIMEOUT)
            except TimeoutError:
                pending.failed = True
        total = int((time.monotonic() - began) * 1000)
        return StartResult(0, name, total, "WARM" if warm else "COLD", process.pid, pending.failed)

    def _known(self, package: Package) -> list[Process]:
        app = self._state.app
        return [p for p in (app.processes.values() if app else ()) if p.package == package.name]

    def _pid(self, package: Package) -> int:
        return next((p.pid for p in self._known(package) if p.name == package.process), 0)

    def _task(self, package: Package, caller: Caller) -> int:
        origin = self.record(caller.token)
        if origin:
            return origin.task
        return self._tasks.setdefault(package.name, len(self._tasks) + 2)

    def _existing(self, intent: Intent, package: Package, name: str) -> int:
        """Brings a running task forward instead of starting; 0 if a new activity is due."""
        mine = [r for r in self._state.activities if r.package == package.name and r.pid]
        if intent.flags & CLEAR_TASK:
            for record in mine:
                self.finish(record.token, 0, None, resume=False)
            return 0
        top = mine[-1] if mine else None
        if top is None:
            return 0
        if intent.action == MAIN and LAUNCHER in intent.categories and intent.flags & NEW_TASK:
            self._to_front(package.name)
            return 2
        if top.component == name and (intent.flags & SINGLE_TOP or (intent.flags & NEW_TASK and intent.action == MAIN)):
            self._to_front(package.name)
            self._send(top.pid, "activity.newintent", {"token": top.token, **wire(intent), "component": name})
            return 3
        known = next((r for r in mine if r.component == name), None)
        if known and intent.flags & CLEAR_TOP:
            above = mine[mine.index(known) + (1 if intent.flags & SINGLE_TOP else 0) :]
            for record in reversed(above):
                self.finish(record.token, 0, None, resume=False)
            if intent.flags & SINGLE_TOP:
                self.resume_top()
                self._send(known.pid, "activity.newintent", {"token": known.token, **wire(intent), "component": name})
                return 3
        return 0

    def _to_front(self, package: str) -> None:
        mine = [r for r in self._state.activities if r.package == package]
        if self._state.activities[-len(mine) :] != mine:
            self.pause_top("moveTaskToFront")
            self._state.activities[:] = [r for r in self._state.activities if r.package != package] + mine
        self._state.log.event("wm_task_to_front", 0, mine[-1].task)
        self.resume_top()

    def _open_screen(self, intent: Intent, screen: str) -> None:
        """A screen of the system: a window with a title, closed by the back key."""
        package = screen.partition("/")[0]
        self.pause_top("external")
        record = ActivityRecord(secrets.token_hex(8), screen, package, 1000, 900 + len(self._tasks), intent=intent)
        record.state = "resumed"
        self._state.activities.append(record)
        self._log("wm_create_activity", record, intent.action or "NULL", "NULL", intent.data or "NULL", intent.flags)
        self._log("wm_resume_activity", record)
        window = Window(int(record.ident, 16), 0, package, "activity", screen, record.token, screen)
        text = {
            "id": 2,
            "class": "android.widget.TextView",
            "rid": "",
            "text": intent.data or intent.action,
            "children": [],
        }
        window.root = {
            "id": 1,
            "class": "android.widget.FrameLayout",
            "rid": "android:id/content",
            "text": "",
            "children": [text],
        }
        self._state.windows.append(window)
        self._stop_below(record)
        self._windows.refocus()
        self._state.truth.write("external", component=screen, action=intent.action, data=intent.data)

    # states

    def record(self, token: str) -> ActivityRecord | None:
        return self._windows.record(token)

    def top(self) -> ActivityRecord | None:
        return self._state.activities[-1] if self._state.activities else None

    def reported(self, token: str, state: str) -> None:
        """``activity.state`` from the app."""
        record = self.record(token)
        if record is None:
            return
        record.state = state
        self._state.truth.write("activity", component=record.component, state=state, pid=record.pid)
        short = short_component(record.component)
        number = int(record.ident, 16)
        if state == "resumed":
            self._log("wm_resume_activity", record)
            self._state.log.event(
                "wm_set_resumed_activity", 0, short, "minimalResumeActivityLocked - onActivityStateChanged"
            )
            self._state.log.event(
                "wm_on_resume_called",
                number,
                record.component.partition("/")[2],
                "RESUME_ACTIVITY",
                1,
                pid=record.pid,
                uid=record.uid,
            )
            if record.token in self._pending:
                self._state.log.event("wm_activity_launch_time", 0, number, short, 1)
                self._state.log.main("I", "ActivityTaskManager", f"Displayed {short}: +1ms")
            self._windows.raise_token(token)
            self._done(token)
            self._stop_below(record)
        elif state == "created":
            self._state.log.event(
                "wm_on_create_called",
                number,
                record.component.partition("/")[2],
                "performCreate",
                1,
                pid=record.pid,
                uid=record.uid,
            )
        elif state == "paused":
            self._state.log.event(
                "wm_on_paused_called",
                number,
                record.component.partition("/")[2],
                "performPause",
                1,
                pid=record.pid,
                uid=record.uid,
            )
        elif state == "stopped":
            self._state.log.event("wm_stop_activity", 0, number, short)
            self._windows.hide_token(token)
        elif state == "destroyed":
            self._forget(record)

    def _done(self, token: str, *, failed: bool = False) -> None:
        pending = self._pending.pop(token, None)
        if pending:
            pending.failed = failed
            pending.resumed.set()

    def _forget(self, record: ActivityRecord) -> None:
        if record in self._state.activities:
            self._state.activities.remove(record)
        self._done(record.token, failed=True)
        self._windows.drop(token=record.token)

    def _stop_below(self, record: ActivityRecord) -> None:
        """What a full-screen activity covers is stopped."""
        for other in self._state.activities:
            if other is not record and other.state == "paused":
                if other.pid:
                    self._send(other.pid, "activity.lifecycle", {"token": other.token, "to": "stopped"})
                else:
                    self._windows.hide_token(other.token)

    def pause_top(self, reason: str, leaving: bool = True) -> None:
        """Before another activity comes to the front."""
        record = self._state.top_activity()
        if record is None:
            return
        record.state = "paused"
        self._state.log.event(
            "wm_pause_activity", 0, int(record.ident, 16), short_component(record.component),
            f"userLeaving={str(leaving).lower()}", reason,
        )  # fmt: skip
        if record.pid:
            self._send(record.pid, "activity.lifecycle", {"token": record.token, "to": "paused"})

    def resume_top(self) -> None:
        """The activity that is on top now goes on, unless the device is at home."""
        record = self.top()
        if record is None or record.state == "resumed":
            return
        if record.pid:
            self._send(record.pid, "activity.lifecycle", {"token": record.token, "to": "resumed"})
        else:
            record.state = "resumed"
            self._windows.raise_token(record.token)

    def finish(self, token: str, result: int, data: dict[str, Any] | None, *, resume: bool = True) -> None:
        """An activity ends: its caller gets the result, what was below comes forward."""
        record = self.record(token)
        if record is None:
            return
        was_top = record is self.top()
        self._log("wm_finish_activity", record, "app-request")
        self._state.truth.write("activity", component=record.component, state="finishing", pid=record.pid)
        if was_top and record.state == "resumed":
            self.pause_top("finish", leaving=False)
        self._log("wm_destroy_activity", record, "finish-imm:idle")
        self._state.activities.remove(record)
        self._done(token, failed=True)
        if record.pid:
            self._send(record.pid, "activity.lifecycle", {"token": token, "to": "destroyed"})
        self._windows.drop(token=token)
        caller = self._callers.pop(token, Caller())
        origin = self.record(caller.token)
        if origin and caller.code >= 0 and origin.pid:
            self._send(
                origin.pid,
                "activity.result",
                {"token": origin.token, "code": caller.code, "result": result, "data": data},
            )
        below = self.top()
        if resume and was_top and below and below.task == record.task:
            self.resume_top()

    def home(self) -> None:
        """The home key: the front task goes to the back and stops."""
        self.pause_top("home")
        self._stop_below(ActivityRecord("", "", "", 0, 0))

    def gone(self, pid: int) -> None:
        """A process has ended: its activities and windows with it."""
        mine = [r for r in self._state.activities if r.pid == pid]
        was_top = bool(mine) and self.top() in mine
        for record in mine:
            self._forget(record)
        self._windows.drop(pid=pid)
        if was_top:
            self.resume_top()

    def drop_package(self, package: str) -> None:
        for record in [r for r in self._state.activities if r.package == package]:
            self._log("wm_destroy_activity", record, "force-stop")
            self._forget(record)

    def _log(self, tag: str, record: ActivityRecord, *rest: object) -> None:
        self._state.log.event(tag, 0, int(record.ident, 16), record.task, short_component(record.component), *rest)
