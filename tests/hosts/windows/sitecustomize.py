"""This machine as the monitor would see it on Windows: first on PYTHONPATH, it is loaded as Python starts.

Only modules of the monitor see it, not Python's own nor other packages, which have wheels for Windows and are not what
is tried. They import ``sys``, ``os`` and the like without what Windows lacks (the names that ruff refuses outside of
``monitor/base/host.py``, so that there is one list), and find no module of POSIX; they may not open a file by ``os``
without ``O_BINARY``, read or write text in the machine's own encoding, replace, rename or remove what is open, make a
name that Windows has not, or start what no Windows has; text that they write has CRLF. Not simulated: drives and
backslashes (``pathlib`` chooses its kind by ``os.name``), the console, the rights of files, and what a real ``msvcrt``,
``taskkill`` or Ctrl-C does.
"""

from __future__ import annotations

import builtins
import errno
import fcntl
import importlib
import importlib.machinery
import io
import os
import re
import subprocess
import sys
import tomllib
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[3]
_BINARY = 0x8000
#: What ruff refuses and Windows has.
_THERE = {
    "os.open",
    "os.kill",
    "os.getppid",
    "os.umask",
    "os.waitpid",
    "os.O_BINARY",
    "select",
    "msvcrt",
    "nt",
    "winreg",
}
_REFUSED = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
_GONE = set(_REFUSED["flake8-tidy-imports"]["banned-api"]) - _THERE | {"socket.AF_NETLINK", "socket.AF_UNIX"}
_MODULES = {name for name in _GONE if "." not in name}
_NAMES = {tuple(name.rsplit(".", 1)) for name in _GONE if "." in name}
_BAD_NAME = re.compile(r'[<>:"|?*\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.I)


def _from_monitor() -> bool:
    """Whether what runs was called by the monitor, perhaps by way of ``pathlib`` or the like."""
    frame: types.FrameType | None = sys._getframe(2)
    for _ in range(4):
        if frame is None:
            return False
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith("monitor."):
            return True
        if name.partition(".")[0] not in ("pathlib", "os", "io", "shutil", "contextlib", __name__):
            return False
        frame = frame.f_back
    return False


def _is_open(path: Any) -> bool:
    place = os.path.realpath(path)
    for number in os.listdir("/proc/self/fd"):  # noqa: PTH208
        try:
            if os.readlink(f"/proc/self/fd/{number}") == place:  # noqa: PTH115
                return True
        except OSError:
            continue
    return False


def _unless_open(call: Callable[..., Any], *, over: bool = True) -> Callable[..., Any]:
    def checked(*places: Any, **how: Any) -> Any:
        if _from_monitor():
            if any(_is_open(place) for place in places if isinstance(place, str | os.PathLike)):
                raise PermissionError(errno.EACCES, "it is open", str(places[0]))
            if not over and os.path.exists(places[1]):  # noqa: PTH110
                raise FileExistsError(errno.EEXIST, "it exists", str(places[1]))
        return call(*places, **how)

    return checked


def _open(path: Any, flags: int, mode: int = 0o777, *, dir_fd: None = None) -> int:
    if not flags & _BINARY:
        raise AssertionError(f"os.open in text mode: {path}")
    if os.path.isdir(path):  # noqa: PTH112
        raise PermissionError(errno.EACCES, "a directory", str(path))
    return os.open(path, flags & ~_BINARY, mode)


def _text_has_crlf(call: Callable[..., Any]) -> Callable[..., Any]:
    def opened(file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, *rest: Any, **how: Any) -> Any:
        how |= dict(zip(("errors", "newline", "closefd", "opener"), rest, strict=False))
        if "b" not in mode and mode[0] in "wax" and how.get("newline") is None and _from_monitor():
            how["newline"] = "\r\n"
        return call(file, mode, buffering, encoding, **how)

    return opened


def _refuse_names(event: str, words: tuple[Any, ...]) -> None:
    creates = event == "os.mkdir" or (event == "open" and isinstance(words[2], int) and words[2] & os.O_CREAT)
    if creates and isinstance(words[0], str | os.PathLike) and (_BAD_NAME.search(Path(words[0]).name)):
        raise OSError(errno.EINVAL, "not a name on Windows", str(words[0]))


def _require_there(words: Any) -> None:
    if str(words[0]).startswith("/bin/"):
        raise FileNotFoundError(errno.ENOENT, "no such program on Windows", str(words[0]))


class _Popen(subprocess.Popen[Any]):
    def __init__(self, words: Any, *rest: Any, **how: Any) -> None:
        _require_there(words)
        if how.pop("creationflags", 0):
            how["start_new_session"] = True
        super().__init__(words, *rest, **how)


def _run(words: Any, *rest: Any, **how: Any) -> Any:
    _require_there(words)
    if words[0] == "taskkill":
        os.killpg(int(words[-1]), 9)
        return subprocess.CompletedProcess(words, 0)
    if how.get("text") and not how.get("encoding"):
        raise AssertionError(f"output of {words[0]} is read in the machine's own encoding")
    return subprocess.run(words, *rest, **how)


def _locking(fd: int, how: int, count: int) -> None:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise PermissionError(errno.EACCES, "locked by another") from None


_OWN: dict[str, dict[str, Any]] = {
    "sys": {"platform": "win32"},
    "os": {"name": "nt", "O_BINARY": _BINARY, "open": _open},
    "subprocess": {"CREATE_NEW_PROCESS_GROUP": 0x200, "Popen": _Popen, "run": _run},
}
_MADE = {"msvcrt": types.SimpleNamespace(LK_NBLCK=2, locking=_locking)}


class _Seen(types.ModuleType):
    """A module as the monitor sees it: its other names are the real one's, also when they are set."""

    def __init__(self, real: types.ModuleType) -> None:
        super().__init__(real.__name__)
        self.__dict__["_real"] = real

    def __getattr__(self, name: str) -> Any:
        real = self.__dict__["_real"]
        own = _OWN.get(real.__name__, {})
        if name in own:
            return own[name]
        if (real.__name__, name) in _NAMES:
            raise AttributeError(f"module {real.__name__!r} has no attribute {name!r} on Windows")
        return getattr(real, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.__dict__["_real"], name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self.__dict__["_real"], name)


_seen: dict[str, _Seen] = {}
_SHOWN = {*_OWN, *(module for module, _ in _NAMES)}


def _import(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
    top = name.partition(".")[0]
    if level == 0 and top in _MODULES:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    if level == 0 and name in _MADE:
        return _MADE[name]
    found = builtins.__import__(name, globals, locals, fromlist, level)
    if level == 0 and found.__name__ in _SHOWN:
        return _seen.setdefault(found.__name__, _Seen(found))
    return found


class _Finder(importlib.machinery.PathFinder):
    @classmethod
    def find_spec(cls, name: str, path: Any = None, target: Any = None) -> Any:
        if name.partition(".")[0] != "monitor":
            return None
        spec = super().find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def exec_module(self, module: types.ModuleType) -> None:
        module.__dict__["__builtins__"] = {**vars(builtins), "__import__": _import, "open": io.open}
        super().exec_module(module)


sys.meta_path.insert(0, _Finder)
sys.addaudithook(_refuse_names)
os.replace, os.rename = _unless_open(os.replace), _unless_open(os.rename, over=False)
os.unlink = os.remove = _unless_open(os.unlink)
io.open = _text_has_crlf(io.open)  # type: ignore[assignment]
warnings.filterwarnings("error", category=EncodingWarning, module=r"monitor\..*")
