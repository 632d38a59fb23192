"""What the device knows: canary values, packages, permissions, logs, windows.

Everything here is used from one asyncio loop only. `DeviceState` owns the data; the adb side (shell commands) and
the app side (JVM supervisor, activities, permission prompts) both read and change it through its methods.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.standin.files.vfs import Vfs
from emulator.standin.network.firewall import Chains, laid
from emulator.standin.packages.installed import Flag, Grant, Package, random_apk_path
from emulator.standin.packages.permdefs import APP_OP_ONLY, PERMISSION_OP, PRE23, by_request, is_runtime
from emulator.standin.sandbox.storage import Quota
from emulator.standin.window.screen import ActivityRecord, Window, keyguard

from .file import StateError, read_state, scalar, table
from .log import DeviceClock, LogRings, TruthLog
from .traits import laid_over, traits

if TYPE_CHECKING:
    from emulator.standin.apps.appside import AppSide

FIRST_APP_UID = 10100
FIRST_ZYGOTE = 530
PER_USER = 100_000
"""Android: each user has a range of so many uids."""


#: The discard port: nobody listens there.
NOWHERE = 9


class DeviceState:
    """The whole device. `get` answers dotted paths into the canary values (``telephony.imei``)."""

    quota = Quota()
    """What each app may take of this machine's disk."""

    def __init__(self, data: Mapping[str, Any], root: Path, truth: Path | None = None) -> None:
        self.data: dict[str, Any] = copy.deepcopy(dict(data))
        self.props: dict[str, str] = {str(k): scalar(v) for k, v in self.data.get("props", {}).items()}
        self.data["props"] = self.props
        self.traits = traits(self.data)
        self.settings: dict[str, dict[str, str]] = {
            ns: {str(k): scalar(v) for k, v in (self.data.get("settings", {}).get(ns) or {}).items()}
            for ns in ("system", "secure", "global")
        }
        self.data["settings"] = self.settings
        clock = self.data.get("clock", {})
        self.clock = DeviceClock(offset_ms=int(clock.get("offset_ms", 0)), zone=str(clock.get("zone", "Asia/Shanghai")))
        self.log = LogRings(self.clock)
        self.ssaids: set[str] = set()
        """Packages that have asked for their Android ID."""
        self.fs = Vfs(root)
        self.truth = TruthLog(truth, self.clock)
        self.packages: dict[str, Package] = {}
        self.ops_modes: dict[tuple[str, str], str] = {}
        """(package, OP) → allow, ignore, deny, foreground, default: set by `appops set`."""
        self.activities: list[ActivityRecord] = []
        self.windows: list[Window] = []
        self.reverses: dict[str, str] = {}
        self.route = self.http_proxy()
        """Where the network leads: the proxy as the host set it, whatever apps write into the settings."""
        self.firewall: dict[str, Chains] = laid(self.data.get("firewall") or {})
        self.flags: dict[str, str] = {}
        """Of ``device_config``, by ``namespace/name``."""
        self.debug_app: tuple[str, bool] | None = None
        self.app: AppSide
        """Set by whoever starts the device, before anything reaches it."""
        self.contain = "auto"
        """How far app processes are kept in: the best that goes, or ``none`` (`contain.find`)."""
        self.host = 0
        """The process whose listeners the loopback leads to, as the device's host (0: all of our user's)."""
        self.screen = (1080, 2340)
        self.density = 440
        self.user = int(self.data.get("user", 0))
        """The user in the foreground, whose apps and permissions these are; others are only there by number."""
        self.clones: dict[str, list[int]] = dict(self.data.get("clones") or {})
        """Packages that run for further users too, as in a work profile or as a vendor's dual app."""
        self.lock = str(self.data.get("lock", "none"))
        """What covers the screen until it is dismissed: ``none``, ``swipe``, or ``secure``, which only a person can."""
        title = "NotificationShade" if self.sdk >= 30 else "StatusBar"
        self.keyguard = None if self.lock == "none" else keyguard(title)
        self._next_uid = self.user * PER_USER + FIRST_APP_UID
        self.zygote, self.next_zygote = FIRST_ZYGOTE, FIRST_ZYGOTE + 7000
        """Pid of zygote, 0 while it is stopped, and the one it has after it has died."""
        self.served: dict[str, int] = {}
        """Name and port of each program that was pushed and listens."""
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

    def setting_of(self, package: str, ns: str, key: str) -> str | None:
        """A setting as an app reads it. From Android 8 on its Android ID is its own, which the system makes (and keeps
        in a file) when the app first asks."""
        if (ns, key) == ("secure", "android_id"):
            self.ssaids.add(package)
        return self.settings.get(ns, {}).get(key)

    def ssaid_file(self) -> bytes:
        """The system's file of the apps' own Android IDs."""
        own, rows = self.settings["secure"].get("android_id", ""), sorted(self.ssaids & self.packages.keys())
        lines = (
            f'  <setting id="{n}" name="{self.packages[name].uid}" value="{own}" package="{name}" '
            f'defaultValue="{own}" defaultSysSet="true" tag="null" />\n'
            for n, name in enumerate(rows, 1)
        )
        head = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n"
        return f'{head}<settings version="-1">\n{"".join(lines)}</settings>\n'.encode()

    async def put_setting(self, ns: str, key: str, value: str | None, by: str = "") -> None:
        """Writes (None deletes) a setting and tells the app layer. ``by``: the app that does it; a proxy that it sets
        is what apps are told, and changes nothing about where the network leads (`route`)."""
        if value is None:
            self.settings[ns].pop(key, None)
        else:
            self.settings[ns][key] = value
        if (ns, key) == ("global", "http_proxy"):
            if by:
                self.log.main("W", "ConnectivityService", f"http_proxy changed by {by}: no way out of this device")
            else:
                self.route = self.http_proxy()
        await self.app.settings_changed(ns, key, value)

    def http_proxy(self) -> tuple[str, int] | None:
        """The global proxy, None if unset (also for ``:0``)."""
        host, _, port = self.settings["global"].get("http_proxy", "").rpartition(":")
        return (host, int(port)) if host and port.isdigit() and int(port) > 0 else None

    def ways(self) -> set[int]:
        """Ports of the host's loopback that apps may reach: those that the host set up over adb, no other."""
        found = {int(name.removeprefix("tcp:")) for name in self.reverses}
        local = self.route is not None and self.route[0] in ("127.0.0.1", "localhost")
        if self.route is not None and local and self.traits.loopback != "own":
            found.add(self.route[1])
        return found

    def app_proxy(self) -> tuple[str, int] | None:
        """The proxy that apps are given. Without a network it leads nowhere: whatever they send is refused."""
        off = all(self.settings["global"].get(name) == "0" for name in ("wifi_on", "mobile_data"))
        return ("127.0.0.1", NOWHERE) if off else self.http_proxy()

    def animated(self) -> bool:
        """Whether any of the three animation scales is on; an unset one is 1."""
        scales = ("window_animation_scale", "transition_animation_scale", "animator_duration_scale")
        return any(float(self.settings["global"].get(name, "1") or 0) > 0 for name in scales)

    # packages and permissions

    def new_uid(self) -> int:
        self._next_uid += 1
        return self._next_uid - 1

    def add_package(self, package: Package) -> None:
        """Registers or replaces; grants of an earlier version are kept, new runtime permissions start unset."""
        old = self.packages.get(package.name)
        for name in package.requested:
            if is_runtime(name, self.sdk):
                package.grants[name] = (
                    old.grants[name] if old and name in old.grants else package.grants.get(name, Grant())
                )
        self.packages[package.name] = package

    def lay_data(self, package: Package) -> None:
        """The folders of a package's data, empty if they are new."""
        for name in ("", "/files", "/cache", "/shared_prefs", "/databases"):
            self.fs.mkdir(package.data_dir + name, parents=True)
        self.fs.set_meta(package.data_dir, uid=package.uid, gid=package.uid, mode=0o700)

    def remove_package(self, name: str) -> None:
        self.packages.pop(name, None)
        for key in [k for k in self.ops_modes if k[0] == name]:
            del self.ops_modes[key]

    def debuggable(self, package: Package) -> bool:
        """Whether a debugger can be attached to the app's processes, as zygote decides it when it forks one."""
        if package.debuggable or self.props.get("ro.build.type") == "eng":
            return True
        if self.props.get("ro.debuggable") != "1":
            return False
        return self.sdk < 34 or self.props.get("persist.debug.dalvik.vm.jdwp.enabled") == "1"

    def waits_for_debugger(self, process: str) -> bool:
        """Whether ``am set-debug-app -w`` named this process: once, or each time it starts (``--persistent``)."""
        if self.debug_app is None or self.debug_app[0] != process:
            return False
        if not self.debug_app[1]:
            self.debug_app = None
        return True

    def has_permission(self, package: str, permission: str) -> bool:
        """As checkSelfPermission: runtime permissions by grant, those behind an app op by what the user set, normal
        ones by being requested. What is preinstalled holds all it requests, or simply all; so does what the state calls
        signed with the platform's key, as the app that calls every hooked API must be."""
        pkg = self.packages.get(package)
        if pkg is None:
            return False
        if permission in pkg.grants:
            return pkg.grants[permission].granted
        if pkg.system:
            return permission in pkg.requested or not pkg.requested
        if permission not in pkg.requested:
            return False
        if package in self.data.get("platform_signed", ()):
            return True
        if permission in APP_OP_ONLY:
            old = permission in PRE23 and pkg.target_sdk < 23
            return self.ops_modes.get((package, PERMISSION_OP[permission]), "allow" if old else "default") == "allow"
        return by_request(permission)

    def set_permission(
        self, package: str, permission: str, granted: bool, set_flags: int = 0, clear_flags: int = 0
    ) -> bool:
        """Changes a grant and its flags; returns whether ``granted`` changed. KeyError if it is not requested."""
        grant = self.packages[package].grants[permission]
        changed = grant.granted != granted
        grant.granted = granted
        grant.flags = (grant.flags & ~clear_flags) | set_flags
        return changed

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
        if self.keyguard is not None:
            return self.keyguard
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
            installed = int(row.get("installed_ms", 1230768000000 if system else now - 30 * 86_400_000))
            grants = {str(p): Grant(True, Flag.SYSTEM_FIXED | Flag.GRANTED_BY_DEFAULT) for p in row.get("granted", [])}
            self.packages[name] = Package(
                name=name,
                uid=uid,
                apk=apk,
                version_code=int(row.get("version_code", self.sdk)),
                version_name=scalar(row.get("version_name", self.props.get("ro.build.version.release", "13"))),
                system=system,
                min_sdk=23,
                target_sdk=int(row.get("target_sdk", self.sdk)),
                label=str(row.get("label", name)),
                process=name,
                requested=[str(p) for p in row.get("requested", row.get("granted", []))],
                grants=grants,
                first_install_ms=installed,
                last_update_ms=installed,
                stopped=False,
            )


def load_state(
    path: Path | None, root: Path, truth: Path | None = None, *, profile: str = "default", api: int | None = None
) -> DeviceState:
    """The state of a device of this kind and level, with the file's values laid over. StateError on bad input."""
    data = read_state(path, laid_over(table(Path(__file__).parent / "default_state.yaml"), profile, api))
    try:
        return DeviceState(data, root, truth)
    except (KeyError, TypeError, ValueError, AttributeError) as bad:
        name = path.name if path else "default state"
        raise StateError(f"{name}: not of the shape of default_state.yaml ({type(bad).__name__}: {bad})") from None
