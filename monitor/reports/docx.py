"""A Word draft of the record of extraction (笔录) with findings and the list of electronic data (电子数据清单)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt

from monitor.reports._table import clauses
from monitor.reports._view import STATES, View, clean, clock

TITLE = "Word draft of the official record with the list of electronic data"
SUFFIX = ".docx"
#: XML 1.0 has no way to say these.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_FINDINGS = 500


def render(view: View) -> bytes:
    """The document; what the session does not say is left to be filled in by hand."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    t, record = view.t, view.session.record
    document.add_heading(t("record.title"), 0)
    document.add_paragraph(t("record.draft"))
    _pairs(document, view)
    document.add_heading(t("record.process"), 1)
    for step in view.steps:
        text = f"{clock(step.t, date=True)}  {step.index}. {step.verb} {step.label}"
        document.add_paragraph(_text(f"{text}  {view.label('step_state', step.state)} {step.detail}"))
    document.add_heading(t("record.results"), 1)
    document.add_paragraph(t("report.lead"))
    _findings(document, view)
    document.add_heading(t("report.coverage"), 1)
    for state in STATES:
        ids = ", ".join(row["id"] for row in view.rules if row["state"] == state) or t("report.none")
        document.add_paragraph(_text(f"{view.label('coverage', state)}: {ids}"))
    document.add_heading(t("record.deviations"), 1)
    if view.bypassed[0]:
        document.add_paragraph(_text(t("report.bypassed", n=view.bypassed[0], hosts=view.bypassed[1])))
    for deviation in record.deviations:
        document.add_paragraph(_text(f"{deviation.what}: {deviation.reason}"))
    for event in view.trouble[:100]:
        document.add_paragraph(
            _text(f"{clock(event.t)} {view.label('health', event.what)} {event.component} {event.n}")
        )
    if not record.deviations and not view.trouble:
        document.add_paragraph(t("report.none"))
    document.add_heading(t("record.list"), 1)
    headings = [t(f"record.{key}") for key in ("number", "name", "kind", "format", "bytes", "digest")]
    _table(document, headings, _items(view))
    document.add_heading(t("report.limits"), 1)
    for number in range(1, 10):
        document.add_paragraph(t(f"limit.{number}"), style="List Number")
    document.add_heading(t("record.signature"), 1)
    signers = [(t("record.operators"), name) for name in record.operators or ["", ""]]
    signers += [(t("record.holder"), record.holder), (t("record.witness"), record.witness)]
    blank = "＿＿＿＿＿＿＿＿"
    lines = [(role, name or t("record.blank"), blank, blank) for role, name in signers]
    _table(document, ["", t("record.name"), t("record.signature"), t("record.date")], lines)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _pairs(document: Any, view: View) -> None:
    """The head of the record."""
    s, record = view.session, view.session.record
    tools = ", ".join(f"{name} {version}" for name, version in s.versions.model_dump().items() if version)
    device = f"{s.device.manufacturer} {s.device.model} Android {s.device.android} {s.device.fingerprint}".strip()
    stand_in = f" {view.t('report.standin')}" if s.device.standin else ""
    item = f"{s.app.label} {s.app.package} {s.app.version}\nSHA-256 {s.app.apk_sha256 or view.t('report.unknown')}"
    values = {
        "case_no": record.case_no,
        "cause": record.cause,
        "object": record.object or item,
        "place": record.place,
        "time": f"{clock(s.start, date=True)} – {clock(s.end, date=True)}" if s.start else "",
        "operators": ", ".join(record.operators) or s.operator,
        "holder": record.holder,
        "witness": record.witness,
        "method": record.method or tools,
        "environment": (record.environment or device) + stand_in,
        "video": record.video,
    }
    lines = [(view.t(f"record.{key}"), value or view.t("record.blank")) for key, value in values.items()]
    _table(document, None, lines)


def _findings(document: Any, view: View) -> None:
    for number, finding in enumerate(view.findings[:_MAX_FINDINGS], 1):
        title = view.headline(finding)
        document.add_heading(_text(f"{number}. {title} ({finding['rule']})"), 2)
        words = " · ".join(
            view.label(group, finding[group]) for group in ("status", "grade", "level", "data_type") if finding[group]
        )
        place = f"{view.sdk(finding['sdk'])} → {view.org(finding['recipient']) or view.t('report.none')}"
        seen = f"{view.t('report.first_seen')} {clock(finding['first_seen'], date=True)}"
        numbers = " ".join(f"#{seq}" for seq in finding["events"])
        for line in (words, place, seen, f"{view.t('report.event_ids')}: {numbers}", clauses(finding["clauses"])):
            document.add_paragraph(_text(line))
    if not view.findings:
        document.add_paragraph(f"{view.t('report.no_findings')} {view.t('report.no_findings.note')}")


def _items(view: View) -> list[tuple[str, ...]]:
    """Items of the record; without any, the recording and the app's file themselves."""
    t = view.t
    items = [(i.name, i.kind, i.format, str(i.bytes), i.sha256) for i in view.session.record.items]
    if not items:
        items = [(t("report.events"), "", "JSON Lines (Merkle root)", str(len(view.events)), view.root)]
        if view.session.app.apk_sha256:
            app = view.session.app
            items.append((app.package, "", "APK", str(app.apk_bytes or ""), app.apk_sha256))
    return [(str(number), *item) for number, item in enumerate(items, 1)]


def _table(document: Any, headings: Sequence[str] | None, lines: Iterable[Sequence[str]]) -> None:
    rows = [list(headings)] if headings else []
    rows += [list(line) for line in lines]
    if not rows:
        return
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for row, values in zip(table.rows, rows, strict=True):
        for place, value in zip(row.cells, values, strict=True):
            place.text = _text(value)


def _text(text: str) -> str:
    """Inert text that XML can hold."""
    return _NOT_XML.sub("\ufffd", "\n".join(clean(line) for line in text.split("\n")))
