"""App processes and their connections: how they come up, what goes over the wire, how they end."""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emulator.standin.network.gateway import Gateway
from emulator.standin.packages.installed import Package
from emulator.standin.packages.intents import short_component
from emulator.standin.sandbox.contain import FREE, View, find
from emulator.standin.sandbox.island import Island
from emulator.standin.sandbox.storage import Watch
from emulator.standin.state.device import DeviceState
from emulator.standin.state.traits import launched

from .applayer import Process
from .hello import hello
from .jvm import Jvm, Portal, start_jvm
from .pace import within
from .providers import AppError
from .runtimes import JvmError, Runtime

HELLO_TIMEOUT = 60.0
_MAX_LINE = 16 * 1024 * 1024
MAX_PROCESSES = 20
_START_TIMEOUT = 10.0
"""Android's PROC_START_TIMEOUT and time to publish providers, in seconds; times ``ro.hw_timeout_multiplier``."""

#: What a request of an app may come to that no app makes honestly.
_NONSENSE = (KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError, OSError)


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
    foreground: set[str] = field(default_factory=set)
    """Those of its services that run in the foreground."""
    tasks: dict[tuple[str, int], asyncio.Task[None]] = field(default_factory=dict)
    why: str = ""
    taps: int = 0
    """Those that it has not done with yet."""
    rests: asyncio.Event = field(default_factory=asyncio.Event)
    """There are none."""

    def tap(self) -> None:
        """It is told of a tap."""
        self.taps += 1
        self.rests.clear()

    def tapped(self) -> None:
        """It has done with one."""
        self.taps -= 1
        if self.taps <= 0:
            self.rest()

    def rest(self) -> None:
        """It has done with all, or never will."""
        self.taps = 0
        self.rests.set()


