"""Builds ``android.tsv``, the public signatures of what the catalogue hooks, from public declarations.

Source: the npm package ``@nativescript/types-android`` (Apache-2.0), file ``android-platform-21-37-merged.d.ts``: the
public API of Android, levels 21 to 37, as TypeScript declarations with the level a member was added in. TypeScript has
one ``number`` for Java's numeric primitives and ``string`` for String and CharSequence, so a signature is compared
in this coarse form (``coarse``).

    uv run python -m hooks.signatures.build [android-platform-21-37-merged.d.ts]

Without a file the package is fetched with npm.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

HERE = Path(__file__).resolve().parent
TABLE = HERE / "android.tsv"
PACKAGE = "@nativescript/types-android@9.1.1"
MERGED = "package/lib/android/android-platform-21-37-merged.d.ts"
_OPEN = re.compile(r"(?:declare|export) (module|class|abstract class|interface) ([\w.$]+)")
_FIELD = re.compile(r"public static ([A-Z_]+): (.*);$")
_MEMBER = re.compile(r"public (static )?(?:abstract )?(\w+)(?:<.*?>)?\((.*)\)(?:: (.*))?;$")
_SINCE = re.compile(r"@since (\d+)")
_NUMBERS = {"byte", "short", "int", "long", "float", "double"}
_NAMES = {
    "java.lang.String": "string",
    "java.lang.CharSequence": "string",
    "boolean": "boolean",
    "java.lang.Boolean": "boolean",
    "char": "string",
    "void": "void",
    "java.lang.Object": "any",
} | {f"java.lang.{name}": "number" for name in ("Byte", "Short", "Integer", "Long", "Float", "Double")}


class Member(NamedTuple):
    """One public method, or ``$init`` for a constructor. ``static`` is ``static`` or empty; types are coarse."""

    cls: str
    name: str
    static: str
    params: str
    result: str
    since: int


def coarse(java: str) -> str:
    """An erased Java type in the coarse form: ``int`` and ``long`` are ``number``, ``X[]`` is ``array``."""
    if java.endswith("[]"):
        return "array"
    if java in _NUMBERS:
        return "number"
    return _NAMES.get(java, java.replace("$", "."))


def _declared(text: str) -> str:
    """A TypeScript type in the coarse form: generics erased, ``| null`` dropped."""
    text = re.sub(r"/\*.*?\*/", "", text).replace(" | null", "").strip()
    if text.startswith("androidNative.Array"):
        return "array"
    while (shorter := re.sub(r"<[^<>]*>", "", text)) != text:
        text = shorter
    return _NAMES.get(text, text)


def _split(params: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for position, char in enumerate(params):
        depth += (char in "<([{") - (char in ">)]}" and params[position - 1 : position + 1] != "=>")
        if char == "," and depth == 0:
            parts.append(params[start:position])
            start = position + 1
    parts.append(params[start:])
    return [part.split(":", 1)[1] for part in parts if ":" in part]


def members(lines: Iterator[str], wanted: set[str], fields: set[tuple[str, str]]) -> Iterator[Member]:
    """The public members of the wanted classes (binary names, ``$`` for inner classes), and the named static fields.

    A field has no parameters: its ``params`` is ``-``.
    """
    path: list[str] = []
    classes: set[str] = set()
    since = 0
    for raw in lines:
        line = raw.strip()
        if line.startswith("/**"):
            found = _SINCE.search(line)
            since = int(found.group(1)) if found else since
            continue
        if line.endswith("{"):
            opened = _OPEN.match(line)
            kind, name = (opened.group(1), opened.group(2)) if opened else ("", "")
            parent = path[-1] if path else ""
            joined = f"{parent}{'$' if parent in classes else '.'}{name}" if parent else name
            if kind.endswith("class") or kind == "interface":
                classes.add(joined)
            path.append(joined)
        elif line.startswith("}"):
            path.pop()
        elif path and path[-1] in wanted and (found := _MEMBER.match(line)):
            static, name, params, result = found.groups()
            types = ",".join(_declared(p) for p in _split(params))
            yield Member(
                path[-1],
                "$init" if name == "constructor" else name,
                "static" if static else "",
                types,
                _declared(result or "void"),
                since or 21,
            )
        elif path and (found := _FIELD.match(line)) and (path[-1], found.group(1)) in fields:
            yield Member(path[-1], found.group(1), "static", "-", _declared(found.group(2)), since or 21)
        since = 0


def public_rows(catalogue: Path) -> list[tuple[str, str]]:
    """Class and method of the rows marked public."""
    return [
        (row["class"], row["method"])
        for path in sorted(catalogue.glob("*.yaml"))
        for row in yaml.safe_load(path.read_text("utf-8"))["rows"]
        if row["public"] == "public"
    ]


def declarations(given: list[str], work: Path) -> Path:
    """The file of declarations: the one given, or that of the package, fetched to ``work``. Ends the program where it
    cannot be had."""
    if given:
        return Path(given[0])
    try:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=work, check=True, stdout=subprocess.DEVNULL)
        (archive,) = work.glob("*.tgz")
        with tarfile.open(archive) as packed:
            packed.extract(MERGED, work, filter="data")
    except (OSError, subprocess.SubprocessError, KeyError) as bad:
        raise SystemExit(f"{PACKAGE} cannot be fetched with npm ({bad}); name the file: {MERGED}") from None
    return work / MERGED


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="*", help="the declarations, if they are here already")
    given: list[str] = parser.parse_args().file
    rows = public_rows(HERE.parent / "catalogue")
    wanted = {cls for cls, _ in rows}
    fields = {(cls, method.split(".")[0]) for cls, method in rows if method.split(".")[0].isupper()}
    with tempfile.TemporaryDirectory() as work, declarations(given, Path(work)).open(encoding="utf-8") as source:
        table = sorted(set(members(iter(source), wanted, fields)))
    lines = ["\t".join(map(str, member)) for member in table]
    TABLE.write_text("\n".join(["\t".join(Member._fields), *lines]) + "\n", "utf-8")
    found = {member.cls for member in table}
    sys.stderr.write(f"{len(table)} members of {len(found)} of {len(wanted)} classes\n")
    sys.stderr.writelines(f"not a public class of Android: {cls}\n" for cls in sorted(wanted - found))


if __name__ == "__main__":
    main()
