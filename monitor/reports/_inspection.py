"""The inspection report (检测报告) as blocks, in the order that laboratories use: cover, statement, contents, body,
signatures, annexes. And what the documents state of a session in tables of names and values.

``docx`` and ``pdf`` typeset the blocks of ``_blocks``; every text in them is plain and escaped.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from monitor.analysis.coverage.verdict import Verdict
from monitor.analysis.explain.about import broken_off
from monitor.events import Health
from monitor.reports import _annex, _story
from monitor.reports import _blocks as blocks
from monitor.reports import _words as words
from monitor.reports._blocks import LINE, Block, Heading, Items, Table, Text, table
from monitor.reports._problems import annexed, conclusion, problem_pages, problems
from monitor.reports._results import RuleResult, basis, every_clause, leading, results
from monitor.reports._text import clean
from monitor.reports._view import View
from monitor.text import retold

#: Each fact by the key of its name; empty where it is not known. All others are fields of the laboratory's record.
FACTS: Final[dict[str, Callable[[View], str]]] = {
    "report.app": lambda v: v.session.app.label or v.session.record.app_name or LINE,
    "inspection.package": lambda v: v.session.app.package,
    "report.version": lambda v: v.version,
    "report.operator": lambda v: v.operator,
    "inspection.source": lambda v: v.session.record.source or LINE,
    "inspection.received": lambda v: v.session.record.received or LINE,
    "form.sha256": lambda v: v.session.app.apk_sha256,
    "form.md5": lambda v: v.session.app.apk_md5,
    "record.sha256": lambda v: v.session.app.apk_sha256,
    "record.md5": lambda v: v.session.app.apk_md5,
    "report.bytes": lambda v: str(v.session.app.apk_bytes or ""),
    "record.signer": lambda v: v.session.app.signer_sha256,
    "inspection.place": lambda v: v.session.record.place or LINE,
    "report.recorded": lambda v: v.recorded,
    "inspection.zone": lambda v: v.zone,
    "report.device": words.device,
    "inspection.fingerprint": lambda v: v.session.device.fingerprint,
    "record.system": lambda v: " ".join(filter(None, (v.android, v.session.device.patch, v.session.device.abi))),
    "record.rooted": lambda v: v.label("root", v.session.device.root) if v.session.device.root else "",
    "record.environment": lambda v: v.parts(filter(None, (
        v.session.record.environment, words.runtime(v), retold("containment", v.session.device.containment, v.lang)))),
    "report.tools": words.tools,
    "record.method": lambda v: v.session.record.method or words.method(v),
    "report.proxy_mode": lambda v: words.setting(v, "proxy_mode", v.session.proxy_mode),
    "report.hooks_start": lambda v: words.setting(v, "frida_start", v.session.frida_start),
    "report.scenario": lambda v: v.session.scenario,
    "record.clocks": lambda v: _clocks(v),
    "record.time": lambda v: v.recorded,
    "record.operators": lambda v: v.listed(v.session.record.operators) or v.session.operator,
    "record.algorithm": lambda v: v.t("record.algorithm.text"),
    "report.seal": lambda v: v.root,
    "report.key": lambda v: v.session.key,
    "report.results": lambda v: v.parts(words.stated(v, "results", *v.names.notices)),
    "inspection.verify": lambda v: v.t("inspection.verify.text"),
}  # fmt: skip


#: Sections of the body, in order.
SECTIONS: Final = "sample basis environment method results problems conclusion signatures".split()
_SAMPLE: Final = ("report.app inspection.package report.version report.operator inspection.source inspection.received "
                  "form.sha256 form.md5 report.bytes record.signer")  # fmt: skip
_ENVIRONMENT: Final = ("inspection.place report.recorded inspection.zone report.device inspection.fingerprint "
                       "report.tools report.proxy_mode report.hooks_start report.scenario")  # fmt: skip
#: What a report calls the things that it counts, besides the words for what an item came to.
_TERMS: Final = ("item", "finding", "problem")
_NOTES: Final = 20
_NOTE: Final = 500
_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Properties:
    """What a document says of itself, and at the head of its pages. Texts are plain; ``made``: the end of the session,
    so that the same recording gives the same document."""

    title: str
    subject: str
    author: str
    keywords: list[str]
    header: str
    made: datetime


def properties(view: View, title: str = "") -> Properties:
    """Those of a report with this title, by default the inspection report."""
    session, record = view.session, view.session.record
    try:
        made = max(datetime.fromtimestamp((session.end or session.start) // 1_000_000, UTC), _EARLIEST)
    except (ValueError, OverflowError, OSError):
        made = _EARLIEST
    return Properties(
        title=title or view.t("inspection.title"),
        subject=clean(f"{session.app.label} {session.app.package} {session.app.version}".strip()),
        author=clean(record.laboratory or view.listed(record.operators) or session.operator),
        keywords=[clean(word) for word in (record.report_no, session.app.package, session.app.apk_sha256) if word],
        header=view.pair(view.t("inspection.report_no"), clean(record.report_no) or LINE),
        made=made,
    )


def inspection(view: View, *, front: bool = True) -> list[Block]:
    """The whole report. ``front``: with cover, statement and contents, which a document of the user's own has."""
    rules = results(view)
    shots = _story.pictures(view)
    scenario = view.session.scenario or view.session.imported
    phone = " · ".join(filter(None, (words.device(view), view.android)))
    parts: dict[str, Iterable[Block]] = {
        "sample": [facts(view, _SAMPLE, operator=view.operator or view.t("report.not_declared"))],
        "basis": basis(view, SECTIONS.index("basis") + 1),
        "environment": [facts(view, _ENVIRONMENT, device=phone, scenario=scenario)],
        "method": _method(view),
        "results": _results(view, rules),
        "problems": problem_pages(view, rules, shots, SECTIONS.index("problems") + 1),
        "conclusion": _conclusion(view, rules),
        "signatures": _signing(view),
    }
    body: list[Block] = []
    for number, name in enumerate(SECTIONS, 1):
        fresh = name in ("sample", "signatures") and front
        body += [Heading(1, f"{number} {view.t(f'inspection.{name}')}", fresh), *parts[name]]
    body += _annex.annexes(view, rules, shots)
    body.append(Text(view.t("inspection.end"), strong=True))
    return [*(_front(view) if front else [*_notices(view), *_summary(view)]), *body]


