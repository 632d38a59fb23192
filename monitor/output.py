"""Files that are written where the user says."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

from monitor.errors import InputError

_HINTS: Final = {
    errno.ENOENT: "make the directory first",
    errno.ENOTDIR: "name a directory that exists",
    errno.EISDIR: "name a file",
    errno.EACCES: "name a place where this user may write",
}


def write_out(path: Path, data: bytes) -> None:
    """Write a file that the user asked for. Raises ``InputError``.

    A link is not written through: a checkout or a shared directory may hold one that leads elsewhere.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | (0 if path.parent == Path("/dev") else os.O_NOFOLLOW)
    try:
        with os.fdopen(os.open(path, flags, 0o666), "wb") as file:
            file.write(data)
    except OSError as error:
        why = "a link: remove it, or write elsewhere" if error.errno == errno.ELOOP else error.strerror
        raise InputError(why or "cannot be written", where=str(path), hint=_HINTS.get(error.errno or 0, "")) from None
