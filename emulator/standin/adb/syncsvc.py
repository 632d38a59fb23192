"""adb's file service (`sync:`), in the first version of its protocol: STAT, LIST, SEND and RECV."""

import contextlib
import os
import posixpath
import stat
import struct
from pathlib import Path

from emulator.standin.files.vfs import MAX_FILE, Vfs
from emulator.standin.shell.context import may_write

from .adbd import Stream

CHUNK = 64 * 1024
BATCH = 512 * 1024
MAX_PATH = 1024


async def serve_sync(fs: Vfs, stream: Stream, uid: int = 0) -> None:
    """Answers requests until QUIT or the end."""
    while True:
        head = await stream.read_exact(8)
        name, size = head[:4], int.from_bytes(head[4:], "little")
        if name == b"QUIT":
            return
        if size > MAX_PATH:
            await _fail(stream, "path too long")
            return
        path = (await stream.read_exact(size)).decode("utf-8", "surrogateescape")
        if name == b"STAT":
            await stream.write(b"STAT" + struct.pack("<III", *_stat(fs, path)))
        elif name == b"LIST":
            await stream.write(_list(fs, path))
        elif name == b"SEND":
            if not await _send(fs, stream, path, uid):
                return
        elif name == b"RECV":
            await _recv(fs, stream, path)
        else:
            await _fail(stream, f"unknown command {name!r}")
            return


async def _fail(stream: Stream, message: str) -> None:
    data = message.encode()
    await stream.write(b"FAIL" + struct.pack("<I", len(data)) + data)


def _stat(fs: Vfs, path: str) -> tuple[int, int, int]:
    try:
        st = fs.stat(path, follow=False)
    except (OSError, ValueError):
        return 0, 0, 0
    return st.mode, min(st.size, 0xFFFFFFFF), max(0, st.mtime)


def _list(fs: Vfs, path: str) -> bytes:
    out = b""
    with contextlib.suppress(OSError, ValueError):
        for name in fs.listdir(path):
            raw = name.encode("utf-8", "surrogateescape")
            out += b"DENT" + struct.pack("<IIII", *_stat(fs, posixpath.join(path, name)), len(raw)) + raw
    return out + b"DONE" + bytes(16)


async def _send(fs: Vfs, stream: Stream, spec: str, uid: int) -> bool:
    """``path,mode`` then DATA… DONE mtime. The whole upload is read even if it cannot be kept."""
    path, _, mode_text = spec.rpartition(",")
    mode = int(mode_text) if mode_text.isdigit() else 0o100644
    if not path:
        path, mode = spec, 0o100644
    problem = ""
    total = 0
    temporary = fs.root / f".standin-up-{os.urandom(6).hex()}"  # where no app can write
    out = temporary.open("w+b")
    try:
        if not may_write(fs.norm(path), uid):
            raise PermissionError(13, "Permission denied", path)
        fs.mkdir(posixpath.dirname(fs.norm(path)), parents=True)
        if fs.is_dir(path):
            raise IsADirectoryError(21, "Is a directory")
        if stat.S_ISLNK(mode):
            raise OSError(95, "Operation not supported on transport endpoint")
    except (OSError, ValueError) as bad:
        problem = f"couldn't create file: {getattr(bad, 'strerror', None) or bad}"
    try:
        while True:
            head = await stream.read_exact(8)
            name, size = head[:4], int.from_bytes(head[4:], "little")
            if name == b"DONE":
                break
            if name != b"DATA" or size > CHUNK:
                await _fail(stream, "invalid data message" if name != b"DATA" else "oversize data message")
                return False
            data = await stream.read_exact(size)
            total += size
            if total > MAX_FILE:
                problem = "write failed: No space left on device"
            if not problem:
                out.write(data)
        out.close()
        if not problem:
            problem = _place(fs, path, temporary, mode, size)
        if problem:
            await _fail(stream, problem)
        else:
            await stream.write(b"OKAY" + bytes(4))
        return True
    finally:
        out.close()
        temporary.unlink(missing_ok=True)


def _place(fs: Vfs, path: str, temporary: Path, mode: int, mtime: int) -> str:
    try:
        with fs.parent(path, follow=True) as (folder, name):
            os.replace(temporary, name, dst_dir_fd=folder)
        fs.set_meta(path, uid=0, gid=0, mode=(mode & 0o777) or 0o644, mtime=mtime)
    except (OSError, ValueError) as bad:
        return f"couldn't create file: {getattr(bad, 'strerror', None) or bad}"
    return ""


async def _recv(fs: Vfs, stream: Stream, path: str) -> None:
    made = fs.virtual(fs.norm(path))
    if made is not None:
        await stream.write(_chunks(made) + b"DONE" + bytes(4))
        return
    try:
        source = os.fdopen(fs.open(path), "rb")
    except (OSError, ValueError) as bad:
        await _fail(stream, f"open failed: {getattr(bad, 'strerror', None) or bad}")
        return
    with source:
        while block := source.read(BATCH):
            await stream.write(_chunks(block))
    await stream.write(b"DONE" + bytes(4))


def _chunks(data: bytes) -> bytes:
    out = bytearray()
    for start in range(0, len(data), CHUNK):
        part = data[start : start + CHUNK]
        out += b"DATA" + struct.pack("<I", len(part)) + part
    return bytes(out)
