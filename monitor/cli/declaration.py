"""``monitor declaration init|check|keys|compare|import|update``: the operator's or SDK vendor's statement."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer
import yaml
from rich.table import Column, Table

from monitor.analysis.declaration import drafting, updating
from monitor.analysis.declaration.compare import OBSERVED, Comparison, Difference, compare, undeclared
from monitor.analysis.declaration.observed import Observed, observe
from monitor.analysis.explain.about import Naming
from monitor.analysis.listed import check_ids, wide
from monitor.assess.opened import Opened
from monitor.base import paths, yamlfile
from monitor.base.errors import InputError, printable, read_bytes
from monitor.base.output import write_out
from monitor.cli._common import File, print_json_lines, whole_bundle
from monitor.cli._show import console, list_rows, names_of, print_line, show
from monitor.cli._words import columns, label, listed, t
from monitor.content import data_safety, html_text, sdk_table
from monitor.knowledge.tables import load_sdks
from monitor.session.declaration import Declaration, load_declaration

#: What can be imported.
_FORMATS: Final = ("play", "sdk-table", "lists", "manifest")


def list_keys() -> None:
    """List the keys of a declaration. Place, kind of value, what it is about."""
    key, value, about = columns("declaration.keys", "key value about")
    grid = Table(Column(key, no_wrap=True), Column(value, max_width=16), Column(about, min_width=20), box=None)
    for place, kind, text in yamlfile.keys(Declaration):
        grid.add_row(place, kind, " ".join(text.split()))
    console().print(grid)


def list_bundled(*, as_json: bool = False) -> None:
    """List the bundled declarations. monitor sdk check --declaration takes their names."""
    rows = []
    for path in sorted((paths.bundled("scenarios") / "declarations").glob("*.yaml")):
        one = load_declaration(path)
        libraries = [sdk.name for sdk in one.sdks or []]
        rows.append({"name": path.stem, "app": one.app.package, "operator": one.operator.name, "sdks": libraries})
    headings = columns("declaration.listed", "name app operator sdks")
    list_rows(rows, as_json, headings, lambda row: (row["name"], row["app"], row["operator"], listed(row["sdks"])))


def init(bundle: Path, *, output: File = None, force: bool = False) -> None:
    """Draft a declaration from what a recorded session showed. It is marked as a draft to be completed."""
    with _recorded(bundle, force)[0] as opened:
        app = opened.session.app
        text = drafting.draft(
            observe(opened.events()), {"package": app.package, "version": app.version},
            app.permissions, opened.declaration, sdks=opened.sdks, organisations=opened.organisations,
        )  # fmt: skip
    _write(text, output)


def update(file: Path, bundle: Path, *, output: File = None, force: bool = False) -> None:
    """Add what a session showed to a declaration. What people wrote stays as it is, comments too."""
    declaration = load_declaration(file)
    with _recorded(bundle, force)[0] as opened:
        observed, found = _compared(opened, declaration)
        drafted = drafting.Drafted(observed, opened.session.app.permissions, opened.sdks, opened.organisations)
    made = updating.updated(yamlfile.read_text(file), found, drafted, str(file))
    yamlfile.parse(Declaration, yamlfile.load_all(made.text, str(file))[0], str(file))
    if made.added or output:
        _write(made.text, output or file)
    print(t("declaration.updated", n=len(made.added)))
    for kind, name in made.added:
        print(printable(f"  {t(f'declaration.kind.{kind}')} {name}", 200))


def _recorded(bundle: Path, force: bool) -> tuple[Opened, str]:
    """A bundle that is as it was recorded, or (``--force``) its damage; what somebody's analysis added is left out."""
    checked = whole_bundle(bundle, force, anyones=True)
    return Opened(bundle, additions=False, log=checked.log), checked.damage


def _compared(opened: Opened, declaration: Declaration) -> tuple[Observed, Comparison]:
    observed, asked = observe(opened.events()), opened.session.app.permissions
    return observed, compare(observed, declaration, asked, sdks=opened.sdks, organisations=opened.organisations)


def check(file: Path, *, as_json: bool = False) -> None:
    """Check a declaration. Exits 2 with file and place if it is unusable; otherwise lists what is still open."""
    declaration = load_declaration(file)
    check_ids(declaration, load_sdks(), str(file))
    points = [(place, why, "") for place, why in drafting.open_points(declaration)]
    points += [(place, "wide", which) for place, which in wide(declaration, load_sdks())]
    if as_json:
        print_json_lines({"place": place, "open": why} for place, why, _ in points)
        return
    print(t("declaration.valid", n=len(points)))
    for place, why, which in points:
        print(printable(f"  {place}: {t(f'declaration.open.{why}', which=which)}", 200))


def compare_session(
    file: Path, bundle: Path, *, as_json: bool = False, fail: bool = False, force: bool = False
) -> None:
    """Compare a declaration with a session, in both directions."""
    declaration = load_declaration(file)
    recorded, damage = _recorded(bundle, force)
    with recorded as opened:
        _, found = _compared(opened, declaration)
        name = names_of(opened, opened.named_only())
    if as_json:
        noted = {"evidence": damage} if damage else {}
        print_json_lines(msgspec.to_builtins(one) | noted for one in found.differences)
    else:
        _show(found, name)
    raise typer.Exit(1 if fail and undeclared(found) else 0)


