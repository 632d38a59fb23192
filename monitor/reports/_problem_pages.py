"""检出问题: half a page for each rule of which evidence was found, and what a person must review in one table."""

import base64
from collections.abc import Iterable, Iterator
from typing import Final

from monitor.analysis.coverage.verdict import Verdict
from monitor.analysis.explain.sentences import shot
from monitor.base.errors import printable
from monitor.events import ApiCall
from monitor.knowledge.vocabulary import legal_basis
from monitor.reports._blocks import Block, Heading, Picture, Pictures, Text, Together, pairs, table
from monitor.reports._pictures import Shots, near
from monitor.reports._problems import some
from monitor.reports._results import RuleResult, leading
from monitor.reports._rows import FindingRow, subject
from monitor.reports._story import against
from monitor.reports._text import clean
from monitor.reports._view import Chain, View
from monitor.reports._words import frequency, happened

_FRAMES: Final = 4
_HOSTS: Final = 3
_PICTURES: Final = 2


def problem_pages(view: View, rules: list[RuleResult], shots: Shots, section: int) -> Iterator[Block]:
    """A heading and a table for each rule with evidence, numbered under ``section``; then what is to be reviewed."""
    evidenced = [one for one in rules if one.shown]
    review = [one for one in rules if one.verdict == Verdict.REVIEW and one.findings]
    if not evidenced:
        yield Text(f"{view.t('report.no_findings')} {view.t('report.no_findings.note')}")
    for place, one in enumerate(evidenced, 1):
        yield _problem(view, one, shots, f"{section}.{place}")
    if review:
        yield Heading(2, f"{section}.{len(evidenced) + 1} {view.t('inspection.review')}")
        rows = (
            (f"{one.rule} {one.title}", leading(view, one.clauses) or "–",
             (_about(view, one.findings) or one.group.description) if one.group else "", annexed(view, one))
            for one in review
        )  # fmt: skip
        yield table(view, "item clauses description see", rows, (9, 12, 12, 6))


def _problem(view: View, one: RuleResult, shots: Shots, number: str) -> Together:
    borne = [finding for finding in one.findings if finding.status == "evidenced"]
    first = min(borne, key=lambda finding: finding.first_seen)
    rows = {
        "inspection.description": one.group.description if one.group else "",
        "inspection.about": _about(view, borne),
        "inspection.clauses": leading(view, one.clauses),
        "inspection.legal_basis": _legal_basis(view, borne) if view.session.packs == ["gdpr"] else "",
        "inspection.time": f"{view.moment(first.first_seen)} · {against(view, first)}".rstrip(" ·"),
        "inspection.level_often": f"{view.label('level', first.level)} · {_often(view, one, borne, first)}",
        "report.recipient": _recipients(view, borne),
        "inspection.call": call(view, view.chain(first), 3, first.data_type),
        "inspection.stack": view.parts(_frames(view, first)),
    }
    screens = screens_of(view, first, shots)
    return Together(
        [
            Heading(2, clean(view.aside(f"{number} {one.rule} {one.title}", annexed(view, one)))),
            pairs(view, rows, known=True),
            *([Pictures(screens)] if screens else []),
        ]
    )


def annexed(view: View, one: RuleResult) -> str:
    """Where in the annex a rule's findings are, or would be."""
    return view.t("inspection.annex_items" if view.annex else "inspection.annex_items.apart", items=one.span)


def screens_of(view: View, finding: FindingRow, shots: Shots) -> list[Picture]:
    """The screens around a finding, where they may be shown."""
    return [
        Picture(
            base64.b64decode(one.source.partition(",")[2]),
            clean(f"{one.time} {shot(one.name, view.lang)} #{one.seq}"),
        )
        for one in near(view, finding, shots)[:_PICTURES]
    ]


