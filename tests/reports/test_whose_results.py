"""Every report says whose results it shows, and every command refuses those of a stranger."""

from __future__ import annotations

import csv
import json
import shutil
from itertools import cycle
from pathlib import Path

import pytest

from monitor.assess.evaluate import reanalyse
from monitor.evidence.bundle import Bundle
from monitor.evidence.keys import Signer
from monitor.reports import formats
from monitor.session.manifest import App, Session
from monitor.text import t
from tests import command

from .test_nothing_private import readable


@pytest.fixture(scope="module")
def recorders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whose") / "bundle"
    made = Bundle.create(path)
    made.seal(Session(scenario="quickstart", start=1, end=2, app=App(package="com.example.shop")))
    reanalyse(path, key=made.signer())
    return path


@pytest.fixture(scope="module")
def examiner() -> Signer:
    return Signer.generate()


@pytest.fixture(scope="module")
def examiners(recorders: Path, examiner: Signer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copytree(recorders, tmp_path_factory.mktemp("whose") / "bundle"))
    reanalyse(path, key=examiner)
    return path


def _text(said: str) -> str:
    """Without what a layout or a notation adds: breaks, and signs before punctuation."""
    return "".join(said.replace("\\", "").replace("&#39;", "'").replace("&apos;", "'").split())


@pytest.mark.parametrize(("form", "lang"), zip(sorted(formats()), cycle(("en", "zh"))))
def test_every_report_says_whose(
    recorders: Path, examiners: Path, examiner: Signer, tmp_path: Path, form: str, lang: str
) -> None:
    name = examiner.public.id
    own = json.loads((recorders / "data/session.json").read_text())["key"]
    for bundle, key, whose, more in (
        (recorders, own, "recorder", []),
        (examiners, name, "named", ["--results-key", name]),
        (examiners, "", "", []),
    ):
        out = tmp_path / f"report{len(key)}"
        done = command.run("report", bundle, "--format", form, "-o", out, "--lang", lang, *more, cwd=tmp_path)
        if not whose:
            assert done.returncode == 4 and name in done.stderr
            continue
        assert done.returncode == 0, done.stderr
        said = t(f"results.{whose}", lang, key=key)
        assert said in done.stdout
        assert _text(said) in _text(readable(out.read_bytes())), (form, whose)
        if form == "csv":
            assert len({len(row) for row in csv.reader(out.read_text("utf-8-sig").splitlines())}) == 1


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_in_the_bundle_says_whose(recorders: Path, examiner: Signer, tmp_path: Path, lang: str) -> None:
    path = Path(shutil.copytree(recorders, tmp_path / "copy"))
    reanalyse(path, key=examiner, lang=lang)
    said = t("results.examiner", lang, key=examiner.public.id)
    assert _text(said) in _text((path / "report.html").read_text("utf-8"))


def test_every_command_that_shows_results_asks_for_the_key(
    recorders: Path, examiners: Path, examiner: Signer, tmp_path: Path
) -> None:
    key = examiner.public.id
    for words in (
        ("verify", examiners), ("findings", examiners), ("findings", examiners, "--json"), ("coverage", examiners),
        ("coverage", examiners, "--json"), ("diff", recorders, examiners), ("consent", "list", examiners),
        ("explain", "COL-01", "--bundle", examiners), ("redact", examiners, "-o", tmp_path / "shared"),
        ("baseline", "init", examiners, "--reason", "x", "--author", "y", "--until", "2999-01-01"),
    ):  # fmt: skip
        done = command.run(*words, "--lang", "en", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (4, ""), words
        assert f"results by another key: findings.dsse.json: attested by key {key}" in done.stderr
        done = command.run(*words, "--lang", "en", "--results-key", key, cwd=tmp_path)
        assert done.returncode == 0, (words, done.stderr)
        if words[0] in ("verify", "findings", "coverage") and "--json" not in words:
            assert t("results.named", "en", key=key) in done.stdout
    lines = command.run("coverage", examiners, "--json", "--results-key", key, cwd=tmp_path).stdout.splitlines()
    assert all(json.loads(line)["results_by"] == {"whose": "named", "key": key} for line in lines) and lines
    forced = command.run("coverage", examiners, "--json", "--force", cwd=tmp_path)
    assert forced.returncode == 0 and json.loads(forced.stdout.splitlines()[0])["results_by"]["whose"] == "unknown"
    for words in (("events", examiners), ("prove", recorders, "1")):
        assert command.run(*words, cwd=tmp_path).returncode in (0, 2), "what was recorded is the recorder's"
