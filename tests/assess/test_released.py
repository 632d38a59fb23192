"""A recorder with other rules than those of its release: everything that shows its bundle names them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from monitor.assess import released
from monitor.assess.evaluate import reanalyse
from monitor.assess.opened import Opened
from monitor.assess.tables import keep_tables
from monitor.events import Health
from monitor.evidence.bundle import Bundle
from monitor.evidence.standalone import verify as standalone
from monitor.knowledge.catalogue import load_catalogue
from monitor.reports import formats
from monitor.session.manifest import App, Session, tool_versions
from tests import command
from tests.assess.conftest import APP, HAR
from tests.assess.test_own_rules import RULE, rules_of
from tests.reports.test_nothing_private import readable

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "monitor/evidence/standalone/verify.py"
RELEASES = SCRIPT.with_name("releases.jsonl")
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def silenced(recorded: Path) -> list[str]:
    """The rules that find something in the capture."""
    return sorted(rules_of(recorded))


@pytest.fixture(scope="module")
def doctored(recorded: Path, silenced: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same capture made into a bundle by a copy of the program whose rules never match; one is missing, one clause
    says something else."""
    home = tmp_path_factory.mktemp("doctored")
    program = Path(shutil.copytree(ROOT / "monitor", home / "monitor", ignore=shutil.ignore_patterns("__pycache__")))
    (home / "hooks").symlink_to(ROOT / "hooks")
    (home / "scenarios").symlink_to(ROOT / "scenarios")
    for rule in silenced:
        text = RULE.replace("OWN-01", rule).replace("ulogs.umeng.com", "nowhere.example")
        (program / "rules" / f"{rule}.yaml").write_text(text, "utf-8")
    (program / "rules" / "AI-02.yaml").unlink()
    clause = program / "clauses" / "taf_078_4.yaml"
    clause.write_text(f"{clause.read_text('utf-8')}# another\n", "utf-8")
    (home / "x.har").write_text(json.dumps(HAR))
    place = recorded.parent
    words = ["import", "x.har", "--app", APP, "--out", "bundle", "--identifiers", place / "ids.yaml"]
    done = subprocess.run(
        [sys.executable, "-m", "monitor", *map(str, words), "--declaration", str(place / "d.yaml")],
        cwd=home, env=os.environ | {"PYTHONPATH": str(home)}, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert rules_of(home / "bundle") == set()
    return home / "bundle"


def names_each(said: str, rules: list[str]) -> bool:
    return "AI-02" in said and all(rule in said for rule in rules)


def squeezed(text: str) -> str:
    """Without what a layout or a notation adds."""
    return "".join(text.replace("\\", "").replace("&#39;", "'").replace("&apos;", "'").split())


def sentence(bundle: Path, lang: str) -> str:
    with Opened.of_results(bundle) as opened:
        return released.said(released.differing(opened), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_shows_the_bundle_names_each_rule(
    doctored: Path, recorded: Path, silenced: list[str], tmp_path: Path, lang: str
) -> None:
    said = sentence(doctored, lang)
    assert names_each(said, silenced) and sentence(recorded, lang) == ""
    for words in (["verify"], ["findings"], ["coverage"]):
        done = command.run(*words, doctored, "--lang", lang, cwd=tmp_path)
        assert done.returncode == 0 and said in done.stdout
        assert said[:12] not in command.run(*words, recorded, "--lang", lang, cwd=tmp_path).stdout
    done = command.run("findings", doctored, "--json", "--lang", lang, cwd=tmp_path)
    assert done.stdout == "" and said in done.stderr
    assert command.run("findings", recorded, "--json", "--lang", lang, cwd=tmp_path).stderr == ""


@pytest.mark.parametrize(("form", "lang"), zip(sorted(formats()), cycle(LANGUAGES)))
def test_so_does_every_report(doctored: Path, recorded: Path, tmp_path: Path, form: str, lang: str) -> None:
    said, start = squeezed(sentence(doctored, lang)), {"en": "Differs from the tables", "zh": "数据表不一致"}
    for bundle in (doctored, recorded):
        out = tmp_path / "report"
        done = command.run("report", bundle, "--format", form, "-o", out, "--lang", lang, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        text = squeezed(readable(out.read_bytes()))
        assert (said in text, squeezed(start[lang]) in text) == (bundle == doctored, bundle == doctored), form


def alone(bundle: Path, *more: object) -> str:
    done = subprocess.run([sys.executable, "-I", SCRIPT, bundle, *more], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_so_does_the_verifier_alone(doctored: Path, recorded: Path, silenced: list[str], tmp_path: Path) -> None:
    """By the digests that the command prints, as a release publishes them."""
    published = tmp_path / "releases.jsonl"
    published.write_text(command.run("tables", "digest", "--json", cwd=tmp_path).stdout)
    version = tool_versions().monitor
    first, *differs = alone(doctored, "--releases", published).splitlines()
    lines = f"rules changed {', '.join(silenced)}", "rules missing AI-02", "clauses"
    assert first.startswith("intact: ")
    assert differs == [f"DIFFERS from the tables of release {version}: {line}" for line in lines]
    (line,) = alone(recorded, "--releases", published).splitlines()
    assert line.endswith(f"tables of release {version}")
    (tmp_path / "none.jsonl").touch()
    assert f"not compared: no digests for {version}" in alone(doctored, "--releases", tmp_path / "none.jsonl")
    forged = session_of(tmp_path / "x", change=lambda session: setattr(session.versions, "monitor", "9\nintact: all"))
    assert "no digests for 9\\u000aintact: all in" in alone(forged, "--releases", published), "one line"
    published.write_text("7\n")
    done = subprocess.run([sys.executable, "-I", SCRIPT, recorded, "--releases", published], capture_output=True)
    assert done.returncode != 0 and b"not the digests of a release" in done.stderr and b"Traceback" not in done.stderr


def test_analyse_uses_its_own_tables_and_shows_both_results(
    doctored: Path, silenced: list[str], tmp_path: Path
) -> None:
    """Those of the recording only if asked for; what only one of them gives is listed either way."""
    bundle = Path(shutil.copytree(doctored, tmp_path / "bundle"))
    done = command.run("analyse", bundle, "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0 and rules_of(bundle) == set(silenced)
    _, _, changes = done.stdout.partition("changes in the findings")
    assert {*re.findall(r"^  new  (\S+)", changes, re.M)} == set(silenced)
    assert names_each(done.stdout, silenced) and "they do not rest on what differs" in done.stdout
    key = re.findall("--results-key ([0-9a-f]{64})", done.stdout)[0]
    said = command.run("findings", bundle, "--results-key", key, "--lang", "en", cwd=tmp_path).stdout
    assert names_each(said, silenced) and "they do not rest on what differs" in said
    done = command.run("analyse", bundle, "--recorded-tables", "--lang", "en", cwd=tmp_path)
    assert rules_of(bundle) == set() and "The results rest on what differs" in done.stdout
    assert {*re.findall(r"^  new  (\S+)", done.stdout, re.M)} == set(silenced)
    assert command.run("analyse", bundle, "--recorded-tables", "--current", cwd=tmp_path).returncode == 2
    assert command.run("analyse", bundle, "--current", cwd=tmp_path).returncode == 0
    assert rules_of(bundle) == set(silenced)


def session_of(path: Path, *, rules: tuple[Path, ...] = (), change: Callable[[Session], Any] = lambda _: None) -> Path:
    """A sealed and assessed session with hooks; ``change``: of what its manifest states."""
    bundle = Bundle.create(path)
    bundle.log.append(Health(t=1, err=0, src="runner", app=APP, component="hooks", what="ready"))
    session = Session(
        app=App(package=APP), start=1, end=2, versions=tool_versions(), frida_start="spawn",
        digests=keep_tables(bundle, load_catalogue()[:2], rules),
    )  # fmt: skip
    change(session)
    bundle.seal(session)
    reanalyse(path, key=bundle.signer(), recorded=True)
    return path


def test_own_rules_are_named_as_such_and_differ_from_nothing(tmp_path: Path) -> None:
    """One of them stands in for a built-in rule; a file that the recording does not declare is another matter."""
    (tmp_path / "OWN-01.yaml").write_text(RULE, "utf-8")
    (tmp_path / "COL-03.yaml").write_text(RULE.replace("OWN-01", "COL-03"), "utf-8")
    files = tmp_path / "COL-03.yaml", tmp_path / "OWN-01.yaml"
    bundle = session_of(tmp_path / "declared", rules=files)
    assert sentence(bundle, "en") == ""
    report = command.run("report", bundle, "--format", "markdown", "-o", "-", "--lang", "en", cwd=tmp_path).stdout
    told = [command.run(word, bundle, "--lang", "en", cwd=tmp_path).stdout for word in ("verify", "findings")]
    shown = [report, *told]
    assert [text for text in shown if "replaced by rules of the same ID that are not: COL-03" not in text] == []
    published = tmp_path / "releases.jsonl"
    published.write_text(command.run("tables", "digest", "--json", cwd=tmp_path).stdout)
    assert alone(bundle, "--releases", published).endswith("; own rules: COL-03 (replaces), OWN-01\n")
    bundle = session_of(tmp_path / "not", rules=files, change=lambda session: session.digests.pop("own-rules"))
    assert "rules (changed: COL-03; added: OWN-01)" in sentence(bundle, "en")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda session: None, ""),
        (
            lambda session: session.digests.pop("tables"),
            "not state which of these it used: ",
        ),
        (lambda session: session.digests["program"].update(agent="0" * 64), ": agent. Another agent or hook catalogue"),
        (lambda session: session.digests["program"].update(hooks="0" * 64), ": hook catalogue. Another agent or"),
    ],
)
def test_what_is_stated_of_agent_and_tables_counts(tmp_path: Path, change: Callable[[Session], Any], said: str) -> None:
    bundle = session_of(tmp_path / "bundle", change=change)
    done = command.run("verify", bundle, "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0 and (said in done.stdout)
    assert bool(sentence(bundle, "en")) == bool(said)
    with Opened.of_results(bundle) as opened:
        assert not released.differing(opened).results, "the results are by tables that do not differ"


A, B, C = "a" * 64, "b" * 64, "c" * 64
#: A name, what a manifest states beside the version, what the results state, and how it differs from OLD and NEW.
OLD = standalone.Release("1", {"rules": A, "words": A}, {"X-1": standalone.sha256(b"old").hex()})
NEW = standalone.Release("2", {"rules": B, "words": B, "agent": B}, {"X-1": standalone.sha256(b"new").hex()})
UNSTATED: dict[str, Any] = {"rules": {"unstated": []}, "words": {"unstated": []}}
STATED: dict[str, tuple[dict[str, Any], dict[str, str], dict[str, Any], bool]] = {
    "of the named release": ({"tables": {"rules": A, "words": A}}, {}, {}, False),
    "of this version": ({"tables": {"rules": B, "words": B}, "program": {"agent": B}}, {}, {}, False),
    "judged by this version": ({"tables": {"rules": A, "words": C}}, {"rules": B, "words": B}, {"words": {}}, False),
    "results by others": ({"tables": {"rules": A, "words": A}}, {"words": C}, {"words": {}}, True),
    "changed": ({"tables": {"rules": C, "words": A}}, {}, {"rules": {"changed": ["X-1"]}}, True),
    "nothing": ({}, {}, UNSTATED, False),
    "of another kind": ({"tables": [7], "program": 7}, {}, UNSTATED, False),
    "no texts": ({"tables": {"rules": [A], "words": {"x": 1}}}, {}, {"rules": {"changed": ["X-1"]}, "words": {}}, True),
}


@pytest.mark.parametrize("name", STATED)
def test_it_differs_from_neither_release(name: str) -> None:
    digests, claimed, groups, results = STATED[name]
    session = {"digests": digests, "frida_start": "spawn"}
    found = standalone.differing(session, claimed, lambda _: {"X-1.yaml": "other"}, [OLD, NEW])
    assert (found.version, found.groups, found.results) == ("1", groups, results)


def test_the_published_releases_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every version of the changelog is among them; a tree that is tagged as one has its digests."""
    text, known = (ROOT / "CHANGELOG.md").read_text("utf-8"), standalone.releases(RELEASES)
    assert {*re.findall(r"^## \[(\d\S*)\] - ", text, re.M)} <= known.keys()
    assert len(RELEASES.read_text("utf-8").splitlines()) == len(known), "each version once"
    digests = [digest for one in known.values() for digest in (*one.groups.values(), *one.rules.values())]
    assert all(map(standalone.HEX_DIGEST.fullmatch, digests))
    here, git = released.todays(), ["git", "-C", str(ROOT), "tag", "--points-at", "HEAD"]
    tags = subprocess.run(git, capture_output=True, text=True, check=False).stdout.split()
    assert f"v{here.version}" not in tags or released.is_published(here), (
        "append what monitor tables digest --json says"
    )
    for release, word in ((here, "a release"), (here._replace(rules={}), "in development")):
        monkeypatch.setattr(released, "published", lambda one=release: {one.version: one})
        assert word in command.run("tables", "digest", "--lang", "en", cwd=tmp_path).stdout
