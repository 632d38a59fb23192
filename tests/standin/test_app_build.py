"""The committed jar and the test app are what their sources give."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = Path(__file__).parent / "apps"

pytestmark = [
    pytest.mark.jvm,
    pytest.mark.extra("javac"),
]


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("standin_build", ROOT / "emulator" / "java" / "build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def content(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def differences(one: Path, other: Path) -> list[str]:
    a, b = content(one), content(other)
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def test_probe_is_up_to_date_and_its_build_reproducible(tmp_path: Path) -> None:
    build = builder()
    build.package_app(APPS / "probe", tmp_path / "one.zip")
    assert differences(tmp_path / "one.zip", APPS / "probe.zip") == []  # what another machine made of it
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        archive.extractall(tmp_path / "parts")
    build.pack(tmp_path / "parts", tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
