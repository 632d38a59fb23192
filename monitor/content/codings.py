"""Undo content codings with a cap on the output, as protection against decompression bombs."""

import base64
import binascii
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

from monitor.base.archives import UNREADABLE

GZIP_MAGIC: Final = b"\x1f\x8b\x08"
BZIP2_MAGIC: Final = b"BZh"
XZ_MAGIC: Final = b"\xfd7zXZ\x00"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
ZIP_MAGIC: Final = b"PK\x03\x04"
_FILES: Final = 64
#: How a file begins in the table of an archive, and how many may be listed there: the table is built as a whole.
_ENTRY: Final = b"PK\x01\x02"
_ENTRIES: Final = 20_000
#: Magic bytes of compressed bodies; the last are zlib's.
MAGICS: Final = (GZIP_MAGIC, ZSTD_MAGIC, BZIP2_MAGIC, XZ_MAGIC, b"\x78")
_CHUNK: Final = 65536
_BEGINNING: Final = 4097
_STANDARD64: Final = bytes.maketrans(b"-_", b"+/")
_BASE32: Final = re.compile(rb"[A-Za-z2-7]{13,63}")
_BASE32HEX: Final = re.compile(rb"[0-9A-Va-v]{13,63}")
FROM_BASE32HEX: Final = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUV", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
#: Characters of a last group of eight that stand for whole bytes.
LAST_GROUPS: Final = frozenset({0, 2, 4, 5, 7})


#: Told how many bytes came out, as they come; raises when that is enough.
type Spend = Callable[[int], None]


class Inflated(NamedTuple):
    """The output. ``whole`` = the stream ended properly; ``capped`` = truncated by the cap."""

    data: bytes
    whole: bool
    capped: bool


def uncounted(_: int) -> None:
    """The work of a reader that nobody counts."""


def _zlib(data: bytes, cap: int, spend: Spend, wbits: int) -> Inflated:
    machine, out = zlib.decompressobj(wbits), bytearray()
    while len(out) <= cap:
        wanted = min(_CHUNK, cap + 1 - len(out))
        piece = machine.decompress(data, wanted)
        spend(len(piece))
        out += piece
        data = machine.unconsumed_tail
        if machine.eof:
            if wbits != 31 or not machine.unused_data.startswith(GZIP_MAGIC):
                break
            data = machine.unused_data  # a gzip file may have several members
            machine = zlib.decompressobj(wbits)
        elif not data and len(piece) < wanted:
            break
    capped = len(out) > cap
    return Inflated(bytes(out[:cap]), machine.eof and not capped, capped)


def unzip(data: bytes, cap: int) -> tuple[list[bytes], bool]:
    """The files of an archive, and whether that is all of it (none of one that lists too many). Raises
    ``ValueError``."""
    if data.count(_ENTRY) > _ENTRIES:
        return [], False
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
    for pattern, alphabet in ((_BASE32, None), (_BASE32HEX, FROM_BASE32HEX)):
        if pattern.fullmatch(text) and len(text) % 8 in LAST_GROUPS:
            plain = text.upper() if alphabet is None else text.upper().translate(alphabet)
            yield base64.b32decode(plain + b"=" * (-len(text) % 8))


def unpadded64(text: bytes) -> bytes | None:
    """What base64 stands for, in either alphabet, padded or not; None if it is cut short or has other characters."""
    packed = text.rstrip(b"=").translate(_STANDARD64)
    if len(packed) % 4 == 1:
        return None
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except binascii.Error:
        return None


def gunzip(data: bytes, cap: int, spend: Spend = uncounted) -> Inflated:
    """Gzip with all members; a missing trailer is tolerated. Raises ``ValueError``."""
    return _guard(lambda: _zlib(data, cap, spend, 31))


def inflate(data: bytes, cap: int, spend: Spend = uncounted) -> Inflated:
    """``deflate`` in both interpretations: zlib first, then raw. Raises ``ValueError``."""
    try:
        return _guard(lambda: _zlib(data, cap, spend, 15))
    except ValueError:
        return inflate_raw(data, cap, spend)


