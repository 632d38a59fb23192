"""Mount namespaces beside init's: that of a `su` which isolates its commands, and that of zygote and its children."""

from pathlib import Path
from typing import Any

from emulator.standin.state.device import DeviceState

from .vfs import Vfs


class Namespace(Vfs):
    """The device's files as another mount namespace has them: what is mounted here, init does not see.

    ``sees``: whether init's own mounts are seen here (they propagate).
    """

    def __init__(self, fs: Vfs, *, sees: bool) -> None:
        self.__dict__.update(fs.__dict__)
        self._fs, self._sees = fs, sees
        self._own: dict[str, list[Path]] = {}

    def host(self, path: str, cwd: str = "/", follow: bool = True) -> Path:
        full = self.norm(path, cwd)
        for at, stack in self._own.items():
            if stack and (full == at or full.startswith(at + "/")):
                return stack[-1] / full[len(at) + 1 :]
        if not self._sees:
            for mount in self._fs.mounts:  # the oldest hides what was there before any of them
                if full == mount.at or full.startswith(mount.at + "/"):
                    return mount.hidden / full[len(mount.at) + 1 :]
        return self._fs.host(full, "/", follow)

    def mount(self, kind: str, source: str, at: str, cwd: str = "/") -> None:
        full, real = self.norm(at, cwd), self.host(at, cwd)
        if not real.exists():
            raise FileNotFoundError(2, "No such file or directory", at)
        if kind == "bind":
            target = self.host(source, cwd)
            if not target.exists():
                raise FileNotFoundError(2, "No such file or directory", source)
        else:
            self._fs.views += 1
            target = self.root / f".standin-view-{self._fs.views}"
            target.mkdir()
        self._own.setdefault(full, []).append(target)

    def umount(self, at: str, cwd: str = "/") -> None:
        stack = self._own.get(self.norm(at, cwd))
        if stack:
            stack.pop()
        elif self._sees:
            raise OSError(22, "Invalid argument", at)


class Inside:
    """The device as a command in another mount namespace has it: only its files differ."""

    def __init__(self, state: DeviceState, fs: Namespace) -> None:
        self.__dict__.update(base=state, fs=fs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["base"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.__dict__["base"], name, value)


def isolated(state: DeviceState) -> Any:
    """The device as the commands of a `su` have it that keeps them in a namespace of their own."""
    base: DeviceState = getattr(state, "base", state)
    if base.traits.su_mounts != "own":
        return base
    base.fs.su = base.fs.su or Namespace(base.fs, sees=True)
    return Inside(base, base.fs.su)


def of(state: Any, pid: int) -> Any:
    """The device as a command in a process's namespace has it. PermissionError if it may not be entered."""
    base: DeviceState = getattr(state, "base", state)
    if pid == 1:
        return base
    if not base.traits.zygote_bind:
        raise PermissionError(1, "Permission denied", f"/proc/{pid}/ns/mnt")
    return Inside(base, base.fs.zygote) if base.fs.zygote else base


def begin(state: DeviceState) -> None:
    """Zygote's namespace, where it is not simply init's."""
    if not (state.traits.zygote_bind and state.traits.propagates):
        state.fs.zygote = Namespace(state.fs, sees=False)
        state.fs.one_namespace = False
