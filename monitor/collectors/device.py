"""What adb shows of an app from outside: prompts, answers, processes, foreground. Depends on callables, not on a
device."""

import contextlib
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from monitor.base.clock import Offset, now_us
from monitor.base.errors import EnvironmentFault
from monitor.events import HealthDetail, HealthWord, Lifecycle, PermissionResult, Prompt
from monitor.session.handset import Grant, Observation
from monitor.session.observe import Sink, health_of

#: An app whose activity is paused this long with nothing of it resumed is in the background (seconds).
BACKGROUND_AFTER: Final = 2.0
RETRIES: Final = 5
#: The app that shows permission dialogs starts for every request, and ends at once where nothing is to be asked: within
#: this time (microseconds) if nobody could have read a dialog.
SILENT_US: Final = 1_000_000
#: Seconds that the reader of the log may take at the end for what is in it by then.
CATCH_UP_S: Final = 10.0
_MAX_TEXT: Final = 1000


ReadPrompt = Callable[[], tuple[str, list[str]]]
"""Text and buttons of the permission dialog on the screen; raises ``EnvironmentFault`` if it cannot be read."""
Asked = Callable[[str, str], list[str]]
"""Permissions that a dialog is about with this text (empty = not known), where this one of them is known to be (empty =
none is); raises ``EnvironmentFault``."""


class Log(Protocol):
    """The device's log."""

    def open(self, since_us: int) -> Iterator[Observation]:
        """Observations from a device time on."""

    def caught_up(self, seconds: float) -> bool:
        """Wait until everything is read that is there now; whether it is. Raises ``EnvironmentFault``."""

    def close(self) -> None:
        """Stop reading."""


