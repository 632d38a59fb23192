"""What the app's code names and the session did not see called, against the device's own log of what was called."""

from __future__ import annotations

import json

import pytest

from monitor.assess.evaluate import evaluate
from monitor.assess.kept import kept_references
from monitor.assess.opened import Opened
from monitor.events import NOT_PERSONAL
from tests.runtimes import RUNTIMES
from tests.session.conftest import Recorded
from tests.session.test_quickstart import sdk_of

pytestmark = pytest.mark.device


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "shop" in metafunc.fixturenames:
        metafunc.parametrize("shop", RUNTIMES[:1], indirect=True, scope="session")


def test_what_is_referenced_and_never_called_is_what_the_device_did_not_see(shop: Recorded) -> None:
    """The shop calls more than half of the sources that its code names; the device's log says which."""
    called = {(sdk_of(line["caller"]), line["method"]) for line in shop.truth if line["what"] == "api"}
    sources = [
        one for one in kept_references(shop.outcome.bundle)
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


def test_a_later_analysis_says_the_same(shop: Recorded) -> None:
    with Opened(shop.outcome.bundle) as opened:
        again = evaluate(opened)
    assert [line for line in again.coverage if line.line == "reference"] == [
        line for line in shop.outcome.assessment.coverage if line.line == "reference"
    ]
    kept = json.loads((shop.outcome.bundle / "data/inputs/app.json").read_bytes())
    assert kept["sha256"] == shop.outcome.session.app.apk_sha256
