"""The screens of these tests change at once: nobody has to wait as long for one as on a device."""

import pytest

from monitor.scenario.context import TIMEOUTS


@pytest.fixture(autouse=True)
def no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in {"optional": 0.2, "settle": 0.05, "look": 0.01, "poll": 0.02}.items():
        monkeypatch.setitem(TIMEOUTS, name, seconds)  # type: ignore[arg-type]