def unzlib(data: bytes, cap: int, spend: Spend = uncounted) -> Inflated:
    """Zlib with its header. Raises ``ValueError``."""
    return _guard(lambda: _zlib(data, cap, spend, 15))


def inflate_raw(data: bytes, cap: int, spend: Spend = uncounted) -> Inflated:
    """Deflate without any header. Raises ``ValueError``."""
    return _guard(lambda: _zlib(data, cap, spend, -15))


def may_be_deflated(data: bytes, sensible: Callable[[bytes], bool]) -> bool:
    """Whether bytes without any header begin, as deflate, with something sensible; noise is seldom more than that."""
    kind = data[0] >> 1 & 3
    if kind == 3 or (kind == 0 and not _is_stored(data)) or (kind == 2 and (data[0] >> 3 > 29 or data[1] & 31 > 29)):
        return False  # no such block, no such length, no such tables
    machine = zlib.decompressobj(-15)
    try:
        beginning = machine.decompress(data, _BEGINNING)
    except zlib.error:
        return False
    return (machine.eof or len(beginning) == _BEGINNING) and sensible(beginning)


def _is_stored(data: bytes) -> bool:
    """Whether a block of bytes as they are begins: its length stands there twice, once inverted."""
    return len(data) > 4 and data[1] ^ data[3] == 255 and data[2] ^ data[4] == 255


def unbrotli(data: bytes, cap: int, spend: Spend = uncounted) -> Inflated:
    """Brotli. Raises ``ValueError``."""

    def run() -> Inflated:
        machine = brotli.Decompressor()
        out = bytearray(machine.process(data, output_buffer_limit=_CHUNK))
        while len(out) <= cap and not machine.is_finished():
            more = machine.process(b"", output_buffer_limit=_CHUNK)
            if not more:
                break
            spend(len(more))
            out += more
        return Inflated(bytes(out[:cap]), machine.is_finished() and len(out) <= cap, len(out) > cap)

    return _guard(run)


def unzstd(data: bytes, cap: int, spend: Spend = uncounted) -> Inflated:
    """Zstandard, all frames. Raises ``ValueError``."""

    def run() -> Inflated:
        # The window is also bounded: a frame may request gigabytes.
        machine = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        with machine.stream_reader(io.BytesIO(data), read_across_frames=True) as reader:
            out = bytearray()
            while len(out) <= cap and (more := reader.read(_CHUNK)):
                spend(len(more))
                out += more
        return Inflated(bytes(out[:cap]), len(out) <= cap, len(out) > cap)

    return _guard(run)


def _guard(run: Callable[[], Inflated]) -> Inflated:
    try:
        return run()
    except (zlib.error, brotli.error, zstandard.ZstdError, lzma.LZMAError, OSError, EOFError) as error:
        raise ValueError(str(error)) from None


def unbzip2(data: bytes, cap: int, spend: Spend = uncounted) -> Inflated:
    """Bzip2. Raises ``ValueError``."""
    return _guard(lambda: _pieces(bz2.BZ2Decompressor(), data, cap, spend))


def unxz(data: bytes, cap: int, spend: Spend = uncounted) -> Inflated:
    """XZ or LZMA. Raises ``ValueError``."""
    return _guard(lambda: _pieces(lzma.LZMADecompressor(memlimit=1 << 27), data, cap, spend))


def _pieces(machine: bz2.BZ2Decompressor | lzma.LZMADecompressor, data: bytes, cap: int, spend: Spend) -> Inflated:
    out = bytearray(machine.decompress(data, min(_CHUNK, cap + 1)))
    while not machine.eof and not machine.needs_input and len(out) <= cap:
        more = machine.decompress(b"", min(_CHUNK, cap + 1 - len(out)))
        spend(len(more))
        out += more
    return Inflated(bytes(out[:cap]), machine.eof and len(out) <= cap, len(out) > cap)


CODINGS: Final[dict[str, Callable[[bytes, int, Spend], Inflated]]] = {
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
