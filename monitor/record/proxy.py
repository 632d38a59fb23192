"""The proxy worker of a session. It takes as long to start as the device, so it starts at the same time."""

from collections.abc import Callable

from monitor.collectors.proxy import ProxyWorker
from monitor.errors import EnvironmentFault, MonitorError
from monitor.events import Event, Health
from monitor.record.starting import Starting


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
