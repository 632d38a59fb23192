"""Every change to a device is recorded before it is made, so that it can be undone even after a crash.

It is recorded twice, on this host and on the device, so that another host can undo it (``monitor device restore``).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shlex
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from monitor.device.adb import AdbDevice
from monitor.device.change import HOWS, Change
from monitor.errors import EnvironmentFault
from monitor.output import folder

MAX_BYTES: Final = 1_000_000
MAX_CHANGES: Final = 1_000
ON_DEVICE: Final = "/data/local/tmp/app-privacy-monitor.journal"


def state_home() -> Path:
    """Where journals are kept between sessions."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "app-privacy-monitor"


class Journal:
    """The journal of one device. Undoing runs in reverse order, continues after an error, and keeps what could not be
    undone."""

    def __init__(self, device: AdbDevice, directory: Path | None = None) -> None:
        self._device = device
        name = hashlib.sha256(device.serial.encode()).hexdigest()[:16]
        self.path = (directory or state_home()) / f"journal-{name}.jsonl"

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
        line = _line(change)
        try:
            folder(self.path.parent, empty=False)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            hint = "a device is changed only if the change can be recorded"
            raise EnvironmentFault(error.strerror or "cannot be written", where=str(self.path), hint=hint) from error
        self._device.shell(f"echo {shlex.quote(line)} >> {ON_DEVICE}")  # if the device is full, the host's copy remains

    def pending(self) -> list[Change]:
        """Changes not yet undone, from both copies; an incompletely written line is skipped."""
        try:
            if self.path.stat().st_size > MAX_BYTES:
                raise EnvironmentFault("the journal of changes is too large", where=str(self.path))
            here = _read(self.path.read_text("utf-8", "replace"))
        except OSError:
            here = []
        with contextlib.suppress(EnvironmentFault):
            there = _read(self._device.shell(["head", "-c", str(MAX_BYTES), ON_DEVICE]).out)
            return _merged(there, here)
        return here

    def undo(self) -> list[str]:
        """Undo everything pending, last first. Returns what could not be undone, one line each; that stays pending."""
        return self._undo(self.pending(), [])

    def take_back(self, changes: Collection[Change]) -> list[str]:
        """``undo`` of these only, as far as they are pending."""
        pending = self.pending()
        return self._undo([one for one in pending if one in changes], [one for one in pending if one not in changes])

    def _undo(self, changes: list[Change], others: list[Change]) -> list[str]:
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

    def _undone(self, change: Change) -> str:
        if change.how == "reverse":
            self._device.require()
            self._device.reverse_remove(int(change.undo.split()[0]))
            return ""
        if change.how == "clock":
            self._device.set_clock(int(change.undo))
            return ""
        return self._run(change.how, change.undo) if change.undo else ""

    def _keep(self, changes: list[Change]) -> None:
        """Both copies hold just these from now on."""
        text = "".join(_line(change) + "\n" for change in changes)
        try:
            if changes:
                folder(self.path.parent, empty=False)
                new = self.path.with_suffix(".new")
                new.write_text(text, "utf-8")
                new.replace(self.path)
            else:
                self.path.unlink(missing_ok=True)
        except OSError as error:
            raise EnvironmentFault(error.strerror or "cannot be written", where=str(self.path)) from error
        with contextlib.suppress(EnvironmentFault):  # a device that is away keeps its copy: its changes are still there
            if changes:
                self._device.push(text.encode(), ON_DEVICE, mode=0o600)
            else:
                self._device.shell(["rm", "-f", ON_DEVICE])

    def _run(self, how: str, line: str) -> str:
        """Run a line; the fault as text, empty if it went well."""
        result = self._device.as_root(line) if how == "root" else self._device.shell(line)
        return (result.text.strip() or f"exit code {result.code}")[:200] if result.code else ""


def _line(change: Change) -> str:
    return json.dumps(change._asdict(), ensure_ascii=True)


def _read(text: str) -> list[Change]:
    found = []
    for line in text.splitlines()[-MAX_CHANGES:]:
        with contextlib.suppress(ValueError, TypeError, KeyError):
            row = json.loads(line)
            change = Change(*(str(row[key]) for key in Change._fields))  # type: ignore[arg-type]
            if change.how in HOWS:
                found.append(change)
    return found


def _merged(first: Iterable[Change], second: Iterable[Change]) -> list[Change]:
    """Both lists in order, without what stands in both."""
    seen: dict[Change, None] = dict.fromkeys(first)
    return list(seen | dict.fromkeys(second))
