"""This machine's system: what Linux, macOS and Windows do differently, and the only place that may ask which one it is.

Files are opened in binary and through no link, everywhere. What a system does not have is left out: on Windows a file
has no mode and no owner that we could judge (the folders of a user's profile are that user's own), a directory cannot
be made durable, and memory is bounded on Linux only.
"""

import codecs
import contextlib
import errno
import hashlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

if sys.platform == "win32":
    import _thread
    import msvcrt

    _APART: dict[str, Any] = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    import fcntl
    import resource
    import select
    import termios
    import tty

    _APART = {"start_new_session": True}

#: Ways of opening. Reading does not wait where somebody has put a pipe.
READ: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL
APPEND: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND
CHANGE: Final = os.O_RDWR | os.O_CREAT
#: Whether a process can go on as two. On macOS its own libraries do not survive that.
FORKS: Final = sys.platform == "linux"
#: For ``subprocess``: a process that a Ctrl-C in our terminal does not reach.
APART: Final[Mapping[str, Any]] = _APART
#: Whether its clock goes on while the machine is asleep.
COUNTS_SLEEP: Final = sys.platform == "linux"
#: What writing into a pipe that nobody reads any more fails with.
PIPE_CLOSED: Final = frozenset({errno.EPIPE, errno.EINVAL} if sys.platform == "win32" else {errno.EPIPE})
_BINARY: Final = getattr(os, "O_BINARY", 0)
_NOFOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
_LOCK_AT: Final = 0x7FFF_FFF0  # Windows locks bytes, and nobody else can read them: these are beyond any end
_REPLACE_S: Final = 3.0
_AGAIN_S: Final = 0.05


def opened(path: Path, how: int, mode: int = 0o666, *, follow: bool = False) -> int:
    """A file's descriptor. Raises ``OSError``; for a link, unless it may be followed, with ``ELOOP``."""
    if not follow and not _NOFOLLOW and path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return os.open(path, how | _BINARY | (0 if follow else _NOFOLLOW), mode)


def opened_below(top: Path, name: str) -> int:
    """For reading, a file by its POSIX path below a directory, whatever others put in the place of it or of a directory
    on the way: no link is followed. Raises ``OSError``."""
    *folders, last = name.split("/")
    if sys.platform == "win32":
        steps = [top.joinpath(*folders[:count]) for count in range(1, len(folders) + 1)]
        if any(step.is_symlink() or step.is_junction() for step in steps):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), name)
        return opened(top.joinpath(*folders, last), READ)
    else:
        flags = READ | os.O_NOFOLLOW
        here = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for folder in folders:
                above, here = here, os.open(folder, flags | os.O_DIRECTORY, dir_fd=here)
                os.close(above)
            return os.open(last, flags, dir_fd=here)
        finally:
            os.close(here)


def flush(fd: int) -> None:
    """Make what was written to a file durable."""
    getattr(os, "fdatasync", os.fsync)(fd)


