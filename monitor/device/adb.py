"""``AdbDevice``: what the monitor does on any device, in Android's own commands."""

import base64
import contextlib
import re
import shlex
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from monitor.base.clock import Offset, Ping, estimate, now_us, wait_for
from monitor.base.errors import EnvironmentFault, InputError
from monitor.device import apps, parse
from monitor.device.changes.undo import KEYBOARD, Change, require
from monitor.device.wire.transport import Result
from monitor.session.handset import Component, Node, Socket

_UI_TIMEOUT: Final = 60.0
_START_TIMEOUT: Final = 30.0
_UI_TRIES: Final = 3
_UNLOCK_S: Final = 5.0
#: The first time ``su`` asks the person at the device, who has ten seconds with Magisk.
_ASKED_S: Final = 15.0

#: A keyboard that takes ``ADB_INPUT_B64`` with the text in ``msg``, as base64 of UTF-8.
ADB_KEYBOARD: Final = "com.android.adbkeyboard/.AdbIME"
#: For the keyboard to come up for the field that has the focus, in seconds.
_BOUND_S: Final = 1.0

_UI_FILE = "/data/local/tmp/monitor-ui.xml"
_UI_HINT = "check whether another UI tool (uiautomator2, Appium) is connected; only one can be"
_PNG = b"\x89PNG\r\n\x1a\n"
_ICON = ("-a", "android.intent.action.MAIN", "-c", "android.intent.category.LAUNCHER")  # as from the home screen

_DATE = "date +%s.%N"
_SHELLS_DATE = "echo $EPOCHREALTIME"  # mksh's own: the date of Android 7 knows no fraction


