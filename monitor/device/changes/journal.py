"""Every change to a device is recorded before it is made, so that it can be undone even after a crash.

It is recorded twice. What is undone comes from this user's own file, or from lines on the device that are authenticated
by one of this user's keys (the device is connected in another way now, under another serial). The device's copy also
tells any other host that there is something to undo, and that it cannot know what: whoever can write on the device
could have written it.
"""

import contextlib
import hashlib
import os
import shlex
from collections.abc import Collection
from pathlib import Path
from typing import Final

from monitor.base.errors import EnvironmentFault
from monitor.base.output import folder
from monitor.base.paths import state_home
from monitor.device.adb import AdbDevice
from monitor.device.changes import lines
from monitor.device.changes.change import Change
from monitor.device.changes.lines import Entry, Key
from monitor.device.changes.undo import require, shell_line

MAX_BYTES: Final = 1_000_000
ON_DEVICE: Final = "/data/local/tmp/app-privacy-monitor.journal"
_NAMED: Final = 5


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
        elif change.how != "clock":
            result = self._run(change.how, change.do)
            if result:
                raise EnvironmentFault(f"{change.name}: {result}", where=self._device.serial)

    def note(self, change: Change) -> None:
        """Record a change that the caller is about to make. If this raises ``EnvironmentFault``, the change must not be
        made."""
        hint = "a device is changed only if the change can be recorded"
        try:
            require(change.undo)
        except ValueError as error:
            raise EnvironmentFault(f"{change.name}: {error}", where=self._device.serial, hint=hint) from None
        here = self._here()
        key = next(reversed(here.keys.values()), None) or lines.new_key()
        new = "" if here.keys else f"{lines.key_line(key)}\n"
        last = max((entry.n for entry in here.entries if entry.journal == key.journal), default=0)
        line = lines.line(Entry(key.journal, last + 1, change.name, change.undo), key)
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
        return self._undo(
            [one for one in pending if (one.name, one.undo) in these],
            [one for one in pending if (one.name, one.undo) not in these],
        )

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
        names = list(dict.fromkeys(map(lines.name_of, self.unverified)))
        return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")

    def _here(self) -> lines.Read:
        return lines.read(_text(self.path))

    def _there(self) -> lines.Read:
        """The device's copy, read with every key of this user; empty for a device that is away."""
        keys: dict[str, Key] = {}
        for file in sorted(self._home.glob("journal-*.jsonl")):
            with contextlib.suppress(EnvironmentFault):
                keys |= lines.read(_text(file)).keys
        try:
            text = self._device.shell(["head", "-c", str(MAX_BYTES), ON_DEVICE]).out
        except EnvironmentFault:
            text = ""
        return lines.read_with(keys, text)

    def _undo(self, changes: list[Entry], others: list[Entry]) -> list[str]:
        faults, left = [], []
        for change in reversed(changes):
            try:
                fault = self._undone(change)
            except (EnvironmentFault, ValueError) as error:
                fault = str(error)
            if fault:
                faults.append(f"{change.name}: {fault}")
                left.append(change)
        self._keep([*others, *left[::-1]])
        return faults

    def _undone(self, change: Entry) -> str:
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
                    file.write("".join(f"{row}\n" for row in [*map(lines.key_line, here.keys.values()), *kept]))
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
