"""``monitor explain``: a rule, a hook or a finding in plain words."""

import re
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markup import escape

from monitor.analysis.consent.tracker import marks_of, read_consent
from monitor.analysis.correlate.findings import STATUSES, Finding
from monitor.analysis.correlate.owner import with_declared
from monitor.analysis.explain import blocks, sentences, story
from monitor.analysis.explain.blocks import Block
from monitor.analysis.explain.moments import Moments
from monitor.analysis.rules import given, load
from monitor.assess import labels, stored
from monitor.assess.opened import Opened
from monitor.base.errors import InputError, nearest, printable
from monitor.cli._common import File, Words, whole_bundle
from monitor.cli._show import about as shown
from monitor.cli._show import names_of
from monitor.cli._words import current_lang, label, t
from monitor.events import KINDS, ApiCall
from monitor.knowledge import catalogue, tables
from monitor.scenario import model
from monitor.text.reasons import Coverage

_RULE = re.compile(r"[A-Z]{2,5}-\d{2}")
_FINGERPRINT = re.compile(r"[0-9a-f]{6,16}")
_HINT = "a rule (COL-01), a hook (telephony.get_imei), or a finding's fingerprint with --bundle"


def explain(what: str, *, bundle: File = None, results_key: Words = None) -> None:
    """Explain a rule, a hook or how a finding came about. DIR#FINGERPRINT also names a finding."""
    head, _, tail = what.rpartition("#")
    if head and _FINGERPRINT.fullmatch(tail):
        bundle, what = Path(head), tail
    rule = what.upper() if _RULE.fullmatch(what.upper()) else ""
    if bundle is None:
        if _FINGERPRINT.fullmatch(what):
            raise InputError("a finding needs its bundle", where=what, hint="monitor explain FINGERPRINT --bundle DIR")
        rules, rows = load.load_rules(), [] if rule else catalogue.load_catalogue()
        _print(_rule(rule, rules) if rule else _hook(what, rows, rules))
        return
    log = whole_bundle(bundle, keys=results_key).log
    findings = stored.findings(bundle, log)
    with Opened.of_results(bundle, log) as opened:
        rules = opened.tables.rules(profile=opened.session.profile)
        if rule:
            name = names_of(opened)
            found = (f for f in findings if f.rule == rule)
            lines = ["  ".join((f.fingerprint, label("status", f.status), shown(f, name, pattern=True))) for f in found]
            # Its findings in the bundle, each with the fingerprint that explains it.
            _print([*_rule(rule, rules), Block(t("explain.found"), lines or [t("report.no_findings")])])
        elif "." in what:
            _print(_hook(what, opened.rows, rules))
        else:
            finding, coverage = _by_fingerprint(what, findings, bundle), stored.coverage(bundle, log)
            _print(_finding(finding, opened, rules, coverage))


def exercising(rule: str) -> list[str]:
    """Bundled scenarios that expect the rule to fire, in their header or in a step."""
    return [
        scenario.name
        for scenario in model.bundled_scenarios()
        if rule in scenario.header.expect.fires
        or any(rule in getattr(c.args, "fires", ()) for top in scenario.commands for c in top.flat())
    ]


def _rule(wanted: str, rules: Sequence[load.Rule]) -> list[Block]:
    found = next((rule for rule in rules if rule.id == wanted), None)
    if found is None:
        raise InputError(f"no such rule: {wanted}", hint=nearest(wanted, [rule.id for rule in rules]))
    return blocks.rule(found, current_lang(), exercising(wanted))


def _hook(wanted: str, rows: Sequence[catalogue.Row], rules: Sequence[load.Rule]) -> list[Block]:
    found = next((row for row in rows if wanted in (row.id, f"{row.cls}.{row.method}")), None)
    if found is None:
        name = wanted.casefold()
        near = [row.id for row in rows if name and name in f"{row.id} {row.cls}.{row.method}".casefold()][:5]
        hint = f"perhaps: {', '.join(near)}" if near else _HINT
        raise InputError(f"no such rule, hook or finding: {printable(wanted, 60)}", hint=hint)
    return blocks.hook(found, rules, current_lang())


def _by_fingerprint(wanted: str, findings: Sequence[Finding], bundle: Path) -> Finding:
    if not _FINGERPRINT.fullmatch(wanted):
        raise InputError(f"not a fingerprint: {printable(wanted, 40)}", hint="give at least 6 hexadecimal digits")
    ranked = sorted(findings, key=lambda f: STATUSES.index(f.status))
    found = {f.fingerprint: f for f in ranked if f.fingerprint.startswith(wanted)}
    if not found:
        raise InputError(f"no finding {wanted} in the bundle", where=str(bundle), hint="monitor findings BUNDLE --json")
    if len(found) > 1:
        hint = f"give more digits: {', '.join(sorted(found)[:5])}"
        raise InputError(f"{wanted} matches more than one finding", hint=hint)
    return found.popitem()[1]


def _finding(finding: Finding, opened: Opened, rules: Sequence[load.Rule], coverage: Iterable[Coverage]) -> list[Block]:
    log = opened.listed
    events = {event.seq: event for event in log.of(*(kind for kind in KINDS.values() if kind is not ApiCall))}
    events |= {seq: log[seq - 1] for seq in finding.events}
    marks = marks_of(coverage, opened.events())
    moments, read = Moments(finding, [events[seq] for seq in sorted(events)], marks), []
    if moments.read:  # how each tap of the app was read: its consent once more, as the analysis read it
        own = sorted((e for e in opened.events() if e.app == finding.app), key=lambda event: (event.t, event.seq))
        facts = given.Facts(opened.declaration, opened.organisations, opened.sdks, tables.Hosts(opened.organisations))
        answers, known = given.switches(opened.declaration), labels.by_tap(opened.labels)
        records = read_consent(own, facts.recipient_names(), known, answers).records
        read = list(sentences.readings(sorted(moments.read), records, current_lang()))
    return story.finding(
        finding, next((rule for rule in rules if rule.id == finding.rule), None), moments, current_lang(),
        name=names_of(opened, [finding.sdk] if "named_only" in finding.guards else ()),
        packages=with_declared(opened.sdks, opened.declaration),
        prefixes=opened.declaration.app_prefixes(finding.app),
        scenario=scenario_argument(opened.path, opened.session.scenario), scenarios=exercising(finding.rule),
        read=read,
    )  # fmt: skip


def scenario_argument(bundle: Path, scenario: str) -> str:
    """The argument for ``monitor run``: a bundled scenario by name, any other as kept in the bundle."""
    kept, declaration = (bundle / "data" / "inputs" / f"{name}.yaml" for name in ("scenario", "declaration"))
    if not scenario or not kept.is_file() or scenario in model.names():
        return scenario
    words = f"{shlex.quote(str(kept))} --app FILE"
    return f"{words} --declaration {shlex.quote(str(declaration))}" if declaration.is_file() else words


def _print(account: list[Block]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for number, block in enumerate(account):
        heading = f"[bold]{escape(printable(block.heading, 200))}[/bold]"
        console.print(f"\n{heading}" if number else heading)
        for line in block.lines:
            console.print(escape(f"  {printable(line, 1000)}"))


COMMANDS: Final = {"explain": explain}
