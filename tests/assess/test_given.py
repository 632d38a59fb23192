"""Results that were compared with another declaration than the recorded one say so, wherever they are read."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.assess.evaluate import reanalyse
from monitor.assess.labels import entry
from monitor.assess.render import render_bundle
from monitor.base.paths import bundled
from monitor.events import Health, Tap, Window
from monitor.evidence.bundle import Bundle
from monitor.evidence.verify import verify
from monitor.session.manifest import App, Session
from tests.cli.test_consent import ADDED

T0 = 1_790_000_000_000_000
RECORDED, OTHER = (bundled("scenarios") / "declarations" / f"{name}.yaml" for name in ("shop", "shop-clean"))
SAID = {
    "en": "not part of the recording: another declaration (",
    "zh": "系分析时另行提供：另一份声明（",
}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    made = Bundle.create(tmp_path / "bundle")
    digest = made.add_input("declaration.yaml", RECORDED.read_bytes())
    about = App(package="com.example.shop")
    made.log.append(Health(t=T0, err=0, src="runner", app=about.package, component="hooks", what="ready"))
    made.seal(Session(app=about, start=T0, end=T0 + 1, declaration_sha256=digest))
    reanalyse(made.path, key=made.signer())
    return made.path


def test_every_report_names_it(bundle: Path) -> None:
    """So does the report in the bundle; none where the recorded one was used, or given again."""
    forms = {(form, lang) for form in ("html", "json", "markdown", "csv", "sarif", "junit", "har") for lang in SAID}

    def said(declaration: Path | None) -> set[tuple[str, str]]:
        verify(bundle, results_keys=[reanalyse(bundle, declaration=declaration).written.key])
        texts = {(form, lang): render_bundle(form, bundle, lang).decode().replace("\\", "") for form, lang in forms}
        naming = {one for one, text in texts.items() if SAID[one[1]] in text}
        assert not naming or all(sha256(OTHER.read_bytes()).hexdigest() in texts[one] for one in naming)
        assert (SAID["en"] in (bundle / "report.html").read_text("utf-8")) == bool(naming)
        return naming

    assert [said(one) for one in (OTHER, RECORDED, OTHER, None)] == [forms, set(), forms, set()]


def test_so_do_those_made_with_other_recipients_words_or_thresholds(bundle: Path, tmp_path: Path) -> None:
    """And a person's statement about a dialog, which an analysis after it takes over."""
    (tmp_path / "mine.txt").write_text("0.0.0.0 ads.example\n", "utf-8")
    (tmp_path / "words.tsv").write_text(ADDED, "utf-8")
    label = entry(2, "policy", "accept", "an examiner", "2026-12-01T00:00:00+00:00")
    said = {
        "lists of recipients (": {"lists": (tmp_path / "mine.txt",)},
        "the profile's thresholds (lab)": {"profile": "lab"},
        "words for reading": {"words": tmp_path / "words.tsv"},
        "labels of dialogs": {"labels": (label,)},
    }
    for text, more in said.items():
        key = reanalyse(bundle, additions=False, **more).written.key  # type: ignore[arg-type]
        for form in ("markdown", "json"):
            (line,) = re.findall("not part of the recording: .*", render_bundle(form, bundle, "en").decode())
            assert text in line and line.count("(") == text.count("("), text
    assert "labels of dialogs" in (bundle / "report.html").read_text("utf-8")
    reanalyse(bundle, results_keys=[key])
    assert "not part of the recording: labels" in render_bundle("markdown", bundle, "en").decode(), "taken over"


def test_a_consent_that_is_only_stated_is_said_to_be(tmp_path: Path) -> None:
    """Of a tap on a page of goods, before everything that is read: the findings go, and the report says why."""
    made, app = Bundle.create(tmp_path / "bundle"), "com.example.shop"
    hook = {"src": "hooks:7", "app": app, "pid": 7, "err": 800}
    made.log.append(Health(t=T0, err=0, src="runner", app=app, component="hooks", what="ready"))
    page = {"window_kind": "activity", "title": "首页", "texts": ["推荐商品"], "buttons": ["加入购物车"]}
    made.log.append(Window(t=T0 + 10, window=1, action="shown", **page, **hook))  # type: ignore[arg-type]
    made.log.append(Tap(t=T0 + 400_000, label="加入购物车", window=1, **hook))  # type: ignore[arg-type]
    made.seal(Session(app=App(package=app), start=T0, end=T0 + 9_000_000))
    label = entry(3, "policy", "accept", "an operator", "2026-12-01T00:00:00+00:00")
    found = reanalyse(made.path, key=made.signer(), labels=(label,)).assessment
    (note,) = [line for line in found.coverage if line.id == "stated_unasked"]
    assert note.detail["by"] == "an operator" and note.detail["control"] == "加入购物车"
    for form, lang, said in (("html", "en", "a consent is stated for a tap"), ("html", "zh", "并未征求同意")):
        assert said in render_bundle(form, made.path, lang).decode().replace("\\", "")
