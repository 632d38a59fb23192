"""``monitor app``: what is in an app's file, without a session."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, Final

import msgspec
from rich.markup import escape

from monitor.apk.contents import Contents, contents
from monitor.cli._common import File, Files, print_json_lines
from monitor.cli._show import console, joined, print_line, show
from monitor.cli._words import aside, columns, current_lang, label, listed, pair, t
from monitor.knowledge import catalogue, tables
from monitor.scenario.apps import file_or_sample
from monitor.session.declaration import load_declaration

#: Names in a line, and rows of a table.
_SHOWN: Final = 40
_ROWS: Final = 200
_LEVELS: Final = ("dangerous", "signature", "internal", "normal", "")


def app(file: str, *, declaration: File = None, hooks: Files = None, as_json: bool = False) -> None:
    """Show what is in an app's file, without a session.

    Permissions, components, libraries, sensitive APIs that its code references, hosts. Presence is not behaviour.
    """
    rows = catalogue.load_catalogue(hooks or ())
    declared = load_declaration(declaration) if declaration else None
    with ExitStack() as stack:
        found = contents(file_or_sample(file, stack), rows, tables.load_sdks(), tables.load_organisations(), declared)
    if as_json:
        print_json_lines(lines(found))
    else:
        _show(found)


def lines(found: Contents) -> Iterator[dict[str, Any]]:
    """The account as JSON lines: app, permission, component, signer, library, renamed, reference, host, policy,
    platform (a class of the platform's name), unread."""
    about = msgspec.to_builtins(found.manifest)
    permissions, components = about.pop("permissions"), about.pop("components")
    file = {name: getattr(found, name) for name in ("file", "kind", "bytes", "sha256", "md5", "classes", "native")}
    yield {"line": "app", **file, **about}
    for kind, items in (
        ("signer", found.signers), ("permission", permissions), ("component", components),
        ("library", found.libraries), ("renamed", found.renamed), ("reference", found.references),
        ("host", found.hosts),
    ):  # fmt: skip
        yield from ({"line": kind, **msgspec.to_builtins(item)} for item in items)
    yield from ({"line": "policy", "url": url} for url in found.policies)
    yield from ({"line": "platform", "class": name} for name in found.platform)
    yield from ({"line": "unread", "what": what} for what in found.limits)


def _show(found: Contents) -> None:
    for line in filter(None, _facts(found)):
        print_line(line, 400)
    manifest = found.manifest
    by_level, exported = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for permission in manifest.permissions:
        by_level[permission.level].append(permission.name.removeprefix("android.permission."))
    _heading("permissions", len(manifest.permissions))
    for level in sorted(by_level, key=lambda one: _LEVELS.index(one) if one in _LEVELS else 9):
        print_line(f"  {pair(label('permission_level', level or 'none'), listed(by_level[level]))}", 2_000)
    _heading("components", len(manifest.components))
    for one in manifest.components:
        exported[one.kind] += [one.name] * (one.exported == "yes")
    for kind, count in Counter(one.kind for one in manifest.components).items():
        shown = listed(exported[kind][:_SHOWN]) + " …" * (len(exported[kind]) > _SHOWN)
        print_line(f"  {kind} {aside(str(count), pair(t('app.exported'), shown) if shown else '')}", 2_000)
    for section, headings, rows in _tables(found):
        if rows or section != "renamed":
            _heading(section, len(rows))
        if rows:
            show(columns("app.column", headings), rows[:_ROWS])
        if len(rows) > _ROWS:
            print(t("app.more", n=len(rows) - _ROWS))
    _heading("policies", len(found.policies))
    for url in found.policies[:_SHOWN]:
        print_line(f"  {url}", 400)


def _facts(found: Contents) -> Iterator[str]:
    """The file, the app, its digest and signers; what could not be read."""
    app = found.manifest
    yield pair(found.file, t(f"app.kind.{found.kind}"))
    yield joined(
        app.package,
        f"{app.version} ({app.version_code})" if app.version else "",
        f"min SDK {app.min_sdk}" if app.min_sdk else "",
        f"target SDK {app.target_sdk}" if app.target_sdk else "",
        "debuggable" if app.debuggable else "",
    )
    yield f"SHA-256 {found.sha256}"
    for one in found.signers:
        values = {"subject": one.subject or "–", "sha256": one.sha256, "until": one.until or "–"}
        yield t("app.signer", schemes=listed(one.schemes), **values)
    if not found.signers and found.kind in ("apk", "apks"):
        yield t("app.unsigned")
    yield t("app.presence")
    if found.platform:
        yield t("app.platform", names=listed(found.platform[:_SHOWN]))
    yield from (pair(t("app.unread"), what) for what in found.limits)


def _heading(section: str, count: int) -> None:
    print()
    console().print(f"[bold]{escape(t(f'app.{section}'))}[/] ({count})")


def _named(entry: Any, otherwise: str = "") -> str:
    """The name of an SDK or organisation in the reader's language."""
    translated = getattr(entry, "name_zh", "") if current_lang() == "zh" else ""
    return str(translated or otherwise or entry.name)


def _tables(found: Contents) -> Iterator[tuple[str, str, Sequence[tuple[str, ...]]]]:
    """Section, columns and rows of each table."""
    sdks, organisations = tables.load_sdks(), tables.load_organisations()
    names = {one.sdk: _named(sdks.get(one.sdk), one.name) for one in found.libraries}
    libraries = [(names[one.sdk], one.vendor, _purposes(one.purposes), _recognised(one)) for one in found.libraries]
    yield "libraries", "library vendor purposes recognised", libraries
    renamed = [
        (one.tree.removeprefix(tables.UNLISTED), one.name, label("certainty", one.certainty), listed(one.reasons))
        for one in found.renamed
    ]
    yield "renamed", "code library certainty reasons", renamed
    references = []
    for one in sorted(found.references, key=lambda one: (one.owner == "framework", one.open, one.owner, one.hook)):
        if one.role not in ("source", "prompt"):
            continue
        known = one.owner not in ("", "app", "framework")
        owner = names.get(one.owner) or one.owner.removeprefix(tables.UNLISTED)
        data = [*(label("data_type", kind) for kind in one.data_types), *([t("app.open")] if one.open else [])]
        classes = listed(one.classes[:2]) + (f" … ({one.count})" if one.count > 2 else "")
        api = f"{one.cls.rpartition('.')[2]}.{one.member}"
        references.append((owner if known else label("owner", one.owner or "unknown"), listed(data), api, classes))
    yield "references", "owner data api classes", references
    hosts = [
        (one.host, _named(organisations[one.org]) if one.org else "", _purposes(one.purposes))
        for one in sorted(found.hosts, key=lambda one: (not one.org, one.host))
    ]
    yield "hosts", "host organisation purposes", hosts


def _recognised(library: Any) -> str:
    """By what a library was recognised."""
    by_classes = t("app.by_classes", n=library.classes, prefixes=listed(library.prefixes)) if library.classes else ""
    by_components = t("app.by_components", names=listed(library.components)) if library.components else ""
    return listed(filter(None, (by_classes, by_components)))


def _purposes(purposes: Iterable[str]) -> str:
    return listed(label("purpose", one) for one in purposes)


COMMANDS: Final = {"app": app}
