"""The device's clock: set by the host's at the start, moved by `date -s`, and by nothing that happens to the host's."""

import time
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class DeviceClock:
    """Wall time in ns since the epoch (`now_ns`) and time since boot (`uptime_ns`)."""

    def __init__(self, offset_ms: int = 0, zone: str = "UTC") -> None:
        self.offset_ns = time.time_ns() - time.monotonic_ns() + offset_ms * 1_000_000
        self._boot = time.monotonic_ns() - 60_000_000_000  # the device came up a minute before we did
        self.zone = _zone(zone)

    def now_ns(self) -> int:
        return time.monotonic_ns() + self.offset_ns

    def now_ms(self) -> int:
        return self.now_ns() // 1_000_000

    def uptime_ns(self) -> int:
        return time.monotonic_ns() - self._boot

    def set_ns(self, value: int) -> None:
        """Moves the wall clock; uptime goes on."""
        self.offset_ns = value - time.monotonic_ns()

    def local(self, ms: int | None = None) -> datetime:
        """Local date and time of ``ms`` (default now)."""
        return datetime.fromtimestamp((self.now_ms() if ms is None else ms) / 1000, self.zone)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return timezone(timedelta(hours=8), "CST") if name == "Asia/Shanghai" else UTC
