"""``monitor app``: what is in an app's file, without a session."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import msgspec
from rich.markup import escape

from monitor.apk.contents import Contents, contents
from monitor.apk.manifest import About as Manifest
from monitor.cli._common import print_json_lines
from monitor.cli._show import console, print_line, show
from monitor.knowledge.catalogue import load_catalogue
from monitor.knowledge.tables import UNLISTED, load_organisations, load_sdks
from monitor.scenario.apps import file_or_sample
from monitor.session.declaration import load_declaration
from monitor.text import aside, label, listed, pair, t

#: Names in a line, and rows of a table.
_SHOWN: Final = 40
_ROWS: Final = 200
_LEVELS: Final = ("dangerous", "signature", "internal", "normal", "")


def app(
    file: str,
    *,
    declaration: Path | None = None,
    hooks: list[Path] | None = None,
    as_json: bool = False,
    lang: str = "",
) -> None:
    """Show what is in an app's file, without a session.

    Permissions, components, libraries, sensitive APIs that its code references, hosts. Presence is not behaviour.
    """
    rows = load_catalogue(hooks or ())
    declared = load_declaration(declaration) if declaration else None
    with ExitStack() as stack:
        found = contents(file_or_sample(file, stack), rows, load_sdks(), load_organisations(), declared)
    if as_json:
        print_json_lines(lines(found))
    else:
        _show(found, lang)


def lines(found: Contents) -> Iterator[dict[str, Any]]:
    """The account as JSON lines: app, permission, component, signer, library, renamed, reference, host, policy,
    unread."""
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
    yield from ({"line": "unread", "what": what} for what in found.limits)


def _show(found: Contents, lang: str) -> None:
    manifest = found.manifest
    facts = [
        pair(found.file, t(f"app.kind.{found.kind}", lang), lang),
        _about(manifest),
        f"SHA-256 {found.sha256}",
    ]
    for one in found.signers:
        values = {"subject": one.subject or "–", "sha256": one.sha256, "until": one.until or "–"}
        facts.append(t("app.signer", lang, schemes=listed(one.schemes, lang), **values))
    if not found.signers and found.kind in ("apk", "apks"):
        facts.append(t("app.unsigned", lang))
    facts += [t("app.presence", lang), *(pair(t("app.unread", lang), what, lang) for what in found.limits)]
    for line in filter(None, facts):
        print_line(line, 400)
    by_level: dict[str, list[str]] = {}
    for permission in manifest.permissions:
        by_level.setdefault(permission.level, []).append(permission.name.removeprefix("android.permission."))
    _heading("permissions", len(manifest.permissions), lang)
    for level in sorted(by_level, key=lambda one: _LEVELS.index(one) if one in _LEVELS else 9):
        name = label("permission_level", level or "none", lang)
        print_line(f"  {pair(name, listed(by_level[level], lang), lang)}", 2_000)
    _heading("components", len(manifest.components), lang)
    for kind, count in Counter(one.kind for one in manifest.components).items():
        exported = [one.name for one in manifest.components if one.kind == kind and one.exported == "yes"]
        shown = listed(exported[:_SHOWN], lang) + (" …" if len(exported) > _SHOWN else "")
        note = pair(t("app.exported", lang), shown, lang) if exported else ""
        print_line(f"  {kind} {aside(str(count), note, lang)}", 2_000)
    for section, columns, rows in _tables(found, lang):
        if rows or section != "renamed":
            _heading(section, len(rows), lang)
        if rows:
            show((t(f"app.column.{column}", lang) for column in columns.split()), rows[:_ROWS])
        if len(rows) > _ROWS:
            print(t("app.more", lang, n=len(rows) - _ROWS))
    _heading("policies", len(found.policies), lang)
    for url in found.policies[:_SHOWN]:
        print_line(f"  {url}", 400)


def _about(manifest: Manifest) -> str:
    facts = [
        manifest.package,
        f"{manifest.version} ({manifest.version_code})" if manifest.version else "",
        f"min SDK {manifest.min_sdk}" if manifest.min_sdk else "",
        f"target SDK {manifest.target_sdk}" if manifest.target_sdk else "",
        "debuggable" if manifest.debuggable else "",
    ]
    return " · ".join(filter(None, facts))


def _heading(section: str, count: int, lang: str) -> None:
    print()
    console().print(f"[bold]{escape(t(f'app.{section}', lang))}[/] ({count})")


def _tables(found: Contents, lang: str) -> Iterator[tuple[str, str, list[tuple[str, ...]]]]:
    """Section, columns and rows of each table."""
    sdks, organisations = load_sdks(), load_organisations()
    names = {
        one.sdk: (lang == "zh" and one.sdk in sdks and sdks[one.sdk].name_zh) or one.name for one in found.libraries
    }
    yield (
        "libraries",
        "library vendor purposes recognised",
        [
            (names[one.sdk], one.vendor, _purposes(one.purposes, lang), _recognised(one, lang))
            for one in found.libraries
        ],
    )
    yield (
        "renamed",
        "code library certainty reasons",
        [
            (
                one.tree.removeprefix(UNLISTED),
                one.name,
                label("certainty", one.certainty, lang),
                listed(one.reasons, lang),
            )
            for one in found.renamed
        ],
    )
    sources = [one for one in found.references if one.role in ("source", "prompt")]
    yield "references", "owner data api classes", [
        (
            _owner(one.owner, names, lang),
            listed([*(label("data_type", kind, lang) for kind in one.data_types),
                    *([t("app.open", lang)] if one.open else [])], lang),
            f"{one.cls.rpartition('.')[2]}.{one.member}",
            listed(one.classes[:2], lang) + (f" … ({one.count})" if one.count > 2 else ""),
        )
        for one in sorted(sources, key=lambda one: (one.owner == "framework", one.open, one.owner, one.hook))
    ]  # fmt: skip
    owners = {org: (lang == "zh" and one.name_zh) or one.name for org, one in organisations.items()}
    yield (
        "hosts",
        "host organisation purposes",
        [
            (one.host, owners[one.org] if one.org else "", _purposes(one.purposes, lang))
            for one in sorted(found.hosts, key=lambda one: (not one.org, one.host))
        ],
    )


def _recognised(library: Any, lang: str) -> str:
    """By what a library was recognised."""
    ways = []
    if library.classes:
        ways.append(t("app.by_classes", lang, n=library.classes, prefixes=listed(library.prefixes, lang)))
    if library.components:
        ways.append(t("app.by_components", lang, names=listed(library.components, lang)))
    return listed(ways, lang)


def _owner(owner: str, names: dict[str, str], lang: str) -> str:
    if owner in ("", "app", "framework"):
        return label("owner", owner or "unknown", lang)
    return names.get(owner) or owner.removeprefix(UNLISTED)


def _purposes(purposes: Iterable[str], lang: str) -> str:
    return listed((label("purpose", one, lang) for one in purposes), lang)


COMMANDS: Final = {"app": app}
