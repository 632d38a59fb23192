"""The README and the tree agree: everything it names exists, and everything that exists is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from monitor.cli import app
from monitor.laboratory import EXTRACTION, REPORT, missing, record_file
from monitor.reports import formats
from monitor.scenario.model import names

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_first_lines_are_the_two_commands() -> None:
    block = re.search(r"```\n(.*?)```", README, re.S)
    assert block is not None
    assert block.group(1).split("\n")[:2] == ["uv run monitor run quickstart", "uv run pytest"]


@pytest.mark.parametrize("command", sorted(get_command(app).commands))  # type: ignore[attr-defined]
def test_every_command_is_named(command: str) -> None:
    assert f"`monitor {command}" in README or f"`{command} " in README


@pytest.mark.parametrize("name", sorted(formats()))
def test_every_report_format_is_named(name: str) -> None:
    assert re.search(rf"\b{name}\b", README)


def test_every_file_that_is_named_exists() -> None:
    for path in re.findall(r"\]\(([\w./-]+)\)", README):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"`((?:monitor|hooks|scenarios|emulator|tests)/[\w./-]*\w/?)`", README):
        assert (ROOT / path).exists(), path


def test_the_quickstart_is_a_bundled_scenario() -> None:
    assert "quickstart" in names()


def test_ci_calls_the_readmes_test_command() -> None:
    assert re.search(r"^uv run pytest( \|\| \{)?$", (ROOT / ".ci" / "run").read_text("utf-8"), re.M)


def test_the_walks_lead_from_room_to_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition("## Three walks")[2].partition("\n## ")[0]
    steps = re.findall(r"^(\d+)\. `([^`]+)`(?: `([\w.]+)`)?", text, re.M)
    assert text.count("\n**") == 3 and len(steps) > 30
    assert max(int(number) for number, _, _ in steps) <= 15
    for _, file, name in steps:
        source = (ROOT / file).read_text("utf-8")
        for part in filter(None, name.split(".")):
            assert re.search(rf"\b(def|class|function) {part}\b", source), f"{file}: {part}"


def test_no_link_of_a_page_is_dead_in_a_checkout() -> None:
    """Pages are read on a forge, too, where what the site generates is not there."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "emulator").glob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([\w./-]+)\)", page.read_text("utf-8"))]
    assert len(links) > 50
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_the_tutorials_for_regulators_show_the_same_commands_and_record() -> None:
    """In English and Chinese."""
    english, chinese = ((ROOT / f"docs/tutorials/regulator{lang}.md").read_text("utf-8") for lang in ("", ".zh"))

    def shown(text: str, kind: str) -> list[str]:
        return sorted(
            {line for block in re.findall(rf"```{kind}\n(.*?)```", text, re.S) for line in block.splitlines()}
        )

    assert shown(english, "yaml") == shown(chinese, "yaml") != []
    assert {line.split("#")[0] for line in shown(chinese, "console")} <= {*shown(english, "console")}
    for option in ("--no-annex", "--template", "--manual", "--device", "--timestamp", "cn-enforcement"):
        assert option in english and option in chinese, option


def test_the_record_of_the_tutorial_is_one(tmp_path: Path) -> None:
    text = (ROOT / "docs/tutorials/regulator.md").read_text("utf-8")
    block = re.search(r"```yaml\n(.*?)```", text, re.S)
    assert block
    file = tmp_path / "record.yaml"
    file.write_text(block[1] + "profile: cn-enforcement\n", "utf-8")
    assert missing(record_file(file), [*REPORT, *EXTRACTION]) == []
