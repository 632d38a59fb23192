"""The device's files: their content, owners, modes and SELinux contexts, over a real directory."""

import contextlib
import os
import shutil
import stat
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .beneath import opened, parent
from .places import Places

MAX_FILE = 512 * 1024 * 1024

SKELETON = (
    "/acct /apex /cache /config /data/app /data/data /data/local/tmp /data/misc /data/system /data/user "
    "/data/user_de/0 /dev /linkerconfig /metadata /mnt /odm /oem /proc /product/app "
    "/storage/emulated/0/Android/data /storage/emulated/0/DCIM/Camera /storage/emulated/0/Download "
    "/storage/emulated/0/Music /storage/emulated/0/Movies /storage/emulated/0/Pictures/Screenshots "
    "/storage/emulated/0/Documents /storage/self /sys /system/app /system/bin "
    "/system/etc/security/cacerts /system/fonts /system/framework /system/lib64 /system/priv-app "
    "/system_ext/priv-app /vendor/bin"
).split()
LINKS = {
    "/bin": "system/bin",
    "/etc": "system/etc",
    "/sdcard": "storage/emulated/0",
    "/d": "sys",
    "/data/user/0": "../data",
}

#: SELinux types by the beginning of a path.
LABELS = {
    "/system/etc/security/cacerts": "system_security_cacerts_file",
    "/apex/com.android.conscrypt": "system_security_cacerts_file",
    "/system": "system_file",
    "/apex": "system_file",
    "/data/app/": "apk_data_file",
    "/data/local/tmp": "shell_data_file",
    "/data/data/": "app_data_file",
    "/storage": "fuse",
    "/data": "system_data_file",
}


@dataclass
class Meta:
    """Owner, group, exact mode and SELinux context as the device shows them."""

    uid: int = 0
    gid: int = 0
    mode: int | None = None
    context: str = ""


@dataclass
class Stat:
    """What stat shows."""

    mode: int
    uid: int
    gid: int
    size: int
    mtime: int
    nlink: int
    context: str


