"""``monitor declaration init|check|keys|compare|import|update``: the operator's or SDK vendor's statement."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer
import yaml
from rich.markup import escape
from rich.table import Column, Table

from monitor.analysis.declaration.compare import OBSERVED, Comparison, Difference, compare, undeclared
from monitor.analysis.declaration.drafting import Drafted, draft, open_points
from monitor.analysis.declaration.observed import observe
from monitor.analysis.declaration.updating import updated
from monitor.analysis.explain.about import Naming, naming
from monitor.analysis.listed import check_ids, wide
from monitor.assess.opened import Opened
from monitor.base.errors import InputError, printable, read_bytes
from monitor.base.output import write_out
from monitor.base.paths import bundled
from monitor.base.yamlfile import MAX_BYTES, keys, load_all, parse, read_text
from monitor.cli._common import AsJson, BundlePath, Force, Lang, print_json_lines, whole_bundle
from monitor.cli._tables import console, show
from monitor.content.data_safety import read_safety
from monitor.content.html_text import Table as Rows
from monitor.content.html_text import looks_html, read_document
from monitor.content.privacy_manifest import looks_manifest, read_manifest
from monitor.content.sdk_table import csv_table, read_sdks
from monitor.content.two_lists import read_lists, sheets
from monitor.knowledge.tables import load_sdks
from monitor.session.declaration import Declaration, load_declaration
from monitor.text import label, listed, t

Output = Annotated[Path | None, typer.Option("-o", "--output", help="File to write; default: standard output.")]
#: What can be imported.
_FORMATS = ("play", "sdk-table", "lists", "manifest")
FilePath = Annotated[Path, typer.Argument(metavar="FILE", help="A declaration (YAML).")]


def keys_(lang: Lang = "") -> None:
    """List the keys of a declaration. Place, kind of value, what it is about."""
    key, value, said = (t(f"declaration.keys.{name}", lang) for name in ("key", "value", "about"))
    made = Table(Column(key, no_wrap=True), Column(value, max_width=16), Column(said, min_width=20), box=None)
    for place, kind, about in keys(Declaration):
        made.add_row(place, kind, " ".join(about.split()))
    console().print(made)


def list_(as_json: AsJson = False, lang: Lang = "") -> None:
    """List the bundled declarations. monitor sdk check --declaration takes their names."""
    rows = []
    for path in sorted((bundled("scenarios") / "declarations").glob("*.yaml")):
        one = load_declaration(path)
        libraries = [sdk.name for sdk in one.sdks or []]
        rows.append({"name": path.stem, "app": one.app.package, "operator": one.operator.name, "sdks": libraries})
    if as_json:
        print_json_lines(rows)
        return
    show((t(f"declaration.listed.{name}", lang) for name in ("name", "app", "operator", "sdks")),
         ((row["name"], row["app"], row["operator"], listed(row["sdks"], lang)) for row in rows), 200)  # fmt: skip


def init(bundle: BundlePath, output: Output = None, force: Force = False, lang: Lang = "") -> None:
    """Draft a declaration from what a recorded session showed. It is marked as a draft to be completed."""
    with _recorded(bundle, lang, force)[0] as opened:
        app = opened.session.app
        text = draft(
            observe(opened.events()), {"package": app.package, "version": app.version},
            app.permissions, opened.declaration, sdks=opened.sdks, organisations=opened.organisations,
        )  # fmt: skip
    _write(text, output, lang)


def update(
    file: FilePath,
    bundle: BundlePath,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write; default: the declaration itself.")
    ] = None,
    force: Force = False,
    lang: Lang = "",
) -> None:
    """Add what a session showed to a declaration. What people wrote stays as it is, comments too."""
    declaration = load_declaration(file)
    with _recorded(bundle, lang, force)[0] as opened:
        observed, asked = observe(opened.events()), opened.session.app.permissions
        found = compare(observed, declaration, asked, sdks=opened.sdks, organisations=opened.organisations)
        drafted = Drafted(observed, asked, opened.sdks, opened.organisations)
    made = updated(read_text(file), found, drafted, str(file))
    parse(Declaration, load_all(made.text, str(file))[0], str(file))
    if made.added or output:
        _write(made.text, output or file, lang)
    print(t("declaration.updated", lang, n=len(made.added)))
    for kind, name in made.added:
        print(printable(f"  {t(f'declaration.kind.{kind}', lang)} {name}", 200))


def _recorded(bundle: Path, lang: str, force: bool) -> tuple[Opened, str]:
    """A bundle that is as it was recorded, or (``--force``) its damage; what somebody's analysis added is left out."""
    checked = whole_bundle(bundle, lang, force, anyones=True)
    return Opened(bundle, additions=False, log=checked.log), checked.damage


