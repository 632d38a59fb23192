"""What a window on closing an account says: conditions, time, and data that stays, in each language."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from monitor.analysis.consent.tracker import read_consent
from monitor.analysis.rules.facts.rgt import cancels_account, closing_keeps, closing_slow, odd_demand
from monitor.events import Window
from tests.analysis.phrases import PHRASES


@pytest.mark.parametrize(("text", "speaks"), PHRASES["closing"])
def test_what_closing_an_account_takes(text: str, speaks: str) -> None:
    base: dict[str, Any] = {"t": 1, "err": 0, "seq": 1, "src": "hooks:1", "app": "a"}
    shown = Window(**base, window_kind="dialog", action="shown", window=1, texts=[text])
    context: Any = SimpleNamespace(consent=read_consent([shown]))
    assert cancels_account(shown, context)
    told = {"d": odd_demand(shown), "s": closing_slow(shown), "k": closing_keeps(shown)}
    assert "".join(name for name, holds in told.items() if holds) == speaks
