"""The keys of the analyses that this user made on this machine: their results are the reader's own.

Only IDs are kept; the key of an analysis without ``--key`` is gone with its process, so that nothing else can be signed
with it.
"""

import contextlib
import os
import re
import stat
from pathlib import Path
from typing import Final

from monitor.base.paths import state_home

_ID: Final = re.compile(r"[0-9a-f]{64}")
_MOST: Final = 1 << 20


def _file() -> Path:
    return state_home() / "analyses"


def remember(key: str) -> None:
    """Keep the ID of a key. Where nothing can be kept, the user names it instead (``--results-key``)."""
    path = _file()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if key not in mine():
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
            with os.fdopen(fd, "w") as file:
                file.write(f"{key}\n")


def mine() -> frozenset[str]:
    """The IDs that were kept; none of a file that another user can write to."""
    try:
        fd = os.open(_file(), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(fd, "rb") as file:
            about = os.fstat(fd)
            own = stat.S_ISREG(about.st_mode) and about.st_uid == os.geteuid() and not about.st_mode & 0o022
            text = file.read(_MOST).decode("ascii", "replace") if own else ""
    except OSError:
        return frozenset()
    return frozenset(line for line in text.splitlines() if _ID.fullmatch(line))
