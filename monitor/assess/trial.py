"""Trying out a rule: its own examples, and what it would find in a recording. Nothing is written."""

import ast
import contextlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.correlate.findings import STATUSES, Assessment, Finding
from monitor.analysis.rules.examples import events
from monitor.analysis.rules.expression import conjuncts, joined
from monitor.analysis.rules.expression import parse as filter_of
from monitor.analysis.rules.load import PACKS, Rule
from monitor.analysis.rules.model import EXPECTED, Example, Pattern
from monitor.assess.evaluate import evaluate
from monitor.assess.opened import Opened
from monitor.assess.remedied import filled
from monitor.base import errors, yamlfile
from monitor.events import Stack
from monitor.evidence.verify import CheckedLog
from monitor.knowledge.law import load_clauses
from monitor.knowledge.tables import load_organisations, load_sdks
from monitor.session.declaration import Declaration

_WORDS: Final = {status: word for word, status in EXPECTED.items()}


def example(rule: Rule, one: Example) -> Assessment:
    """The rule's result for an example, under the example's packs and profile. Raises ``InputError``."""
    return _result(_under(rule, tuple(one.packs or PACKS), one.profile), one)


@lru_cache(16)
def _under(rule: Rule, packs: tuple[str, ...], profile: str) -> Rule:
    """The rule as its examples want it: most of them in the same way."""
    return Rule(rule.text, rule.path, packs, profile, load_clauses())


def _result(chosen: Rule, one: Example) -> Assessment:
    where = f"{chosen.path}: {one.name}"
    declaration, known = yamlfile.parse(Declaration, one.declaration, where), events(one, where)
    sdks, organisations = load_sdks(), load_organisations()
    found = analyse(known, [chosen], declaration, organisations=organisations, sdks=sdks)
    if not one.remedy:
        return found
    stacks = [event for event in known if isinstance(event, Stack)]
    by_seq = {event.seq: event for event in known}
    return filled(found, [chosen], by_seq, stacks, declaration, sdks, organisations)


def failing(rule: Rule) -> list[tuple[Example, str, str]]:
    """Examples with an unexpected result, with what was expected and what came (``silent`` = no finding; ``fires x3`` =
    three matches, where the example states their number); then those with another remedy than they state."""
    found: list[tuple[Example, str, str]] = []
    for one in rule.text.examples:
        findings = example(rule, one).findings
        status = max((f.status for f in findings), key=STATUSES.index, default="")
        counts = {f.count for f in findings if f.status == status}
        if status != EXPECTED[one.expect] or (one.count and one.count not in counts):
            came = f" x{max(counts, default=0)}" if one.count else ""
            found.append((one, one.expect + (f" x{one.count}" if one.count else ""), _WORDS[status] + came))
        elif one.remedy and (one.remedy, one.remedy_zh) not in (told := [_told(f, one) for f in findings]):
            found.append((one, one.remedy, " / ".join(map(" ".join, told))))
    return found


def _told(item: Finding, one: Example) -> tuple[str, str]:
    """A finding's remedy in the languages in which the example states it."""
    return item.advice, item.advice_zh if one.remedy_zh else ""


def hindering(rule: Rule, one: Example) -> list[str]:
    """Conditions of a rule without each of which something is found in an example in which nothing is."""
    if example(rule, one).findings:
        return []
    found = []
    for number, pattern in enumerate(rule.text.match):
        for name, change in _looser(pattern):
            match = [*rule.text.match]
            match[number] = pattern.model_copy(update=change)
            with contextlib.suppress(errors.InputError):  # a type that needs the condition
                text = rule.text.model_copy(update={"match": match})
                if _result(Rule(text, rule.path, one.packs or PACKS, one.profile, load_clauses()), one).findings:
                    found.append(name)
    return found


def _looser(pattern: Pattern) -> Iterator[tuple[str, dict[str, str | None]]]:
    """Each condition of a pattern, and what it is without it."""
    parts = conjuncts(filter_of(pattern.where))
    for number, part in enumerate(parts):
        rest = [*parts[:number], *parts[number + 1 :]]
        yield f"where {ast.unparse(part)}", {"where": ast.unparse(joined(rest)) if rest else "True"}
    for name in ("after", "not_after", "followed_by", "not_followed_by"):
        if find := getattr(pattern, name):
            yield f"{name} {find.where}", {name: None}


def on_bundle(rules: list[Rule], bundle: Path, log: CheckedLog | None = None) -> Assessment:
    """What rules find in a recording, with its own declaration and tables; ``log``: as it was verified. Raises
    ``EvidenceDamaged``."""
    with Opened(bundle, additions=False, log=log) as opened:
        return evaluate(opened, rules=rules)
