"""What compressed bytes hold: by their magic number, or, without one, by what comes out."""

from collections.abc import Callable

from monitor.content import codings, lz, protobuf
from monitor.content.columns import Columns, one
from monitor.content.tree import Tree


def compressed(tree: Tree, data: bytes) -> tuple[str, Columns] | None:
    """What bytes with a magic number hold, with the name of the step."""
    undo: Callable[[bytes, int, codings.Spend], codings.Inflated]
    if data.startswith(codings.GZIP_MAGIC):
        step, undo = "gzip", codings.gunzip
    elif data.startswith(codings.ZSTD_MAGIC):
        step, undo = "zstd", codings.unzstd
    elif data.startswith(codings.BZIP2_MAGIC) and data[4:10] == b"1AY&SY":
        step, undo = "bzip2", codings.unbzip2
    elif data.startswith(codings.XZ_MAGIC):
        step, undo = "xz", codings.unxz
    elif data.startswith((lz.LZ4_MAGIC, lz.LZ4_LEGACY, lz.LZ4_JAVA)):
        step, undo = "lz4", lz.unlz4
    elif data.startswith((lz.SNAPPY_FRAMES, lz.SNAPPY_JAVA)):
        step, undo = "snappy", lz.unsnappy
    elif len(data) > 6 and data[0] & 0x0F == 8 and data[0] >> 4 <= 7 and (data[0] << 8 | data[1]) % 31 == 0:
        step, undo = "zlib", codings.unzlib
    else:
        return None
    try:
        result = undo(data, tree.room(), tree.spend)
    except ValueError:
        return None
    if result.capped:
        tree.partial(f"limit: output of {step}")
    elif not result.whole:
        if step == "zlib":
            return None
        tree.partial(f"{step} is cut short")
    return step, one(result.data)


def raw_deflate(tree: Tree, data: bytes) -> Columns:
    """Deflate without a header that holds text. Raises ``ValueError``."""
    if not codings.may_be_deflated(data, protobuf.printable):
        raise ValueError("not deflate")
    result = codings.inflate_raw(data, tree.room(), tree.spend)
    if not result.whole or not protobuf.printable(result.data):
        raise ValueError("not deflate")
    return one(result.data)


def raw_snappy(tree: Tree, data: bytes) -> Columns:
    """A block of Snappy that holds text or a message. Raises ``ValueError``."""
    result = lz.unsnappy(data, tree.room(), tree.spend)
    if not protobuf.printable(result.data) and protobuf.read(result.data) is None:
        raise ValueError("not Snappy")
    return one(result.data)
