"""The journal of changes: what a device says is never run, and what this user has done is undone after a crash."""

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.base.errors import EnvironmentFault
from monitor.cli import app
from monitor.device.adb import AdbDevice
from monitor.device.changes import undo
from monitor.device.changes.journal import ON_DEVICE, Journal
from monitor.device.changes.undo import Change
from monitor.device.provision.plan import proxy_change, setting_change

pytestmark = pytest.mark.device
_SCALE = "animator_duration_scale"


@pytest.fixture
def device(rooted: AdbDevice) -> AdbDevice:
    rooted.shell(["settings", "delete", "global", _SCALE])
    return rooted


def test_a_line_on_the_device_is_not_run_but_reported(device: AdbDevice, journal: Journal, tmp_path: Path) -> None:
    """Whoever can write on the device had a line of its own run there as root, at the end of a session."""
    journal.make(setting_change("global", _SCALE, "0", "0.5"))
    row = json.loads(device.shell(["cat", ON_DEVICE]).out)
    root = "echo owned > /data/local/tmp/owned"
    planted = [
        {"name": "cache", "how": "root", "do": "", "undo": root},
        {"journal": "0" * 32, "name": "x", "undo": ["shell", root]},
        {**row, "undo": ["setting", "global", _SCALE, "9"]},
        row,
    ]
    device.push("".join(json.dumps(line) + "\n" for line in planted).encode(), ON_DEVICE)
    again = Journal(device, tmp_path / "here")
    assert [one.name for one in again.pending()] == [f"setting {_SCALE}"]
    assert again.undo() == [] and again.foreign() == "?, x"
    assert not device.exists("/data/local/tmp/owned") and device.setting("global", _SCALE) == "0.5"
    assert len(device.shell(["cat", ON_DEVICE]).out.splitlines()) == 2  # may be another host's


def test_a_killed_session_is_undone_by_the_same_user_even_under_another_serial(
    device: AdbDevice, journal: Journal, tmp_path: Path
) -> None:
    home = tmp_path / "here"
    journal.make(proxy_change("127.0.0.1:9", {}))
    journal.make(setting_change("global", _SCALE, "0", None))
    names = ["setting http_proxy", f"setting {_SCALE}"]
    assert [one.name for one in journal.pending()] == names
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert "undo" not in device.shell(["cat", ON_DEVICE]).out
    journal.path.rename(home / "journal-as-by-usb.jsonl")
    assert [one.name for one in Journal(device, home).pending()] == names
    assert Journal(device, home).undo() == [] and not device.exists(ON_DEVICE)
    assert device.setting("global", "http_proxy") == ":0" and device.setting("global", _SCALE) is None


def test_another_host_undoes_nothing_and_says_where_it_can_be_undone(
    device: AdbDevice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device.shell(["rm", "-f", ON_DEVICE])
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "here"))
    Journal(device).make(setting_change("global", _SCALE, "0", None))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
    for lang, said in (("en", "Run 'monitor device restore"), ("zh", "请在该主机上以同一用户运行")):
        done = CliRunner().invoke(app, ["device", "restore", device.serial, "--lang", lang])
        assert done.exit_code == 3 and said in done.output and _SCALE in done.output
    assert device.setting("global", _SCALE) == "0"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "here"))
    done = CliRunner().invoke(app, ["device", "restore", device.serial, "--lang", "en"])
    assert done.exit_code == 0 and device.setting("global", _SCALE) is None


def test_what_was_undone_is_not_undone_once_more(device: AdbDevice, journal: Journal) -> None:
    """A kept copy of the lines would put an old value back at any time."""
    journal.make(setting_change("global", _SCALE, "0", "0.5"))
    kept = device.shell(["cat", ON_DEVICE]).out
    assert journal.undo() == []
    device.shell(["settings", "put", "global", _SCALE, "1"])
    device.push(kept.encode(), ON_DEVICE)
    assert journal.undo() == [] and journal.foreign()
    assert device.setting("global", _SCALE) == "1"


def test_a_line_cut_short_on_this_host_costs_no_other(device: AdbDevice, journal: Journal) -> None:
    journal.note(setting_change("global", _SCALE, "0", "0.5"))
    with journal.path.open("a") as file:
        file.write('{"journal": "cut')
    journal.note(proxy_change("127.0.0.1:9", {}))
    assert len(journal.pending()) == 2 and not journal.foreign()


@pytest.mark.parametrize(
    "step",
    [
        ("shell", "id"), ("setting", "global", "adb_enabled", "1"), ("setting", "secure", _SCALE, "1"),
        ("quic", "iptables", "-w", "1; id"), ("frida_server", "$(id)"), ("network", "enable; id", "wifi", ""),
        ("store_over", "", "/data"), ("own_port", "-w", "10.0.2.2", "80", "10100", "", "80 -j ACCEPT"),
        ("quic", "iptables", "-w"), (None,), ("clock", "1\n"), ("quic", None, "-w", "10100"),
    ],
)  # fmt: skip
def test_only_steps_of_the_vocabulary_with_fitting_arguments(step: undo.Undo) -> None:
    with pytest.raises(ValueError, match="not a"):
        undo.require(step)


def test_an_old_value_is_text_whatever_is_in_it() -> None:
    line = undo.shell_line(("proxy", "a'; id; '", "", None, None, "$(id)", None))
    assert line.startswith("settings put global http_proxy 'a'\"'\"'; id; '\"'\"''; settings put global")
    assert "'$(id)'" in line


def test_what_cannot_be_undone_by_a_step_is_not_done(journal: Journal) -> None:
    with pytest.raises(EnvironmentFault, match="not a step"):
        journal.make(Change("x", "shell", "settings put global x 1", ("shell", "id")))
