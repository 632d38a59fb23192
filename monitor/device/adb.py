"""``AdbDevice``: what the monitor does on a device, phone or not, in Android's own commands."""

from __future__ import annotations

import contextlib
import shlex
import socket
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from monitor.clock import Offset, Ping, estimate
from monitor.device import parse_am, parse_proc, parse_props, parse_ui, parse_window
from monitor.device.apps import Apps, package_name
from monitor.device.transport import Result
from monitor.errors import EnvironmentFault, InputError

UI_TIMEOUT: Final = 60.0
START_TIMEOUT: Final = 30.0
UI_TRIES: Final = 3

_UI_FILE = "/data/local/tmp/monitor-ui.xml"
_PNG = b"\x89PNG\r\n\x1a\n"
_HANDSHAKE = b"JDWP-Handshake"


class AdbDevice(Apps):
    """A device behind adb. Methods raise ``EnvironmentFault`` (with the mend) when Android refuses."""

    _root: tuple[str, ...] | None = None
    _rooted: bool | None = None

    # -- rights and settings -------------------------------------------------------------------------------------

    def props(self) -> dict[str, str]:
        """All system properties."""
        return parse_props.getprop(self.shell(["getprop"]).out)

    def rooted(self) -> bool:
        """Whether commands can run as root, directly or through ``su``; asked once."""
        if self._rooted is None:
            ways: tuple[tuple[str, ...], ...] = ((), ("su", "0", "sh", "-c"), ("su", "-c"))
            for way in ways:
                argv = [*way, "id -u"] if way else ["id", "-u"]
                with contextlib.suppress(EnvironmentFault):
                    if self.shell(argv, timeout=10).out.strip() == "0":
                        self._root = way
                        break
            self._rooted = self._root is not None
        return self._rooted

    def root_way(self) -> str:
        """``adbd``, ``su`` or ``none``."""
        return "none" if not self.rooted() else "su" if self._root else "adbd"

    def as_root(self, argv: Sequence[str] | str, *, timeout: float = 20.0) -> Result:
        """``shell`` with root's rights. Raises ``EnvironmentFault`` without them."""
        if not self.rooted() or self._root is None:
            raise EnvironmentFault("the device gives no root", where=self.serial, hint="adb root, or a rooted image")
        line = argv if isinstance(argv, str) else shlex.join(argv)
        return self.shell([*self._root, line] if self._root else line, timeout=timeout)

    def setting(self, namespace: str, key: str) -> str | None:
        """A value of ``settings get``; ``None`` if unset."""
        return parse_props.settings_value(self._ok(["settings", "get", namespace, key]).out)

    def put_setting(self, namespace: str, key: str, value: str | None) -> None:
        """Set a value, or delete it with ``None``."""
        verb = ["put", namespace, key, value] if value is not None else ["delete", namespace, key]
        self._ok(["settings", *verb])

    # -- processes -----------------------------------------------------------------------------------------------

    def pids(self, name: str) -> list[int]:
        """Processes with exactly this name."""
        return parse_proc.pids(self.shell(["pidof", name]).out)

    def launcher(self, name: str) -> str:
        """``package/class`` of the app's main activity."""
        line = ["cmd", "package", "resolve-activity", "--brief", "-c", "android.intent.category.LAUNCHER", name]
        found = parse_window.launcher(self.shell(line).out)
        if found is None or found.package != name:
            raise EnvironmentFault("no main activity to start", where=name, hint="is the app installed?")
        return str(found)

    def start(self, name: str, *, hold: bool = False, stop: bool = False) -> parse_am.Started:
        """Start an app's main activity; ``hold`` makes it wait for a debugger (``release``)."""
        flags = [*(["-S"] if stop else []), *(["-D"] if hold else ["-W"])]
        line = ["am", "start", *flags, *_ICON, "-n", self.launcher(name)]
        started = parse_am.started(self.shell(line, timeout=START_TIMEOUT).text)
        if not started.ok:
            raise EnvironmentFault(f"am start: {started.error or 'failed'}", where=name)
        return started

    def start_held(self, name: str, *, timeout: float = START_TIMEOUT) -> int:
        """Start an app and hold it before its first own line. Returns its pid; go on with ``release``."""
        self.stop(name)
        before = set(self.pids(name))
        self.start(name, hold=True)
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if new := [pid for pid in self.pids(name) if pid not in before]:
                return new[0]
            time.sleep(0.05)
        raise EnvironmentFault(f"no process within {timeout:.0f} s", where=name)

    def hold_process(self, process: str) -> None:
        """Make the process of that name wait for a debugger whenever it starts; empty = none. One at a time."""
        line = ["am", "set-debug-app", "-w", "--persistent", process] if process else ["am", "clear-debug-app"]
        self._ok(line)

    def release(self, pid: int, *, timeout: float = 10.0) -> None:
        """Let a held process go on: a debugger that says hello and leaves (JDWP handshake over a forward)."""
        port = self.forward(f"jdwp:{pid}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout) as conn:
                conn.settimeout(timeout)
                conn.sendall(_HANDSHAKE)
                answer = b""
                while len(answer) < len(_HANDSHAKE) and (chunk := conn.recv(len(_HANDSHAKE) - len(answer))):
                    answer += chunk
        except OSError as error:
            raise EnvironmentFault("the held process did not answer", where=f"pid {pid}") from error
        finally:
            self.forward_remove(port)
        if answer != _HANDSHAKE:
            raise EnvironmentFault("the held process is not waiting", where=f"pid {pid}", hint="is it debuggable?")

    def stop(self, name: str) -> None:
        """Force-stop: every process of the app ends, nothing restarts it."""
        self._ok(["am", "force-stop", package_name(name)])

    def kill(self, name: str) -> None:
        """Kill the app's processes as the system does for memory (only in the background)."""
        self._ok(["am", "kill", package_name(name)])

    def open_link(self, url: str, name: str = "") -> None:
        """Open a link in the app that claims it, or in ``name``."""
        line = ["am", "start", "-a", "android.intent.action.VIEW", "-d", url, *([name] if name else [])]
        started = parse_am.started(self.shell(line, timeout=START_TIMEOUT).text)
        if not started.ok:
            raise EnvironmentFault(f"am start: {started.error or 'failed'}", where="link")

    # -- screen --------------------------------------------------------------------------------------------------

    def focus(self) -> parse_window.Component | None:
        """The component in front, by window focus, else by resumed activity."""
        found = parse_window.focused(self.shell(["dumpsys", "window"]).out)
        if found is None:
            found = next(iter(parse_window.resumed(self.shell(["dumpsys", "activity", "activities"]).out)), None)
        return found

    def ui(self) -> tuple[list[parse_ui.Node], bytes]:
        """The screen's nodes and the XML they come from. Tries again while the screen moves."""
        fault = ""
        for _ in range(UI_TRIES):
            line = f"rm -f {_UI_FILE}; uiautomator dump {_UI_FILE} && cat {_UI_FILE}"
            _, out, err = self.raw(line, timeout=UI_TIMEOUT)
            at = out.find(b"<?xml")
            if at < 0:
                at = out.find(b"<hierarchy")
            if at >= 0:
                try:
                    return parse_ui.nodes(out[at:]), out[at:]
                except parse_ui.BadTree as error:
                    fault = str(error)
            else:
                fault = parse_ui.dump_error((out + b"\n" + err).decode("utf-8", "replace"))
            time.sleep(0.2)
        raise EnvironmentFault(f"uiautomator dump: {fault}", where=self.serial, hint=_UI_HINT)

    def screenshot(self) -> bytes:
        """PNG of the screen (black where windows are secure)."""
        _, out, _ = self.raw(["screencap", "-p"], timeout=30)
        if not out.startswith(_PNG):
            raise EnvironmentFault("screencap gave no picture", where=self.serial)
        return out

    def tap(self, x: int, y: int) -> None:
        """Touch a point, in pixels."""
        self._input("tap", str(x), str(y))

    def swipe(self, x1: int, y1: int, x2: int, y2: int, ms: int = 300) -> None:
        """Drag from one point to another; the same point twice is a long press."""
        self._input("swipe", *(str(part) for part in (x1, y1, x2, y2, ms)))

    def key(self, *names: str) -> None:
        """Press keys one after another: ``KEYCODE_HOME`` and the like."""
        self._input("keyevent", *names)

    def text(self, text: str) -> None:
        """Type into the focused field. ``input text`` takes printable ASCII only, on every Android."""
        if not text.isascii() or not text.isprintable():
            raise InputError("only printable ASCII can be typed over adb", hint="use a keyboard app for other text")
        if text:
            self._input("text", text.replace("%", "\\%").replace(" ", "%s"))

    def set_location(self, latitude: float, longitude: float) -> None:
        """Feed the gps provider a test position (Android 12 and later; takes the shell's right to mock)."""
        self.shell(["appops", "set", "2000", "android:mock_location", "allow"])
        self.shell(["cmd", "location", "providers", "add-test-provider", "gps"])
        self._ok(["cmd", "location", "providers", "set-test-provider-enabled", "gps", "true"])
        place = f"{latitude:.6f},{longitude:.6f}"
        self._ok(["cmd", "location", "providers", "set-test-provider-location", "gps", "--location", place])

    # -- clock ---------------------------------------------------------------------------------------------------

    def clock_offset(self, samples: int = 7) -> Offset:
        """Device clock minus host clock in microseconds, with its bound."""
        found = []
        for _ in range(samples):
            sent, answer, received = self.timed("date +%s.%N")
            remote = parse_props.date_us(answer)
            if remote is None:
                raise EnvironmentFault("date prints no nanoseconds", where=self.serial)
            found.append(Ping(sent, remote, received))
        return estimate(found)

    def move_clock(self, seconds: int) -> None:
        """Move the device's wall clock (needs root); reads back. Automatic time is the caller's to switch off."""
        now = parse_props.date_us(self.shell("date +%s.%N").out)
        if now is None:
            raise EnvironmentFault("date prints no nanoseconds", where=self.serial)
        target = datetime.fromtimestamp(now / 1e6 + seconds, UTC)
        for value in (f"@{int(target.timestamp())}", target.strftime("%m%d%H%M%Y.%S")):
            self.as_root(["date", "-u", value])
            after = parse_props.date_us(self.shell("date +%s.%N").out) or now
            if abs(after - now - seconds * 1_000_000) < 30_000_000:
                return
        raise EnvironmentFault("the device's clock did not move", where=self.serial, hint="is automatic time on?")

    # -- inside --------------------------------------------------------------------------------------------------

    def _input(self, *words: str) -> None:
        self._ok(["input", *words])


_ICON = ("-a", "android.intent.action.MAIN", "-c", "android.intent.category.LAUNCHER")  # as from the home screen
_UI_HINT = "is another UI tool (uiautomator2, Appium) connected? Only one can be"
