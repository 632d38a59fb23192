"""Committed generated files are what their sources say; a stale one is named with the step that writes it."""

from pathlib import Path

import pytest

from emulator import generate
from emulator.generate import STEP, javac, stale_jar, stale_texts
from tests.hooks.build_classes import JARS, build
from tests.hooks.support import HERE

ROOT = Path(__file__).resolve().parents[2]


def fresh(stale: list[Path]) -> None:
    assert not stale, f"stale: {', '.join(str(path.relative_to(ROOT)) for path in stale[:5])}: {STEP}"


def test_texts_are_what_the_catalogue_says(monkeypatch: pytest.MonkeyPatch) -> None:
    stale = stale_texts()
    monkeypatch.setattr("sys.argv", ["generate", "--check"])
    monkeypatch.setattr(generate, "javac", lambda: 0)  # the jar is looked at below
    assert generate.main() == bool(stale)
    fresh(stale)


@pytest.mark.jvm
@pytest.mark.extra("javac")
def test_the_jar_is_what_its_sources_say() -> None:
    if generate.javac() != 17:  # a JVM is started for that: not by every worker that reads this file
        pytest.skip("needs javac 17 to make the same bytes")
    fresh(stale_jar())


@pytest.mark.jvm
@pytest.mark.extra("javac")
@pytest.mark.parametrize("name", sorted(JARS))
def test_jar_is_built_from_its_sources(name: str, tmp_path: Path) -> None:
    if javac() != 17:
        pytest.skip("needs javac 17 to make the same bytes")
    build(name, tmp_path / name)
    assert (tmp_path / name).read_bytes() == (HERE / name).read_bytes()
