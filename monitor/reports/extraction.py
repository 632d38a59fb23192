"""A Word draft of the record of extraction of electronic data (电子数据提取笔录) with the list of electronic data."""

from monitor.events import Health
from monitor.reports._annex import list_of_data
from monitor.reports._blocks import LINE, Block, Heading, Items, Text, pairs, signatures
from monitor.reports._inspection import properties
from monitor.reports._view import View
from monitor.reports._words import deviations, method, runtime, setting, standin, steps, tools, whose
from monitor.reports._words import device as device_name
from monitor.reports.docx import document
from monitor.text import retold

TITLE = "Word draft of the record of extraction of electronic data"


def render(view: View) -> bytes:
    """The document; what the session does not record is left blank for completion by hand."""
    t, record = view.t, view.session.record
    parts: list[tuple[str, list[Block]]] = [
        ("case", [pairs(view, _case(view), LINE)]),
        ("medium", [pairs(view, _medium(view))]),
        ("sample", [pairs(view, _sample(view))]),
        ("tools", [pairs(view, _tools(view))]),
        ("process", [steps(view)]),
        ("deviations", [Items(deviations(view) or [t("report.none")])]),
        ("list", [list_of_data(view), pairs(view, _integrity(view))]),
    ]
    blocks: list[Block] = [Text(t("record.draft"))]
    if view.session.device.standin:
        blocks.append(Text(standin(view), strong=True))
    for number, (name, shown) in enumerate(parts, 1):
        blocks += [Heading(1, t("record.heading", n=_counted(view, number), what=t(f"record.{name}"))), *shown]
    blocks.append(Heading(1, t("record.heading", n=_counted(view, len(parts) + 1), what=t("record.signature"))))
    signers = [(t("record.operators"), name) for name in record.operators or ["", ""]]
    signers += [(t("record.holder"), record.holder), (t("record.witness"), record.witness)]
    blocks.append(signatures(view, signers))
    return document(blocks, view, properties(view, t("record.title")))


def _counted(view: View, number: int) -> str:
    return "一二三四五六七八九十"[number - 1] if view.lang == "zh" else str(number)


def _case(view: View) -> dict[str, str]:
    s, record = view.session, view.session.record
    return {
        "record.case_no": record.case_no,
        "record.cause": record.cause,
        "record.object": record.object,
        "record.time": view.recorded,
        "inspection.zone": view.zone,
        "record.place": record.place,
        "record.operators": view.listed(record.operators) or s.operator,
        "record.witness": record.witness,
        "record.holder": record.holder,
        "record.video": record.video,
    }


def _medium(view: View) -> dict[str, str]:
    """The device from which the data come, by its own properties."""
    device = view.session.device
    return {
        "report.device": device_name(view),
        "record.system": " ".join(filter(None, (view.android, device.patch, device.abi))),
        "inspection.fingerprint": device.fingerprint,
        "record.rooted": view.label("root", device.root) if device.root else "",
        "record.environment": view.parts(
            filter(
                None,
                (view.session.record.environment, runtime(view), retold("containment", device.containment, view.lang)),
            )
        ),
    }


def _sample(view: View) -> dict[str, str]:
    app = view.session.app
    return {
        "report.app": app.label or view.session.record.app_name or LINE,
        "inspection.package": app.package,
        "report.version": view.version,
        "report.operator": view.operator,
        "record.sha256": app.apk_sha256,
        "record.md5": app.apk_md5,
        "report.bytes": str(app.apk_bytes or ""),
        "record.signer": app.signer_sha256,
    }


def _tools(view: View) -> dict[str, str]:
    s = view.session
    return {
        "report.tools": tools(view),
        "record.method": s.record.method or method(view),
        "report.scenario": view.aside(s.scenario, f"SHA-256 {s.scenario_sha256}" if s.scenario_sha256 else ""),
        "report.proxy_mode": setting(view, "proxy_mode", s.proxy_mode),
        "report.hooks_start": setting(view, "frida_start", s.frida_start),
        "record.clocks": _clocks(view),
    }


def _clocks(view: View) -> str:
    """Each clock's offset and error as the recorder measured them; of several measurements the range."""
    measured = {one.source: [(one.offset, one.err)] for one in view.session.clocks}
    for event in view.events.of(Health):
        if "offset_us" not in event.detail:
            continue
        error = event.detail.get("err_us") or event.detail.get("offset_err_us") or ""
        try:
            one = int(event.detail["offset_us"]), int(error)
        except ValueError:
            continue
        measured.setdefault(event.component, []).append(one)
    return view.parts(_range(view.label("clock_source", source), found) for source, found in measured.items())


def _range(source: str, measured: list[tuple[int, int]]) -> str:
    """``device-log -0.003 ms ±0.352 ms``, ``hooks +0.006 … +0.016 ms ±0.494 … 0.499 ms``."""
    offsets, errors = zip(*measured, strict=True)
    ranges = []
    for values, form in ((offsets, "+.3f"), (errors, ".3f")):
        ends = dict.fromkeys(format(value / 1000, form) for value in (min(values), max(values)))
        ranges.append(" … ".join(ends))
    return f"{source} {ranges[0]} ms ±{ranges[1]} ms"


def _integrity(view: View) -> dict[str, str]:
    """How the data were secured: what a verifier compares."""
    return {
        "record.algorithm": view.t("record.algorithm.text"),
        "report.seal": view.root,
        "report.key": view.session.key,
        "report.results": view.parts(whose(view)),
        "inspection.verify": view.t("inspection.verify.text"),
    }
