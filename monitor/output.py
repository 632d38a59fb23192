"""Files and directories that are written where the user says, or where nobody else could have prepared a place.

Every other user of the machine may lie in wait: with a directory of the expected name, with a link, with the right to
exchange either while it is in use. ``folder`` opens the directory of every command that fills one.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

from monitor.errors import EnvironmentFault, InputError

_HINTS: Final = {
    errno.ENOENT: "make the directory first",
    errno.ENOTDIR: "name a directory that exists",
    errno.EISDIR: "name a file",
    errno.EACCES: "name a place where this user may write",
}
_LINKS: Final = 40
_CHOOSE: Final = "choose another directory"
_EXCHANGE: Final = f"they could exchange what is written there; {_CHOOSE}"


def write_out(path: Path, data: bytes) -> None:
    """Write a file that the user asked for. Raises ``InputError``.

    A link is not written through, and neither is a further name of another file, or another user's file: a checkout or
    a shared directory may hold one that leads elsewhere. Nor is one through another user's link or directory in a
    directory where everybody may create names.
    """
    flags = os.O_WRONLY | os.O_CREAT | (0 if path.parent == Path("/dev") else os.O_NOFOLLOW)
    try:
        if path.parent != Path("/dev") and not path.is_symlink():
            _walk(path)
        try:
            fd = os.open(path, flags | os.O_EXCL, 0o666)
        except FileExistsError:
            fd = os.open(path, flags, 0o666)
        with os.fdopen(fd, "wb") as file:
            about = os.fstat(fd)
            if stat.S_ISREG(about.st_mode):
                if about.st_uid != os.geteuid() or about.st_nlink > 1:
                    why = "another user's file" if about.st_nlink == 1 else "a file with several names"
                    raise InputError(why, where=str(path), hint="remove it, or write elsewhere")
                os.ftruncate(fd, 0)
            file.write(data)
    except OSError as error:
        said = "a link: remove it, or write elsewhere" if error.errno == errno.ELOOP else error.strerror
        raise InputError(said or "cannot be written", where=str(path), hint=_HINTS.get(error.errno or 0, "")) from None


def folder(path: Path, *, empty: bool = True) -> Path:
    """Make a directory to write in, or accept the existing one; returns ``path``.

    Raises ``InputError`` if it is a link, another user's, not a directory, not empty (with ``empty``), or if others can
    exchange it or what is in it; ``EnvironmentFault`` if it cannot be made.
    """
    try:
        missing = _walk(path)
        for place in missing:
            try:
                place.mkdir(mode=0o755)
            except FileExistsError:  # someone was faster: it is judged as any existing one
                return folder(path, empty=empty)
        if not missing:
            _require_own(path, empty=empty)
    except OSError as error:
        raise EnvironmentFault(error.strerror or type(error).__name__, where=str(path)) from None
    return path


def default_place(kind: str = "") -> Path:
    """Where ``folder`` makes a directory when the user names none: in the system's temporary directory, under a name
    that nobody can foresee."""
    named = ("monitor", kind, f"{datetime.now():%Y%m%d-%H%M%S}", secrets.token_hex(8))
    return Path(tempfile.gettempdir()) / "-".join(filter(None, named))


def trusted(path: Path) -> bool:
    """Whether nobody but this user and root can have written a file: code is taken from no other."""
    try:
        about = path.lstat()
        return (
            not _walk(path) and about.st_uid in (0, os.geteuid()) and not _shared(about)
            and path.parent.stat().st_uid in (0, os.geteuid())
        )  # fmt: skip
    except (OSError, InputError):
        return False


def _require_own(path: Path, *, empty: bool) -> None:
    about = path.stat()
    if not stat.S_ISDIR(about.st_mode):
        raise InputError("not a directory", where=str(path), hint=_CHOOSE)
    if about.st_uid != os.geteuid():
        raise InputError("the directory belongs to another user", where=str(path), hint=_EXCHANGE)
    if _shared(about):
        raise InputError("others can write to the directory", where=str(path), hint=_EXCHANGE)
    if empty and any(path.iterdir()):
        hint = f"{_CHOOSE}; nothing was written"
        raise InputError("the directory is not empty", where=str(path), hint=hint)


def _walk(path: Path) -> list[Path]:
    """Follow a path as the system does, judging each step; returns what is still to be made, outermost first.

    In a directory where everybody may create names (``/tmp``), a link or a directory counts only if it is ours or
    root's. One where everybody may also rename what is others' (no sticky bit) cannot be used at all.
    """
    rest = list(reversed(path.absolute().parts[1:]))
    here, links = Path(path.absolute().anchor), 0
    while rest:
        part = rest.pop()
        if part == "..":
            here = here.parent
            continue
        around = here.stat()
        shared = _shared(around)
        if shared and not around.st_mode & stat.S_ISVTX:
            hint = f"{_EXCHANGE}, or take that right away: chmod go-w"
            raise InputError("others can write to the directory", where=str(here), hint=hint)
        step = here / part
        try:
            about = step.lstat()
        except FileNotFoundError:
            names = [part, *reversed(rest)]
            if ".." in names:
                raise InputError("no such directory", where=str(step), hint=_CHOOSE) from None
            return [here.joinpath(*names[: n + 1]) for n in range(len(names))]
        if shared and about.st_uid not in (0, os.geteuid()):
            raise InputError("it belongs to another user", where=str(step), hint=_EXCHANGE)
        if stat.S_ISLNK(about.st_mode):
            links += 1
            if not rest or links > _LINKS:
                raise InputError("a link", where=str(step), hint=f"name the directory itself, or {_CHOOSE}")
            target = step.readlink()
            rest += [part for part in reversed(target.parts) if part != target.anchor]
            here = Path(target.anchor) if target.is_absolute() else here
            continue
        here = step
    return []


def _shared(about: os.stat_result) -> bool:
    """Whether others can create names in a directory; a group of its owner's alone is not others."""
    if about.st_mode & stat.S_IWOTH:
        return True
    return bool(about.st_mode & stat.S_IWGRP) and about.st_gid not in (0, os.getegid(), about.st_uid)