def synced(path: Path) -> None:
    """Make a file durable, or the names that were created and removed in a directory."""
    if sys.platform == "win32" and path.is_dir():
        return
    fd = os.open(path, os.O_RDWR | _BINARY if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def replace(new: Path, path: Path) -> None:
    """Put ``new`` in the place of ``path``, at once. Windows refuses it while anybody has either open, often a search
    for viruses: it is tried for three seconds. Raises ``OSError``."""
    until = time.monotonic() + (_REPLACE_S if sys.platform == "win32" else 0)
    while True:
        try:
            new.replace(path)
            return
        except PermissionError:
            if time.monotonic() >= until:
                raise
            time.sleep(_AGAIN_S)


def make_private(fd: int) -> None:
    """Nobody but its owner may use a file."""
    if sys.platform != "win32":
        os.fchmod(fd, 0o600)


def ours(uid: int | None) -> bool:
    """Whether a user is this process's own, or root. None: not known who."""
    return sys.platform != "win32" and uid in (0, os.geteuid())


def own(about: os.stat_result) -> bool:
    """Whether a file is this process's user's own."""
    return sys.platform == "win32" or about.st_uid == os.geteuid()


def own_or_roots(about: os.stat_result) -> bool:
    """Whether a file is this process's user's own, or root's."""
    return sys.platform == "win32" or ours(about.st_uid)


def shared(about: os.stat_result) -> bool:
    """Whether others can write to a file, or create names in a directory; a group of its owner's alone is not others.
    Windows does not say it in a file's mode."""
    if sys.platform == "win32":
        return False
    if about.st_mode & stat.S_IWOTH:
        return True
    return bool(about.st_mode & stat.S_IWGRP) and about.st_gid not in (0, os.getegid(), about.st_uid)


def lock(fd: int, *, wait: bool = True) -> None:
    """Lock an open file until it is closed. Raises ``BlockingIOError`` if another has and we do not wait."""
    if sys.platform == "win32":
        before = os.lseek(fd, 0, os.SEEK_CUR)
        os.lseek(fd, _LOCK_AT, os.SEEK_SET)
        while True:
            try:
                msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
                break
            except OSError:
                if not wait:
                    raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from None
            time.sleep(_AGAIN_S)
        os.lseek(fd, before, os.SEEK_SET)
    else:
        fcntl.flock(fd, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def lock_new(path: Path) -> int:
    """Create a file that no other process ever finds unlocked; its descriptor. Raises ``OSError``."""
    if sys.platform == "win32":  # a file that is open can be removed by nobody: whoever is faster does no harm
        fd = opened(path, CREATE)
        lock(fd)
        return fd
    new = path.with_name(f"{path.name}.new")
    fd = opened(new, CREATE, 0o600)
    lock(fd)
    new.rename(path)
    return fd


def lock_folder(path: Path) -> int:
    """Lock a directory, which is no link; the descriptor that holds the lock. Raises ``BlockingIOError`` if another
    has, ``OSError`` if it cannot be."""
    if sys.platform == "win32":  # a directory cannot be opened: a file of this name stands for it
        name = hashlib.sha256(str(path.resolve()).lower().encode()).hexdigest()
        fd = opened(Path(tempfile.gettempdir()) / f"monitor-{name}.lock", CHANGE)
    else:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        lock(fd, wait=False)
    except OSError:
        os.close(fd)
        raise
    return fd


@contextlib.contextmanager
def abandoned(place: Path, name: str) -> Iterator[None]:
    """Within the block, a directory of this user is nobody else's: the file ``name`` in it was locked by no process.
    Raises ``OSError`` if it is not so."""
    with contextlib.ExitStack() as held:
        if sys.platform == "win32":
            fd = opened(place / name, os.O_RDWR)
            held.callback(os.close, fd)
        else:
            # Opened before it is judged: another user can put a link in the place of theirs at any moment, not of ours.
            here = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            held.callback(os.close, here)
            if not own(os.fstat(here)):
                raise PermissionError(errno.EPERM, "another user's", str(place))
            fd = os.open(name, os.O_RDWR | os.O_NOFOLLOW, dir_fd=here)
            held.callback(os.close, fd)
        lock(fd, wait=False)
        if sys.platform == "win32":
            held.close()  # what is open could not be removed
        yield


def bound_memory(room: int) -> Callable[[], None]:
    """From now on this process gets no more than so many bytes of address space besides what it has. Returns what takes
    that back. Only on Linux; 0: no bound."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            pages = int(Path("/proc/self/statm").read_text("ascii").split()[0]) if room else 0
            soft, hard = resource.getrlimit(resource.RLIMIT_AS)
            wanted = pages * resource.getpagesize() + room
            bounds = [wanted, *(bound for bound in (soft, hard) if bound != resource.RLIM_INFINITY)]
            if room:
                resource.setrlimit(resource.RLIMIT_AS, (min(bounds), hard))
                return lambda: resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    return lambda: None


def boot_ns() -> int:
    """Nanoseconds since the machine was started, the same in every process."""
    if sys.platform == "linux":
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    else:
        return time.monotonic_ns()


def fork() -> int:
    """As ``os.fork``; only where the host ``FORKS``."""
    if sys.platform == "win32":
        raise NotImplementedError
    return os.fork()


def kill(pid: int) -> None:
    """End a process at once. Raises ``ProcessLookupError`` if there is none."""
    if sys.platform == "win32":
        os.kill(pid, signal.SIGTERM)
    else:
        os.kill(pid, signal.SIGKILL)


def end_group(process: subprocess.Popen[Any], *, at_once: bool) -> None:
    """End a process that was started ``APART``, with what it started. Windows ends processes at once only."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        else:
            os.killpg(process.pid, signal.SIGKILL if at_once else signal.SIGTERM)


def interrupt() -> None:
    """Ask this process to end in order, as SIGTERM does."""
    if sys.platform == "win32":  # where os.kill ends it at once
        _thread.interrupt_main(signal.SIGTERM)
    else:
        os.kill(os.getpid(), signal.SIGTERM)


@contextlib.contextmanager
def keyboard() -> Iterator[Callable[[float], str | None]]:
    """Single keys from the terminal of standard input, which is left as it was. Yields what waits for so many seconds
    and returns what was typed: empty = nothing; None = the terminal is gone."""
    if sys.platform == "win32":

        def typed(seconds: float) -> str | None:
            until = time.monotonic() + seconds
            while not msvcrt.kbhit():
                if time.monotonic() >= until:
                    return ""
                time.sleep(_AGAIN_S)
            key = msvcrt.getwch()
            if key in "\0\xe0":  # of an arrow or a function key, which is no text
                msvcrt.getwch()
                return ""
            return key

        yield typed
    else:
        place, decoder = sys.stdin.fileno(), codecs.getincrementaldecoder("utf-8")("replace")
        before = termios.tcgetattr(place)

        def read(seconds: float) -> str | None:
            if not select.select([place], [], [], seconds)[0]:
                return ""
            data = os.read(place, 1024)
            return decoder.decode(data) if data else None

        tty.setcbreak(place)
        try:
            yield read
        finally:
            termios.tcsetattr(place, termios.TCSADRAIN, before)
