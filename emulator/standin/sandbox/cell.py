"""Runs one program with nobody's rights in namespaces of its own: the program `contain` starts for each, with FD.

By system calls alone, so that it needs no other program. The file descriptor gives what is wanted, by marshal:
the namespaces to enter, what to show of the files, the user, the program. Its ``said`` takes one answer: ``host``
and ``inside``, the process's number out here and in there, with ``space``, which files it sees; or ``failed``, the step
that was refused. The exit code is the program's, or 128 and the number of its signal. Started for every process of an
app: each import counts.
"""

from __future__ import annotations

import contextlib
import ctypes
import marshal
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterator

from seccomp import program as filter_program

_LIBC = ctypes.CDLL(None, use_errno=True)
_MS = {"ro": 1, "nosuid": 2, "nodev": 4, "noexec": 8, "remount": 32, "bind": 4096, "rec": 16384, "private": 1 << 18}
#: What statvfs says of a mount that a remount must say again: its bit there, and mount(2)'s.
_KEPT = ((1, 1), (2, 2), (4, 4), (8, 8), (1024, 1024), (2048, 2048), (4096, 1 << 21))
_DETACH = 2
_PDEATHSIG, _SECCOMP, _DROP, _NO_NEW_PRIVS, _AMBIENT = 1, 22, 24, 38, 47
_CAPABILITIES = 0x20080522
_OLD = "/.old"
_TASKS, _FILE = 1024, 256 << 20
"""Processes and threads of an app's user, and bytes of a file: as much as apps need, and no machine is filled with."""


class Refused(Exception):
    """A step that this system does not allow."""


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """A block whose failure is told by the step's name."""
    try:
        yield
    except OSError as bad:
        raise Refused(f"{name}: {bad.strerror}") from None


def _checked(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def mount(source: str, target: str, kind: str | None, flags: str, data: str = "", more: int = 0) -> None:
    """mount(2); ``flags`` by name."""
    number = more
    for flag in flags.split():
        number |= _MS[flag]
    words = (source.encode(), os.fsencode(target), kind.encode() if kind else None)
    _checked(_LIBC.mount(*words, ctypes.c_ulong(number), data.encode() if data else None))


def prctl(*words: int) -> None:
    _checked(_LIBC.prctl(words[0], *map(ctypes.c_ulong, (*words[1:], *[0] * (5 - len(words))))))


def end_with_parent() -> None:
    prctl(_PDEATHSIG, signal.SIGKILL)


# files


def show(wanted: dict) -> None:
    """A root that holds only what is wanted, all of it to read but what is to write."""
    real = {path: os.path.realpath(path) for part in ("system", "read", "write") for path in wanted[part]}
    links = {path: os.readlink(path) for path in wanted["system"] if os.path.islink(path) and path.count("/") == 1}
    with step("mount namespace"):
        os.unshare(os.CLONE_NEWNS)
        mount("none", "/", None, "rec private")
    with step("own root"):  # on /proc, which every system has
        mount("tmpfs", "/proc", "tmpfs", "nosuid nodev", "mode=0755,size=16m")
        os.chdir("/proc")
        os.mkdir("." + _OLD)
        _checked(_LIBC.pivot_root(b".", b"." + _OLD.encode()))
        os.chdir("/")
    with step("own /proc"):
        os.mkdir("/proc")
        try:
            mount("proc", "/proc", "proc", "nosuid nodev noexec", "hidepid=2")
        except OSError:
            mount("proc", "/proc", "proc", "nosuid nodev noexec")
    with step("own files"):
        _devices()
        for path in wanted["system"]:
            if path in links:  # /bin is usr/bin
                os.symlink(links[path], path)
            elif os.path.exists(_OLD + real[path]):
                _bind(real[path], path)
        for path in ("/tmp", "/dev/shm"):
            os.makedirs(path, exist_ok=True)
            mount("tmpfs", path, "tmpfs", "nosuid nodev", "mode=1777,size=64m,nr_inodes=8192")
        read = dict.fromkeys(wanted["read"])
        for path in read:
            if not _below(path, [other for other in read if other != path]):  # else it comes with the other
                _bind(real[path], path)
        for path in wanted["hide"]:
            os.makedirs(path, exist_ok=True)
            mount("tmpfs", path, "tmpfs", "nosuid nodev", "mode=0755,size=1m")
        for path in wanted["write"]:
            _bind(real[path], path)
        for path in wanted["hide"]:
            mount("none", path, None, "remount bind ro nosuid nodev")
        _limit([*wanted["system"], *wanted["read"]], wanted["write"])
    with step("old root away"):
        _checked(_LIBC.umount2(_OLD.encode(), _DETACH))
        os.rmdir(_OLD)
        mount("none", "/", None, "remount bind ro nosuid nodev")
        os.chdir("/tmp")


def _devices() -> None:
    os.mkdir("/dev")
    for name in ("null", "zero", "full", "random", "urandom"):
        _bind(f"/dev/{name}", f"/dev/{name}")
    for name, target in (("fd", "fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        os.symlink(f"/proc/self/{target}", f"/dev/{name}")


def _bind(source: str, target: str) -> None:
    if os.path.isdir(_OLD + source):
        os.makedirs(target, exist_ok=True)
    elif not os.path.exists(_OLD + source):
        raise FileNotFoundError(2, os.strerror(2), source)
    elif not os.path.exists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT, 0o644))
    mount(_OLD + source, target, None, "bind rec")


def _limit(read: list[str], write: list[str]) -> None:
    """Mounts below ``read`` can be read only, and no mount gives rights by its files' owners."""
    with open("/proc/self/mountinfo", "rb") as file:
        points = [line.split(b" ")[4] for line in file]
    for plain in b" \t\n\\":  # the kernel writes these as octal numbers, and the backslash itself last
        points = [point.replace(b"\\%03o" % plain, bytes([plain])) for point in points]
    for point in dict.fromkeys(map(os.fsdecode, points)):
        if not (_below(point, read) or _below(point, write)):
            continue
        has = os.statvfs(point).f_flag
        flags = sum(flag for bit, flag in _KEPT if has & bit)
        mount("none", point, None, "remount bind nosuid" + ("" if _below(point, write) else " ro"), more=flags)


def _below(path: str, tops: list[str]) -> bool:
    return any(path == top or path.startswith(top.rstrip("/") + "/") for top in tops)


# rights


def become(user: int | None, uid: int) -> None:
    """Another user: ``user`` where we may become any, else ``uid`` of a user namespace. For good."""
    outer = os.geteuid(), os.getegid()
    if user is None:
        with step("user namespace"):
            os.unshare(os.CLONE_NEWUSER)
            for name, text in (
                ("setgroups", "deny"), ("uid_map", f"{uid} {outer[0]} 1"), ("gid_map", f"{uid} {outer[1]} 1"),
            ):  # fmt: skip
                with open(f"/proc/self/{name}", "w") as file:
                    file.write(text)
    with step("no capabilities"):
        prctl(_AMBIENT, 4)
        for number in range(64):
            try:
                prctl(_DROP, number)
            except OSError:  # so many has this kernel
                break
    if user is not None:
        with step("another user"):
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
    with step("no capabilities"):
        head = struct.pack("=II", _CAPABILITIES, 0)
        _checked(_LIBC.capset(head, bytes(24)))
        prctl(_NO_NEW_PRIVS, 1)
        end_with_parent()
    for limit, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_NPROC, _TASKS), (resource.RLIMIT_FSIZE, _FILE)):
        resource.setrlimit(limit, (most, most))


