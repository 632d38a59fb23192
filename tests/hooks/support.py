"""A JVM driven by commands, a recording sink, and one-line catalogue rows."""

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import frida

from monitor.collectors.hooks import HookCollector
from monitor.events import ApiCall, Event, Health, HookState, Stack
from monitor.knowledge.catalogue import Row
from monitor.session.observe import RawValue

HERE = Path(__file__).resolve().parent
CLASSES = HERE / "classes.jar"
APP = "com.example.app"
STANDIN = HERE.parents[1] / "emulator" / "java" / "standin.jar"


class Memory:
    """A sink that records everything."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.values: list[RawValue] = []
        self._numbers = 0
        self._lock = threading.Lock()

    def emit(self, event: Event, values: Sequence[RawValue] = ()) -> None:
        with self._lock:
            self.events.append(event)
            self.values.extend(values)

    def blob(self, data: bytes, *, private: bool) -> str:
        raise AssertionError("no blobs expected")

    def stack_number(self) -> int:
        with self._lock:
            self._numbers += 1
            return self._numbers

    def calls(self, hook: str = "", *, aggregated: bool | None = None) -> list[ApiCall]:
        return [
            e
            for e in list(self.events)
            if isinstance(e, ApiCall)
            and (not hook or e.hook == hook)
            and (aggregated is None or e.aggregated is aggregated)
        ]

    def health(self, what: str) -> list[Health]:
        return [e for e in list(self.events) if isinstance(e, Health) and e.what == what]

    def of(self, kind: type[Event]) -> list[Any]:
        return [e for e in list(self.events) if isinstance(e, kind)]

    def stack(self, number: int) -> Stack:
        return next(e for e in self.events if isinstance(e, Stack) and e.stack == number)

    def state(self, hook: str) -> str:
        return self.told(hook)[0]

    def told(self, hook: str) -> tuple[str, str]:
        """The latest state of a hook, and why."""
        return next(reversed(self.reports(hook)), ("", ""))

    def reports(self, hook: str) -> list[tuple[str, str]]:
        """Every state of a hook, and why, in order."""
        every = [one for event in self.of(HookState) for one in event.each()]
        return [(state, why) for name, state, why in every if name == hook]

    def called(self) -> Counter[str]:
        """Calls of each hook that the processes reported at their ends."""
        return sum((Counter(event.calls) for event in self.of(HookState) if event.final), Counter())


class Jvm:
    """A test app: reads commands, answers with lines.

    It is a child of the process that Frida traces it from. While Frida attaches, and a moment after it was told to
    detach, ``waitpid`` gives the tracer's stops to whoever asks first, and ``subprocess`` takes a stop for an end:
    ``poll`` and ``wait`` say -5 or -11 of an app that is well, ``kill`` leaves it running, and Frida misses the stop.
    So its file descriptor says whether it has ended, and ``process`` is asked only once it has.
    """

    def __init__(self, java: str, *args: str, classpath: Sequence[Path] = (), main: str = f"{APP}.Main") -> None:
        path = os.pathsep.join(str(part) for part in [CLASSES, *classpath])
        command = [java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", path, main, *args]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
        )
        self.pid = self.process.pid
        self._ended = os.pidfd_open(self.pid)

    def alive(self) -> bool:
        """Whether it has not ended. It may be stopped."""
        return self._ended >= 0 and not select.select([self._ended], [], [], 0)[0]

    def wait(self, seconds: float) -> int:
        """Its exit code, below 0 the signal. Raises ``TimeoutError``."""
        if self._ended >= 0 and not select.select([self._ended], [], [], seconds)[0]:
            raise TimeoutError(f"process {self.pid} has not ended in {seconds} s")
        return self.process.wait()

    def read(self, end: str) -> list[str]:
        assert self.process.stdout
        lines = []
        for line in self.process.stdout:
            if line.rstrip("\n") == end:
                return lines
            lines.append(line.rstrip("\n"))
        return lines

    def tell(self, command: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def do(self, command: str) -> list[str]:
        self.tell(command)
        return self.read("done")

    def end(self) -> None:
        """SIGKILL. What has ended already is left alone."""
        if self.alive():
            signal.pidfd_send_signal(self._ended, signal.SIGKILL)

    def kill(self) -> None:
        """End it and forget it."""
        self.end()
        self.wait(60)
        if self._ended >= 0:
            os.close(self._ended)
            self._ended = -1


#: Starts a test app.
type Jvms = Callable[..., Jvm]


@contextlib.contextmanager
def hooked(
    app: Jvm, sink: Any, rows: list[Row], /, how: Mapping[str, Any] | None = None, **options: Any
) -> Iterator[HookCollector]:
    """Hooks in an app for the duration of the block; ``options`` of the agent, ``how``: of the collector."""
    collector = HookCollector(frida.get_local_device(), sink, APP, rows, options, **how or {})
    try:
        collector.attach(app.pid)
        yield collector
    finally:
        collector.stop()


def script(pid: int, name: str, heard: Callable[[str], object] = print) -> Any:
    """What a further script in a process exports, from `scripts`. ``heard``: gets its messages."""
    loaded = frida.attach(pid).create_script((HERE / "scripts" / f"{name}.js").read_text("utf-8"))
    loaded.on("message", lambda message, _: heard(message.get("payload", str(message))))
    loaded.load()
    return loaded.exports_sync


def row(hook: str, cls: str, method: str, **more: Any) -> Row:
    """A catalogue row with defaults for the fields that do not matter."""
    fields = {"role": "source", "data_type": "imei", "public": "public", "why": "test row", **more}
    return Row.model_validate({"id": hook, "class": cls, "method": method, **fields})


def until(check: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait until something has arrived."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.01)
    return check()


def framework(directory: Path) -> Path:
    """The stand-in's framework without its apps, whose classes D8 does not take from where they lie in the jar. In the
    arm64 machine there is no D8: it is dex, and without them, already."""
    out = directory / "framework.jar"
    with zipfile.ZipFile(STANDIN) as jar, zipfile.ZipFile(out, "w") as made:
        if "classes.dex" in jar.namelist():
            return STANDIN
        for name in jar.namelist():
            if name.endswith(".class") and not name.startswith("apps/"):
                made.writestr(name, jar.read(name))
    return out
