"""``monitor rules|hooks|scenarios list``, ``rules check``, ``rules facts``, ``tables digest``, ``scenarios verbs``."""

from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Final

import typer

from monitor.analysis.rules import facts, load
from monitor.assess import released
from monitor.assess.trial import failing, hindering, on_bundle
from monitor.base.errors import printable
from monitor.base.yamlfile import SWITCH, type_words
from monitor.cli import _common, _lazy, _show, bundles
from monitor.cli._words import columns, current_lang, label, t
from monitor.events import KINDS
from monitor.knowledge import catalogue, vocabulary
from monitor.scenario import model, registry
from monitor.text import has


def rules_list(*, as_json: bool = False) -> None:
    """List the rules, with their clauses by pack."""
    shown = itemgetter("id", "level", "type", "title_zh" if current_lang() == "zh" else "title")
    _show.list_rows([rule.as_dict() for rule in load.load_rules()], as_json, ("id", "level", "type", "title"), shown)


def rules_facts(*, as_json: bool = False) -> None:
    """List what a rule's 'where' may name. Besides the fields of an event, with the event kinds it is for."""
    rows = [
        {"fact": name, "kinds": ["all"] if len(one.kinds) == len(KINDS) else sorted(one.kinds), "says": one.doc}
        for name, one in sorted(facts.FACTS.items())
    ]
    headings = "fact", "kinds", "says"
    _show.list_rows(rows, as_json, headings, lambda row: (row["fact"], ", ".join(row["kinds"]), row["says"]))
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


def tables_digest(*, as_json: bool = False) -> None:
    """Show the digests of this version's rules and tables. By them others recognise which a recording was made with."""
    release = released.todays()
    if as_json:
        _common.print_json_lines([release._asdict()])
        return
    kind = "release" if released.is_published(release) else "development"
    print(t(f"cli.tables.{kind}", version=release.version))
    rows = [(label("table", group), digest) for group, digest in release.groups.items()]
    _show.show(columns("cli.tables.column", "group digest"), [*rows, *release.rules.items()])


def hooks_list(*, hooks: _common.Files = None, as_json: bool = False) -> None:
    """List the hook catalogue."""
    rows = [row.model_dump(by_alias=True) for row in catalogue.load_catalogue(hooks or [])]
    headings = "id", "role", "data_type", "data", "public", "class", "method"
    data = ({**row, "data": t(f"data_type.{row['data_type']}")} for row in rows)
    _show.list_rows(rows if as_json else data, as_json, headings, itemgetter(*headings))


def scenarios_list(*, as_json: bool = False) -> None:
    """List the bundled scenarios."""
    rows = []
    for one in model.bundled_scenarios():
        about = {"name": one.name, "title": one.title(current_lang()), "app": one.header.appId}
        rows.append(about | {"expect": one.header.expect.fires, "waits_ms": one.waits_ms})
    _show.list_rows(rows, as_json, ("name", "app", "title"), itemgetter("name", "app", "title"))


def scenarios_verbs(*, as_json: bool = False) -> None:
    """List the steps available to scenarios. What each does, and its arguments; those in brackets may be left out, *
    marks what a bare value sets."""
    english = current_lang() == "en"

    def cells(row: _show.Row) -> tuple[str, str, str]:
        return row["verb"], _lazy.translated(row["does"]), ", ".join(_arguments(row))

    rows = [_verb(name, verb) for name, verb in sorted(registry.VERBS.items())]
    _show.list_rows(rows, as_json, columns("cli.verbs", "verb does arguments"), cells)
    if as_json:
        return
    print(f"\n{t('cli.verbs.typed')}")
    for name, words in vocabulary.TYPED.items():
        print(f"  {name}: {', '.join(word for word in words if not english or word.isascii())}")


def _verb(name: str, verb: registry.Verb) -> _show.Row:
    fields = {field.alias or key: (key, field) for key, field in verb.args.model_fields.items()}
    kinds = {shown: type_words(field.annotation) for shown, (_, field) in fields.items()}
    return {
        "verb": name,
        "does": verb.doc.replace("``", ""),
        "arguments": sorted(f"{shown}*" if key == verb.short else shown for shown, (key, _) in fields.items()),
        "required": sorted(shown for shown, (_, field) in fields.items() if field.is_required()),
        "values": {shown: kind.split(" | ") for shown, kind in kinds.items() if " | " in kind and kind != SWITCH},
    }


def _arguments(row: _show.Row) -> Iterator[str]:
    """Arguments of a verb as the table shows them."""
    for argument in row["arguments"]:
        name = argument.rstrip("*")
        text = f"{argument}: {' | '.join(row['values'][name])}" if name in row["values"] else argument
        yield text if name in row["required"] else f"[{text}]"


COMMANDS: Final = {
    "rules": {"list": rules_list, "check": rules_check, "facts": rules_facts},
    "tables": {"digest": tables_digest},
    "hooks": {"list": hooks_list},
    "scenarios": {"list": scenarios_list, "verbs": scenarios_verbs},
}
