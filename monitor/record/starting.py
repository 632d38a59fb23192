"""The programs that a session needs. Each takes a second to load: all begin at once and are waited for where needed."""

import contextlib
import subprocess
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from monitor.base import process
from monitor.base.process import Scratch
from monitor.collectors.agent_build import Agent, agent
from monitor.collectors.proxy.parent import WORKER
from monitor.device.standin import Standin, options_of
from monitor.device.wire.server import AdbServer
from monitor.session.options import Options


class OwnDevice(NamedTuple):
    """The stand-in and the adb server in front of it."""

    standin: Future[Standin]
    server: Future[AdbServer]


class Starting(contextlib.ExitStack):
    """Begun with the object, ended with the block. Raises ``InputError`` for a stand-in that there is not."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        words = [*options_of(options.target), *(["--contain", "none"] if options.uncontained else [])]
        self._pool = self.enter_context(ThreadPoolExecutor(5, "starting"))
        self.agent: Future[Agent] | None = self._pool.submit(agent) if options.hooked else None
        self.proxy: Future[subprocess.Popen[bytes]] | None = None
        self.device: OwnDevice | None = None
        home = self.enter_context(Scratch()).path
        self.truth = home / "truth.jsonl"
        """The stand-in's own log, for tests."""
        if not options.target.serial:
            places = ["--root", str(home / "root"), "--truth", str(self.truth), "--temp", str(home)]
            server = self.begin(partial(AdbServer.private, home / "adb"), AdbServer.stop)
            launch = partial(Standin.launch, home / "standin", options=[*places, *words])
            self.device = OwnDevice(self.begin(launch, Standin.stop), server)
        if options.mode != "none":
            self.proxy = self.begin(partial(process.spawn, WORKER), _kill)

    def begin[T](self, start: Callable[[], T], end: Callable[[T], None]) -> Future[T]:
        """Begin something in a thread; what came of it is ended with the block."""
        begun = self._pool.submit(start)
        self.callback(_end, begun, end)
        return begun


def _end[T](begun: Future[T], end: Callable[[T], None]) -> None:
    if begun.exception() is None:
        end(begun.result())


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
