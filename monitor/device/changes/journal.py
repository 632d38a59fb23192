"""Every change to a device is recorded before it is made, so that it can be undone even after a crash.

It is recorded twice. What is undone comes from this user's own file, or from lines on the device that are authenticated
by one of this user's keys (the device is connected in another way now, under another serial). The device's copy also
tells any other host that there is something to undo, and that it cannot know what: whoever can write on the device
could have written it.

The first line of the host's file is the journal's number and key; the copy on the device has no such line. The key
lasts as long as the journal: when everything is undone, nobody can have it undone once more.
"""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import shlex
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from monitor.base.errors import EnvironmentFault, printable
from monitor.base.output import folder
from monitor.base.paths import state_home
from monitor.device.adb import AdbDevice
from monitor.device.changes.undo import Change, Undo, require, shell_line

MAX_BYTES: Final = 1_000_000
ON_DEVICE: Final = "/data/local/tmp/app-privacy-monitor.journal"
_MAX_LINES: Final = 1_000
_MAX_NAMES: Final = 5


class Key(NamedTuple):
    """A journal's number and the key to its lines, both as hexadecimal digits."""

    journal: str
    key: str

    @property
    def line(self) -> str:
        """The first line of the host's file."""
        return json.dumps(self._asdict())


class Entry(NamedTuple):
    """A change that is not undone yet: the ``n``-th of a journal."""

    journal: str
    n: int
    name: str
    undo: Undo

    def line(self, key: Key) -> str:
        """The entry's line, authenticated."""
        return json.dumps({**self._asdict(), "mac": self.mac(key)}, ensure_ascii=True)

    def mac(self, key: Key) -> str:
        """What authenticates it."""
        message = json.dumps(self, ensure_ascii=True).encode()
        return hmac.new(bytes.fromhex(key.key), message, hashlib.sha256).hexdigest()


class Lines(NamedTuple):
    """What a text holds: keys, the entries that verify in the order in which they were made, with their lines, and the
    lines that do not verify."""

    keys: dict[str, Key]
    entries: dict[Entry, str]
    unverified: list[str]


def new_key() -> Key:
    """A journal that nobody has foreseen."""
    return Key(secrets.token_hex(8), secrets.token_hex(32))


def read_lines(text: str, keys: Mapping[str, Key] | None = None) -> Lines:
    """The lines of a text that ``keys`` verify; a key among the lines is not one, unless none are given: the host's
    file has its own."""
    rows = text.split("\n")[:-1][:_MAX_LINES]  # one cut short at the end was never acted on
    parsed = [(row, _parse(row)) for row in rows]
    if keys is None:
        keys = {found.journal: found for _, found in parsed if isinstance(found, Key)}
    order, entries, unverified = list(keys), dict[Entry, str](), list[str]()
    for row, found in parsed:
        if isinstance(found, tuple) and not isinstance(found, Key) and _verifies(*found, keys.get(found[0].journal)):
            entries[found[0]] = row
        elif not isinstance(found, Key) and row.strip():
            unverified.append(row)
    made = sorted(entries, key=lambda entry: (order.index(entry.journal), entry.n))
    return Lines(dict(keys), {entry: entries[entry] for entry in made}, unverified)


def _parse(row: str) -> Key | tuple[Entry, str] | None:
    """A key, or an entry with what authenticates it."""
    try:
        fields: Any = json.loads(row)
        if set(fields) == set(Key._fields):
            return Key(str(fields["journal"]), bytes.fromhex(fields["key"]).hex())
        journal, n, name, undo, mac = (fields[key] for key in (*Entry._fields, "mac"))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    texts = [journal, name, mac, *(word for word in undo if word is not None)] if isinstance(undo, list) else [undo]
    if not all(isinstance(text, str) for text in texts) or type(n) is not int or not isinstance(undo, list):
        return None
    return Entry(journal, n, name, tuple(undo)), mac


def _verifies(entry: Entry, mac: str, key: Key | None) -> bool:
    if key is None or not hmac.compare_digest(entry.mac(key).encode(), mac.encode("utf-8", "replace")):
        return False
    with contextlib.suppress(ValueError):  # of a version that knew other steps
        require(entry.undo)
        return True
    return False


