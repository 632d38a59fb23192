"""``monitor declaration init|check|compare|import``: the operator's or SDK vendor's statement."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor.analysis.compare import OBSERVED, Comparison, Difference, compare, undeclared
from monitor.analysis.drafting import draft, open_points
from monitor.analysis.observed import observe
from monitor.cli._common import AsJson, BundlePath, Lang, default_lang, existing_bundle, language, print_json_lines
from monitor.content.data_safety import read_safety
from monitor.content.html_text import looks_html
from monitor.content.sdk_table import read_sdks
from monitor.declaration import Declaration, load_declaration, none
from monitor.errors import InputError, printable
from monitor.evidence.bundle import Bundle
from monitor.evidence.lines import read_events
from monitor.tables import load_organisations, load_sdks
from monitor.text import label, t
from monitor.yamlfile import parse, read_text

Output = Annotated[Path | None, typer.Option("-o", "--output", help="File to write; default: standard output.")]
FilePath = Annotated[Path, typer.Argument(metavar="FILE", help="A declaration (YAML).")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Declarations: draft, check, compare, import.", no_args_is_help=True)
    group.command("init")(init)
    group.command("check")(check)
    group.command("compare")(compare_)
    group.command("import")(import_)
    app.add_typer(group, name="declaration")


def init(bundle: BundlePath, output: Output = None, lang: Lang = "") -> None:
    """Draft a declaration from what a recorded session showed. It is marked as a draft to be completed."""
    chosen = language(lang or default_lang())
    path = existing_bundle(bundle)
    session = Bundle.open(path).session()
    kept = path / "data" / "inputs" / "declaration.yaml"
    own = load_declaration(kept) if kept.is_file() else none()
    text = draft(
        observe(read_events(path)), {"package": session.app.package, "version": session.app.version},
        session.app.permissions, own, sdks=load_sdks(), organisations=load_organisations(),
    )  # fmt: skip
    _write(text, output, chosen)


def check(file: FilePath, as_json: AsJson = False, lang: Lang = "") -> None:
    """Check a declaration: exit 2 with file and place if it cannot be used; else what it still leaves open."""
    chosen = language(lang or default_lang())
    points = open_points(load_declaration(file))
    if as_json:
        print_json_lines({"place": place, "open": why} for place, why in points)
        return
    print(t("declaration.valid", chosen, n=len(points)))
    for place, why in points:
        print(printable(f"  {place}: {t(f'declaration.open.{why}', chosen)}", 200))


def compare_(
    file: FilePath,
    bundle: BundlePath,
    as_json: AsJson = False,
    fail: Annotated[
        bool, typer.Option("--fail", help="Exit 1 if something was observed that is not declared.")
    ] = False,
    lang: Lang = "",
) -> None:
    """Compare a declaration with a recorded session, in both directions."""
    chosen = language(lang or default_lang())
    declaration = load_declaration(file)
    path = existing_bundle(bundle)
    manifest = Bundle.open(path).session().app.permissions
    found = compare(
        observe(read_events(path)), declaration, manifest, sdks=load_sdks(), organisations=load_organisations()
    )
    if as_json:
        print_json_lines(found.differences)
    else:
        _show(found, chosen)
    raise typer.Exit(1 if fail and undeclared(found) else 0)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, Markdown or HTML.")],
    format: Annotated[str, typer.Option("--format", help="play or sdk-table; default: by the file's content.")] = "",
    output: Output = None,
    lang: Lang = "",
) -> None:
    """Make a declaration's blocks of a Google Play Data safety table or of a policy's list of SDKs."""
    chosen = language(lang or default_lang())
    if format not in ("", "play", "sdk-table"):
        raise InputError(f"no such format: {printable(format, 40)}", hint="use play or sdk-table")
    text = read_text(file)
    play = format == "play" or (not format and _is_play(text))
    data, unread = _play(text) if play else _sdk_table(text, file)
    parse(Declaration, data, str(file))
    for name in unread:
        print(printable(t("declaration.unread", chosen, what=name), 200), file=sys.stderr)
    head = t("declaration.imported", chosen, file=printable(file.name, 100))
    body = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
    _write(f"# {head}\n{body}", output, chosen)


def _is_play(text: str) -> bool:
    head = text[:2_000].casefold()
    return "question id" in head or ("data type" in head and "collected" in head)


def _play(text: str) -> tuple[dict[str, Any], list[str]]:
    found = read_safety(text)
    data: dict[str, Any] = {"collection": found.collection}
    return data, [*found.unknown, *(f"shared: {name}" for name in found.shared)]


def _sdk_table(text: str, file: Path) -> tuple[dict[str, Any], list[str]]:
    as_csv = not looks_html(text) and file.suffix.lower() not in (".md", ".markdown", ".html", ".htm")
    found = read_sdks(text, as_csv=as_csv)
    if not found.sdks and as_csv:
        found = read_sdks(text)
    if not found.sdks:
        hint = "a table whose heading names the SDK and at least one of: vendor, purpose, information, policy"
        raise InputError("no list of SDKs was found", where=str(file), hint=hint)
    ours = {sdk.name.casefold(): sdk.id for sdk in load_sdks().values()}
    ours |= {sdk.name_zh.casefold(): sdk.id for sdk in load_sdks().values() if sdk.name_zh}
    for entry in found.sdks:
        name = entry["name"].casefold()
        if known := ours.get(name) or ours.get(name.replace("sdk", "").strip()):
            entry["id"] = known
    return {"sdks": found.sdks}, found.unread


def _write(text: str, output: Path | None, lang: str) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(error.strerror or "cannot be written", where=str(output)) from None
    print(t("cli.done", lang, path=output))


def _show(found: Comparison, lang: str) -> None:
    console = Console(highlight=False)
    for only in (OBSERVED, "declared"):
        rows = [d for d in found.differences if d.only == only]
        console.print(f"[bold]{escape(t(f'declaration.only.{only}', lang, n=len(rows)))}[/bold]")
        if rows:
            console.print(_table(rows, lang))
    console.print(t("declaration.agreeing", lang, n=found.agreeing))
    for name in found.silent:
        console.print(t("declaration.silent", lang, block=name))


def _table(rows: list[Difference], lang: str) -> Table:
    table = Table(*(t(f"declaration.column.{name}", lang) for name in ("kind", "name", "detail", "events")))
    for row in rows:
        name = label("data_type", row.name, lang) if row.kind == "data_type" else row.name
        detail = label("data_type", row.detail, lang) if row.kind.endswith("_type") and row.detail else row.detail
        if row.attempted:
            detail = t("declaration.attempted", lang)
        events = ", ".join(map(str, row.events[:5])) + (f" (×{row.count})" if row.count > 1 else "")
        cells = (t(f"declaration.kind.{row.kind}", lang), name, detail, events)
        table.add_row(*(escape(printable(cell, 160)) for cell in cells))
    return table
