"""Sessions that were assessed with rules of the user's own are marked, and left out of rates unless asked for."""

from __future__ import annotations

import json
import re
import shutil
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest

from monitor.archive.archive import Archive
from monitor.archive.facts import Context
from monitor.assess.evaluate import reanalyse
from monitor.assess.tables import todays_digests
from monitor.evidence.keys import Signer
from monitor.text import t
from tests.assess.conftest import recorded
from tests.assess.test_own_rules import RULE
from tests.assess.test_released import doctored, silenced

from .conftest import Run
from .samples import T0, make
from .test_archive import ask

DECLARATION = "app: {package: com.example.a2}\n"
__all__ = ["doctored", "recorded", "silenced"]
RULES = ("COL-03", "OWN-01")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three apps that do the same; one was assessed with a rule that replaces a built-in one and never matches."""
    top = tmp_path_factory.mktemp("own")
    (top / "rules").mkdir()
    for rule in RULES:
        text = RULE.replace("OWN-01", rule).replace("ulogs.umeng.com", "nowhere.example")
        (top / "rules" / f"{rule}.yaml").write_text(text, "utf-8")
    Signer.generate().save(top / "key.pem")
    archive = Archive(str(top / "a"), make=True)
    for number in range(3):
        made = make(top / str(number), app=f"com.example.a{number}", start=T0 + number, key=top / "key.pem")
        if number == 1:
            reanalyse(made, ("cn",), rules=[top / "rules"], key=top / "key.pem")
        if number == 2:
            (top / "declaration.yaml").write_text(DECLARATION, "utf-8")
            reanalyse(made, declaration=top / "declaration.yaml", key=top / "key.pem")
        assert archive.add(made, context=Context(category="tools")).how == "added"
    return top / "a"


def test_a_session_says_by_which_rules_it_was_assessed(place: Path) -> None:
    rows = ask(place, "SELECT app, own_rules, replaced_rules, packs, rules_sha256 FROM sessions ORDER BY app", own=True)
    built_in = todays_digests()["rules"]
    assert [row[:4] for row in rows] == [
        ("com.example.a0", "", "", ""),
        ("com.example.a1", "COL-03 OWN-01", "COL-03", "cn"),
        ("com.example.a2", "", "", ""),
    ]
    assert [row[4] == built_in for row in rows] == [True, False, True]


def test_a_session_says_with_what_else(place: Path) -> None:
    rows = ask(place, "SELECT given, declaration_sha256 FROM sessions ORDER BY app", own=True)
    assert rows == [("", ""), ("", ""), ("declaration", sha256(DECLARATION.encode()).hexdigest())]


@pytest.mark.parametrize(("more", "tested", "share"), [((), 2, 1.0), (("--own-rules",), 3, 0.6667)])
def test_it_is_no_test_of_the_rule_that_it_replaced(
    monitor: Run, place: Path, more: tuple[str, ...], tested: int, share: float
) -> None:
    words = ("archive", "query", place, "rule-by-category", "--set", "rule=COL-03", "--json", "--lang", "en")
    done = monitor(*words, *more)
    row = json.loads(done.stdout)
    assert (row["apps"], row["tested"], row["share"]) == (2, tested, share)
    assert ("1 session with rules of the user's own left out" in done.stderr) == (not more)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_says_how_many_it_left_out(monitor: Run, place: Path, tmp_path: Path, lang: str) -> None:
    assert monitor("archive", "report", place, "-o", "out", "--lang", lang).returncode == 0
    index = unescape((tmp_path / "out/index.html").read_text("utf-8"))
    assert t("population.own_rules", lang, n=1) in index and not re.search("com.example.a1", index)
    assert (tmp_path / "out/data/sessions.csv").read_text("utf-8").count("COL-03 OWN-01") == 1, "the data are whole"
    assert monitor("archive", "report", place, "-o", "all", "--own-rules", "--lang", lang).returncode == 0
    index = unescape((tmp_path / "all/index.html").read_text("utf-8"))
    assert t("population.own_rules_counted", lang, n=1) in index and "com.example.a1" in index


def test_so_is_one_of_a_doctored_recorder(
    monitor: Run, doctored: Path, recorded: Path, silenced: list[str], tmp_path: Path
) -> None:
    """Its rules are those of no release; a recording of the same capture by this version counts."""
    archive = Archive(str(tmp_path / "a"), make=True)
    assert [archive.add(one).how for one in (doctored, recorded)] == ["added", "added"]
    rows = dict(ask(tmp_path / "a", "SELECT differs, own_rules FROM sessions", own=True))
    assert rows == {"clauses rules": " ".join(sorted([*silenced, "AI-02"])), "": ""}
    done = monitor(
        "archive", "query", "a", "rule-by-category", "--set", f"rule={silenced[0]}", "--json", "--lang", "en"
    )
    assert json.loads(done.stdout)["tested"] == 1 and "1 session with" in done.stderr
    said = [monitor("archive", "add", "b", one, "--lang", "en").stdout for one in (doctored, recorded)]
    assert ["missing: AI-02" in one for one in said] == [True, False] == ["Differs" in one for one in said]
    judged = Path(shutil.copytree(doctored, tmp_path / "judged"))
    key = reanalyse(judged).written.key  # by this version's tables: it counts
    assert Archive(str(tmp_path / "c"), make=True).add(judged, results_keys=[key]).how == "added"
    assert ask(tmp_path / "c", "SELECT differs, own_rules FROM sessions") == [("clauses rules", "")]
