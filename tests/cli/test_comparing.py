"""What ``monitor diff`` and ``monitor sdk check`` tell their reader: names, what rows differ in, why each is marked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from monitor.analysis.declaration.matrix import Cell, Row, Situation
from monitor.analysis.explain.about import naming
from monitor.assess.compare import Change
from monitor.assess.evaluate import reanalyse
from monitor.cli.comparing import change_row
from monitor.cli.sdk import markdown, situation_name, text
from monitor.evidence.bundle import Bundle
from monitor.record.sdk.check import Check
from monitor.session.manifest import App, Session
from monitor.text import LANGUAGES, label, t
from tests.assess.samples import finding

from .conftest import APP, Run


def other_app(path: Path, package: str = "com.example.other", scenario: str = "withdraw") -> Path:
    made = Bundle.create(path)
    made.seal(Session(scenario=scenario, start=1, end=2, app=App(package=package)))
    reanalyse(path, key=made.signer())
    return path


@pytest.mark.parametrize("form", [(), ("--markdown",)])
def test_different_apps_and_scenarios_are_stated_first(
    monitor: Run, bundle: Path, tmp_path: Path, form: tuple[str, ...]
) -> None:
    said = monitor("diff", other_app(tmp_path / "other"), bundle, "--lang", "en", *form, COLUMNS="300").stdout
    lines = [line for line in said.replace("\\", "").splitlines() if line]
    assert lines[0].startswith(f"different apps: com.example.other and {APP}")
    assert lines[1].startswith("different scenarios: withdraw and quickstart")
    assert "Beacon Analytics (fictional sample)" in said and "example_beacon" not in said.replace("\\", "")


def test_a_session_and_itself(monitor: Run, bundle: Path) -> None:
    assert monitor("diff", bundle, bundle, "--lang", "en").stdout == "no differences\n"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_change_shows_what_changed(lang: str) -> None:
    """What stays is said once; what moved or was counted otherwise is shown with both values."""

    def stated(change: Change) -> str:
        return change_row(change, naming(lang, {}, {}), frozenset())[3]

    old, new = finding(count=3), finding(count=5)
    before, after = t("cli.diff.before_consent", lang), t("cli.diff.after_consent", lang)
    more, less = Change("changed", old, new, more=("earlier",)), Change("changed", old, new, less=("earlier",))
    assert stated(more).endswith(f" · {after} → {before}") and stated(less).endswith(f" · {before} → {after}")
    assert stated(more).count("→") == 1 and stated(more).count(label("level", "high", lang)) == 1
    counted = stated(Change("changed", old, new, more=("count",)))
    assert counted.endswith(f"{t('report.occurrences', lang, n=3)} → {t('report.occurrences', lang, n=5)}")
    harder = stated(Change("changed", old, finding(level="critical"), more=("level",)))
    first, second = harder.split(" → ")
    assert label("level", "high", lang) in first and label("level", "critical", lang) in second


BEFORE, REFUSED = Situation("before_consent", False), Situation("refused", False)


def checked(*rows: Row, **more: Any) -> Check:
    return Check(sdk="Beacon", situations=[BEFORE, REFUSED], rows=list(rows), **more)


def row(name: str, declared: bool, *cells: Cell) -> Row:
    return Row(
        kind="data_type",
        name=name,
        declared=declared,
        cells=dict(zip(("before_consent", "refused"), cells, strict=True)),
    )


def found() -> Check:
    sent = Cell(status="undeclared", count=3, read=True, sent=["a.example"], stack=["a.B.c", "a.B.d"])
    return checked(
        row("android_id", True, sent, Cell(status="undeclared", count=1, read=True)),
        row("imei", False, Cell(status="undeclared", count=1, attempted=True), Cell()),
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_cross_has_its_reason(lang: str) -> None:
    """A declared type says why it is marked and where else; one that is not declared says that."""
    said = "\n".join(text(found()))
    assert said.count(t("sdkcheck.needs_consent", lang)) == 1
    assert f"{t('sdkcheck.also', lang)}" in said and said.count(situation_name("refused")) == 2
    assert t("sdkcheck.not_declared", lang) in said
    assert "· " not in said and "： " not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_document_nests_what_belongs_to_an_item(lang: str) -> None:
    lines = markdown(found()).splitlines()
    assert [line for line in lines if "a.B." in line] == ["  - at a.B.c", "  - at a.B.d"]
    assert sum(line.startswith("- ") for line in lines) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_heading_stands_only_over_something(lang: str) -> None:
    heading = t("sdkcheck.not_exercised", lang)
    assert heading not in "\n".join(text(found())) and heading not in markdown(found())
    lost = found()
    lost.lost = {"refused": 2}
    assert text(lost)[-2] == heading
    assert markdown(lost).splitlines()[-2].startswith("- ") and markdown(lost).count("\n  - ") == 5
