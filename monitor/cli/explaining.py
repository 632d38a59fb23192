"""``monitor explain``: a rule, a hook or a finding in plain words."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console
from rich.markup import escape

from monitor.analysis import findings as findings_file
from monitor.analysis import story
from monitor.analysis.attribution import with_declared
from monitor.analysis.explain import Block, Lang
from monitor.analysis.findings import Finding
from monitor.analysis.moments import collect
from monitor.analysis.rules import Rule, load_rules
from monitor.catalogue import load_catalogue
from monitor.cli import _common
from monitor.cli.bundles import decoded, derived
from monitor.declaration import Declaration, load_declaration, none
from monitor.errors import InputError, printable
from monitor.evidence.bundle import Bundle
from monitor.evidence.lines import read_events
from monitor.scenario.model import bundled_scenarios
from monitor.scenario.model import names as scenario_names
from monitor.tables import Organisation, Sdk, load_organisations, load_sdks

_RULE = re.compile(r"[A-Z]{2,5}-\d{2}")
_PRINT = re.compile(r"[0-9a-f]{6,16}")
_HINT = "a rule (COL-01), a hook (telephony.get_imei), or a finding's fingerprint with --bundle"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(explain)


def explain(
    what: Annotated[
        str, typer.Argument(metavar="RULE|HOOK|FINDING", help="What to explain; a finding by fingerprint.")
    ],
    bundle: Annotated[Path | None, typer.Option("--bundle", help="The bundle of the finding.")] = None,
    lang: _common.Lang = "",
) -> None:
    """Tell what a rule or hook is for, or the story of a finding (DIR#FINGERPRINT works, too)."""
    chosen = cast(Lang, _common.language(lang or _common.default_lang()))
    head, _, tail = what.rpartition("#")
    if head and _PRINT.fullmatch(tail):
        bundle, what = Path(head), tail
    if bundle is not None and not _RULE.fullmatch(what):
        blocks = _finding(_common.existing_bundle(bundle), what, chosen)
    elif _RULE.fullmatch(what.upper()):
        blocks = _rule(what.upper(), chosen)
    elif _PRINT.fullmatch(what):
        raise InputError("a finding needs its bundle", where=what, hint="monitor explain FINGERPRINT --bundle DIR")
    else:
        blocks = _hook(what, chosen)
    _print(blocks)


def exercising(rule: str) -> list[str]:
    """Bundled scenarios that expect the rule to fire, in their header or in a step."""
    return [
        scenario.name
        for scenario in bundled_scenarios()
        if rule in scenario.expected
        or any(rule in getattr(c.args, "fires", ()) for top in scenario.commands for c in top.flat())
    ]


def _rule(wanted: str, lang: Lang) -> list[Block]:
    rules = {rule.id: rule for rule in load_rules()}
    if wanted not in rules:
        raise InputError(f"no such rule: {wanted}", hint="monitor rules list")
    return story.rule(rules[wanted], lang, exercising(wanted))


def _hook(wanted: str, lang: Lang) -> list[Block]:
    rows = {row.id: row for row in load_catalogue()}
    if wanted not in rows:
        near = [name for name in rows if wanted and wanted.casefold() in name][:5]
        hint = f"perhaps: {', '.join(near)}" if near else _HINT
        raise InputError(f"no such rule, hook or finding: {printable(wanted, 60)}", hint=hint)
    return story.hook(rows[wanted], load_rules(), lang)


def _finding(bundle: Path, wanted: str, lang: Lang) -> list[Block]:
    item = _by_fingerprint(bundle, wanted)
    session = Bundle.open(bundle).session()
    kept = bundle / "data" / "inputs" / "declaration.yaml"
    declaration: Declaration = load_declaration(kept) if kept.is_file() else none()
    rules: dict[str, Rule] = {rule.id: rule for rule in load_rules(profile=session.profile or "guide")}
    sdks, organisations = load_sdks(), load_organisations()
    return story.finding(
        item,
        rules.get(item.rule),
        collect(item, lambda: read_events(bundle)),
        lang,
        name=lambda key, language: _name(key, language, sdks, organisations),
        packages=with_declared(sdks, declaration),
        prefixes=declaration.app_prefixes(item.app),
        scenario=_command(bundle, session.scenario, kept),
        scenarios=exercising(item.rule),
    )


def _command(bundle: Path, scenario: str, declaration: Path) -> str:
    """What to give ``monitor run``: a bundled scenario by name, another one as it was kept in the bundle."""
    kept = bundle / "data" / "inputs" / "scenario.yaml"
    if not scenario or not kept.is_file() or scenario in scenario_names():
        return scenario
    words = f"{shlex.quote(str(kept))} --app FILE"
    return f"{words} --declaration {shlex.quote(str(declaration))}" if declaration.is_file() else words


def _name(key: str, lang: str, sdks: dict[str, Sdk], organisations: dict[str, Organisation]) -> str:
    found = sdks.get(key) or organisations.get(key)
    if found is None:
        return key
    return (found.name_zh if lang == "zh" else "") or found.name


def _by_fingerprint(bundle: Path, wanted: str) -> Finding:
    if not _PRINT.fullmatch(wanted):
        raise InputError(f"not a fingerprint: {printable(wanted, 40)}", hint="at least 6 hex digits of it")
    lines = decoded(derived(bundle, "findings.jsonl"), findings_file.decode, "findings.jsonl")
    found: list[Finding] = [item for item in lines if item.fingerprint.startswith(wanted)]
    names = sorted({item.fingerprint for item in found})
    if not found:
        raise InputError(f"no finding {wanted} in the bundle", where=str(bundle), hint="monitor findings BUNDLE --json")
    if len(names) > 1:
        raise InputError(f"{wanted} is not one finding", hint=f"give more digits: {', '.join(names[:5])}")
    return max(found, key=lambda item: findings_file.STATUSES.index(item.status))


def _print(blocks: list[Block]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for number, block in enumerate(blocks):
        if number:
            console.print()
        console.print(f"[bold]{escape(printable(block.heading, 200))}[/bold]")
        for line in block.lines:
            console.print(escape(f"  {printable(line, 1000)}"))
