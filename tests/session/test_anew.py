"""Recordings of whole sessions assessed by every pack and profile: the well-behaved shop is accused by none of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.analysis.rules.load import PACKS
from tests.analysis.anew import accused, assessed, declared
from tests.session.conftest import Recorded

pytestmark = pytest.mark.device


def bundle(session: Recorded) -> Path:
    return session.outcome.bundle


def test_no_set_of_rules_accuses_the_well_behaved_shop(clean: Recorded) -> None:
    assert accused(bundle(clean)) == {}


def test_the_same_question_about_the_sample_shop_has_answers_in_every_pack(shop: Recorded) -> None:
    found = assessed(bundle(shop), declared(bundle(shop)), [((pack,), "guide") for pack in PACKS])
    assert {name for name, finding in found if finding.status == "evidenced"} == {f"{pack} guide" for pack in PACKS}
