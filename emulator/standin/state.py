"""What the device knows: canary values, packages, permissions, logs, windows; and the seam to the app layer.

Everything here is used from one asyncio loop only. `DeviceState` owns the data; the adb side (shell commands) and
the app side (JVM supervisor, activities, permission prompts) both read and change it through its methods.
"""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from .clock import DeviceClock
from .logring import LogRings
from .permdefs import PERMISSION_OP, is_runtime
from .truth import TruthLog
from .vfs import Vfs

MAX_STATE_BYTES = 4_000_000
FIRST_APP_UID = 10100

# Permission flag bits, as Android defines them.
USER_SET = 1
USER_FIXED = 2
POLICY_FIXED = 4
REVOKE_ON_UPGRADE = 8
SYSTEM_FIXED = 16
GRANTED_BY_DEFAULT = 32
REVIEW_REQUIRED = 64
REVOKE_WHEN_REQUESTED = 128
USER_SENSITIVE_WHEN_GRANTED = 256
USER_SENSITIVE_WHEN_DENIED = 512
ONE_TIME = 65536
AUTO_REVOKED = 131072
SELECTED_LOCATION_ACCURACY = 524288

Node = dict[str, Any]
"""A view as PROTOCOL.md describes it."""


class StateError(ValueError):
    """The state file cannot be used; the message says what and where."""


@dataclass
class Component:
    """One activity, service, receiver or provider of a package. ``name`` is the full class name."""

    kind: str
    name: str
    process: str
    exported: bool = False
    authorities: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    label: str = ""

    @property
    def launcher(self) -> bool:
        return "android.intent.action.MAIN" in self.actions and "android.intent.category.LAUNCHER" in self.categories


@dataclass
class Grant:
    """State of one requested runtime permission."""

    granted: bool = False
    flags: int = USER_SENSITIVE_WHEN_GRANTED | USER_SENSITIVE_WHEN_DENIED


@dataclass
class Package:
    """An installed package. ``apk`` is a device path; ``host_apk`` the real file (None for system packages)."""

    name: str
    uid: int
    apk: str
    version_code: int = 1
    version_name: str = "1.0"
    min_sdk: int = 23
    target_sdk: int = 33
    system: bool = False
    debuggable: bool = False
    application: str = ""
    label: str = ""
    process: str = ""
    requested: list[str] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)
    grants: dict[str, Grant] = field(default_factory=dict)
    first_install_ms: int = 0
    last_update_ms: int = 0
    stopped: bool = True
    installer: str = "com.android.shell"
    host_apk: Path | None = None
    queries: list[str] = field(default_factory=list)

    @property
    def data_dir(self) -> str:
        return f"/data/user/0/{self.name}"

    def of_kind(self, kind: str) -> list[Component]:
        return [c for c in self.components if c.kind == kind]

    def component(self, name: str) -> Component | None:
        full = self.full_name(name)
        return next((c for c in self.components if c.name == full), None)

    def full_name(self, name: str) -> str:
        """``.Main`` → ``pkg.Main``."""
        return self.name + name if name.startswith(".") else name

    def launcher(self) -> Component | None:
        return next((c for c in self.components if c.kind == "activity" and c.launcher), None)


@dataclass
class OpUse:
    """Last use of one app op: device time in ms, process state (top, fg, fgsvc, bg, cch), how long."""

    access_ms: int = 0
    access_state: str = ""
    reject_ms: int = 0
    reject_state: str = ""
    duration_ms: int = 0


@dataclass
class Process:
    """A running app process. ``pid`` is the host's pid of the JVM too."""

    pid: int
    name: str
    package: str
    uid: int
    started_ms: int = 0
    held: bool = False
    parent: int = 0


@dataclass
class Intent:
    """What `am` and apps start things with. ``component`` is ``pkg/full.Class`` or empty."""

    action: str = ""
    component: str = ""
    package: str = ""
    data: str = ""
    mime: str = ""
    categories: list[str] = field(default_factory=list)
    flags: int = 0
    extras: dict[str, Any] = field(default_factory=dict)

    @property
    def target_package(self) -> str:
        return self.component.split("/", 1)[0] if self.component else self.package

    def short(self) -> str:
        """As Android prints it: ``act=… cat=[…] dat=… flg=0x… pkg=… cmp=…``."""
        parts = [f"act={self.action}"] if self.action else []
        if self.categories:
            parts.append(f"cat=[{','.join(self.categories)}]")
        if self.data:
            parts.append(f"dat={self.data}")
        if self.mime:
            parts.append(f"typ={self.mime}")
        if self.flags:
            parts.append(f"flg=0x{self.flags:x}")
        if self.component:
            parts.append(f"cmp={short_component(self.component)}")
        elif self.package:
            parts.append(f"pkg={self.package}")
        if self.extras:
            parts.append("(has extras)")
        return " ".join(parts)


