"""``monitor rules|hooks|scenarios list`` and ``monitor scenarios verbs``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor.analysis.rules import load_rules
from monitor.catalogue import Row, load_catalogue
from monitor.cli._common import AsJson, Lang, language, print_json_lines
from monitor.scenario.model import bundled_scenarios
from monitor.scenario.registry import VERBS
from monitor.text import t

HookFiles = Annotated[list[Path] | None, typer.Option("--hooks", help="A catalogue file of your own. May be repeated.")]


def register(app: typer.Typer) -> None:
    """Add the three groups."""
    for name, help_text, command in (
        ("rules", "The rules: what is looked for, and under which clause.", rules_list),
        ("hooks", "The hook catalogue: what is hooked, and why.", hooks_list),
        ("scenarios", "The bundled scenarios.", scenarios_list),
    ):
        group = typer.Typer(help=help_text, no_args_is_help=True)
        group.command("list")(command)
        if name == "scenarios":
            group.command("verbs")(scenarios_verbs)
        group.callback()(_nothing)
        app.add_typer(group, name=name)


def _nothing() -> None:
    """Keep ``list`` a command of its own."""


def _table(rows: list[dict[str, Any]], columns: list[str]) -> None:
    table = Table(*columns)
    for row in rows:
        table.add_row(*(escape(str(row[column])) for column in columns))
    Console().print(table)


def rules_list(as_json: AsJson = False, lang: Lang = "") -> None:
    """List the rules, with their clauses by pack."""
    chosen = language(lang)
    rows = [rule.as_dict() for rule in load_rules()]
    if as_json:
        print_json_lines(rows)
    else:
        _table(
            [{**row, "title": row["title_zh"] if chosen == "zh" else row["title"]} for row in rows],
            ["id", "level", "type", "title"],
        )


def hook_dict(row: Row) -> dict[str, Any]:
    """A catalogue row as one JSON object."""
    return row.model_dump(by_alias=True, exclude_defaults=False)


def hooks_list(hooks: HookFiles = None, as_json: AsJson = False, lang: Lang = "") -> None:
    """List the hook catalogue."""
    chosen = language(lang)
    rows = [hook_dict(row) for row in load_catalogue(hooks or [])]
    if as_json:
        print_json_lines(rows)
    else:
        _table(
            [{**row, "data_type": t(f"data_type.{row['data_type']}", chosen)} for row in rows],
            ["id", "role", "data_type", "public", "class", "method"],
        )


def scenarios_list(as_json: AsJson = False, lang: Lang = "") -> None:
    """List the bundled scenarios."""
    chosen = language(lang)
    rows = [
        {"name": s.name, "title": s.title(chosen), "app": s.app_id, "expect": list(s.expected), "waits_ms": s.waits_ms}
        for s in bundled_scenarios()
    ]
    if as_json:
        print_json_lines(rows)
    else:
        _table(rows, ["name", "app", "title"])


def scenarios_verbs(as_json: AsJson = False) -> None:
    """The steps that a scenario can be made of: what each does, and its arguments; * = what a bare value stands for."""
    rows = []
    for name, verb in sorted(VERBS.items()):
        fields = {field.alias or key: key for key, field in verb.args.model_fields.items()}
        names = [f"{shown}*" if key == verb.short else shown for shown, key in fields.items()]
        rows.append({"verb": name, "does": verb.doc.splitlines()[0], "arguments": sorted(names)})
    if as_json:
        print_json_lines(rows)
    else:
        _table([{**row, "arguments": ", ".join(row["arguments"])} for row in rows], ["verb", "does", "arguments"])
