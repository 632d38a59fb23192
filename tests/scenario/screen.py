"""A device of a few screens for runner tests: taps move from one to the next. It follows ``Port``, nothing more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from monitor.base.errors import EnvironmentFault
from monitor.events import Event
from monitor.session.handset import Component, Grant, Node, Package
from monitor.session.observe import RawValue

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

    def ui(self) -> tuple[Sequence[Node], bytes]:
        if self.broken:
            raise EnvironmentFault("uiautomator dump: no output")
        return self.screens[self.now], b"<hierarchy/>"

    def screenshot(self) -> bytes:
        return PNG

    def tap(self, x: int, y: int) -> None:
        hit = [
            one
            for one in self.screens[self.now]
            if one.bounds[0] <= x < one.bounds[2] and one.bounds[1] <= y < one.bounds[3]
        ]
        label = (hit[-1].text or hit[-1].rid.rpartition("/")[2]) if hit else ""
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

    def move_clock(self, seconds: int) -> None:
        self.calls.append(("clock", seconds))

    def set_location(self, latitude: float, longitude: float) -> None:
        self.calls.append(("location", latitude, longitude))

    def set_network(self, on: bool) -> None:
        self.calls.append(("network", on))


class Kept:
    """A sink that keeps events and blobs."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.blobs: list[tuple[bytes, bool]] = []

    def emit(self, event: Event, values: Sequence[RawValue] = ()) -> None:
        self.events.append(event)

    def blob(self, data: bytes, *, private: bool) -> str:
        self.blobs.append((data, private))
        return "ab" * 32

    def stack_number(self) -> int:
        return 1

    def of[Kind: Event](self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.events if isinstance(event, kind)]


Write = Callable[[str], str]
