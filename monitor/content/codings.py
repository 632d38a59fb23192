"""Undo content codings with a cap on the output, so that a small bomb stays small."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Final, NamedTuple

import brotli  # type: ignore[import-untyped]
import zstandard

GZIP_MAGIC: Final = b"\x1f\x8b\x08"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_CHUNK: Final = 65536


class Inflated(NamedTuple):
    """What came out. ``whole`` = the stream ended where it should; ``capped`` = the cap cut it off."""

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


def gunzip(data: bytes, cap: int) -> Inflated:
    """Gzip with all members; a missing trailer is forgiven. Raises ``ValueError``."""
    return _guard(lambda: _zlib(data, cap, 31))


def inflate(data: bytes, cap: int) -> Inflated:
    """``deflate`` in both readings: zlib first, then raw. Raises ``ValueError``."""
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
        # The window is bounded too: a frame may ask for gigabytes.
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
    except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
        raise ValueError(str(error)) from None


CODINGS: Final[dict[str, Callable[[bytes, int], Inflated]]] = {
    "gzip": gunzip,
    "x-gzip": gunzip,
    "deflate": inflate,
    "br": unbrotli,
    "zstd": unzstd,
}


def split_codings(header: str) -> list[str]:
    """The codings of a ``Content-Encoding`` value in the order to undo them (last one first)."""
    names = [name.strip().lower() for name in header.split(",")]
    return [name for name in reversed(names) if name and name != "identity"][:8]
