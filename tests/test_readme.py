"""The README and the tree agree: everything it names exists, and everything that exists is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from monitor.cli import app
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
