"""A plain app layer for tests of the adb side: activities are records, nothing runs."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from emulator.standin.apps.applayer import NO_MATCH, NOT_FOUND, Process, StartResult
from emulator.standin.packages.installed import Package
from emulator.standin.packages.intents import Intent
from emulator.standin.state.device import DeviceState
from emulator.standin.window.screen import ActivityRecord, Node, Window

SCREEN: Node = {
    "id": 1,
    "class": "android.widget.LinearLayout",
    "children": [
        {"id": 2, "class": "android.widget.TextView", "rid": "com.demo:id/title", "text": "隐私政策 & <more>"},
        {"id": 3, "class": "android.widget.EditText", "rid": "com.demo:id/name", "hint": "姓名"},
        {"id": 4, "class": "android.widget.Button", "rid": "com.demo:id/agree", "text": "同意", "clickable": True},
    ],
}


class FakeApps:
    """What the adb side calls of `emulator.standin.apps.appside.AppSide`, without processes."""

    def __init__(self, state: DeviceState) -> None:
        self.state = state
        self.portal_port: int | None = None
        self.processes: dict[int, Process] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.island = None

    async def start(
        self, intent: Intent, *, held: bool = False, wait: bool = False, stop_first: bool = False
    ) -> StartResult:
        package = self.state.packages.get(intent.target_package)
        if package is None:
            return StartResult(NOT_FOUND if intent.component else NO_MATCH)
        name = intent.component.partition("/")[2] or next((one.name for one in package.launchers()), "")
        if package.component(name) is None:
            return StartResult(NOT_FOUND)
        pid = 70_000_000 + package.uid
        self.processes[pid] = Process(pid, package.name, package.name, package.uid, held=held)
        component = f"{package.name}/{name}"
        self.state.activities.append(
            ActivityRecord("t1", component, package.name, package.uid, 7, pid, "resumed", intent, process=package.name)
        )
        self.state.windows.append(
            Window(1, pid, package.name, token="t1", component=component, uid=package.uid, root=SCREEN)
        )
        self.state.log.event(
            "wm_create_activity", 0, 1, 7, intent.component, intent.action or "NULL", "NULL", "NULL", 0
        )
        self.calls.append(("start", component, held))
        return StartResult(0, component, 321, "COLD", pid)

    def __getattr__(self, name: str) -> Callable[..., Coroutine[Any, Any, None]]:
        """Anything else is noted."""

        async def noted(*given: Any) -> None:
            self.calls.append((name, *given))

        return noted

    async def force_stop(self, package: str) -> None:
        self.calls.append(("force_stop", package))
        self.processes = {k: p for k, p in self.processes.items() if p.package != package}
        self.state.windows[:] = [w for w in self.state.windows if w.package != package]
        self.state.activities[:] = [a for a in self.state.activities if a.package != package]

    async def rest(self) -> None:
        """They have always done with everything."""

    async def click(self, window: Window, node: Node, held: bool = False) -> None:
        self.calls.append(("click", node["rid"]))

    async def text(self, window: Window, node: Node, value: str) -> None:
        self.calls.append(("text", node["rid"], value))

    async def installed(self, package: Package, archive: Path) -> None:
        self.calls.append(("installed", package.name, archive.is_file()))

    async def end_frida(self) -> None:
        self.portal_port = None

    def on_debugger(self, pid: int) -> bool:
        self.calls.append(("debugger", pid))
        self.processes[pid].held = False
        return True