class Journal:
    """The journal of one device. Undoing runs in reverse order, continues after an error, and keeps what could not be
    undone."""

    def __init__(self, device: AdbDevice, directory: Path | None = None) -> None:
        self._device = device
        self._home = directory or state_home()
        name = hashlib.sha256(device.serial.encode()).hexdigest()[:16]
        self.path = self._home / f"journal-{name}.jsonl"
        """Changes not undone yet, and the key to their lines: for this user only."""
        self.unverified: list[str] = []
        """Lines that ``pending`` met and that no key of this user made."""

    def make(self, change: Change) -> None:
        """Record the change durably, then make it. Raises ``EnvironmentFault`` if the device refuses."""
        self.note(change)
        if change.how == "reverse":
            device_port, host_port = map(int, change.do.split())
            self._device.reverse(device_port, host_port)
        elif change.how != "clock" and (fault := self._run(change.how, change.do)):
            raise EnvironmentFault(f"{change.name}: {fault}", where=self._device.serial)

    def note(self, change: Change) -> None:
        """Record a change that the caller is about to make. If this raises ``EnvironmentFault``, the change must not be
        made."""
        hint = "a device is changed only if the change can be recorded"
        try:
            require(change.undo)
        except ValueError as error:
            raise EnvironmentFault(f"{change.name}: {error}", where=self._device.serial, hint=hint) from None
        here = self._here()
        key = next(reversed(here.keys.values()), None) or new_key()
        new = "" if here.keys else f"{key.line}\n"
        last = max((entry.n for entry in here.entries if entry.journal == key.journal), default=0)
        line = Entry(key.journal, last + 1, change.name, change.undo).line(key)
        try:
            folder(self._home, empty=False)
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
            with os.fdopen(os.open(self.path, flags, 0o600), "r+b") as file:
                os.fchmod(file.fileno(), 0o600)
                file.seek(file.read().rfind(b"\n") + 1)  # a line cut short by a crash is written over
                file.truncate()
                file.write(f"{new}{line}\n".encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise EnvironmentFault(error.strerror or "cannot be written", where=str(self.path), hint=hint) from error
        # If the device is full, the host's copy remains.
        self._device.shell(f"umask 077; echo {shlex.quote(line)} >> {ON_DEVICE}")

    def pending(self) -> list[Entry]:
        """Changes not yet undone, in the order in which they were made; fills ``unverified``."""
        here, there = self._here(), self._there()
        self.unverified = [*here.unverified, *there.unverified]
        # Of this journal the device cannot know more: every line was written here first.
        return [*(entry for entry in there.entries if entry.journal not in here.keys), *here.entries]

    def undo(self) -> list[str]:
        """Undo everything pending, last first. Returns what could not be undone, one line each; that stays pending.
        Lines that do not verify are left as they are: see ``foreign``."""
        return self._undo(self.pending(), [])

    def take_back(self, changes: Collection[Change]) -> list[str]:
        """``undo`` of these only, as far as they are pending."""
        pending, these = self.pending(), {(change.name, change.undo) for change in changes}
        wanted = [entry for entry in pending if (entry.name, entry.undo) in these]
        return self._undo(wanted, [entry for entry in pending if entry not in wanted])

    def foreign(self) -> list[str]:
        """What to say of lines that ``pending`` or ``undo`` met and that do not verify; empty if there are none."""
        if not self.unverified:
            return []
        return [
            f"changed by another host or user and not undone: {self.foreign_names()};"
            f" run 'monitor device restore {self._device.serial}' there, as the same user"
        ]

    def foreign_names(self) -> str:
        """What those lines say they are about; anyone who can write on the device may have written it."""
        parsed = map(_parse, self.unverified)
        names = [printable(found[0].name, 60) if found and not isinstance(found, Key) else "?" for found in parsed]
        names = list(dict.fromkeys(names))
        return ", ".join(names[:_MAX_NAMES]) + (", …" if len(names) > _MAX_NAMES else "")

    def _here(self) -> Lines:
        return read_lines(_text(self.path))

    def _there(self) -> Lines:
        """The device's copy, read with every key of this user; empty for a device that is away."""
        keys: dict[str, Key] = {}
        for file in sorted(self._home.glob("journal-*.jsonl")):
            with contextlib.suppress(EnvironmentFault):
                keys |= read_lines(_text(file)).keys
        text = ""
        with contextlib.suppress(EnvironmentFault):
            text = self._device.shell(["head", "-c", str(MAX_BYTES), ON_DEVICE]).out
        return read_lines(text, keys)

    def _undo(self, changes: list[Entry], others: list[Entry]) -> list[str]:
        faults, left = [], []
        for change in reversed(changes):
            try:
                fault = self._undo_entry(change)
            except (EnvironmentFault, ValueError) as error:
                fault = str(error)
            if fault:
                faults.append(f"{change.name}: {fault}")
                left.append(change)
        self._keep([*others, *left[::-1]])
        return faults

    def _undo_entry(self, change: Entry) -> str:
        """Undo one change; the fault as text, empty if it went well."""
        step = require(change.undo)
        if step is None:
            return ""
        if step.how == "reverse":
            self._device.require()
            self._device.reverse_remove(int(change.undo[1] or 0))
            return ""
        if step.how == "clock":
            self._device.set_clock(int(change.undo[1] or 0))
            return ""
        return self._run(step.how, shell_line(change.undo))

    def _keep(self, changes: list[Entry]) -> None:
        """Both copies hold just these from now on, the device's also what does not verify: it is another host's."""
        here, there = self._here(), self._there()
        kept = [here.entries[entry] for entry in changes if entry in here.entries]
        other = [there.entries[entry] for entry in changes if entry in there.entries and entry not in here.entries]
        try:
            if kept:
                folder(self._home, empty=False)
                new = self.path.with_suffix(".new")
                new.unlink(missing_ok=True)
                with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                    file.write("".join(f"{row}\n" for row in [*(key.line for key in here.keys.values()), *kept]))
                new.replace(self.path)
            else:
                self.path.unlink(missing_ok=True)
        except OSError as error:
            raise EnvironmentFault(error.strerror or "cannot be written", where=str(self.path)) from error
        with contextlib.suppress(EnvironmentFault):  # a device that is away keeps its copy: its changes are still there
            if rows := [*there.unverified, *other, *kept]:
                self._device.push("".join(f"{row}\n" for row in rows).encode(), ON_DEVICE, mode=0o600)
            else:
                self._device.shell(["rm", "-f", ON_DEVICE])

    def _run(self, how: str, line: str) -> str:
        """Run a line; the fault as text, empty if it went well."""
        result = self._device.as_root(line) if how == "root" else self._device.shell(line)
        return (result.text.strip() or f"exit code {result.code}")[:200] if result.code else ""


def _text(path: Path) -> str:
    """A journal of this user, empty if there is none."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise EnvironmentFault("the journal of changes is too large", where=str(path))
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
