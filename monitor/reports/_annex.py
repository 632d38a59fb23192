"""附件: every finding in detail, the steps, the clauses with how their text was checked, what hooks could not observe:
these may be left out. Then the list of electronic data, and how it is verified."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final

from monitor.reports import _problems, _rows, _words
from monitor.reports._blocks import Block, Heading, Items, Pictures, Table, Text, pairs, table
from monitor.reports._results import RuleResult, clause_standing, clause_text, every_clause, leading
from monitor.reports._story import Shot, against, near, story
from monitor.reports._text import clean
from monitor.reports._view import View

MAX_FINDINGS: Final = 300
_FRAMES: Final = 8
_LETTERS: Final = "ABCDEF"
#: What the files of a bundle are.
_PARTS: Final = {
    "data/session.json": "session",
    "data/inputs/app.json": "app",
    "data/inputs/declaration.yaml": "declaration",
    "data/inputs/scenario.yaml": "scenario",
    "findings.jsonl": "findings",
    "coverage.jsonl": "coverage",
    "seal.dsse.json": "seal",
    "findings.dsse.json": "attested",
    "private": "private",
    "manifest-sha256.txt": "manifest",
}
#: Columns of the list of electronic data.
RECORD: Final = "record.number record.name record.kind record.format record.bytes record.digest"
#: The annexes that may be left out.
LEFT_OUT: Final = ("details", "steps", "clauses", "unseen")


def annexes(view: View, rules: list[RuleResult], shots: list[Shot]) -> Iterator[Block]:
    """The annexes, lettered in order."""
    counted, reasons = _words.unseen_hooks(view)
    unseen: list[Block] = [Text(counted or view.t("report.none")), Items(reasons)]
    optional = (_details(view, shots), [_words.steps(view)], _clauses(view, rules), unseen)
    parts: list[tuple[str, Iterable[Block]]] = list(zip(LEFT_OUT, optional, strict=True)) if view.annex else []
    parts += [("list", [list_of_data(view)]), ("verify", _verify(view))]
    # The letters are those of the whole report: what is kept apart is cited by them.
    for letter, (name, blocks) in zip(_LETTERS[-len(parts) :], parts, strict=True):
        title = view.t("inspection.annex", letter=letter, what=view.t(f"annex.{name}"))
        yield Heading(1, title, fresh=name in (parts[0][0], "list"))
        yield from blocks


def electronic_data(view: View) -> list[list[str]]:
    """The list of electronic data (电子数据清单): number, name, kind, format, bytes, digest."""
    t, app = view.t, view.session.app
    items = [[i.name, i.kind, i.format, str(i.bytes), i.sha256] for i in view.session.record.items]
    for path, files, size, digest in view.held:
        key = _PARTS.get(path) or next((name for name in ("events", "tables") if f"/{name}" in path), "other")
        form = PurePosixPath(path).suffix[1:] if files == 1 else ""
        items.append([view.aside(t(f"held.{key}"), path), t("held.files", n=files), form, str(size), digest])
    if not view.session.record.items:
        # The root seals the events; the file's own size and digest are in the manifest, which is written later.
        log = [t("record.events", n=len(view.events)), t("record.events.kind"), "JSON Lines"]
        items.append([*log, t("record.events.note"), t("record.root", root=view.root)])
        if app.apk_sha256:
            items.append([app.package, t("record.app.kind"), "APK", str(app.apk_bytes or ""), app.apk_sha256])
    return [[str(number), *item] for number, item in enumerate(items, 1)]


def list_of_data(view: View) -> Table:
    """The same as a table."""
    return table(view, RECORD, electronic_data(view), (2, 6, 3, 2, 3, 10))


def _details(view: View, shots: list[Shot]) -> Iterator[Block]:
    if not view.findings:
        yield Text(f"{view.t('report.no_findings')} {view.t('report.no_findings.note')}")
    rule, printed = "", set[str]()
    for finding in view.findings[:MAX_FINDINGS]:  # in the order of their numbers, those of a rule together
        if finding.rule != rule:
            rule, printed = finding.rule, set()
            yield Heading(2, clean(f"{rule} {view.headline(finding)}"))
            if finding.description:
                yield Text(clean(finding.description))
        yield from _finding(view, finding)
        # A screen shared by several findings of a rule is printed with the first of them.
        screens = near(finding, shots)
        if old := [one.caption for one in screens if one.caption in printed]:
            yield Text(view.t("inspection.screen_above", what=view.listed(old)))
        if new := [one for one in screens if one.caption not in printed]:
            yield Pictures(new)
        printed.update(one.caption for one in new)
    if (more := len(view.findings) - MAX_FINDINGS) > 0:
        yield Text(view.t("report.more", n=more))


def _finding(view: View, finding: _rows.FindingRow) -> Iterator[Block]:
    chain = view.chain(finding)
    rows = {
        "report.status": " · ".join(view.words(finding, "status", "level", "grade")),
        "report.sdk": view.actor(finding),
        "inspection.time": f"{view.moment(finding.first_seen)} · {against(view, finding)}".rstrip(" ·"),
        "inspection.frequency": _words.frequency(view, finding, named=False),
        "report.recipient": _problems.recipient(view, finding, chain),
        "inspection.call": _problems.call(view, chain),
        "inspection.stack": view.parts(frame.place for frame in chain.frames[:_FRAMES]),
        "explain.advice": finding.advice,
        "inspection.clauses": leading(view, finding.clauses),
        "report.event_ids": " ".join(f"#{seq}" for seq in finding.events[:20]),
        "report.fingerprint": finding.fingerprint,
    }
    yield Heading(3, clean(_rows.heading(finding, view.lang)))
    yield pairs(view, rows, known=True)
    for block in story(view, finding)[:1]:
        yield Text(clean(block.heading), strong=True)
        yield Items([clean(line) for line in block.lines])


def _clauses(view: View, rules: list[RuleResult]) -> Iterator[Block]:
    """The provisions cited, with their words and how these were checked."""
    yield Text(view.t("annex.clauses.note"))
    rows = [(c.name, clause_text(view, c) or "–", clause_standing(view, c)) for c in every_clause(view, rules)]
    keys = "clauses annex.clauses.text annex.clauses.checked"
    yield table(view, keys, rows, (6, 11, 5)) if rows else Text(view.t("report.none"))


def _verify(view: View) -> Iterator[Block]:
    yield Text(view.t("inspection.verify.text"))
    if view.session.key:
        yield Text(view.t("inspection.verify.key", id=view.session.key))
    if view.results:
        yield Text(view.t(f"results.{view.results.whose}", key=view.results.key or "–"))
    if view.later:
        names = view.listed(view.t(f"stated.{name}") for name in view.later)
        yield Text(view.t("inspection.later", names=names))
