"""Files and directories that are written where the user says, or where nobody else could have prepared a place.

Every other user of the machine may lie in wait: with a directory of the expected name, with a link, with the right to
exchange either while it is in use. ``folder`` opens the directory of every command that fills one.
"""

import contextlib
import itertools
import os
import re
import secrets
import stat
from datetime import datetime
from pathlib import Path
from typing import Final

from monitor.base import host
from monitor.base.errors import InputError, MonitorError, writing
from monitor.base.paths import state_home

#: Directory of the sessions for which the user names none.
SESSIONS: Final = "monitor-sessions"
_LINKS: Final = 40
#: Characters that act instead of being seen: control and format characters, bidirectional overrides, separators.
_ACTING: Final = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e007f]"
)
_CHOOSE: Final = "choose another directory"
_EXCHANGE: Final = f"they could exchange what is written there; {_CHOOSE}"


def write_out(path: Path, data: bytes) -> None:
    """Write a file that the user asked for. Raises ``InputError``, and ``EnvironmentFault`` if it cannot be written.

    A link is not written through, and neither is a further name of another file, or another user's file: a checkout or
    a shared directory may hold one that leads elsewhere. Nor is one through another user's link or directory in a
    directory where everybody may create names.
    """
    device = path.parent == Path("/dev")
    with writing(path):
        if not device and not path.is_symlink():
            _walk(path)
        try:
            fd = host.opened(path, host.CREATE, follow=device)
        except FileExistsError:
            fd = host.opened(path, os.O_WRONLY | os.O_CREAT, follow=device)
        with os.fdopen(fd, "wb") as file:
            about = os.fstat(fd)
            if stat.S_ISREG(about.st_mode):
                if not host.own(about) or about.st_nlink > 1:
                    why = "another user's file" if about.st_nlink == 1 else "a file with several names"
                    raise InputError(why, where=str(path), hint="remove it, or write elsewhere")
                os.ftruncate(fd, 0)
            file.write(data)


def inert_json(data: bytes) -> bytes:
    """The same JSON (UTF-8) with every character escaped that a terminal or an editor would act on. Such characters
    can only be in its strings, so that it keeps its meaning."""
    if data.isascii() and b"\x7f" not in data:
        return data
    return _ACTING.sub(_escape, data.decode("utf-8", "replace")).encode("utf-8", "replace")


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def folder(path: Path, *, empty: bool = True) -> Path:
    """Make a directory to write in, or accept the existing one; returns ``path``.

    Raises ``InputError`` if it is a link, another user's, not a directory, not empty (with ``empty``), or if others can
    exchange it or what is in it; ``EnvironmentFault`` if it cannot be made.
    """
    with writing(path):
        missing = _walk(path)
        for place in missing:
            try:
                place.mkdir(mode=0o755)
            except FileExistsError:  # someone was faster: it is judged as any existing one
                return folder(path, empty=empty)
        if not missing:
            _require_own(path, empty=empty)
    return path


def free(path: Path) -> None:
    """Raise ``InputError`` where ``folder`` would: nothing is made."""
    with writing(path):
        if not _walk(path):
            _require_own(path, empty=True)


def default_place(kind: str = "") -> Path:
    """Where ``folder`` makes a directory when the user names none: in ``monitor-sessions`` of the current directory,
    or, where this user may not write or others may, beside what is kept between sessions. Its name cannot be foreseen.
    """
    named = (f"{datetime.now():%Y%m%d-%H%M%S}", kind, secrets.token_hex(3))
    return _sessions() / "-".join(filter(None, named))


def _sessions() -> Path:
    here = Path.cwd() / SESSIONS
    nearest = here if here.is_dir() else here.parent
    try:
        _walk(here)
        if os.access(nearest, os.W_OK | os.X_OK) and not host.shared(nearest.stat()):
            return here
    except (OSError, InputError):
        pass
    return state_home() / "sessions"


def keep_out_of_git(place: Path) -> None:
    """Sessions hold personal values: a directory that we made for them in a checkout is not committed."""
    if place.parent.name == SESSIONS and place.parent.is_dir():
        with contextlib.suppress(OSError, MonitorError):
            if not (place.parent / ".gitignore").exists():
                write_out(place.parent / ".gitignore", b"*\n")


def trusted(path: Path) -> bool:
    """Whether nobody but this user and root can have written a file: code is taken from no other."""
    try:
        about, around = path.lstat(), path.parent.stat()
        return not (_walk(path) or host.shared(about)) and host.own_or_roots(about) and host.own_or_roots(around)
    except (OSError, InputError):
        return False


def _require_own(path: Path, *, empty: bool) -> None:
    about = path.stat()
    if not stat.S_ISDIR(about.st_mode):
        raise InputError("not a directory", where=str(path), hint=_CHOOSE)
    if not host.own(about):
        raise InputError("the directory belongs to another user", where=str(path), hint=_EXCHANGE)
    if host.shared(about):
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
        shared = host.shared(around)
        if shared and not around.st_mode & stat.S_ISVTX:
            hint = f"{_EXCHANGE}, or take that right away: chmod go-w"
            raise InputError("others can write to the directory", where=str(here), hint=hint)
        step = here / part
        try:
            about = step.lstat()
        except FileNotFoundError:
            if ".." in rest:
                raise InputError("no such directory", where=str(step), hint=_CHOOSE) from None
            return list(itertools.accumulate(reversed(rest), Path.joinpath, initial=step))
        if shared and not host.own_or_roots(about):
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
