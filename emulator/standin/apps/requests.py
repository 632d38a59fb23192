"""What app processes ask of the device (PROTOCOL.md), one method a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from emulator.standin.packages.installed import Package
from emulator.standin.packages.intents import read_intent, system_screen
from emulator.standin.packages.permissions import Request
from emulator.standin.packages.signer import certificate
from emulator.standin.window.backstack import Caller

from .applayer import NO_MATCH, NOT_FOUND, Process
from .deliveries import Deliveries
from .hello import describe
from .providers import AppError, Providers

if TYPE_CHECKING:
    from .processes import Running

Args = dict[str, Any]
_MODES = {"allow": 0, "ignore": 1, "deny": 2, "default": 3, "foreground": 4}
MAX_SETTING = 32_768
"""Characters of a setting, as SettingsState has it."""
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


class Requests(Deliveries):
    """Handlers by method name with ``.`` as ``_``; each gets the process and the arguments, and gives the answer."""

    def find(self, method: str) -> Callable[[Running, Args], Any] | None:
        """The handler of a method, None if there is none."""
        if answer := _CONTENT.get(method):
            return lambda one, a: answer(self._app.providers, one.process, a)
        name = "do_" + method.replace(".", "_")
        return getattr(self, name, None) if method.replace(".", "").replace("_", "").isalpha() else None

    def _package(self, one: Running) -> Package:
        return self._state.packages[one.process.package]

    # state, properties, settings, files

    def do_state_get(self, one: Running, a: Args) -> Any:
        return self._state.get(str(a["path"]))

    def do_prop_get(self, one: Running, a: Args) -> Any:
        return self._state.props.get(str(a["key"]))

    def do_settings_get(self, one: Running, a: Args) -> Any:
        return self._state.settings.get(str(a["ns"]), {}).get(str(a["key"]))

    async def do_settings_put(self, one: Running, a: Args) -> None:
        needed = "android.permission." + ("WRITE_SETTINGS" if a["ns"] == "system" else "WRITE_SECURE_SETTINGS")
        if not self._state.has_permission(one.process.package, needed):
            raise AppError("java.lang.SecurityException", f"Permission denial: writing to settings requires:{needed}")
        ns, key, value = (str(a[part])[:MAX_SETTING] for part in ("ns", "key", "value"))
        await self._state.put_setting(ns, key, value, by=one.process.package)

    def do_fs_path(self, one: Running, a: Args) -> str:
        return str(self._state.fs.host(str(a["path"])))

    # permissions

    def do_perm_check(self, one: Running, a: Args) -> bool:
        return self._state.has_permission(one.process.package, str(a["permission"]))

    def do_perm_request(self, one: Running, a: Args) -> None:
        permissions = [str(p) for p in a["permissions"]][:50]
        request = Request(self._package(one), one.process.pid, str(a["activity"]), permissions, int(a["code"]))
        self._app.task(self._ask(request))

    async def _ask(self, request: Request) -> None:
        await self._app.activities.arrived(request.activity)
        self._app.prompter.request(request)

    def do_perm_rationale(self, one: Running, a: Args) -> bool:
        return self._app.prompter.rationale(self._package(one), str(a["permission"]))

    def do_appops_mode(self, one: Running, a: Args) -> int:
        op = str(a["op"]).removeprefix("android:").upper()
        return _MODES.get(self._state.op_mode(one.process.package, op), 3)

    # packages, clipboard

    def _visible(self, one: Running, package: Package) -> bool:
        """Package visibility from target 30: system, own, declared, or all with QUERY_ALL_PACKAGES."""
        me = self._package(one)
        return (
            me.target_sdk < 30
            or package.name in (me.name, *me.queries)
            or package.system
            or self._state.has_permission(me.name, "android.permission.QUERY_ALL_PACKAGES")
        )

    def _info(self, package: Package) -> Args:
        return {name: getattr(package, name) for name in _SHOWN} | {
            "signer": certificate(package.name),
            "components": [describe(package, c) for c in package.components],
        }

    def do_packages_list(self, one: Running, a: Args) -> list[Args]:
        return [self._info(p) for p in self._state.packages.values() if self._visible(one, p)]

    def do_packages_get(self, one: Running, a: Args) -> Args | None:
        package = self._state.packages.get(str(a["name"]))
        return self._info(package) if package and self._visible(one, package) else None

    def do_packages_query_intent(self, one: Running, a: Args) -> list[Args]:
        return [
            describe(p, c)
            for p in self._state.packages.values()
            if self._visible(one, p)
            for c in p.components
            if a["action"] in c.actions
        ]

    def do_clipboard_get(self, one: Running, a: Args) -> Any:
        focused = self._state.focused_package() == one.process.package
        return self._state.get("clipboard") if focused or self._state.sdk < 29 else None

    def do_clipboard_set(self, one: Running, a: Args) -> None:
        self._state.data["clipboard"] = {"text": str(a.get("text", ""))[:100_000], "label": str(a.get("label") or "")}

    # databases

    async def do_db_open(self, one: Running, a: Args) -> int:
        home, path = self._state.fs.host(self._package(one).data_dir), str(a["path"])
        return await self._app.databases.open(one.process.pid, path, home, self._app.box, one.process.uid)

    async def do_db_run(self, one: Running, a: Args) -> Args:
        args = [x for x in a.get("args") or [] if x is None or isinstance(x, str | int | float)]
        return await self._app.databases.run(one.process.pid, int(a["db"]), str(a["sql"]), args)

    async def do_db_close(self, one: Running, a: Args) -> None:
        await self._app.databases.close(one.process.pid, int(a["db"]))

    # activities

    async def do_activity_start(self, one: Running, a: Args) -> int:
        intent = read_intent(a)
        token = str(a.get("token", ""))
        known = self._app.activities.record(token) is not None or self._app.activities.ending(token)
        background = not known and self._state.focused_package() != one.process.package
        if background and self._state.sdk >= 29:
            self._state.log.main(
                "W", "ActivityTaskManager", f"Background activity start [callingPackage: {one.process.package}]"
            )
            return 0
        found = self._app.activities.resolve(intent)
        if found is None and (intent.component or not system_screen(intent)):
            return -1
        code = a.get("code", -1)
        caller = Caller(token, code if isinstance(code, int) else -1)
        self._app.activities.begins(caller.token)
        self._app.task(self._start(intent, caller))
        return 0

    async def _start(self, intent: Any, caller: Caller) -> None:
        try:
            result = await self._app.activities.start(intent, caller)
        finally:
            self._app.activities.begun(caller.token)
        if result.code in (NOT_FOUND, NO_MATCH):
            self._state.log.main("W", "ActivityTaskManager", f"Unable to start {intent.short()}")

    def do_activity_state(self, one: Running, a: Args) -> None:
        self._app.activities.reported(str(a["token"]), str(a["state"]))

    def do_activity_finish(self, one: Running, a: Args) -> None:
        result, data = a.get("result"), a.get("data")
        self._app.activities.finish(
            str(a["token"]), result if isinstance(result, int) else 0, data if isinstance(data, dict) else None
        )

    def do_activity_toback(self, one: Running, a: Args) -> bool:
        self._app.activities.home()
        return True

    def do_am_list(self, one: Running, a: Args) -> list[Args]:
        """Own processes, tasks and services only, as Android shows an app."""
        name = one.process.package
        mine = self._app.of(name)
        top = self._state.focused_package() == name
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
        own = [r for r in self._state.activities if r.package == name]
        return [
            {"task": first.task, "base": first.component, "top": own[-1].component, "count": len(own)}
            for first in own[:1]
        ]

    # services, broadcasts

    async def do_service_start(self, one: Running, a: Args) -> bool:
        return await self._app.start_service(read_intent(a))

    async def do_service_stop(self, one: Running, a: Args) -> bool:
        return await self._app.stop_service(read_intent(a))

    def do_service_bind(self, one: Running, a: Args) -> Args | None:
        """``{local}`` for a service of this process, the answers of a system service of the state, else None."""
        intent = read_intent(a)
        found = self._app.activities.resolve(intent, "service")
        if found and found[0].name == one.process.package and (found[1].process or found[0].name) == one.process.name:
            return {"local": True, "component": f"{found[0].name}/{found[1].name}"}
        for service in self._state.get("services") or []:
            component = str(service.get("component", ""))
            if (component and component == intent.component) or (
                intent.action and intent.action == service.get("action")
            ):
                return {**service, "component": component or f"{intent.package}/Service", "local": False}
        return None

    def do_service_stopped(self, one: Running, a: Args) -> None:
        one.services.discard(str(a["component"]))
        one.foreground.discard(str(a["component"]))

    def do_service_background(self, one: Running, a: Args) -> None:
        one.foreground.discard(str(a["component"]))

    def do_service_foreground(self, one: Running, a: Args) -> None:
        one.foreground.add(str(a["component"]))

    async def do_broadcast_send(self, one: Running, a: Args) -> int:
        return await self._app.broadcast(read_intent(a))

    def do_receiver_register(self, one: Running, a: Args) -> None:
        one.receivers[int(a["receiver"])] = [str(x) for x in a["actions"]]

    def do_receiver_unregister(self, one: Running, a: Args) -> None:
        one.receivers.pop(int(a["receiver"]), None)

    # screen

    def do_ui_window(self, one: Running, a: Args) -> None:
        self._app.activities.show(one.process, a)

    def do_ui_remove(self, one: Running, a: Args) -> None:
        self._app.activities.remove(one.process.pid, int(a["window"]))

    # processes, log, truth

    def do_process_bound(self, one: Running, a: Args) -> None:
        self._state.truth.write("process", state="bound", pid=one.process.pid, process=one.process.name)

    def do_process_held(self, one: Running, a: Args) -> None:
        self._state.truth.write("process", state="held", pid=one.process.pid, process=one.process.name)

    def do_process_exiting(self, one: Running, a: Args) -> None:
        one.why = str(a.get("how", ""))[:200]

    def do_process_crash(self, one: Running, a: Args) -> None:
        process, name = one.process, str(a.get("exception"))
        one.why = "crash"
        message = str(a.get("message"))[:500].replace("\n", " ")
        where = (str(a.get("file")), a.get("line", 0))
        self._state.log.event("am_crash", process.pid, self._state.user, process.name, 0, name, message, *where, 0)
        self._state.truth.write("crash", pid=process.pid, process=process.name, exception=name, message=message)

    def do_log(self, one: Running, a: Args) -> None:
        level = str(a.get("level", "I"))[:1]
        buffer = "crash" if a.get("tag") == "AndroidRuntime" and level == "E" else "main"
        self._state.log.write(
            buffer, level if level in "VDIWEF" else "I", str(a.get("tag")), str(a.get("message")),
            pid=one.process.pid, uid=one.process.uid,
        )  # fmt: skip

    def do_truth(self, one: Running, a: Args) -> None:
        if a.get("what") == "click":
            one.tapped()
        row = {str(k): v for k, v in a.items() if k not in ("what", "pid", "process", "t_ms")}
        self._state.truth.write(str(a.get("what")), pid=one.process.pid, process=one.process.name, **row)
