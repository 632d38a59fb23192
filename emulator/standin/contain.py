"""What keeps an app in: its process sees no file but its own and the device's, and runs with nobody's rights.

An app for the stand-in is arbitrary Java. Without this it has the rights of whoever started the stand-in.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from .island import Island

#: Added to the uid that Android would give: a user that no account has.
USERS = 0x60000000
_TRY = 10.0
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/hosts", "/etc/nsswitch.conf", "/etc/ld.so.cache", "/etc/localtime")


@dataclass(frozen=True)
class View:
    """What a process may see: folders and files to read, and to write."""

    read: tuple[Path, ...]
    write: tuple[Path, ...]
    hide: tuple[Path, ...] = ()
    """Folders below one to read that look empty."""


@dataclass(frozen=True)
class Box:
    """How app processes are started. ``kind``: ``bubblewrap`` (namespaces, another user) or ``none``."""

    kind: str
    island: Island | None = None

    @property
    def about(self) -> str:
        """In one word for files and rights, in another for the network."""
        return f"{self.kind}, {'private network' if self.island else 'shared network'}"

    def command(self, program: Path, uid: int, view: View, info: int, name: str = "") -> list[str]:
        """The command that runs ``program`` as ``name``, and its executable first; bubblewrap writes the process id to
        the file descriptor ``info``."""
        if self.kind != "bubblewrap":
            return [str(program), name or str(program)]
        start = [str(program)]
        if name and (bash := shutil.which("bash")):  # what /proc shows as the command line is the process's name
            start = [bash, "-c", 'exec -a "$0" "$@"', name, str(program)]
        bwrap = str(shutil.which("bwrap"))
        words = [bwrap, bwrap, "--die-with-parent", "--unshare-ipc", "--unshare-uts", "--info-fd", str(info)]
        for path in map(Path, _SYSTEM):
            if path.is_symlink() and path.parent == Path("/"):
                words += ["--symlink", str(path.readlink()), str(path)]
            elif path.exists():
                words += ["--ro-bind", str(path.resolve()), str(path)]
        words += ["--ro-bind", "/proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp"]
        for flag, paths in (("--ro-bind", view.read), ("--tmpfs", view.hide), ("--bind", view.write)):
            for path in paths:
                for parent in list(reversed(path.parents))[1:]:
                    words += ["--perms", "0755", "--dir", str(parent)] if not _below(parent, view.read) else []
                words += ["--perms", "0755", flag, str(path)] if flag == "--tmpfs" else [flag, str(path), str(path)]
        words += ["--chdir", "/tmp"]
        if os.geteuid():
            return [*words, "--unshare-user", "--uid", str(uid), "--gid", str(uid), "--", *start]
        user = str(USERS + uid)
        for right in ("SETUID", "SETGID", "SETPCAP"):
            words += ["--cap-add", f"CAP_{right}"]
        drop = ["--reuid", user, "--regid", user, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]
        drop += ["--no-new-privs", "--pdeathsig", "KILL"]
        return [*words, "--", str(shutil.which("setpriv")), *drop, *start]

    def before(self, then: Callable[[], None]) -> Callable[[], None]:
        """What the new process does before it runs its program."""

        def prepare() -> None:
            if self.island:
                self.island.enter()
            then()

        return prepare

    def give(self, uid: int, paths: Iterable[Path]) -> None:
        """Let the app's user write below these folders."""
        if self.kind == "none" or os.geteuid():
            return
        for top in paths:
            os.chown(top, USERS + uid, USERS + uid, follow_symlinks=False)
            for directory, folders, files in os.walk(top):
                for name in (*folders, *files):
                    os.chown(Path(directory) / name, USERS + uid, USERS + uid, follow_symlinks=False)


FREE = Box("none")
NOTHING = View((), ())


def _below(path: Path, tops: Iterable[Path]) -> bool:
    return any(top == path or top in path.parents for top in tops)


def find(wanted: str = "auto") -> Box:
    """The best that this system allows. ``wanted`` none: run apps with our own rights, as where nothing else goes."""
    if wanted == "none":
        return Box("none")
    island = Island.begin()
    box = Box("bubblewrap", island)
    if shutil.which("bwrap") and (os.geteuid() or shutil.which("setpriv")):
        reader, writer = os.pipe()
        try:
            command = box.command(Path(str(shutil.which("true"))), 10_000, View((), ()), writer)
            tried = subprocess.run(
                command[1:],
                pass_fds=[writer],
                preexec_fn=box.before(lambda: None),
                capture_output=True,
                timeout=_TRY,
            )
            if tried.returncode == 0:
                return box
        except (OSError, subprocess.SubprocessError):
            pass
        finally:
            os.close(reader)
            os.close(writer)
    return Box("none", island)


def child(data: bytes) -> int:
    """The process id in what bubblewrap wrote. ValueError."""
    return int(json.loads(data)["child-pid"])
