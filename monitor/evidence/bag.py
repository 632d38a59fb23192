"""The BagIt 1.0 side of a bundle (RFC 8493): manifests written and checked. Paths are POSIX, relative to the bundle."""

import os
import re
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Final

from monitor.base.errors import EvidenceDamaged, InputError

MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
#: Tag files that never change after sealing; everything else besides ``data`` may come and go and is not listed.
LISTED: Final = ("VERIFY.md", "bag-info.txt", "bagit.txt", "checkpoints.jsonl", MANIFEST, "public.pem", "verify.py")
#: Everything allowed at the top level of a bundle. ``earlier`` holds the results that a later analysis replaced.
FILES: Final = frozenset(
    {
        *LISTED, TAG_MANIFEST, "seal.dsse.json", "seal.tsr", "custody.jsonl", "handover.dsse.json",
        "findings.dsse.json", "findings.jsonl", "coverage.jsonl", "report.html", "consent-labels.jsonl",
        "consent-words.tsv", "consent-words.yaml", "own-rules.json",
    }
)  # fmt: skip
DIRECTORIES: Final = frozenset({"data", "private", "earlier"})
_MAX_FILES: Final = 2_000_000
_MAX_DEPTH: Final = 8
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,120}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,120}){0,3}")
_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_./-]{1,500})")
_MAX_MANIFEST = 256 << 20


def safe_name(name: str) -> str:
    """``name`` if it is valid in a manifest and cannot leave its directory. Raises ``InputError``."""
    if not _NAME.fullmatch(name):
        raise InputError(f"not a file name for a bundle: {name!r}", hint="use letters, digits, dot, dash, underscore")
    return name


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def survey(bundle: Path, *, complete: bool = False) -> None:
    """Refuse links, pipes and sockets anywhere in the bundle; with ``complete`` also unlisted files and empty folders.
    Raises ``EvidenceDamaged`` for the first, ``InputError`` for a folder that this user may not read."""
    waiting, seen = [(bundle, 0)], 0
    while waiting:
        directory, depth = waiting.pop()
        place = os.path.relpath(directory, bundle)
        try:
            with os.scandir(directory) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except PermissionError:
            hint = "run it as the bundle's owner, or ask for a copy: monitor redact BUNDLE -o COPY"
            raise InputError(f"{place}/ cannot be read by this user", where=str(bundle), hint=hint) from None
        if complete and not entries:
            raise EvidenceDamaged("an empty folder", where=place)
        for entry in entries:
            name = entry.name if place == "." else f"{place}/{entry.name}"
            folder = entry.is_dir(follow_symlinks=False)
            if not folder and not entry.is_file(follow_symlinks=False):
                raise EvidenceDamaged("neither a file nor a directory", where=name)
            if complete and place == "." and entry.name not in (DIRECTORIES if folder else FILES):
                left = entry.name.startswith(".") and entry.name.endswith(".new")
                hint = "if an assessment was interrupted: monitor analyse BUNDLE" if left else ""
                raise EvidenceDamaged("a file that was not recorded", where=name, hint=hint)
            seen += 1
            if seen > _MAX_FILES or depth > _MAX_DEPTH:
                raise EvidenceDamaged("too many files or folders", where=name)
            if folder:
                waiting.append((directory / entry.name, depth + 1))


def files(bundle: Path, top: str) -> Iterator[str]:
    """All files below ``top``, sorted by path. Raises ``EvidenceDamaged`` for a link or a special file."""
    for path in sorted((bundle / top).rglob("*")):
        name = path.relative_to(bundle).as_posix()
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise EvidenceDamaged("neither a file nor a directory", where=name)
        if path.is_file():
            yield name


def manifest(bundle: Path) -> tuple[bytes, int, int]:
    """The payload manifest's text, and number of octets and files (Payload-Oxum)."""
    lines, octets = [], 0
    for name in files(bundle, "data"):
        lines.append(f"{digest(bundle / name)}  {name}\n")
        octets += (bundle / name).stat().st_size
    return "".join(lines).encode(), octets, len(lines)


def read_manifest(path: Path) -> dict[str, str]:
    """Path to digest. Raises ``EvidenceDamaged`` for a missing manifest or an invalid line."""
    if not path.is_file():
        raise EvidenceDamaged("missing", where=path.name)
    if path.stat().st_size > _MAX_MANIFEST:
        raise EvidenceDamaged("too large", where=path.name)
    entries: dict[str, str] = {}
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        found = _LINE.fullmatch(line.decode("ascii", "replace"))
        if not found or ".." in found[2].split("/") or found[2].startswith("/") or found[2] in entries:
            raise EvidenceDamaged("not a valid manifest line", where=f"{path.name}:{number}")
        entries[found[2]] = found[1]
    return entries


def check(bundle: Path) -> dict[str, str]:
    """Check every payload and listed tag file against its manifest; returns the digests of the payload files.

    Raises ``EvidenceDamaged`` at the first file that is changed, missing or extra.
    """
    for name, expected in read_manifest(bundle / TAG_MANIFEST).items():
        same(bundle, name, expected)
    listed = read_manifest(bundle / MANIFEST)
    for name in files(bundle, "data"):
        if name not in listed:
            raise EvidenceDamaged("a file that was not recorded", where=name)
    for name, expected in listed.items():
        if not name.startswith("data/"):
            raise EvidenceDamaged("not a payload file", where=f"{MANIFEST}: {name}")
        same(bundle, name, expected)
        parts = name.split("/")
        if parts[1] == "blobs" and parts[-1] != expected:
            raise EvidenceDamaged("the blob does not match its name", where=name, expected=parts[-1], actual=expected)
    return listed


def same(bundle: Path, name: str, expected: str, hint: str = "") -> None:
    """Check that a file is there and has this digest. Raises ``EvidenceDamaged``, with ``hint`` if it was changed."""
    path = bundle / name
    if path.is_symlink() or not path.is_file():
        raise EvidenceDamaged("a recorded file is missing", where=name)
    actual = digest(path)
    if actual != expected:
        raise EvidenceDamaged("the file was changed", where=name, expected=expected, actual=actual, hint=hint)