@dataclass
class StartResult:
    """Outcome of a start. ``code``: 0 started, 2 task brought to the front, 3 delivered to the running instance,
    -91 class does not exist (component named), -92 nothing resolves the intent. ``activity`` is ``pkg/full.Class``."""

    code: int
    activity: str = ""
    total_ms: int = 0
    launch_state: str = "COLD"
    pid: int = 0
    timeout: bool = False


NOT_FOUND = -91
NO_MATCH = -92


@dataclass
class ActivityRecord:
    """One activity on the back stack (last in `DeviceState.activities` is on top)."""

    token: str
    component: str
    package: str
    uid: int
    task: int
    pid: int = 0
    state: str = "created"
    intent: Intent = field(default_factory=Intent)
    ident: str = field(default_factory=lambda: secrets.token_hex(4)[:7])
    process: str = ""


@dataclass
class Window:
    """One window on the screen; the last in `DeviceState.windows` is on top. ``window``+``pid`` name it to the app;
    pid 0 is the system's own (permission prompt). ``root`` is a node tree; layout keeps its results elsewhere."""

    window: int
    pid: int
    package: str
    kind: str = "activity"
    title: str = ""
    token: str = ""
    component: str = ""
    uid: int = 1000
    root: Node = field(default_factory=dict)
    visible: bool = True
    scroll: int = 0
    focus: int | None = None
    """Node id of the focused input field."""
    ident: str = field(default_factory=lambda: secrets.token_hex(4)[:7])

    @property
    def display_title(self) -> str:
        """What dumpsys prints: ``pkg/full.Class`` of the activity, else the title."""
        return self.component or self.title or self.package


class AppLayer(Protocol):
    """The app side, as the adb side calls it (`appside.py` implements it; tests have their own)."""

    portal_port: int | None
    """Control port of the Frida portal on 127.0.0.1, reached as device ``tcp:27042``; None: refused."""
    processes: Mapping[int, Process]
    """Running app processes by pid."""

    async def begin(self) -> None:
        """Opens ports; called once before the adb port is announced."""

    async def close(self) -> None:
        """Kills every child process, closes every port."""

    async def start(
        self, intent: Intent, *, held: bool = False, wait: bool = False, stop_first: bool = False
    ) -> StartResult:
        """Starts an activity. ``held``: the process waits for a debugger before app code. ``wait``: until resumed."""

    async def start_service(self, intent: Intent, *, foreground: bool = False) -> bool: ...

    async def stop_service(self, intent: Intent) -> bool: ...

    async def broadcast(self, intent: Intent) -> int:
        """Number of receivers."""

    async def force_stop(self, package: str) -> None:
        """Kills the processes, clears activities and windows of the package."""

    async def kill(self, package: str) -> None:
        """Kills the package's processes that are in the background."""

    async def click(self, window: Window, node: Node) -> None: ...

    async def text(self, window: Window, node: Node, value: str) -> None:
        """The whole new text of an input field."""

    async def key(self, name: str) -> None:
        """``BACK``, ``HOME``, ``ENTER``, …"""

    async def permission_changed(self, package: str, permission: str, granted: bool) -> None:
        """After pm grant / revoke. A revoke of a granted permission kills the package's processes."""

    async def installed(self, package: Package, archive: Path) -> None: ...

    async def uninstalled(self, package: str) -> None: ...

    async def settings_changed(self, ns: str, key: str, value: str | None) -> None: ...

    def on_debugger(self, pid: int) -> bool:
        """A debugger shook hands: the held process goes on. False if there is no such process."""


PackageListener = Callable[[str], Awaitable[None]]


