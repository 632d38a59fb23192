"""What the sample shop's session shows besides its findings, by tests and benches; that of its twin beside it."""

import random
import re
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench import clean_sessions, repeated_sessions, runtimes
from monitor.analysis.rules.load import PACKS
from monitor.assess.tables import kept_contents
from monitor.device.adb import AdbDevice
from monitor.device.standin import Standin
from monitor.device.wire.server import AdbServer
from monitor.events import NOT_PERSONAL, AppSocket, Event, Health, PermissionResult, Prompt, Transmission
from monitor.scenario.apps import bundled_app
from monitor.scenario.context import Run
from monitor.scenario.model import load_scenario
from monitor.scenario.runner import Outcome, Runner
from monitor.session.observe import RawValue
from tests import command
from tests.analysis.anew import assessed, declared
from tests.session.conftest import Logcat, Recorded
from tests.session.test_faults import verified
from tests.session.test_quickstart import sdk_of

pytestmark = pytest.mark.device


def test_every_dialog_names_the_permissions_that_are_answered_next(shop: Recorded) -> None:
    shown = [e for e in shop.events if isinstance(e, Prompt) and e.shown]
    assert shown
    answers = [e for e in shop.events if isinstance(e, PermissionResult) and e.via == "logcat"]
    for prompt in shown:
        after = min((e for e in answers if e.t > prompt.t), key=lambda e: e.t)
        assert after.permission in prompt.permissions, (prompt, after)


def test_the_uid_of_the_sockets_confirms_the_agent(shop: Recorded) -> None:
    reported = [e for e in shop.events if isinstance(e, Health) and e.component == "ports"]
    assert not [e for e in shop.events if isinstance(e, AppSocket)]
    assert [e.what for e in reported] == ["ports"]
    assert int(reported[0].detail["confirmed"]) > 0 and reported[0].detail["contradicted"] == "0"
    assert not [e for e in shop.events if isinstance(e, Transmission) and e.attribution == "system"]


def test_the_same_question_about_the_sample_shop_has_answers_in_every_pack(shop: Recorded) -> None:
    found = assessed(shop.outcome.bundle, declared(shop.outcome.bundle), [((pack,), "guide") for pack in PACKS])
    assert {name for name, finding in found if finding.status == "evidenced"} == {f"{pack} guide" for pack in PACKS}


def test_one_changed_byte_is_found_with_its_place(shop: Recorded, tmp_path: Path, rng: random.Random) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(shop.outcome.bundle, copy)
    verified(copy)
    (file,) = (copy / "data/events").iterdir()
    lines = file.read_bytes().split(b"\n")
    number = rng.randrange(len(lines) - 1)
    line = bytearray(lines[number])
    line[len(line) // 2] ^= 1
    lines[number] = bytes(line)
    file.write_bytes(b"\n".join(lines))
    done = command.run("verify", copy, cwd=tmp_path)
    assert done.returncode == 4
    assert re.search(rf"000001\.jsonl:({number + 1}|{number + 2})\b", done.stderr), (number, done.stderr)


def test_what_is_referenced_and_never_called_is_what_the_device_did_not_see(shop: Recorded) -> None:
    """The shop calls more than half of the sources that its code names; the device's log says which."""
    called = {(sdk_of(line["caller"]), line["method"]) for line in shop.truth if line["what"] == "api"}
    sources = [
        one for one in kept_contents(shop.outcome.bundle).references
        if one.role == "source" and set(one.data_types) - NOT_PERSONAL and one.owner != "framework"
        # There the log names the identifier's client library.
        if not {"oaid", "gaid"} & set(one.data_types)
    ]  # fmt: skip
    silent = {(one.owner, one.member) for one in sources} - called
    lines = [line for line in shop.outcome.assessment.coverage if line.line == "reference"]
    said = {(line.detail["owner"], line.detail["api"].rpartition(".")[2]) for line in lines}
    assert silent == said and len(silent) >= 4
    assert len(sources) - len(silent) >= len(sources) / 2
    assert "not_exercised" in {line.state for line in lines}  # of a hook that is not proven nothing is said


def test_one_session_is_like_itself(
    shop: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (1, 2):
        shutil.copytree(shop.outcome.bundle, tmp_path / f"quickstart-{number}")
    monkeypatch.setattr(sys, "argv", ["repeated_sessions", "quickstart", "--times", "2", "--keep", str(tmp_path)])
    assert repeated_sessions.main() == 0
    assert "findings in each of 2, 0 in some" in capsys.readouterr().out


def test_the_well_behaved_shop_is_not_accused(
    clean: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(clean.outcome.bundle, tmp_path / "clean")
    monkeypatch.setattr(sys, "argv", ["clean_sessions", "clean", "--keep", str(tmp_path)])
    assert clean_sessions.main() == 0
    assert "nothing evidenced" in capsys.readouterr().out


def test_rows_of_two_sessions_are_compared(shop: Recorded, clean: Recorded, capsys: pytest.CaptureFixture[str]) -> None:
    bundles = [str(shop.outcome.bundle), str(shop.outcome.bundle)]
    assert runtimes.main(bundles) == 0
    assert "without a reason: 0" in capsys.readouterr().out
    assert runtimes.main([bundles[0], str(clean.outcome.bundle)]) == 1
    assert "NO REASON" in capsys.readouterr().out


class Nowhere:
    """A sink that discards everything: there is no monitor."""

    def emit(self, event: Event, values: Sequence[RawValue] = ()) -> None: ...

    def blob(self, data: bytes, *, private: bool) -> str:
        return "0" * 64

    def stack_number(self) -> int:
        return 1


def alone(scenario: str, directory: Path) -> tuple[Outcome, list[str]]:
    """The same taps over adb, and nothing else: no hooks, no proxy, no certificate, the app started as a user does."""
    log = Logcat("ShopOut")
    with AdbServer.private(directory / "adb") as server, Standin.launch(directory / "standin") as standin:
        device = AdbDevice(server.connect(standin.serial), port=server.port)
        device.install(bundled_app("shop", directory))
        steps = load_scenario(scenario)
        log.begin(device.serial, server.port)

        def start(package: str) -> int:
            device.start(package)
            return device.pids(package)[0]

        outcome = Runner(steps, Run(steps.header.appId, device, Nowhere(), start, quiet_for=log.quiet_for)).run()
    return outcome, log.lines()


#: Libraries that read again on a timer of their own: how often, depends on how long the session takes.
TIMED = ("beacon ", "adnova ")


def steady(lines: list[str]) -> Counter[str]:
    """What was said and how often, without the number that tells a library's own order among threads, and without the
    one line that tells the time: whether the second process gets the clipboard depends on which window has the focus
    when it asks, and it is held at its start until its hooks are in place."""
    said = Counter(re.sub(r"^(\w+) \d+ ", r"\1 ", line) for line in lines if "push clipboard" not in line)
    return Counter({line: 1 if line.startswith(TIMED) else times for line, times in said.items()})


def test_the_app_says_the_same_with_and_without_the_monitor(shop: Recorded, tmp_path: Path) -> None:
    outcome, said = alone("quickstart", tmp_path)
    assert not outcome.failed
    assert shop.outcome.steps is not None
    assert (outcome.done, outcome.skipped) == (shop.outcome.steps.done, shop.outcome.steps.skipped)
    assert len(said) > 20
    assert steady(said) == steady(shop.said)
