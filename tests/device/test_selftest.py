"""``monitor device`` on stand-ins of several kinds: what works is reported to work, what does not is found."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import frida
import pytest
import yaml

from monitor.base.checks import Check
from monitor.base.errors import EnvironmentFault, InputError
from monitor.cli.device import fix
from monitor.collectors.hooks import HookCollector
from monitor.device.provision.frida_server import read
from monitor.record import doctor, selftest, selftest_lines
from monitor.text import label
from tests.device.phones import phone

pytestmark = pytest.mark.device


@pytest.fixture(autouse=True)
def journals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


PAGE = Path(__file__).parents[2] / "docs" / "selftest.md"
OTHER_MAJOR = f"16{frida.__version__[2:]}"
OTHER_MINOR = f"{frida.__version__[:-1]}{9 - int(frida.__version__[-1])}"
#: What differs from run to run, and what stands for it on the page.
VARIES = (
    (r"127\.0\.0\.1:\d+", "SERIAL"),
    (r"(\d+ of )?\d+ (hooks|processes|nodes)", r"… \2"),
    (r"\d+ not on this", "… not on this"),
    (r"^process \d+", "process …"),
    (r"\d+ (files|outputs)", r"… \1"),
    (r"-?\d+(\.\d+)? ms", "… ms"),
    (r"requests: \d+, \d+ of them", "requests: …, … of them"),
    (r"(certificate: )\d+", r"\1…"),
    (re.escape(frida.__version__), "OURS"),
    (re.escape(OTHER_MINOR), "ANOTHER"),
)

Printed = Callable[[str, str, dict[str, Any], list[Check]], None]


@pytest.fixture
def printed(request: pytest.FixtureRequest) -> Printed:
    """``printed(title, options, state, checks)``: the page has this table under this title; ``--update`` writes it."""

    def check(title: str, options: str, state: dict[str, Any], checks: list[Check]) -> None:
        laid = yaml.safe_dump(state, default_flow_style=True, width=500).strip() if state else ""
        for pattern, instead in VARIES:
            laid = re.sub(pattern, instead, laid)
        how = f"`{options}`" + (f", state `{laid}`" if laid else "")
        section = f"## {title}\n\n{how}\n\n{shown(checks)}\n"
        page = PAGE.read_text("utf-8")
        there = re.search(rf"^## {re.escape(title)}\n(?:(?!## ).*\n)*", page, re.MULTILINE)
        if request.config.getoption("--update"):
            new = page.replace(there[0], section + "\n", 1) if there else f"{page}\n{section}"
            PAGE.write_text(new.rstrip("\n") + "\n", "utf-8")
            return
        assert there, f"{PAGE.name} lacks {title}: run pytest --update"
        assert there[0].rstrip("\n") + "\n" == section

    return check


def shown(checks: list[Check]) -> str:
    """The table as the command prints it. Parsers that work have one row together."""
    good = [check.detail.partition(":")[0] for check in checks if check.name == "parser" and check.state == "ok"]
    rows = []
    for check in checks:
        if check.name == "parser" and check.state == "ok":
            if good:
                rows.append((check, ", ".join(good)))
                good = []
            continue
        advice = fix(check)
        rows.append((check, f"{check.detail} → {advice}" if advice else check.detail))
    lines = ["| Part | State | Detail |", "|---|---|---|"]
    for check, detail in rows:
        for pattern, instead in VARIES:
            detail = re.sub(pattern, instead, detail)
        what, state = label("doctor.what", check.name, "en"), label("doctor.state", check.state, "en")
        lines.append(f"| {what} | {state} | {detail.replace('|', '/')} |")
    return "\n".join(lines)


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_a_rooted_device(tmp_path: Path, printed: Printed) -> None:
    with phone(tmp_path) as device:
        checks = selftest.run(device.serial, raw=tmp_path / "raw")
    found = by_name(checks)
    assert not [check for check in checks if check.state == "fail"], checks
    for name in ("root", "frida_endpoint", "clock", "route", "apart", "quic", "ca", "start", "first_line", "screen",
                 "engine", "way", "tls", "user", "zygote", "proxy_back", "traffic", "neighbour", "frida_agent", "undo",
                 "kill"):  # fmt: skip
        assert found[name].state == "ok", found[name]
    printed("A device with root", "--profile rooted", {}, checks)
    assert found["start"].detail.startswith("held, ")
    assert "[ro.hardware]" in (tmp_path / "raw" / "getprop.txt").read_text("utf-8")


def test_a_phone_as_it_is_sold(tmp_path: Path, printed: Printed) -> None:
    """No root, no Frida: a session is possible, and what it cannot see is stated."""
    with phone(tmp_path, "user") as device:
        found = by_name(checks := selftest.run(device.serial))
    assert not [check for check in checks if check.state == "fail"], checks
    warned = {name for name, check in found.items() if check.state == "warn"}
    assert {"root", "frida_endpoint", "apart", "quic", "ca", "start", "traffic"} <= warned
    assert found["route"].state == found["undo"].state == found["kill"].state == "ok"
    printed("A phone as it is sold", "--profile user", {}, checks)


def test_a_vendors_system(tmp_path: Path, printed: Printed) -> None:
    """Root by ``su``, no ``nc``, apps that cannot be held, screens that move."""
    with phone(tmp_path, "vendor") as device:
        found = by_name(checks := selftest.run(device.serial))
        steps = by_name(doctor.prepare(device.serial))
    assert not [check for check in checks if check.state == "fail"], checks
    assert found["root"].state == "ok" and found["root"].detail.startswith("su")
    assert found["route"].state == "warn" and "no tool" in found["route"].detail
    assert found["start"].state == "warn" and found["start"].detail.startswith("late")
    assert found["screen"].state == "ok"
    assert {"step_usb_security", "step_autostart"} <= set(steps)
    assert "unverified" in steps["step_autostart"].detail
    printed("A vendor's system", "--profile vendor", {}, checks)


def test_the_emulator_that_is_used_by_default(tmp_path: Path, printed: Printed) -> None:
    with phone(tmp_path, "default") as device:
        checks = selftest.run(device.serial)
    assert not [check for check in checks if check.state == "fail"], checks
    printed("The stand-in without a profile", "--profile default", {}, checks)


def test_an_engine_that_does_not_engage_is_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hooks are installed and not in force, as the agent itself finds; and the owner's proxy is back afterwards."""
    monkeypatch.setattr(selftest, "HookCollector", partial(HookCollector, options={"fault": "unplaced"}))
    monkeypatch.setattr(selftest_lines, "WAIT_S", 3.0)  # for the app's first lines, which no hook tells
    with phone(tmp_path, settings={"global": {"http_proxy": "10.1.2.3:3128"}}) as device:
        found = by_name(selftest.run(device.serial))
        assert device.setting("global", "http_proxy") == "10.1.2.3:3128"
    assert found["start"].state == "ok" and found["engine"].state == "fail", found
    proven, there = map(int, re.findall(r"\d+", found["engine"].detail)[:2])
    assert proven < 0.9 * there and there > 400 and "not in force" in found["engine"].detail
    assert found["proxy_back"].state == "ok"


