"""``monitor app``: what is in an app's file, without a session."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer
from rich.markup import escape

from monitor.apk.contents import Contents, contents
from monitor.apk.manifest import About
from monitor.base.errors import printable
from monitor.cli._common import AsJson, HookFiles, Lang, print_json_lines
from monitor.cli._tables import console, show
from monitor.knowledge.catalogue import load_catalogue
from monitor.knowledge.tables import UNLISTED, load_organisations, load_sdks
from monitor.scenario.apps import file_or_sample
from monitor.session.declaration import load_declaration
from monitor.text import aside, label, listed, pair, t

_SHOWN: Final = 40
_LEVELS: Final = ("dangerous", "signature", "internal", "normal", "")


def app(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="An APK, .apks, .xapk, AAR or jar, or the name of a bundled app.")
    ],
    declaration: Annotated[
        Path | None,
        typer.Option("--declaration", help="Names the code of the app and of its libraries that no table knows."),
    ] = None,
    hooks: HookFiles = None,
    as_json: AsJson = False,
    lang: Lang = "",
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
    out, about = console(), found.manifest
    said = [
        pair(found.file, t(f"app.kind.{found.kind}", lang), lang),
        _about(about),
        f"SHA-256 {found.sha256}",
        *(t("app.signer", lang, subject=one.subject or "–", sha256=one.sha256, until=one.until or "–",
            schemes=listed(one.schemes, lang)) for one in found.signers),
    ]  # fmt: skip
    if not found.signers and found.kind in ("apk", "apks"):
        said.append(t("app.unsigned", lang))
    said += [t("app.presence", lang), *(pair(t("app.unread", lang), what, lang) for what in found.limits)]
    for line in filter(None, said):
        out.print(escape(printable(str(line), 400)))
    _section(out, "permissions", len(about.permissions), lang)
    by_level: dict[str, list[str]] = {}
    for one in about.permissions:
        by_level.setdefault(one.level, []).append(one.name.removeprefix("android.permission."))
    for level in sorted(by_level, key=lambda one: _LEVELS.index(one) if one in _LEVELS else 9):
        name = label("permission_level", level or "none", lang)
        out.print(escape(printable(f"  {pair(name, listed(by_level[level], lang), lang)}", 2_000)))
    _components(out, found, lang)
    sdks = load_sdks()
    names = {
        one.sdk: (lang == "zh" and one.sdk in sdks and sdks[one.sdk].name_zh) or one.name for one in found.libraries
    }
    _rows(out, "libraries", ("library", "vendor", "purposes", "recognised"), (
        (names[one.sdk], one.vendor, _purposes(one.purposes, lang), _recognised(one, lang))
        for one in found.libraries
    ), len(found.libraries), lang)  # fmt: skip
    if found.renamed:
        _rows(out, "renamed", ("code", "library", "certainty", "reasons"), (
            (one.tree.removeprefix(UNLISTED), one.name, label("certainty", one.certainty, lang),
             listed(one.reasons, lang))
            for one in found.renamed
        ), len(found.renamed), lang)  # fmt: skip
    sources = [one for one in found.references if one.role in ("source", "prompt")]
    _rows(out, "references", ("owner", "data", "api", "classes"), (
        (_owner(one.owner, names, lang), _types(one, lang), f"{one.cls.rpartition('.')[2]}.{one.member}",
         listed(one.classes[:2], lang) + (f" … ({one.count})" if one.count > 2 else ""))
        for one in sorted(sources, key=lambda one: (one.owner == "framework", one.open, one.owner, one.hook))
    ), len(sources), lang)  # fmt: skip
    organisations = load_organisations()
    _rows(out, "hosts", ("host", "organisation", "purposes"), (
        (one.host, (lang == "zh" and organisations[one.org].name_zh) or organisations[one.org].name if one.org else "",
         _purposes(one.purposes, lang))
        for one in sorted(found.hosts, key=lambda one: (not one.org, one.host))
    ), len(found.hosts), lang)  # fmt: skip
    _section(out, "policies", len(found.policies), lang)
    for url in found.policies[:_SHOWN]:
        out.print(escape(printable(f"  {url}", 400)))


def _about(about: About) -> str:
    said = [
        about.package,
        f"{about.version} ({about.version_code})" if about.version else "",
        f"min SDK {about.min_sdk}" if about.min_sdk else "",
        f"target SDK {about.target_sdk}" if about.target_sdk else "",
        "debuggable" if about.debuggable else "",
    ]
    return " · ".join(filter(None, said))


def _section(out: Any, name: str, count: int, lang: str) -> None:
    out.print(f"\n[bold]{escape(t(f'app.{name}', lang))}[/] ({count})")


def _rows(out: Any, name: str, columns: Iterable[str], rows: Iterable[tuple[str, ...]], count: int, lang: str) -> None:
    _section(out, name, count, lang)
    if not count:
        return
    show((t(f"app.column.{column}", lang) for column in columns), islice(rows, _SHOWN * 5))
    if count > _SHOWN * 5:
        out.print(t("app.more", lang, n=count - _SHOWN * 5))


def _components(out: Any, found: Contents, lang: str) -> None:
    components = found.manifest.components
    _section(out, "components", len(components), lang)
    for kind, count in Counter(one.kind for one in components).items():
        exported = [one.name for one in components if one.kind == kind and one.exported == "yes"]
        shown = listed(exported[:_SHOWN], lang) + (" …" if len(exported) > _SHOWN else "")
        said = aside(str(count), pair(t("app.exported", lang), shown, lang) if exported else "", lang)
        out.print(escape(printable(f"  {kind} {said}", 2_000)))


def _recognised(one: Any, lang: str) -> str:
    said = []
    if one.classes:
        said.append(t("app.by_classes", lang, n=one.classes, prefixes=listed(one.prefixes, lang)))
    if one.components:
        said.append(t("app.by_components", lang, names=listed(one.components, lang)))
    return listed(said, lang)


def _owner(owner: str, names: dict[str, str], lang: str) -> str:
    if owner in ("", "app", "framework"):
        return label("owner", owner or "unknown", lang)
    return names.get(owner) or owner.removeprefix(UNLISTED)


def _purposes(purposes: Iterable[str], lang: str) -> str:
    return listed((label("purpose", one, lang) for one in purposes), lang)


def _types(one: Any, lang: str) -> str:
    names = [label("data_type", kind, lang) for kind in one.data_types]
    return listed([*names, *([t("app.open", lang)] if one.open else [])], lang)


COMMANDS: Final = {"app": app}
