"""The proxy worker takes as long to start as the device, so both are started at once."""

from __future__ import annotations

import threading

from monitor.collectors.proxy import ProxyWorker
from monitor.errors import MonitorError


class Proxy:
    """Starts a worker in a thread; ``ready`` waits for it. Stops it at the end of the block."""

    def __init__(self, worker: ProxyWorker) -> None:
        self._worker = worker
        self._fault: MonitorError | None = None
        self._thread = threading.Thread(target=self._start, name="proxy-start", daemon=True)

    def _start(self) -> None:
        try:
            self._worker.start()
        except MonitorError as error:
            self._fault = error

    def ready(self) -> ProxyWorker:
        """The started worker. Raises ``EnvironmentFault`` if it did not start."""
        self._thread.join()
        if self._fault is not None:
            raise self._fault
        return self._worker

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._worker.stop()
