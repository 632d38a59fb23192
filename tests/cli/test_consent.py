"""``monitor consent``: unreadable dialogs are listed; a person's label settles one and is kept with name and time."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from monitor.assess.evaluate import reanalyse
from monitor.evidence.bundle import Bundle
from monitor.evidence.seal import WORDS
from monitor.evidence.verify import verify
from monitor.session.manifest import App, Session
from tests.analysis.test_consent_stated import WORDINGS
from tests.analysis.test_consent_stated import session as played
from tests.cli.conftest import Run

#: Words in no list: notice and question are answered with 出发吧 and 告诉你们.
STRANGE = WORDINGS[1]
HEADER = "phrase\tact\tstrength\n"
ADDED = HEADER + "出发吧\taccept\tclear\n照看你托付\tpolicy\t\n"


@pytest.fixture
def unread(tmp_path: Path) -> Path:
    path = tmp_path / "unread"
    app = App(package="com.example.app")
    bundle = Bundle.create(path)
    kept = [bundle.log.append(event) for event in played(STRANGE, stated=False)]
    bundle.seal(Session(app=app, start=kept[0].t, end=kept[-1].t))
    bundle.signer().save(tmp_path / "recorder.pem")
    reanalyse(path, key=bundle.signer())
    return path


@pytest.fixture
def key(tmp_path: Path) -> tuple[str, Path]:
    """The option with which the recorder attests further results."""
    return "--key", tmp_path / "recorder.pem"


def findings(path: Path, rule: str) -> set[str]:
    lines = [json.loads(line) for line in (path / "findings.jsonl").read_text("utf-8").splitlines()]
    return {line["status"] for line in lines if line["rule"] == rule}


def listed(monitor: Run, path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in monitor("consent", "list", path, "--json").stdout.splitlines()]


def test_a_label_settles_what_could_not_be_read(monitor: Run, unread: Path, key: tuple[str, Path]) -> None:
    assert findings(unread, "COL-03") == {"inconclusive"}
    first, second = listed(monitor, unread)
    assert (first["control"], second["control"]) == (STRANGE[2], STRANGE[6])
    text = monitor("consent", "list", unread, "--lang", "en").stdout
    assert first["settle"] in text and f"consent label {unread} {first['tap']}" in text.replace("\n", "")

    done = monitor("consent", "label", unread, first["tap"], "--decision", "accept", "--by", "A. Tester", *key)
    assert done.returncode == 0, done.stderr
    assert findings(unread, "COL-03") == set()
    kinds = [one["kind"] for one in listed(monitor, unread)]
    assert kinds == ["unread", "label"]
    label = listed(monitor, unread)[1]
    assert (label["by"], label["scope"], label["decision"]) == ("A. Tester", "policy", "accept") and label["at"]
    verify(unread)
    assert (unread / "earlier" / "001" / "findings.jsonl").is_file(), "what was said before is kept"

    done = monitor("analyse", unread, *key, "--lang", "en")
    assert done.stdout.count("taken over from the last analysis, by key") == 2 and "labels of dialogs" in done.stdout
    assert done.returncode == 0 and findings(unread, "COL-03") == set(), "a later analysis uses it"
    monitor("consent", "label", unread, first["tap"], "--decision", "reject", "--by", "B. Tester", *key)
    assert "evidenced" in findings(unread, "COL-04")


def test_a_label_that_nobody_attested_is_refused(monitor: Run, unread: Path) -> None:
    line = {"tap": 5, "scope": "policy", "decision": "accept", "by": "x", "at": "2026-01-01T00:00:00+00:00"}
    (unread / "consent-labels.jsonl").write_text(json.dumps(line) + "\n")
    assert monitor("verify", unread).returncode == 4
    done = monitor("analyse", unread)
    assert done.returncode == 4 and "consent-labels.jsonl" in done.stderr


def test_words_of_ones_own_are_read_kept_and_checked(
    monitor: Run, unread: Path, tmp_path: Path, key: tuple[str, Path]
) -> None:
    words = tmp_path / "words.tsv"
    words.write_text(ADDED, "utf-8")
    done = monitor("analyse", unread, "--consent-words", words, *key)
    assert done.returncode == 0, done.stderr
    assert findings(unread, "COL-03") == set()
    verify(unread)
    monitor("analyse", unread, *key)
    assert findings(unread, "COL-03") == set(), "they are kept"
    for text, what in (
        (HEADER + "x\tnothing\t", "no such act"),
        (HEADER + "/x/\tpolicy\t", "only phrases"),
        ("- x", "the first line"),
    ):
        words.write_text(text, "utf-8")
        done = monitor("analyse", unread, "--consent-words", words)
        assert done.returncode == 2 and what in done.stderr, (text, done.stderr)


def test_a_strangers_labels_and_words_are_not_taken_over(
    monitor: Run, unread: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has the bundle can attest with any key that the user agreed: that changes nobody else's results."""
    words = tmp_path / "words.tsv"
    words.write_text(ADDED, "utf-8")
    tap = str(listed(monitor, unread)[0]["tap"])
    label = ("consent", "label", unread, tap, "--decision", "accept", "--by", "Stranger")
    for act, file in ((label, "consent-labels.jsonl"), (("analyse", unread, "--consent-words", words), WORDS)):
        bundle = Path(shutil.copytree(unread, tmp_path / file))
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "stranger"))
        done = monitor(*(bundle if one == unread else one for one in act), "--lang", "en")
        assert done.returncode == 0 and findings(bundle, "COL-03") == set(), done.stderr
        (stranger,) = re.findall("--results-key ([0-9a-f]{64})", done.stdout)
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "reader"))
        before = (bundle / "findings.dsse.json").read_bytes()
        again = ("consent", "label", bundle, tap, "--decision", "none", "--by", "x")
        for command in (("analyse", bundle), again, ("consent", "list", bundle)):
            done = monitor(*command, "--lang", "en")
            assert done.returncode == 4 and f"--results-key {stranger}" in done.stderr, (command, done.stdout)
        assert (bundle / "findings.dsse.json").read_bytes() == before
        copy = Path(shutil.copytree(bundle, tmp_path / f"{file}.copy"))
        done = monitor("analyse", copy, "--results-key", stranger, "--lang", "en")
        assert done.returncode == 0 and findings(copy, "COL-03") == set()
        assert done.stdout.count(f"taken over from the last analysis, by key {stranger}: ") == 2
        done = monitor("analyse", bundle, "--without-additions", "--lang", "en")
        assert done.returncode == 0 and findings(bundle, "COL-03") == {"inconclusive"} and "taken" not in done.stdout
        assert not (bundle / file).exists() and (bundle / "earlier/002" / file).is_file()
