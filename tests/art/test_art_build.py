"""Building the Android Runtime bed: one clear line for whatever is missing, and nothing half-built left."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.art import bed, fetch, libart, pins
from emulator.art.place import Place
from tests.runtimes import art_bed

ROOT = Path(__file__).resolve().parents[2]


def art(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "emulator.art", *words],
        cwd=ROOT, env={**os.environ, **env}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=200,
    )  # fmt: skip


def line(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of a failure."""
    (said,) = done.stderr.splitlines()
    assert done.returncode == 3 and said.startswith("art: "), done
    return said


def only(directory: Path, *programs: str) -> str:
    """A search path with these programs and nothing else."""
    directory.mkdir()
    for name in programs:
        (directory / name).symlink_to(shutil.which(name) or "/nowhere")
    return str(directory)


def debian() -> None:
    try:
        bed.needed(pins.PACKAGES)
    except pins.BedError as bad:
        pytest.skip(str(bad))


def place(directory: Path) -> Place:
    for name in ("work", "out", "downloads"):
        (directory / name).mkdir()
    return Place(directory / "work", directory / "out", directory / "downloads", directory / "build.log")


def test_a_bed_that_is_not_built_is_said_to_be_so(tmp_path: Path) -> None:
    assert art("path", XDG_CACHE_HOME=str(tmp_path)).returncode == 3
    status = json.loads(art("status", "--json", XDG_CACHE_HOME=str(tmp_path)).stdout)
    assert status["built"] is False and status["why"]


@pytest.mark.art
@pytest.mark.parametrize("floor", ["nonsense", "../jit"])
def test_a_floor_that_is_not_built_is_said_to_be_so(floor: str) -> None:
    java = str(art_bed().java)
    status = json.loads(art("status", "--json", ART_FLOOR=floor).stdout)
    assert status["built"] is False and status["why"] == f"art: ART_FLOOR={floor} is not built"
    done = subprocess.run([java, "Main"], env={**os.environ, "ART_FLOOR": floor}, capture_output=True, text=True)
    assert done.returncode == 3 and done.stderr.splitlines()[-1] == "art: ART_FLOOR is not built"


def test_no_dpkg(tmp_path: Path) -> None:
    assert "packages: no dpkg" in line(art("build", PATH=only(tmp_path / "bin"), XDG_CACHE_HOME=str(tmp_path / "c")))


@pytest.mark.parametrize(
    ("installed", "said", "unsaid"),
    [
        ({"g++": "4:14"}, ("android-libart", "zlib1g-dev"), "g++"),
        (dict.fromkeys(pins.PACKAGES, "15.0"), ("android-libart 15.0 is installed", pins.LIBART), "missing"),
    ],
)
def test_packages_that_are_missing_or_of_another_version_are_named(
    installed: dict[str, str], said: tuple[str, ...], unsaid: str, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "dpkg-query"
    rows = "".join(f"{name}\\t{version}\\tinstalled\\n" for name, version in installed.items())
    fake.write_text(f"#!/bin/sh\nprintf '{rows}'\n")
    fake.chmod(0o755)
    why = line(art("build", PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}", XDG_CACHE_HOME=str(tmp_path / "c")))
    assert all(words in why for words in said) and unsaid not in why.partition("(")[0]


@pytest.mark.extra("javac", "g++")
@pytest.mark.parametrize("tool", ["g++", "javac", "dpkg-source"])
def test_a_missing_tool_is_named(tmp_path: Path, tool: str) -> None:
    debian()
    tools = {"javac", "java", "gcc", "g++", "apt-get", "dpkg-source", "dpkg-query"} - {tool}
    said = line(art("build", PATH=only(tmp_path / "bin", *tools), XDG_CACHE_HOME=str(tmp_path / "c")))
    assert f"{tool} is missing" in said


def test_another_build_of_libart_is_not_changed(tmp_path: Path) -> None:
    here = place(tmp_path)
    with pytest.raises(pins.BedError, match="not the known build of libart"):
        libart.change(here, Path(sys.executable).resolve(), here.out / "libart.so")
    assert not (here.out / "libart.so").exists()


@pytest.mark.extra("javac", "g++")
def test_a_wrong_checksum_ends_the_build_and_leaves_nothing(tmp_path: Path) -> None:
    debian()
    root = tmp_path / "app-privacy-monitor" / "art"
    (root / "downloads").mkdir(parents=True)
    for name in pins.LIBCORE_FILES:
        (root / "downloads" / name).write_bytes(b"not what Debian has")
    said = line(art("build", XDG_CACHE_HOME=str(tmp_path)))
    assert said.startswith("art: fetch: ") and ".dsc has the SHA-256" in said
    assert {path.name for path in root.iterdir()} == {"downloads", "lock", "build.log"}
    assert len(list((root / "downloads").iterdir())) == len(pins.LIBCORE_FILES) - 1


@pytest.mark.extra("javac", "g++")
def test_a_half_built_bed_of_a_killed_build_is_removed(tmp_path: Path) -> None:
    debian()
    root = tmp_path / "app-privacy-monitor" / "art"
    (root / "work-left" / "out").mkdir(parents=True)
    (root / "downloads").mkdir()
    for name in pins.LIBCORE_FILES:
        (root / "downloads" / name).write_bytes(b"")
    line(art("build", XDG_CACHE_HOME=str(tmp_path)))
    assert not (root / "work-left").exists()


def test_no_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_SOURCES", tmp_path / "sources.list.d")
    with pytest.raises(pins.BedError, match="fetch: apt has no archive"):
        fetch.run(place(tmp_path))


def test_an_archive_that_cannot_be_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("apt-get"):
        pytest.skip("no apt-get")
    sources = tmp_path / "sources.list.d"
    sources.mkdir()
    (sources / "own.sources").write_text(
        "Types: deb\nURIs: http://127.0.0.1:9/debian\nSuites: trixie\nComponents: main\n"
    )
    monkeypatch.setattr(fetch, "_SOURCES", sources)
    hasty = tmp_path / "apt.conf"
    hasty.write_text('Acquire::Retries "0";\n')  # it would try for six seconds
    monkeypatch.setenv("APT_CONFIG", str(hasty))
    with pytest.raises(pins.BedError, match=r"fetch: apt-get failed: .*\(is the Debian archive reachable\?\)"):
        fetch.run(place(tmp_path))


def test_both_forms_of_apts_lists_become_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "sources.list.d"
    folder.mkdir()
    (folder / "a.sources").write_text("# ours\nTypes: deb\nURIs: https://one/\nSuites: trixie\nComponents: main\n")
    (folder / "b.sources").write_text("Types: deb\nURIs: file:/here\nSuites: ./\n")
    (tmp_path / "sources.list").write_text("deb [signed-by=/key arch=amd64] http://two/ trixie main contrib\n# no\n")
    monkeypatch.setattr(fetch, "_SOURCES", folder)
    assert fetch.archives("deb-src") == [
        "Types: deb-src\nURIs: https://one/\nSuites: trixie\nComponents: main",
        "Types: deb-src\nURIs: http://two/\nSuites: trixie\nComponents: main contrib",
    ]


def test_the_key_follows_sources_and_packages() -> None:
    here = dict.fromkeys(pins.PACKAGES, "1")
    assert pins.complete()
    assert pins.key(here) == pins.key(dict(reversed(here.items())))
    assert pins.key(here) != pins.key({**here, "libicu-dev": "2"})
