"""Findings and coverage lines as rows with names in the reader's language, joined with what their rules say."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from monitor.analysis.correlate import findings as by_strength
from monitor.analysis.coverage.verdict import of_line, of_statuses
from monitor.analysis.explain.about import started
from monitor.analysis.rules import load, model
from monitor.knowledge.law import Provision, item_of
from monitor.text import label, listed, parts, scope_name
from monitor.text.reasons import Coverage, line_words

Rules = Mapping[str, load.Rule]
#: The gravest, and the strongest, first.
LEVELS: Final = tuple(reversed(by_strength.LEVELS))
STATUSES: Final = tuple(reversed(by_strength.STATUSES))
#: Fields of a finding that a row has as they are written.
_AS_WRITTEN: Final = tuple("rule status level app data_type sdk recipient permission id pattern fingerprint".split())
#: A line in which nothing is written.
_EMPTY: Final = {**dict.fromkeys((*_AS_WRITTEN, "grade"), ""), "first_seen": 0, "count": 0, "detail": {},
                 **dict.fromkeys(("guards", "assumptions", "events", "clauses"), ())}  # fmt: skip
#: Details whose value is a word of a vocabulary.
_WORDS: Final = {"equivalent_of": "data_type", "form": "form", "state": "detail_state"}
#: Details already shown in the chain of evidence.
_IN_CHAIN: Final = frozenset("api hook outcome host org party sent_to sent_to_host attribution".split())


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A provision that a finding cites, by its short name ``ref``. ``rank``: 1 to 8, or unknown, as text; ``law`` and
    ``order`` within it: by which lists of clauses are sorted; ``checked``: how its words are known, if at all."""

    ref: str
    name: str
    text: str = ""
    summary: str = ""
    practice: str = ""
    issuer: str = ""
    number: str = ""
    effective: str = ""
    law: str = ""
    order: tuple[bool, tuple[int, ...], str]
    pack: str
    rank: str
    rank_name: str
    draft: bool
    confidence: str
    checked: str
    confidence_name: str


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """A finding with the texts of its rule; ``first_seen`` in microseconds, ``raw`` the line as it was written,
    ``items`` of the guideline that its clauses belong to. ``number`` and ``apart`` are given by ``numbered``."""

    rule: str
    status: str
    grade: str
    level: str
    app: str
    data_type: str
    sdk: str
    recipient: str
    permission: str
    id: str
    title: str
    description: str
    advice: str
    falsepositives: list[str]
    detail: dict[str, str]
    guards: list[str]
    assumptions: list[str]
    pattern: str
    first_seen: int
    events: list[int]
    count: int
    fingerprint: str
    clauses: list[Clause]
    raw: dict[str, Any]
    items: list[int]
    number: int = 0
    apart: str = ""


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """A coverage line in the reader's language. ``kind``: rule, hook, item, consent or note; ``verdict``: what a rule
    came to, in one of the five words, empty for other kinds."""

    kind: str
    id: str
    title: str
    state: str
    state_name: str
    why: str
    items: list[int]
    detail: dict[str, str]
    events: list[int]
    verdict: str = ""


def finding_row(data: Mapping[str, Any], lang: str, rules: Rules, provisions: Mapping[str, Provision]) -> FindingRow:
    """A finding's fields with the texts of its rule; what is missing is empty. Raises ``ValueError``, ``TypeError``."""
    given = {**_EMPTY, **{key: value for key, value in data.items() if value}}
    fields: dict[str, Any] = {key: str(given[key]) for key in _AS_WRITTEN}
    rule = rules[fields["rule"]].text if fields["rule"] in rules else None
    detail = {str(key): str(value) for key, value in dict(given["detail"]).items() if key not in _IN_CHAIN}
    guards = [str(one).partition(":") for one in given["guards"]]
    events = list(map(int, given["events"]))
    # In the order of the rule, which names the best-fitting first; a text in force before a draft.
    clauses = sorted((clause_row(one, lang, provisions) for one in given["clauses"]), key=lambda clause: clause.draft)
    return FindingRow(
        **fields,
        grade=str(given["grade"]) if fields["data_type"] else "",  # a prompt or a window is not read
        title=_text("title", data, rule, lang) or fields["rule"],
        description=_text("description", data, rule, lang),
        advice=_text("advice", data, None, lang) or (rule.general(lang) if rule else ""),
        falsepositives=rule.mistakes(lang) if rule else [],
        detail={key: label(_WORDS.get(key, ""), value, lang) for key, value in detail.items()},
        # That a person must decide is what the status says.
        guards=[f"{label('guard', name, lang)} {what}".strip() for name, _, what in guards if name != "needs_a_person"],
        assumptions=[label("assumption", str(item), lang) for item in given["assumptions"]],
        first_seen=int(given["first_seen"]),
        events=events,
        count=int(given["count"] or len(events) or 1),
        clauses=clauses,
        raw=dict(data),
        items=sorted({item for clause in clauses if (item := item_of(clause.ref))}),
    )


