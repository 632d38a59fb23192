"""Files below a folder, opened so that nothing outside it can be reached.

Apps write to part of the device's tree and may exchange a folder for a link between two steps of ours: so each folder
on the way is opened in the one before, no link is followed, and what is done is done in the open folder.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@contextlib.contextmanager
def parent(root: Path, real: Path, *, make: bool = False) -> Iterator[tuple[int, str]]:
    """The open folder of ``real`` and its name there; ``make``: missing folders are made. OSError where a link, or
    what is no folder, stands in the way."""
    *folders, name = real.relative_to(root).parts or (".",)
    here = os.open(root, _FOLDER)
    try:
        for folder in folders:
            if make:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(folder, dir_fd=here)
            inner = os.open(folder, _FOLDER, dir_fd=here)
            os.close(here)
            here = inner
        yield here, name
    finally:
        os.close(here)


def opened(root: Path, real: Path, flags: int) -> int:
    """A regular file, open. OSError for anything else: a pipe would keep us waiting."""
    with parent(root, real) as (folder, name):
        file = os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644, dir_fd=folder)
    if stat.S_ISREG(mode := os.fstat(file).st_mode):
        return file
    os.close(file)
    raise IsADirectoryError(21, "Is a directory") if stat.S_ISDIR(mode) else PermissionError(13, "Permission denied")


def cleared(top: Path) -> None:
    """Remove a directory that nobody uses any more. An app may have filled it: with directories deeper than there are
    files to be opened, or that it took its own rights from. So directories are moved up to the top one by one."""
    todo, made = [Path()], 0
    while todo:
        here = top / todo.pop()
        with contextlib.suppress(OSError):
            here.chmod(0o700)
            for path in list(here.iterdir()):
                if not stat.S_ISDIR(path.lstat().st_mode):
                    path.unlink()
                    continue
                path.chmod(0o700)
                if here != top:
                    while os.path.lexists(top / f".cleared-{made}"):
                        made += 1
                    path = path.rename(top / f".cleared-{made}")
                todo.append(path.relative_to(top))
            if here != top:
                here.rmdir()
    with contextlib.suppress(OSError):
        top.rmdir()
