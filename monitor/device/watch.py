"""From a device's log to observations about one app: one flat record each, in log order."""

import re
import time
from collections.abc import Iterator, Mapping
from typing import Final

from monitor.device import parse
from monitor.device.adb import AdbDevice
from monitor.device.apps import PER_USER
from monitor.device.wire.transport import LineStream
from monitor.knowledge.prompts import prompt_package
from monitor.session.handset import Observation

#: Android 7 takes one word a ``-v``, no list.
FORMAT: Final = ["-v", "threadtime", "-v", "epoch", "-v", "uid"]
_COMMAND: Final = ["logcat", "-b", "main,events", *FORMAT]
_TAGS: Final = "/dev/event-log-tags"
#: Users whose lines of the events buffer are the system's: root and system_server.
_SYSTEM: Final = frozenset({0, 1000})
_DIALOG: Final = "GrantPermissionsActivity"
#: Errors whose message is the name of what is missing.
_LINKAGE = frozenset(
    f"java.lang.{name}Error"
    for name in "NoClassDefFound UnsatisfiedLink NoSuchMethod NoSuchField AbstractMethod".split()
)
#: Events of processes and activities, without ``am_`` or ``wm_``, to what they are observed as.
_PROCESSES: Final = {
    "proc_start": "process_start",
    "proc_died": "process_exit",
    "kill": "process_kill",
    "crash": "process_crash",
}
_ACTIVITIES: Final = {
    "resume_activity": "resumed",
    "set_resumed_activity": "resumed",
    "restart_activity": "resumed",
    "pause_activity": "paused",
    "stop_activity": "stopped",
}


class LogSource:
    """Opens the device's log and reads it as observations; can be opened again after a loss.

    Any app may write any line to the main buffer: a line counts only from UIDs entitled to write it.
    """

    def __init__(self, device: AdbDevice) -> None:
        self._device = device
        self._schema = parse.log.schema(device.shell(["cat", _TAGS]).out)
        self._stream: LineStream | None = None
        self._taken = ""
        self._added = device.added()
        named = [one.name for one in device.packages() if one.name not in self._added and prompt_package(one.name)]
        dialogs = map(device.package, named)
        self._dialogs = frozenset(found.uid for found in dialogs if found is not None and found.uid > 0)

    def open(self, since_us: int) -> Iterator[Observation]:
        """Observations from device time ``since_us`` on, until the stream ends or ``close`` is called."""
        since = f"{since_us // 1_000_000}.{since_us % 1_000_000 // 1000:03d}"
        self._stream = self._device.stream([*_COMMAND, "-T", since])
        return observations(self._lines(self._stream), self._schema, self._dialogs, self._device.user(), self._added)

    def _lines(self, stream: LineStream) -> Iterator[str]:
        for line in stream:
            yield line
            self._taken = line  # only now: whoever reads has done with it

    def caught_up(self, seconds: float) -> bool:
        """Wait until everything is read that is in the log now, at most ``seconds``; whether it is. Call from another
        thread than the reader's. Raises ``EnvironmentFault`` if the device does not answer."""
        last = self._device.shell([*_COMMAND, "-t", "1"]).out.strip().rpartition("\n")[2]
        newest = parse.log.line(last)
        if newest is None or newest.t_us is None:
            return True
        end = time.monotonic() + seconds
        while (taken := self._taken) != last:
            read = parse.log.line(taken)
            if read is not None and read.t_us is not None and read.t_us > newest.t_us:
                break
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def close(self) -> None:
        """End the stream; the reader returns immediately."""
        if self._stream is not None:
            self._stream.close()


#: Tags under which AOSP's permission dialogs log their answers (GrantPermissionsActivity, GrantPermissionsViewModel).
#: The system's other lines quote what apps say: an intent's action, the reason of an exit.
_ANSWERS: Final = "GrantPermissions"