def _front(view: View) -> Iterator[Block]:
    s, record = view.session, view.session.record
    yield Text(view.t("inspection.cover"), role="title")
    name = clean(s.app.label or s.app.package) or view.t("report.unknown")
    form = {"report_no": record.report_no, "sample_name": f"{name} {clean(view.version)}".rstrip()}
    form |= {key: getattr(record, key) for key in ("client", "laboratory", "contact")}
    yield _form(view, form | {"tested_on": view.day(s.start, s.end), "issued": record.issued})
    yield from _notices(view)
    yield blocks.Places([view.t(f"inspection.place.{name}") for name in ("seal", "cma", "cnas")])
    yield blocks.Break()
    yield Text(view.t("inspection.statement"), role="part")
    yield Items([view.t(f"statement.{number}") for number in range(1, 8)], numbered=True)
    yield Text(view.t("report.lead"))
    yield blocks.Break()
    yield blocks.Contents(view.t("inspection.contents"))
    if not view.annex:
        yield Text(view.t("inspection.apart", names=view.listed(view.t(f"annex.{name}") for name in _annex.LEFT_OUT)))
    yield Text(view.t("inspection.summary"), role="part")
    yield from _summary(view)


def _summary(view: View) -> Iterator[Block]:
    """The conclusion, and the findings grouped into problems by behaviour and party."""
    found = problems(view)
    yield Text(conclusion(view, found), strong=True)
    if found:
        rows = (
            (str(number), row.what, view.label("level", row.level), view.label("status", row.status), row.against)
            for number, row in enumerate(found, 1)
        )
        yield table(view, "no problem level result time", rows, (3, 19, 5, 6, 11))


def _form(view: View, values: dict[str, str]) -> Table:
    """Names with what is known, or room to write it by hand."""
    rows = [[view.pair(view.t(f"inspection.{key}"), "").strip(), clean(value)] for key, value in values.items()]
    return Table([], rows, (4, 10), form=True)


def _notices(view: View) -> Iterator[Block]:
    """What a reader must know before anything else."""
    if early := broken_off(view.session, view.lang):
        yield Text(clean(" ".join(early)), strong=True)
    if view.session.device.standin:
        yield Text(words.standin(view), strong=True)
    if view.session.imported:
        yield Text(view.t("deviation.imported", format=view.session.imported), strong=True)


def _method(view: View) -> Iterator[Block]:
    """How the app was tested, and what the words of the report mean."""
    yield Text(clean(view.session.record.method) or words.method(view))
    for line in view.names.notices.values():
        yield Text(line)
    yield Text(view.t("inspection.terms"), strong=True)
    rows = [(view.t(f"inspection.term.{term}"), view.t(f"inspection.term.{term}.long")) for term in _TERMS]
    rows += [(view.label("verdict", verdict), view.t(f"inspection.term.{verdict}")) for verdict in Verdict]
    yield table(view, "term meaning", rows, blocks.PAIRS)