class DeviceState:
    """The whole device. `get` answers dotted paths into the canary values (``telephony.imei``)."""

    def __init__(self, data: Mapping[str, Any], root: Path, truth: Path | None = None) -> None:
        self.data: dict[str, Any] = copy.deepcopy(dict(data))
        self.props: dict[str, str] = {str(k): _text(v) for k, v in self.data.get("props", {}).items()}
        self.data["props"] = self.props
        self.settings: dict[str, dict[str, str]] = {
            ns: {str(k): _text(v) for k, v in (self.data.get("settings", {}).get(ns) or {}).items()}
            for ns in ("system", "secure", "global")
        }
        self.data["settings"] = self.settings
        clock = self.data.get("clock", {})
        self.clock = DeviceClock(offset_ms=int(clock.get("offset_ms", 0)), zone=str(clock.get("zone", "Asia/Shanghai")))
        self.log = LogRings(self.clock)
        self.fs = Vfs(root)
        self.truth = TruthLog(truth, self.clock)
        self.packages: dict[str, Package] = {}
        self.ops_modes: dict[tuple[str, str], str] = {}
        """(package, OP) → allow, ignore, deny, foreground, default: set by `appops set`."""
        self.ops_used: dict[tuple[str, str], OpUse] = {}
        self.activities: list[ActivityRecord] = []
        self.windows: list[Window] = []
        self.reverses: dict[str, str] = {}
        self.debug_app: tuple[str, bool] | None = None
        self.app: AppLayer | None = None
        self.screen = (1080, 2340)
        self.density = 440
        self._next_uid = FIRST_APP_UID
        self._load_packages()

    # canary values

    def get(self, path: str) -> Any:
        """Value at a dotted path, None if absent; keys may hold dots themselves (``props.ro.serialno``)."""
        here: Any = self.data
        parts = path.split(".") if path else []
        while parts:
            if isinstance(here, Mapping):
                for cut in range(len(parts), 0, -1):
                    key = ".".join(parts[:cut])
                    if key in here:
                        here, parts = here[key], parts[cut:]
                        break
                else:
                    return None
            elif isinstance(here, list) and parts[0].isdigit() and int(parts[0]) < len(here):
                here, parts = here[int(parts[0])], parts[1:]
            else:
                return None
        return here

    @property
    def sdk(self) -> int:
        return int(self.props.get("ro.build.version.sdk", "33"))

    async def put_setting(self, ns: str, key: str, value: str | None) -> None:
        """Writes (None deletes) a setting and tells the app layer."""
        if value is None:
            self.settings[ns].pop(key, None)
        else:
            self.settings[ns][key] = value
        if self.app:
            await self.app.settings_changed(ns, key, value)

    def http_proxy(self) -> tuple[str, int] | None:
        """The global proxy, None if unset (also for ``:0``)."""
        host, _, port = self.settings["global"].get("http_proxy", "").rpartition(":")
        return (host, int(port)) if host and port.isdigit() and int(port) > 0 else None

    # packages and permissions

    def new_uid(self) -> int:
        self._next_uid += 1
        return self._next_uid - 1

    def package_of_uid(self, uid: int) -> Package | None:
        return next((p for p in self.packages.values() if p.uid == uid), None)

    def add_package(self, package: Package) -> None:
        """Registers or replaces; grants of an earlier version are kept, new runtime permissions start unset."""
        old = self.packages.get(package.name)
        for name in package.requested:
            if is_runtime(name):
                package.grants[name] = (
                    old.grants[name] if old and name in old.grants else package.grants.get(name, Grant())
                )
        self.packages[package.name] = package

    def remove_package(self, name: str) -> None:
        self.packages.pop(name, None)
        for table in (self.ops_modes, self.ops_used):
            for key in [k for k in table if k[0] == name]:
                table.pop(key, None)

    def waits_for_debugger(self, process: str) -> bool:
        """Whether ``am set-debug-app -w`` named this process: once, or each time it starts (``--persistent``)."""
        if self.debug_app is None or self.debug_app[0] != process:
            return False
        if not self.debug_app[1]:
            self.debug_app = None
        return True

    def has_permission(self, package: str, permission: str) -> bool:
        """As checkSelfPermission: runtime permissions by grant, others by being requested; system holds all."""
        pkg = self.packages.get(package)
        if pkg is None:
            return False
        if permission in pkg.grants:
            return pkg.grants[permission].granted
        return permission in pkg.requested or (pkg.system and not pkg.requested)

    def set_permission(
        self, package: str, permission: str, granted: bool, set_flags: int = 0, clear_flags: int = 0
    ) -> bool:
        """Changes a grant and its flags; returns whether ``granted`` changed. KeyError if it is not requested."""
        grant = self.packages[package].grants[permission]
        changed = grant.granted != granted
        grant.granted = granted
        grant.flags = (grant.flags & ~clear_flags) | set_flags
        return changed

    def note_op(self, package: str, permission_or_op: str, allowed: bool, duration_ms: int = 0) -> None:
        """Records the last access of an app op (name of a permission or of an op), with the app's present state."""
        op = PERMISSION_OP.get(permission_or_op, permission_or_op)
        use = self.ops_used.setdefault((package, op), OpUse())
        state = "top" if self.focused_package() == package else "bg"
        now = self.clock.now_ms()
        if allowed:
            use.access_ms, use.access_state, use.duration_ms = now, state, duration_ms
        else:
            use.reject_ms, use.reject_state = now, state

    def op_mode(self, package: str, op: str) -> str:
        """Effective mode of an op: what was set, else what the permission says, else default."""
        if (package, op) in self.ops_modes:
            return self.ops_modes[(package, op)]
        pkg = self.packages.get(package)
        for permission, name in PERMISSION_OP.items():
            if name == op and pkg and permission in pkg.grants:
                return "allow" if pkg.grants[permission].granted else "ignore"
        return "allow"

    # screen

    def focused_window(self) -> Window | None:
        """Top visible window that takes input (a toast does not)."""
        return next((w for w in reversed(self.windows) if w.visible and w.kind != "toast"), None)

    def focused_package(self) -> str:
        window = self.focused_window()
        return window.package if window else ""

    def top_activity(self) -> ActivityRecord | None:
        return next((a for a in reversed(self.activities) if a.state == "resumed"), None)

    # loading

    def _load_packages(self) -> None:
        now = self.clock.now_ms()
        for row in self.data.get("packages", []):
            name = str(row["name"])
            system = bool(row.get("system", True))
            uid = int(row.get("uid", 0)) or self.new_uid()
            apk = str(row.get("apk", f"/system/app/{name}/{name}.apk" if system else random_apk_path(name)))
            grants = {str(p): Grant(True, SYSTEM_FIXED | GRANTED_BY_DEFAULT) for p in row.get("granted", [])}
            self.packages[name] = Package(
                name=name,
                uid=uid,
                apk=apk,
                version_code=int(row.get("version_code", self.sdk)),
                version_name=_text(row.get("version_name", self.props.get("ro.build.version.release", "13"))),
                system=system,
                target_sdk=int(row.get("target_sdk", self.sdk)),
                label=str(row.get("label", name)),
                process=name,
                requested=[str(p) for p in row.get("requested", row.get("granted", []))],
                grants=grants,
                first_install_ms=int(row.get("installed_ms", 1230768000000 if system else now - 30 * 86_400_000)),
                last_update_ms=int(row.get("installed_ms", 1230768000000 if system else now - 30 * 86_400_000)),
                stopped=False,
            )


