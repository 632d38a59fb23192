"""The assertions of ``monitor.testing`` on a small recorded bundle."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.testing import Assessed
from tests.cli.conftest import bundle  # noqa: F401  (the fixture)


def test_a_rule_that_fired_says_what_where_and_by_whom(bundle: Path) -> None:  # noqa: F811
    with pytest.raises(AssertionError) as caught:
        Assessed(bundle).assert_silent("COL-02")
    text = str(caught.value)
    assert "COL-02 was expected to be silent" in text and "android_id" in text
    assert "at cn.beacon.analytics.Beacon.start" in text and str(bundle) in text


def test_silence_without_a_witness_is_no_pass(bundle: Path) -> None:  # noqa: F811
    with pytest.raises(AssertionError, match="not tested"):
        Assessed(bundle).assert_silent("COL-05")
    with pytest.raises(AssertionError, match="there is no such rule"):
        Assessed(bundle).assert_silent("XYZ-99")


def test_what_is_not_declared_is_named(bundle: Path) -> None:  # noqa: F811
    with pytest.raises(AssertionError) as caught:
        Assessed(bundle).assert_only_declared()
    assert "data_type apps" in str(caught.value) and "example_datamarket" in str(caught.value)
    assert "data_type android_id" not in str(caught.value)


def test_what_was_sent_is_distinguished_from_what_was_sent_before_consent(bundle: Path) -> None:  # noqa: F811
    session = Assessed(bundle)
    session.assert_not_sent("android_id", before="consent")
    session.assert_not_sent("contacts")
    with pytest.raises(AssertionError, match=r"Android ID was sent:\n  #\d+ .*collect.beacon-analytics.cn"):
        session.assert_not_sent("android_id")
