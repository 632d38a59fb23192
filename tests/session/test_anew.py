"""Recordings of whole sessions assessed by every pack and profile: the well-behaved shop is accused by none of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analysis.anew import accused
from tests.session.conftest import Recorded

pytestmark = pytest.mark.device


def bundle(session: Recorded) -> Path:
    return session.outcome.bundle


def test_no_set_of_rules_accuses_the_well_behaved_shop(clean: Recorded) -> None:
    assert accused(bundle(clean)) == {}


def test_the_same_question_about_the_sample_shop_has_answers_in_every_pack(shop: Recorded) -> None:
    found = accused(bundle(shop))
    for pack in ("cn", "gdpr", "play", "coppa"):
        assert any(f"{pack} guide" in sets for sets in found.values()), pack