def random_apk_path(name: str) -> str:
    """``/data/app/~~…==/pkg-…==/base.apk``: two random directories, as Android 11 and later."""
    return f"/data/app/~~{secrets.token_urlsafe(16)}==/{name}-{secrets.token_urlsafe(16)}==/base.apk"


def short_component(component: str) -> str:
    """``com.a/com.a.Main`` → ``com.a/.Main``."""
    package, _, name = component.partition("/")
    return f"{package}/{name[len(package) :]}" if name.startswith(package + ".") else component


def full_component(component: str) -> str:
    """``com.a/.Main`` → ``com.a/com.a.Main``."""
    package, _, name = component.partition("/")
    return f"{package}/{package}{name}" if name.startswith(".") else component


def load_state(path: Path | None, root: Path, truth: Path | None = None) -> DeviceState:
    """Defaults with the file's values laid over (maps merge, lists and scalars replace). StateError on bad input."""
    import yaml

    base = yaml.safe_load((Path(__file__).parent / "default_state.yaml").read_text("utf-8"))
    if path is not None:
        try:
            if path.stat().st_size > MAX_STATE_BYTES:
                raise StateError(f"{path.name}: larger than {MAX_STATE_BYTES} bytes")
            text = path.read_text("utf-8")
            over = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
        except (OSError, UnicodeDecodeError, yaml.YAMLError, json.JSONDecodeError) as bad:
            raise StateError(f"{path.name}: {bad}") from None
        if over is not None:
            if not isinstance(over, dict):
                raise StateError(f"{path.name}: the state must be a mapping")
            base = _merge(base, over)
    try:
        return DeviceState(base, root, truth)
    except (KeyError, TypeError, ValueError, AttributeError) as bad:
        raise StateError(f"{path.name if path else 'default state'}: {bad!r}") from None


def _merge(base: Any, over: Any) -> Any:
    if isinstance(base, dict) and isinstance(over, dict):
        return {**base, **{k: _merge(base.get(k), v) for k, v in over.items()}}
    return over


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
