"""What app processes ask of the device (PROTOCOL.md), one method or one line of a table a request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from emulator.standin.packages.installed import Package
from emulator.standin.packages.intents import read_intent, system_screen
from emulator.standin.packages.permissions import BACKGROUND, COARSE, FINE, Request
from emulator.standin.window.backstack import Caller

from .applayer import NO_MATCH, NOT_FOUND, Process
from .hello import certificate, describe
from .providers import AppError, Providers

if TYPE_CHECKING:
    from emulator.standin.state.device import DeviceState

    from .appside import AppSide
    from .processes import Running

Args = dict[str, Any]
_MODES = {"allow": 0, "ignore": 1, "deny": 2, "default": 3, "foreground": 4}
#: The tag under which a sample app logs what was really done in it.
TRUTH = "Truth"
MAX_SETTING = 32_768
"""Characters of a setting, as SettingsState has it."""
MIN_FIX_MS = 200
MAX_ALARMS = 50
#: What providers answer.
_CONTENT: dict[str, Callable[[Providers, Process, Args], Any]] = {
    "content.exists": Providers.exists,
    "content.query": Providers.query,
    "content.insert": Providers.insert,
    "content.update": Providers.change,
    "content.delete": Providers.change,
    "content.call": Providers.call,
    "content.file": Providers.file,
}


#: What apps see of a package.
_SHOWN = (
    "name uid apk label version_code version_name min_sdk target_sdk system debuggable application meta_data requested "
    "installer first_install_ms last_update_ms"
).split()


class Requests:
    """Handlers by method name with ``.`` as ``_``; each gets the process and the arguments, and gives the answer."""

    def __init__(self, app: AppSide) -> None:
        self.app = app
        self.state: DeviceState = app.state

    def find(self, method: str) -> Callable[[Running, Args], Any] | None:
        """The handler of a method, None if there is none."""
        if answer := _CONTENT.get(method):
            return lambda one, a: answer(self.app.providers, one.process, a)
        if method.startswith("web."):
            return lambda one, a: self.app.pages.asked(method.removeprefix("web."), one.process.pid, a)
        if plain := _PLAIN.get(method):
            return partial(plain, self)
        name = "do_" + method.replace(".", "_")
        return getattr(self, name, None) if method.replace(".", "").replace("_", "").isalpha() else None

    def package(self, one: Running) -> Package:
        return self.state.packages[one.process.package]

    # state, properties, settings, files

    async def do_settings_put(self, one: Running, a: Args) -> None:
        needed = "android.permission." + ("WRITE_SETTINGS" if a["ns"] == "system" else "WRITE_SECURE_SETTINGS")
        if not self.state.has_permission(one.process.package, needed):
            raise AppError("java.lang.SecurityException", f"Permission denial: writing to settings requires:{needed}")
        ns, key, value = (str(a[part])[:MAX_SETTING] for part in ("ns", "key", "value"))
        await self.state.put_setting(ns, key, value, by=one.process.package)

    # permissions

    def do_perm_request(self, one: Running, a: Args) -> None:
        permissions = [str(p) for p in a["permissions"]][:50]
        request = Request(self.package(one), one.process.pid, str(a["activity"]), permissions, int(a["code"]))
        self.app.task(self._ask(request))

    async def _ask(self, request: Request) -> None:
        await self.app.activities.arrived(request.activity)
        self.app.prompter.request(request)

    def do_appops_mode(self, one: Running, a: Args) -> int:
        op = str(a["op"]).removeprefix("android:").upper()
        return _MODES.get(self.state.op_mode(one.process.package, op), 3)

    # packages, clipboard

    def visible(self, one: Running, package: Package) -> bool:
        """Package visibility from target 30: system, own, declared, or all with QUERY_ALL_PACKAGES."""
        me = self.package(one)
        return (
            me.target_sdk < 30
            or package.name in (me.name, *me.queries)
            or package.system
            or self.state.has_permission(me.name, "android.permission.QUERY_ALL_PACKAGES")
        )

    def info(self, package: Package) -> Args:
        return {name: getattr(package, name) for name in _SHOWN} | {
            "signer": certificate(package.name),
            "components": [describe(package, c) for c in package.components],
        }

    def do_packages_get(self, one: Running, a: Args) -> Args | None:
        package = self.state.packages.get(str(a["name"]))
        return self.info(package) if package and self.visible(one, package) else None

    def do_packages_query_intent(self, one: Running, a: Args) -> list[Args]:
        return [
            describe(p, c)
            for p in self.state.packages.values()
            if self.visible(one, p)
            for c in p.components
            if a["action"] in c.actions
        ]

    def do_clipboard_get(self, one: Running, a: Args) -> Any:
        focused = self.state.focused_package() == one.process.package
        return self.state.get("clipboard") if focused or self.state.sdk < 29 else None

    def do_clipboard_set(self, one: Running, a: Args) -> None:
        self.state.data["clipboard"] = {"text": str(a.get("text", ""))[:100_000], "label": str(a.get("label") or "")}

    # databases

    async def do_db_open(self, one: Running, a: Args) -> int:
        home, path = self.state.fs.host(self.package(one).data_dir), str(a["path"])
        return await self.app.databases.open(one.process.pid, path, home, self.app.box, one.process.uid)

    async def do_db_run(self, one: Running, a: Args) -> Args:
        args = [x for x in a.get("args") or [] if x is None or isinstance(x, str | int | float)]
        return await self.app.databases.run(one.process.pid, int(a["db"]), str(a["sql"]), args)

    # activities

    async def do_activity_start(self, one: Running, a: Args) -> int:
        intent = read_intent(a)
        token = str(a.get("token", ""))
        known = self.app.activities.record(token) is not None or self.app.activities.ending(token)
        background = not known and self.state.focused_package() != one.process.package
        if background and self.state.sdk >= 29:
            self.state.log.main(
                "W", "ActivityTaskManager", f"Background activity start [callingPackage: {one.process.package}]"
            )
            return 0
        found = self.app.activities.resolve(intent)
        if found is None and (intent.component or not system_screen(intent)):
            return -1
        code = a.get("code", -1)
        caller = Caller(token, code if isinstance(code, int) else -1)
        self.app.activities.begins(caller.token)
        self.app.task(self._start(intent, caller))
        return 0

    async def _start(self, intent: Any, caller: Caller) -> None:
        try:
            result = await self.app.activities.start(intent, caller)
        finally:
            self.app.activities.begun(caller.token)
        if result.code in (NOT_FOUND, NO_MATCH):
            self.state.log.main("W", "ActivityTaskManager", f"Unable to start {intent.short()}")

    def do_activity_finish(self, one: Running, a: Args) -> None:
        result, data = a.get("result"), a.get("data")
        self.app.activities.finish(
            str(a["token"]), result if isinstance(result, int) else 0, data if isinstance(data, dict) else None
        )

    def do_activity_toback(self, one: Running, a: Args) -> bool:
        self.app.activities.home()
        return True

    def do_am_list(self, one: Running, a: Args) -> list[Args]:
        """Own processes, tasks and services only, as Android shows an app."""
        name = one.process.package
        mine = self.app.of(name)
        top = self.state.focused_package() == name
        if a["what"] == "processes":
            return [
                {"process": r.process.name, "pid": r.process.pid, "uid": r.process.uid, "package": name, "top": top}
                for r in mine
            ]
        if a["what"] == "services":
            return [
                {"component": s, "pid": r.process.pid, "uid": r.process.uid, "process": r.process.name}
                for r in mine
                for s in sorted(r.services)
            ]
        own = [r for r in self.state.activities if r.package == name]
        return [
            {"task": first.task, "base": first.component, "top": own[-1].component, "count": len(own)}
            for first in own[:1]
        ]

    # services, broadcasts

    def do_service_bind(self, one: Running, a: Args) -> Args | None:
        """``{local}`` for a service of this process, the answers of a system service of the state, else None."""
        intent = read_intent(a)
        found = self.app.activities.resolve(intent, "service")
        if found and found[0].name == one.process.package and (found[1].process or found[0].name) == one.process.name:
            return {"local": True, "component": f"{found[0].name}/{found[1].name}"}
        for service in self.state.get("services") or []:
            component = str(service.get("component", ""))
            if (component and component == intent.component) or (
                intent.action and intent.action == service.get("action")
            ):
                return {**service, "component": component or f"{intent.package}/Service", "local": False}
        return None

    def do_service_stopped(self, one: Running, a: Args) -> None:
        one.services.discard(str(a["component"]))
        one.foreground.discard(str(a["component"]))

    def do_receiver_register(self, one: Running, a: Args) -> None:
        one.receivers[int(a["receiver"])] = [str(x) for x in a["actions"]]

    def do_receiver_unregister(self, one: Running, a: Args) -> None:
        one.receivers.pop(int(a["receiver"]), None)

    # screen

    # processes, log, truth

    def process(self, one: Running, state: str) -> None:
        self.state.truth.write("process", state=state, pid=one.process.pid, process=one.process.name)

    def do_process_exiting(self, one: Running, a: Args) -> None:
        one.why = str(a.get("how", ""))[:200]

    def do_process_crash(self, one: Running, a: Args) -> None:
        process, name = one.process, str(a.get("exception"))
        one.why = "crash"
        message = str(a.get("message"))[:500].replace("\n", " ")
        where = (str(a.get("file")), a.get("line", 0))
        self.state.log.event("am_crash", process.pid, self.state.user, process.name, 0, name, message, *where, 0)
        self.state.truth.write("crash", pid=process.pid, process=process.name, exception=name, message=message)

    def do_log(self, one: Running, a: Args) -> None:
        level = str(a.get("level", "I"))[:1]
        buffer = "crash" if a.get("tag") == "AndroidRuntime" and level == "E" else "main"
        self.state.log.write(
            buffer, level if level in "VDIWEF" else "I", str(a.get("tag")), str(a.get("message")),
            pid=one.process.pid, uid=one.process.uid,
        )  # fmt: skip
        if a.get("tag") == TRUTH:
            self.state.truth.write("said", package=one.process.package, message=str(a.get("message"))[:500])

    def do_truth(self, one: Running, a: Args) -> None:
        if a.get("what") == "click":
            one.tapped()
        row = {str(k): v for k, v in a.items() if k not in ("what", "pid", "process", "t_ms")}
        self.state.truth.write(str(a.get("what")), pid=one.process.pid, process=one.process.name, **row)

    # what goes on until told to stop: positions, sensors, alarms

    def do_location_request(self, one: Running, a: Args) -> None:
        interval = max(MIN_FIX_MS, int(a.get("interval") or 0)) / 1000
        self._deliver(one, ("location", int(a["listener"])), self._fixes(one, a, interval))

    def do_location_now(self, one: Running, a: Args) -> Args | None:
        """Where the device is, as far as the app may know now."""
        return dict(self.state.get("location") or {}) if self._located(one.process.package) else None

    def _located(self, package: str) -> bool:
        """Whether an app may have a position now: where the user sees it or a service of its in the foreground; from
        Android 10 on not otherwise, without the permission for it."""
        if any(record.package == package and record.state != "stopped" for record in self.state.activities):
            return True
        if any(run.foreground for run in self.app.of(package)):
            return True
        return self.state.sdk < 29 or self.state.has_permission(package, BACKGROUND)

    async def _fixes(self, one: Running, a: Args, interval: float) -> None:
        await asyncio.sleep(MIN_FIX_MS / 1000)
        while True:
            fine = self.state.has_permission(one.process.package, FINE)
            if not fine and not self.state.has_permission(one.process.package, COARSE):
                return
            if self._located(one.process.package):
                place = dict(self.state.get("location") or {})
                if not fine:
                    place["latitude"] = round(float(place.get("latitude", 0)), 2)
                    place["longitude"] = round(float(place.get("longitude", 0)), 2)
                    place["accuracy"] = 2000.0
                self.app.send(
                    one.process.pid, "location.fix",
                    {
                        **place, "listener": a["listener"], "provider": a.get("provider"),
                        "time": self.state.clock.now_ms(),
                    },
                )  # fmt: skip
            await asyncio.sleep(interval)

    def do_sensor_register(self, one: Running, a: Args) -> None:
        rate = max(0.2, int(a.get("delay_us") or 0) / 1_000_000)
        self._deliver(one, ("sensor", int(a["listener"])), self._readings(one, a, rate))

    async def _readings(self, one: Running, a: Args, rate: float) -> None:
        rows = self.state.get("sensors") or []
        values = next((r.get("values") for r in rows if r.get("type") == a.get("type")), [0.0])
        while True:
            self.app.send(
                one.process.pid, "sensor.event", {"listener": a["listener"], "type": a.get("type"), "values": values}
            )
            await asyncio.sleep(rate)

    def do_alarm_set(self, one: Running, a: Args) -> None:
        key = (one.process.package, str(a["key"]))
        self.do_alarm_cancel(one, a)
        if sum(k[0] == key[0] for k in self.app.alarms) < MAX_ALARMS:
            self.app.alarms[key] = self.app.task(self._alarm(key, self.state.packages[one.process.package], a))

    def do_alarm_cancel(self, one: Running, a: Args) -> None:
        wanted = str(a["key"])
        for key in list(self.app.alarms):
            if key[0] == one.process.package and (
                key[1] == wanted or (wanted == "job/*" and key[1].startswith("job/"))
            ):
                self.app.alarms.pop(key).cancel()

    async def _alarm(self, key: tuple[str, str], package: Package, a: Args) -> None:
        await asyncio.sleep(max(0, int(a["delay_ms"])) / 1000)
        while True:
            await self.app.fire(package, a)
            interval = int(a.get("interval_ms") or 0)
            if interval <= 0:
                break
            await asyncio.sleep(max(1.0, interval / 1000))
        self.app.alarms.pop(key, None)

    def _deliver(self, one: Running, key: tuple[str, int], work: Any) -> None:
        self.end(one, key)
        one.tasks[key] = self.app.task(work)

    def end(self, one: Running, key: tuple[str, int]) -> None:
        task = one.tasks.pop(key, None)
        if task:
            task.cancel()


#: What a request that is answered by a single call comes to.
_PLAIN: dict[str, Callable[[Requests, Running, Args], Any]] = {
    "state.get": lambda do, one, a: do.state.get(str(a["path"])),
    "prop.get": lambda do, one, a: do.state.props.get(str(a["key"])),
    "settings.get": lambda do, one, a: do.state.setting_of(one.process.package, str(a["ns"]), str(a["key"])),
    "fs.path": lambda do, one, a: str(do.state.fs.host(str(a["path"]))),
    "perm.check": lambda do, one, a: do.state.has_permission(one.process.package, str(a["permission"])),
    "perm.rationale": lambda do, one, a: do.app.prompter.rationale(do.package(one), str(a["permission"])),
    "packages.list": lambda do, one, a: [do.info(p) for p in do.state.packages.values() if do.visible(one, p)],
    "db.close": lambda do, one, a: do.app.databases.close(one.process.pid, int(a["db"])),
    "activity.state": lambda do, one, a: do.app.activities.reported(str(a["token"]), str(a["state"])),
    "service.start": lambda do, one, a: do.app.start_service(read_intent(a)),
    "service.stop": lambda do, one, a: do.app.stop_service(read_intent(a)),
    "service.background": lambda do, one, a: one.foreground.discard(str(a["component"])),
    "service.foreground": lambda do, one, a: one.foreground.add(str(a["component"])),
    "broadcast.send": lambda do, one, a: do.app.broadcast(read_intent(a)),
    "ui.window": lambda do, one, a: do.app.activities.show(one.process, a),
    "ui.remove": lambda do, one, a: do.app.activities.remove(one.process.pid, int(a["window"])),
    "process.bound": lambda do, one, a: do.process(one, "bound"),
    "process.held": lambda do, one, a: do.process(one, "held"),
    "location.remove": lambda do, one, a: do.end(one, ("location", int(a["listener"]))),
    "sensor.unregister": lambda do, one, a: do.end(one, ("sensor", int(a["listener"]))),
}
