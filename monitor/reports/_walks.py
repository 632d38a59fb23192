"""The walks of one exploration as one report: each rule in the variant in which it fares worst, with the steps that led
there; how far each walk came, and what it did not reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import msgspec
from markupsafe import Markup

from monitor.analysis.coverage.verdict import Verdict
from monitor.events import Explored
from monitor.reports import _places
from monitor.reports._rows import LEVELS, STATUSES, FindingRow, place, subject, unique
from monitor.reports._text import clean, json_document
from monitor.reports._view import View
from monitor.reports._words import stated, steps_begun

#: Of the steps that led to a finding, the last few.
_STEPS: Final = 20
_NAMED: Final = 20
#: Of the event at the end of a walk, what the document has.
_TOLD: Final = tuple(
    "why steps places withdrawal activities_reached activities_missed activities_missed_total controls_missed "
    "controls_missed_total rows_missed rows_missed_total".split()
)
_ORDER: Final = [str(verdict) for verdict in Verdict]
_Steps = Sequence[tuple[int, str]]


def document(views: Mapping[str, View], unwalked: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """The report for programs: ``rules`` (gravest first), ``walks``; ``views`` by variant, not empty; ``unwalked``: why
    there is no session of a variant."""
    first = next(iter(views.values()))
    begun = {name: [(at, action) for at, action, _ in steps_begun(view)] for name, view in views.items()}
    rules = [
        _rule(rule, views, begun) for rule in unique(row.id for view in views.values() for row in view.covered("rule"))
    ]
    rules.sort(key=lambda one: (_ORDER.index(one["verdict"]), place(LEVELS, one["level"]), one["rule"]))
    verdicts = {verdict: sum(one["verdict"] == verdict for one in rules) for verdict in _ORDER}
    walks = [_walk(variant, view) for variant, view in views.items()]
    left = [first.t("walks.unwalked", variant=first.label("variant", one), why=why) for one, why in unwalked.items()]
    return {
        "schema": 1,
        "language": first.lang,
        "app": first.session.app.model_dump(),
        "conclusion": [clean(line) for line in _conclusion(first, verdicts, rules, walks, len(unwalked))],
        "verdicts": verdicts,
        "rules": rules,
        "walks": walks,
        "unwalked": {variant: clean(why) for variant, why in unwalked.items()},
        "stated": [*map(clean, left), *unique(line for view in views.values() for line in stated(view))],
    }


def _conclusion(
    view: View, verdicts: Mapping[str, int], rules: list[dict[str, Any]], walks: list[dict[str, Any]], unwalked: int
) -> Iterator[str]:
    """How many variants were walked and what the rules came to; what the walk that came furthest left; what the
    findings with evidence are about, with variant and step."""
    done = [walk for walk in walks if "places" in walk]
    what = view.listed(f"{view.label('verdict', verdict)} {n}" for verdict, n in verdicts.items())
    yield view.t("walks.conclusion", walked=len(done), all=len(walks) + unwalked, rules=len(rules), what=what)
    if done:
        best = max(done, key=lambda walk: walk["places"])
        left = [
            view.t(f"walks.{kind}", n=total, **{word: _reasons(view, best[f"{kind}_missed"], total)})
            for kind, word in (("activities", "names"), ("controls", "what"))
            if (total := best[f"{kind}_missed_total"])
        ]
        furthest = view.t("walks.furthest", variant=view.label("variant", best["variant"]))
        yield view.pair(furthest, view.parts(left) if left else view.t("walks.all_used"))
    about = [
        view.aside(
            f"{rule['rule']} {one['what']}", view.pair(view.label("variant", one["variant"]), one["step"] or "–")
        )
        for rule in rules
        for one in rule["findings"]
        if one["status"] == "evidenced"
    ]
    if about:
        yield view.pair(view.t("walks.about"), view.parts(view.first(about, _NAMED)))


def _reasons(view: View, missed: list[dict[str, Any]], total: int) -> str:
    """How many were missed for each reason, the most frequent first; of ``total`` those listed."""
    some = [f"{view.label('missed', why)} {n}" for why, n in Counter(one["why"] for one in missed).most_common()]
    more = total - len(missed)
    return view.listed([*some, view.t("report.more", n=more)] if more else some)


def _rule(rule: str, views: Mapping[str, View], begun: Mapping[str, _Steps]) -> dict[str, Any]:
    """A rule in every variant. A finding that several variants have is that of the one in which it is strongest."""
    rows = {name: row for name, view in views.items() for row in view.covered("rule") if row.id == rule}
    best: dict[tuple[str, ...], tuple[str, FindingRow]] = {}
    for name, view in views.items():
        for one in view.findings:
            if one.rule == rule:
                key = (one.pattern, one.data_type, one.sdk, one.recipient, one.permission)
                best[key] = min(best.get(key, (name, one)), (name, one), key=_strength)
    found = sorted(best.values(), key=_strength)
    variant = found[0][0] if found else min(rows, key=lambda name: _ORDER.index(rows[name].verdict))
    row = rows[variant]
    given = [(name, one, _led(views[name], begun[name], one)) for name, one in found]
    return {
        "rule": rule, "title": row.title, "verdict": row.verdict, "variant": variant, "why": row.why,
        "level": found[0][1].level if found else "",
        "verdicts": {name: one.verdict for name, one in rows.items()},
        "findings": [_finding(name, one, views[name]) | {"step": (led or [""])[-1]} for name, one, led in given],
        "steps": given[0][2] if given else [],
    }  # fmt: skip


def _strength(found: tuple[str, FindingRow]) -> tuple[int, int, int]:
    _, one = found
    return place(STATUSES, one.status), place(LEVELS, one.level), -one.count


def _finding(variant: str, one: FindingRow, view: View) -> dict[str, Any]:
    what = [subject(one, view.lang) or one.title, view.sdk(one.sdk) if one.sdk else "", view.org(one.recipient)]
    return {"variant": variant, "what": clean(" · ".join(filter(None, what))), "status": one.status, "grade": one.grade,
            "level": one.level, "count": one.count, "fingerprint": one.fingerprint, "number": one.number}  # fmt: skip


def _led(view: View, begun: _Steps, finding: FindingRow) -> list[str]:
    """The last steps that were begun before a finding, in words."""
    steps = [action for at, action in begun if at <= finding.first_seen]
    cut = [view.t("report.more", n=len(steps) - _STEPS)] if len(steps) > _STEPS else []
    return [clean(one) for one in (*cut, *steps[-_STEPS:])]


def _walk(variant: str, view: View) -> dict[str, Any]:
    """How far a walk came; ``said`` and ``missed`` are its lines in words."""
    ended = {"variant": variant, "bundle": variant, "ended": view.session.ended, "cause": view.session.cause}
    last = next(reversed([*view.events.of(Explored)]), None)
    name = view.label("variant", variant)
    if last is None:
        return {**ended, "said": view.pair(name, clean(view.session.cause) or view.t("walks.none")), "missed": []}
    reached, missed = len(last.activities_reached), last.activities_missed_total
    said = view.t("walks.said", steps=last.steps, places=last.places, reached=reached, activities=reached + missed,
                  why=view.label("explored", last.why))  # fmt: skip
    told = {name: msgspec.to_builtins(getattr(last, name)) for name in _TOLD}
    lines = []
    if last.withdrawal == "not_found":
        lines.append(view.t("walks.not_found" if last.why == "nothing_new" else "walks.not_found_yet"))
    if total := last.controls_missed_total:
        lines.append(view.t("walks.controls", n=total, what=_reasons(view, told["controls_missed"], total)))
    if missed:
        reasons: dict[str, list[str]] = {}
        for one in last.activities_missed:
            reasons.setdefault(one.why, []).append(one.name.rpartition(".")[2])
        names = [
            view.pair(view.label("missed", why), view.listed(view.first(some, _NAMED))) for why, some in reasons.items()
        ]
        if unlisted := missed - len(last.activities_missed):
            names.append(view.t("report.more", n=unlisted))
        lines.append(view.t("walks.activities", n=missed, names=view.parts(names)))
    if last.rows_missed:
        names = view.first(last.rows_missed, _NAMED)
        lines.append(view.t("walks.rows", n=last.rows_missed_total, names=view.listed(names)))
    return {**ended, **told, "said": view.pair(name, said), "missed": [clean(line) for line in lines]}


def data(found: dict[str, Any]) -> bytes:
    """The document as JSON."""
    return json_document(found)


def page(found: dict[str, Any], views: Mapping[str, View]) -> bytes:
    """The document as one offline page, with the graph of each walk."""
    from monitor.reports.html import page_policy, page_template, shown  # jinja only where a page is made

    files = Path(__file__).parent / "page"
    style, first = (files / "report.css").read_text("utf-8"), next(iter(views.values()))
    text = page_template(files / "walks.html.j2", finalize=shown).render(
        d=found, v=first, t=first.t, label=first.label, style=Markup(style), policy=page_policy(style, ""),
        graphs={name: _places.graph(view, f"{name}/report.html") for name, view in views.items()},
    )  # fmt: skip
    return text.encode("utf-8", "replace")
