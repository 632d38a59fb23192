"""A Word draft of the record of extraction of electronic data (电子数据提取笔录) with the list of electronic data."""

from monitor.reports import _annex, _view, _words, docx
from monitor.reports._blocks import LINE, Block, Heading, Items, Text, signatures
from monitor.reports._inspection import facts, properties

TITLE = "Word draft of the record of extraction of electronic data"
_CASE = ("record.case_no record.cause record.object record.time inspection.zone record.place record.operators "
         "record.witness record.holder record.video")  # fmt: skip
_MEDIUM = "report.device record.system inspection.fingerprint record.rooted record.environment"
_SAMPLE = ("report.app inspection.package report.version report.operator record.sha256 record.md5 report.bytes "
           "record.signer")  # fmt: skip
_TOOLS = "report.tools record.method report.scenario report.proxy_mode report.hooks_start record.clocks"
_INTEGRITY = "record.algorithm report.seal report.key report.results inspection.verify"


def render(view: _view.View) -> bytes:
    """The document; what the session does not record is left blank for completion by hand."""
    t, s = view.t, view.session
    scenario = view.aside(s.scenario, f"SHA-256 {s.scenario_sha256}" if s.scenario_sha256 else "")
    signers = [(t("record.operators"), name) for name in s.record.operators or ["", ""]]
    signers += [(t("record.holder"), s.record.holder), (t("record.witness"), s.record.witness)]
    parts: dict[str, list[Block]] = {
        "case": [facts(view, _CASE, LINE)],
        "medium": [facts(view, _MEDIUM)],
        "sample": [facts(view, _SAMPLE)],
        "tools": [facts(view, _TOOLS, scenario=scenario)],
        "process": [_words.steps(view)],
        "deviations": [Items(_words.deviations(view) or [t("report.none")])],
        "list": [_annex.list_of_data(view), facts(view, _INTEGRITY)],
        "signature": [signatures(view, signers)],
    }
    blocks: list[Block] = [Text(t("record.draft"))]
    if s.device.standin:
        blocks.append(Text(_words.standin(view), strong=True))
    for number, (name, content) in enumerate(parts.items(), 1):
        numeral = "一二三四五六七八九十"[number - 1] if view.lang == "zh" else str(number)
        blocks += [Heading(1, t("record.heading", n=numeral, what=t(f"record.{name}"))), *content]
    return docx.document(blocks, view, properties(view, t("record.title")))
