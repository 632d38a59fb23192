"""From a device's log to observations about one app: one flat record each, in log order."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from monitor.base.clock import wait_for
from monitor.base.errors import EnvironmentFault
from monitor.device import adb, apps, parse
from monitor.device.wire.transport import Stream
from monitor.knowledge.prompts import prompt_package
from monitor.session.handset import Observation

_COMMAND: Final = ["logcat", "-B", "-b", "main,events"]
#: The first is the system's, too, from Android 8 on.
_TAGS: Final = ["/dev/event-log-tags", "/system/etc/event-log-tags"]
#: Users whose records in the events buffer are the system's: root and system_server.
_SYSTEM: Final = frozenset({0, 1000})
_DIALOG: Final = "GrantPermissionsActivity"
#: Errors whose message is the name of what is missing.
_LINKAGE = frozenset(
    f"java.lang.{name}Error"
    for name in "NoClassDefFound UnsatisfiedLink NoSuchMethod NoSuchField AbstractMethod".split()
)
#: Events of processes and activities, without ``am_`` or ``wm_``, to what they are observed as.
_PROCESSES: Final = {
    "proc_start": "process_start", "proc_died": "process_exit", "kill": "process_kill", "crash": "process_crash",
}  # fmt: skip
_ACTIVITIES: Final = {
    "resume_activity": "resumed", "set_resumed_activity": "resumed", "restart_activity": "resumed",
    "pause_activity": "paused", "stop_activity": "stopped",
}  # fmt: skip
_PREFIXES: Final = ("am_", "wm_")
_SCREEN: Final = "screen_toggled"
#: Tags under which AOSP's permission dialogs log their answers (GrantPermissionsActivity, GrantPermissionsViewModel).
#: The system's other lines quote what apps say: an intent's action, the reason of an exit.
_ANSWERS: Final = "GrantPermissions"


class LogSource:
    """Opens the device's log and reads it as observations; can be opened again after a loss."""

    def __init__(self, device: adb.AdbDevice) -> None:
        self._device = device
        added = device.added()
        named = [one.name for one in device.packages() if one.name not in added and prompt_package(one.name)]
        found = map(device.package, named)
        dialogs = frozenset(package.uid for package in found if package is not None and package.uid > 0)
        self._reader = Reader(parse.log.schema(device.shell(["cat", *_TAGS]).out), dialogs, device.user, added)
        self._stream: Stream | None = None
        self._taken: parse.log.Entry | None = None

    def open(self, since_us: int) -> Iterator[Observation]:
        """Observations from device time ``since_us`` on, until the stream ends or ``close`` is called."""
        since = f"{since_us // 1_000_000}.{since_us % 1_000_000 // 1000:03d}"
        self._stream = self._device.stream([*_COMMAND, "-T", since])
        return self._reader.observations(self._entries(self._stream))

    def _entries(self, stream: Stream) -> Iterator[parse.log.Entry]:
        for entry in _read(stream):
            yield entry
            self._taken = entry  # only now: whoever reads has done with it

    def caught_up(self, seconds: float) -> bool:
        """Wait until everything is read that is in the log now, at most ``seconds``; whether it is. Call from another
        thread than the reader's. Raises ``EnvironmentFault`` if the device does not answer."""
        _, out, _ = self._device.raw([*_COMMAND, "-t", "1"])
        last = list(_read([out]))[-1:]
        if not last:
            return True
        newest = last[0]

        def read() -> bool:
            taken = self._taken
            return taken is not None and (taken == newest or taken.t_us > newest.t_us)

        return wait_for(read, seconds, 0.02)

    def close(self) -> None:
        """End the stream; the reader returns immediately."""
        if self._stream is not None:
            self._stream.close()


def _read(chunks: Iterable[bytes]) -> Iterator[parse.log.Entry]:
    try:
        yield from parse.log.entries(chunks)
    except ValueError as error:
        raise EnvironmentFault(f"logcat -B: {error}", hint="see: monitor doctor") from None


