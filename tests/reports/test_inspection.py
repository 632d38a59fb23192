"""What an inspector reads: the basis by its force, steps in order, equal ones once, persons, device, tools, digests."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import docx
import pytest

from monitor.analysis.coverage.verdict import Verdict
from monitor.events import Event, Frame, Health, Stack, Step, Tap, Window
from monitor.knowledge.law import load_clauses
from monitor.reports._blocks import Heading, Items, Table, flat
from monitor.reports._inspection import inspection
from monitor.reports._problems import problems
from monitor.reports._words import steps
from monitor.session.manifest import Clock, Device, Record
from monitor.text import t
from monitor.text.reasons import Code, coverage_line, reason

from .conftest import T0, coverage, finding, make_view, recording, render, session


def step(seq: int, index: int, state: str, label: str = "") -> Step:
    return Step(seq=seq, t=T0 + seq * 1_000_000, err=0, src="runner", app="a", index=index, verb="tapOn", state=state,
                label=label)  # fmt: skip


def cited(*refs: tuple[str, str, int]) -> dict[str, Any]:
    clauses = [{"pack": pack, "ref": ref, "rank": rank, "confidence": "seen"} for pack, ref, rank in refs]
    return {**finding(), "clauses": clauses}


def test_the_basis_is_grouped_by_force() -> None:
    """Laws, normative documents, national standards, guides; other packs apart; a draft is named as one."""
    found = [
        cited(("gdpr", "GDPR 7", 1), ("cn", "SZ(一)", 6), ("cn", "GB35273 5.3", 5), ("cn", "191-三-1", 4)),
        cited(("cn", "CAC-2026 (draft, no force)", 6), ("cn", "CSL 44", 1), ("cn", "PIPL 13", 1), ("cn", "PIPL 14", 1)),
    ]
    every = session().model_copy(update={"packs": []})
    blocks = inspection(make_view(every, recording(), found, [], "zh"))
    start = blocks.index(Heading(1, f"2 {t('inspection.basis', 'zh')}"))
    end = blocks.index(Heading(1, f"3 {t('inspection.environment', 'zh')}"))
    groups = [block.text for block in blocks[start:end] if isinstance(block, Heading)][1:]
    assert groups == [
        "2.1 法律、行政法规和部门规章",
        "2.2 规范性文件",
        "2.3 国家标准",
        "2.4 指南和团体标准",
        "2.5 欧盟及其成员国规定",
        "2.6 征求意见稿（无法律效力，供参考）",
    ]
    laws = next(block for block in blocks[start:end] if isinstance(block, Table))
    assert laws.rows[0][2:] == ["主席令第九十一号（2021）", "2021-11-01"]
    numbers = [row[2] for block in blocks[start:end] if isinstance(block, Table) for row in block.rows]
    assert {"GB/T 35273—2020", "GB/T 42574—2023", "GB/T 42582—2023"} <= set(numbers)
    assert [row[0] for row in laws.rows] == ["《中华人民共和国个人信息保护法》", "《中华人民共和国网络安全法》"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_draft_has_no_rank_and_leads_nothing(lang: str) -> None:
    """Wherever it is cited it is called a draft, and a text in force is named before it."""
    found = cited(("cn", "CAC-2026 (draft, no force)", 6), ("cn", "PIPL 6", 1), ("cn", "SZ(七)", 6))
    view = make_view(session(), recording(), [found], coverage(), lang)
    clauses = view.findings[0].clauses
    assert [clause.ref for clause in clauses] == ["PIPL 6", "SZ(七)", "CAC-2026 (draft, no force)"]
    assert clauses[2].rank_name == t("rank.draft", lang)
    assert [clause.ref for clause in problems(view)[0].clauses] == ["PIPL 6", "SZ(七)"]


def test_steps_stand_in_the_order_in_which_they_began() -> None:
    """A step precedes those inside it, although it ends after them; equal ones in a row are one row with a count."""
    events: list[Event] = [
        step(1, 1, "started"), step(2, 2, "started"), step(3, 2, "ok", "a"), step(4, 2, "started"),
        step(5, 2, "ok", "a"), step(6, 2, "started"), step(7, 2, "failed", "a"), step(8, 1, "ok", "whole"),
        step(9, 3, "skipped"),
    ]  # fmt: skip
    table = steps(make_view(session(), events, [], [], "en"))
    assert isinstance(table, Table)
    assert [(row[0], row[2], row[3]) for row in table.rows] == [
        ("1", "tap (tapOn): whole", "done"),
        ("2", "tap (tapOn): a ×2", "done"),
        ("3", "tap (tapOn): a", "failed"),
        ("4", "tap (tapOn)", "skipped"),
    ]
    assert table.rows[0][1] == "14:13:21.000"  # in the zone that the column names
    assert table.headings[1].endswith("(UTC+08:00)") or table.headings[1].endswith("(UTC)")


def test_a_step_names_what_it_tapped() -> None:
    """Not the pattern by which the script looks for it; where nothing was tapped, there is only the pattern."""
    tapped = Tap(seq=2, t=T0 + 2_000_000, err=0, src="runner", app="a", label="不同意", via="runner", x=1, y=1)
    events: list[Event] = [
        step(1, 1, "started"), tapped, step(3, 1, "ok", "不同意.*|拒绝"), step(4, 2, "started"),
        step(5, 2, "skipped", "不同意.*|拒绝"),
    ]  # fmt: skip
    table = steps(make_view(session(), events, [], [], "zh"))
    assert isinstance(table, Table)
    assert [row[2] for row in table.rows] == ["点击（tapOn）：“不同意”", "点击（tapOn）：不同意.*|拒绝"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_record_of_extraction_names_persons_device_tools_and_digests(lang: str) -> None:
    made = session().model_copy(
        update={
            "record": Record(case_no="17", operators=["甲", "乙"], witness="丙", holder="丁", place="检测室"),
            "device": Device(manufacturer="Maker", model="Phone 5", android="14", api_level=34, patch="2026-09-05",
                             fingerprint="maker/phone/5:14"),
            "clocks": [Clock(source="device", offset=1500, err=700, t=1)],
            "key": "ef" * 32,
        }
    )  # fmt: skip
    lost = [event for event in recording() if isinstance(event, Health)] * 3
    data = render("extraction", made, [*recording(), *lost], [finding()], coverage(), lang, root="cd" * 32)
    document = docx.Document(io.BytesIO(data))
    rows = {row.cells[0].text: row.cells[1].text for table in document.tables for row in table.rows}
    for key, value in (
        ("record.case_no", "17"), ("record.witness", "丙"), ("record.holder", "丁"), ("record.place", "检测室"),
        ("report.device", "Maker Phone 5"), ("record.system", "Android 14 (API 34) 2026-09-05"),
        ("record.sha256", "ab" * 32), ("report.seal", "cd" * 32), ("report.key", "ef" * 32),
        ("record.clocks", "device +1.500 ms ±0.700 ms"),
    ):  # fmt: skip
        assert rows[t(key, lang)] == value, key
    assert rows[t("report.tools", lang)].startswith("monitor 0.1.0")
    assert rows[t("record.md5", lang)] == t("report.unknown", lang)
    assert rows[t("record.cause", lang)] == t("record.blank", lang)
    assert [p.text for p in document.paragraphs if p.text.endswith("×4")]


@pytest.mark.parametrize("form", ["docx", "extraction"])
def test_tables_stand_alone_and_keep_their_widths(form: str) -> None:
    """A program that goes by the columns shows what one that goes by the cells does; no two tables run together."""
    document = docx.Document(io.BytesIO(render(form, session(), recording(), [finding()], coverage(), "zh")))
    for table in document.tables:
        assert [column.width for column in table.columns] == [cell.width for cell in table.rows[0].cells]
    widths = {tuple(column.width for column in table.columns) for table in document.tables}
    assert any(len(set(one)) > 1 for one in widths)
    tags = [element.tag.rpartition("}")[2] for element in document.element.body]
    assert ("tbl", "tbl") not in set(pairwise(tags))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_words_of_the_report_are_defined_before_they_are_used(lang: str) -> None:
    blocks = inspection(make_view(session(), recording(), [finding()], coverage(), lang))
    texts = [block.text for block in blocks if isinstance(block, Heading)]
    method, results = (next(n for n, text in enumerate(texts) if t(f"inspection.{key}", lang) in text)
                       for key in ("method", "results"))  # fmt: skip
    assert results == method + 1
    terms = next(b for b in blocks if isinstance(b, Table) and b.headings[:1] == [t("inspection.term", lang)])
    said = [row[0] for row in terms.rows]
    assert said[:3] == [t(f"inspection.term.{term}", lang) for term in ("item", "finding", "problem")]
    assert said[3:] == [t(f"verdict.{verdict}", lang) for verdict in Verdict] and all(row[1] for row in terms.rows)


def test_a_stack_begins_with_the_code_that_called() -> None:
    """Frames of the system above it say only which call it was, which another row says; those below, what began it."""
    frames = [Frame(cls="android.view.WindowManagerGlobal", method="addView"),
              Frame(cls="android.app.Dialog", method="show"),
              Frame(cls="com.example.Notice", method="open", line=7),
              Frame(cls="android.app.Activity", method="performResume")]  # fmt: skip
    events = [Stack(seq=2, t=T0, err=0, src="hooks:7", app="a", stack=1, frames=frames),
              Window(seq=3, t=T0, err=0, src="hooks:7", app="a", window=1, window_kind="dialog", action="shown",
                     title="Notice", texts=["Notice", "Please agree."], buttons=[], stack=1)]  # fmt: skip
    view = make_view(session(), events, [{**finding(), "events": [3]}], coverage(), "en", annex=False)
    tables = [block for block in flat(inspection(view)) if isinstance(block, Table)]
    rows = dict(row for table in tables for row in table.rows if len(row) == 2)
    assert rows[t("inspection.stack", "en")] == "com.example.Notice.open:7; started by the screen that opened"
    assert rows[t("inspection.call", "en")] == "window: dialog shown: Notice; Please agree."


def test_what_code_names_is_told_with_its_owners_name_in_the_language_of_the_report() -> None:
    why = reason(Code.REFERENCED_NOT_CALLED, owner="Beacon Analytics (fictional sample)", n="2", names="A.b, C.d")
    note = coverage_line("note", "referenced_not_called", "note", why, detail={"owner": "example_beacon"})
    text = " ".join(line for block in inspection(make_view(session(), [], [], [note], "zh"))
                    if isinstance(block, Items) for line in block.lines)  # fmt: skip
    assert "灯塔统计（虚构示例）的代码已引用" in text and "A.b、C.d" in text and "Beacon" not in text


def test_no_clause_is_cited_by_a_number_that_nobody_read() -> None:
    assert not [p.ref for p in load_clauses().values() if "未核实" in p.name("zh") or "not verified" in p.name("en")]
