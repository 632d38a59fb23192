"""Compressed bytes: content codings, and what has a magic number. Every output is capped, against decompression bombs.

The libraries ``lz4`` and ``cramjam`` undo LZ4 and the blocks of Snappy. The frames of Snappy are cut here: cramjam's
reader of them loses everything before a fault, and knows no cap.
"""

import bz2
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator
from functools import partial
from typing import Final, NamedTuple

import brotli  # type: ignore[import-untyped]
import zstandard

from monitor.base.archives import UNREADABLE

GZIP_MAGIC: Final = b"\x1f\x8b\x08"
BZIP2_MAGIC: Final = b"BZh"
XZ_MAGIC: Final = b"\xfd7zXZ\x00"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
ZIP_MAGIC: Final = b"PK\x03\x04"
LZ4_MAGIC: Final = b"\x04\x22\x4d\x18"
LZ4_JAVA: Final = b"LZ4Block"
SNAPPY_FRAMES: Final = b"\xff\x06\x00\x00sNaPpY"
SNAPPY_JAVA: Final = b"\x82SNAPPY\x00"
#: Magic bytes of compressed bodies; the last are zlib's.
MAGICS: Final = (GZIP_MAGIC, ZSTD_MAGIC, BZIP2_MAGIC, XZ_MAGIC, b"\x78")
_FILES: Final = 64
#: How a file begins in the table of an archive, and how many may be listed there: the table is built as a whole.
_ENTRY: Final = b"PK\x01\x02"
_ENTRIES: Final = 20_000
_CHUNK: Final = 65536
_BEGINNING: Final = 4097
#: Members of one gzip file: each costs a copy of what follows.
_MEMBERS: Final = 1_000
#: Memory that a stream may ask for before it yields anything.
_WINDOW: Final = 1 << 27
#: Bytes of one block of lz4-java or Snappy, and how many a byte of LZ4 or Snappy can stand for at most.
_BLOCK: Final = 1 << 25
_LZ4_RATIO, _SNAPPY_RATIO = 255, 64
_SNAPPY_LEAST: Final = 8
_FAULTS: Final = (
    zlib.error, brotli.error, zstandard.ZstdError, lzma.LZMAError, struct.error, OSError, EOFError, RuntimeError
)  # fmt: skip

#: Told how many bytes came out, as they come; raises when that is enough.
type Spend = Callable[[int], None]
#: Output in pieces of at most ``_CHUNK`` or one block; returns whether the stream ended as it should.
type Pieces = Generator[bytes, None, bool]


class Inflated(NamedTuple):
    """The output. ``whole`` = the stream ended properly; ``capped`` = truncated by the cap."""

    data: bytes
    whole: bool
    capped: bool

    def fault(self, name: str) -> str:
        """Why it is not all of the output of a coding with that name; empty = it is."""
        return f"limit: output of {name}" if self.capped else "" if self.whole else f"{name} is cut short"


class Codec(NamedTuple):
    """A compression: ``codec(data, cap, spend)`` undoes it. Raises ``ValueError``."""

    open: Callable[[bytes], Pieces]
    lenient: bool = False
    """Of a damaged stream, what came out counts: it was sent all the same."""

    def __call__(self, data: bytes, cap: int, spend: Spend = lambda _: None) -> Inflated:
        """The first ``cap`` bytes of the output."""
        out, whole, pieces = bytearray(), False, self.open(data)
        try:
            while len(out) <= cap:
                piece = next(pieces)
                spend(len(piece))
                out += piece
        except StopIteration as end:
            whole = bool(end.value)
        except (*_FAULTS, ValueError) as error:
            if not (self.lenient and out):
                raise ValueError(str(error)) from None
        capped = len(out) > cap
        return Inflated(bytes(out[:cap]), whole and not capped, capped)


def _zlib(data: bytes, wbits: int) -> Pieces:
    machine = zlib.decompressobj(wbits)
    members = 1
    while True:
        piece = machine.decompress(data, _CHUNK)
        yield piece
        data = machine.unconsumed_tail
        if machine.eof:
            data = machine.unused_data
            if wbits != _GZIP or not data.startswith(GZIP_MAGIC):
                return True
            if members >= _MEMBERS:
                return False
            machine, members = zlib.decompressobj(wbits), members + 1
        elif not data and len(piece) < _CHUNK:
            return False


