"""What keeps an app in: its process sees no file, process or network but its own and the device's, as nobody.

An app for the stand-in is arbitrary Java. Without this it has the rights of whoever started the stand-in.
"""

from __future__ import annotations

import asyncio
import contextlib
import marshal
import os
import signal
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .island import Island

#: Added to the uid that Android would give: a user that no account has.
USERS = 0x60000000
_CELL = f"import os, sys; sys.path.append({str(Path(__file__).parent)!r}); import cell; os._exit(cell.main())"
_TRY = 60.0
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/hosts", "/etc/nsswitch.conf", "/etc/ld.so.cache", "/etc/localtime")
_UID = 10_000
_SWEEPS = 500


class ContainError(Exception):
    """Nothing that keeps an app in goes here; the message says what was tried."""


@dataclass(frozen=True)
class View:
    """What a process may see: folders and files to read, and to write."""

    read: tuple[Path, ...]
    write: tuple[Path, ...]
    hide: tuple[Path, ...] = ()
    """Folders below one to read that look empty."""


@dataclass(frozen=True)
class Space:
    """The mount namespace of a cell, by its ``name``. It is kept open: the kernel gives the number of one that is no
    more to the next that begins, which may be of another app, or of another device on this machine."""

    name: str = ""
    file: int = -1

    @classmethod
    def of(cls, pid: int, name: str) -> Space:
        """That of a process, if it has not ended."""
        with contextlib.suppress(OSError):
            file = os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY)
            if str(Path(f"/proc/self/fd/{file}").readlink()) == name:
                return cls(name, file)
            os.close(file)
        return cls()

    def close(self) -> None:
        if self.file >= 0:
            os.close(self.file)


@dataclass(frozen=True)
class Box:
    """How app processes are started. Without an island: with our own rights."""

    island: Island | None = None

    @property
    def about(self) -> str:
        """In one word for files and rights, in another for the network (``ro.standin.containment``)."""
        if not self.island:
            return "none, shared network"
        if self.island.user:
            return "user namespace, own namespaces, private network"
        return "another user, own namespaces, private network"

    async def start(
        self, program: Path | None, words: list[str], uid: int, view: View, **given: Any
    ) -> tuple[asyncio.subprocess.Process, int, int, str]:
        """Starts ``program`` with ``words`` (its own name first) kept in; ``given`` for asyncio. The process that keeps
        it in, its own number out here and in its own table, and its space. Without a program it ends when all is done
        that keeps one in. ValueError or EOFError with what was refused.

        The space, the files that a cell sees, is common to all that its process begins: none can leave it."""
        assert self.island
        reader, writer = os.pipe()
        wanted: dict[str, Any] = {
            "spaces": self.island.spaces, "user": None if self.island.user else USERS + uid, "uid": uid,
            "system": list(_SYSTEM), "read": [*map(str, view.read)], "hide": [*map(str, view.hide)],
            "write": [*map(str, view.write)], "program": str(program or ""), "words": words, "said": writer,
        }  # fmt: skip
        asked = os.memfd_create("cell")
        try:
            try:
                os.write(asked, marshal.dumps(wanted))
                os.lseek(asked, 0, os.SEEK_SET)
                command = [sys.executable, "-I", "-S", "-c", _CELL, str(asked)]
                files = (asked, writer, *(space for space, _ in self.island.spaces))
                process = await asyncio.create_subprocess_exec(*command, pass_fds=files, **given)
            finally:  # what is the cell's alone is closed here, so that its end can be seen
                os.close(asked)
                os.close(writer)
            try:
                told = await asyncio.to_thread(os.read, reader, 4096)
                said = marshal.loads(told) if told else {"failed": "it ended without an answer"}
                if "failed" in said:
                    raise ValueError(said["failed"])
            except BaseException:  # also when it has taken too long
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                raise
            return process, int(said["host"]), int(said["inside"]), str(said["space"])
        finally:
            os.close(reader)

    def give(self, uid: int, paths: Iterable[Path]) -> None:
        """Let the app's user write below these folders."""
        if not self.island or self.island.user:
            return
        for top in paths:
            os.chown(top, USERS + uid, USERS + uid, follow_symlinks=False)
            for _, folders, files, at in os.fwalk(top):  # by open folders: another process of the app may exchange them
                for name in (*folders, *files):
                    with contextlib.suppress(FileNotFoundError):
                        os.chown(name, USERS + uid, USERS + uid, dir_fd=at, follow_symlinks=False)


FREE = Box()
NOTHING = View((), ())


def find(wanted: str = "auto") -> Box:
    """What keeps apps in here: another user if we are root, else a user namespace. ``wanted`` none: nothing, the apps
    have our own rights. ContainError if neither goes."""
    if wanted == "none":
        return FREE
    tried = []
    for user in (True,) if os.geteuid() else (False, True):
        how = "in a user namespace" if user else "as another user"
        try:
            island = Island.begin(user)
        except OSError as bad:
            tried.append(f"{how}: {bad.strerror}")
            continue
        box = Box(island)
        if not (why := _refused(box)):
            return box
        island.close()
        tried.append(f"{how}: {why}")
    raise ContainError("; ".join(tried))


def _refused(box: Box) -> str:
    """Why no program could be kept in so; empty if one can."""

    async def tried() -> str:
        none = asyncio.subprocess.DEVNULL
        async with asyncio.timeout(_TRY):
            process, *_ = await box.start(None, [], _UID, NOTHING, stdin=none, stdout=none, stderr=none)
            code = await process.wait()
        return f"exit code {code}" if code else ""

    try:
        return asyncio.run(tried())
    except (OSError, ValueError, EOFError) as bad:
        return str(bad) or f"no answer within {_TRY:.0f} s"


def company(spaces: Iterable[str]) -> list[int]:
    """Every process in these cells, also one that its parent left behind."""
    wanted = {space for space in spaces if space} - {_space("self")}
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and _space(path.name) in wanted]


def _space(process: str) -> str:
    try:
        return str(Path(f"/proc/{process}/ns/mnt").readlink())
    except OSError:
        return ""


def _kill(pid: int, space: str) -> None:
    """The process, if it is still of that cell: a number may be another's by now."""
    with contextlib.suppress(OSError):
        process = os.pidfd_open(pid)
        try:
            if _space(str(pid)) == space:
                signal.pidfd_send_signal(process, signal.SIGKILL)
        finally:
            os.close(process)


def swept(space: str) -> None:
    """End what an app's process has left behind, as Android ends the whole group of one that died."""
    for _ in range(_SWEEPS):
        if not (pids := company([space])):
            return
        for pid in pids:
            _kill(pid, space)
        time.sleep(0.01)


def main() -> int:
    """Prints what keeps apps in here, or fails with what was tried."""
    try:
        box = find()
    except ContainError as bad:
        print(bad, file=sys.stderr)
        return 1
    print(box.about)
    if box.island:
        box.island.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
