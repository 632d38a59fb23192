"""The inspection report (检测报告) as blocks, in the order that laboratories use.

``docx`` and ``pdf`` typeset the blocks of ``_blocks``; every text in them is plain and escaped.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Final

from monitor.analysis.explain.ending import broken_off
from monitor.errors import printable
from monitor.reports._basis import basis
from monitor.reports._blocks import PAIRS, Block, Heading, Items, Picture, Table, Text
from monitor.reports._order import heading
from monitor.reports._pictures import near, pictures
from monitor.reports._problems import conclusion, problems
from monitor.reports._procedure import steps
from monitor.reports._table import standing
from monitor.reports._view import Row, View, clean
from monitor.reports._words import frequency, happened, limits, setting, shot, standin, tools

MAX_FINDINGS: Final = 300
_FRAMES: Final = 8
_LINE: Final = "＿＿＿＿＿＿＿＿"
_PICTURES: Final = 2


def inspection(view: View) -> list[Block]:
    """The whole report."""
    found = problems(view)
    return [
        *_cover(view),
        *_front(view, found),
        *basis(view),
        *_sample(view),
        *_environment(view),
        *_method(view),
        *_results(view),
        *_conclusion(view, found),
        *_signing(view),
        *_annexes(view),
    ]


def signatures(view: View, signers: Iterable[tuple[str, str]]) -> Table:
    """Roles and names with room to sign; a name that is not known is left to be filled in."""
    headings = ["", *(view.t(f"record.{key}") for key in ("person", "signature", "date"))]
    return Table(headings, [[role, clean(name) or view.t("record.blank"), _LINE, _LINE] for role, name in signers])


def _cover(view: View) -> Iterable[Block]:
    """What a laboratory writes on its report and no session knows: from ``run --record``, or left to be filled in."""
    blank, record = view.t("record.blank"), view.session.record
    rows = [
        ("report_no", record.report_no),
        ("client", record.client),
        ("laboratory", record.laboratory),
        ("place", record.place),
    ]
    yield Table([], [[view.t(f"inspection.{key}"), clean(said) or blank] for key, said in rows], weights=PAIRS)


def _front(view: View, found: list[Row]) -> Iterable[Block]:
    s, dash = view.session, view.t("punct.dash")
    if early := broken_off(s, view.lang):
        yield Text(clean(" ".join(early)), strong=True)
    if s.device.standin:
        yield Text(standin(view), strong=True)
    yield Text(view.pair(view.t("report.conclusion"), conclusion(view, found)), strong=True)
    yield Table(
        [view.t(f"inspection.{key}") for key in ("no", "problem", "level", "status", "time")],
        [
            [
                str(number),
                clean(view.pair(row["who"], row["title"]) + dash + (row["named"] or view.listed(row["rules"]))),
                view.label("level", row["level"]),
                view.label("status", row["status"]),
                row["against"],
            ]
            for number, row in enumerate(found, 1)
        ],
        (3, 19, 5, 6, 11),
    )


def _sample(view: View) -> Iterable[Block]:
    app = view.session.app
    yield Heading(1, view.t("inspection.sample"))
    unknown = view.t("report.unknown")
    rows = [
        (view.t("report.app"), clean(app.label) or view.t("record.blank")),
        (view.t("inspection.package"), app.package or unknown),
        (view.t("inspection.source"), clean(view.session.record.source) or view.t("record.blank")),
        (view.t("report.version"), f"{app.version} ({app.version_code})" if app.version else unknown),
        (view.t("report.operator"), clean(view.operator) or view.t("report.not_declared")),
        ("SHA-256", app.apk_sha256 or unknown),
        ("MD5", app.apk_md5 or unknown),
        (view.t("report.bytes"), str(app.apk_bytes or unknown)),
    ]
    yield Table([], [list(row) for row in rows], weights=PAIRS)


def _environment(view: View) -> Iterable[Block]:
    s = view.session
    device = f"{s.device.manufacturer} {s.device.model} Android {s.device.android} (API {s.device.api_level})"
    yield Heading(1, view.t("inspection.environment"))
    rows = [
        (view.t("report.device"), clean(device)),
        (view.t("inspection.fingerprint"), clean(s.device.fingerprint) or view.t("report.unknown")),
        (view.t("report.tools"), tools(view)),
        (view.t("report.recorded"), f"{view.moment(s.start)} – {view.moment(s.end)}"),
        (view.t("inspection.zone"), view.zone),
        (view.t("report.proxy_mode"), setting(view, "proxy_mode", s.proxy_mode)),
        (view.t("report.hooks_start"), setting(view, "frida_start", s.frida_start)),
    ]
    yield Table([], [list(row) for row in rows], weights=PAIRS)


def _method(view: View) -> Iterable[Block]:
    yield Heading(1, view.t("inspection.method"))
    yield Text(view.t("inspection.method.text"))
    yield Text(view.pair(view.t("report.scenario"), clean(view.session.scenario or view.session.imported)))
    yield steps(view)


def _results(view: View) -> Iterable[Block]:
    yield Heading(1, view.t("inspection.results"))
    if not view.findings:
        yield Text(f"{view.t('report.no_findings')} {view.t('report.no_findings.note')}")
    shots = pictures(view)
    shown = 0
    for group in view.groups():
        rows = group["findings"][: max(MAX_FINDINGS - shown, 0)]
        if not rows:
            break
        shown += len(rows)
        yield Heading(2, clean(view.headline(group)))
        yield Text(clean(group["description"]))
        yield Text(view.t("inspection.clauses"), strong=True)
        yield Items([_clause(view, clause) for clause in group["clauses"]] or [view.t("report.none")])
        seen: set[str] = set()
        for _, finding in rows:
            yield from _finding(view, finding)
            # A screen shared by several findings of a rule is printed with the first of them.
            for one in near(view, finding, shots)[:_PICTURES]:
                caption = clean(f"{one['time']} {shot(view, one['name'])} #{one['seq']}")
                if one["seq"] in seen:
                    yield Text(view.t("inspection.screen_above", what=caption))
                    continue
                seen.add(one["seq"])
                yield Picture(base64.b64decode(one["source"].partition(",")[2]), caption)
    if len(view.findings) > MAX_FINDINGS:
        yield Text(view.t("report.more", n=len(view.findings) - MAX_FINDINGS))


def _finding(view: View, finding: Row) -> Iterable[Block]:
    t = view.t
    chain = view.chain(finding)
    yield Heading(3, clean(heading(finding, view.lang)))
    labels = [view.label(g, finding[g]) for g in ("status", "level", "grade") if finding[g]]
    rows = [
        (t("report.status"), " · ".join(labels)),
        (t("report.sdk"), clean(view.actor(finding))),
        (t("inspection.time"), f"{view.moment(finding['first_seen'])} · {view.against(finding)}".rstrip(" ·")),
        (t("inspection.frequency"), frequency(view, finding, named=False)),
        (t("report.recipient"), clean(_recipient(view, finding, chain))),
        (t("inspection.call"), clean(_call(view, chain))),
        (t("report.event_ids"), " ".join(f"#{seq}" for seq in finding["events"][:20])),
        (t("report.fingerprint"), finding["fingerprint"]),
        (t("inspection.clauses"), view.parts(clause["name"] for clause in finding["clauses"][:2])),
    ]
    yield Table([], [list(row) for row in rows if row[1]], weights=PAIRS)
    if chain["frames"]:
        yield Text(t("inspection.stack"), strong=True)
        yield Items([clean(f"{f.cls}.{f.method}{f':{f.line}' if f.line else ''}") for f in chain["frames"][:_FRAMES]])
    for block in view.story(finding)[:1]:
        yield Text(clean(block.heading), strong=True)
        yield Items([clean(line) for line in block.lines])


def _clause(view: View, clause: Row) -> str:
    words = clause["text"] or (view.pair(view.t("report.summary"), clause["summary"]) if clause["summary"] else "")
    return clean(f"{view.aside(clause['name'], standing(view, clause))} {words}".strip())


def _recipient(view: View, finding: Row, chain: Row) -> str:
    sent = chain["sent"]
    name = view.org(finding["recipient"]) if finding["recipient"] else sent and view.org(sent.org)
    if not sent and not name:
        return ""
    org = finding["recipient"] or (sent.org if sent else "")
    country = view.country(org) or view.t("report.unknown")
    host = sent.host if sent else ""
    return f"{name or ''} {host} · {view.pair(view.t('inspection.country'), country)}".strip()


def _call(view: View, chain: Row) -> str:
    call, sent = chain["call"], chain["sent"]
    parts = []
    if call:
        parts.append(f"{call.cls}.{call.method} → {view.label('outcome', call.outcome)}")
    if sent:
        parts.append(f"{sent.method} {sent.scheme}://{sent.host}{sent.path}")
        found = [
            view.pair(view.label("data_type", m.data_type), view.aside(m.path, view.label("form", m.form)))
            for m in sent.matches
        ]
        parts += list(dict.fromkeys(found))[:6]
    if not parts and chain["first"]:
        parts.append(happened(view, chain["first"]))
    return view.parts(printable(part, 300) for part in parts)


def _conclusion(view: View, found: list[Row]) -> Iterable[Block]:
    yield Heading(1, view.t("inspection.conclusion"))
    yield Text(conclusion(view, found))
    yield Text(view.t("inspection.untested"), strong=True)
    states = view.open_rules()
    yield Table(
        [view.t("report.rule"), view.t("report.state"), view.t("report.why")],
        [[clean(row["title"] or row["id"]), row["state_name"], clean(row["why"])] for row in states],
        (6, 3, 9),
    )
    yield Text(" · ".join(f"{view.label('verdict', verdict)} {n}" for verdict, n in view.verdicts().items()))
    yield Text(view.t("report.limits"), strong=True)
    yield Items(limits(view))


def _signing(view: View) -> Iterable[Block]:
    yield Heading(1, view.t("inspection.signatures"))
    tested = view.listed(view.session.record.operators) or view.session.operator
    roles = [("tested", tested), ("reviewed", ""), ("approved", "")]
    yield signatures(view, [(view.t(f"inspection.{role}"), name) for role, name in roles])
    yield Text(view.t("inspection.sample_only"))


def _annexes(view: View) -> Iterable[Block]:
    headings = [view.t(f"record.{key}") for key in ("number", "name", "kind", "format", "bytes", "digest")]
    yield Heading(1, view.t("record.list"))
    yield Table(headings, [[clean(cell) for cell in row] for row in electronic_data(view)], (1, 4, 2, 3, 2, 7))
    yield Heading(1, view.t("inspection.verify"))
    yield Text(view.t("inspection.verify.text"))
    if view.session.key:
        yield Text(view.t("inspection.verify.key", id=view.session.key))


def electronic_data(view: View) -> list[list[str]]:
    """The list of electronic data (电子数据清单): number, name, kind, format, bytes, digest."""
    t, app = view.t, view.session.app
    items = [[i.name, i.kind, i.format, str(i.bytes), i.sha256] for i in view.session.record.items]
    if not items:
        # The root seals the events; the file's own size and digest are in the manifest, which is written later.
        log = [t("record.events", n=len(view.events)), t("record.events.kind"), "JSON Lines"]
        items = [[*log, t("record.events.note"), t("record.root", root=view.root)]]
        if app.apk_sha256:
            items.append([app.package, t("record.app.kind"), "APK", str(app.apk_bytes or ""), app.apk_sha256])
    return [[str(number), *item] for number, item in enumerate(items, 1)]