def _text(key: str, data: Mapping[str, Any], rule: model.RuleFile | None, lang: str) -> str:
    """A text of a finding in the language, or in English; that of its rule where the line has none."""
    found = (data.get(one) or getattr(rule, one, "") for one in ([f"{key}_zh", key] if lang == "zh" else [key]))
    return str(next(filter(None, found), ""))


def clause_row(item: object, lang: str, provisions: Mapping[str, Provision]) -> Clause:
    """A clause as a finding has it, with the texts of the provision."""
    data: Mapping[str, Any] = item if isinstance(item, Mapping) else {"ref": str(item)}
    ref, confidence = str(data.get("ref") or ""), str(data.get("confidence") or "")
    known, texts = provisions.get(ref), {}
    if known:
        texts = {key: getattr(known, key).get(lang) for key in ("text", "summary", "practice", "issuer", "law")}
        texts |= {"number": known.number, "effective": known.effective}
        if texts["text"]:
            texts["summary"] = ""
    rank, draft = str(data.get("rank") or "unknown"), known.draft if known else False
    checked = known.checked if known else confidence
    return Clause(
        ref=ref,
        name=known.name(lang) if known else ref,
        order=known.order if known else (True, (), ref),
        pack=str(data.get("pack") or ""),
        rank=rank,
        rank_name=label("rank", "draft" if draft else rank, lang),
        draft=draft,
        confidence=confidence,
        checked=checked,
        confidence_name=label("confidence", checked, lang),
        **texts,
    )


def coverage_row(line: Coverage, lang: str, rules: Rules, statuses: Mapping[str, Sequence[str]] = {}) -> CoverageRow:
    """A coverage line worded in the reader's language. ``statuses``: those of each rule's findings."""
    name, state = line.id, line.state
    verdict = ""
    group = "hook_coverage" if line.line == "hook" else "coverage"
    title, limits, items = "", "", set[int]()
    if line.line == "rule":
        own = statuses.get(name, ()) if state == "fired" else ()
        group, verdict = "verdict", of_statuses(own, "") if own else of_line(line)
        if name in rules:
            rule, ending = rules[name].text, "_zh" if lang == "zh" else ""
            title = getattr(rule, f"title{ending}")
            limits = getattr(rule, f"limits{ending}") if state == "silent" else ""
            items = {item for refs in rule.clauses.values() for one in refs if (item := item_of(one.ref))}
    return CoverageRow(
        kind=line.line,
        id=name,
        title=title,
        state=state,
        state_name=label(group, verdict or state, lang),
        why=parts(filter(None, (line_words(line, lang), limits)), lang),
        items=sorted(items),
        detail={key: _detail(key, value, lang) for key, value in line.detail.items()},
        events=line.events,
        verdict=verdict,
    )


def _detail(key: str, value: str, lang: str) -> str:
    """The value of a note's detail; scopes and states of consent by their names."""
    if key in ("scope", "may_be_about"):
        return listed((scope_name(scope, lang) for scope in value.split(", ")), lang)
    return label("consent_state", value, lang) if key in ("stated", "observed") else value


def unique(names: Iterable[str]) -> list[str]:
    """Those that are not empty, each once, in order."""
    return list(dict.fromkeys(name for name in names if name))


def numbered(findings: Iterable[FindingRow], lang: str) -> list[FindingRow]:
    """The findings, strongest status and level first, then by time; those of each rule together, and numbered: every
    format refers to a finding by this number. ``apart`` names the pattern that matched where nothing else tells a
    finding from another."""
    by_rule: dict[str, list[FindingRow]] = {}
    for finding in sorted(findings, key=_rank):
        by_rule.setdefault(finding.rule, []).append(finding)
    rows = [finding for group in by_rule.values() for finding in group]
    alike = Counter(map(_subjects, rows))

    def apart(row: FindingRow) -> str:
        ambiguous = alike[_subjects(row)] > 1 or not (row.data_type or row.permission)
        return label("pattern", row.pattern, lang) if ambiguous and row.pattern not in ("", "main") else ""

    return [replace(row, number=number, apart=apart(row)) for number, row in enumerate(rows, 1)]


def _rank(finding: FindingRow) -> tuple[int, int, int, str]:
    return place(STATUSES, finding.status), place(LEVELS, finding.level), finding.first_seen, finding.rule


def place(order: Sequence[str], value: str) -> int:
    """Where a word stands in an order; after all where it is unknown."""
    return order.index(value) if value in order else len(order)


def _subjects(row: FindingRow) -> tuple[str, ...]:
    return row.rule, row.data_type, row.sdk, row.recipient, row.permission


def subject(finding: FindingRow, lang: str) -> str:
    """The subject of a finding: the data type, the permission or the app that was started; empty if none."""
    if finding.data_type:
        return label("data_type", finding.data_type, lang)
    return finding.permission.rpartition(".")[2] or started(finding.detail, lang)


def heading(finding: FindingRow, lang: str) -> str:
    """A finding's heading under its rule: number, subject, and the pattern where that alone sets it apart."""
    about = subject(finding, lang) or finding.title
    return f"{finding.number}. {about}" + (f" · {finding.apart}" if finding.apart else "")