def import_file(
    file: Path,
    *,
    format: Annotated[
        str, typer.Option("--format", help=f"{', '.join(_FORMATS)}; default: detected from the file.")
    ] = "",
    output: File = None,
) -> None:
    """Make a declaration's blocks of what vendors already have. A Google Play Data safety table, a policy's list of
    SDKs, the two lists of Chinese apps (HTML, Markdown, CSV, XLSX), a privacy manifest."""
    if format not in ("", *_FORMATS):
        raise InputError(f"no such format: {printable(format, 40)}", hint=f"use {', '.join(_FORMATS)}")
    if file.suffix.lower() in (".xlsx", ".xlsm"):
        most = yamlfile.MAX_BYTES
        data, unread = _two_lists(sdk_table.sheets(read_bytes(file, most, f"larger than {most} bytes")), file)
    else:
        text = yamlfile.read_text(file)
        data, unread = _imported(text, file, format or _detected(text))
    yamlfile.parse(Declaration, data, str(file))
    for name in unread:
        print(printable(t("declaration.unread", what=name), 200), file=sys.stderr)
    head = t("declaration.imported", file=printable(file.name, 100))
    body = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
    _write(f"# {head}\n{body}", output)


def _detected(text: str) -> str:
    """The format of a file by what stands in it; a table of SDKs where nothing says more."""
    if data_safety.looks_manifest(text):
        return "manifest"
    head = text[:2_000].casefold()
    play = "question id" in head or ("data type" in head and "collected" in head)
    return "play" if play else "sdk-table"


def _imported(text: str, file: Path, format: str) -> tuple[dict[str, Any], list[str]]:
    """Blocks of a declaration, and what could not be read."""
    if format == "manifest":
        name = file.stem if file.stem != "PrivacyInfo" else file.resolve().parent.name
        manifest = data_safety.read_manifest(text, name)
        return {"collection": manifest.collection, "sdks": manifest.sdks}, manifest.unread
    if format == "play":
        safety = data_safety.read_safety(text)
        return {"collection": safety.collection}, safety.unread
    marked_up = html_text.looks_html(text) or file.suffix.lower() in (".md", ".markdown", ".html", ".htm")
    if format == "lists":
        return _two_lists(html_text.read_document(text).tables if marked_up else [sdk_table.csv_table(text)], file)
    found = sdk_table.read_sdks(text, as_csv=not marked_up)
    if not found.sdks and not marked_up:
        found = sdk_table.read_sdks(text)
    if not found.sdks:
        hint = "a table whose header names the SDK and at least one of: vendor, purpose, information, policy"
        raise InputError("no list of SDKs was found", where=str(file), hint=hint)
    return {"sdks": _with_ids(found.sdks)}, found.unread


def _two_lists(tables: Sequence[html_text.Table], file: Path) -> tuple[dict[str, Any], list[str]]:
    found = sdk_table.read_lists(tables)
    data = {"collection": found.collection, "sdks": _with_ids(found.sdks), "recipients": found.recipients}
    if not any(data.values()):
        hint = "tables with the headings 个人信息, 目的 and, of what is shared, the third party or its SDK"
        raise InputError("neither of the two lists was found", where=str(file), hint=hint)
    return {name: rows for name, rows in data.items() if rows}, found.unread


def _with_ids(sdks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the ids of those that our table knows."""
    known = load_sdks().values()
    ours = {name.casefold(): sdk.id for sdk in known for name in (sdk.name, sdk.name_zh) if name}
    for entry in sdks:
        name = entry["name"].casefold()
        if found := ours.get(name) or ours.get(name.replace("sdk", "").strip()):
            entry["id"] = found
    return sdks


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        write_out(output, text.encode())
        print(t("cli.done", path=output))


def _show(found: Comparison, name: Naming) -> None:
    for only in (OBSERVED, "declared"):
        rows = [d for d in found.differences if d.only == only]
        print_line(t(f"declaration.only.{only}", n=len(rows)), style="bold")
        if rows:
            show(columns("declaration.column", "kind name detail events"), (_row(row, name) for row in rows), 160)
    print_line(t("declaration.agreeing", n=found.agreeing))
    for block in found.silent:
        print_line(t("declaration.silent", block=block))


def _row(row: Difference, naming: Naming) -> tuple[str, ...]:
    data = row.kind == "data_type"
    name = label("data_type", row.name) if data else naming(row.name, org=row.kind.startswith("recipient"))
    detail = label("data_type", row.detail) if row.kind.endswith("_type") and row.detail else row.detail
    events = ", ".join(map(str, row.events[:5])) + (f" (×{row.count})" if row.count > 1 else "")
    shown = t("declaration.attempted") if row.attempted else detail
    return t(f"declaration.kind.{row.kind}"), name, shown, events


COMMANDS: Final = {
    "declaration": {
        "list": list_bundled, "init": init, "check": check, "keys": list_keys, "compare": compare_session,
        "import": import_file, "update": update,
    }
}  # fmt: skip