class AdbDevice(apps.Apps):
    """A device behind adb. Methods raise ``EnvironmentFault`` (with the fix) when Android refuses."""

    _date: str = _DATE
    note: Callable[[Change], object] = staticmethod(lambda change: require(change.undo))
    """Called before each change that would outlive the session unless undone (``Journal.note``)."""

    def props(self) -> dict[str, str]:
        """All system properties."""
        return parse.system.getprop(self.shell(["getprop"]).out)

    @cached_property
    def _root(self) -> tuple[str, ...] | None:
        """The words with which a line runs as root; None without root."""
        for way in ((), ("su", "0", "sh", "-c"), ("su", "-c")):
            with contextlib.suppress(EnvironmentFault):
                if self.shell([*way, "id -u"] if way else "id -u", timeout=_ASKED_S).out.strip() == "0":
                    return way
        return None

    def rooted(self) -> bool:
        """Whether commands can run as root, directly or through ``su``; determined once."""
        return self._root is not None

    def root_way(self) -> str:
        """``adbd``, ``su`` or ``none``."""
        return "su" if self._root else "none" if self._root is None else "adbd"

    def as_root(self, argv: Sequence[str] | str, *, timeout: float = 20.0) -> Result:
        """``shell`` as root. Raises ``EnvironmentFault`` without root."""
        if self._root is None:
            raise EnvironmentFault("the device provides no root", where=self.serial, hint="adb root, or a rooted image")
        line = argv if isinstance(argv, str) else shlex.join(argv)
        return self.shell([*self._root, line] if self._root else line, timeout=timeout)

    def setting(self, namespace: str, key: str) -> str | None:
        """A value of ``settings get``; ``None`` if unset."""
        value = self.run_ok(["settings", "get", namespace, key]).out.rstrip("\n")
        return None if value.strip() == "null" else value

    def pids(self, name: str) -> list[int]:
        """Processes with exactly this name."""
        return [int(word) for word in self.shell(["pidof", name]).out.split() if word.isdigit() and len(word) < 10]

    def launcher(self, name: str) -> str:
        """``package/class`` of the app's main activity."""
        category = "android.intent.category.LAUNCHER"
        # With several, the system names its chooser in answer to the first.
        for words in (["resolve-activity", "--brief", "-c", category], ["query-activities", "--brief", *_ICON]):
            if found := parse.screen.launcher(self.shell(["cmd", "package", *words, name]).out, name):
                return str(found)
        raise EnvironmentFault("no main activity to start", where=name, hint="is the app installed?")

    def start(self, name: str, *, hold: bool = False, stop: bool = False) -> None:
        """Start an app's main activity; ``hold`` makes it wait for a debugger (``release``)."""
        flags = [*(["-S"] if stop else []), *(["-D"] if hold else ["-W"])]
        self._am_start(name, *flags, *_ICON, "-n", self.launcher(name))

    def _am_start(self, where: str, *words: str) -> None:
        if fault := parse.packages.start_fault(self.shell(["am", "start", *words], timeout=_START_TIMEOUT).text):
            raise EnvironmentFault(f"am start: {fault}", where=where)

    def start_held(self, name: str, *, timeout: float = _START_TIMEOUT) -> int:
        """Start an app and hold it before its first line of code. Returns its pid; continue with ``release``."""
        self.stop(name)
        return self._start_process(name, self.pids(name), timeout, hold=True)

    def start_now(self, name: str, *, timeout: float = _START_TIMEOUT) -> int:
        """Start an app and return the pid of its running main process."""
        return self._start_process(name, [], timeout)

    def _start_process(self, name: str, before: list[int], timeout: float, *, hold: bool = False) -> int:
        self.start(name, hold=hold)
        new = wait_for(lambda: [pid for pid in self.pids(name) if pid not in before], timeout, 0.05)
        if not new:
            raise EnvironmentFault(f"no process within {timeout:.0f} s", where=name)
        return new[0]

    def hold_process(self, process: str) -> None:
        """Make the process of that name wait for a debugger whenever it starts; empty = none. One at a time."""
        if not process:
            self.run_ok(["am", "clear-debug-app"])
            return
        line = ["am", "set-debug-app", "-w", "--persistent", process]
        self.note(Change("process held at its start", "shell", shlex.join(line), ("debug_app",)))
        self.run_ok(line)

    def running(self) -> list[parse.system.Process]:
        """Every process by its command line: for an app that is its process name, even where tools use its label."""
        found = parse.system.running(self.shell(["ps", "-A", "-o", "UID:1=,PID:1=,ARGS:1=", "-n"]).out)
        return found or parse.system.ps(self.shell(["ps"]).out)

    def frozen(self, pid: int) -> bool:
        """Whether Android has frozen the process, as it does with cached apps from Android 12 on. False if unknown."""
        run = self.as_root if self.rooted() else self.shell
        group = parse.system.cgroup(run(["cat", f"/proc/{pid}/cgroup"]).out)
        return bool(group) and "frozen 1" in run(["cat", f"/sys/fs/cgroup{group}/cgroup.events"]).out.splitlines()

    def sockets(self) -> list[Socket]:
        """TCP sockets on the device; IPv4 sockets of apps are mostly in tcp6."""
        return parse.system.sockets(self.shell(["cat", "/proc/net/tcp6", "/proc/net/tcp"]).out)

    def listening(self) -> set[int]:
        """TCP ports on which something listens on the device; empty if unknown."""
        return {row.local_port for row in self.sockets() if row.state == parse.system.LISTEN}

    def stop(self, name: str) -> None:
        """Force-stop: every process of the app ends, and nothing restarts it."""
        self.run_ok(["am", "force-stop", apps.package_name(name)])

    def kill(self, name: str) -> None:
        """Kill the app's processes as the system does when memory is low (only in the background)."""
        self.run_ok(["am", "kill", apps.package_name(name)])

    def open_link(self, url: str, name: str = "") -> None:
        """Open a link in the app that claims it, or in ``name``."""
        self._am_start("link", "-a", "android.intent.action.VIEW", "-d", url, *([name] if name else []))

    def start_activity(self, name: str, activity: str) -> None:
        """Start an activity of an app by an intent; one that is not exported only as root."""
        line = ["am", "start", "-n", f"{apps.package_name(name)}/{activity}"]
        done = self.as_root(line, timeout=_START_TIMEOUT) if self.rooted() else self.shell(line, timeout=_START_TIMEOUT)
        if fault := parse.packages.start_fault(done.text):
            raise EnvironmentFault(f"am start: {fault}", where=activity)

    def wake(self) -> None:
        """Turn the screen on and swipe away what covers it: otherwise nothing can be read or tapped. Raises
        ``EnvironmentFault`` if only a person can."""
        # Vendors may block input over adb: what counts is what is seen then.
        self.shell("input keyevent KEYCODE_WAKEUP; cmd statusbar collapse; wm dismiss-keyguard")
        if not wait_for(lambda: not parse.screen.covered(self.shell(["dumpsys", "window"]).out), _UNLOCK_S):
            hint = "unlock it, and set the screen lock to None or Swipe for the session"
            raise EnvironmentFault("the screen is locked", where=self.serial, hint=hint)

    def focus(self) -> Component | None:
        """The foreground component, by window focus, otherwise by resumed activity."""
        if found := parse.screen.focused(self.shell(["dumpsys", "window"]).out):
            return found
        return next(iter(parse.screen.resumed(self.shell(["dumpsys", "activity", "activities"]).out)), None)

    def ui(self) -> tuple[list[Node], bytes]:
        """The screen's nodes and the XML they come from. Retries while the screen is changing."""
        fault = ""
        for _ in range(_UI_TRIES):
            line = f"rm -f {_UI_FILE}; uiautomator dump {_UI_FILE} && cat {_UI_FILE}"
            _, out, err = self.raw(line, timeout=_UI_TIMEOUT)
            xml = re.search(rb"(?s)(<\?xml|<hierarchy).*", out)
            try:
                if xml is not None:
                    return parse.screen.nodes(xml[0]), xml[0]
                fault = parse.screen.dump_error((out + b"\n" + err).decode("utf-8", "replace"))
            except parse.screen.BadTree as error:
                fault = str(error)
            time.sleep(0.2)
        raise EnvironmentFault(f"uiautomator dump: {fault}", where=self.serial, hint=_UI_HINT)

    def screenshot(self) -> bytes:
        """PNG of the screen (black where windows are secure)."""
        _, out, _ = self.raw(["screencap", "-p"], timeout=30)
        if not out.startswith(_PNG):
            raise EnvironmentFault("screencap returned no image", where=self.serial)
        return out

    def tap(self, x: int, y: int) -> None:
        """Touch a point, in pixels. What it clicks is told from inside the app: ``hooks/agent/src/fast/calls.ts``."""
        self.run_ok(["input", "tap", str(x), str(y)])

    def swipe(self, x1: int, y1: int, x2: int, y2: int, ms: int = 300) -> None:
        """Drag from one point to another; the same point twice is a long press."""
        self.run_ok(["input", "swipe", *(str(part) for part in (x1, y1, x2, y2, ms))])

    def key(self, *names: str) -> None:
        """Press keys one after another: ``KEYCODE_HOME`` and the like."""
        self.run_ok(["input", "keyevent", *names])

    def text(self, text: str) -> None:
        """Type into the focused field. Other text than printable ASCII, which ``input text`` does not take, goes
        through a keyboard app that receives it as a broadcast, as ADBKeyBoard does: the device must have one. The
        keyboard that was in use is put back."""
        if text.isascii():
            if not text.isprintable():
                raise InputError("control characters cannot be typed over adb")
            # ``%s`` is typed as a blank: its two characters go separately.
            for part in filter(None, re.split("(?<=%)(?=s)", text)):
                self.run_ok(["input", "text", part.replace(" ", "%s")])
            return
        keyboard = ADB_KEYBOARD
        if keyboard not in self.shell(["ime", "list", "-a", "-s"]).out.split():
            fault = "only printable ASCII can be typed over adb, and no keyboard on the device takes other text"
            hint = "install ADBKeyBoard (com.android.adbkeyboard), or use pinyin or a number"
            raise EnvironmentFault(fault, where=self.serial, hint=hint)
        before = self.setting("secure", KEYBOARD)
        if before != keyboard:
            self.note(Change(f"setting {KEYBOARD}", "shell", f"ime set {keyboard}", ("keyboard", before)))
            self.run_ok(["ime", "enable", keyboard])
            self.run_ok(["ime", "set", keyboard])
            time.sleep(_BOUND_S)
        packed, package = base64.b64encode(text.encode()).decode(), keyboard.partition("/")[0]
        try:
            self.run_ok(["am", "broadcast", "-a", "ADB_INPUT_B64", "--es", "msg", packed, "-p", package])
            time.sleep(_BOUND_S)  # it is delivered to another process: what follows may read the field
        finally:
            if before and before != keyboard:
                self.run_ok(["ime", "set", before])

    def keyboard_shown(self) -> bool:
        """Whether the keyboard covers part of the screen; false if the device does not say."""
        return "mInputShown=true" in self.shell(["dumpsys", "input_method"]).out

    def set_location(self, latitude: float, longitude: float) -> None:
        """Feed the gps provider a test position (Android 12 and later; needs the shell's permission to mock
        locations)."""
        self.shell(["appops", "set", "2000", "android:mock_location", "allow"])
        self.shell(["cmd", "location", "providers", "add-test-provider", "gps"])
        self.run_ok(["cmd", "location", "providers", "set-test-provider-enabled", "gps", "true"])
        place = f"{latitude:.6f},{longitude:.6f}"
        self.run_ok(["cmd", "location", "providers", "set-test-provider-location", "gps", "--location", place])

    def set_network(self, on: bool) -> None:
        """Switch Wi-Fi and mobile data. Only where the connection to the device does not run over them."""
        host, _, port = self.serial.rpartition(":")
        if port and host and host not in ("127.0.0.1", "localhost", "emulator"):
            hint = "connect it by USB, or leave this step out"
            raise EnvironmentFault("the connection to the device runs over its network", where=self.serial, hint=hint)
        states = {"wifi": self.setting("global", "wifi_on"), "data": self.setting("global", "mobile_data")}
        changed = [name for name, state in states.items() if on or state != "0"]
        if changed:
            do, undo = ("enable", "disable") if on else ("disable", "enable")
            line = " && ".join(f"svc {name} {do}" for name in changed)
            self.note(Change("network", "shell", line, ("network", undo, *(n if n in changed else "" for n in states))))
            self.run_ok(["sh", "-c", line])

    def clock_offset(self, samples: int = 7) -> Offset:
        """Device clock minus host clock in microseconds, with its bound."""
        return estimate([self._now() for _ in range(samples)])

    def _now(self) -> Ping:
        """The device's time, read once. Raises ``EnvironmentFault`` where nothing tells it in microseconds."""
        for line in dict.fromkeys((self._date, _SHELLS_DATE)):
            sent, answer, received = self.timed(line)
            remote = parse.system.date_us(answer)
            if remote is not None:
                self._date = line
                return Ping(sent, remote, received)
        raise EnvironmentFault("neither date nor the shell tells the time in microseconds", where=self.serial)

    def move_clock(self, seconds: int) -> None:
        """Move the device's wall clock (needs root); reads it back. The caller must switch automatic time off."""
        ahead = self.clock_offset(3).offset // 1_000_000
        self.note(Change("clock", "clock", f"moved by {seconds} s", ("clock", str(ahead))))
        self.set_clock(ahead + seconds)

    def set_clock(self, ahead: int) -> None:
        """Set the device's wall clock to the host's plus ``ahead`` seconds (needs root); reads it back."""
        target = datetime.fromtimestamp(now_us() / 1e6 + ahead, UTC)
        for value in (f"@{int(target.timestamp())}", target.strftime("%m%d%H%M%Y.%S")):
            self.as_root(["date", "-u", value])
            now = self._now()
            if abs(now.remote - now.received - ahead * 1_000_000) < 30_000_000:
                return
        raise EnvironmentFault("the device's clock did not move", where=self.serial, hint="switch automatic time off")
