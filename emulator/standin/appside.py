"""The app layer: app processes with their connections, and everything that starts, reaches and ends them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .activities import Activities, Caller, wire
from .jvm import Jvm, JvmError, Portal, start_jvm
from .permissions import Prompter, Request
from .providers import AppError, Providers
from .requests import Requests
from .state import (
    ActivityRecord,
    Component,
    DeviceState,
    Intent,
    Node,
    Package,
    Process,
    StartResult,
    Window,
    short_component,
)
from .uistate import Windows

HELLO_TIMEOUT = 60.0
MAX_LINE = 16 * 1024 * 1024
MAX_PROCESSES = 20


@dataclass
class Running:
    """An app process and its connection."""

    jvm: Jvm
    process: Process
    writer: asyncio.StreamWriter | None = None
    greeted: asyncio.Event = field(default_factory=asyncio.Event)
    joined: asyncio.Task[bool] | None = None
    receivers: dict[int, list[str]] = field(default_factory=dict)
    services: set[str] = field(default_factory=set)
    tasks: dict[tuple[str, int], asyncio.Task[None]] = field(default_factory=dict)
    why: str = ""


class AppSide:
    """Implements `state.AppLayer`."""

    def __init__(self, state: DeviceState) -> None:
        self.state = state
        self.processes: Mapping[int, Process] = {}
        self.running: dict[int, Running] = {}
        self.windows = Windows(state)
        self.activities = Activities(state, self.windows, self.send, self.ensure)
        self.prompter = Prompter(state, self._answer, self._cover, self._uncover, self.windows.refocus)
        self.providers = Providers(state)
        self.requests = Requests(self)
        self.portal = Portal(self._complain)
        self.portal_port: int | None = None
        self.alarms: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._server: asyncio.Server | None = None
        self._port = 0
        self._starting: dict[tuple[str, str], asyncio.Future[Process]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False

    # beginning and end

    async def begin(self) -> None:
        """Opens the port for app processes and Frida's portal."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=MAX_LINE)
        self._port = self._server.sockets[0].getsockname()[1]
        await self.portal.begin()
        self.portal_port = self.portal.port

    async def close(self) -> None:
        """Kills every process and waits until all are gone."""
        self._closing = True
        for alarm in self.alarms.values():
            alarm.cancel()
        for one in list(self.running.values()):
            one.jvm.kill()
        watchers = [t for t in self._tasks if not t.done()]
        if watchers:
            await asyncio.wait(watchers, timeout=5)
        for task in watchers:
            task.cancel()
        await self.portal.close()
        if self._server:
            self._server.close()

    def task(self, work: Any) -> asyncio.Task[Any]:
        """Runs a coroutine that nobody waits for."""
        made: asyncio.Task[Any] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(made)
        made.add_done_callback(self._tasks.discard)
        return made

    def _complain(self, text: str) -> None:
        print(f"standin: {text}", file=sys.stderr, flush=True)

    # processes

    async def ensure(self, package: Package, name: str, how: str, component: str) -> Process:
        """The running process of that name, else a new one. ``how``: activity, service, broadcast, or ``hold``."""
        for one in self.running.values():
            if one.process.name == name and one.process.package == package.name:
                if not one.greeted.is_set():
                    await asyncio.wait_for(one.greeted.wait(), HELLO_TIMEOUT)
                return one.process
        key = (package.name, name)
        if key not in self._starting:
            self._starting[key] = asyncio.ensure_future(self._launch(package, name, how, component))
            self._starting[key].add_done_callback(lambda _: self._starting.pop(key, None))
        return await asyncio.shield(self._starting[key])

    async def _launch(self, package: Package, name: str, how: str, component: str) -> Process:
        if self._closing or len(self.running) >= MAX_PROCESSES:
            raise JvmError("too many app processes")
        if package.host_apk is None:
            raise JvmError(f"{package.name} has no code to run")
        props = self.state.props
        jvm = await start_jvm(
            name, package.name, package.host_apk.parent / "classes", self._port,
            str(props.get("persist.sys.timezone", "UTC")), str(props.get("persist.sys.locale", "en-US")),
        )  # fmt: skip
        process = Process(jvm.pid, name, package.name, package.uid, self.state.clock.now_ms(), held=how == "hold")
        one = self.running[jvm.pid] = Running(jvm, process)
        self._share()
        kind = {"hold": "pre-top-activity", "": "pre-top-activity"}.get(how, how)
        self.state.log.event("am_proc_start", 0, jvm.pid, package.uid, name, kind, _short(component))
        self.state.truth.write("process", state="started", pid=jvm.pid, process=name, package=package.name)
        watcher = self.task(self._watch(one))
        greeting = asyncio.ensure_future(one.greeted.wait())
        await asyncio.wait({greeting, watcher}, timeout=HELLO_TIMEOUT, return_when=asyncio.FIRST_COMPLETED)
        greeting.cancel()
        if not one.greeted.is_set():
            jvm.kill()
            words = jvm.last_words()
            self._complain(f"the process of {name} did not come up: {words or 'no message'}")
            raise JvmError(f"{name} did not come up")
        self.state.log.event("am_proc_bound", 0, jvm.pid, name)
        if process.held:
            await self._join(one)
        return process

    async def _join(self, one: Running) -> None:
        if one.joined:
            await asyncio.shield(one.joined)

    async def _watch(self, one: Running) -> None:
        code = await one.jvm.ended()
        process = one.process
        self.running.pop(process.pid, None)
        self._share()
        self.portal.left(process.pid)
        for task in one.tasks.values():
            task.cancel()
        reason = one.why or ("signaled" if code < 0 else f"exited with code {code}")
        self.state.log.event("am_proc_died", 0, process.pid, process.name, 0, 2)
        self.state.log.main("I", "ActivityManager", f"Process {process.name} (pid {process.pid}) has died: {reason}")
        self.state.truth.write("process", state="died", pid=process.pid, process=process.name, code=code, why=reason)
        self.activities.gone(process.pid)
        if not any(r.process.package == process.package for r in self.running.values()):
            self.prompter.forget(process.package)

    def _share(self) -> None:
        self.processes = {pid: one.process for pid, one in self.running.items()}

    def end(self, one: Running, why: str) -> None:
        """Kills a process for a reason that the log tells."""
        one.why = why
        self.state.log.event("am_kill", 0, one.process.pid, one.process.name, 0, why, 0)
        one.jvm.kill()

    # the wire

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        one: Running | None = None
        try:
            while line := await reader.readline():
                message = json.loads(line)
                if one is None:
                    one = self._greet(message, writer)
                    if one is None:
                        return
                    continue
                self._take(one, message)
        except (ValueError, ConnectionError, asyncio.LimitOverrunError, KeyError, TypeError) as bad:
            if one:
                self._complain(f"{one.process.name}: {bad!r}")
        finally:
            writer.close()
            if one and one.process.pid in self.running:
                one.jvm.kill()

    def _greet(self, message: dict[str, Any], writer: asyncio.StreamWriter) -> Running | None:
        a = message.get("a", {})
        one = next((r for r in self.running.values() if r.jvm.token == a.get("token") and r.writer is None), None)
        if one is None or message.get("m") != "hello" or a.get("pid") != one.process.pid:
            return None
        one.writer = writer
        self._write(one, {"id": message.get("id"), "r": self._hello(one.process)})
        one.greeted.set()
        one.joined = self.task(self.portal.join(one.process.pid))
        return one

    def _hello(self, process: Process) -> dict[str, Any]:
        package = self.state.packages[process.package]
        proxy = self.state.http_proxy()
        kinds = {"activity": "activities", "service": "services", "receiver": "receivers", "provider": "providers"}
        return {
            "uid": package.uid, "sdk": self.state.sdk, "target_sdk": package.target_sdk, "package": package.name,
            "data_dir": str(self.state.fs.host(package.data_dir)), "apk": package.apk, "label": package.label,
            "cacerts_dir": str(self.state.fs.host("/system/etc/security/cacerts")), "held": process.held,
            "debuggable": package.debuggable, "props": self.state.props, "application": package.application,
            "proxy": {"host": proxy[0], "port": proxy[1]} if proxy else None,
            "permissions": {p: self.state.has_permission(package.name, p) for p in package.requested},
            "components": {kinds[k]: [describe(package, c) for c in package.of_kind(k)] for k in kinds},
        }  # fmt: skip

    def _take(self, one: Running, message: dict[str, Any]) -> None:
        """A request or an event; slow requests go on by themselves."""
        method, a, ident = str(message.get("m")), message.get("a") or {}, message.get("id")
        handler = self.requests.find(method)
        try:
            if handler is None:
                raise AppError("java.lang.UnsupportedOperationException", f"this device has no {method}")
            result = handler(one, a)
            if asyncio.iscoroutine(result):
                self.task(self._finish(one, ident, result))
            elif ident is not None:
                self._write(one, {"id": ident, "r": result})
        except AppError as error:
            self._refuse(one, ident, error)
        except (KeyError, ValueError, TypeError, AttributeError) as bad:
            self._refuse(one, ident, AppError("java.lang.IllegalArgumentException", f"{method}: {bad!r}"))

    async def _finish(self, one: Running, ident: object, work: Any) -> None:
        try:
            result = await work
        except AppError as error:
            self._refuse(one, ident, error)
        except (JvmError, TimeoutError) as bad:
            self._refuse(one, ident, AppError("java.lang.RuntimeException", str(bad)))
        else:
            if ident is not None:
                self._write(one, {"id": ident, "r": result})

    def _refuse(self, one: Running, ident: object, error: AppError) -> None:
        if ident is not None:
            self._write(one, {"id": ident, "e": {"class": error.java, "message": str(error)}})

    def _write(self, one: Running, message: dict[str, Any]) -> None:
        if one.writer and not one.writer.is_closing():
            one.writer.write(json.dumps(message, ensure_ascii=False, default=str).encode() + b"\n")

    def send(self, pid: int, event: str, a: dict[str, Any]) -> None:
        """An event to an app process; nothing happens if it has gone."""
        one = self.running.get(pid)
        if one:
            self._write(one, {"m": event, "a": a})

    # activities

    async def start(
        self, intent: Intent, *, held: bool = False, wait: bool = False, stop_first: bool = False
    ) -> StartResult:
        if stop_first and intent.target_package:
            await self.force_stop(intent.target_package)
        result = await self.activities.start(intent, Caller(), held=held, wait=wait)
        one = self.running.get(result.pid)
        if one and (wait or held):
            await self._join(one)
        return result

    def _answer(self, request: Request) -> None:
        grants = [0 if self.state.has_permission(request.package.name, p) else -1 for p in request.permissions]
        self.send(
            request.pid, "perm.result",
            {"activity": request.activity, "code": request.code, "permissions": request.permissions, "grants": grants},
        )  # fmt: skip

    def _cover(self, request: Request, record: ActivityRecord) -> None:
        self.activities.pause_top("pauseBackTasks", leaving=False)

    def _uncover(self, request: Request, record: ActivityRecord) -> None:
        self.activities.resume_top()

    # services, broadcasts, jobs

    async def start_service(self, intent: Intent, *, foreground: bool = False) -> bool:
        found = self.activities.resolve(intent, "service")
        if found is None:
            return False
        package, component = found
        name = f"{package.name}/{component.name}"
        process = await self.ensure(package, component.process or package.name, "service", f"{{{name}}}")
        one = self.running.get(process.pid)
        if one is None:
            return False
        self._note_service(one, package, name)
        self.send(process.pid, "service.start", {**wire(intent), "component": name})
        return True

    def _note_service(self, one: Running, package: Package, name: str) -> None:
        if name not in one.services:
            one.services.add(name)
            ident = abs(hash(name)) % 10**9
            self.state.log.event("am_create_service", 0, ident, short_component(name), package.uid, one.process.pid)

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
                process = await self.ensure(package, component.process or package.name, "broadcast", f"{{{name}}}")
                self.send(process.pid, "broadcast", {**wire(intent), "component": name})
                count += 1
        self.state.truth.write("broadcast", action=intent.action, receivers=count)
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
        from .activities import read_intent

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
                    process = await self.ensure(package, found[1].process or package.name, "job", f"{{{name}}}")
                    self.send(process.pid, "job.start", {"component": name, "id": a.get("job", 0)})

    # ends

    async def force_stop(self, package: str) -> None:
        for key in [k for k in self.alarms if k[0] == package]:
            self.alarms.pop(key).cancel()
        self.activities.drop_package(package)
        await self._kill(
            [r for r in self.running.values() if r.process.package == package], f"stop {package} due to from pid 1000"
        )
        if package in self.state.packages:
            self.state.packages[package].stopped = True
        self.prompter.forget(package)

    async def _kill(self, those: list[Running], why: str) -> None:
        for one in those:
            self.end(one, why)
        for _ in range(200):
            if not any(one.process.pid in self.running for one in those):
                return
            await asyncio.sleep(0.02)

    async def kill(self, package: str) -> None:
        if self.state.focused_package() != package:
            await self._kill([r for r in self.running.values() if r.process.package == package], "kill background")

    async def permission_changed(self, package: str, permission: str, granted: bool) -> None:
        if not granted:
            await self._kill([r for r in self.running.values() if r.process.package == package], "permissions revoked")

    async def installed(self, package: Package, archive: Path) -> None:
        self.state.truth.write("package", state="installed", package=package.name)

    async def uninstalled(self, package: str) -> None:
        self.state.truth.write("package", state="removed", package=package)

    async def settings_changed(self, ns: str, key: str, value: str | None) -> None:
        proxy = self.state.http_proxy()
        for pid in list(self.running):
            self.send(
                pid, "settings.changed",
                {"ns": ns, "key": key, "value": value, "proxy": {"host": proxy[0], "port": proxy[1]} if proxy else None},
            )  # fmt: skip

    def on_debugger(self, pid: int) -> bool:
        one = self.running.get(pid)
        if one is None:
            return False
        if one.process.held:
            one.process.held = False
            self.state.truth.write("process", state="released", pid=pid, process=one.process.name)
            self.send(pid, "release", {})
        return True

    # input

    async def click(self, window: Window, node: Node) -> None:
        self.state.truth.write("ui_click", package=window.package, rid=node.get("rid"), text=node.get("text"))
        if window.pid == 0:
            self.prompter.click(window, node)
        else:
            self.send(window.pid, "ui.click", {"window": window.window, "node": node.get("id")})

    async def text(self, window: Window, node: Node, value: str) -> None:
        if window.pid:
            self.send(window.pid, "ui.text", {"window": window.window, "node": node.get("id"), "text": value})

    async def key(self, name: str) -> None:
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


def describe(package: Package, component: Component) -> dict[str, Any]:
    """A component as app processes see it."""
    return {
        "kind": component.kind, "package": package.name, "name": component.name, "label": component.label,
        "process": component.process or package.name, "exported": component.exported,
        "authorities": component.authorities, "actions": component.actions, "categories": component.categories,
    }  # fmt: skip


def _short(component: str) -> str:
    return "{" + short_component(component.strip("{}")) + "}" if component.startswith("{") else component


def create(state: DeviceState) -> AppSide:
    """The app layer of a device."""
    return AppSide(state)
