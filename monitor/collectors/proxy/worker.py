"""The worker process: one embedded mitmproxy with only the addons it needs.

Started by ``ProxyWorker`` as ``python -m monitor.collectors.proxy.worker``; speaks ``wire`` on stdin and stdout, and
ends when stdin ends.
"""

import asyncio
import gc
import logging
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, Final

from monitor.collectors.proxy import guard  # before mitmproxy

# isort: split
from mitmproxy import options
from mitmproxy.addons import (
    core,
    disable_h2c,
    dns_resolver,
    next_layer,
    proxyserver,
    strip_dns_https_records,
    tlsconfig,
    update_alt_svc,
)
from mitmproxy.master import Master

from monitor.base import clock, host, network
from monitor.collectors.proxy import searching, wire
from monitor.collectors.proxy.addons import Addons, cap_heads, leave_out_work, stream_long_bodies
from monitor.collectors.proxy.border import Border, CheckedLoop, Neighbours, OfTheApp
from monitor.collectors.proxy.drain import Drain, Egress
from monitor.collectors.proxy.leftover import Leftover, keep
from monitor.collectors.proxy.stage import NO_MEMORY, Stage
from monitor.collectors.proxy.tls_watch import TlsWatch
from monitor.collectors.proxy.traffic import HttpCapture, Streams

_LOOPBACK: Final = ("127.", "::1", "localhost")
_LAST_WAIT: Final = 15.0
_SWEEP_S: Final = 0.5
#: Seconds that the searching thread may keep the interpreter while the proxy waits for it; 5 ms is Python's own choice.
_SWITCH: Final = 0.0005


def main() -> None:
    """Run until asked to stop or until the parent is gone."""
    stdin, stdout = _private_streams()
    config = wire.receive(stdin)
    if not isinstance(config, wire.Config):
        return
    clock.keep_time_of(config.anchor)
    try:
        version = guard.check_version()
        if config.mode == "sinkhole":
            sys.addaudithook(refuse_egress)
        search = searching.Apart(config.app, config.ring_bytes, config.memory, (stdin, stdout))
        asyncio.run(_serve(config, stdin, stdout, version, search), loop_factory=CheckedLoop)
    except guard.Unsafe as unsafe:
        wire.send(stdout, wire.Refused(str(unsafe), "install mitmproxy>=12.2.3,<12.3"))
    except _NotListening as reason:
        wire.send(stdout, wire.Refused(str(reason), "start again"))
    except OSError:
        return  # the parent is gone


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """Duplicate stdin and stdout under other descriptors, so that nothing printed by a library enters the protocol."""
    stdin, stdout = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with Path(os.devnull).open("rb") as null:
        os.dup2(null.fileno(), 0)
    return stdin, stdout


def refuse_egress(event: str, args: tuple[object, ...]) -> None:
    """An audit hook: in sinkhole mode no socket of this process is connected to, or sends to, another machine."""
    if event == "socket.getaddrinfo":
        target = args[0]
    elif event in ("socket.connect", "socket.sendto"):
        address = args[1]
        if not isinstance(address, tuple):
            return  # a Unix socket
        target = address[0]
    else:
        return
    host = target.decode("ascii", "replace") if isinstance(target, bytes) else str(target or "127.0.0.1")
    if not host.startswith(_LOOPBACK):
        raise PermissionError(f"sinkhole: {event} to another machine is refused")


class _NotListening(Exception):
    """The proxy could not listen; its text says why."""


class _Log(logging.Handler):
    """Keeps the last error that mitmproxy logged before it listened, and reports each connection that it lost because
    there was no memory for it: it logs that and goes on."""

    def __init__(self, no_memory: Callable[[], object]) -> None:
        super().__init__(logging.ERROR)
        self.last = ""
        self._no_memory = no_memory

    def emit(self, record: logging.LogRecord) -> None:
        self.last = record.getMessage()[:300]
        if record.exc_info and isinstance(record.exc_info[1], MemoryError):
            self._no_memory()


