"""The monitor's side of the proxy worker: start, feed with needles, take events, notice its end."""

import queue
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import msgspec

from monitor.base import process
from monitor.base.clock import session_clock
from monitor.base.errors import EnvironmentFault
from monitor.base.process import Scratch
from monitor.collectors.proxy import wire
from monitor.content import Needle
from monitor.events import HealthDetail
from monitor.session.observe import RawValue, Sink

WORKER: Final = "monitor.collectors.proxy.worker"
"""What the worker's process runs."""
_START: Final = 60.0
_ENDED: Final = "the proxy worker ended"


class ProxyWorker:
    """A capturing proxy in a separate process; its owner calls ``stop``. ``out`` is the bundle directory: flows go to
    ``private/flows.mitm`` in it. Each run has a certificate authority of its own, whose key is deleted at the end.
    ``begun``: the worker's process, if it was begun before (``process.spawn(WORKER)``)."""

    def __init__(
        self, sink: Sink, out: Path, config: wire.Config, begun: subprocess.Popen[bytes] | None = None
    ) -> None:
        self.ca_pem = b""
        """The certificate authority's certificate (PEM), from ``start`` on."""
        self.port = 0
        self.own_port = 0
        """Port for the app's own traffic, if ``own_port`` was requested."""
        self.version = ""
        """mitmproxy's version."""
        self._sink, self._config, self._private = sink, config, Path(out) / "private"
        self._scratch = Scratch()
        self._process = begun or process.spawn(WORKER)
        assert self._process.stdin and self._process.stdout
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._orders: queue.SimpleQueue[wire.AnyMessage | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._stopping = False

    @property
    def pid(self) -> int:
        """Process id of the worker."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """The worker runs."""
        return self._process.poll() is None

    def start(self) -> Self:
        """Start the worker; its ports are known then. Raises ``EnvironmentFault``."""
        self._private.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._scratch.path / "ca").mkdir(mode=0o700)
        config = msgspec.structs.replace(
            self._config, spool=str(self._scratch.path), flow_file=str(self._private / "flows.mitm"),
            anchor=session_clock().anchor,
        )  # fmt: skip
        watchdog = threading.Timer(_START, self._process.kill)
        watchdog.start()
        try:
            wire.send(self._stdin, config)
            first = wire.receive(self._stdout)
        except OSError:
            first = None
        finally:
            watchdog.cancel()
        if not isinstance(first, wire.Ready):
            self.stop()
            if isinstance(first, wire.Refused):
                raise EnvironmentFault(first.message, where="proxy", hint=first.hint)
            raise EnvironmentFault("the proxy worker did not start", where="proxy")
        self.port, self.ca_pem, self.version = first.port, first.ca_pem, first.version
        self.own_port = first.own_port
        for target in (self._write, self._read):
            self._threads.append(threading.Thread(target=target, name=f"proxy{target.__name__}", daemon=True))
            self._threads[-1].start()
        detail: HealthDetail = {"mode": self._config.mode, "mitmproxy": self.version, "port": str(self.port)}
        self._sink.emit(wire.health(self._config.app, "started", detail))
        return self

    def add_needles(self, needles: Sequence[Needle]) -> None:
        """Values to search for from now on. Never blocks."""
        if needles:
            self._orders.put(wire.Order(needles=list(needles)))

    def confirm_ca(self) -> None:
        """The app sees the CA in its own mount namespace. That it accepts it is known from its first request over TLS:
        only then is a rejection the app's own."""
        self._orders.put(wire.Order(ca_seen=True))

    def tell_apart(self, apart: bool) -> None:
        """State whether the app's traffic arrives at its own port; then the rest belongs to other apps and is not
        recorded. If not, every event is marked as of unknown owner."""
        self._orders.put(wire.Order(apart=apart))

    def stop(self, timeout: float = 20.0) -> None:
        """Search what is held, collect the last events, stop the worker and delete its temporary files."""
        if self._stopping:
            return
        self._stopping = True
        if self._threads:
            self._orders.put(wire.Order(stop=True))
            self._threads[1].join(timeout)
        if self.alive:
            self._process.kill()
        self._process.wait()
        self._orders.put(None)
        for thread in self._threads[:1]:
            thread.join(5)
        self._scratch.close()
        if not any(thread.is_alive() for thread in self._threads):
            for stream in (self._stdin, self._stdout):
                with suppress(OSError):
                    stream.close()

    def _write(self) -> None:
        while (order := self._orders.get()) is not None:
            with suppress(OSError):  # a dead worker is the reader's to report
                wire.send(self._stdin, order)

    def _read(self) -> None:
        whole = False
        while True:
            try:
                message = wire.receive(self._stdout)
            except (OSError, ValueError):
                message = None
            if isinstance(message, wire.Captured):
                self._take(message)
            elif isinstance(message, wire.Stopped):
                whole = True
            elif message is None:
                break
        if not whole:
            self._report_end(self._process.wait())

    def _report_end(self, code: int) -> None:
        """What the worker had in hand was sent but not read, and what waited behind it is lost: both are said."""
        detail: HealthDetail = {"reason": _ENDED, "exit_code": str(code)}
        if code == wire.OUT_OF_MEMORY:
            detail["fault"] = "out of memory"
        event, waiting = wire.Hand.left_in(self._scratch.path) or (None, 0)
        if event is not None:
            detail["flow"] = event.flow
            self._sink.emit(msgspec.structs.replace(event, src="proxy:end", decoded="no", reason=_ENDED))
        self._sink.emit(wire.health(self._config.app, "failed", detail))
        if waiting:
            self._sink.emit(wire.health(self._config.app, "lost", {"reason": _ENDED}, waiting))

    def _take(self, message: wire.Captured) -> None:
        """To the private part and to ``monitor/record/bus.py``."""
        body = message.body
        if message.body_file:
            file = Path(message.body_file)
            with suppress(OSError):
                body = file.read_bytes()
                file.unlink()
        if body:
            self._sink.blob(body, private=True)
        self._sink.emit(message.event, [RawValue("path", message.path)] if message.path else ())