class Reader:
    """Interprets the main and events buffers. Any app may write any record to either: one counts only from UIDs
    entitled to write it, and an event only in the events buffer.

    ``dialogs``: UIDs of the packages that show permission dialogs; empty = unknown, then any statement but an app's own
    about itself is accepted. ``user``: lines about another user's copy of an app (a work profile, a dual app) are
    skipped. ``added``: packages that are no part of the system: any app can take the name of a package or class that
    shows such dialogs.
    """

    def __init__(
        self,
        schema: parse.log.Schema,
        dialogs: frozenset[int] = frozenset(),
        user: int = 0,
        added: frozenset[str] = frozenset(),
    ) -> None:
        self._schema, self._dialogs, self._user, self._added = schema, dialogs, user, added
        self._shown: set[str] = set()
        """Tokens of the activities that are permission dialogs."""

    def observations(self, entries: Iterable[parse.log.Entry]) -> Iterator[Observation]:
        """What says nothing of interest is skipped."""
        for entry in entries:
            if isinstance(entry.tag, int):
                found = self._event(entry)
            elif entry.tag.startswith(_ANSWERS) and entry.values[0].startswith("Permission grant result"):
                found = self._answer(entry)
            else:
                found = _imitation(entry.tag, entry)
            if found is not None:
                yield found._replace(t_us=entry.t_us, resolution_us=1)

    def _answer(self, entry: parse.log.Entry) -> Observation | None:
        answer, writer = parse.log.permission_answer(entry.values[0]), entry.uid
        if answer is None:
            return None
        uid, implicit, found = answer
        # From the system or the package that shows the dialogs, and not from the requester.
        from_dialog = writer is not None and writer != uid and (writer in self._dialogs or not self._dialogs)
        if writer not in _SYSTEM and not from_dialog:
            return Observation("forged", pid=entry.pid, cause="permission answer")
        return None if implicit or uid // apps.PER_USER != self._user else found

    def _event(self, entry: parse.log.Entry) -> Observation | None:
        tag, fields = parse.log.event(entry, self._schema)
        # ``am_crash`` has pid and user exchanged.
        users = [fields.get(key, "") for key in (("user", "pid") if tag == "am_crash" else ("user",))]
        if all(users) and str(self._user) not in users:
            return None
        found: Observation | None = None
        if tag == _SCREEN:
            found = Observation("screen_on" if fields.get("screen_state") != "0" else "screen_off")
        elif tag.startswith(_PREFIXES):
            what = tag[3:]
            found = _process(what, fields) if what in _PROCESSES else self._activity(what, fields)
        if found is not None and entry.uid not in _SYSTEM:
            found = Observation("forged", pid=entry.pid, cause=tag[:40])
        return found

    def _activity(self, what: str, fields: Mapping[str, str]) -> Observation | None:
        name, token = fields.get("component name", ""), fields.get("token", "")
        if not name or what.startswith("on_"):  # *_on_* come from the app's own process and name only the class
            return None
        front = parse.screen.component(name)
        kind = _ACTIVITIES.get(what)
        if front.cls.endswith(_DIALOG) and front.package not in self._added:
            kind = None
            if what in ("create_activity", "resume_activity", "restart_activity") and token not in self._shown:
                self._shown.add(token)
                kind = "prompt_shown"
            elif what in ("finish_activity", "destroy_activity") and token in self._shown:
                self._shown.remove(token)
                kind = "prompt_hidden"
        return Observation(kind, package=front.package, component=str(front)) if kind else None


def _imitation(tag: str, entry: parse.log.Entry) -> Observation | None:
    """A record of the main buffer that logcat's text would show as an event, or as a dialog's answer, by the lines in
    its tag."""
    if entry.uid in _SYSTEM:
        return None
    lines = filter(None, map(parse.log.line, f"{tag}: {entry.values[0]}".split("\n"))) if "\n" in tag else ()
    for shown in (tag, *(line.tag for line in lines)):
        known = shown.startswith(_PREFIXES) and shown[3:] in (*_PROCESSES, *_ACTIVITIES)
        if known or shown == _SCREEN or (shown != tag and shown.startswith(_ANSWERS)):
            return Observation("forged", pid=entry.pid, cause=shown[:40])
    return None


def _process(what: str, fields: Mapping[str, str]) -> Observation:
    process, pid = fields.get("process name", ""), _number(fields, "pid")
    cause = fields.get("reason", "") or fields.get("exception", "")
    if what == "proc_start":
        words = fields.get("type", ""), fields.get("component name", "").strip("{}")
        cause = " ".join(word for word in words if word)
    elif what == "crash":  # Android names the first two fields user and pid, and writes pid and user
        pid = max(pid, _number(fields, "user"))
        missing = fields.get("message", "")  # of a linkage error, what was not found; no other message may be kept
        tail = ",".join(fields.get(key, "") for key in ("message", "file", "line"))
        place = re.search(r",([\w$-]{1,100}\.(?:java|kt)),([1-9]\d{0,6})(?:,\d)?$", tail)
        if cause in _LINKAGE and re.fullmatch(r"[\w$./<>()\[\];:', -]{1,300}", missing):
            cause = f"{cause}: {missing}"
        elif place:
            cause = f"{cause} at {place[1]}:{place[2]}"
    return Observation(_PROCESSES[what], package=process.partition(":")[0], process=process, pid=pid, cause=cause)


def _number(fields: Mapping[str, str], key: str) -> int:
    text = fields.get(key, "")
    return int(text) if text.isdigit() else 0
