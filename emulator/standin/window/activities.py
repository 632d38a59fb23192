"""Starts of activities: what an intent opens, or brings to the front."""

import secrets
import time
from collections.abc import Awaitable, Callable

from emulator.standin.apps.applayer import NO_MATCH, NOT_FOUND, Process, StartResult
from emulator.standin.apps.pace import within
from emulator.standin.packages.installed import Component, Package
from emulator.standin.packages.intents import LAUNCHER, MAIN, Intent, resolve, system_screen, wire
from emulator.standin.state.device import DeviceState

from .backstack import BackStack, Caller, Pending, Send
from .screen import ActivityRecord, Window, node

CLEAR_TOP, SINGLE_TOP, CLEAR_TASK = 0x04000000, 0x20000000, 0x00008000
NEW_TASK = 0x10000000
RESUME_TIMEOUT = 10.0
MAX_ACTIVITIES = 100


class Activities(BackStack):
    """The back stack with starts; ``ensure(package, process, how, component)`` gives the process."""

    def __init__(
        self,
        state: DeviceState,
        send: Send,
        ensure: Callable[[Package, str, str, str], Awaitable[Process]],
    ) -> None:
        super().__init__(state, send)
        self._ensure = ensure
        self._tasks: dict[str, int] = {}

    def resolve(self, intent: Intent, kind: str = "activity") -> tuple[Package, Component] | None:
        """The component an intent means, None if there is none."""
        return resolve(self._state.packages, intent, kind)

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
        if caller.token:
            await self.arrived(caller.token)
        package, component = found
        name = f"{package.name}/{component.name}"
        if again := self._existing(intent, package, name):
            main = (p.pid for p in self._known(package) if p.name == package.process)
            return StartResult(again, name, pid=next(main, 0))
        if len(self._state.activities) >= MAX_ACTIVITIES:
            return StartResult(NO_MATCH)
        package.stopped = False
        record = ActivityRecord(
            secrets.token_hex(8), name, package.name, package.uid, self._task(package, caller), intent=intent
        )
        record.process = component.process or package.name
        warm = any(p for p in self._known(package) if p.name == record.process)
        self._callers[record.token] = caller
        pending = self._pending[record.token] = Pending()
        self.pause_top("pauseBackTasks")
        self._state.activities.append(record)
        about = (text or "NULL" for text in (intent.action, intent.mime, intent.data))
        self._log("wm_create_activity", record, *about, intent.flags)
        try:
            process = await self._ensure(package, record.process, "hold" if held else "", name)
        except RuntimeError:
            self._forget(record)
            return StartResult(0, name, timeout=True)
        record.pid = process.pid
        self.comes(record.token)
        told = {"token": record.token, **wire(intent), "component": name, "code": caller.code}
        self._send(process.pid, "activity.launch", told)
        if wait and not held:
            pending.failed |= not await within(RESUME_TIMEOUT, pending.resumed, process.host or process.pid)
        total = int((time.monotonic() - began) * 1000)
        return StartResult(0, name, total, "WARM" if warm else "COLD", process.pid, pending.failed)

    def _known(self, package: Package) -> list[Process]:
        return [p for p in self._state.app.processes.values() if p.package == package.name]

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
        text = node(2, "TextView", text=intent.data or intent.action)
        window.root = node(1, "FrameLayout", "android:id/content", children=[text])
        self._state.windows.append(window)
        self._end()
        self._stop_below(record)
