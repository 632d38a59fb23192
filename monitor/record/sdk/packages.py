"""Packages that the library brings and its declaration does not name: minified code, modules of their own.

An app that embeds the library cannot tell whose they are. Here the file itself says so, and the recorded declaration is
completed with them, so that the bundle's findings name the library.
"""

from pathlib import Path
from typing import Any, Final

import yaml

from monitor.analysis.correlate.owner import platform, with_declared
from monitor.base.output import write_out
from monitor.base.yamlfile import load
from monitor.knowledge.entry_points import is_prefix
from monitor.knowledge.tables import load_sdks
from monitor.record.sdk.library import Library
from monitor.session.declaration import Declaration, DeclaredSdk

NAME: Final = "declaration.yaml"


def unnamed(library: Library, declaration: Declaration) -> list[str]:
    """Prefixes of the library's classes that belong to no platform, no known SDK and no declared one. An APK's are
    the app's too: nothing is said of them."""
    if library.kind == "apk":
        return []
    known = with_declared(load_sdks(), declaration)
    found: set[str] = set()
    for path in library.classes:
        name = path.removesuffix(".class").replace("/", ".")
        prefix = name.rpartition(".")[0] or name
        if is_prefix(prefix) and known.sdk(name) is None and not platform(name):
            found.add(prefix)
    return sorted(one for one in found if not any(one.startswith(f"{other}.") for other in found))


def completed(path: Path, sdk: DeclaredSdk, prefixes: list[str], into: Path) -> Path:
    """The vendor's declaration with the prefixes added to the library's own, written into the directory ``into``."""
    data: dict[str, Any] = load(path)
    for one in data["sdks"]:
        if one["name"] == sdk.name:
            one["package_prefixes"] = [*(one.get("package_prefixes") or []), *prefixes]
    head = (
        "# The vendor's declaration, with the packages that only the library's own file names added to its prefixes.\n"
    )
    made = into / NAME
    write_out(made, (head + yaml.safe_dump(data, allow_unicode=True, sort_keys=False)).encode())
    return made