def _results(view: View, rules: list[RuleResult]) -> Iterator[Block]:
    counts = view.verdicts()
    numbers = view.listed(f"{view.label('verdict', verdict)} {n}" for verdict, n in counts.items())
    yield Text(view.pair(view.t("inspection.counted", n=sum(counts.values())), numbers))
    rows = (
        (str(one.number), f"{one.rule} {one.title}", leading(view, one.clauses) or "–",
         view.label("verdict", one.verdict), _see(view, one, rules))
        for one in rules
    )  # fmt: skip
    yield table(view, "no item clauses result see", rows, (3, 9, 20, 5, 10))


def _see(view: View, one: RuleResult, rules: list[RuleResult]) -> str:
    """Where more is said of a rule, or what its silence rests on, or why nothing follows from it."""
    if not one.findings:
        return one.why or "–"
    if not one.shown:
        return annexed(view, one)
    place = [rule.rule for rule in rules if rule.shown].index(one.rule) + 1
    return view.parts([f"{SECTIONS.index('problems') + 1}.{place}", annexed(view, one)])


def _conclusion(view: View, rules: list[RuleResult]) -> Iterator[Block]:
    yield Text(conclusion(view, problems(view)), strong=True)
    reasons: dict[tuple[str, str], list[str]] = {}
    for one in rules:
        if one.verdict in (Verdict.NOT_EXERCISED, Verdict.NOT_OBSERVABLE):
            reasons.setdefault((one.verdict, one.why), []).append(f"{one.rule} {one.title}")
    if reasons:
        yield Text(view.t("inspection.untested"), strong=True)
        rows = (
            (view.label("verdict", verdict), why, view.parts(names))
            for (verdict, why), names in sorted(reasons.items(), key=lambda pair: -len(pair[1]))
        )
        yield table(view, "result reason item", rows, (3, 7, 11))
    if view.covered("note"):  # among them what the app's code names and the session never saw called
        yield Text(view.t("report.notes"), strong=True)
        yield Items(view.first([clean(row.why)[:_NOTE] for row in view.covered("note")], _NOTES))
    yield Text(view.t("record.deviations"), strong=True)
    yield Items(words.deviations(view) or [view.t("report.none")])
    yield Text(view.t("report.limits"), strong=True)
    cited = every_clause(view, rules)
    unchecked = sum(clause.checked != "seen" for clause in cited)
    yield Items(words.limits(view, "inspection.", cited=len(cited), unchecked=unchecked), numbered=True)


def _signing(view: View) -> Iterator[Block]:
    record = view.session.record
    tested = view.listed(record.operators) or view.session.operator
    roles = {"tested": tested, "reviewed": record.reviewer, "approved": record.approver}
    yield blocks.signatures(view, [(view.t(f"inspection.{role}"), name) for role, name in roles.items()])
    yield _form(view, {"laboratory": record.laboratory, "issued": record.issued})
    yield blocks.Places([view.t("inspection.place.seal")])
    yield Text(view.t("inspection.sample_only"))


def facts(view: View, keys: str, missing: str = "", **own: str) -> Table:
    """These facts, by their keys, as a table. ``missing``: the text for what is not known. ``own``: values that a
    document words in its own way, by the last part of the key."""
    values = {}
    for key in keys.split():
        name = key.rpartition(".")[2]
        stated = FACTS[key](view) if key in FACTS else getattr(view.session.record, name)
        values[key] = own.get(name) or stated
    return blocks.pairs(view, values, missing)


def _clocks(view: View) -> str:
    """Each clock's offset and error as the recorder measured them, of several measurements the range:
    ``device-log -0.003 ms ±0.352 ms``, ``hooks +0.006 … +0.016 ms ±0.494 … 0.499 ms``."""
    measured = {one.source: [(one.offset, one.err)] for one in view.session.clocks}
    for event in view.events.of(Health, where=lambda event: "offset_us" in event.detail):
        error = event.detail.get("err_us") or event.detail.get("offset_err_us") or ""
        try:
            one = int(event.detail["offset_us"]), int(error)
        except ValueError:
            continue
        measured.setdefault(event.component, []).append(one)
    lines = []
    for source, values in measured.items():
        offsets, errors = zip(*values, strict=True)
        clock = view.label("clock_source", source)
        lines.append(f"{clock} {_range(offsets, '+.3f')} ms ±{_range(errors, '.3f')} ms")
    return view.parts(lines)


def _range(values: tuple[int, ...], form: str) -> str:
    return " … ".join(dict.fromkeys(format(value / 1000, form) for value in (min(values), max(values))))