def test_no_root_on_a_device_with_frida(tmp_path: Path, printed: Printed) -> None:
    """As with an app that brings the gadget: hooks, but nothing of what root allows."""
    state = {"traits": {"frida": True}}
    with phone(tmp_path, "user", **state) as device:
        found = by_name(checks := selftest.run(device.serial))
    assert found["frida_endpoint"].state == "ok"
    assert {found[name].state for name in ("root", "apart", "quic", "ca", "traffic")} == {"warn"}
    assert found["start"].detail.startswith("late")
    printed("Wrong: no root", "--profile user", state, checks)


def test_frida_of_another_minor_version(tmp_path: Path, printed: Printed) -> None:
    """It answers, and what runs in the app says which one it is."""
    state = {"traits": {"frida": OTHER_MINOR}}
    with phone(tmp_path, **state) as device:
        found = by_name(checks := selftest.run(device.serial))
    assert found["frida_endpoint"].state == found["start"].state == "ok"
    assert found["frida_agent"].state == "warn"
    assert OTHER_MINOR in found["frida_agent"].detail and frida.__version__ in found["frida_agent"].detail
    printed("Wrong: Frida of another minor version", "--profile rooted", state, checks)


def test_a_frida_server_that_does_not_start(tmp_path: Path) -> None:
    """The stand-in runs no programs: the refusal is reported, and the file is removed again."""
    file = tmp_path / "frida-server"
    file.write_bytes(b"\x7fELF" + bytes(14) + (62).to_bytes(2, "little") + bytes(100))
    with phone(tmp_path) as device:
        checks = by_name(doctor.prepare(device.serial, file, port=27999))
        assert checks["frida_server"].state == "fail" and "Exec format" in checks["frida_server"].detail
        names, faults, _ = doctor.restore(device.serial)
        assert names == ["frida-server"] and not faults
        assert "ELF" not in device.shell("cat /data/local/tmp/* 2>/dev/null").out


def test_a_frida_server_that_ends_zygote_is_started_before_it(tmp_path: Path) -> None:
    """With zygote every app ends, and so does what was bound in its mount namespace."""
    file = tmp_path / "frida-server"
    file.write_bytes(b"\x7fELF" + bytes(14) + (62).to_bytes(2, "little") + bytes(100))
    for number, (spares, first, state) in enumerate([(True, False, "ok"), (False, False, "fail"), (False, True, "ok")]):
        (home := tmp_path / str(number)).mkdir()
        with phone(home, traits={"frida_server": True, "spares_zygote": spares, "frida": False}) as device:
            checks = by_name(doctor.prepare(device.serial, file, port=27999, first=first))
            found = checks["frida_server"]
            assert found.state == state, found
            assert bool(device.pids("zygote64")) and 27999 in device.listening()
            if state == "fail":
                assert "zygote died (process 530, now 7530)" in found.detail and "--frida-first" in found.hint
            names, faults, _ = doctor.restore(device.serial)
            assert "frida-server" in names and not faults and 27999 not in device.listening()
            assert device.pids("zygote64")


@pytest.mark.parametrize(
    ("data", "sha256", "said"),
    [(b"PK", "", "not a program"), (b"\x7fELF" + bytes(30), "", "a different processor"), (b"x", "00", "SHA-256")],
)
def test_a_file_that_is_no_frida_server(tmp_path: Path, data: bytes, sha256: str, said: str) -> None:
    (tmp_path / "f").write_bytes(data)
    with pytest.raises(InputError, match=said):
        read(tmp_path / "f", sha256, "x86_64")


def test_no_such_device(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with phone(tmp_path), pytest.raises(EnvironmentFault, match="absent"):
        doctor.restore("nothing-1")
