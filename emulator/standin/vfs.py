"""The device's files: a real directory as root, device paths resolved inside it, mounts with real effect.

A mount changes the real directory (the old content is moved aside, a bind is a relative symbolic link), so that app
processes which read the directory directly see it too. There is one mount namespace for all processes.
"""

from __future__ import annotations

import os
import posixpath
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MAX_LINKS = 40
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


@dataclass
class Meta:
    """Owner, group, exact mode and SELinux context as the device shows them."""

    uid: int = 0
    gid: int = 0
    mode: int | None = None
    context: str = ""


@dataclass
class Mount:
    """One mount made by `mount`: where, what kind, where the hidden content waits."""

    at: str
    kind: str
    source: str
    host: Path
    hidden: Path


@dataclass
class Stat:
    """What stat shows."""

    mode: int
    uid: int
    gid: int
    size: int
    mtime: int
    ino: int
    dev: int
    nlink: int
    context: str
    atime: int
    ctime: int
    mtime_ns: int


class Vfs:
    """Device paths in, real files out. Every path is confined to ``root``; errors are OSError."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._meta: dict[int, Meta] = {}
        self.mounts: list[Mount] = []
        self._count = 0
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
        self._owner("/data/local/tmp", 2000, 2000, 0o771)
        self._owner("/storage/emulated/0", 1023, 1023, 0o770)
        for name in ("build.prop",):
            (self.root / "system" / name).touch()

    def _owner(self, path: str, uid: int, gid: int, mode: int) -> None:
        self.set_meta(path, uid=uid, gid=gid, mode=mode)

    # paths

    def norm(self, path: str, cwd: str = "/") -> str:
        """Absolute device path without ``.`` and ``..``; ``/proc/N/root/x`` is ``/x``."""
        full = posixpath.normpath(posixpath.join(cwd, path))
        full = "/" + full.lstrip("/")
        parts = full.split("/")
        while (
            len(parts) >= 4 and parts[1] == "proc" and (parts[2].isdigit() or parts[2] == "self") and parts[3] == "root"
        ):
            parts = ["", *parts[4:]] if len(parts) > 4 else ["", ""]
        return "/".join(parts) or "/"

    def host(self, path: str, cwd: str = "/", follow: bool = True) -> Path:
        """Real path of a device path; links are followed inside the root only."""
        if "\0" in path:
            raise FileNotFoundError(path)
        todo = [p for p in self.norm(path, cwd).split("/") if p]
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
            if real.is_symlink() and (todo or follow or self._is_bind(real)):
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

    def _is_bind(self, real: Path) -> bool:
        return any(m.kind == "bind" and m.host == real for m in self.mounts)

    # files

    def exists(self, path: str, cwd: str = "/") -> bool:
        if self.virtual(self.norm(path, cwd)) is not None:
            return True
        try:
            return self.host(path, cwd).exists()
        except OSError:
            return False

    def is_dir(self, path: str, cwd: str = "/") -> bool:
        try:
            return self.host(path, cwd).is_dir()
        except OSError:
            return False

    def read(self, path: str, cwd: str = "/") -> bytes:
        """Whole content; generated files too."""
        made = self.virtual(self.norm(path, cwd))
        if made is not None:
            return made
        real = self.host(path, cwd)
        if real.is_dir():
            raise IsADirectoryError(21, "Is a directory", path)
        if not real.exists():
            raise FileNotFoundError(2, "No such file or directory", path)
        if real.stat().st_size > MAX_FILE:
            raise OSError(27, "File too large", path)
        return real.read_bytes()

    def write(self, path: str, data: bytes, cwd: str = "/", append: bool = False) -> None:
        if self.norm(path, cwd) == "/dev/null":
            return
        real = self.host(path, cwd)
        if real.is_dir():
            raise IsADirectoryError(21, "Is a directory", path)
        if not real.parent.is_dir():
            raise FileNotFoundError(2, "No such file or directory", path)
        with real.open("ab" if append else "wb") as out:
            out.write(data)

    def listdir(self, path: str, cwd: str = "/") -> list[str]:
        real = self.host(path, cwd)
        if not real.exists():
            raise FileNotFoundError(2, "No such file or directory", path)
        if not real.is_dir():
            raise NotADirectoryError(20, "Not a directory", path)
        return sorted(p.name for p in real.iterdir() if not p.name.startswith(".standin-"))

    def stat(self, path: str, cwd: str = "/", follow: bool = True) -> Stat:
        made = self.virtual(self.norm(path, cwd))
        if made is not None:
            return Stat(stat.S_IFREG | 0o444, 0, 0, 0, 0, 1, 3, 1, "u:object_r:proc:s0", 0, 0, 0)
        real = self.host(path, cwd, follow)
        st = real.stat() if follow else real.lstat()
        meta = self._meta.get(st.st_ino, Meta())
        mode = st.st_mode if meta.mode is None else stat.S_IFMT(st.st_mode) | meta.mode
        context = meta.context or _context(self.device(real))
        return Stat(
            mode,
            meta.uid,
            meta.gid,
            st.st_size,
            int(st.st_mtime),
            st.st_ino,
            st.st_dev,
            st.st_nlink,
            context,
            int(st.st_atime),
            int(st.st_ctime),
            st.st_mtime_ns,
        )

    def set_meta(
        self,
        path: str,
        cwd: str = "/",
        *,
        uid: int | None = None,
        gid: int | None = None,
        mode: int | None = None,
        context: str | None = None,
    ) -> None:
        """Changes owner, mode or context; the real file stays readable and writable to us."""
        real = self.host(path, cwd)
        st = real.stat()
        meta = self._meta.setdefault(st.st_ino, Meta())
        meta.uid = meta.uid if uid is None else uid
        meta.gid = meta.gid if gid is None else gid
        meta.context = meta.context if context is None else context
        if mode is not None:
            meta.mode = mode & 0o7777
            real.chmod((mode & 0o777) | (0o700 if real.is_dir() else 0o600))

    def remove(self, path: str, cwd: str = "/") -> None:
        real = self.host(path, cwd, follow=False)
        self._forget(real)
        real.unlink()

    def rmtree(self, path: str, cwd: str = "/") -> None:
        real = self.host(path, cwd, follow=False)
        if real == self.root:
            raise PermissionError(1, "Operation not permitted", path)
        if real.is_symlink() or not real.is_dir():
            self.remove(path, cwd)
            return
        for at in [m for m in self.mounts if m.host == real or real in m.host.parents]:
            raise OSError(16, "Device or resource busy", at.at)
        for each in real.rglob("*"):
            self._forget(each)
        self._forget(real)
        shutil.rmtree(real)

    def _forget(self, real: Path) -> None:
        st = real.lstat()
        if st.st_nlink <= 1 or stat.S_ISDIR(st.st_mode):
            self._meta.pop(st.st_ino, None)

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
        real.rename(hidden)
        if target is None:
            real.mkdir(mode=0o755)
        else:
            real.symlink_to(os.path.relpath(target, real.parent))
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
                if mount.host.is_symlink():
                    mount.host.unlink()
                else:
                    shutil.rmtree(mount.host)
                mount.hidden.rename(mount.host)
            del self.mounts[index]
            return
        raise OSError(22, "Invalid argument", at)


def _context(path: str) -> str:
    for prefix, label in (
        ("/system/etc/security/cacerts", "system_security_cacerts_file"),
        ("/apex/com.android.conscrypt", "system_security_cacerts_file"),
        ("/system", "system_file"),
        ("/apex", "system_file"),
        ("/data/app/", "apk_data_file"),
        ("/data/local/tmp", "shell_data_file"),
        ("/data/data/", "app_data_file"),
        ("/storage", "fuse"),
        ("/data", "system_data_file"),
    ):
        if path.startswith(prefix):
            return f"u:object_r:{label}:s0"
    return "u:object_r:rootfs:s0"
