"""The kernel's tables agree with the agent on the sample shop's connections."""

from __future__ import annotations

import pytest

from monitor.events import AppSocket, Health, Transmission
from tests.session.conftest import Recorded

pytestmark = pytest.mark.device


def test_the_uid_of_the_sockets_confirms_the_agent(shop: Recorded) -> None:
    reported = [e for e in shop.events if isinstance(e, Health) and e.component == "ports"]
    assert not [e for e in shop.events if isinstance(e, AppSocket)]
    assert [e.what for e in reported] == ["ports"]
    assert int(reported[0].detail["confirmed"]) > 0 and reported[0].detail["contradicted"] == "0"
    assert not [e for e in shop.events if isinstance(e, Transmission) and e.attribution == "system"]
