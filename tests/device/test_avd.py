"""Plans for emulators, read before they are run, and how a failure of the tools is reported."""

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.base.errors import EnvironmentFault, InputError
from monitor.device import avd

Golden = Callable[[str, str], None]


@pytest.mark.parametrize("abi", avd.ABIS)
@pytest.mark.parametrize("target", avd.TARGETS)
@pytest.mark.parametrize("api", avd.LEVELS)
def test_plans(golden: Golden, api: int, target: str, abi: str) -> None:
    steps = avd.plan("create", name="lab", package=avd.image(api, target, abi))
    golden(f"avd-{api}-{target}-{abi}.txt", "".join(step.text() + "\n" for step in steps))


def test_a_start_takes_the_clean_snapshot_and_keeps_nothing(golden: Golden) -> None:
    golden(
        "avd-start.txt",
        "".join(
            step.text() + "\n" for step in [*avd.plan("start", name="lab", port=5556), *avd.plan("stop", port=5556)]
        ),
    )


@pytest.mark.parametrize("wanted", [(23, "default", ""), (33, "google_apis_playstore", ""), (33, "default", "mips")])
def test_an_image_without_a_session_is_refused(wanted: tuple[int, str, str]) -> None:
    with pytest.raises(InputError):
        avd.image(*wanted)


@pytest.mark.parametrize("port", [5555, 80, 5700])
def test_a_port_that_no_emulator_has(port: int) -> None:
    with pytest.raises(InputError, match="even"):
        avd.plan("start", name="lab", port=port)


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 61, "-é"])
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(InputError, match="name"):
        avd.plan("start", name=name)


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


def test_no_sdk(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="ANDROID_HOME"):
        avd.tools({"ANDROID_HOME": str(tmp_path), "PATH": "/nowhere"})


def test_a_refusal_with_exit_code_0_is_one(tmp_path: Path) -> None:
    """The console answers KO and exits 0."""
    tool = program(tmp_path / "emulator", "echo 'KO: Snapshot could not be saved'")
    step = avd.Step("emulator emu avd snapshot save x", refused="KO")
    with pytest.raises(EnvironmentFault, match="KO: Snapshot"):
        avd.run([step], {"emulator": tool}, lambda text: None)


def test_steps_run_in_order_and_wait_for_what_they_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(avd, "AGAIN_S", 0.01)
    count = tmp_path / "count"
    tool = program(tmp_path / "emulator", f"echo x >> {count}; [ $(wc -l < {count}) -gt 1 ] && echo 1")
    said: list[str] = []
    avd.run([avd.Step("emulator shell getprop", until="1")], {"emulator": tool}, said.append)
    assert count.read_text().count("x") == 2
    assert said == ["until emulator shell getprop prints 1"]
