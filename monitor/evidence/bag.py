"""The files of a bundle, which is a BagIt 1.0 bag (RFC 8493): named, listed, and written so that none is ever half
there. Paths are POSIX, relative to the bundle."""

import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from monitor.base import host
from monitor.base.errors import EvidenceDamaged, InputError
from monitor.evidence.standalone import verify as standalone
from monitor.evidence.standalone.verify import CHECKPOINTS, MANIFEST, PUBLIC_KEY

DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
#: Tag files that never change after sealing; everything else besides ``data`` may come and go and is not listed.
LISTED: Final = ("VERIFY.md", "bag-info.txt", "bagit.txt", CHECKPOINTS, MANIFEST, PUBLIC_KEY, "verify.py")
#: Suffix of files not yet complete: recovery removes what a kill left behind.
TEMPORARY: Final = ".new"
#: SHA-256 of a file, in hex.
digest: Final = standalone.file_digest
_NAME: Final = re.compile(rf"{standalone.NAME.pattern}(/{standalone.NAME.pattern}){{0,3}}")


def safe_name(name: str) -> str:
    """``name`` if it is valid in a manifest and cannot leave its directory. Raises ``InputError``."""
    if not _NAME.fullmatch(name):
        raise InputError(f"not a file name for a bundle: {name!r}", hint="use letters, digits, dot, dash, underscore")
    return name


def files(bundle: Path, top: str) -> list[str]:
    """All files below ``top``, sorted by path. Raises ``EvidenceDamaged`` for a link or a special file."""
    try:
        return standalone.Verifier(bundle).files(top)
    except standalone.Damaged as found:
        raise EvidenceDamaged(found.what, where=found.where) from None


def listing(folder: Path, names: Iterable[str]) -> bytes:
    """A manifest's text: digest and name of each file."""
    return "".join(f"{digest(folder / name)}  {name}\n" for name in names).encode()


def manifest(bundle: Path) -> tuple[bytes, int, int]:
    """The payload manifest's text, and number of octets and files (Payload-Oxum)."""
    names = files(bundle, "data")
    return listing(bundle, names), sum((bundle / name).stat().st_size for name in names), len(names)


def write_all(fd: int, data: bytes) -> None:
    """Write every byte. Raises ``OSError``."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def write_file(path: Path, data: bytes, mode: int = 0o644, *, durable: bool = True) -> None:
    """Write a small file atomically: a temporary file with an unpredictable name, synced (if ``durable``), then renamed
    over ``path``. A link at either name is never followed."""
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}{TEMPORARY}")
    fd = host.opened(temporary, host.CREATE, mode)
    try:
        try:
            write_all(fd, data)
            if durable:
                os.fsync(fd)
        finally:
            os.close(fd)
        host.replace(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        host.synced(path.parent)


def append_file(path: Path, data: bytes) -> None:
    """Append and sync; for a new file its directory is synced too. A link is not followed."""
    new = not path.exists()
    fd = host.opened(path, host.APPEND, 0o644)
    try:
        write_all(fd, data)
        host.flush(fd)
    finally:
        os.close(fd)
    if new:
        host.synced(path.parent)


def cut_torn(path: Path) -> None:
    """Remove an incompletely written last line of a small log: the next one must start on its own line."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > standalone.MAX_MANIFEST:
        return
    data = path.read_bytes()
    if not data.endswith(b"\n"):
        write_file(path, data[: data.rfind(b"\n") + 1])
