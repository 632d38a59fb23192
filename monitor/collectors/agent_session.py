"""The agent in one process: attach, load, install, clock, and an end that cannot hang.

Every call into the agent runs on a worker thread with our own time-out, because the app can keep a script busy forever;
the script is then interrupted and, if that does not help, terminated.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import Any, Final

import frida

from monitor.base.clock import Interval, Offset, Ping, estimate, now_us
from monitor.base.errors import EnvironmentFault, printable
from monitor.knowledge.catalogue import Row

DRIFT_PPM: Final = 50
"""How far two clocks may drift apart between pings, in microseconds a second."""

ATTACH_S: Final = 15.0
"""For Frida to reach a process. Its own limits, 5 s here and 25 s through a server, are not those of every step."""
#: An offset with no greater error is good; otherwise it is measured for so long.
_NEAR_US: Final = 3_000
_CLOCK_US: Final = 500_000
PING_S: Final = 10.0
END_NOTICE_S: Final = 2.0
"""Within this time Frida says that a process has ended."""
_LOOK_S: Final = 0.5
"""One wait for an answer: it takes longer by as much again only where this process does not run."""
_PATIENCE: Final = 10
"""An agent that goes on reporting gets so many times the limit that one that says nothing gets: the device is slow."""


class NoAnswer(EnvironmentFault):
    """Frida got no answer from a process in time."""


class AgentTimeout(EnvironmentFault):
    """The agent did not answer in time; its script was interrupted or terminated."""


def explain(error: Exception, pid: int) -> EnvironmentFault:
    """A frida error as one line with its fix."""
    where = f"process {pid}"
    if isinstance(error, EnvironmentFault):
        return error
    if isinstance(error, frida.ProcessNotRespondingError | frida.TimedOutError) or "timeout was reached" in str(error):
        return _no_answer(pid)
    for kinds, message, hint in _FAULTS:
        if isinstance(error, kinds):
            return EnvironmentFault(message, where=where, hint=hint)
    return EnvironmentFault(printable(f"Frida failed: {type(error).__name__}: {error}", 300), where=where)


_FAULTS: Final = (
    (frida.ProcessNotFoundError, "no such process", "start the app first"),
    (frida.PermissionDeniedError, "tracing the process is not permitted",
     "run as root or allow it: sysctl kernel.yama.ptrace_scope=0; on a device use a rooted frida-server"),
    (frida.ServerNotRunningError, "no Frida server answers", "start frida-server on the device"),
    (frida.TransportError, "no Frida server answers", "start frida-server on the device"),
)  # fmt: skip


def _no_answer(pid: int) -> NoAnswer:
    hint = "is it stopped, frozen or being debugged?"
    return NoAnswer("Frida got no answer from the process in time", where=f"process {pid}", hint=hint)


def attached(device: Any, pid: int, timeout: float) -> Any:
    """Frida's session with a process. Raises ``TimeoutError`` after ``timeout`` seconds; what comes later is undone."""
    cancel = frida.Cancellable()  # type: ignore[no-untyped-call]
    over = threading.Event()

    def attach() -> Any:
        with cancel:
            session = device.attach(pid)
        if over.is_set():
            session.detach()
        return session

    try:
        return bounded(attach, timeout)
    except TimeoutError:
        over.set()
        cancel.cancel()
        raise


def refuse(about: Mapping[str, Any], pid: int) -> None:
    """Raise ``EnvironmentFault`` for a process that the agent, by its own description, cannot watch."""
    arch = printable(str(about["arch"]), 20)
    if arch not in ("x64", "arm64"):
        raise EnvironmentFault(
            f"the app runs as a 32-bit process ({arch}), hooks are for 64-bit ones: none of its calls can be seen",
            where=f"process {pid}",
            hint="install its 64-bit build, if it has one: adb install --abi arm64-v8a",
        )
    if about["available"] and about["flavor"] not in ("jvm", "art"):
        raise EnvironmentFault(f"unknown Java VM {printable(str(about['flavor']), 40)}", where=f"process {pid}")


