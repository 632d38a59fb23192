"""Undo content codings with a cap on the output, as protection against decompression bombs."""

from __future__ import annotations

import base64
import bz2
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import brotli  # type: ignore[import-untyped]
import zstandard

from monitor.archives import UNREADABLE

GZIP_MAGIC: Final = b"\x1f\x8b\x08"
BZIP2_MAGIC: Final = b"BZh"
XZ_MAGIC: Final = b"\xfd7zXZ\x00"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
ZIP_MAGIC: Final = b"PK\x03\x04"
_FILES: Final = 64
#: Magic bytes of compressed bodies; the last are zlib's.
MAGICS: Final = (GZIP_MAGIC, ZSTD_MAGIC, BZIP2_MAGIC, XZ_MAGIC, b"\x78")
_CHUNK: Final = 65536
_BASE32: Final = re.compile(rb"[A-Za-z2-7]{13,63}")
_BASE32HEX: Final = re.compile(rb"[0-9A-Va-v]{13,63}")
_FROM_BASE32HEX: Final = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUV", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
#: Characters of a last group of eight that stand for whole bytes.
_LAST_GROUPS: Final = frozenset({0, 2, 4, 5, 7})


class Inflated(NamedTuple):
    """The output. ``whole`` = the stream ended properly; ``capped`` = truncated by the cap."""

    data: bytes
    whole: bool
    capped: bool


def _zlib(data: bytes, cap: int, wbits: int) -> Inflated:
    machine = zlib.decompressobj(wbits)
    out = machine.decompress(data, cap + 1)
    while wbits == 31 and machine.eof and machine.unused_data.startswith(GZIP_MAGIC) and len(out) <= cap:
        rest = machine.unused_data  # a gzip file may have several members
        machine = zlib.decompressobj(wbits)
        out += machine.decompress(rest, cap + 1 - len(out))
    capped = len(out) > cap
    return Inflated(out[:cap], machine.eof and not capped, capped)


def unzip(data: bytes, cap: int) -> tuple[list[bytes], bool]:
    """The files of an archive, and whether that is all of it. Raises ``ValueError``."""
    files: list[bytes] = []
    whole = True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            for entry in entries[:_FILES]:
                try:
                    with archive.open(entry) as file:
                        content = file.read(cap + 1)
                except UNREADABLE:
                    whole = False  # encrypted, damaged or packed in a way of its own
                    continue
                whole = whole and len(content) <= cap
                files.append(content[:cap])
                cap -= len(files[-1])
    except UNREADABLE as bad:
        raise ValueError("not a zip archive") from bad
    return files, whole and len(entries) <= _FILES


def base32(text: bytes) -> Iterator[bytes]:
    """What a text of 13 to 63 characters is in base32, in either alphabet and case, without padding; nothing if it is
    none."""
    for pattern, alphabet in ((_BASE32, None), (_BASE32HEX, _FROM_BASE32HEX)):
        if pattern.fullmatch(text) and len(text) % 8 in _LAST_GROUPS:
            plain = text.upper() if alphabet is None else text.upper().translate(alphabet)
            yield base64.b32decode(plain + b"=" * (-len(text) % 8))


def gunzip(data: bytes, cap: int) -> Inflated:
    """Gzip with all members; a missing trailer is tolerated. Raises ``ValueError``."""
    return _guard(lambda: _zlib(data, cap, 31))


def inflate(data: bytes, cap: int) -> Inflated:
    """``deflate`` in both interpretations: zlib first, then raw. Raises ``ValueError``."""
    try:
        return _guard(lambda: _zlib(data, cap, 15))
    except ValueError:
        return inflate_raw(data, cap)


def unzlib(data: bytes, cap: int) -> Inflated:
    """Zlib with its header. Raises ``ValueError``."""
    return _guard(lambda: _zlib(data, cap, 15))


def inflate_raw(data: bytes, cap: int) -> Inflated:
    """Deflate without any header. Raises ``ValueError``."""
    return _guard(lambda: _zlib(data, cap, -15))


def unbrotli(data: bytes, cap: int) -> Inflated:
    """Brotli. Raises ``ValueError``."""

    def run() -> Inflated:
        machine = brotli.Decompressor()
        out = bytearray(machine.process(data, output_buffer_limit=_CHUNK))
        while len(out) <= cap and not machine.is_finished():
            more = machine.process(b"", output_buffer_limit=_CHUNK)
            if not more:
                break
            out += more
        return Inflated(bytes(out[:cap]), machine.is_finished() and len(out) <= cap, len(out) > cap)

    return _guard(run)


def unzstd(data: bytes, cap: int) -> Inflated:
    """Zstandard, all frames. Raises ``ValueError``."""

    def run() -> Inflated:
        # The window is also bounded: a frame may request gigabytes.
        machine = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        with machine.stream_reader(io.BytesIO(data), read_across_frames=True) as reader:
            out = bytearray()
            while len(out) <= cap and (more := reader.read(_CHUNK)):
                out += more
        return Inflated(bytes(out[:cap]), len(out) <= cap, len(out) > cap)

    return _guard(run)


def _guard(run: Callable[[], Inflated]) -> Inflated:
    try:
        return run()
    except (zlib.error, brotli.error, zstandard.ZstdError, lzma.LZMAError, OSError, EOFError) as error:
        raise ValueError(str(error)) from None


def unbzip2(data: bytes, cap: int) -> Inflated:
    """Bzip2. Raises ``ValueError``."""
    machine = bz2.BZ2Decompressor()

    def run() -> Inflated:
        out = machine.decompress(data, cap + 1)
        return Inflated(out[:cap], machine.eof and len(out) <= cap, len(out) > cap)

    return _guard(run)


def unxz(data: bytes, cap: int) -> Inflated:
    """XZ or LZMA. Raises ``ValueError``."""
    machine = lzma.LZMADecompressor(memlimit=1 << 27)

    def run() -> Inflated:
        out = machine.decompress(data, cap + 1)
        return Inflated(out[:cap], machine.eof and len(out) <= cap, len(out) > cap)

    return _guard(run)


CODINGS: Final[dict[str, Callable[[bytes, int], Inflated]]] = {
    "gzip": gunzip,
    "x-gzip": gunzip,
    "deflate": inflate,
    "br": unbrotli,
    "x-br": unbrotli,
    "brotli": unbrotli,
    "zstd": unzstd,
    "x-zstd": unzstd,
    "bzip2": unbzip2,
    "x-bzip2": unbzip2,
    "xz": unxz,
    "lzma": unxz,
}
#: Listed there by mistake: they have no effect.
NONE: Final = frozenset({"identity", "utf-8", "utf8", "none", "binary", "8bit"})


def split_codings(header: str) -> list[str]:
    """The codings of a ``Content-Encoding`` value in the order to undo them (last one first)."""
    names = [name.strip().lower() for name in header.split(",")]
    return [name for name in reversed(names) if name and name not in NONE][:8]