def _about(view: View, findings: Iterable[FindingRow]) -> str:
    """Which data, by whose code: one line for each code."""
    by_actor: dict[str, dict[str, None]] = {}
    for finding in findings:
        data = by_actor.setdefault(view.actor(finding), {})
        if about := subject(finding, view.lang) or finding.apart:
            data.setdefault(about)
    lines = []
    for actor, data in by_actor.items():
        names = some(view, list(data))
        lines.append(view.pair(actor, names) if names else actor)
    return view.parts(lines)


def _legal_basis(view: View, borne: list[FindingRow]) -> str:
    """What the controller declares for the data of these findings."""
    declared = {one.data_type: one.legal_basis for one in view.names.declaration.collection or [] if one.legal_basis}
    lines = []
    for data_type in dict.fromkeys(finding.data_type for finding in borne if finding.data_type in declared):
        # By its name in the GDPR; what is neither a number nor a name of one, as it was written.
        basis = legal_basis(declared[data_type])
        name = view.t(f"legal_basis.{basis}") if basis else printable(declared[data_type], 100)
        lines.append(view.pair(view.label("data_type", data_type), name))
    return view.parts(lines) or view.t("inspection.legal_basis.none")


def _role(view: View, org: str) -> str:
    """As what the declaration names an organisation."""
    roles = {one.org: one.role for one in view.names.declaration.recipients or []}
    return view.label("recipient_role", roles.get(org) or roles.get(view.org(org)) or "unknown")


def _often(view: View, one: RuleResult, borne: list[FindingRow], first: FindingRow) -> str:
    if len(borne) == 1:
        said = frequency(view, first, named=False)
    else:
        times = view.t("report.occurrences", n=sum(finding.count for finding in borne))
        said = view.aside(times, view.t("problem.findings", n=len(borne)))
    weaker = len(one.findings) - len(borne)
    return view.parts([said, *([view.t("inspection.further_review", n=weaker)] if weaker else [])])


def _recipients(view: View, borne: list[FindingRow]) -> str:
    found = dict.fromkeys(text for finding in borne if (text := recipient(view, finding, view.chain(finding))))
    return view.parts(view.first(list(found), _HOSTS))


def _frames(view: View, finding: FindingRow) -> list[str]:
    """The innermost frames, from the first that is not the system's: which call it was is said above."""
    chain = view.chain(finding)
    frames = chain.frames
    start = frames.index(chain.caller) if chain.caller in frames else 0
    own = [f for f in frames[start:] if not (isinstance(chain.call, ApiCall) and f.cls == chain.call.cls)]
    return [f.place for f in own[:_FRAMES]]


def recipient(view: View, finding: FindingRow, chain: Chain) -> str:
    """Name, host and country of who received what a finding is about; empty if nobody did."""
    sent = chain.sent
    name = view.org(finding.recipient) if finding.recipient else sent and view.org(sent.org)
    if not sent and not name:
        return ""
    org = finding.recipient or (sent.org if sent else "")
    country = view.country(org) or view.t("report.unknown")
    host = sent.host if sent else ""
    shown = view.aside(name, host) if name and host and name != host else name or host
    role = f" · {_role(view, org)}" if view.session.packs == ["gdpr"] else ""
    return f"{shown}{role} · {view.pair(view.t('inspection.country'), country)}".strip()


def call(view: View, chain: Chain, places: int = 6, data_type: str = "") -> str:
    """What was called and sent: the first of a finding, with ``places`` in it where the data were; where those of a
    ``data_type`` are among them, only these."""
    one, sent = chain.call, chain.sent
    parts = []
    if one:
        parts.append(f"{one.cls}.{one.method} → {view.label('outcome', one.outcome)}")
    if sent:
        parts.append(f"{sent.method} {sent.scheme}://{sent.host}{sent.path}")
        found = [
            view.pair(view.label("data_type", m.data_type), view.aside(m.path, view.label("form", m.form)))
            for m in [m for m in sent.matches if m.data_type == data_type] or sent.matches
        ]
        parts += list(dict.fromkeys(found))[:places]
    if not parts and chain.first:
        parts.append(happened(view, chain.first))
    return view.parts(printable(part, 300) for part in parts)