_GZIP, _ZLIB, _RAW = 31, 15, -15


def _deflate(data: bytes) -> Pieces:
    """``deflate`` in both interpretations: zlib first, then raw."""
    pieces = _zlib(data, _ZLIB)
    try:
        yield next(pieces)
    except zlib.error:
        pieces = _zlib(data, _RAW)
    return (yield from pieces)


def _brotli(data: bytes) -> Pieces:
    machine = brotli.Decompressor()
    while piece := machine.process(data, output_buffer_limit=_CHUNK):
        yield piece
        data = b""
        if machine.is_finished():
            break
    return bool(machine.is_finished())


def _zstd(data: bytes) -> Pieces:
    """All frames; the window is bounded, because a frame may request gigabytes."""
    machine = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    with machine.stream_reader(io.BytesIO(data), read_across_frames=True) as reader:
        while piece := reader.read(_CHUNK):
            yield piece
    return True


def _stream(open_stream: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor], data: bytes) -> Pieces:
    machine = open_stream()
    while True:
        yield machine.decompress(data, _CHUNK)
        if machine.eof or machine.needs_input:
            return machine.eof
        data = b""


def _lz4(data: bytes) -> Pieces:
    """LZ4 by its magic number: the frame format 1.6.3, or the blocks of lz4-java."""
    if data.startswith(LZ4_JAVA):
        return (yield from _lz4_java(data))
    from lz4.frame import LZ4FrameDecompressor  # few messages need it

    return (yield from _stream(LZ4FrameDecompressor, data))


def _lz4_java(data: bytes) -> Pieces:
    from lz4.block import LZ4BlockError, decompress

    at = 0
    while data.startswith(LZ4_JAVA, at):
        method, size, plain = struct.unpack_from("<BII", data, at + 8)
        if not size and not plain:
            return True
        block, at = data[at + 21 : at + 21 + size], at + 21 + size
        if method & 0xF0 == 0x10:
            yield block
        else:
            try:
                yield decompress(block, uncompressed_size=min(plain, _BLOCK, _LZ4_RATIO * len(block)))
            except LZ4BlockError as error:
                raise ValueError(str(error)) from None
    return at == len(data)


def _snappy(data: bytes) -> Pieces:
    """Snappy in frames, in snappy-java's stream or, without a magic number, as one block."""
    if data.startswith(SNAPPY_JAVA):
        at = 16
        while at + 4 <= len(data):
            size = int.from_bytes(data[at : at + 4], "big")
            yield _snappy_block(data[at + 4 : at + 4 + size])
            at += 4 + size
        return at == len(data)
    if not data.startswith(SNAPPY_FRAMES):
        yield _snappy_block(data)
        return True
    at = 0
    while at + 4 <= len(data):
        kind, size = data[at], int.from_bytes(data[at + 1 : at + 4], "little")
        chunk, at = data[at + 8 : at + 4 + size], at + 4 + size
        if kind < 0x80:  # compressed, or as it is; the rest is padding
            if kind > 1:
                raise ValueError("an unknown chunk")
            yield _snappy_block(chunk) if kind == 0 else chunk
    return at == len(data)


def _snappy_block(block: bytes) -> bytes:
    """A block, whole: its beginning says how much it stands for. Raises ``ValueError``."""
    from cramjam import DecompressionError, snappy

    try:
        if snappy.decompress_raw_len(block) > min(_BLOCK, _SNAPPY_RATIO * len(block)):
            raise ValueError("more than a block can stand for")
        return bytes(snappy.decompress_raw(block))
    except DecompressionError as error:
        raise ValueError(str(error)[:80]) from None