def check(file: FilePath, as_json: AsJson = False, lang: Lang = "") -> None:
    """Check a declaration. Exits 2 with file and place if it is unusable; otherwise lists what is still open."""
    declaration = load_declaration(file)
    check_ids(declaration, load_sdks(), str(file))
    points = [(place, why, "") for place, why in open_points(declaration)]
    points += [(place, "wide", which) for place, which in wide(declaration, load_sdks())]
    if as_json:
        print_json_lines({"place": place, "open": why} for place, why, _ in points)
        return
    print(t("declaration.valid", lang, n=len(points)))
    for place, why, which in points:
        print(printable(f"  {place}: {t(f'declaration.open.{why}', lang, which=which)}", 200))


def compare_(
    file: FilePath,
    bundle: BundlePath,
    as_json: AsJson = False,
    fail: Annotated[
        bool, typer.Option("--fail", help="Exit 1 if something was observed that is not declared.")
    ] = False,
    force: Force = False,
    lang: Lang = "",
) -> None:
    """Compare a declaration with a session, in both directions."""
    declaration = load_declaration(file)
    recorded, damage = _recorded(bundle, lang, force)
    with recorded as opened:
        found = compare(
            observe(opened.events()), declaration, opened.session.app.permissions,
            sdks=opened.sdks, organisations=opened.organisations,
        )  # fmt: skip
        name = naming(lang, opened.sdks, opened.organisations)
    if as_json:
        noted = {"evidence": damage} if damage else {}
        print_json_lines(msgspec.to_builtins(one) | noted for one in found.differences)
    else:
        _show(found, lang, name)
    raise typer.Exit(1 if fail and undeclared(found) else 0)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, Markdown or HTML.")],
    format: Annotated[
        str, typer.Option("--format", help=f"{', '.join(_FORMATS)}; default: detected from the file.")
    ] = "",
    output: Output = None,
    lang: Lang = "",
) -> None:
    """Make a declaration's blocks of what vendors already have. A Google Play Data safety table, a policy's list of
    SDKs, the two lists of Chinese apps (HTML, Markdown, CSV, XLSX), a privacy manifest."""
    if format not in ("", *_FORMATS):
        raise InputError(f"no such format: {printable(format, 40)}", hint=f"use {', '.join(_FORMATS)}")
    data, unread = _imported(file, format)
    parse(Declaration, data, str(file))
    for name in unread:
        print(printable(t("declaration.unread", lang, what=name), 200), file=sys.stderr)
    head = t("declaration.imported", lang, file=printable(file.name, 100))
    body = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
    _write(f"# {head}\n{body}", output, lang)


def _imported(file: Path, format: str) -> tuple[dict[str, Any], list[str]]:
    """Blocks of a declaration, and what could not be read."""
    if file.suffix.lower() in (".xlsx", ".xlsm"):
        return _two_lists(sheets(read_bytes(file, MAX_BYTES, f"larger than {MAX_BYTES} bytes")), file)
    text = read_text(file)
    if format == "manifest" or (not format and looks_manifest(text)):
        name = file.stem if file.stem != "PrivacyInfo" else file.resolve().parent.name
        manifest = read_manifest(text, name)
        return {"collection": manifest.collection, "sdks": [manifest.sdk]}, manifest.unknown
    if format == "play" or (not format and _is_play(text)):
        return _play(text)
    if format == "lists":
        return _two_lists([csv_table(text)] if _as_csv(text, file) else read_document(text).tables, file)
    return _sdk_table(text, file)


