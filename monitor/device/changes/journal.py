"""Every change to a device is recorded before it is made, so that it can be undone even after a crash.

What is undone comes from this user's own files alone, one for each serial. The device has a copy without the steps: it
says which journals have changed it, so that another file of this user is found (the device is connected in another way
now, under another serial), and any other host learns that there is something to undo and that it cannot know what.
Whoever can write on the device could have written a line, but no step. A journal ends when everything is undone: nobody
can have it undone once more.
"""

import contextlib
import hashlib
import json
import os
import secrets
import shlex
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from monitor.base import host, output, paths
from monitor.base.errors import EnvironmentFault, printable
from monitor.device.adb import AdbDevice
from monitor.device.changes.undo import Change, Undo, require, shell_line

MAX_BYTES: Final = 1_000_000
ON_DEVICE: Final = "/data/local/tmp/app-privacy-monitor.journal"
_MAX_LINES: Final = 1_000
_MAX_NAMES: Final = 5
_REFUSED: Final = "a device is changed only if the change can be recorded"


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change that is not undone yet. ``journal``: digits that nobody can foresee; without ``undo`` on the device."""

    journal: str
    name: str
    undo: Undo = ()


def _text(entries: Iterable[Entry], *, on_device: bool = False) -> str:
    """Entries as they are written on the host, or on the device."""
    kept = (Entry(entry.journal, entry.name) if on_device else entry for entry in entries)
    return "".join(f"{json.dumps(msgspec.to_builtins(entry))}\n" for entry in kept)


def read_lines(text: str) -> list[tuple[str, Entry | None]]:
    """The lines of a text, each with its entry if it has one."""
    found: list[tuple[str, Entry | None]] = []
    for row in text.split("\n")[:-1][:_MAX_LINES]:  # one cut short at the end was never acted on
        entry = None
        with contextlib.suppress(msgspec.DecodeError, UnicodeError, RecursionError):
            entry = msgspec.json.decode(row, type=Entry)
        if row.strip():
            found.append((row, entry))
    return found


class Journal:
    """The journal of one device. Undoing runs in reverse order, continues after an error, and keeps what could not be
    undone."""

    def __init__(self, device: AdbDevice, directory: Path | None = None) -> None:
        self._device = device
        self._home = directory or paths.state_home()
        name = hashlib.sha256(device.serial.encode()).hexdigest()[:16]
        self.path = self._home / f"journal-{name}.jsonl"
        """Changes not undone yet: for this user only."""
        self._foreign: list[tuple[str, Entry | None]] = []
        """Lines that ``pending`` met on the device and that are of no journal of this user."""

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
        try:
            require(change.undo)
        except ValueError as error:
            raise EnvironmentFault(f"{change.name}: {error}", where=self._device.serial, hint=_REFUSED) from None
        here = _entries(self.path)
        entry = Entry(here[-1].journal if here else secrets.token_hex(16), change.name, change.undo)
        try:
            output.folder(self._home, empty=False)
            with os.fdopen(host.opened(self.path, host.CHANGE, 0o600), "r+b") as file:
                host.make_private(file.fileno())
                file.seek(file.read().rfind(b"\n") + 1)  # a line cut short by a crash is written over
                file.truncate()
                file.write(_text([entry]).encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            why = error.strerror or "cannot be written"
            raise EnvironmentFault(why, where=str(self.path), hint=_REFUSED) from error
        # If the device is full, the host's copy remains.
        line = _text([entry], on_device=True).strip()
        self._device.shell(f"umask 077; echo {shlex.quote(line)} >> {ON_DEVICE}")

    def _write(self, entries: Sequence[Entry]) -> None:
        """Make this the host's copy, durably and all at once."""
        try:
            if not entries:
                self.path.unlink(missing_ok=True)
                return
            output.folder(self._home, empty=False)
            new = self.path.with_suffix(".new")
            new.unlink(missing_ok=True)
            with os.fdopen(host.opened(new, host.CREATE, 0o600), "wb") as file:
                file.write(_text(entries).encode())
                file.flush()
                os.fsync(file.fileno())
            host.replace(new, self.path)
        except OSError as error:
            raise EnvironmentFault(error.strerror or "cannot be written", where=str(self.path)) from error

    def pending(self) -> list[Entry]:
        """Changes not yet undone, in the order in which they were made, those under another serial first."""
        here, elsewhere = _entries(self.path), dict[str, list[Entry]]()
        for file in sorted(self._home.glob("journal-*.jsonl")):
            with contextlib.suppress(EnvironmentFault):
                for entry in _entries(file) if file != self.path else ():
                    elsewhere.setdefault(entry.journal, []).append(entry)
        text = ""
        with contextlib.suppress(EnvironmentFault):  # a device that is away keeps its copy
            text = self._device.shell(["head", "-c", str(MAX_BYTES), ON_DEVICE]).out
        there = read_lines(text)
        known = {entry.journal for entry in here}
        named = dict.fromkeys(entry.journal for _, entry in there if entry is not None and entry.journal not in known)
        known.update(elsewhere)
        self._foreign = [(row, entry) for row, entry in there if entry is None or entry.journal not in known]
        return [*(entry for journal in named for entry in elsewhere.get(journal, ())), *here]

    def undo(self) -> list[str]:
        """Undo everything pending, last first. Returns what could not be undone, one line each; that stays pending.
        Lines of others are left as they are: see ``foreign``."""
        return self._undo(self.pending(), [])

    def take_back(self, changes: Collection[Change]) -> list[str]:
        """``undo`` of these only, as far as they are pending."""
        pending, these = self.pending(), {(change.name, change.undo) for change in changes}
        wanted = [entry for entry in pending if (entry.name, entry.undo) in these]
        return self._undo(wanted, [entry for entry in pending if entry not in wanted])

    def foreign(self) -> str:
        """What lines of others, met by ``pending`` or ``undo``, say they are about, empty if there are none; anyone who
        can write on the device may have written it."""
        names = list(dict.fromkeys(printable(entry.name, 60) if entry else "?" for _, entry in self._foreign))
        return ", ".join(names[:_MAX_NAMES]) + (", …" if len(names) > _MAX_NAMES else "")

    def left(self) -> list[str]:
        """``undo``, and what to say of lines of others."""
        where = f"run 'monitor device restore {self._device.serial}' there, as the same user"
        faults, others = self.undo(), self.foreign()
        return [*faults, *([f"changed by another host or user and not undone: {others}; {where}"] if others else [])]

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
        if step.how in ("shell", "root"):
            return self._run(step.how, shell_line(change.undo))
        number = int(change.undo[1] or 0)
        if step.how == "reverse":
            self._device.require()
            self._device.reverse_remove(number)
        else:
            self._device.set_clock(number)
        return ""

    def _keep(self, changes: list[Entry]) -> None:
        """Both copies hold just these from now on, the device's also the lines of others."""
        own = {entry.journal for entry in _entries(self.path)}
        self._write([entry for entry in changes if entry.journal in own])
        with contextlib.suppress(EnvironmentFault):  # a device that is away keeps its copy: its changes are still there
            text = "".join(f"{row}\n" for row, _ in self._foreign) + _text(changes, on_device=True)
            if text:
                self._device.push(text.encode(), ON_DEVICE, mode=0o600)
            else:
                self._device.shell(["rm", "-f", ON_DEVICE])

    def _run(self, how: str, line: str) -> str:
        """Run a line; the fault as text, empty if it went well."""
        result = self._device.as_root(line) if how == "root" else self._device.shell(line)
        return (result.text.strip() or f"exit code {result.code}")[:200] if result.code else ""


def _entries(path: Path) -> list[Entry]:
    """The entries of a file of this user, none if there is no such file."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise EnvironmentFault("the journal of changes is too large", where=str(path))
        text = path.read_text("utf-8", "replace")
    except OSError:
        return []
    return [entry for _, entry in read_lines(text) if entry is not None]
