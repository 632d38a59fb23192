"""A session under way: what it has opened, in the order in which it is closed again, and who is told of its events."""

import contextlib
import secrets
from collections.abc import Callable
from pathlib import Path

from monitor.analysis.coverage.reference import Reference
from monitor.assess.kept import keep_identifiers
from monitor.base.clock import SessionClock, utc_offset
from monitor.base.errors import EnvironmentFault, MonitorError
from monitor.collectors.proxy import Config, ProxyWorker
from monitor.events import Event, Health
from monitor.evidence.bundle import Bundle
from monitor.record import manifest
from monitor.record.activity import Activity, Life
from monitor.record.bus import Bus
from monitor.record.heartbeat import beating
from monitor.record.inputs import Inputs
from monitor.record.network import Network
from monitor.record.outcome import Progress
from monitor.record.outside import Asked
from monitor.record.starting import Starting
from monitor.record.stop import Stop
from monitor.record.unpinning import Bypasses
from monitor.scenario.runner import Outcome as Steps
from monitor.session.manifest import Session
from monitor.session.options import Options


class Stopped(Exception):
    """The session was asked to end before its scenario began."""


class Proxy:
    """A worker that is starting; its owner calls ``end``."""

    def __init__(self, worker: ProxyWorker, starting: Starting, lost: Callable[[MonitorError], None]) -> None:
        """``lost`` is called when the worker has ended before it was asked to."""
        self.worker = worker
        self._lost = lost
        self._begun = starting.begin(worker.start, lambda port: None)

    def ready(self) -> ProxyWorker:
        """The started worker. Raises ``EnvironmentFault`` if it did not start."""
        self._begun.result()
        return self.worker

    def feed(self, event: Event) -> None:
        """The next event of the log."""
        failed = isinstance(event, Health) and event.component == "proxy" and event.what == "failed"
        if failed and not self.worker.alive:
            hint = "what was recorded up to then is sealed; check free memory and start again"
            self._lost(EnvironmentFault("the proxy worker ended", where="proxy", hint=hint))

    def end(self) -> None:
        """Stop it."""
        self._begun.exception()
        self.worker.stop()


class Recording(contextlib.ExitStack):
    """Opened parts are pushed onto it; ``observers`` are called with every event that is in the log, by one thread."""

    def __init__(
        self, options: Options, inputs: Inputs, bundle: Bundle, clock: SessionClock, progress: Progress, stop: Stop
    ) -> None:
        """Writes the inputs down first, so that an interrupted session can be assessed as well."""
        super().__init__()
        self.options, self.inputs, self.bundle, self.clock = options, inputs, bundle, clock
        self.progress, self.stop = progress, stop
        self.session = Session(
            id=secrets.token_hex(8), start=clock.now(), ended="failed", utc_offset=utc_offset(), **options.stated()
        )
        manifest.complete(self.session, inputs, options, bundle)
        bundle.write_session(self.session)
        self.life, self.bypasses, self.asked = Life(), Bypasses(), Asked()
        self.activity = Activity(traffic=options.mode != "none")
        self.network = Network(options.unpin)
        self.steps: Steps | None = None
        self.references: list[Reference] = []
        self.truth = b""
        self.observers: list[Callable[[Event], None]] = [
            self.life.feed, self.network.feed, self.bypasses.feed, self.asked.feed, self.activity.feed,
        ]  # fmt: skip
        self.bus = Bus(
            app=inputs.scenario.app_id, log=bundle.log, vault=bundle.vault, keep=bundle.blob,
            on_event=self._told, on_fault=stop.halt,
        )  # fmt: skip

    def _told(self, event: Event) -> None:
        """To all observers; ``run.py`` adds ``Assessing`` (``assessing.py``), which judges by ``Evaluation``
        (``monitor/assess/evaluation.py``)."""
        for feed in self.observers:
            feed(event)

    @property
    def app(self) -> str:
        """Package of the app under test: the scenario's, and after its installation what was installed."""
        return self.bus.app

    def stage(self, key: str) -> None:
        """The next stage before the scenario; none begins once the session has been asked to end."""
        if self.stop.wanted:
            raise Stopped
        self.progress.stage(key)

    def log(self) -> None:
        """Begin to log; first what was planted by other means and what an earlier session knows."""
        keep_identifiers(self.bundle, self.bus.register_values(self.inputs.identifiers))
        self.bus.start()
        self.callback(self._logged)
        for event in self.inputs.carried:
            self.bus.emit(event)
        self.enter_context(beating(self.clock, self.bus, lambda: self.app))

    def _logged(self) -> None:
        self.bus.close()
        self.session.counters = dict(sorted(self.bus.counts.items()))
        self.session.lateness_us = self.bus.lateness.most_us
        self.stop.note(self.bus.fault)

    def proxy(self, starting: Starting) -> Proxy | None:
        """Start the proxy worker; None if it is switched off."""
        if starting.proxy is None:
            return None
        config = Config(
            mode=self.options.mode, app=self.app, own_port=True,  # type: ignore[arg-type]
            allow=list(self.options.allow_host), own_ends=not self.options.target.serial,
        )  # fmt: skip
        worker = ProxyWorker(self.bus, self.bundle.path, config, starting.proxy.result())
        proxy = Proxy(worker, starting, self.stop.halt)
        self.callback(proxy.end)
        self.observers.append(proxy.feed)
        self.bus.search_by(worker.add_needles)
        return proxy

    def keep_truth(self, file: Path) -> None:
        """The stand-in's own log, before it goes."""
        self.truth = file.read_bytes() if file.is_file() else b""
