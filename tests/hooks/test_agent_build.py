"""The agent compiles without node and network, is type-checked and cached, and an error in it is found."""

import re
import shutil
from pathlib import Path

import pytest

from monitor.base.errors import EnvironmentFault
from monitor.base.paths import bundled
from monitor.collectors import agent_build
from monitor.collectors.agent_build import agent, bridge_file, compile_agent, repaired

SOURCES = bundled("hooks") / "agent"

pytestmark = pytest.mark.jvm


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources with its own cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    copy = tmp_path / "agent"
    shutil.copytree(SOURCES, copy, ignore=shutil.ignore_patterns("build"))
    return copy


def test_compiles_without_any_program_and_gives_the_same_bytes(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    first = compile_agent(tree, bridge_file())
    assert first == compile_agent(tree, bridge_file())
    assert len(first) > 200_000
    assert "sourceMappingURL" not in first


def test_a_reference_is_only_taken_from_a_wrapper_that_a_variable_holds() -> None:
    """The engine frees what nothing names, and the reference with it: used afterwards, it ends the app now and then."""
    taken = re.compile(r"\)\s*[!?]?\.\$h\b")
    found = [
        f"{source.name}:{number}"
        for source in sorted((SOURCES / "src").rglob("*.ts"))
        for number, line in enumerate(source.read_text("utf-8").splitlines(), 1)
        if taken.search(line) and not line.lstrip().startswith("*")
    ]
    assert found == []


def test_the_bridge_asks_a_jvm_for_single_symbols_and_lists_all_only_where_one_is_missing() -> None:
    text = bridge_file().read_text("utf-8")
    assert repaired(text).count("findSymbolByName") == text.count("findSymbolByName") + 1
    assert repaired(text).count("enumerateSymbols") == text.count("enumerateSymbols")


def test_a_type_error_is_reported_with_its_place(tree: Path) -> None:
    wrong = tree / "src" / "clock.ts"
    wrong.write_text(f"{wrong.read_text('utf-8')}\nexport function loose(x) {{ return x; }}\n", "utf-8")
    why = r"the agent does not compile: src/clock\.ts:\d+:\d+: .*implicitly has an 'any' type"
    with pytest.raises(EnvironmentFault, match=why):
        agent(tree)


def test_a_build_is_kept_unless_damaged_or_of_another_source(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = agent(tree)
    with monkeypatch.context() as patch:
        patch.setattr(agent_build, "compile_agent", lambda *_: pytest.fail("compiled again"))
        assert agent(tree) == first
    (kept,) = (tree / "build").glob("*.js")
    kept.write_text(kept.read_text("utf-8").replace("monitor", "monitos") + ";", "utf-8")
    assert agent(tree) == first
    source = tree / "src" / "threads.ts"
    source.write_text(source.read_text("utf-8") + "\n// changed\n", "utf-8")
    assert agent(tree).key != first.key
    assert len(list((tree / "build").glob("*.js"))) == 1


def test_a_tree_that_cannot_be_written_uses_the_users_cache(tree: Path, tmp_path: Path) -> None:
    (tree / "build").write_text("in the way", "utf-8")
    first = agent(tree)
    assert list((tmp_path / "cache").rglob("*.js"))
    assert agent(tree) == first


def test_missing_sources_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"the agent's sources are missing \(reinstall the package\)"):
        agent(tmp_path)
