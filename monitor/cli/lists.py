"""``monitor rules|hooks|scenarios list``, ``rules check``, ``rules facts`` and ``scenarios verbs``."""

from collections.abc import Callable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import typer

from monitor.analysis.rules import facts, load
from monitor.assess.trial import failing, hindering, on_bundle
from monitor.base.errors import printable
from monitor.base.yamlfile import SWITCH, type_words
from monitor.cli import _common, _show, bundles
from monitor.cli._words import columns, current_lang, label, t
from monitor.events import KINDS
from monitor.knowledge import catalogue, vocabulary
from monitor.scenario import model, registry
from monitor.text import has


def _list(rows: list[dict[str, Any]], as_json: bool, columns: str, **shown: Callable[[dict[str, Any]], str]) -> None:
    """Rows as JSON lines, or some of their columns as a table, in which ``shown`` words or adds a column."""
    if as_json:
        _common.print_json_lines(rows)
        return
    names = columns.split()
    _show.show(names, ([shown[name](row) if name in shown else row[name] for name in names] for row in rows), 2000)


def rules_list(*, as_json: bool = False) -> None:
    """List the rules, with their clauses by pack."""
    title = "title_zh" if current_lang() == "zh" else "title"
    _list([rule.as_dict() for rule in load.load_rules()], as_json, "id level type title", title=itemgetter(title))


def rules_facts(*, as_json: bool = False) -> None:
    """List what a rule's 'where' may name. Besides the fields of an event, with the event kinds it is for."""
    rows = [
        {"fact": name, "kinds": ["all"] if len(one.kinds) == len(KINDS) else sorted(one.kinds), "says": one.doc}
        for name, one in sorted(facts.FACTS.items())
    ]
    _list(rows, as_json, "fact kinds says", kinds=lambda row: ", ".join(row["kinds"]))
    if not as_json and current_lang() != "en":
        print(t("cli.facts.english"))


def rules_check(files: list[Path], *, bundle: _common.File = None) -> None:
    """Load your own rules and run their examples. Exits 1 if a result differs from what an example expects."""
    rules = load.checked_rules(files)
    wrong = 0
    for rule in rules:
        fails = failing(rule)
        wrong += len(fails)
        print(t("cli.rule_checked", id=rule.id, n=len(rule.text.examples), wrong=len(fails)))
        for name in dict.fromkeys(pattern.name for pattern in rule.text.match):
            if name != "main" and not has(f"pattern.{name}"):
                print(t("cli.rule_unworded", name=printable(name, 100)))
        for one, expected, came in fails:
            print(printable(t("cli.rule_example", name=one.name, expected=expected, came=came), 300))
            for condition in hindering(rule, one):
                print(printable(t("cli.rule_hindered", condition=condition), 300))
    if bundle is not None:
        log = _common.whole_bundle(bundle, anyones=True).log
        found = on_bundle(rules, bundle, log)
        _show.show_assessment(found, bundles.names_in(bundle, log))
    raise typer.Exit(1 if wrong else 0)


def hooks_list(*, hooks: _common.Files = None, as_json: bool = False) -> None:
    """List the hook catalogue."""
    rows = [row.model_dump(by_alias=True) for row in catalogue.load_catalogue(hooks or [])]
    columns = "id role data_type data public class method"
    _list(rows, as_json, columns, data=lambda row: t(f"data_type.{row['data_type']}"))


def scenarios_list(*, as_json: bool = False) -> None:
    """List the bundled scenarios."""
    rows = []
    for one in model.bundled_scenarios():
        about = {"name": one.name, "title": one.title(current_lang()), "app": one.header.appId}
        rows.append(about | {"expect": one.header.expect.fires, "waits_ms": one.waits_ms})
    _list(rows, as_json, "name app title")


def scenarios_verbs(*, as_json: bool = False) -> None:
    """List the steps available to scenarios. What each does, and its arguments; those in brackets may be left out, *
    marks what a bare value sets."""
    rows = [_verb(name, verb) for name, verb in sorted(registry.VERBS.items())]
    if as_json:
        _common.print_json_lines(rows)
        return
    english = current_lang() == "en"
    cells = (
        (row["verb"], row["does"] if english else label("verb", row["verb"]), ", ".join(_arguments(row)))
        for row in rows
    )
    _show.show(columns("cli.verbs", "verb does arguments"), cells, 2000)
    print(f"\n{t('cli.verbs.typed')}")
    for name, words in vocabulary.TYPED.items():
        print(f"  {name}: {', '.join(word for word in words if not english or word.isascii())}")


def _verb(name: str, verb: registry.Verb) -> dict[str, Any]:
    fields = {field.alias or key: (key, field) for key, field in verb.args.model_fields.items()}
    kinds = {shown: type_words(field.annotation) for shown, (_, field) in fields.items()}
    return {
        "verb": name,
        "does": verb.doc.replace("``", ""),
        "arguments": sorted(f"{shown}*" if key == verb.short else shown for shown, (key, _) in fields.items()),
        "required": sorted(shown for shown, (_, field) in fields.items() if field.is_required()),
        "values": {shown: kind.split(" | ") for shown, kind in kinds.items() if " | " in kind and kind != SWITCH},
    }


def _arguments(row: dict[str, Any]) -> Iterator[str]:
    """Arguments of a verb as the table shows them."""
    for argument in row["arguments"]:
        name = argument.rstrip("*")
        text = f"{argument}: {' | '.join(row['values'][name])}" if name in row["values"] else argument
        yield text if name in row["required"] else f"[{text}]"


COMMANDS: Final = {
    "rules": {"list": rules_list, "check": rules_check, "facts": rules_facts},
    "hooks": {"list": hooks_list},
    "scenarios": {"list": scenarios_list, "verbs": scenarios_verbs},
}
