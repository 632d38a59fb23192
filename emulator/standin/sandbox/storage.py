"""What apps may take of the machine's disk: an app that takes more is ended, as one that Android kills is.

Files of an app lie where this machine has room, and no file system has a limit that any user may set. So the room that
is left is looked at, which costs nothing, and only where it shrinks is counted what the apps have.
"""

from __future__ import annotations

import asyncio
import os
import stat
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .contain import company

_INTERVAL = 0.25
SHRUNK, FEWER = 16 << 20, 2_000
"""Bytes and files less than before at which it is counted."""
LOW, SOME = 256 << 20, 64 << 20
"""Bytes left of a full disk at which an app that has some of it is ended."""


@dataclass(frozen=True)
class Quota:
    """Most bytes and files of one app, with the storage that it shares."""

    size: int = 1 << 30
    files: int = 100_000


@dataclass
class Used:
    """What was counted."""

    size: int = 0
    files: int = 0

    def over(self, quota: Quota) -> bool:
        return self.size > quota.size or self.files > quota.files


def count(tops: Iterable[Path], pids: Iterable[int], quota: Quota) -> Used:
    """Bytes and files below folders, and files that have no name any more but are open; no further than ``quota``.
    A path that is too long to be followed counts as all of it: nothing honest has one."""
    used, todo = Used(), [*map(str, tops)]
    devices = {os.lstat(top).st_dev for top in todo if os.path.lexists(top)}
    while todo and not used.over(quota):
        try:
            with os.scandir(todo.pop()) as rows:
                for row in rows:
                    used.files += 1
                    if row.is_dir(follow_symlinks=False):
                        todo.append(row.path)
                    else:
                        used.size += row.stat(follow_symlinks=False).st_blocks * 512
                    if used.over(quota):
                        break
        except FileNotFoundError:
            continue
        except OSError as bad:
            if bad.errno == 36:  # ENAMETOOLONG
                used.files = quota.files + 1
    used.size += sum(_nameless(pids, devices).values())
    return used


def _nameless(pids: Iterable[int], devices: set[int]) -> dict[int, int]:
    """Bytes of files that were removed and are still open or mapped, by number."""
    found: dict[int, int] = {}
    for pid in pids:
        for link in _listed(Path(f"/proc/{pid}/fd")):
            try:
                about = link.stat()
            except OSError:
                continue
            if stat.S_ISREG(about.st_mode) and not about.st_nlink and about.st_dev in devices:
                found[about.st_ino] = about.st_blocks * 512
        try:
            lines = Path(f"/proc/{pid}/maps").read_text("utf-8", "replace").splitlines()
        except OSError:
            continue
        for line in lines:
            if not line.endswith(" (deleted)"):
                continue
            span, _, offset, device, inode, *_ = line.split()
            major, minor = (int(part, 16) for part in device.split(":"))
            first, last = (int(part, 16) for part in span.split("-"))
            if os.makedev(major, minor) in devices:
                found[int(inode)] = max(found.get(int(inode), 0), int(offset, 16) + last - first)
    return found


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


class Watch:
    """Looks after the storage of the apps that run. ``apps``: by package its folders and its processes' spaces;
    ``end``: told the package and why."""

    def __init__(
        self,
        root: Path,
        apps: Callable[[], dict[str, tuple[Sequence[Path], Sequence[str]]]],
        end: Callable[[str, str], Any],
        quota: Quota,
    ) -> None:
        self._root, self._apps, self._end, self._quota = root, apps, end, quota
        self._seen: set[str] = set()
        self._left = (0, 0)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            began = time.monotonic()
            if self._apps() and self._shrunk():
                await self._look()
            await asyncio.sleep(max(_INTERVAL, 3 * (time.monotonic() - began)))

    def _shrunk(self) -> bool:
        """Whether there is less room than when it was counted, or an app that was not counted yet."""
        now = os.statvfs(self._root)
        left = now.f_bavail * now.f_frsize, now.f_favail
        new = set(self._apps()) - self._seen
        if not new and self._left[0] - left[0] < SHRUNK and self._left[1] - left[1] < FEWER:
            self._left = max(self._left[0], left[0]), max(self._left[1], left[1])
            return False
        self._left = left
        return True

    async def _look(self) -> None:
        apps = self._apps()
        self._seen = set(apps)
        for package, (folders, spaces) in apps.items():
            pids = await asyncio.to_thread(company, spaces)
            used = await asyncio.to_thread(count, folders, pids, self._quota)
            if used.over(self._quota):
                self._end(package, "storage quota exceeded")
            elif self._left[0] < LOW and used.size > SOME:
                self._end(package, "no space left on the device")
            else:
                continue
            self._seen.discard(package)