async def _serve(config: wire.Config, stdin: BinaryIO, stdout: BinaryIO, version: str, search: searching.Apart) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, CheckedLoop)
    sinkhole, confdir = config.mode == "sinkhole", Path(config.spool) / "ca"
    ports = [0, network.free_port()] if config.own_port else [0]
    settings = options.Options(
        confdir=str(confdir),
        mode=[f"regular@127.0.0.1:{port}" for port in ports],
        ssl_insecure=sinkhole,
        upstream_cert=not sinkhole,
        ssl_verify_upstream_trusted_ca=config.upstream_ca or None,
    )
    master = Master(settings, event_loop=loop)
    master.addons = Addons(master)
    leave_out_work()
    keep()
    neighbours = Neighbours()
    stage = Stage(config, neighbours, lambda message: wire.send(stdout, message), wire.end_process, search)
    cap_heads(lambda: stage.put(wire.health(config.app, "skipped", {"refused": "head"}, 1)))
    log = _Log(lambda: stage.put(wire.health(config.app, "lost", {"reason": NO_MEMORY}, 1)))
    logging.getLogger().addHandler(log)
    logging.getLogger().setLevel(logging.ERROR)
    with Path(config.flow_file).open("wb") as flow_file:
        drain = Drain()
        watch = TlsWatch(config.app, stage)
        border = Border(config.app, stage.put, config.allow, passes=not sinkhole, own_ends=config.own_ends)
        server = proxyserver.Proxyserver()  # type: ignore[no-untyped-call]
        requests = HttpCapture(config, stage, flow_file)
        stream_long_bodies(requests.stream)
        of_the_app = (watch, requests, Streams(config, stage), Leftover(config, stage))
        master.addons.add(
            core.Core(), strip_dns_https_records.StripDnsHttpsRecords(), disable_h2c.DisableH2C(), server,
            *([Egress(drain)] if sinkhole else []), neighbours, border,
            *(OfTheApp(addon, neighbours) for addon in of_the_app),
            dns_resolver.DnsResolver(), next_layer.NextLayer(), tlsconfig.TlsConfig(), update_alt_svc.UpdateAltSvc(),
        )  # fmt: skip
        master.options.update(connection_strategy="lazy" if sinkhole else "eager")  # type: ignore[no-untyped-call]
        task = loop.create_task(master.run())
        port = await _port(server, task, log, ports[1:])
        if sinkhole:
            await drain.start(confdir / "mitmproxy-ca.pem")  # only our own proxy ever sees its certificate
        loop.lookup = border.lookup
        ca = (confdir / "mitmproxy-ca-cert.pem").read_bytes()
        wire.send(stdout, wire.Ready(port, ca, version, ports[1] if config.own_port else 0))
        stage.start()
        sys.setswitchinterval(_SWITCH)
        gc.freeze()  # modules and tables stay: the garbage collector need not scan them again
        gc.set_threshold(20_000, 20, 20)
        control = stdin, stage, watch, neighbours, port, master, config.spool
        threading.Thread(target=_listen, args=control, name="control", daemon=True).start()
        host.bound_memory(config.memory)
        while not (await asyncio.wait([task], timeout=_SWEEP_S))[0]:
            _sweep(of_the_app)
        _sweep(of_the_app, last=True)
        await task
        finished = await asyncio.to_thread(stage.close, _LAST_WAIT)
    if finished:
        wire.send(stdout, wire.Stopped())
    os._exit(0)  # connections kept open by clients must not delay the end


def _sweep(addons: Iterable[TlsWatch | HttpCapture | Streams | Leftover], *, last: bool = False) -> None:
    for addon in addons:
        try:
            addon.sweep(last=last)
        except Exception:  # as where it is told of an event: an addon's fault ends nothing
            logging.getLogger(__name__).exception("sweeping")


async def _port(server: proxyserver.Proxyserver, task: asyncio.Task[None], log: _Log, others: list[int]) -> int:
    """The common port, once every port is open."""
    for _ in range(3000):
        open_ports = {int(address[1]) for address in server.listen_addrs()} if server.is_running else set()
        if len(open_ports) > len(others):
            return (open_ports - set(others)).pop()
        if task.done() or (server.is_running and log.last):
            break
        await asyncio.sleep(0.01)
    raise _NotListening(log.last or "the proxy does not listen")


def _listen(
    stdin: BinaryIO, stage: Stage, watch: TlsWatch, neighbours: Neighbours, port: int, master: Master, spool: str
) -> None:
    """Handle the parent's messages; exit when it does."""
    while True:
        try:
            message = wire.receive(stdin)
        except (OSError, ValueError):
            message = None
        if not isinstance(message, wire.Order):
            threading.Timer(3, os._exit, (0,)).start()
            shutil.rmtree(spool, ignore_errors=True)  # bodies and the CA's key: nothing else removes them
            master.shutdown()  # type: ignore[no-untyped-call]
            return
        if message.needles:
            stage.add(message.needles)
        watch.ca_seen |= message.ca_seen
        if message.apart is not None:
            neighbours.port, neighbours.unowned = (port, False) if message.apart else (0, True)
        if message.stop:
            master.shutdown()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
