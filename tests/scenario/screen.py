"""A device of a few screens for runner tests: taps move from one to the next. It follows ``Port``, nothing more."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.base.errors import EnvironmentFault
from monitor.record.selftest_lines import Observations
from monitor.session.handset import Component, Grant, Node, Package

APP = "com.demo.app"
PNG = b"\x89PNG\r\n\x1a\n"


def node(
    text: str = "",
    *,
    rid: str = "",
    cls: str = "android.widget.Button",
    row: int = 0,
    package: str = APP,
    parent: int = -1,
    checkable: bool = False,
    checked: bool = False,
    password: bool = False,
) -> Node:
    bounds = (0, row * 100, 1080, row * 100 + 90)
    return Node(
        text, "", rid, cls, package, bounds, True, checkable, checked, True, False, password, False, False, parent
    )


@dataclass
class Screens:
    """``screens``: name to nodes; ``moves``: (screen, label) to the next screen."""

    screens: dict[str, list[Node]]
    moves: dict[tuple[str, str], str] = field(default_factory=dict)
    now: str = "home"
    front: str = APP
    calls: list[tuple[object, ...]] = field(default_factory=list)
    broken: bool = False
    keyboard: bool = False
    """One comes up for what is typed, until a key closes it."""
    dead: str = ""
    """What cannot be tapped."""
    leaves: str = ""
    """What leads to another app."""
    stops: str = ""
    """What is tapped when the run is ended."""
    stopped: threading.Event = field(default_factory=threading.Event)

    def ui(self) -> tuple[Sequence[Node], bytes]:
        if self.broken:
            raise EnvironmentFault("uiautomator dump: no output")
        return self.screens[self.now], b"<hierarchy/>"

    def screenshot(self) -> bytes:
        return PNG

    def tap(self, x: int, y: int) -> None:
        nodes = self.screens[self.now]
        hit = [n for n in nodes if n.bounds[0] <= x < n.bounds[2] and n.bounds[1] <= y < n.bounds[3]]
        label = (hit[-1].text or hit[-1].rid.rpartition("/")[2]) if hit else ""
        if label and label == self.dead:
            raise EnvironmentFault("input tap: refused")
        if label and label == self.stops:
            self.stopped.set()
        if label and label == self.leaves:
            self.front = "com.other"
        self.calls.append(("tap", label))
        self.now = self.moves.get((self.now, label), self.now)

    def swipe(self, x1: int, y1: int, x2: int, y2: int, ms: int = 300) -> None:
        self.calls.append(("swipe", x1, y1, x2, y2))

    def key(self, *names: str) -> None:
        self.calls.append(("key", *names))
        if names == ("KEYCODE_HOME",):
            self.front = "com.launcher"

    def text(self, text: str) -> None:
        self.calls.append(("text", text))

    def keyboard_shown(self) -> bool:
        return self.keyboard and bool(self.calls) and self.calls[-1][0] == "text"

    def focus(self) -> Component | None:
        return Component(self.front, f"{self.front}.Main")

    def package(self, name: str) -> Package | None:
        runtime = {0: {"android.permission.CAMERA": Grant(True), "android.permission.SEND_SMS": Grant(False)}}
        return Package(name, runtime=runtime)

    def pids(self, name: str) -> list[int]:
        return [7]

    def start(self, name: str) -> object:
        self.front = name
        return None

    def stop(self, name: str) -> None:
        self.calls.append(("stop", name))

    def kill(self, name: str) -> None:
        self.calls.append(("kill", name))

    def clear(self, name: str) -> None:
        self.calls.append(("clear", name))

    def set_permission(self, name: str, permission: str, state: str) -> None:
        self.calls.append(("permission", permission, state))

    def open_link(self, url: str) -> None:
        self.calls.append(("link", url))

    def start_activity(self, name: str, activity: str) -> None:
        self.calls.append(("activity", activity))

    def move_clock(self, seconds: int) -> None:
        self.calls.append(("clock", seconds))

    def set_location(self, latitude: float, longitude: float) -> None:
        self.calls.append(("location", latitude, longitude))

    def set_network(self, on: bool) -> None:
        self.calls.append(("network", on))


class Kept(Observations):
    """A sink that keeps events and blobs."""

    def __init__(self) -> None:
        super().__init__()
        self.blobs: list[tuple[bytes, bool]] = []

    def blob(self, data: bytes, *, private: bool) -> str:
        self.blobs.append((data, private))
        return "ab" * 32