class AgentSession:
    """One attachment. Methods raise ``EnvironmentFault``; callbacks (``Attached`` in ``attached.py``) come on frida's
    threads and never raise."""

    def __init__(
        self, device: Any, pid: int, code: str, *, on_message: Callable[[Any], None], on_end: Callable[[str], None],
        on_fault: Callable[[str], None], timeout: float = ATTACH_S,
    ) -> None:  # fmt: skip
        self.pid = pid
        self.offset = Offset(0, 1_000_000)
        self.measured = 0
        """Host time of the last clock measurement."""
        self.ended = threading.Event()
        self.complete = False
        """The agent has handed over all it had, with its last counts."""
        self._closing = False
        self._heard = 0.0
        self._on_message, self._on_end, self._on_fault = on_message, on_end, on_fault
        late: EnvironmentFault = _no_answer(pid)
        try:
            self._session = attached(device, pid, min(timeout, ATTACH_S))
            late = EnvironmentFault("the agent could not be loaded within 30 s", where=f"process {pid}")
            self._session.on("detached", self._detached)
            self._script = self._session.create_script(code, name="monitor")
            self._script.on("message", self._message)
            bounded(self._script.load, 30)
        except TimeoutError:
            raise late from None
        except Exception as error:  # noqa: BLE001 - frida raises many kinds; each becomes one line
            raise explain(error, pid) from None

    def call(self, name: str, *args: Any, timeout: float, free: bool = True, patient: bool = False) -> Any:
        """An rpc of the agent (``hooks/agent/src/index.ts``). Raises ``AgentTimeout`` after ``timeout`` seconds, having
        freed the script if wanted.

        ``patient``: after ``timeout`` seconds in which the agent sent nothing, as it does while it installs hooks.
        """
        heard = (lambda: self._heard) if patient else None
        try:
            return bounded(lambda: getattr(self._script.exports_sync, name)(*args), timeout, heard)
        except TimeoutError:
            how = self._free() if free else "it was left as it is"
            raise AgentTimeout(f"{name} did not answer in {timeout:g} s; {how}", where=f"process {self.pid}") from None
        except Exception as error:  # noqa: BLE001
            raise explain(error, self.pid) from None

    def install(self, rows: Sequence[Mapping[str, Any]], options: Mapping[str, Any], timeout: float) -> None:
        """Have rows installed (``hooks/agent/src/installer.ts``) and wait until they are active. ``timeout`` in seconds
        is for an agent that reports no progress: emulated processors are slow. Raises ``EnvironmentFault`` (also for a
        missing or unsupported JVM)."""
        about = self.call("describe", timeout=10)
        refuse(about, self.pid)
        self.clock()
        self.call("install", list(rows), dict(options), timeout=timeout, patient=True)
        if about["available"]:
            self.call("settled", timeout=timeout, patient=True)

    def clock(self, *, free: bool = True) -> Offset:
        """Measure the offset of the agent's clock by ten pings, on a busy machine by more. ``free``: as for
        ``call``."""
        pings: list[Ping] = []
        until = now_us() + _CLOCK_US
        while len(pings) < 10 or (estimate(pings).err > _NEAR_US and now_us() < until):
            sent = now_us()
            answer = self.call("ping", timeout=PING_S, free=free)
            pings.append(Ping(sent, int(answer["t"]), now_us()))
        self.offset, self.measured = estimate(pings), now_us()
        return self.offset

    def to_host(self, agent_us: int) -> Interval:
        """An agent time on the host's timeline; the error grows with the age of the measurement."""
        age = max(now_us() - self.measured, 0)
        return self.offset.to_host(agent_us, min(age * DRIFT_PPM // 1_000_000, 1_000_000))

    def credit(self, n: int) -> None:
        """Return credits; does nothing if the process is gone."""
        try:
            self._script.post({"type": "credit", "n": n})
        except Exception:  # noqa: BLE001 - the process may end at any moment
            self.ended.set()

    def close(self) -> None:
        """Remove the hooks and collect their last counts, unload, detach; each step is bounded and none raises."""
        if not self.ended.is_set():
            self._closing = True
            for step, limit in ((self._end, 20), (self._script.unload, 20), (self._session.detach, 10)):
                try:
                    bounded(step, limit)
                except Exception as error:  # noqa: BLE001 - closing goes on
                    # Of a process that has just ended the steps fail before Frida says so.
                    if not self.ended.wait(END_NOTICE_S):
                        self._on_fault(f"closing: {type(error).__name__}")
        self.ended.set()

    def flush(self) -> bool:
        """Collect what the agent still holds; False if it is there and does not answer. Bounded; never raises."""
        try:
            bounded(lambda: self._script.exports_sync.flush(), 5)
        except Exception as error:  # noqa: BLE001 - what was lost shows in the totals
            # A call to an agent that is gone fails before Frida tells that it ended.
            gone = not isinstance(error, TimeoutError) and self.ended.wait(2)
            if not gone and not self.ended.is_set():
                self._on_fault(f"flushing: {type(error).__name__}")
            return not isinstance(error, TimeoutError)
        return True

    def _end(self) -> None:
        self._script.exports_sync.end()
        self.complete = True

    def _free(self) -> str:
        for how, step in (("interrupted", self._script.interrupt), ("terminated", self._script.terminate)):
            try:
                bounded(step, 5)
                bounded(self._script.exports_sync.progress, 3)
            except Exception:  # noqa: BLE001 - not free yet: take the next, stronger step
                continue
            return f"the script was {how}"
        self.ended.set()
        return "the script was terminated"

    def _message(self, message: Mapping[str, Any], _data: Any) -> None:
        try:
            self._heard = time.monotonic()
            if message.get("type") == "send":
                self._on_message(message.get("payload"))
            else:
                self._on_fault(printable(str(message.get("description", "error")), 300))
        except Exception as error:  # noqa: BLE001 - frida would print and forget it
            self._on_fault(f"handler: {type(error).__name__}")

    def _detached(self, reason: str, *_: Any) -> None:
        first = not self.ended.is_set()
        self.ended.set()
        if first and not self._closing:
            self._on_end(str(reason))


def bounded(fn: Callable[[], Any], timeout: float, heard: Callable[[], float] | None = None) -> Any:
    """``fn()`` on a daemon thread. Raises ``TimeoutError`` after ``timeout`` seconds; its own exceptions pass through.
    Time in which this process did not run does not count: an answer that has come meanwhile is not read yet.

    ``heard``: when, by the monotonic clock, something last came from what it waits for; the time counts from then.
    """
    answers: SimpleQueue[tuple[bool, Any]] = SimpleQueue()

    def work() -> None:
        try:
            answers.put((True, fn()))
        except Exception as error:  # noqa: BLE001 - handed to the caller
            answers.put((False, error))

    threading.Thread(target=work, name="agent-call", daemon=True).start()
    end = time.monotonic() + timeout
    most = end + (_PATIENCE - 1) * timeout
    while True:
        began = time.monotonic()
        wait = min(max(end - began, 0.001), _LOOK_S)
        try:
            good, answer = answers.get(timeout=wait)
            break
        except Empty:
            if (still := time.monotonic() - began - wait) > _LOOK_S:
                end, most = end + still, most + still
            if time.monotonic() < end:
                continue
            later = min(heard() + timeout, most) if heard else end
            if later <= time.monotonic():
                raise TimeoutError from None
            end = later
    if not good:
        raise answer
    return answer


def wire(row: Row, app: str) -> dict[str, Any]:
    """A row as sent to the agent; ``$own`` in a selecting key becomes the app's package."""
    select = row.select.model_dump() if row.select else None
    if select:
        select["map"] = {key.replace("$own", app): value for key, value in select["map"].items()}
    return {
        "id": row.id, "cls": row.cls, "method": row.method, "kind": row.kind, "implementation": row.implementation,
        "role": row.role, "data_type": row.data_type, "hot": row.hot, "native": row.native, "result": row.result,
        "args": [{**arg.model_dump(), "keep": "text" if arg.keep == "limit" else arg.keep} for arg in row.args],
        "select": select,
        "constants": row.constants, "receiver": row.receiver, "observer": row.observer, "overrides": row.overrides,
    }  # fmt: skip
