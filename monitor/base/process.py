"""Child processes and their framing (length, then bytes); and directories for what a session needs only while it runs,
of which the next session clears what a killed process left."""

import contextlib
import os
import stat
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Final, Self

from monitor.base import host
from monitor.base.paths import package_data

_MAX_FRAME: Final = 256 << 20
_HEAD: Final = struct.Struct(">I")
_PREFIX: Final = "monitor-run-"
_LOCK: Final = "lock"


def spawn(
    module: str, *arguments: str, stdout: int = subprocess.PIPE, stderr: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Run ``python -m module`` with a pipe for its input. Raises ``OSError``."""
    root = str(package_data("").resolve().parent)
    path = os.pathsep.join(p for p in (root, os.environ.get("PYTHONPATH", "")) if p)
    return subprocess.Popen(
        # -P: never import from the user's working directory. Apart: Ctrl-C goes to the parent only.
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
        env={**os.environ, "PYTHONPATH": path},
        **host.APART,
    )


def beside(
    serve: Callable[[IO[bytes], IO[bytes]], None], module: str, foreign: Iterable[IO[bytes]]
) -> tuple[IO[bytes], IO[bytes], Callable[[], int]]:
    """A process of our own that runs ``serve``, which takes questions and answers and does not return: forked where the
    host can (no other thread may run then; ``foreign`` streams are none of the other's), else the program ``module``.
    Its input, its output, and what waits for its exit code. Raises ``OSError``."""
    if not host.FORKS:
        child = spawn(module)
        assert child.stdin and child.stdout
        return child.stdin, child.stdout, child.wait
    question_out, question_in = os.pipe()
    answer_out, answer_in = os.pipe()
    if not (pid := host.fork()):
        for number in (question_in, answer_out, *(stream.fileno() for stream in foreign)):
            os.close(number)
        serve(os.fdopen(question_out, "rb"), os.fdopen(answer_in, "wb"))
    os.close(question_out)
    os.close(answer_in)
    ended = lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])  # noqa: E731
    return os.fdopen(question_in, "wb"), os.fdopen(answer_out, "rb"), ended


def send(stream: IO[bytes], data: bytes) -> None:
    """Write one frame and flush. Raises ``OSError`` when the other side is gone."""
    stream.write(_HEAD.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next frame; None = the other side is gone or sent something that is not a frame."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    if size > _MAX_FRAME:
        return None
    data = stream.read(size)
    return data if len(data) == size else None


class Scratch:
    """A directory of one process in the system's temporary directory, removed by ``close``.

    Its lock is held as long as the process lives, however it ends. A directory of the same user whose lock is free is
    therefore abandoned, and creating a scratch removes it. Raises ``OSError`` if none can be made.
    """

    def __init__(self) -> None:
        _clear()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock = host.lock_new(self.path / _LOCK)

    def close(self) -> None:
        """Remove it. Calling it again has no effect."""
        if self._lock >= 0:
            cleared(self.path)
            os.close(self._lock)
            self._lock = -1
            cleared(self.path)  # on Windows the lock could not be removed before

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _clear() -> None:
    for place in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError), host.abandoned(place, _LOCK):
            cleared(place)


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