def observations(
    lines: Iterator[str],
    schema: parse.log.Schema,
    dialogs: frozenset[int] = frozenset(),
    user: int = 0,
    added: frozenset[str] = frozenset(),
) -> Iterator[Observation]:
    """Interprets lines of the main and events buffers. Lines without an epoch time, and all others, are skipped; so are
    those about another user's copy of an app (a work profile, a dual app) than ``user``'s.

    ``dialogs``: UIDs of the packages that show permission dialogs; empty = unknown, then any statement but an app's own
    about itself is accepted. ``added``: packages that are no part of the system: any app can take the name of a package
    or class that shows such dialogs.
    """
    tokens: dict[str, str] = {}
    event: Observation | None
    for text in lines:
        line = parse.log.line(text)
        if line is None or line.t_us is None:
            continue
        when = line.t_us, line.resolution_us
        if line.tag.startswith(_ANSWERS) and line.message.startswith("Permission grant result"):
            answer = parse.log.permission_answer(line.message)
            if answer is not None and not _may_answer(line.uid, answer.uid, dialogs):
                yield Observation("forged", *when, pid=line.pid, cause="permission answer")
            elif answer is not None and not answer.implicit and answer.uid // PER_USER == user:
                event = Observation("permission_answer", *when, answer.package, permission=answer.permission)
                yield event._replace(result=answer.result, dialog=answer.dialog, code=answer.code)
        elif line.tag.startswith(("am_", "wm_", "screen_toggled")):
            fields = parse.log.fields(line.tag, line.message, schema)
            event = _event(line, fields, when, tokens, added) if _concerns(user, line.tag, fields) else None
            if event is not None and parse.log.uid(line.uid) not in _SYSTEM:
                event = Observation("forged", *when, pid=line.pid, cause=line.tag[:40])
            if event is not None:
                yield event


def _may_answer(writer: str, asker: int, dialogs: frozenset[int]) -> bool:
    """Whether a line about an answer comes from the system or the package that shows the dialogs, and not from the
    requester."""
    uid = parse.log.uid(writer)
    return uid in _SYSTEM or (uid is not None and uid != asker and (uid in dialogs or not dialogs))


def _concerns(user: int, tag: str, fields: Mapping[str, str]) -> bool:
    """Whether an event is about this user, or names none. ``am_crash`` has pid and user exchanged."""
    named = [fields.get(key, "") for key in (("user", "pid") if tag == "am_crash" else ("user",))]
    return not all(named) or str(user) in named


def _with_name(exception: str, message: str) -> str:
    """An exception's class, for a linkage error with what was not found; no other message may be kept."""
    named = exception in _LINKAGE and re.fullmatch(r"[\w$./<>()\[\];:', -]{1,300}", message)
    return f"{exception}: {message}" if named else exception


def _event(
    line: parse.log.LogLine,
    fields: Mapping[str, str],
    when: tuple[int, int],
    tokens: dict[str, str],
    added: frozenset[str],
) -> Observation | None:
    """One line of the events buffer. ``tokens`` maps tokens of permission dialogs to their component."""
    what = line.tag[3:]
    if line.tag == "screen_toggled":
        on = fields.get("screen_state", line.message.strip()) != "0"
        return Observation("screen_on" if on else "screen_off", *when)
    if what not in _PROCESSES:
        return _activity(what, fields, when, tokens, added)
    process, pid = fields.get("process name", ""), _number(fields, "pid")
    cause = fields.get("reason", "") or fields.get("exception", "")
    if what == "proc_start":
        words = fields.get("type", ""), fields.get("component name", "").strip("{}")
        cause = " ".join(word for word in words if word)
    elif what == "crash":  # Android names the first two fields user and pid, and writes pid and user
        cause, pid = _with_name(cause, fields.get("message", "")), max(pid, _number(fields, "user"))
    return Observation(_PROCESSES[what], *when, process.partition(":")[0], process=process, pid=pid, cause=cause)


def _number(fields: Mapping[str, str], key: str) -> int:
    text = fields.get(key, "")
    return int(text) if text.isdigit() else 0


def _activity(
    what: str, fields: Mapping[str, str], when: tuple[int, int], tokens: dict[str, str], added: frozenset[str]
) -> Observation | None:
    name, token = fields.get("component name", ""), fields.get("token", "")
    if not name or what.startswith("on_"):  # *_on_* come from the app's own process and name only the class
        return None
    front = parse.screen.component(name)
    kind = _ACTIVITIES.get(what)
    if front.cls.endswith(_DIALOG) and front.package not in added:
        kind = None
        if what in ("create_activity", "resume_activity", "restart_activity") and token not in tokens:
            tokens[token], kind = name, "prompt_shown"
        elif what in ("finish_activity", "destroy_activity") and tokens.pop(token, ""):
            kind = "prompt_hidden"
    return Observation(kind, *when, front.package, str(front)) if kind else None
