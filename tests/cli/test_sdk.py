"""How the result of ``monitor sdk check`` reads, on the terminal and as a document."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.analysis.declaration.matrix import Cell, Row, Situation
from monitor.cli.sdk import markdown, situation_name, text
from monitor.record.sdk.check import Check
from monitor.text import LANGUAGES, t

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
