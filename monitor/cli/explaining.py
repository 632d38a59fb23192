"""``monitor explain``: a rule, a hook or a finding in plain words."""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from rich.console import Console
from rich.markup import escape

from monitor.analysis.consent.marks import marks_of
from monitor.analysis.correlate import findings as findings_file
from monitor.analysis.correlate.findings import Finding
from monitor.analysis.correlate.owner import with_declared
from monitor.analysis.explain import blocks, story
from monitor.analysis.explain.about import about, naming
from monitor.analysis.explain.blocks import Block, Lang
from monitor.analysis.explain.moments import collect
from monitor.analysis.rules.load import Rule, load_rules
from monitor.assess import stored
from monitor.assess.opened import Opened
from monitor.base.errors import InputError, nearest, printable
from monitor.cli._common import whole_bundle
from monitor.evidence.checked import CheckedLog
from monitor.knowledge.catalogue import Row, load_catalogue
from monitor.scenario.model import bundled_scenarios
from monitor.scenario.model import names as scenario_names
from monitor.text import label, t

_RULE = re.compile(r"[A-Z]{2,5}-\d{2}")
_PRINT = re.compile(r"[0-9a-f]{6,16}")
_HINT = "a rule (COL-01), a hook (telephony.get_imei), or a finding's fingerprint with --bundle"


def explain(what: str, *, bundle: Path | None = None, results_key: list[str] | None = None, lang: str = "") -> None:
    """Explain a rule, a hook or how a finding came about. DIR#FINGERPRINT also names a finding."""
    chosen = cast(Lang, lang)
    head, _, tail = what.rpartition("#")
    if head and _PRINT.fullmatch(tail):
        bundle, what = Path(head), tail
    log = None if bundle is None else whole_bundle(bundle, chosen, keys=results_key).log
    if bundle is not None and "." not in what and not _RULE.fullmatch(what.upper()):
        _print(_finding(bundle, log, what, chosen))
        return
    if _PRINT.fullmatch(what):
        raise InputError("a finding needs its bundle", where=what, hint="monitor explain FINGERPRINT --bundle DIR")
    named = _RULE.fullmatch(what.upper())
    if bundle is None:
        rules, rows = load_rules(), [] if named else load_catalogue()
    else:
        with Opened.of_results(bundle, log) as opened:
            rules, rows = opened.tables.rules(profile=opened.session.profile), opened.rows
    if named:
        own = [] if bundle is None else _found(bundle, log, what.upper(), chosen)
        _print(_rule(what.upper(), rules, chosen) + own)
    else:
        _print(_hook(what, rows, rules, chosen))


def exercising(rule: str) -> list[str]:
    """Bundled scenarios that expect the rule to fire, in their header or in a step."""
    return [
        scenario.name
        for scenario in bundled_scenarios()
        if rule in scenario.header.expect.fires
        or any(rule in getattr(c.args, "fires", ()) for top in scenario.commands for c in top.flat())
    ]


def _rule(wanted: str, rules: Sequence[Rule], lang: Lang) -> list[Block]:
    found = next((rule for rule in rules if rule.id == wanted), None)
    if found is None:
        raise InputError(f"no such rule: {wanted}", hint=nearest(wanted, [rule.id for rule in rules]))
    return blocks.rule(found, lang, exercising(wanted))


def _found(bundle: Path, log: CheckedLog | None, rule: str, lang: Lang) -> list[Block]:
    """The rule's findings in a bundle, each with the fingerprint that explains it."""
    own = [item for item in stored.findings(bundle, log) if item.rule == rule]
    with Opened.of_results(bundle, log) as opened:
        name = naming(lang, opened.sdks, opened.organisations)
    said = [
        "  ".join((item.fingerprint, label("status", item.status, lang), about(item, lang, name, pattern=True)))
        for item in own
    ]
    return [Block(t("explain.found", lang), said or [t("report.no_findings", lang)])]


def _hook(wanted: str, rows: Sequence[Row], rules: Sequence[Rule], lang: Lang) -> list[Block]:
    found = next((row for row in rows if wanted in (row.id, f"{row.cls}.{row.method}")), None)
    if found is None:
        name = wanted.casefold()
        near = [row.id for row in rows if name and name in f"{row.id} {row.cls}.{row.method}".casefold()][:5]
        hint = f"perhaps: {', '.join(near)}" if near else _HINT
        raise InputError(f"no such rule, hook or finding: {printable(wanted, 60)}", hint=hint)
    return blocks.hook(found, rules, lang)


def _finding(bundle: Path, log: CheckedLog | None, wanted: str, lang: Lang) -> list[Block]:
    item = _by_fingerprint(bundle, log, wanted)
    kept = bundle / "data" / "inputs" / "declaration.yaml"
    with Opened.of_results(bundle, log) as opened:
        rules = {rule.id: rule for rule in opened.tables.rules(profile=opened.session.profile)}
        name = naming(lang, opened.sdks, opened.organisations)
        return story.finding(
            item,
            rules.get(item.rule),
            collect(item, opened.events, marks_of(stored.coverage(bundle, log), opened.events())),
            lang,
            name=name,
            packages=with_declared(opened.sdks, opened.declaration),
            prefixes=opened.declaration.app_prefixes(item.app),
            scenario=_command(bundle, opened.session.scenario, kept),
            scenarios=exercising(item.rule),
        )


def _command(bundle: Path, scenario: str, declaration: Path) -> str:
    """The argument for ``monitor run``: a bundled scenario by name, any other as kept in the bundle."""
    kept = bundle / "data" / "inputs" / "scenario.yaml"
    if not scenario or not kept.is_file() or scenario in scenario_names():
        return scenario
    words = f"{shlex.quote(str(kept))} --app FILE"
    return f"{words} --declaration {shlex.quote(str(declaration))}" if declaration.is_file() else words


def _by_fingerprint(bundle: Path, log: CheckedLog | None, wanted: str) -> Finding:
    if not _PRINT.fullmatch(wanted):
        raise InputError(f"not a fingerprint: {printable(wanted, 40)}", hint="give at least 6 hexadecimal digits")
    found = [item for item in stored.findings(bundle, log) if item.fingerprint.startswith(wanted)]
    names = sorted({item.fingerprint for item in found})
    if not found:
        raise InputError(f"no finding {wanted} in the bundle", where=str(bundle), hint="monitor findings BUNDLE --json")
    if len(names) > 1:
        raise InputError(f"{wanted} matches more than one finding", hint=f"give more digits: {', '.join(names[:5])}")
    return max(found, key=lambda item: findings_file.STATUSES.index(item.status))


def _print(blocks: list[Block]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for number, block in enumerate(blocks):
        if number:
            console.print()
        console.print(f"[bold]{escape(printable(block.heading, 200))}[/bold]")
        for line in block.lines:
            console.print(escape(f"  {printable(line, 1000)}"))


COMMANDS: Final = {"explain": explain}
