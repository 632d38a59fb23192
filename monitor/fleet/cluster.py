"""The cluster: one of this machine, or a real one over TLS. Dask's own parts, with this machine's dangers closed.

Who reaches a scheduler runs code on its workers: connections are mutually authenticated, also on this machine.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import dask
from distributed import Client, LocalCluster, Security, Worker

from monitor.base.errors import EnvironmentFault, InputError, printable
from monitor.base.process import Scratch
from monitor.fleet.devices import Device, Devices, resources

_CONNECT_S: Final = 15
#: Where Dask serves the nothing that is left of its status pages: not at its usual port, which others may have, nor to
#: other machines.
_HTTP: Final = "127.0.0.1:0"
#: A session whose worker ended so often is not begun again: it may be the app that ends them.
WORKERS: Final = 3
_SETTINGS: Final = {
    "distributed.comm.retry.count": 2, "distributed.comm.timeouts.connect": "30s",
    "distributed.admin.tick.limit": "60s",
    "distributed.worker.use-file-locking": False, "distributed.scheduler.allowed-failures": WORKERS - 1,
    # Dask's status pages ask nobody who they are: whoever is on the machine would read which sessions run, and where.
    "distributed.scheduler.http.routes": [], "distributed.worker.http.routes": [],
}  # fmt: skip


class Tls(NamedTuple):
    """PEM files: the authority of the cluster, this side's certificate and key."""

    ca: Path
    cert: Path
    key: Path

    def security(self) -> Security:
        """Raises ``InputError`` for a file that is missing."""
        for path in self:
            if not path.is_file():
                raise InputError("no such file", where=str(path), hint="PEM files for --tls-ca, --tls-cert, --tls-key")
        sides = {f"tls_{side}_{what}": str(getattr(self, what)) for side in ("client", "worker", "scheduler")
                 for what in ("cert", "key")}  # fmt: skip
        return Security(tls_ca_file=str(self.ca), require_encryption=True, **sides)


def tls_address(address: str) -> str:
    """Raises ``InputError`` for an address without TLS."""
    if not address.startswith("tls://"):
        hint = "tls://HOST:PORT: who reaches a scheduler runs code on its workers"
        raise InputError(f"not a scheduler with TLS: {printable(address, 60)}", where="--scheduler", hint=hint)
    return address


def quiet() -> None:
    """Settings for sessions of minutes; what goes wrong is told by us, once, and not by Dask in tracebacks."""
    dask.config.set(_SETTINGS)
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


@contextlib.contextmanager
def local(standins: int) -> Iterator[Client]:
    """A cluster of this machine for the time of the block: a worker with one stand-in each."""
    quiet()
    with (
        Scratch() as scratch,
        dask.config.set({"temporary-directory": str(scratch.path)}),  # the scheduler's, beside that of its workers
        LocalCluster(
            n_workers=standins, threads_per_worker=1, processes=True, protocol="tls://", security=True,
            resources={"device-standin": 1}, dashboard_address=None, memory_limit=0, silence_logs=logging.CRITICAL,
            scheduler_kwargs={"dashboard_address": _HTTP}, local_directory=str(scratch.path), host="127.0.0.1",
        ) as cluster,
        Client(cluster) as client,
    ):  # fmt: skip
        client.register_plugin(Devices(number=1))
        yield client


@contextlib.contextmanager
def remote(address: str, tls: Tls) -> Iterator[Client]:
    """A client of a scheduler. Raises ``EnvironmentFault`` if it cannot be reached."""
    quiet()
    try:
        client = Client(tls_address(address), security=tls.security(), timeout=_CONNECT_S, name="monitor-fleet")
    except (OSError, TimeoutError) as error:
        raise EnvironmentFault(f"no scheduler: {type(error).__name__}", where=address) from None
    try:
        client.run_on_scheduler(_patience, WORKERS - 1)
        yield client
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=5)


def _patience(failures: int, dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = failures


def work(address: str, tls: Tls, devices: list[Device], key: Path | None, stop: threading.Event) -> None:
    """Offer devices to a scheduler until ``stop`` or until it is gone. Raises ``EnvironmentFault``."""
    quiet()
    with Scratch() as scratch:
        try:
            asyncio.run(_work(tls_address(address), tls.security(), devices, key, stop, str(scratch.path)))
        except (OSError, TimeoutError) as error:
            raise EnvironmentFault(f"no scheduler: {type(error).__name__}", where=address) from None


async def _work(
    address: str, security: Security, devices: list[Device], key: Path | None, stop: threading.Event, place: str
) -> None:
    offered: Any = resources(devices)
    async with Worker(
        address, nthreads=max(1, len(devices)), resources=offered, security=security, local_directory=place,
        dashboard_address=_HTTP, plugins=[Devices(devices, key=str(key or ""))], memory_limit=0,
        death_timeout=_CONNECT_S,
    ) as worker:  # fmt: skip
        while worker.status.name in ("running", "paused") and not stop.is_set():
            await asyncio.sleep(0.2)
        if stop.is_set():
            await worker.close_gracefully()
