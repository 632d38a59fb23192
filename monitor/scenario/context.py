"""What verbs work with: the screen, interruptible waits, and events about what was done."""

import contextlib
import threading
import time
from collections.abc import Callable, Collection, Sequence
from typing import Final, NamedTuple, Protocol

from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault
from monitor.events import ApiCall, Event, Step, Tap, Toggle, UiSnapshot
from monitor.scenario.explore.model import Guiding
from monitor.scenario.marks import Marks
from monitor.scenario.screen import MAX_TEXTS, Selector, control_at, describe, label_of, named, point, screen_size
from monitor.session.handset import Component, Node, Package
from monitor.session.observe import RawValue, Sink

#: Named waits in seconds. A verb's own ``timeout`` takes precedence.
TIMEOUTS: Final = {
    "find": 7.0,  # an element that must appear (Maestro's value)
    "optional": 2.0,  # one that may appear
    "dialog": 6.0,  # the system's permission dialog
    "front": 5.0,  # an app coming to the front or leaving it
    "rest": 3.0,  # an app of which so long nothing was seen does nothing more
    "slow": 45.0,  # any of these at most, where the device has so much to do that what is awaited may still come
    "settle": 0.3,  # after a tap, for the screen to change
    "busy": 0.5,  # an app seen doing something so lately is not done yet: the screen may still change,
    "done": 5.0,  # but for so long at most
    "look": 0.05,  # between two looks whether it stands still
    "heavy": 0.15,  # a look that takes so long, with the wait before it, is one at a slow device
    "poll": 0.1,
}
_MAX_NAME: Final = 100


Launcher = Callable[[str], int]
"""Start an app by package name with everything that observes it in place; returns the pid of its main process."""


class Port(Protocol):
    """A device, as ``monitor.device.adb.AdbDevice`` is one. Methods raise ``EnvironmentFault`` when it refuses."""

    def ui(self) -> tuple[Sequence[Node], bytes]:
        """The screen's nodes in document order, and the XML they come from."""

    def screenshot(self) -> bytes:
        """The screen as PNG."""

    def tap(self, x: int, y: int) -> None:
        """Touch a point."""

    def swipe(self, x1: int, y1: int, x2: int, y2: int, ms: int = 300) -> None:
        """Drag; the same point twice is a long press."""

    def key(self, *names: str) -> None:
        """Press keys one after another (``KEYCODE_…``)."""

    def text(self, text: str) -> None:
        """Type into the focused field."""

    def keyboard_shown(self) -> bool:
        """Whether the keyboard covers part of the screen."""

    def focus(self) -> Component | None:
        """The component in front."""

    def package(self, name: str) -> Package | None:
        """What is known about an installed app."""

    def pids(self, name: str) -> list[int]:
        """Pids of the processes of that name."""

    def start(self, name: str) -> object:
        """Bring an app to the front as tapping its icon does."""

    def stop(self, name: str) -> None:
        """Force-stop an app."""

    def kill(self, name: str) -> None:
        """Kill an app's processes as the system does for memory."""

    def clear(self, name: str) -> None:
        """Clear an app's data."""

    def set_permission(self, name: str, permission: str, state: str) -> None:
        """``allow``, ``deny`` or ``unset``."""

    def open_link(self, url: str) -> None:
        """Open a link."""

    def start_activity(self, name: str, activity: str) -> None:
        """Start an activity of an app, by its full class."""

    def move_clock(self, seconds: int) -> None:
        """Move the device's clock forward."""

    def set_location(self, latitude: float, longitude: float) -> None:
        """Set the device's position, as far as it allows."""

    def set_network(self, on: bool) -> None:
        """Switch Wi-Fi and mobile data on or off."""


class StepFailed(Exception):
    """A step could not be done; the message says what was missing. Never contains what a user typed."""


class Stopped(Exception):
    """A stop was requested (Ctrl-C)."""


class Screen(NamedTuple):
    """The tree of the screen: elements, the XML they come from (empty: not readable), fields of an event."""

    nodes: Sequence[Node]
    xml: bytes
    when: dict[str, object]


