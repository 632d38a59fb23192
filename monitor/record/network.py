"""The network of a session: the device's route through the proxy, its trust in it, and what bypassed it."""

import contextlib
import threading
from collections.abc import Callable
from typing import Final

from monitor.base.clock import now_us
from monitor.base.errors import MonitorError
from monitor.collectors.ports import PortWatcher
from monitor.collectors.proxy import ProxyWorker
from monitor.device.adb import AdbDevice
from monitor.device.changes.journal import Journal
from monitor.device.profile import Capability, Profile
from monitor.device.provision.plan import Provisioned, provision, trusted
from monitor.device.provision.quic import count_rejected
from monitor.events import Connection, DeviceCapability, Event, HealthDetail, Transmission
from monitor.record.unpinning import certificate
from monitor.session.observe import Sink, health_of

_NOT_YET: Final = "whether it accepts it shows with its first request over TLS"


class Network:
    """Inactive until ``begin``."""

    def __init__(self, level: str) -> None:
        """``level``: the level of TLS interception (``monitor.record.unpinning``)."""
        self._ports: PortWatcher | None = None
        """The kernel's tables of sockets, a second witness of the app's connections."""
        self._level = level
        self.told: Callable[[], int] = now_us
        """Up to when the agents have told all that they saw."""
        self._quic = 0
        self._unconfirmed: Callable[[int], None] | None = None
        self._read = False
        """The app sent something over TLS that could be read: it accepted the certificate."""
        self._accepted: Callable[[], None] | None = None
        self._lock = threading.Lock()

    def feed(self, event: Event) -> None:
        """An event that is in the log."""
        if self._ports is not None:
            self._ports.feed(event)
        if isinstance(event, Connection) and (event.protocol, event.port) == ("udp", 443):
            self._quic += event.count
        if isinstance(event, Transmission) and event.scheme == "https" and not event.unowned and not self._read:
            self._tell_accepted(read=True)

    def begin(
        self, stack: contextlib.ExitStack, device: AdbDevice, sink: Sink, package: str, about: Profile,
        proxy: ProxyWorker, journal: Journal,
    ) -> None:  # fmt: skip
        """Route the device's traffic through the proxy until ``stack`` is unwound; the journal's owner undoes it."""
        pem = certificate(proxy, self._level)
        done = provision(
            device, proxy.port, pem, package=package, apex=about.apex_store, api=about.device.api_level,
            journal=journal, app_port=proxy.own_port,
        )  # fmt: skip
        if not done.route.keeps_ports:
            proxy.tell_apart(done.capabilities["traffic_owner"].state == "yes")
        sink.emit(health_of("proxy", package, "unpinning", {"level": self._level}))
        if done.route.keeps_ports:
            found = device.package(package)
            if found is not None and found.uid > 0:  # else there is nothing to compare with
                self._ports = PortWatcher(
                    sink, package, found.uid, proxy.port, device.sockets, told=lambda: self.told()
                )
                self._ports.start()
                stack.callback(self._ports.stop)
        if done.capabilities["quic_block"].state == "yes":
            stack.callback(self._tell_quic, device, sink, package)
        stack.callback(tell_proxy, device, sink, package, f"{done.route.host}:{done.route.port}")
        tell_capabilities(sink, package, done.capabilities)
        if done.capabilities["system_ca"].state == "unknown":
            self._unconfirmed = lambda pid: self._confirm(pid, device, sink, package, proxy, pem, done)

    def started(self, pid: int) -> None:
        """The app runs: check once whether it sees the certificate."""
        confirm, self._unconfirmed = self._unconfirmed, None
        if confirm is not None:
            confirm(pid)

    def _confirm(
        self, pid: int, device: AdbDevice, sink: Sink, package: str, proxy: ProxyWorker, pem: bytes, done: Provisioned
    ) -> None:
        seen = trusted(device, pid, done, pem)
        if seen.state != "yes":
            tell_capabilities(sink, package, {"system_ca": seen})
            return
        proxy.confirm_ca()
        tell_capabilities(sink, package, {"system_ca": Capability("unknown", f"{seen.reason}; {_NOT_YET}")})
        accepted = Capability("yes", f"{seen.reason} and accepts it")
        self._accepted = lambda: tell_capabilities(sink, package, {"system_ca": accepted})
        self._tell_accepted(read=False)

    def _tell_accepted(self, *, read: bool) -> None:
        """Once both are known, in whichever order: that the app sees the certificate, and that it accepts it."""
        with self._lock:
            self._read |= read
            tell = self._accepted if self._read else None
            if tell is not None:
                self._accepted = None
        if tell is not None:
            tell()

    def _tell_quic(self, device: AdbDevice, sink: Sink, package: str) -> None:
        """The number of QUIC packets rejected, which would have bypassed the proxy, and those seen by hooks."""
        try:
            found = device.package(package)
            count = count_rejected(device, found.uid) if found else None
        except MonitorError:
            count = None
        detail: HealthDetail = {"counted": "no" if count is None else "yes", "seen": str(self._quic)}
        sink.emit(health_of("device", package, "quic_rejected", detail, n=count or 0))


def tell_proxy(device: AdbDevice, sink: Sink, package: str, ours: str) -> None:
    """Whether the proxy is still set at the end: an app with the permission, or a person, can change it."""
    with contextlib.suppress(MonitorError):  # a device that is gone is told of elsewhere
        if device.setting("global", "http_proxy") != ours:
            tell_capabilities(sink, package, {"proxy": Capability("no", "http_proxy changed during the session")})


def tell_capabilities(sink: Sink, package: str, capabilities: dict[str, Capability]) -> None:
    """Record what can and cannot be observed on this device, each with its reason."""
    for name, capability in sorted(capabilities.items()):
        sink.emit(
            DeviceCapability(
                t=now_us(), err=0, src="runner", app=package,
                name=name, state=capability.state, why=capability.reason[:200],
            )
        )  # fmt: skip