class Vfs(Places):
    """Device paths in, real files out. Every path is confined to ``root``; errors are OSError."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._meta: dict[int, Meta] = {}
        self.views = 0
        """How many places further namespaces have mounted."""
        self.virtual: Callable[[str], bytes | None] = lambda path: None
        """Content of generated files (``/proc/…``), None for anything else."""
        self._build()

    def _build(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        for name in SKELETON:
            (self.root / name[1:]).mkdir(parents=True, exist_ok=True)
        for name, target in LINKS.items():
            link = self.root / name[1:]
            if not link.is_symlink() and not link.exists():
                link.symlink_to(target)
        self.set_meta("/data/local/tmp", uid=2000, gid=2000, mode=0o771)
        self.set_meta("/storage/emulated/0", uid=1023, gid=1023, mode=0o770)

    def exists(self, path: str, cwd: str = "/") -> bool:
        try:
            self.stat(path, cwd)
        except OSError:
            return False
        return True

    def is_dir(self, path: str, cwd: str = "/") -> bool:
        try:
            return stat.S_ISDIR(self.stat(path, cwd).mode)
        except OSError:
            return False

    def open(self, path: str, cwd: str = "/", flags: int = os.O_RDONLY) -> int:
        """A regular file, open; links lead nowhere outside the root, whatever an app does meanwhile (`beneath`)."""
        try:
            return opened(self.root, self.host(path, cwd), flags)
        except OSError as bad:
            raise OSError(bad.errno, bad.strerror, path) from None

    def parent(
        self, path: str, cwd: str = "/", *, follow: bool = False, make: bool = False
    ) -> AbstractContextManager[tuple[int, str]]:
        """The open folder of a path and the name there, for what is done by name; ``make``: with missing folders."""
        return parent(self.root, self.host(path, cwd, follow), make=make)

    def mkdir(self, path: str, cwd: str = "/", *, parents: bool = False) -> None:
        """``parents``: with those above it, and nothing happens if it is there."""
        with self.parent(path, cwd, follow=True, make=parents) as (folder, name):
            try:
                os.mkdir(name, dir_fd=folder)
            except FileExistsError:
                if not parents or not stat.S_ISDIR(os.lstat(name, dir_fd=folder).st_mode):
                    raise

    def read(self, path: str, cwd: str = "/") -> bytes:
        """Whole content; generated files too."""
        made = self.virtual(self.norm(path, cwd))
        if made is not None:
            return made
        with os.fdopen(self.open(path, cwd), "rb") as file:
            data = file.read(MAX_FILE + 1) if os.fstat(file.fileno()).st_size <= MAX_FILE else None
        if data is None or len(data) > MAX_FILE:
            raise OSError(27, "File too large", path)
        return data

    def write(self, path: str, data: bytes, cwd: str = "/", append: bool = False) -> None:
        if self.norm(path, cwd) == "/dev/null":
            return
        flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if append else os.O_TRUNC)
        with os.fdopen(self.open(path, cwd, flags), "ab" if append else "wb") as out:
            out.write(data)

    def listdir(self, path: str, cwd: str = "/") -> list[str]:
        with self.parent(path, cwd, follow=True) as (folder, name):
            here = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            try:
                return sorted(each for each in os.listdir(here) if not each.startswith(".standin-"))  # noqa: PTH208
            finally:
                os.close(here)

    def readlink(self, path: str, cwd: str = "/") -> str:
        with self.parent(path, cwd) as (folder, name):
            return os.readlink(name, dir_fd=folder)

    def symlink(self, target: str, path: str, cwd: str = "/") -> None:
        with self.parent(path, cwd) as (folder, name):
            os.symlink(target, name, dir_fd=folder)

    def stat(self, path: str, cwd: str = "/", follow: bool = True) -> Stat:
        made = self.virtual(self.norm(path, cwd))
        if made is not None:
            return Stat(stat.S_IFREG | 0o444, 0, 0, 0, 0, 1, "u:object_r:proc:s0")
        real = self.host(path, cwd, follow)
        with parent(self.root, real) as (folder, name):
            st = os.lstat(name, dir_fd=folder)
        meta = self._meta.get(st.st_ino, Meta())
        mode = st.st_mode if meta.mode is None else stat.S_IFMT(st.st_mode) | meta.mode & 0o7777
        context = meta.context or _context(self.device(real))
        return Stat(mode, meta.uid, meta.gid, st.st_size, int(st.st_mtime), st.st_nlink, context)

    def set_meta(self, path: str, cwd: str = "/", *, mtime: int | None = None, **wanted: Any) -> None:
        """Changes the time, or what `Meta` has of it; the real file stays readable and writable to us."""
        with self.parent(path, cwd, follow=True) as (folder, name):
            here = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        try:
            st = os.fstat(here)
            self._meta[st.st_ino] = replace(self._meta.get(st.st_ino, Meta()), **wanted)
            if (mode := wanted.get("mode")) is not None:
                os.fchmod(here, (mode & 0o777) | (0o700 if stat.S_ISDIR(st.st_mode) else 0o600))
            if mtime is not None:
                os.utime(here, (mtime, mtime))
        finally:
            os.close(here)

    def remove(self, path: str, cwd: str = "/") -> None:
        with self.parent(path, cwd) as (folder, name):
            self._forget(os.lstat(name, dir_fd=folder))
            os.unlink(name, dir_fd=folder)

    def rmtree(self, path: str, cwd: str = "/") -> None:
        real = self.host(path, cwd, follow=False)
        if real == self.root:
            raise PermissionError(1, "Operation not permitted", path)
        if not stat.S_ISDIR(self.stat(path, cwd, follow=False).mode):
            self.remove(path, cwd)
            return
        for at in [m for m in self.mounts if m.host == real or real in m.host.parents]:
            raise OSError(16, "Device or resource busy", at.at)
        with parent(self.root, real) as (folder, name):
            self._forget(os.lstat(name, dir_fd=folder))
            for _, folders, files, here in os.fwalk(name, dir_fd=folder):
                for each in (*folders, *files):
                    with contextlib.suppress(FileNotFoundError):
                        self._forget(os.lstat(each, dir_fd=here))
            shutil.rmtree(name, dir_fd=folder)

    def _forget(self, st: os.stat_result) -> None:
        if st.st_nlink <= 1 or stat.S_ISDIR(st.st_mode):
            self._meta.pop(st.st_ino, None)


def _context(path: str) -> str:
    return f"u:object_r:{next((label for start, label in LABELS.items() if path.startswith(start)), 'rootfs')}:s0"
