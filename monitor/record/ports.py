"""The kernel's socket tables as a second witness of the app's connections, in sessions with a proxy."""

from monitor.collectors.ports import PortWatcher
from monitor.device.adb import AdbDevice
from monitor.device.parse.proc import sockets
from monitor.events import Event
from monitor.handset import Socket
from monitor.observe import Sink


class Ports:
    """Inactive until ``begin``, and without a proxy."""

    def __init__(self) -> None:
        self._watcher: PortWatcher | None = None

    def begin(self, device: AdbDevice, sink: Sink, package: str, proxy_port: int) -> None:
        """Watch the sockets connected to the proxy. Without the app's UID there is nothing to compare with."""
        found = device.package(package)
        if found is None or found.uid <= 0:
            return
        self._watcher = PortWatcher(sink, package, found.uid, proxy_port, lambda: _tables(device))
        self._watcher.start()

    def end(self) -> None:
        """Stop reading; what is known is kept."""
        if self._watcher is not None:
            self._watcher.stop()

    def feed(self, event: Event) -> None:
        """An event that is in the log."""
        if self._watcher is not None:
            self._watcher.feed(event)


def _tables(device: AdbDevice) -> list[Socket]:
    """IPv4 sockets of apps are mostly in tcp6."""
    return sockets(device.shell(["cat", "/proc/net/tcp6", "/proc/net/tcp"]).out)
