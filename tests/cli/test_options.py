"""Options once: a command's options are a model's fields; the device in one word; what goes with the next version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from monitor.base.errors import InputError
from monitor.cli._options import command, use
from monitor.session.options import OnDevice, Options, RunOptions, Target

Parsed = Callable[..., tuple[RunOptions, str]]


@pytest.fixture
def parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Parsed:
    """What ``monitor run`` makes of words, and what it says of them; nothing is recorded."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def parse(*words: object) -> tuple[RunOptions, str]:
        seen: list[RunOptions] = []

        def body(options: RunOptions) -> None:
            seen.append(options)
            raise typer.Exit

        app = typer.Typer()
        app.callback()(lambda context: use(context, None))
        app.registered_callback.callback.__annotations__ = {"context": typer.Context}  # type: ignore[union-attr]
        app.command("run")(command(RunOptions, body))
        done = CliRunner().invoke(app, ["run", *map(str, words)])
        if done.exception and not seen:
            raise done.exception
        return seen[0], done.stderr

    return parse


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("emulator-5554", Target("emulator-5554")),
        ("10.0.0.7:5555", Target("10.0.0.7:5555")),
        ("standin", Target()),
        ("standin:", Target()),
        ("standin:vendor@34,art", Target("", "vendor@34", "art")),
        ("standin:art,@28", Target("", "@28", "art")),
        ("standin:jvm,state=a,b.yaml", Target("", "", "jvm", Path("a,b.yaml"))),
    ],
)
def test_a_device_is_one_word(text: str, target: Target) -> None:
    assert Target.read(text) == target
    assert Target.read(str(target)) == target


@pytest.mark.parametrize("text", ["standin:user,vendor", "standin:art,jvm", "standin:state="])
def test_a_stand_in_that_is_none(text: str) -> None:
    with pytest.raises(InputError, match="not a stand-in"):
        Options(device=text)


def test_the_stand_in_is_said_in_one_option(parsed: Parsed) -> None:
    options, said = parsed("quickstart", "--device", "standin:vendor@34,art,state=s.yaml")
    assert options.target == Target("", "vendor@34", "art", Path("s.yaml")) and not said
    options, said = parsed("quickstart", "--device", "standin:state=s.yaml", "--runtime", "art")
    assert options.target == Target("", "", "art", Path("s.yaml")) and not said


def test_the_file_says_what_the_command_line_does_not(parsed: Parsed, tmp_path: Path) -> None:
    text = "run: {frida_port: 27043, device: 'standin:art,state=s.yaml', continue: before, hooks: [none]}\n"
    (tmp_path / "monitor.yaml").write_text(text, "utf-8")
    options, said = parsed("quickstart")
    assert options.frida_port == 27043 and not options.hooked and not said
    assert options.target == Target("", "", "art", Path("s.yaml")) and options.carry == Path("before")
    over, _ = parsed("quickstart", "--device", "emulator-5554")
    assert over.target == Target("emulator-5554", runtime="jvm")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"runtime": "art"}, "--runtime is for the stand-in"),
        ({"uncontained": True}, "--uncontained is for the stand-in"),
    ],
)
def test_what_a_device_has_of_its_own(more: dict[str, Any], said: str) -> None:
    OnDevice(device="emulator-5554", runtime="jvm")
    with pytest.raises(InputError, match=said):
        OnDevice(device="emulator-5554", **more)


def test_the_manifest_states_what_was_asked_for() -> None:
    asked = Options(pack=("cn",), profile="lab", by="Li", unpin="none")
    assert asked.stated() == {
        "packs": ["cn"], "profile": "lab", "proxy_mode": "sinkhole", "operator": "Li", "unpinning": "none",
    }  # fmt: skip
    assert Options(device="emulator-5554").mode == "normal"
    assert Options(proxy="none").stated()["unpinning"] == ""
