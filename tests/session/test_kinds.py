"""Whole sessions on strict kinds of devices: the same findings where they can be seen, and nothing of other apps."""

import contextlib
import threading
from pathlib import Path

import pytest

from monitor.base.errors import EnvironmentFault
from monitor.device.adb import AdbDevice
from monitor.events import Health, TlsFailure, Transmission
from monitor.evidence.lines import read_events
from monitor.record.inputs import Options
from monitor.record.recording import Outcome
from monitor.record.run import record
from monitor.scenario.apps import bundled_app
from tests.session.conftest import Quiet

pytestmark = pytest.mark.device
SHOP = "com.example.shop"


#: Long enough for the neighbour to start and to speak.
SCENARIO = """appId: com.example.shopclean
app: shop-clean
name: beside
---
- launchApp: {clearState: true}
- extendedWaitUntil: {visible: "同意并继续|同意", timeout: 20s}
- idle: 6s
- consent: {scope: policy, decision: accept, tapOn: "同意并继续|同意"}
- idle: 2s
"""


class Neighbour:
    """Another app with many violations, started repeatedly behind the same proxy."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, serial: str, port: int) -> None:
        self._thread = threading.Thread(target=self._live, args=(AdbDevice(serial, port=port),), daemon=True)
        self._thread.start()

    def _live(self, device: AdbDevice) -> None:
        with contextlib.suppress(EnvironmentFault):  # the device ends with the session
            self._speak(device)

    def _speak(self, device: AdbDevice) -> None:
        device.install(bundled_app("shop", self._home))
        while (device.setting("global", "http_proxy") or ":0") == ":0":
            if self._over.wait(0.3):
                return
        while not self._over.is_set():
            device.shell(["am", "startservice", f"{SHOP}/io.pushwave.client.PushService"])
            self._over.wait(4)  # each of its starts is a VM's
            device.shell(["am", "kill", SHOP])

    def end(self) -> None:
        self._over.set()
        if self._thread:
            self._thread.join(30)


def session(home: Path, kind: str, *, no_hooks: bool = False) -> Outcome:
    neighbour = Neighbour(home)
    off = (Path("none"),) if no_hooks else ()
    (home / "beside.yaml").write_text(SCENARIO, "utf-8")
    options = Options(scenario=str(home / "beside.yaml"), out=home / "out", device=f"standin:{kind}", hooks=off)
    try:
        return record(options, Quiet(), on_device=neighbour.begin)
    finally:
        neighbour.end()


def sent(outcome: Outcome) -> list[Transmission | TlsFailure]:
    return [one for one in read_events(outcome.bundle) if isinstance(one, Transmission | TlsFailure)]


def evidenced(outcome: Outcome) -> list[str]:
    return [one.rule for one in outcome.assessment.findings if one.status == "evidenced"]


def test_a_noisy_neighbour_is_not_the_app(tmp_path: Path) -> None:
    outcome = session(tmp_path, "rooted")
    assert outcome.fault is None and evidenced(outcome) == []
    (last,) = [e for e in read_events(outcome.bundle)
               if isinstance(e, Health) and e.component == "proxy" and e.what == "stopped"]  # fmt: skip
    assert int(last.detail["neighbours"]) > 0  # it spoke, and nothing of it was kept
    assert not [one for one in sent(outcome) if one.unowned]
    lines = {line.id: line for line in outcome.assessment.coverage if line.line == "rule"}
    assert any(line.state == "silent" for line in lines.values())


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A session on a phone as it is sold: no root, no hooks, and the neighbour is there."""
    return session(tmp_path_factory.mktemp("sold"), "user", no_hooks=True)


def test_without_root_nothing_counts_as_the_apps(sold: Outcome) -> None:
    assert sold.fault is None and evidenced(sold) == []
    assert sent(sold) and all(one.unowned for one in sent(sold))
    needs = [line for line in sold.assessment.coverage if line.line == "rule" and line.state == "not_observable"]
    assert any("unattributed" in str(line.reasons) for line in needs)


def test_a_session_without_hooks_says_what_it_did_not_see(sold: Outcome) -> None:
    assert sold.steps and not sold.steps.failed
    assert sold.session.frida_start == "plain" and sold.session.hooks_ready == 0
    states = {line.state for line in sold.assessment.coverage if line.line == "hook"}
    assert states == {"not_observable"}
