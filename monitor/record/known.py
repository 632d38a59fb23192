"""What the device tells of its own identifiers becomes events, and is searched for in traffic."""

from collections import defaultdict
from typing import Final

from monitor.base.clock import now_us
from monitor.content.identifiers import is_dummy, is_weak
from monitor.device.adb import AdbDevice
from monitor.device.identifiers import OWN, identifiers
from monitor.events import ApiCall, Event, KnownValues, Transmission
from monitor.record.bus import Bus
from monitor.session.observe import RawValue

#: Seconds between two looks: what is told so soon after a message still counts as known when the message is judged.
EVERY_S: Final = 1.0


class Identifiers:
    """Those of a device, told to the bus before the app starts, and at the end what is new. Android makes an app's own
    ID when it is first read: unless a hook sees that, it is asked for whenever the app has sent something. An
    observer."""

    def __init__(self, device: AdbDevice, bus: Bus, api: int) -> None:
        self._device, self._bus, self._api = device, bus, api
        self._told: set[tuple[str, str, str]] = set()
        self._known = self._sent = False

    def tell(self, only: str = "") -> None:
        """Ask, and tell what was not told yet and can be recognised; ``only``: of one type."""
        found: defaultdict[str, list[RawValue]] = defaultdict(list)
        for data_type, value, way in identifiers(self._device, self._bus.app, self._api, only):
            if (data_type, value, way) not in self._told and not is_dummy(value) and not is_weak(value):
                self._told.add((data_type, value, way))
                found[way].append(RawValue(data_type, value))
        for way, values in found.items():
            event = KnownValues(t=now_us(), err=0, src="device", app=self._bus.app, known=[], way=way)
            self._bus.emit(event, values)

    def feed(self, event: Event) -> None:
        """The next event of the log."""
        if isinstance(event, Transmission):
            self._sent = True
        elif isinstance(event, ApiCall | KnownValues) and not self._known:
            refs = event.values if isinstance(event, ApiCall) else event.known
            self._known = any(ref.data_type == OWN for ref in refs)

    def look(self) -> bool:
        """Ask for the app's own ID once more if it has sent something since the last look; whether it is known."""
        if self._sent and not self._known:
            self._sent = False
            self.tell(OWN)
        return self._known
