"""What the runner needs from a device and from the app launcher; implemented by
``monitor.device.adb.AdbDevice`` and ``monitor.record.launch.Launcher``."""

from collections.abc import Callable, Sequence
from typing import Protocol

from monitor.session.handset import Component, Node, Package

Launcher = Callable[[str], int]
"""Start an app by package name with everything that observes it in place; returns the pid of its main process."""


class Port(Protocol):
    """A device. Methods raise ``EnvironmentFault`` when it refuses."""

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

    def move_clock(self, seconds: int) -> None:
        """Move the device's clock forward."""

    def set_location(self, latitude: float, longitude: float) -> None:
        """Set the device's position, as far as it allows."""

    def set_network(self, on: bool) -> None:
        """Switch Wi-Fi and mobile data on or off."""