def _two_lists(tables: Sequence[Rows], file: Path) -> tuple[dict[str, Any], list[str]]:
    found = read_lists(tables)
    data = {"collection": found.collection, "sdks": _with_ids(found.sdks), "recipients": found.recipients}
    if not any(data.values()):
        hint = "tables with the headings 个人信息, 目的 and, of what is shared, the third party or its SDK"
        raise InputError("neither of the two lists was found", where=str(file), hint=hint)
    return {name: rows for name, rows in data.items() if rows}, found.unread


def _as_csv(text: str, file: Path) -> bool:
    return not looks_html(text) and file.suffix.lower() not in (".md", ".markdown", ".html", ".htm")


def _is_play(text: str) -> bool:
    head = text[:2_000].casefold()
    return "question id" in head or ("data type" in head and "collected" in head)


def _play(text: str) -> tuple[dict[str, Any], list[str]]:
    found = read_safety(text)
    data: dict[str, Any] = {"collection": found.collection}
    return data, [*found.unknown, *(f"shared: {name}" for name in found.shared)]


def _sdk_table(text: str, file: Path) -> tuple[dict[str, Any], list[str]]:
    as_csv = _as_csv(text, file)
    found = read_sdks(text, as_csv=as_csv)
    if not found.sdks and as_csv:
        found = read_sdks(text)
    if not found.sdks:
        hint = "a table whose header names the SDK and at least one of: vendor, purpose, information, policy"
        raise InputError("no list of SDKs was found", where=str(file), hint=hint)
    return {"sdks": _with_ids(found.sdks)}, found.unread


def _with_ids(sdks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the ids of those that our table knows."""
    ours = {sdk.name.casefold(): sdk.id for sdk in load_sdks().values()}
    ours |= {sdk.name_zh.casefold(): sdk.id for sdk in load_sdks().values() if sdk.name_zh}
    for entry in sdks:
        name = entry["name"].casefold()
        if known := ours.get(name) or ours.get(name.replace("sdk", "").strip()):
            entry["id"] = known
    return sdks


def _write(text: str, output: Path | None, lang: str) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    write_out(output, text.encode())
    print(t("cli.done", lang, path=output))


def _show(found: Comparison, lang: str, name: Naming) -> None:
    out = console()
    for only in (OBSERVED, "declared"):
        rows = [d for d in found.differences if d.only == only]
        out.print(f"[bold]{escape(t(f'declaration.only.{only}', lang, n=len(rows)))}[/bold]")
        if rows:
            show((t(f"declaration.column.{key}", lang) for key in ("kind", "name", "detail", "events")),
                 (_row(row, lang, name) for row in rows), 160)  # fmt: skip
    out.print(t("declaration.agreeing", lang, n=found.agreeing))
    for block in found.silent:
        out.print(t("declaration.silent", lang, block=block))


def _row(row: Difference, lang: str, named: Naming) -> tuple[str, ...]:
    if row.kind == "data_type":
        name = label("data_type", row.name, lang)
    else:
        name = named(row.name, org=row.kind.startswith("recipient"))
    detail = label("data_type", row.detail, lang) if row.kind.endswith("_type") and row.detail else row.detail
    if row.attempted:
        detail = t("declaration.attempted", lang)
    events = ", ".join(map(str, row.events[:5])) + (f" (×{row.count})" if row.count > 1 else "")
    return t(f"declaration.kind.{row.kind}", lang), name, detail, events


COMMANDS: Final = {
    "declaration": {
        "list": list_, "init": init, "check": check, "keys": keys_, "compare": compare_, "import": import_,
        "update": update,
    }
}  # fmt: skip
