"""A bundle as one file: a tar archive in a fixed order without times and owners, compressed with zstd.

Its address is the SHA-256 of the uncompressed tar: the same bundle has the same one, whatever compresses it.
"""

import hashlib
import os
import stat
import tarfile
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import zstandard

from monitor.base import host
from monitor.base.errors import EvidenceDamaged, InputError
from monitor.evidence import attested, bag

_LEVEL: Final = 3
#: A bundle larger than this, or with more files, is none of ours.
MAX_BYTES: Final = 8 << 30
_MAX_FILES: Final = 100_000
#: Headers before a file, with what is read ahead: ``tarfile`` takes them into memory whole, one inside the other.
_MAX_HEADERS: Final = 64 << 10


class Packed(NamedTuple):
    """A packed bundle: SHA-256 of its tar (hex), sizes of tar and file in bytes."""

    digest: str
    size: int
    packed: int


class _Digested:
    """A stream that is written or read, with its digest. ``limit``: bytes from its beginning that may be read."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.sha256 = hashlib.sha256()
        self.size = 0
        self.limit = _MAX_HEADERS

    def write(self, data: bytes) -> int:
        self._stream.write(data)
        self.sha256.update(data)
        self.size += len(data)
        return len(data)

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._stream.read(size)
        self.sha256.update(data)
        self.size += len(data)
        if self.size > min(self.limit, MAX_BYTES):
            raise EvidenceDamaged("too large for a bundle")
        return data


def pack(bundle: Path, to: Path) -> Packed:
    """Write a bundle as one file. Raises ``EvidenceDamaged`` for links and special files, ``OSError``."""
    with attested.checking(bundle) as check:
        check.survey()
    with to.open("xb") as file, zstandard.ZstdCompressor(_LEVEL).stream_writer(file, closefd=False) as packing:
        out = _Digested(packing)
        with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]
            for path in sorted(bundle.rglob("*")):
                if not path.is_file():
                    continue
                item = tarfile.TarInfo(path.relative_to(bundle).as_posix())
                with _opened(bundle, item.name) as source:
                    item.size = os.fstat(source.fileno()).st_size
                    tar.addfile(item, source)
    return Packed(out.sha256.hexdigest(), out.size, to.stat().st_size)


def _opened(bundle: Path, name: str) -> IO[bytes]:
    """A plain file of a bundle, whatever others put in its place, or in a folder's: no link is followed. Raises
    ``EvidenceDamaged``."""
    try:
        file = os.fdopen(host.opened_below(bundle, name), "rb")
    except OSError:
        hint = "run monitor verify on the bundle, then pack it again"
        raise EvidenceDamaged("a link, or replaced while the bundle was being packed", where=name, hint=hint) from None
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise EvidenceDamaged("neither a file nor a directory", where=name)
    return file


def unpack(file: Path, to: Path, digest: str = "") -> str:
    """Unpack into the new directory ``to``; returns the digest of the tar, which must be ``digest`` if it is given.

    Nothing but plain files below ``to`` is made, of no more bytes than were packed. Raises ``EvidenceDamaged``.
    """
    to.mkdir(mode=0o700)
    try:
        with file.open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as plain:
            source = _Digested(plain)
            with tarfile.open(fileobj=source, mode="r|") as tar:  # type: ignore[call-overload]
                for number, item in enumerate(tar):
                    if not item.isreg() or item.issparse() or number > _MAX_FILES:
                        raise EvidenceDamaged("not a packed bundle", where=file.name)
                    source.limit = source.size + item.size + _MAX_HEADERS
                    _write(tar, item, to)
            source.limit = MAX_BYTES
            while source.read(1 << 16):  # what follows the end of the tar belongs to its digest
                pass
    except (tarfile.TarError, zstandard.ZstdError, EOFError, OSError, ValueError) as error:
        raise EvidenceDamaged(f"cannot be unpacked: {type(error).__name__}", where=file.name) from None
    found = source.sha256.hexdigest()
    if digest and found != digest:
        raise EvidenceDamaged("the packed bundle was changed", where=file.name, expected=digest, actual=found)
    return found


def _write(tar: tarfile.TarFile, item: tarfile.TarInfo, to: Path) -> None:
    try:
        path = to / bag.safe_name(item.name)
    except InputError:
        raise EvidenceDamaged("a name that no file of a bundle has", where=item.name) from None
    path.parent.mkdir(parents=True, exist_ok=True)
    source = tar.extractfile(item)
    assert source is not None
    with path.open("xb") as file:
        while part := source.read(1 << 20):
            file.write(part)
    path.chmod(0o600 if item.name.startswith("private/") else 0o644)
