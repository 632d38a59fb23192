"""Free space where a bundle is written. The recorder asks twice a second, whoever writes there: log, proxy or others;
blobs and pictures before each. So a session ends in order while there is room for its end."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from monitor.base.errors import EnvironmentFault, MonitorError

#: A session ends with less than 5 % of a file system free; on a small one with less than the first, on a large one not
#: before less than the second of these. Log, seal and report of an ordinary session take 6 MB.
_SHARE: Final = 20
_LEAST, _MOST = 16 << 20, 1 << 30


class NoSpace(EnvironmentFault):
    """What was to be written is not written: too little would be left for the end of the session."""


class Space:
    """The file system of a bundle. ``told`` is called, from any thread, each time that too little is left."""

    def __init__(self, folder: Path) -> None:
        self.told: Callable[[MonitorError], None] = lambda fault: None
        self._folder = folder

    def fault(self, size: int = 0) -> NoSpace | None:
        """Why a session must end if so many bytes more are written; None: it need not. Never raises."""
        try:
            total, _, free = shutil.disk_usage(self._folder)
        except OSError:
            return None  # whoever writes there meets it
        reserve = min(max(total // _SHARE, _LEAST), _MOST)
        if not total or free - size >= reserve:
            return None
        hint = "free space, or choose another disk with --out"
        fault = NoSpace(f"the disk is almost full: {free >> 20} MiB are free", where=str(self._folder), hint=hint)
        self.told(fault)
        return fault

    def require(self, size: int = 0) -> None:
        """Raises ``NoSpace`` if a session must end when so many bytes more are written."""
        if fault := self.fault(size):
            raise fault
