"""Commands load what they need and nothing else. Every text of their help has a Chinese one."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from monitor.cli._lazy import COMMANDS, _line, help_texts
from monitor.scenario import registry
from tests.command import COMMAND

from .conftest import Run

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
    assert COMMAND.commands[name].get_short_help_str(100) == _line(COMMANDS[name][1])  # type: ignore[attr-defined]


def test_every_command_of_a_module_is_listed() -> None:
    for module in {module for module, _ in COMMANDS.values()}:
        names = {name for name, (place, _) in COMMANDS.items() if place == module}
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


def texts(command: Any) -> set[str]:
    found = {one.__dict__.get("_english") or "" for one in (command, *command.params)}
    return found.union(*(texts(sub) for sub in (getattr(command, "commands", None) or {}).values()))


def test_every_help_text_has_a_chinese_one_and_none_is_left_over() -> None:
    english = set().union(*(texts(COMMAND.commands[name]) for name in COMMANDS)) - {""}
    known, chinese = {" ".join(text.split()) for text in english}, help_texts("help_zh")
    known |= {verb.doc.replace("``", "") for verb in registry.VERBS.values()}
    own = {"Project file with options of run and sdk check; default: monitor.yaml here.", "Print the version."}
    shell = {text for text in chinese if "completion for the current shell" in text}
    standard = {"Show this message and exit."}
    assert known - standard <= set(chinese), known - standard - set(chinese)
    assert set(chinese) - known == own | shell
    assert not [zh for zh in chinese.values() if zh.isascii()]


def test_what_steps_do_is_said_in_the_readers_language(monitor: Run) -> None:
    for lang, said in (("zh", "清除应用数据和权限"), ("en", "Clear the app's data and permissions")):
        assert said in monitor("scenarios", "verbs", "--lang", lang, COLUMNS="1000").stdout


@pytest.mark.parametrize("words", [("run",), ("sdk", "check"), ("app",)])
def test_help_is_in_the_readers_language(monitor: Run, words: tuple[str, ...]) -> None:
    for locale, chinese in (("zh_CN.UTF-8", True), ("C.UTF-8", False), ("zh_CN.UTF-8", True)):
        said = monitor(*words, "--help", LC_ALL=locale).stdout
        assert ("JSON 行" in said or "默认" in said) == chinese, said
    for command in ("run", "events"):
        assert "默认" in monitor(command, "--lang", "zh", "--help", LC_ALL="C.UTF-8").stdout
    listed = monitor("--help", LC_ALL="zh_CN.UTF-8").stdout
    assert "录制一次会话并评估" in listed and "Record a session" not in listed


def test_every_entry_of_the_table_of_options_is_a_parameter_of_a_command() -> None:
    """A section that names no command, or a parameter that none of its commands has, would be read by nobody."""
    parameters: dict[str, set[str]] = {}
    for name, (module, _) in COMMANDS.items():
        content = import_module(f"monitor.cli.{module}").COMMANDS[name]
        for word, function in content.items() if isinstance(content, dict) else [("", content)]:
            for section in {"common", name, f"{name} {word}".strip()}:
                parameters.setdefault(section, set()).update(signature(function).parameters)
    unread = [
        (section, one) for section, items in help_texts("options").items() for one in {*items} - parameters[section]
    ]
    assert not unread
