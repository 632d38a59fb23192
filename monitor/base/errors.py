"""The errors that users may see.

MonitorError
├── InputError         bad input or usage                    exit 2
├── EnvironmentFault   device, JVM, port, permission         exit 3
└── EvidenceDamaged    a bundle is not what was recorded     exit 4

Only ``monitor.cli`` turns one into a line of text and an exit code. ``str(error)`` is that line: what, where, fix.
"""

import contextlib
import difflib
import errno
import os
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import Final


def nearest(wrong: str, known: Iterable[str]) -> str:
    """A hint for a word that is not known: the one that was probably meant, else those that there are."""
    words = sorted(known)
    near = difflib.get_close_matches(wrong, words, n=1, cutoff=0.7)
    return f"did you mean {near[0]}?" if near else "one of: " + ", ".join(words[:80])


class MonitorError(Exception):
    """Something the user must know: ``message`` (what), ``where`` (file:line, host, device) and ``hint`` (how to fix).

    None of the three may hold a personal value.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        line = f"{self.where}: {self.message}" if self.where else self.message
        if self.hint:
            line = f"{line} ({self.hint})"
        return printable(line)


class InputError(MonitorError):
    """Bad input or usage: a scenario, rule, declaration, catalogue, option or file that cannot be used."""

    exit_code = 2


class EnvironmentFault(MonitorError):
    """The device, the JVM, a port, a permission of the operating system or a worker process is not as required."""

    exit_code = 3


class EvidenceDamaged(MonitorError):
    """A bundle differs from what was recorded. ``expected`` and ``actual`` are short texts or digests."""

    exit_code = 4

    def __init__(self, message: str, *, where: str = "", expected: str = "", actual: str = "", hint: str = "") -> None:
        if expected or actual:
            message = f"{message}: expected {expected}, found {actual}"
        super().__init__(message, hint=hint, where=where)
        self.expected = expected
        self.actual = actual


class ResultsOfAnother(EvidenceDamaged):
    """The recording is intact, but its results, or what an analysis would take over from them, are attested by a key
    that is neither the recorder's nor one that the reader named. ``key``: its ID, empty if nobody attested them."""

    def __init__(self, where: str, key: str, hint: str) -> None:
        said = f"attested by key {key}, not by the recording's" if key else "attested by nobody"
        super().__init__(said, where=where, hint=hint)
        self.key = key


_UNREADABLE: Final = {
    errno.ENOENT: ("no such file", "check the name"),
    errno.ENOTDIR: ("no such file", "check the name"),
    errno.EISDIR: ("a directory, not a file", "name a file"),
    errno.EACCES: ("not allowed for this user", "run it as the file's owner"),
}


def unreadable(error: OSError, path: object) -> InputError:
    """Why a file that the user named cannot be read, and what to do."""
    why, hint = _UNREADABLE.get(error.errno or 0, (error.strerror or "cannot be read", ""))
    return InputError(why, where=str(path), hint=hint)


@contextlib.contextmanager
def reading(path: object) -> Iterator[None]:
    """In the block, a file that the user named is read: see ``unreadable``."""
    try:
        yield
    except OSError as error:
        raise unreadable(error, path) from None


def read_bytes(path: Path, most: int, fault: str) -> bytes:
    """The bytes of a file that the user named, at most so many. Raises ``InputError``, ``fault`` for a larger one."""
    with reading(path):
        if path.stat().st_size > most:
            raise InputError(fault, where=str(path))
        return path.read_bytes()


_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
_FREE_SPACE: Final = "free space or fix the disk"
#: How a place to write at can be named wrongly; whatever else the system refuses is no fault of the input.
_MISNAMED: Final = {
    errno.ENOENT: ("no such directory", "make the directory first"),
    errno.ENOTDIR: ("not a directory", "name a directory that exists"),
    errno.EISDIR: ("a directory, not a file", "name a file"),
    errno.EEXIST: ("the file exists already", "choose another name"),
    errno.ELOOP: ("a link", "remove it, or write elsewhere"),
}


@contextlib.contextmanager
def writing(place: object, *, named: bool = True) -> Iterator[None]:
    """In the block, something is written: what the system refuses becomes an ``InputError`` where the user ``named``
    the place wrongly, and else an ``EnvironmentFault``."""
    try:
        yield
    except OSError as error:
        code, why = error.errno or 0, error.strerror or type(error).__name__
        if code == errno.ENOENT and Path(str(place)).parent.is_dir():  # as /proc refuses it
            code, why = 0, "nothing can be made there"
        if named and code in _MISNAMED:
            why, hint = _MISNAMED[code]
            raise InputError(why, where=str(place), hint=hint) from None
        hint = _FREE_SPACE if code in _DISK else "name a place where this user may write"
        raise EnvironmentFault(why, where=str(place), hint=hint) from None


def own_fault(error: BaseException) -> MonitorError:
    """An unexpected exception as one line. Its text may hold a personal value: only its type and place are shown.

    A full or failing disk is not an internal error: it is named. Nor is a name that no file can have.
    """
    fault: MonitorError
    if isinstance(error, OSError) and error.errno in _DISK:
        fault = EnvironmentFault(os.strerror(error.errno), where=str(error.filename or ""), hint=_FREE_SPACE)
    elif isinstance(error, PermissionError) and error.filename:
        hint = "run it as the file's owner"
        fault = EnvironmentFault("not allowed for this user", where=str(error.filename), hint=hint)
    elif isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        fault = InputError("a name is longer than a file's may be", hint="check the names that were given")
    else:
        frames = traceback.extract_tb(error.__traceback__)
        place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        hint = "set MONITOR_DEBUG=1 for details"
        fault = EnvironmentFault(f"internal error: {type(error).__name__}{place}", hint=hint)
    fault.__cause__ = error
    return fault


def printable(text: str, limit: int = 600) -> str:
    """One line of at most ``limit`` characters with control characters and bidirectional overrides escaped."""
    clean = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: limit + 1])
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
