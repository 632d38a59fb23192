"""Debian's source package of the core library and the wheel with D8, by name, checked against their digests."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import sys
import zipfile
from pathlib import Path

from .pins import D8_MEMBER, LIBCORE, LIBCORE_FILES, LIBCORE_VERSION, WHEEL, WHEEL_SHA256, WHEEL_VERSION, BedError
from .place import Place

_SOURCES = Path("/etc/apt/sources.list.d")


def run(place: Place) -> None:
    """Everything to ``place.downloads``; what lies there already is only checked."""
    source(place, LIBCORE, LIBCORE_VERSION, LIBCORE_FILES)
    wheel = next(iter(place.downloads.glob(f"{WHEEL}-{WHEEL_VERSION}-*.whl")), None) or _wheel(place)
    _check(wheel, WHEEL_SHA256)
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(D8_MEMBER)]
        (place.work / "d8.jar").write_bytes(archive.read(name))


def _check(path: Path, digest: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != digest:
        path.unlink()  # not to be met again by the next build
        raise BedError("fetch", f"{path.name} has the SHA-256 {found[:16]}…, {digest[:16]}… is expected", "build again")


def source(place: Place, package: str, version: str, files: dict[str, str]) -> None:
    """The files of a source package to ``place.downloads``, checked against their digests."""
    place.downloads.mkdir(parents=True, exist_ok=True)
    if not all((place.downloads / name).is_file() for name in files):
        _source(place, package, version, files)
    for name, digest in files.items():
        _check(place.downloads / name, digest)


def _source(place: Place, package: str, version: str, files: dict[str, str]) -> None:
    """apt's own download, with a private list of the machine's archives asked for sources. Needs no root."""
    apt = place.work / "apt"
    (apt / "parts").mkdir(parents=True)
    (apt / "lists" / "partial").mkdir(parents=True)
    (apt / "parts" / "own.sources").write_text("\n\n".join(archives("deb-src")) + "\n")
    options = ["Dir::Etc::sourcelist=/dev/null", f"Dir::Etc::sourceparts={apt}/parts", f"Dir::State::lists={apt}/lists"]
    options += [f"Dir::Cache::pkgcache={apt}/p.bin", f"Dir::Cache::srcpkgcache={apt}/s.bin", "APT::Sandbox::User=root"]
    command = ["apt-get", "-q", *(word for option in options for word in ("-o", option))]
    hint = "is the Debian archive reachable?"
    place.run("fetch", [*command, "update", "--error-on=any"], hint=hint)
    fresh = place.work / "source"
    fresh.mkdir()
    place.run("fetch", [*command, "source", "--download-only", f"{package}={version}"], cwd=fresh, hint=hint)
    for name in files:
        if not (fresh / name).is_file():
            raise BedError("fetch", f"{package} came without {name}")
        shutil.move(fresh / name, place.downloads / name)


def archives(kind: str) -> list[str]:
    """The machine's archives in deb822 form, of type ``kind``: deb or deb-src."""
    found = []
    for path in sorted(_SOURCES.glob("*.sources")):
        for entry in path.read_text("utf-8", "replace").split("\n\n"):
            lines = [line for line in entry.strip().splitlines() if not line.startswith("#")]
            if any(line.startswith("URIs:") and "http" in line for line in lines):
                found.append("\n".join(f"Types: {kind}" if line.startswith("Types:") else line for line in lines))
    for path in [_SOURCES.parent / "sources.list", *sorted(_SOURCES.glob("*.list"))]:
        for line in path.read_text("utf-8", "replace").splitlines() if path.is_file() else ():
            words = [word for word in line.split() if not word.startswith("[") and not word.endswith("]")]
            if words[:1] == ["deb"] and len(words) > 3 and words[1].startswith("http"):
                found.append(f"Types: {kind}\nURIs: {words[1]}\nSuites: {words[2]}\nComponents: {' '.join(words[3:])}")
    if not found:
        raise BedError("fetch", "apt has no archive reached by http", "see /etc/apt/sources.list.d")
    return found


def _wheel(place: Place) -> Path:
    fresh = place.work / "wheel"
    command = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--ignore-requires-python"]
    command += ["--only-binary", ":all:", "--dest", str(fresh), f"{WHEEL}=={WHEEL_VERSION}"]
    place.run("fetch", [*_pip(), *command], hint="is the Python package index reachable?")
    (wheel,) = fresh.glob("*.whl")
    return Path(shutil.move(wheel, place.downloads / wheel.name))


def _pip() -> list[str]:
    """pip of this environment, else uv's, else the system's: an environment made by uv has none."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    if uv := shutil.which("uv"):
        return [uv, "run", "--quiet", "--no-project", "--with", "pip", "python", "-m", "pip"]
    return ["python3", "-m", "pip"]