class Run:
    """One run of a scenario. Verbs get it as their first argument."""

    def __init__(
        self, app: str, port: Port, sink: Sink, launcher: Launcher, *,
        stop: threading.Event | None = None,
        clock_moved: Callable[[int], None] | None = None,
        allow: Collection[str] = (),
        quiet_for: Callable[[], float] = lambda: float("inf"),
        marks: Marks | None = None,
        sent: Callable[[str, int], bool] = lambda host, since: True, guide: Guiding | None = None,
    ) -> None:  # fmt: skip
        """``stop``: set it to end the run between two polls."""
        self.app = app
        self.guide = guide
        """What an exploration asks besides the device."""
        self.marks = marks
        """What a person marks in a session by hand."""
        self.port = port
        """The device: ``monitor.device.adb.AdbDevice``."""
        self.launcher = launcher
        self.clock_moved = clock_moved
        self.allow = allow
        """Non-public hosts that may be contacted."""
        self.quiet_for = quiet_for
        """Seconds since the app's last observed activity."""
        self.sent = sent
        """Whether the app has sent something to a host since a time; true where nothing would show it."""
        self.phase = now_us()
        """When the phase of the session began."""
        self.fires: list[str] = []
        self.silent: list[str] = []
        self.children: Callable[[], None] = lambda: None
        """Runs the nested commands of the current command; set by the runner."""
        self.emit: Callable[[Event], object] = sink.emit
        """Records an event."""
        self._sink = sink
        self._stop = stop or threading.Event()
        self._positions: dict[str, bool] = {}
        self._tree = b""
        """The screen as last recorded."""
        self.focus: Component | None = None
        """What was in front then."""
        self.pictured = 0
        """When the screen was recorded last."""
        self._slow = False
        """The device is slow, and the last tap was not answered in the usual time."""

    def step(self, index: int, verb: str, state: str, label: str, detail: str = "") -> None:
        """Record how a step stands."""
        self.emit(Step(**self.base(), index=index, verb=verb, state=state, label=label, detail=detail))  # type: ignore[arg-type]

    def base(self, started: int | None = None) -> dict[str, object]:
        """``t``, ``err``, ``src`` and ``app`` of an event that happened between ``started`` and now."""
        now = now_us()
        begin = now if started is None else started
        return {"t": (begin + now) // 2, "err": (now - begin + 1) // 2, "src": "runner", "app": self.app}

    def blob(self, data: bytes) -> str:
        """Keep something the app showed: private."""
        return self._sink.blob(data, private=True)

    def wait(self, seconds: float) -> None:
        """Wait; raises ``Stopped`` as soon as a stop is requested."""
        if self._stop.wait(max(0.0, seconds)):
            raise Stopped

    def until[Answer](
        self, ready: Callable[[], Answer], seconds: float, more: Callable[[], bool] | None = None, most: str = "slow"
    ) -> Answer:
        """Poll until ``ready()`` says something or the time is over, and return what it said last; the last try begins
        no earlier, however long others took. ``more``: whether it may still come then, on a device that is slow, until
        the wait ``most`` is over."""
        begun = time.monotonic()
        while True:
            passed = time.monotonic() - begun
            last = passed >= seconds and (more is None or passed >= TIMEOUTS[most] or not more())
            if (answer := ready()) or last:
                return answer
            self.wait(TIMEOUTS["poll"])

    def awaited[Answer](self, ready: Callable[[], Answer], seconds: float, *, optional: bool) -> Answer:
        """``until`` for what a step needs, which while the app is seen doing something may still come of that."""
        return self.until(ready, seconds, None if optional else lambda: self.quiet_for() < TIMEOUTS["rest"])

    def _busy(self) -> bool:
        return self.quiet_for() < TIMEOUTS["busy"]

    def nodes(self) -> Sequence[Node]:
        """What is on the screen now; empty while nothing can be read."""
        try:
            return self.port.ui()[0]
        except EnvironmentFault:
            return []

    def find(self, selector: Selector, seconds: float) -> Node | None:
        """The element, waiting for it up to ``seconds``; with 0, where the app is slow, until it has done what it is
        seen doing."""
        more = self._busy if self._slow and not seconds else None
        return self.until(lambda: selector.find(self.nodes()), seconds, more, "done")

    def require(self, selector: Selector, *, optional: bool, timeout_ms: int | None) -> Node:
        """The element, or ``StepFailed``."""
        seconds = timeout_ms / 1000 if timeout_ms is not None else TIMEOUTS["optional" if optional else "find"]
        node = self.awaited(lambda: selector.find(self.nodes()), seconds, optional=optional)
        if node is None:
            raise StepFailed(f"not on the screen within {seconds:g} s: {selector.title()}")
        return node

    def snapshot(self, name: str, read: Screen | None = None) -> Sequence[Node]:
        """Record tree and screenshot (``ui_snapshot``); what cannot be captured stays empty. Returns the nodes.

        ``read``: the tree, if it has just been read.
        """
        nodes, xml, when = read or self._screen()
        self._tree = xml
        picture, focus = b"", None
        with contextlib.suppress(EnvironmentFault):
            picture = self.port.screenshot()
            focus = self.port.focus()
        texts, buttons, boxes, sizes = describe(nodes)
        fields = {
            "tree": self.blob(xml) if xml else "", "screenshot": self.blob(picture) if picture else "",
            "focus": "" if focus is None else str(focus), "texts": texts, "buttons": buttons, "boxes": boxes,
            "sizes": sizes,
        }  # fmt: skip
        event = UiSnapshot(**when, name=name, **fields)  # type: ignore[arg-type]
        self.emit(event)
        self.focus, self.pictured = focus, event.t
        self._switches(nodes, when)
        return nodes

    def tree(self) -> str:
        """The digest by which the screen as last recorded is kept; empty if it could not be read."""
        return self.blob(self._tree) if self._tree else ""

    def _screen(self) -> Screen:
        started = now_us()
        try:
            nodes, xml = self.port.ui()
        except EnvironmentFault:
            nodes, xml = [], b""
        return Screen(nodes, xml, self.base(started))

    def settled(self, name: str) -> Sequence[Node]:
        """Record the screen once it has changed since it was last recorded and stands still; if it does not, as it is
        when the time is over that an app has for it, or that it takes where it is slow."""
        begun = time.monotonic()
        before, last, looks = self._tree, self._tree, 0
        while True:
            self.wait(TIMEOUTS["look"])
            looks += 1
            read = self._screen()
            passed = time.monotonic() - begun
            over = passed >= TIMEOUTS["settle"]
            self._slow = over and passed >= looks * TIMEOUTS["heavy"]
            late = self._slow and passed < TIMEOUTS["done"] and read.xml == before and self._busy()
            if (read.xml and read.xml == last != before) or (over and not late):
                return self.snapshot(name, read)
            last = read.xml

    def _switches(self, nodes: Sequence[Node], when: dict[str, object]) -> None:
        """Record each switch of the app whose position is new: as first found, or as changed since."""
        for node in nodes:
            name = (node.text or node.desc).strip()[:_MAX_NAME]
            if not name or not node.checkable or not node.cls.endswith("Switch") or node.package not in ("", self.app):
                continue
            if self._positions.get(name) != node.checked and len(self._positions) < MAX_TEXTS:
                self._positions[name] = node.checked
                self.emit(Toggle(**when, name=name, value=node.checked, via="app"))  # type: ignore[arg-type]

    def typed(self, text: str, data_type: str, **about: str) -> None:
        """Typed text is followed like a value that was read: by its tag, never in clear. ``about``: what the field
        that it is typed into says of it."""
        call = ApiCall(
            **self.base(),  # type: ignore[arg-type]
            hook="", role="context", data_type=data_type, cls="", method="inputText", sig="", outcome="value",
            args=about,
        )  # fmt: skip
        self._sink.emit(call, [RawValue(data_type, text)])

    def tap(self, selector: Selector, *, optional: bool = False, timeout_ms: int | None = None, ms: int = 0) -> None:
        """Find and tap an element (``ms`` > 0: press that long), with a snapshot before and after. What is tapped at a
        point is the control there, if any."""
        if selector.point and not (selector.text or selector.id):
            nodes = self.snapshot("before tap")
            at = point(selector.point, screen_size(nodes))
            if (control := control_at(nodes, *at)) is not None:
                self.tap_node(control, ms=ms, at=at)
            else:
                self.touch(*at, selector.title(), ms=ms)
            return
        there = self.require(selector, optional=optional, timeout_ms=timeout_ms)
        nodes = self.snapshot(f"before {label_of(there) or selector.title()}"[:80])
        node = selector.find(nodes) or self.require(selector, optional=optional, timeout_ms=1000)
        self.tap_node(node, ms=ms)

    def tap_node(
        self, node: Node, label: str = "", *, ms: int = 0, at: tuple[int, int] | None = None, settle: bool = True
    ) -> None:
        """Tap an element, in its middle unless it is said where."""
        left, top, right, bottom = node.bounds
        x, y = at or ((left + right) // 2, (top + bottom) // 2)
        view, checked = named(node)
        self.touch(x, y, label or label_of(node), view=view, ms=ms, checked=checked, settle=settle)

    def touch(
        self, x: int, y: int, label: str, *, view: str = "", ms: int = 0, checked: str = "", settle: bool = True
    ) -> None:
        """Tap a point, record the ``tap`` and, unless the caller does (``settle``), what is shown afterwards."""
        started = now_us()
        if ms:
            self.port.swipe(x, y, x, y, ms)
        else:
            self.port.tap(x, y)
        tap = {"label": label, "view": view, "via": "runner", "x": x, "y": y, "checked": checked}
        self.emit(Tap(**self.base(started), **tap))  # type: ignore[arg-type]
        if settle:
            self.settled(f"after {label}"[:80])

    def comes(self) -> bool:
        """Wait until the app is in front: for long while it has a process, as one that is only slow has."""

        def runs() -> bool:
            try:
                return bool(self.port.pids(self.app))
            except EnvironmentFault:  # a device that does not answer is slow, too
                return True

        return self.until(self.in_front, TIMEOUTS["front"], runs)

    def in_front(self, unknown: bool = False) -> bool:
        """Whether the app (or a permission dialog over it) has the focus; ``unknown`` if the device does not say."""
        try:
            front = self.port.focus()
        except EnvironmentFault:
            return unknown
        return front is not None and (front.package == self.app or front.cls.endswith("GrantPermissionsActivity"))
