"""Commands load what they need and nothing else."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from monitor.cli._lazy import COMMANDS, _line
from tests.command import COMMAND

HEAVY = {"mitmproxy", "frida", "adbutils", "hyperscan", "jinja2", "chinese_calendar", "markdown_it", "cbor2",
         "cramjam", "lz4", "selectolax"}  # fmt: skip


def loaded(*arguments: object) -> set[str]:
    """Modules that a command has loaded at its end."""
    code = "import sys\nfrom monitor.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    words = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_command_says(name: str) -> None:
    assert COMMAND.commands[name].get_short_help_str(100) == _line(COMMANDS[name].summary)  # type: ignore[attr-defined]


def test_every_command_of_a_module_is_listed() -> None:
    for module in {listed.module for listed in COMMANDS.values()}:
        names = {name for name, listed in COMMANDS.items() if listed.module == module}
        assert names == set(import_module(f"monitor.cli.{module}").COMMANDS)


def test_help_loads_no_command() -> None:
    modules = loaded("--help")
    assert not modules & (HEAVY | {"pydantic", "rich", "yaml", "cryptography", "msgspec", "monitor.events"})


@pytest.mark.parametrize("command", ["verify", "findings"])
def test_reading_a_bundle_loads_neither_the_recorder_nor_the_rules(command: str, bundle: Path) -> None:
    modules = loaded(command, bundle)
    assert "monitor.evidence.verify" in modules
    assert not modules & HEAVY
    assert not {name for name in modules if name.startswith(("monitor.analysis.rules", "monitor.reports"))}