class LogWatcher:
    """Follows the log and emits events until ``stop``. ``clock`` is called again after a clock jump. One thread reads
    the log; all that follows from it is done by another, from its inbox."""

    def __init__(
        self, sink: Sink, app: str, log: Log, clock: Callable[[], Offset], *,
        flags: Callable[[], Mapping[str, Grant]] = dict, prompt: ReadPrompt = lambda: ("", []),
        asked: Asked = lambda text, known: [],
    ) -> None:  # fmt: skip
        self._sink, self._app, self._log = sink, app, log
        self._clock, self._flags, self._prompt, self._asked = clock, flags, prompt, asked
        self._offset = Offset(0, 0)
        self._stop = threading.Event()
        self._reader = threading.Thread(target=self._read_log, name="device-log", daemon=True)
        self._worker = threading.Thread(target=self._work, name="device-watcher", daemon=True)
        self._inbox: queue.SimpleQueue[Observation | Offset | None] = queue.SimpleQueue()
        """What the log shows, the clocks compared anew, the end (None)."""
        self._next: deque[Observation | Offset | None] = deque()
        """The first of it, taken out already."""
        self._last = 0
        """Up to where the log has been read, in the device's time."""
        self._lock = threading.Lock()
        """Over ``_last``."""
        self._kills: dict[int, str] = {}
        self._resumed: str | None = None
        self._foreground: bool | None = None
        self._prompt_open = self._silent = False
        self._paused: tuple[float, Observation] | None = None
        """When the app counts as in the background, unless part of it is resumed before, and what paused it."""
        self._before: Mapping[str, Grant] = {}
        self._asking: Mapping[str, Grant] = {}
        """As ``_before``, when the dialog came up that stands, where the log has shown no answer yet."""
        self._answers: dict[str, str] = {}
        """The last answer of each permission."""
        self._logs_answers = False
        """Whether the log shows answers, as from Android 10 on."""
        self._forged = 0

    def start(self) -> None:
        """Compare the clocks and start. Raises ``EnvironmentFault`` if the device provides neither clock nor log."""
        self._offset = self._clock()
        self._last = now_us() + self._offset.offset
        self._before = self._read_flags()
        self._report_clock("started", self._offset)
        self._reader.start()
        self._worker.start()

    def clock_moved(self, seconds: int = 0) -> None:
        """The device's clock jumped, by about ``seconds``: compare again. Lines already read keep the old offset."""
        try:
            offset = self._clock()
        except EnvironmentFault as fault:
            self._health("failed", {"what": "clock", "why": fault.message})
            return
        with self._lock:
            self._inbox.put(offset)
            self._last = now_us() + offset.offset
        self._report_clock("clock", offset)

    def stop(self) -> None:
        """Read to the end of the log as it is now, end the thread, and report permissions that changed since the last
        dialog."""
        # What the device logged before the end belongs to the session, however late a busy machine reads it.
        if not self._caught_up():
            self._health("lost", {"what": "log", "since_us": str(self._last)}, 1)
        self._stop.set()
        self._log.close()
        if self._reader.is_alive():
            self._reader.join(5)
        if self._worker.is_alive():
            self._inbox.put(None)
            self._worker.join(CATCH_UP_S)
        self._compare()
        if self._forged:
            self._health("skipped", {"what": "log lines from a UID not entitled to write them"}, self._forged)
        self._health("stopped", {})

    def _caught_up(self) -> bool:
        """Whether all is in the inbox that the device has logged by now; nothing more can be where nobody reads it."""
        with contextlib.suppress(EnvironmentFault):  # a device that is gone is reported as such
            return not self._reader.is_alive() or self._log.caught_up(CATCH_UP_S)
        return True

    def _read_log(self) -> None:
        tries = 0
        while not self._stop.is_set():
            try:
                for item in self._log.open(self._last):
                    tries = 0
                    with self._lock:
                        self._inbox.put(item)
                        self._last = max(self._last, item.t_us)
            except EnvironmentFault as fault:
                self._health("failed", {"what": "log", "why": fault.message[:200]})
            if self._stop.is_set():
                return
            tries += 1
            self._health("lost", {"what": "log", "since_us": str(self._last), "tries": str(tries)}, 1)
            if tries > RETRIES or self._stop.wait(min(5.0, 0.5 * tries)):
                return

    def _work(self) -> None:
        while True:
            paused = self._paused
            try:  # what is there already comes first, however late a busy machine is
                wait = None if paused is None else max(0.0, paused[0] - time.monotonic())
                item = self._next.popleft() if self._next else self._inbox.get(timeout=wait)
            except queue.Empty:
                self._still_paused()
                continue
            if item is None:
                return
            if isinstance(item, Offset):
                self._offset = item
            else:
                self._take(item)

    def _take(self, item: Observation) -> None:
        own = item.package == self._app
        match item.what:
            case "permission_answer" if own:
                self._logs_answers, self._answers[item.permission] = True, item.result
                fields = {"permission": item.permission, "result": item.result, "dialog": item.dialog}
                self._emit(PermissionResult, item, **fields, via="logcat", code=item.code)
            case "prompt_shown":
                self._prompt_shown(item)
            case "prompt_hidden":
                self._prompt_open = False
                if self._foreground and self._resumed is None:
                    self._paused = time.monotonic() + BACKGROUND_AFTER, item
                if not self._silent:
                    self._emit(Prompt, item, prompt_kind="permission", shown=False, via="logcat")
                self._compare(item.t_us)
            case "process_kill" | "process_crash" | "process_start" | "process_exit" if own:
                self._process(item)
            case "resumed" | "paused" | "stopped":
                self._activity(item, own)
            case "forged":
                self._forged += 1
            case "screen_on" | "screen_off":
                self._emit(Lifecycle, item, what=item.what)

    def _process(self, item: Observation) -> None:
        if item.what in ("process_kill", "process_crash"):
            self._kills[item.pid] = item.cause or item.what.removeprefix("process_")
            if ": " in item.cause and item.what == "process_crash":
                detail: HealthDetail = {"what": "the device lacks what the app needs", "why": item.cause[:300]}
                self._health("failed", detail)
            return
        cause = item.cause or self._kills.pop(item.pid, "")
        self._emit(Lifecycle, item, what=item.what, process=item.process, cause=cause[:_MAX_TEXT])
        if item.what == "process_exit" and item.process == self._app and self._foreground:
            self._resumed = None
            self._set_foreground(False, item, "process ended")

    def _prompt_shown(self, item: Observation) -> None:
        self._prompt_open = True
        self._paused = None
        self._asking = {} if self._logs_answers else self._read_flags()
        text, labels = self._ask("prompt text", self._prompt, ("", list[str]()))
        text, buttons = text[:_MAX_TEXT], [label[:100] for label in labels][:20]
        later = self._logged_by(now_us() + self._offset.offset)
        answers = [entry for entry in later if entry.what == "permission_answer" and entry.package == self._app]
        known = next((answer.permission for answer in answers if answer.dialog == "yes"), "")
        self._silent = not (text or buttons) and _needed_no_dialog(item, later, answers)
        if self._silent:
            self._asking = {}
            return
        if known:  # what is on the screen now is the next dialog of the same request, or none
            text, buttons = "", []
        asked: list[str] = self._ask("permissions of a prompt", lambda: self._asked(text, known), [])
        fields = {"text": text, "buttons": buttons, "permissions": asked[:20]}
        self._emit(Prompt, item, prompt_kind="permission", shown=True, via="logcat", **fields)

    def _logged_by(self, t_us: int) -> list[Observation]:
        """What the log shows by a time of the device and has not been taken yet."""
        self._caught_up()
        with contextlib.suppress(queue.Empty):
            while True:
                self._next.append(self._inbox.get_nowait())
        return [item for item in self._next if isinstance(item, Observation) and item.t_us <= t_us]

    def _activity(self, item: Observation, own: bool) -> None:
        if item.what == "resumed":
            self._paused = None
            resumed = item.component if own else None
            if own and self._resumed != resumed:
                self._emit(Lifecycle, item, what="activity_resumed", component=item.component)
            self._resumed = resumed
            self._set_foreground(own, item, "activity resumed" if own else "another app resumed")
        elif own and item.component == self._resumed:
            self._resumed = None
            self._emit(Lifecycle, item, what="activity_paused", component=item.component)
            self._paused = time.monotonic() + BACKGROUND_AFTER, item

    def _still_paused(self) -> None:
        if not self._stop.is_set():
            self._caught_up()
        if not self._inbox.empty():
            return  # what resumed it may have been logged long ago, and be read only now
        paused, self._paused = self._paused, None
        if paused and self._resumed is None and not self._prompt_open and not self._stop.is_set():
            self._set_foreground(False, paused[1], "activity paused")

    def _set_foreground(self, yes: bool, item: Observation, cause: str) -> None:
        if self._foreground == yes or (self._foreground is None and not yes):
            return
        self._foreground = yes
        self._emit(Lifecycle, item, what="foreground" if yes else "background", cause=cause)

    def _compare(self, closed_us: int = 0) -> None:
        """Compare the package manager's flags with the previous ones, and report answers missing from the log: as given
        when the dialog closed (in the device's time), which may be long before they are read."""
        after = self._read_flags()
        when = self._offset.to_host(closed_us or now_us() + self._offset.offset)
        # Read after the fact.
        common: dict[str, Any] = {"t": when.t, "err": when.err + 1_000_000, "src": "device", "app": self._app}
        for name, now in after.items():
            old, asking = self._before.get(name), self._asking.get(name)
            answer = now.answer
            if answer == "unknown" and asking is not None and now.granted and not asking.granted:
                answer = "granted"  # such a grant sets no flag before Android 11
            if old == now or answer == "unknown" or self._answers.get(name) == answer:
                continue
            self._answers[name] = answer
            self._sink.emit(PermissionResult(**common, permission=name, result=answer, dialog="yes", via="flags"))
        self._asking = {}
        if after:
            self._before = after

    def _read_flags(self) -> Mapping[str, Grant]:
        return self._ask("flags", lambda: dict(self._flags()), {})

    def _ask[Answer](self, what: str, read: Callable[[], Answer], otherwise: Answer) -> Answer:
        """What the device says, or that it did not and ``otherwise``."""
        try:
            return read()
        except EnvironmentFault as fault:
            self._health("failed", {"what": what, "why": fault.message[:200]})
            return otherwise

    def _emit(self, kind: type[Any], item: Observation, **fields: object) -> None:
        when = self._offset.to_host(item.t_us + item.resolution_us // 2, (item.resolution_us + 1) // 2)
        self._sink.emit(kind(t=when.t, err=when.err, src="logcat", app=self._app, pid=item.pid, **fields))

    def _report_clock(self, word: HealthWord, offset: Offset) -> None:
        self._health(word, {"offset_us": str(offset.offset), "err_us": str(offset.err)})

    def _health(self, word: HealthWord, detail: HealthDetail, n: int = 0) -> None:
        self._sink.emit(health_of("device-log", self._app, word, detail, n=n, src="device"))


def _needed_no_dialog(shown: Observation, later: Sequence[Observation], answers: Sequence[Observation]) -> bool:
    """Whether a request of which no dialog could be read needed none: it is over, and nobody answered it."""
    over = next((item for item in later if item.what == "prompt_hidden"), None)
    if over is None or not all(answer.dialog == "no" or answer.result == "ignored" for answer in answers):
        return False
    return bool(answers) or over.t_us - shown.t_us < SILENT_US
