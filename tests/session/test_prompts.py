"""Permission dialogs of a whole session: each event names its permissions."""

from __future__ import annotations

import pytest

from monitor.events import PermissionResult, Prompt
from tests.session.conftest import Recorded

pytestmark = pytest.mark.device


def test_every_dialog_names_the_permissions_that_are_answered_next(shop: Recorded) -> None:
    shown = [e for e in shop.events if isinstance(e, Prompt) and e.shown]
    assert shown
    answers = [e for e in shop.events if isinstance(e, PermissionResult) and e.via == "logcat"]
    for prompt in shown:
        after = min((e for e in answers if e.t > prompt.t), key=lambda e: e.t)
        assert after.permission in prompt.permissions, (prompt, after)