gunzip: Final = Codec(partial(_zlib, wbits=_GZIP))
"""All members; a missing trailer is tolerated."""
inflate: Final = Codec(_deflate)
unzlib: Final = Codec(partial(_zlib, wbits=_ZLIB))
inflate_raw: Final = Codec(partial(_zlib, wbits=_RAW))
unbrotli: Final = Codec(_brotli)
unzstd: Final = Codec(_zstd)
unbzip2: Final = Codec(partial(_stream, bz2.BZ2Decompressor))
unxz: Final = Codec(partial(_stream, partial(lzma.LZMADecompressor, memlimit=_WINDOW)))
unlz4: Final = Codec(_lz4, lenient=True)
unsnappy: Final = Codec(_snappy, lenient=True)

#: By their names in ``Content-Encoding``.
CODINGS: Final[dict[str, Codec]] = {
    name: codec
    for names, codec in (
        ("gzip x-gzip", gunzip), ("deflate", inflate), ("br x-br brotli", unbrotli), ("zstd x-zstd", unzstd),
        ("bzip2 x-bzip2", unbzip2), ("xz lzma", unxz),
    )
    for name in names.split()
}  # fmt: skip
_BY_MAGIC: Final = (
    (GZIP_MAGIC, "gzip", gunzip), (ZSTD_MAGIC, "zstd", unzstd), (BZIP2_MAGIC, "bzip2", unbzip2), (XZ_MAGIC, "xz", unxz),
    (LZ4_MAGIC, "lz4", unlz4), (LZ4_JAVA, "lz4", unlz4), (SNAPPY_FRAMES, "snappy", unsnappy),
    (SNAPPY_JAVA, "snappy", unsnappy),
)  # fmt: skip
_HEADS: Final = tuple(magic for magic, _, _ in _BY_MAGIC)
#: Listed there by mistake: they have no effect.
_NONE: Final = frozenset({"identity", "utf-8", "utf8", "none", "binary", "8bit"})


def split_codings(header: str) -> list[str]:
    """The codings of a ``Content-Encoding`` value in the order to undo them (last one first)."""
    names = [name.strip().lower() for name in header.split(",")]
    return [name for name in reversed(names) if name and name not in _NONE][:8]


def by_magic(data: bytes) -> tuple[str, Codec] | None:
    """The compression of bytes that begin as one does, with its name."""
    if not data.startswith(_HEADS):
        return ("zlib", unzlib) if begins_zlib(data) else None
    name, codec = next((name, codec) for magic, name, codec in _BY_MAGIC if data.startswith(magic))
    return None if codec is unbzip2 and data[4:10] != b"1AY&SY" else (name, codec)


def begins_zlib(data: bytes) -> bool:
    """Whether the first two bytes are a header of zlib's, with its check (RFC 1950)."""
    return len(data) > 6 and data[0] & 0x8F == 8 and (data[0] << 8 | data[1]) % 31 == 0


def deflated_beginning(data: bytes) -> bytes:
    """What bytes without any header begin with as deflate; empty = they are none."""
    kind = data[0] >> 1 & 3
    stored = len(data) > 4 and data[1] ^ data[3] == 255 and data[2] ^ data[4] == 255  # its length, and inverted
    if kind == 3 or (kind == 0 and not stored) or (kind == 2 and (data[0] >> 3 > 29 or data[1] & 31 > 29)):
        return b""  # no such block, no such length, no such tables
    machine = zlib.decompressobj(_RAW)
    try:
        beginning = machine.decompress(data, _BEGINNING)
    except zlib.error:
        return b""
    return beginning if machine.eof or len(beginning) == _BEGINNING else b""


def may_be_snappy(data: bytes) -> bool:
    """Whether bytes without a magic number begin like a block: a length, then bytes as they are."""
    at = 0
    while at < 4 and at < len(data) and data[at] & 128:
        at += 1
    if at + 2 > len(data) or data[at + 1] & 3 or len(data) < _SNAPPY_LEAST:
        return False
    size = sum((byte & 127) << 7 * place for place, byte in enumerate(data[: at + 1]))
    most = _SNAPPY_RATIO * len(data)
    return len(data) // 2 <= size <= most and (data[at + 1] >> 2 >= 60 or data[at + 1] >> 2 < size)


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
