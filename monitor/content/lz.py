"""LZ4 and Snappy, whose blocks repeat what came before: the frames that apps send, with a cap on the output.

LZ4: the frame format (1.6.3) and its legacy form, and the blocks of lz4-java's ``LZ4BlockOutputStream``. Snappy: raw
blocks (format description of 2011), its framing format, and the stream of snappy-java. Checksums are not compared: what
was damaged on its way is still what was sent.
"""

from typing import Final

from monitor.content.codings import Inflated, Spend, uncounted

LZ4_MAGIC: Final = b"\x04\x22\x4d\x18"
LZ4_LEGACY: Final = b"\x02\x21\x4c\x18"
LZ4_JAVA: Final = b"LZ4Block"
SNAPPY_FRAMES: Final = b"\xff\x06\x00\x00sNaPpY"
SNAPPY_JAVA: Final = b"\x82SNAPPY\x00"
_STORED: Final = 0x80000000
_JAVA_HEAD: Final = 21
_SHORTEST: Final = 8


class _Output:
    """What came out so far; ``full`` once it is as much as may come out."""

    def __init__(self, cap: int, spend: Spend) -> None:
        self.data = bytearray()
        self.full = False
        self._cap, self._spend = cap, spend

    def take(self, piece: bytes) -> None:
        room = self._cap - len(self.data)
        self.full = self.full or len(piece) > room
        self._spend(min(len(piece), room))
        self.data += piece[:room]

    def repeat(self, back: int, size: int, start: int = 0) -> None:
        """Take ``size`` bytes that begin ``back`` bytes ago; none lie before ``start``. Raises ``ValueError``."""
        if not 0 < back <= len(self.data) - start:
            raise ValueError("refers to what is not there")
        size = min(size, self._cap + 1 - len(self.data))
        source = bytes(self.data[-back:][:size])
        self.take((source * (size // len(source) + 1))[:size] if len(source) < size else source)


def _number(data: bytes, at: int, size: int = 4) -> int:
    if at + size > len(data):
        raise ValueError("cut short")
    return int.from_bytes(data[at : at + size], "little")


def unlz4(data: bytes, cap: int, spend: Spend = uncounted) -> Inflated:
    """LZ4 by its magic number. Raises ``ValueError``."""
    out = _Output(cap, spend)
    if data.startswith(LZ4_MAGIC):
        whole = _lz4_frame(data, out)
    elif data.startswith(LZ4_LEGACY):
        whole = _blocks(data, 4, out, legacy=True)
    elif data.startswith(LZ4_JAVA):
        whole = _lz4_java(data, out)
    else:
        raise ValueError("not LZ4")
    return Inflated(bytes(out.data), whole and not out.full, out.full)


def _lz4_frame(data: bytes, out: _Output) -> bool:
    flags = _number(data, 4, 1)
    if flags >> 6 != 1:
        raise ValueError("not LZ4")
    at = 7 + (8 if flags & 8 else 0) + (4 if flags & 1 else 0)
    return _blocks(data, at, out, checked=bool(flags & 16))


def _blocks(data: bytes, at: int, out: _Output, *, legacy: bool = False, checked: bool = False) -> bool:
    while at + 4 <= len(data) and not out.full:
        size = _number(data, at)
        at += 4
        if not size and not legacy:
            return True
        stored = not legacy and bool(size & _STORED)
        size &= _STORED - 1
        block = data[at : at + size]
        if stored:
            out.take(block)
        else:
            _lz4_block(block, out)
        if len(block) < size:
            return False
        at += size + (4 if checked else 0)
    return legacy and at == len(data)


def _lz4_java(data: bytes, out: _Output) -> bool:
    at = 0
    while data.startswith(LZ4_JAVA, at) and not out.full:
        method, size, plain = _number(data, at + 8, 1), _number(data, at + 9), _number(data, at + 13)
        at += _JAVA_HEAD
        if not size and not plain:
            return True
        block = data[at : at + size]
        if method & 0xF0 == 0x10:
            out.take(block)
        else:
            _lz4_block(block, out)
        if len(block) < size:
            return False
        at += size
    return at == len(data)


def _more(block: bytes, at: int, size: int) -> tuple[int, int]:
    """A length that goes on in further bytes, and where it ends."""
    while True:
        byte = _number(block, at, 1)
        at += 1
        size += byte
        if byte != 255:
            return size, at


def _lz4_block(block: bytes, out: _Output) -> None:
    at, end = 0, len(block)
    while at < end and not out.full:
        token = block[at]
        at += 1
        size = token >> 4
        if size == 15:
            size, at = _more(block, at, size)
        out.take(block[at : at + size])
        at += size
        if at >= end:
            return
        back = _number(block, at, 2)
        at += 2
        size = token & 15
        if size == 15:
            size, at = _more(block, at, size)
        out.repeat(back, size + 4)


def unsnappy(data: bytes, cap: int, spend: Spend = uncounted) -> Inflated:
    """Snappy in frames, in snappy-java's stream or, without a magic number, as one block. Raises ``ValueError``."""
    out = _Output(cap, spend)
    if data.startswith(SNAPPY_FRAMES):
        at = 0
        while at + 4 <= len(data) and not out.full:
            kind, size = data[at], _number(data, at + 1, 3)
            chunk = data[at + 4 : at + 4 + size]
            if kind == 0:
                _snappy_block(chunk[4:], out)
            elif kind == 1:
                out.take(chunk[4:])
            elif kind < 0x80:
                raise ValueError("an unknown chunk")
            at += 4 + size
        whole = at == len(data)
    elif data.startswith(SNAPPY_JAVA):
        at = 16
        while at + 4 <= len(data) and not out.full:
            size = int.from_bytes(data[at : at + 4], "big")
            _snappy_block(data[at + 4 : at + 4 + size], out)
            at += 4 + size
        whole = at == len(data)
    else:
        whole = len(data) >= _SHORTEST and _snappy_block(data, out)
        if not whole:
            raise ValueError("not Snappy")
    return Inflated(bytes(out.data), whole and not out.full, out.full)


def may_be_snappy(data: bytes) -> bool:
    """Whether bytes without a magic number begin like a block: a length, then bytes as they are."""
    at = 0
    while at < 4 and at < len(data) and data[at] & 128:
        at += 1
    if at + 2 > len(data) or data[at + 1] & 3 or len(data) < _SHORTEST:
        return False
    size = sum((byte & 127) << 7 * place for place, byte in enumerate(data[: at + 1]))
    return len(data) // 2 <= size <= 64 * len(data) and (data[at + 1] >> 2 >= 60 or data[at + 1] >> 2 < size)


def _snappy_block(block: bytes, out: _Output) -> bool:
    """Whether as much came out as the block's beginning says."""
    size = shift = at = 0
    while True:
        byte = _number(block, at, 1)
        at += 1
        size |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
        if shift > 28:
            raise ValueError("a length that is none")
    start, end = len(out.data), len(block)
    while at < end and not out.full:
        tag = block[at]
        at += 1
        kind, count = tag & 3, tag >> 2
        if kind == 0:
            if count >= 60:
                width = count - 59
                count, at = _number(block, at, width), at + width
            if at + count + 1 > end:
                raise ValueError("cut short")
            out.take(block[at : at + count + 1])
            at += count + 1
        elif kind == 1:
            out.repeat(_number(block, at, 1) | tag >> 5 << 8, (count & 7) + 4, start)
            at += 1
        else:
            width = 2 if kind == 2 else 4
            out.repeat(_number(block, at, width), count + 1, start)
            at += width
        if len(out.data) - start > size:
            raise ValueError("longer than it says")
    return out.full or len(out.data) - start == size
