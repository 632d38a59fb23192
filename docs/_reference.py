"""Pages that are made from the code when the site is built: commands, steps, rules, events."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from typer.main import get_command

from monitor.analysis.explain import blocks
from monitor.analysis.explain.blocks import Lang
from monitor.analysis.rules.load import load_rules
from monitor.base import yamlfile
from monitor.base.paths import package_data
from monitor.cli import app
from monitor.cli._options import Project
from monitor.content.needles import MIN_LENGTH
from monitor.events import DATA_TYPES, NOT_PERSONAL, SENSITIVE
from monitor.knowledge.catalogue import load_catalogue
from monitor.knowledge.vocabulary import SCOPES, TYPED
from monitor.reports import formats
from monitor.scenario.model import Header
from monitor.scenario.registry import VERBS
from monitor.session.declaration import Declaration
from monitor.text import label, t

#: How a rule decides, what of it is for review, and from which counts and times on: as `monitor explain` says it.
DECIDES = ("explain.word.how", "explain.word.status", "explain.thresholds")
#: What an example comes to.
OUTCOMES = {"fires": "status.evidenced", "review": "status.review", "inconclusive": "status.inconclusive",
            "silent": "coverage.silent"}  # fmt: skip


@event_priority(-200)  # after the languages' plugin, which expects files on disk
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages, in the language that is being built where they exist in it."""
    lang = config.plugins["i18n"].current_language  # type: ignore[attr-defined]
    for name, make in PAGES.items():
        made = "\n".join(CHINESE.get(name, make)() if lang == "zh" else make()) + "\n"
        file = File.generated(config, f"reference/{name}.md", content=made)
        if lang != "en":
            file.dest_uri = f"{lang}/{file.dest_uri}"
        files.append(file)
    return files


def on_page_content(html: str, **_: Any) -> str:
    """A browser shows the end of a line as a space, which Chinese has not."""
    return re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])", "", html)


def _cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def _table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    names = list(headings)
    yield "| " + " | ".join(names) + " |"
    yield "|" + "---|" * len(names)
    for row in rows:
        yield "| " + " | ".join(_cell(cell) for cell in row) + " |"
    yield ""


def commands() -> Iterator[str]:
    """Every command with its arguments and options."""
    yield "# Commands\n"
    codes = ("done", "findings at or above `--fail-on`", "bad input", "device or environment", "damaged evidence")
    yield f"Exit codes: {' · '.join(f'{number} {what}' for number, what in enumerate(codes))}.\n"
    yield from _commands(get_command(app), ["monitor"])
    yield "## Report formats\n"
    yield from _table(["format", "what it is"], sorted(formats().items()))


def _commands(command: Any, path: list[str]) -> Iterator[str]:
    context = click.Context(command, info_name=" ".join(path))
    if hasattr(command, "commands"):
        for name in sorted(command.commands):
            yield from _commands(command.commands[name], [*path, name])
        return
    yield f"## {' '.join(path)}\n"
    yield f"{command.help or ''}\n"
    yield f"    {command.get_usage(context).removeprefix('Usage: ')}\n"
    rows = [record for param in command.params if (record := param.get_help_record(context))]
    if rows:
        yield from _table(["option", "meaning"], ((f"`{name}`", text) for name, text in rows))


def project() -> Iterator[str]:
    """The keys of the project file."""
    yield "# monitor.yaml\n"
    yield from _table(
        ["key", "value", "meaning"],
        ((f"`{key}`", kind, about) for key, kind, about in yamlfile.keys(Project) if about or not kind),
    )


def steps() -> Iterator[str]:
    """The verbs of scenarios."""
    yield "# Scenario steps\n"
    yield "A scenario is two YAML documents, the head and the list of steps, with a line `---` between them.\n"
    yield "## The head\n"
    rows = (
        (f"`{key}`", "required" if key == "appId" else "", kind, about) for key, kind, about in yamlfile.keys(Header)
    )
    yield from _table(["key", "", "value", "meaning"], rows)
    for verb in sorted(VERBS):
        yield f"## {verb}\n"
        entry = VERBS[verb]
        yield f"{entry.doc}\n"
        about, fields = yamlfile.described(entry.args), entry.args.model_fields.items()
        rows = (
            (
                f"`{field.alias or name}`",
                "required" if field.is_required() else "",
                "yes" if (field.alias or name) == entry.short else "",
                yamlfile.type_words(field.annotation),
                about.get(name, ""),
            )
            for name, field in fields
        )
        yield from _table(["argument", "", "set by a bare value", "value", "meaning"], rows)
    yield "## Scopes of consent\n"
    yield "For `scope` in `consent` and `withdraw`, and for `name` in `toggle`.\n"
    yield from _table(["scope", "consent to"], ((f"`{name}`", about) for name, about in SCOPES.items()))
    yield (
        "After a partial choice (some purposes on, some off, saved) the notice is neither agreed to nor refused."
        " Each purpose counts by itself: what a library or recipient does for chosen purposes alone is agreed to, for"
        " refused ones alone it is without consent. What belongs to none of them is for review; a silent read of the"
        " clipboard or the installed apps that is not declared (COL-12) is evidence whatever was chosen.\n"
    )