def filtered() -> None:
    """No system call that the filter denies, from now on."""
    with step("filter of system calls"):
        code = filter_program()
        buffer = ctypes.create_string_buffer(code, len(code))
        head = ctypes.create_string_buffer(struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer)))
        prctl(_SECCOMP, 2, ctypes.addressof(head))


# the program


def inside(wanted: dict, line: int) -> None:
    """The new process: shut in, then the program. Returns only after a failure."""
    os.umask(0o022)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # where the machine's memory ends, it is the app that ends
    show(wanted)
    become(wanted["user"], wanted["uid"])
    filtered()
    os.write(line, marshal.dumps({"inside": os.getpid(), "space": os.readlink("/proc/self/ns/mnt")}))
    os.closerange(3, 1 << 16)
    if not wanted["program"]:  # only whether it goes
        os._exit(0)
    try:
        os.execve(wanted["program"], wanted["words"], os.environ)
    except OSError as bad:
        os.write(2, f"{wanted['program']}: {bad.strerror}\n".encode())
    os._exit(127)


def main() -> int:
    """Enter, split off the program's process, wait for it."""
    end_with_parent()
    with os.fdopen(int(sys.argv[1]), "rb") as file:
        wanted = marshal.load(file)
    said, spaces = wanted["said"], wanted["spaces"]
    reader, writer = os.pipe()
    try:
        with step("namespaces"):
            for space, kind in spaces:
                os.setns(space, kind)
        end_with_parent()  # said again: another user need not end with the parent
        pid = os.fork()
    except Refused as bad:
        os.write(said, marshal.dumps({"failed": str(bad)}))
        return 125
    if not pid:
        try:
            end_with_parent()
            inside(wanted, writer)
        except Refused as bad:
            os.write(writer, marshal.dumps({"failed": str(bad)}))
        finally:  # never back into the code above
            os._exit(125)
    os.close(writer)
    told = os.read(reader, 4096)
    os.write(said, marshal.dumps({"host": pid} | (marshal.loads(told) if told else {"failed": "it ended at once"})))
    os.closerange(3, 1 << 16)
    _, status = os.waitpid(pid, 0)
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
