"""What the device goes on with until told to stop: locations, sensor readings, alarms."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from emulator.standin.packages.installed import Package
from emulator.standin.packages.permissions import BACKGROUND, COARSE, FINE

if TYPE_CHECKING:
    from .appside import AppSide
    from .processes import Running

Args = dict[str, Any]
MIN_FIX_MS = 200
MAX_ALARMS = 50


class Deliveries:
    """The part of `requests.Requests` that goes on after the answer."""

    def __init__(self, app: AppSide) -> None:
        self._app = app
        self._state = app.state

    def do_location_request(self, one: Running, a: Args) -> None:
        interval = max(MIN_FIX_MS, int(a.get("interval") or 0)) / 1000
        self._deliver(one, ("location", int(a["listener"])), self._fixes(one, a, interval))

    def do_location_remove(self, one: Running, a: Args) -> None:
        self._end(one, ("location", int(a["listener"])))

    def do_location_now(self, one: Running, a: Args) -> Args | None:
        """Where the device is, as far as the app may know now."""
        return dict(self._state.get("location") or {}) if self._located(one.process.package) else None

    def _located(self, package: str) -> bool:
        """Whether an app may have a position now: where the user sees it or a service of its in the foreground; from
        Android 10 on not otherwise, without the permission for it."""
        if any(record.package == package and record.state != "stopped" for record in self._state.activities):
            return True
        if any(run.foreground for run in self._app.of(package)):
            return True
        return self._state.sdk < 29 or self._state.has_permission(package, BACKGROUND)

    async def _fixes(self, one: Running, a: Args, interval: float) -> None:
        await asyncio.sleep(MIN_FIX_MS / 1000)
        while True:
            fine = self._state.has_permission(one.process.package, FINE)
            if not fine and not self._state.has_permission(one.process.package, COARSE):
                return
            if self._located(one.process.package):
                place = dict(self._state.get("location") or {})
                if not fine:
                    place["latitude"] = round(float(place.get("latitude", 0)), 2)
                    place["longitude"] = round(float(place.get("longitude", 0)), 2)
                    place["accuracy"] = 2000.0
                self._app.send(
                    one.process.pid, "location.fix",
                    {
                        **place, "listener": a["listener"], "provider": a.get("provider"),
                        "time": self._state.clock.now_ms(),
                    },
                )  # fmt: skip
            await asyncio.sleep(interval)

    def do_sensor_register(self, one: Running, a: Args) -> None:
        rate = max(0.2, int(a.get("delay_us") or 0) / 1_000_000)
        self._deliver(one, ("sensor", int(a["listener"])), self._readings(one, a, rate))

    def do_sensor_unregister(self, one: Running, a: Args) -> None:
        self._end(one, ("sensor", int(a["listener"])))

    async def _readings(self, one: Running, a: Args, rate: float) -> None:
        rows = self._state.get("sensors") or []
        values = next((r.get("values") for r in rows if r.get("type") == a.get("type")), [0.0])
        while True:
            self._app.send(
                one.process.pid, "sensor.event", {"listener": a["listener"], "type": a.get("type"), "values": values}
            )
            await asyncio.sleep(rate)

    def do_alarm_set(self, one: Running, a: Args) -> None:
        key = (one.process.package, str(a["key"]))
        self.do_alarm_cancel(one, a)
        if sum(k[0] == key[0] for k in self._app.alarms) < MAX_ALARMS:
            self._app.alarms[key] = self._app.task(self._alarm(key, self._state.packages[one.process.package], a))

    def do_alarm_cancel(self, one: Running, a: Args) -> None:
        wanted = str(a["key"])
        for key in list(self._app.alarms):
            if key[0] == one.process.package and (
                key[1] == wanted or (wanted == "job/*" and key[1].startswith("job/"))
            ):
                self._app.alarms.pop(key).cancel()

    async def _alarm(self, key: tuple[str, str], package: Package, a: Args) -> None:
        await asyncio.sleep(max(0, int(a["delay_ms"])) / 1000)
        while True:
            await self._app.fire(package, a)
            interval = int(a.get("interval_ms") or 0)
            if interval <= 0:
                break
            await asyncio.sleep(max(1.0, interval / 1000))
        self._app.alarms.pop(key, None)

    def _deliver(self, one: Running, key: tuple[str, int], work: Any) -> None:
        self._end(one, key)
        one.tasks[key] = self._app.task(work)

    def _end(self, one: Running, key: tuple[str, int]) -> None:
        task = one.tasks.pop(key, None)
        if task:
            task.cancel()