def declaration() -> Iterator[str]:
    """The keys of a declaration, and the data types that it and scenarios name."""
    yield "# Declarations and data types\n"
    yield "All blocks of a declaration are optional. `monitor declaration keys` shows this table, too.\n"
    yield from _table(
        ["key", "value", "meaning"], ((f"`{key}`", kind, about) for key, kind, about in yamlfile.keys(Declaration))
    )
    yield "## Data types\n"
    yield "For `data_type` in a declaration and `dataType` in a scenario. Read by: methods that return it, as hooked.\n"
    read: dict[str, list[str]] = {}
    for row in load_catalogue():
        if row.role == "source":
            read.setdefault(row.data_type, []).append(f"{row.cls.rpartition('.')[2]}.{row.method}")
    rows = (
        (
            f"`{name}`",
            label("data_type", name, "en"),
            label("data_type", name, "zh"),
            "yes" if name in SENSITIVE else "",
            ", ".join(TYPED.get(name, ())),
            ", ".join(list(dict.fromkeys(read.get(name, ())))[:3]),
        )
        for name in sorted(DATA_TYPES - NOT_PERSONAL | {"prompt", "ui_input"})
    )
    yield from _table(["data type", "", "", "sensitive", "typed in", "read by"], rows)


def rules(lang: Lang = "en") -> Iterator[str]:
    """The rules with their clauses in full, and what each of their examples comes to."""
    zh = lang == "zh"
    yield f"# {'检测规则' if zh else 'Rules'}\n"
    for rule in load_rules():
        text = rule.text
        yield f"## {text.id} {text.title_zh if zh else text.title}\n"
        yield f"{text.title if zh else text.title_zh} · {t('explain.level', lang)} {label('level', text.level, lang)}\n"
        yield f"{text.description_zh if zh else text.description}\n"
        yield f"{text.general('zh' if zh else 'en')}\n"
        for block in blocks.rule(rule, lang, ()):
            if block.heading in (t(name, lang) for name in DECIDES):
                yield from _list(block.heading, block.lines)
        yield from _list(t("explain.clauses", lang), dict.fromkeys(clause.name(lang) for _, clause in rule.clauses))
        yield from _list(t("explain.word.wrong", lang), text.mistakes(lang))
        for expect, name in OUTCOMES.items():
            shown = [example.name for example in text.examples if example.expect == expect]
            yield from _list(f"{t('explain.word.examples', lang)} · {t(name, lang)}", shown)


def _list(heading: str, lines: Iterable[str]) -> Iterator[str]:
    if lines := list(lines):
        yield f"**{heading}**\n"
        yield from (f"- {_cell(line)}" for line in lines)
        yield ""


def events() -> Iterator[str]:
    """The kinds of events with their fields, and the lines of findings and coverage."""
    yield "# Events\n"
    yield "One JSON object a line; integers only, times in microseconds. Schemas: `monitor/schemas` in the package.\n"
    for name in ("events", "findings", "coverage"):
        published = json.loads((package_data("schemas") / f"{name}.schema.json").read_text("utf-8"))
        for kind, fields in published["$defs"].items():
            yield f"## {kind}\n" if name == "events" else f"## {name}: {kind}\n"
            yield f"{_cell(fields.get('description', ''))}\n"
            rows = ((f"`{key}`", _type(value), value["description"]) for key, value in fields["properties"].items())
            yield from _table(["field", "type", "meaning"], rows)


def _type(value: dict[str, Any]) -> str:
    if "enum" in value:
        return " ".join(f"`{word}`" for word in value["enum"])
    if "$ref" in value:
        return str(value["$ref"]).rpartition("/")[2]
    if value.get("type") == "array":
        return f"list of {_type(value['items'])}"
    return str(value.get("type", json.dumps(value)))


def followed() -> Iterator[str]:
    """What is followed from a read to what leaves, as the tests try it."""
    yield "# What is followed\n"
    yield "A value that an app reads, or that a scenario types into it, is recognised in what it sends, also where the"
    yield "app transforms or packs it. Each row is tried with a value, which is found, and with one whose last digit"
    yield "differs, which is not.\n"
    table = yamlfile.load(Path(__file__).parents[1] / "tests" / "followed.yaml")
    yield "## Transformed in calls that are hooked\n"
    rows = (
        (row["what"], label("form", row["form"], "en"), "yes", "yes", "not found") for row in table["calls"].values()
    )
    yield from _table(["the app sends", "found as", "HotSpot", "Android Runtime", "near miss"], rows)
    yield "Of what was fed in parts the first 1,024 bytes are looked at, of one call's argument 4,096. A digest of more"
    yield "than 512 bytes is a message's signature: its inputs are recorded, the digest is not looked for.\n"
    yield "## Packed, digested or cut, whatever computed it\n"
    yield from _table(
        ["what is sent", "value", "near miss"], ((what, "found", "not found") for what in table["codings"].values())
    )
    yield "## Masked by code of the app's own\n"
    yield "Recognised without trying keys, in what cannot be read otherwise, where the value has nine bytes or more"
    yield "(three Chinese characters), and eight more than the key: what was typed, too. Such a value is possible, for"
    yield "review, unless chance is as good as ruled out.\n"
    masks = table["masks"].values()
    rows = ((row["what"], label("form", row["form"], "en"), row["certainty"], "not found") for row in masks)
    yield from _table(["the app sends", "found as", "value", "near miss"], rows)
    yield "A cipher of the app's own, a longer key and native code that no hook knows are not followed. Nor are"
    yield "names and codes that millions share, as an operator's (`sim_op`): that they were read is recorded, not where"
    yield f"they go. Of a value with fewer than {MIN_LENGTH} characters, or one that is an ordinary word, only the text"
    yield "itself is looked for, and is possible at most.\n"


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "commands": commands, "steps": steps, "declaration": declaration, "rules": rules,
    "events": events, "followed": followed, "project": project,
}  # fmt: skip
CHINESE: dict[str, Callable[[], Iterator[str]]] = {"rules": partial(rules, "zh")}
