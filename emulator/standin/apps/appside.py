"""The app layer: what starts, reaches and ends apps, for the adb side and for the apps themselves."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from emulator.standin.packages.installed import Component, Package
from emulator.standin.packages.intents import Intent, read_intent, wire
from emulator.standin.packages.permissions import Prompter, Request
from emulator.standin.state.device import DeviceState
from emulator.standin.web.pages import Pages
from emulator.standin.window.activities import Activities
from emulator.standin.window.backstack import Caller
from emulator.standin.window.screen import Node, Window

from .applayer import StartResult
from .databases import Databases
from .pace import within
from .processes import Processes, Running
from .providers import Providers
from .requests import Requests
from .runtimes import JvmError, Runtime

#: Seconds for which an app may be idle in the middle of a tap before it counts as stuck.
_STUCK = 2.0


class AppSide(Processes):
    """The app side, as the adb side calls it (tests of that have their own)."""

    def __init__(self, state: DeviceState, runtime: Runtime) -> None:
        super().__init__(state, runtime)
        self.activities: Activities = Activities(state, self.send, self.ensure)
        self.prompter: Prompter = Prompter(state, self._settled, self._cover, self.activities.resume_top)
        self.providers = Providers(state)
        self.databases: Databases = Databases()
        self.pages = Pages(self.send, str(state.get("web.browser") or ""))
        self.handler = Requests(self).find
        self.alarms: dict[tuple[str, str], asyncio.Task[None]] = {}

    def gone(self, one: Running) -> None:
        one.rest()
        process = one.process
        self.activities.gone(process.pid)
        self.databases.gone(process.pid)
        self.pages.gone(process.pid)
        if not self.of(process.package):
            self.prompter.forget(process.package)

    async def close(self) -> None:
        for alarm in self.alarms.values():
            alarm.cancel()
        await self.pages.close()
        await super().close()

    # activities

    async def start(
        self, intent: Intent, *, held: bool = False, wait: bool = False, stop_first: bool = False
    ) -> StartResult:
        """Starts an activity. ``held``: the process waits for a debugger before app code. ``wait``: until resumed."""
        if stop_first and intent.target_package:
            await self.force_stop(intent.target_package)
        result = await self.activities.start(intent, Caller(), held=held, wait=wait)
        one = self.running.get(result.pid)
        if one:
            await self.join(one)
        return result

    def _settled(self, request: Request) -> None:
        grants = [0 if self.state.has_permission(request.package.name, p) else -1 for p in request.permissions]
        self.send(
            request.pid, "perm.result",
            {"activity": request.activity, "code": request.code, "permissions": request.permissions, "grants": grants},
        )  # fmt: skip

    def _cover(self) -> None:
        self.activities.pause_top("pauseBackTasks", leaving=False)

    # services, broadcasts, jobs

    async def start_service(self, intent: Intent) -> bool:
        found = self.activities.resolve(intent, "service")
        if found is None:
            return False
        # As on Android the caller does not wait until the service's process is up.
        self.task(self._start_service(intent, *found))
        return True

    async def _start_service(self, intent: Intent, package: Package, component: Component) -> None:
        name = f"{package.name}/{component.name}"
        with contextlib.suppress(JvmError, TimeoutError):
            process = await self.ensure(package, component.process or package.name, "service", name)
            if one := self.running.get(process.pid):
                one.services.add(name)
                self.send(process.pid, "service.start", {**wire(intent), "component": name})

    async def stop_service(self, intent: Intent) -> bool:
        found = self.activities.resolve(intent, "service")
        if found is None:
            return False
        name = f"{found[0].name}/{found[1].name}"
        holders = [r for r in self.running.values() if name in r.services]
        for one in holders:
            self.send(one.process.pid, "service.stop", {"component": name, "action": intent.action, "extras": {}})
        return bool(holders)

    async def broadcast(self, intent: Intent) -> int:
        """Number of receivers."""
        count = 0
        for one in list(self.running.values()):
            if intent.target_package and one.process.package != intent.target_package:
                continue
            if any(intent.action in actions for actions in one.receivers.values()) and not intent.component:
                self.send(one.process.pid, "broadcast", {**wire(intent), "component": None})
                count += 1
        for package, component in self._receivers(intent):
            with contextlib.suppress(JvmError, TimeoutError):
                name = f"{package.name}/{component.name}"
                process = await self.ensure(package, component.process or package.name, "broadcast", name)
                self.send(process.pid, "broadcast", {**wire(intent), "component": name})
                count += 1
        return count

    def _receivers(self, intent: Intent) -> list[tuple[Package, Component]]:
        if intent.component:
            found = self.activities.resolve(intent, "receiver")
            return [found] if found else []
        return [
            (package, component)
            for package in self.state.packages.values()
            if package.host_apk and not package.stopped and intent.package in ("", package.name)
            for component in package.of_kind("receiver")
            if intent.action in component.actions
        ]

    async def fire(self, package: Package, a: dict[str, Any]) -> None:
        """An alarm or job is due: what it starts, starts."""
        intent, kind = read_intent(a), str(a.get("kind"))
        with contextlib.suppress(JvmError, TimeoutError):
            if kind == "activity":
                await self.activities.start(intent, Caller())
            elif kind == "broadcast":
                await self.broadcast(intent)
            elif kind == "service":
                await self.start_service(intent)
            else:
                found = self.activities.resolve(intent, "service")
                if found:
                    name = f"{package.name}/{found[1].name}"
                    process = await self.ensure(package, found[1].process or package.name, "service", name)
                    self.send(process.pid, "job.start", {"component": name, "id": a.get("job", 0)})

    # ends

    async def force_stop(self, package: str) -> None:
        """Kills the processes, clears activities and windows of the package."""
        for key in [k for k in self.alarms if k[0] == package]:
            self.alarms.pop(key).cancel()
        self.activities.drop_package(package)
        await self._kill(package, f"stop {package} due to from pid 1000")
        if package in self.state.packages:
            self.state.packages[package].stopped = True
        self.prompter.forget(package)

    async def _kill(self, package: str, why: str) -> None:
        those = self.of(package)
        for one in those:
            self.end(one, why)
        for _ in range(200):
            if not any(one.process.pid in self.running for one in those):
                return
            await asyncio.sleep(0.02)

    async def kill(self, package: str) -> None:
        """Kills the package's processes that are in the background."""
        if self.state.focused_package() != package:
            await self._kill(package, "kill background")

    async def permission_changed(self, package: str, permission: str, granted: bool) -> None:
        """After pm grant / revoke. A revoke of a granted permission kills the package's processes."""
        if not granted:
            await self._kill(package, "permissions revoked")

    async def installed(self, package: Package, archive: Path) -> None:
        self.task(self.runtime.prepare(archive.parent / "classes"))

    async def settings_changed(self, ns: str, key: str, value: str | None) -> None:
        proxy = self.state.app_proxy()
        where = {"host": proxy[0], "port": proxy[1]} if proxy else None
        if self.island:
            await self.island.lead(self.state.ways())
        for pid in list(self.running):
            self.send(pid, "settings.changed", {"ns": ns, "key": key, "value": value, "proxy": where})

    def on_debugger(self, pid: int) -> bool:
        """A debugger shook hands: the held process goes on. False if there is no such process."""
        one = self.running.get(pid)
        if one is None:
            return False
        if one.process.held:
            one.process.held = False
            self.state.truth.write("process", state="released", pid=pid, process=one.process.name)
            self.send(pid, "release", {})
        return True

    # input

    async def click(self, window: Window, node: Node, held: bool = False) -> None:
        """A tap; ``held``: a long press."""
        self.state.truth.write("ui_click", package=window.package, **{k: node.get(k) for k in ("rid", "text", "desc")})
        if window.pid == 0:
            self.prompter.click(window, node)
        elif one := self.running.get(window.pid):
            one.tap()
            self.send(window.pid, "ui.click", {"window": window.window, "node": node.get("id"), "long": held})

    async def rest(self) -> None:
        """Waits until every app has done with the taps before. On a phone the thread that answers them also gives out
        what is on the screen and takes what is typed."""
        for one in list(self.running.values()):
            if one.taps and not await within(_STUCK, one.rests, one.process.host or one.process.pid):
                one.rest()

    async def text(self, window: Window, node: Node, value: str) -> None:
        """The whole new text of an input field."""
        if window.pid:
            self.send(window.pid, "ui.text", {"window": window.window, "node": node.get("id"), "text": value})

    async def key(self, name: str) -> None:
        """``BACK``, ``HOME``, ``ENTER``, …"""
        name = name.removeprefix("KEYCODE_")
        window = self.state.focused_window()
        if name == "HOME":
            self.activities.home()
        elif window is None:
            return
        elif window.pid:
            self.send(window.pid, "ui.key", {"key": name, "window": window.window})
        elif name == "BACK" and not self.prompter.back(window):
            self.activities.finish(window.token, 0, None)