class Processes:
    """Every app process. A subclass sets ``handler`` and says in `gone` what else ends with a process."""

    handler: Callable[[str], Callable[[Running, dict[str, Any]], Any] | None]
    """Finds what answers a request, by its name."""

    def __init__(self, state: DeviceState, runtime: Runtime) -> None:
        self.state = state
        self.runtime = runtime
        self.running: dict[int, Running] = {}
        frida = state.traits.frida
        self.portal = Portal(self._complain, frida if isinstance(frida, str) else "")
        self.portal_port: int | None = None
        """Control port of the Frida portal on 127.0.0.1, reached as device ``tcp:27042``; None: refused."""
        self._server: asyncio.Server | None = None
        lost = "no route to {}: refused"
        self.gateway = Gateway(
            lambda: state.route, lambda target: state.log.main("W", "ConnectivityService", lost.format(target))
        )
        self._port = 0
        self.box = FREE
        self._starting: dict[tuple[str, str], asyncio.Future[Process]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._watchers: set[asyncio.Task[Any]] = set()
        self._closing = False
        self._storage = Watch(state.fs.root, self._stored, self._overfull, state.quota)

    @property
    def processes(self) -> Mapping[int, Process]:
        """Those that run, by pid."""
        return {pid: one.process for pid, one in self.running.items()}

    def of(self, package: str) -> list[Running]:
        """Those of a package."""
        return [one for one in self.running.values() if one.process.package == package]

    @property
    def island(self) -> Island | None:
        """The network that app processes are alone in."""
        return self.box.island

    def gone(self, one: Running) -> None:
        """A process has ended and is no longer in `running`."""

    # beginning and end

    async def begin(self) -> None:
        """Opens the port for app processes and Frida's portal."""
        self.box, _ = await asyncio.gather(asyncio.to_thread(find, self.state.contain), self.portal.begin())
        self.portal_port = self.portal.port
        self.state.props["ro.standin.containment"] = self.box.about
        self.state.route = self.state.http_proxy()
        if self.box.island:
            self._server = await self.box.island.serve(self._connected, limit=_MAX_LINE)
            await self.box.island.door(self.portal.cluster, lasting=True)
            await self.box.island.lead(self.state.ways())
        else:
            self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=_MAX_LINE)
        if self.runtime.sockets:
            await self.gateway.begin(self.box.island)
        self._port = self._server.sockets[0].getsockname()[1]
        self.task(self._storage.run())

    async def close(self) -> None:
        """Kills every process and waits until all are gone."""
        self._closing = True
        for one in list(self.running.values()):
            one.jvm.kill()
        if self._watchers:
            await asyncio.wait(set(self._watchers), timeout=5)
        for task in list(self._tasks):
            task.cancel()
        await self.portal.close()
        if self._server:
            self._server.close()
        self.gateway.close()
        if self.box.island:
            self.box.island.close()

    async def end_frida(self) -> None:
        """Frida's portal ends; the apps live on."""
        self.portal_port = None
        await self.portal.close()

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
        try:
            jvm = await start_jvm(
                self.runtime, name, package, package.host_apk.parent / "classes", self._port, self.state.props,
                title=package.label if self.state.traits.labels and name == package.name else "",
                box=self.box, view=self._view(package),
            )  # fmt: skip
        except JvmError as bad:  # nobody may wait for it who would tell
            self._complain(str(bad))
            raise
        asked = self.state.waits_for_debugger(name)
        held = (asked or how == "hold") and self.state.debuggable(package)  # else nothing waits, and nobody says so
        process = Process(jvm.pid, name, package.name, package.uid, held=held, host=jvm.host)
        one = self.running[jvm.pid] = Running(jvm, process)
        kind = launched(self.state.sdk) if how in ("", "hold") else how
        about = (kind, "{" + component + "}" if self.state.sdk >= 29 else short_component(component))
        self.state.log.event("am_proc_start", self.state.user, jvm.pid, package.uid, name, *about)
        self.state.truth.write("process", state="started", pid=jvm.pid, process=name, package=package.name)
        watcher = self.task(self._watch(one))
        self._watchers.add(watcher)
        watcher.add_done_callback(self._watchers.discard)
        greeting = asyncio.ensure_future(within(self._start_timeout(), one.greeted, jvm.host or jvm.pid))
        await asyncio.wait({greeting, watcher}, return_when=asyncio.FIRST_COMPLETED)
        greeting.cancel()
        if not one.greeted.is_set():
            self.state.log.event("am_process_start_timeout", self.state.user, jvm.pid, package.uid, name)
            jvm.kill()
            words = jvm.last_words()
            self._complain(f"the process of {name} did not come up: {words or 'no message'}")
            raise JvmError(f"{name} did not come up")
        self.state.log.event("am_proc_bound", self.state.user, jvm.pid, name)
        if process.held:
            self.task(self._publishing(one, package))
            await self.join(one)
        return process

    def _view(self, package: Package) -> View:
        """The device's files, of the apps' own only this one's, and the storage that all share."""
        fs = self.state.fs
        data, shared = fs.host(package.data_dir), fs.host("/storage/emulated/0")
        data.mkdir(parents=True, exist_ok=True)
        return View((fs.root,), (data, shared), (fs.host("/data/data"),))

    def _stored(self) -> dict[str, tuple[Sequence[Path], Sequence[str]]]:
        """By package that runs: where its files are, and the cells of its processes."""
        found: dict[str, tuple[Sequence[Path], Sequence[str]]] = {}
        for one in self.running.values():
            package = self.state.packages.get(one.process.package)
            if package is None:
                continue
            folders, spaces = found.get(package.name, (self._view(package).write, ()))
            found[package.name] = ((*folders, one.jvm.home), (*spaces, one.jvm.space.name))
        return found

    def _overfull(self, package: str, why: str) -> None:
        self._complain(f"{package} was ended: {why}")
        for one in self.of(package):
            self.end(one, why)

    def _start_timeout(self) -> float:
        return _START_TIMEOUT * int(self.state.props.get("ro.hw_timeout_multiplier") or 1)

    async def _publishing(self, one: Running, package: Package) -> None:
        """A process that another one waits for to publish its providers is killed when it takes too long."""
        await asyncio.sleep(self._start_timeout())
        if one.process.held and one.process.pid in self.running and package.of_kind("provider"):
            self.end(one, "timeout publishing content providers")

    def abort(self) -> None:
        """Every app process ends as a runtime ends that finds itself in a state it cannot be in."""
        for one in self.running.values():
            text = "Abort message: 'Check failed: the runtime became debuggable'"
            self.state.log.main("F", "DEBUG", f"pid: {one.process.pid}, name: {one.process.name}  {text}")
            one.why = "signal 6 (SIGABRT)"
            one.jvm.kill()  # alone in its namespace it would be deaf to any other signal

    async def join(self, one: Running) -> None:
        """Until the process can be reached through Frida's portal."""
        if one.joined:
            await asyncio.shield(one.joined)

    async def _watch(self, one: Running) -> None:
        code = await one.jvm.ended()
        process = one.process
        self.running.pop(process.pid, None)
        self.portal.left(process.host)
        for task in one.tasks.values():
            task.cancel()
        reason = one.why or ("signaled" if code < 0 else f"exited with code {code}")
        self.state.log.event("am_proc_died", self.state.user, process.pid, process.name, 0, 2)
        self.state.log.main("I", "ActivityManager", f"Process {process.name} (pid {process.pid}) has died: {reason}")
        self.state.truth.write("process", state="died", pid=process.pid, process=process.name, code=code, why=reason)
        self.gone(one)

    def end(self, one: Running, why: str) -> None:
        """Kills a process for a reason that the log tells."""
        one.why = why
        self.state.log.event("am_kill", self.state.user, one.process.pid, one.process.name, 0, why, 0)
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
        except (*_NONSENSE, ConnectionError, asyncio.LimitOverrunError) as bad:
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
        self._write(one, {"id": message.get("id"), "r": hello(self.state, one.process, self.gateway.port)})
        one.greeted.set()
        one.joined = self.task(self.portal.join(one.process.host))
        return one

    def _take(self, one: Running, message: dict[str, Any]) -> None:
        """A request or an event; slow requests go on by themselves."""
        method, a, ident = str(message.get("m")), message.get("a") or {}, message.get("id")
        handler = self.handler(method)
        try:
            if handler is None:
                raise AppError("java.lang.UnsupportedOperationException", f"this device has no {method}")
            result = handler(one, a)
            if asyncio.iscoroutine(result):
                self.task(self._finish(one, ident, result))
            else:
                self._answer(one, ident, {"r": result})
        except (AppError, *_NONSENSE) as bad:
            self._refuse(one, ident, bad)

    async def _finish(self, one: Running, ident: object, work: Any) -> None:
        try:
            result = await work
        except (AppError, JvmError, *_NONSENSE) as bad:
            self._refuse(one, ident, bad)
        else:
            self._answer(one, ident, {"r": result})

    def _refuse(self, one: Running, ident: object, bad: Exception) -> None:
        if isinstance(bad, AppError):
            cls, message = bad.java, str(bad)
        elif isinstance(bad, JvmError | TimeoutError):
            cls, message = "java.lang.RuntimeException", str(bad)
        else:
            cls, message = "java.lang.IllegalArgumentException", repr(bad)
        self._answer(one, ident, {"e": {"class": cls, "message": message}})

    def _answer(self, one: Running, ident: object, said: dict[str, Any]) -> None:
        """To a request; an event has no number and gets no answer."""
        if ident is not None:
            self._write(one, {"id": ident, **said})

    def _write(self, one: Running, message: dict[str, Any]) -> None:
        if one.writer and not one.writer.is_closing():
            one.writer.write(json.dumps(message, ensure_ascii=False, default=str).encode() + b"\n")

    def send(self, pid: int, event: str, a: dict[str, Any]) -> None:
        """An event to an app process; nothing happens if it has gone."""
        one = self.running.get(pid)
        if one:
            self._write(one, {"m": event, "a": a})
