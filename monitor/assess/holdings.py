"""What a bundle holds, part by part, for the list of electronic data (电子数据清单)."""

from hashlib import file_digest
from pathlib import Path
from typing import Final, NamedTuple

_MANIFEST: Final = "manifest-sha256.txt"
#: Written after the manifest, each with a seal of its own.
_LATER: Final = ("findings.jsonl", "coverage.jsonl", "seal.dsse.json", "findings.dsse.json")
#: Listed in one row, however many files they hold.
_FOLDERS: Final = ("data/events", "data/inputs/tables")


class Held(NamedTuple):
    """A part: ``name`` is its path, or its folder where it is several files; ``digest`` that of its manifest then."""

    name: str
    files: int
    bytes: int
    digest: str


def holdings(path: Path) -> tuple[Held, ...]:
    """The parts of the bundle at ``path``: digests from its manifests, sizes from the files. A file that is missing is
    listed with 0 bytes; a damaged bundle is refused elsewhere."""
    whole = _digest(path / _MANIFEST)
    groups: dict[str, list[tuple[str, str]]] = {}
    for digest, name in _listed(path / _MANIFEST):
        folder = next((one for one in _FOLDERS if name.startswith(f"{one}/")), name)
        groups.setdefault(folder, []).append((digest, name))
    made = []
    for part, files in groups.items():
        size = sum(_size(path / name) for _, name in files)
        name, digest = (files[0][1], files[0][0]) if len(files) == 1 else (part, whole)
        made.append(Held(name, len(files), size, digest))
    made += [Held(name, 1, _size(path / name), _digest(path / name)) for name in _LATER if (path / name).is_file()]
    if private := _listed(path / "private" / _MANIFEST):
        size = sum(_size(path / "private" / name) for _, name in private)
        made.append(Held("private", len(private), size, _digest(path / "private" / _MANIFEST)))
    if whole:
        made.append(Held(_MANIFEST, 1, _size(path / _MANIFEST), whole))
    return tuple(made)


def _listed(manifest: Path) -> list[tuple[str, str]]:
    if not manifest.is_file():
        return []
    pairs = (line.partition("  ") for line in manifest.read_text("utf-8", "replace").splitlines())
    return [(digest, name) for digest, _, name in pairs if name and ".." not in Path(name).parts and name[0] != "/"]


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() and not file.is_symlink() else 0


def _digest(file: Path) -> str:
    if not file.is_file() or file.is_symlink():
        return ""
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()
