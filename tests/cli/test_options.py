"""Where a new user begins; options: said once, as the fields of a model, by the command line or ``monitor.yaml``."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from monitor.base.errors import InputError
from monitor.cli._options import command, use
from monitor.session.options import OnDevice, Options, RunOptions, Target
from tests.cli.conftest import Run

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


def test_without_a_command_it_says_where_to_begin(monitor: Run) -> None:
    for lang in ("en", "zh"):
        done = monitor(LC_ALL=f"{lang}.UTF-8")
        assert done.returncode == 0 and "monitor run quickstart" in done.stdout
        for name in re.findall(r"^    monitor (\w+)", done.stdout, re.M):
            assert monitor(name, "--help").returncode == 0, name


def test_the_shell_completes_commands(monitor: Run) -> None:
    done = monitor(_MONITOR_COMPLETE="complete_bash", COMP_WORDS="monitor ver", COMP_CWORD="1")
    assert done.stdout.split() == ["verify"]


@pytest.mark.parametrize(
    "words", [("run",), ("analyse",), ("findings",), ("verify",), ("recover",), ("rules", "check")]
)
def test_a_name_that_no_file_can_have_is_bad_input(monitor: Run, words: tuple[str, ...]) -> None:
    done = monitor(*words, "x" * 5000)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1, done.stderr[-300:]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://tsa.example/", "https://", "http://[::1", "tsa.example"])
def test_no_session_is_recorded_for_a_time_stamp_that_cannot_be(monitor: Run, tmp_path: Path, url: str) -> None:
    done = monitor("run", "quickstart", "--timestamp", url, "--out", tmp_path / "b")
    assert done.returncode == 2 and "not an http or https address" in done.stderr
    assert not (tmp_path / "b").exists()


def project(tmp_path: Path, text: str) -> None:
    (tmp_path / "monitor.yaml").write_text(text, "utf-8")


def test_its_values_stand_for_options_and_give_way_to_them(monitor: Run, tmp_path: Path) -> None:
    project(tmp_path, "run: {scenario: quickstart, fail_on: enormous}\n")
    done = monitor("run")
    assert done.returncode == 2 and "no such level: enormous" in done.stderr
    done = monitor("run", "absent.yaml", "--fail-on", "high")
    assert done.returncode == 2 and "absent.yaml: no such file" in done.stderr


def test_paths_are_relative_to_the_file(monitor: Run, tmp_path: Path) -> None:
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "p.yaml").write_text("run: {scenario: quickstart, baseline: accepted.yaml}\n", "utf-8")
    (tmp_path / "ci" / "accepted.yaml").write_text("accepted: [{fingerprint: short}]\n", "utf-8")
    done = monitor("--project", "ci/p.yaml", "run")
    assert done.returncode == 2 and "ci/accepted.yaml: accepted.0" in done.stderr
    project(tmp_path, "sdk: {library: beacon, declaration: absent.yaml}\n")
    done = monitor("sdk", "check")
    assert done.returncode == 2 and "absent.yaml: no such file" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("run: {fail_om: high}", "run: unknown key 'fail_om'"),
        ("run: {unpin: everything}", "run.unpin"),
        ("sdk: {watch: 0}", "sdk.watch"),
        ("run: [", "not valid YAML"),
    ],
)
def test_a_fault_is_one_line_and_affects_no_other_command(monitor: Run, tmp_path: Path, text: str, said: str) -> None:
    project(tmp_path, text)
    done = monitor("sdk" if text.startswith("sdk") else "run", "x")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert said in done.stderr and "monitor.yaml" in done.stderr
    assert monitor("rules", "list", "--json").returncode == 0


def test_a_file_that_is_named_must_be_there(monitor: Run) -> None:
    done = monitor("--project", "absent.yaml", "run", "quickstart")
    assert done.returncode == 2 and "absent.yaml: no such file" in done.stderr
