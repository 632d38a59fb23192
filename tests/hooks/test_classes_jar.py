"""The committed jars match their sources."""

import zipfile
from pathlib import Path

import pytest

from emulator.generate import javac
from tests.hooks.build_classes import JARS, build
from tests.hooks.support import HERE

pytestmark = [pytest.mark.jvm, pytest.mark.extra("javac")]


@pytest.mark.parametrize("name", sorted(JARS))
def test_jar_has_a_class_for_every_source(name: str) -> None:
    sources = {p.relative_to(HERE / JARS[name]).with_suffix("").as_posix() for p in (HERE / JARS[name]).rglob("*.java")}
    names = {n.removesuffix(".class") for n in zipfile.ZipFile(HERE / name).namelist()}
    assert sources <= names


@pytest.mark.parametrize("name", sorted(JARS))
def test_jar_is_built_from_its_sources(name: str, tmp_path: Path) -> None:
    if javac() != 17:
        pytest.skip("needs javac 17 to make the same bytes")
    build(name, tmp_path / name)
    assert (tmp_path / name).read_bytes() == (HERE / name).read_bytes()
