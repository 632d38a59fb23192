"""The network of a session: the device's route through the proxy, its trust in it, and what bypassed it."""

import contextlib
import threading
from collections.abc import Callable
from functools import partial
from typing import Final

from monitor.base import clock, errors
from monitor.collectors.ports import PortWatcher
from monitor.collectors.proxy import ProxyWorker
from monitor.device.adb import AdbDevice
from monitor.device.changes.journal import Journal
from monitor.device.profile import Capability, Profile
from monitor.device.provision.apply import count_rejected_quic, provision, trusted
from monitor.events import Connection, DeviceCapability, Event, HealthDetail, Transmission
from monitor.session.observe import Sink, health_of

_NOT_YET: Final = "whether it accepts it shows with its first request over TLS"


class Network:
    """The device's route through the proxy, begun with the object. An observer."""

    def __init__(
        self, level: str, stack: contextlib.ExitStack, device: AdbDevice, sink: Sink, package: str,
        properties: Profile, proxy: ProxyWorker, journal: Journal,
    ) -> None:  # fmt: skip
        """``level`` of TLS interception: ``none`` (no certificate is installed), ``ca`` or ``hooks``. The route stays
        until ``stack`` is unwound; the journal's owner undoes it."""
        self._tell = partial(tell_capabilities, sink, package)
        self._device, self._proxy = device, proxy
        self._ports: PortWatcher | None = None
        """The kernel's tables of sockets, a second witness of the app's connections."""
        self.watermark: Callable[[], int] = clock.now_us
        """Up to when the agents have told all that they saw."""
        self._quic = 0
        self._read = False
        """The app sent something over TLS that could be read: it accepted the certificate."""
        self._accepted: Capability | None = None
        """What is to be told once it did, and is not told yet."""
        self._lock = threading.Lock()
        self._pem = b"" if level == "none" else proxy.ca_pem
        self._done = provision(
            device, proxy.port, self._pem, package=package, apex=properties.apex_store, api=properties.device.api_level,
            journal=journal, app_port=proxy.own_port,
        )  # fmt: skip
        route, capabilities = self._done.route, self._done.capabilities
        self._unconfirmed = capabilities["system_ca"].state == "unknown"
        if not route.keeps_ports:
            proxy.tell_apart(capabilities["traffic_owner"].state == "yes")
        sink.emit(health_of("proxy", package, "unpinning", {"level": level, "route": f"{route.host}:{route.port}"}))
        found = device.package(package) if route.keeps_ports else None
        if found is not None and found.uid > 0:  # else there is nothing to compare with
            self._ports = PortWatcher(
                sink, package, found.uid, proxy.port, device.sockets, watermark=lambda: self.watermark()
            )
            self._ports.start()
            stack.callback(self._ports.stop)
        if capabilities["quic_block"].state == "yes":
            stack.callback(self._tell_quic, sink, package)
        stack.callback(tell_proxy, device, sink, package, f"{route.host}:{route.port}")
        self._tell(capabilities)

    def feed(self, event: Event) -> None:
        """The next event of the log."""
        if self._ports is not None:
            self._ports.feed(event)
        if isinstance(event, Connection) and (event.protocol, event.port) == ("udp", 443):
            self._quic += event.count
        if isinstance(event, Transmission) and event.scheme == "https" and not event.unowned and not self._read:
            self._read = True
            self._tell_accepted()

    def started(self, pid: int) -> None:
        """The app runs: check once whether it sees the certificate."""
        unconfirmed, self._unconfirmed = self._unconfirmed, False
        if not unconfirmed:
            return
        trust = trusted(self._device, pid, self._done, self._pem)
        if trust.state != "yes":
            self._tell({"system_ca": trust})
            return
        self._proxy.confirm_ca()
        self._tell({"system_ca": Capability("unknown", f"{trust.reason}; {_NOT_YET}")})
        self._accepted = Capability("yes", f"{trust.reason} and accepts it")
        self._tell_accepted()

    def _tell_accepted(self) -> None:
        """Once both are known, in whichever order: that the app sees the certificate, and that it accepts it."""
        with self._lock:
            accepted = self._accepted if self._read else None
            if accepted is not None:
                self._accepted = None
        if accepted is not None:
            self._tell({"system_ca": accepted})

    def _tell_quic(self, sink: Sink, package: str) -> None:
        """The number of QUIC packets rejected, which would have bypassed the proxy, and those seen by hooks."""
        try:
            found = self._device.package(package)
            count = count_rejected_quic(self._device, found.uid) if found else None
        except errors.MonitorError:
            count = None
        detail: HealthDetail = {"counted": "no" if count is None else "yes", "seen": str(self._quic)}
        sink.emit(health_of("device", package, "quic_rejected", detail, n=count or 0))


def tell_proxy(device: AdbDevice, sink: Sink, package: str, ours: str) -> None:
    """Whether the proxy is still set at the end: an app with the permission, or a person, can change it."""
    with contextlib.suppress(errors.MonitorError):  # a device that is gone is told of elsewhere
        if device.setting("global", "http_proxy") != ours:
            tell_capabilities(sink, package, {"proxy": Capability("no", "http_proxy changed during the session")})


def tell_capabilities(sink: Sink, package: str, capabilities: dict[str, Capability]) -> None:
    """Record what can and cannot be observed on this device, each with its reason."""
    for name, capability in sorted(capabilities.items()):
        why, state = capability.reason[:200], capability.state
        sink.emit(DeviceCapability(t=clock.now_us(), err=0, src="runner", app=package, name=name, state=state, why=why))
