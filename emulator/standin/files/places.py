"""Where device paths lie: a real directory as root, paths resolved inside it, mounts with real effect.

A mount changes the real directory (the old content is moved aside, a bind is a relative symbolic link), so that app
processes which read the directory directly see it too. This is init's mount namespace, and that of all other processes
unless a trait says otherwise (``namespaces``).
"""

import os
import posixpath
import re
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .beneath import parent

MAX_LINKS = 40
_UNDER = re.compile(r"/proc/(\d+|self)/root(/.*)?\Z", re.S)


@dataclass
class Mount:
    """One mount made by `mount`: where, what kind, where the hidden content waits."""

    at: str
    kind: str
    source: str
    host: Path
    hidden: Path


class Places:
    """Device paths to real paths. Every path is confined to ``root``; errors are OSError."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.mounts: list[Mount] = []
        self.one_namespace = True
        """Whether what is mounted is seen by every process: what stands under ``/proc/N/root``."""
        self.zygote: Any = None
        """The files as zygote and its children have them, where that is another view (``namespaces.Namespace``)."""
        self.su: Any = None
        """The files as commands of `su` have them, where that is another view."""
        self._count = 0

    def norm(self, path: str, cwd: str = "/") -> str:
        """Absolute device path without ``.`` and ``..``; ``/proc/N/root/x`` is ``/x``."""
        full = posixpath.normpath(posixpath.join(cwd, path))
        full = "/" + full.lstrip("/")
        while self.one_namespace and (under := _UNDER.match(full)):
            full = under[2] or "/"
        return full

    def host(self, path: str, cwd: str = "/", follow: bool = True) -> Path:
        """Real path of a device path; links are followed inside the root only."""
        if "\0" in path:
            raise FileNotFoundError(path)
        full = self.norm(path, cwd)
        if not self.one_namespace and (under := _UNDER.match(full)):
            return Path((self if under[1] in ("1", "self") else self.zygote).host(under[2] or "/", "/", follow))
        todo = [p for p in full.split("/") if p]
        here: list[str] = []
        links = 0
        while todo:
            name = todo.pop(0)
            if name == "..":
                here = here[:-1]
                continue
            if name == ".":
                continue
            if len(name.encode()) > 255:
                raise OSError(36, "File name too long", path)
            real = self.root.joinpath(*here, name)
            bind = any(mount.kind == "bind" and mount.host == real for mount in self.mounts)
            if real.is_symlink() and (todo or follow or bind):
                links += 1
                if links > MAX_LINKS:
                    raise OSError(40, "Too many symbolic links encountered", path)
                target = str(real.readlink())
                if target.startswith("/"):
                    here = []
                todo = [p for p in target.split("/") if p] + todo
                continue
            here.append(name)
        return self.root.joinpath(*here)

    def device(self, host: Path) -> str:
        """Device path of a real path under the root."""
        return "/" + str(host.relative_to(self.root)) if host != self.root else "/"

    # mounts

    def mount(self, kind: str, source: str, at: str, cwd: str = "/") -> None:
        """``tmpfs``: an empty directory hides the content. ``bind``: ``at`` shows ``source``."""
        real = self.host(at, cwd)
        if not real.exists():
            raise FileNotFoundError(2, "No such file or directory", at)
        if real == self.root or real in (self.root / "data", self.root / "proc"):
            raise PermissionError(1, "Operation not permitted", at)
        target = self.host(source, cwd) if kind == "bind" else None
        if target is not None and (not target.exists() or target.is_dir() != real.is_dir()):
            raise FileNotFoundError(2, "No such file or directory", source)
        if target is None and not real.is_dir():
            raise NotADirectoryError(20, "Not a directory", at)
        if target is not None and self._again(source, at, cwd):
            return
        if target is not None and (target == real or real in target.parents or target in real.parents):
            raise OSError(22, "Invalid argument", at)
        self._count += 1
        hidden = real.parent / f".standin-{self._count}-{real.name}"
        with parent(self.root, real) as (folder, name):  # an app may exchange a folder of the path for a link
            os.rename(name, hidden.name, src_dir_fd=folder, dst_dir_fd=folder)
            if target is None:
                os.mkdir(name, 0o755, dir_fd=folder)
            else:
                os.symlink(os.path.relpath(target, real.parent), name, dir_fd=folder)
        self.mounts.append(Mount(self.device(real), kind, source, real, hidden))

    def _again(self, source: str, at: str, cwd: str) -> bool:
        """One bind made in several namespaces is one bind here: only counted from the second on."""
        for mount in reversed(self.mounts):
            if mount.at in self._names(at, cwd):
                if mount.kind == "bind" and mount.source == source:
                    self.mounts.append(Mount(mount.at, "bind", source, mount.host, mount.host))
                    return True
                return False
        return False

    def _names(self, at: str, cwd: str) -> set[str]:
        """The path as given and with the links of its parent resolved."""
        full = self.norm(at, cwd)
        parent = self.device(self.host(posixpath.dirname(full))).rstrip("/")
        return {full, f"{parent}/{posixpath.basename(full)}"}

    def umount(self, at: str, cwd: str = "/") -> None:
        """Undoes the last mount on ``at``."""
        names = self._names(at, cwd)
        for index in range(len(self.mounts) - 1, -1, -1):
            mount = self.mounts[index]
            if mount.at not in names:
                continue
            if mount.hidden != mount.host:
                with parent(self.root, mount.host) as (folder, name):
                    if stat.S_ISLNK(os.lstat(name, dir_fd=folder).st_mode):
                        os.unlink(name, dir_fd=folder)
                    else:
                        shutil.rmtree(name, dir_fd=folder)
                    os.rename(mount.hidden.name, name, src_dir_fd=folder, dst_dir_fd=folder)
            del self.mounts[index]
            return
        raise OSError(22, "Invalid argument", at)
