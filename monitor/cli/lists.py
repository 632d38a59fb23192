"""``monitor rules|hooks|scenarios list``, ``rules check``, ``rules facts`` and ``scenarios verbs``."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from monitor.analysis.rules.facts import FACTS
from monitor.analysis.rules.load import checked_rules, load_rules
from monitor.assess.trial import failing, hindering, on_bundle
from monitor.base.errors import printable
from monitor.base.yamlfile import SWITCH
from monitor.base.yamlfile import fields as fields_of
from monitor.cli._common import AsJson, HookFiles, Lang, print_json_lines, whole_bundle
from monitor.cli._show import show_assessment
from monitor.cli._tables import show
from monitor.cli.bundles import named
from monitor.events import KINDS
from monitor.knowledge.catalogue import load_catalogue
from monitor.knowledge.vocabulary import TYPED
from monitor.scenario.model import bundled_scenarios
from monitor.scenario.registry import VERBS
from monitor.text import has, label, t


def _table(rows: list[dict[str, Any]], columns: list[str]) -> None:
    show(columns, ([row[column] for column in columns] for row in rows), 2000)


def rules_list(as_json: AsJson = False, lang: Lang = "") -> None:
    """List the rules, with their clauses by pack."""
    rows = [rule.as_dict() for rule in load_rules()]
    if as_json:
        print_json_lines(rows)
    else:
        _table(
            [{**row, "title": row["title_zh"] if lang == "zh" else row["title"]} for row in rows],
            ["id", "level", "type", "title"],
        )


def rules_facts(as_json: AsJson = False, lang: Lang = "") -> None:
    """List what a rule's 'where' may name. Besides the fields of an event, with the event kinds it is for."""
    rows = [
        {"fact": name, "kinds": ["all"] if len(one.kinds) == len(KINDS) else sorted(one.kinds), "says": one.doc}
        for name, one in sorted(FACTS.items())
    ]
    if as_json:
        print_json_lines(rows)
    else:
        _table([{**row, "kinds": ", ".join(row["kinds"])} for row in rows], ["fact", "kinds", "says"])
        if lang != "en":
            typer.echo(t("cli.facts.english", lang))


def rules_check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE|DIR...", help="Rule files or directories.")],
    bundle: Annotated[
        Path | None, typer.Option("--bundle", help="Also show what they find in this recording; nothing is written.")
    ] = None,
    lang: Lang = "",
) -> None:
    """Load your own rules and run their examples. Exits 1 if a result differs from what an example expects."""
    rules = checked_rules(files)
    wrong = 0
    for rule in rules:
        fails = failing(rule)
        wrong += len(fails)
        print(t("cli.rule_checked", lang, id=rule.id, n=len(rule.text.examples), wrong=len(fails)))
        for name in dict.fromkeys(pattern.name for pattern in rule.text.match):
            if name != "main" and not has(f"pattern.{name}"):
                print(t("cli.rule_unworded", lang, name=printable(name, 100)))
        for one, expected, came in fails:
            print(printable(t("cli.rule_example", lang, name=one.name, expected=expected, came=came), 300))
            for condition in hindering(rule, one):
                print(printable(t("cli.rule_hindered", lang, condition=condition), 300))
    if bundle is not None:
        log = whole_bundle(bundle, lang, anyones=True).log
        found = on_bundle(rules, bundle, log)
        show_assessment(found, lang, named(bundle, lang, log))
    raise typer.Exit(1 if wrong else 0)


def hooks_list(hooks: HookFiles = None, as_json: AsJson = False, lang: Lang = "") -> None:
    """List the hook catalogue."""
    rows = [row.model_dump(by_alias=True) for row in load_catalogue(hooks or [])]
    if as_json:
        print_json_lines(rows)
    else:
        _table(
            [{**row, "data": t(f"data_type.{row['data_type']}", lang)} for row in rows],
            ["id", "role", "data_type", "data", "public", "class", "method"],
        )


def scenarios_list(as_json: AsJson = False, lang: Lang = "") -> None:
    """List the bundled scenarios."""
    rows = [
        {"name": s.name, "title": s.title(lang), "app": s.app_id, "expect": list(s.expected), "waits_ms": s.waits_ms}
        for s in bundled_scenarios()
    ]
    if as_json:
        print_json_lines(rows)
    else:
        _table(rows, ["name", "app", "title"])


def scenarios_verbs(as_json: AsJson = False, lang: Lang = "") -> None:
    """List the steps available to scenarios. What each does, and its arguments; those in brackets may be left out, *
    marks what a bare value sets."""
    rows: list[dict[str, Any]] = []
    for name, verb in sorted(VERBS.items()):
        fields = {field.alias or key: key for key, field in verb.args.model_fields.items()}
        names = [f"{shown}*" if key == verb.short else shown for shown, key in fields.items()]
        known = list(fields_of(verb.args))
        rows.append({
            "verb": name, "does": verb.doc.replace("``", ""), "arguments": sorted(names),
            "required": sorted(key for key, must, *_ in known if must),
            "values": {key: kind.split(" | ") for key, _, kind, _ in known if " | " in kind and kind != SWITCH},
        })  # fmt: skip
    if as_json:
        print_json_lines(rows)
        return
    heading = t("cli.verbs.arguments", lang)
    for row in rows:
        said = []
        for one in row["arguments"]:
            name = one.rstrip("*")
            shown = f"{one}: {' | '.join(row['values'][name])}" if name in row["values"] else one
            said.append(shown if name in row["required"] else f"[{shown}]")
        row[heading] = ", ".join(said)
        row["does"] = row["does"] if lang == "en" else label("verb", row["verb"], lang)
    _table(rows, ["verb", "does", heading])
    typer.echo(f"\n{t('cli.verbs.typed', lang)}")
    for name, words in TYPED.items():
        typer.echo(f"  {name}: {', '.join(word for word in words if lang == 'zh' or word.isascii())}")


COMMANDS: Final = {
    "rules": {"list": rules_list, "check": rules_check, "facts": rules_facts},
    "hooks": {"list": hooks_list},
    "scenarios": {"list": scenarios_list, "verbs": scenarios_verbs},
}
