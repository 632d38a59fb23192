"""Every change on a device is written down before it is made, so that it can be undone after a crash too."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Literal, NamedTuple

from monitor.device.adb import AdbDevice
from monitor.errors import EnvironmentFault

How = Literal["shell", "root", "reverse"]
MAX_BYTES = 1_000_000


class Change(NamedTuple):
    """A change of the device: what it is, the shell line that makes it and the one that undoes it.

    ``how`` says with which rights both run; for ``reverse`` they are a port of the device.
    """

    name: str
    how: How
    do: str
    undo: str


def state_home() -> Path:
    """Where journals lie between sessions."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "app-privacy-monitor"


class Journal:
    """The journal of one device. Undoing runs backwards and goes on after a fault."""

    def __init__(self, device: AdbDevice, directory: Path | None = None) -> None:
        self._device = device
        name = hashlib.sha256(device.serial.encode()).hexdigest()[:16]
        self.path = (directory or state_home()) / f"journal-{name}.jsonl"

    def make(self, change: Change) -> None:
        """Write the change down, durably, then make it. Raises ``EnvironmentFault`` if the device refuses."""
        self._append(change)
        if change.how == "reverse":
            port = int(change.do)
            self._device.reverse(port, port)
            return
        result = self._run(change.how, change.do)
        if result:
            raise EnvironmentFault(f"{change.name}: {result}", where=self._device.serial)

    def pending(self) -> list[Change]:
        """Changes that were not undone; a line that was cut while being written is left out."""
        try:
            if self.path.stat().st_size > MAX_BYTES:
                raise EnvironmentFault("the journal of changes is too large", where=str(self.path))
            lines = self.path.read_text("utf-8", "replace").splitlines()
        except OSError:
            return []
        found = []
        for line in lines:
            with contextlib.suppress(ValueError, TypeError, KeyError):
                row = json.loads(line)
                change = Change(*(str(row[key]) for key in Change._fields))  # type: ignore[arg-type]
                if change.how in ("shell", "root", "reverse"):
                    found.append(change)
        return found

    def undo(self) -> list[str]:
        """Undo everything pending, last first. Returns what could not be undone, one line each."""
        faults = []
        for change in reversed(self.pending()):
            try:
                if change.how == "reverse":
                    self._device.reverse_remove(int(change.undo))
                elif change.undo and (fault := self._run(change.how, change.undo)):
                    faults.append(f"{change.name}: {fault}")
            except (EnvironmentFault, ValueError) as error:
                faults.append(f"{change.name}: {error}")
        if self._device.state() == "device":  # a device that is away keeps its journal for the next start
            self.path.unlink(missing_ok=True)
        return faults

    def _run(self, how: str, line: str) -> str:
        """Run a line; the fault as text, empty if it went well."""
        result = self._device.as_root(line) if how == "root" else self._device.shell(line)
        return (result.text.strip() or f"exit code {result.code}")[:200] if result.code else ""

    def _append(self, change: Change) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(change._asdict(), ensure_ascii=True) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            hint = "changes on a device are made only if they can be written down"
            raise EnvironmentFault(error.strerror or "cannot be written", where=str(self.path), hint=hint) from error
