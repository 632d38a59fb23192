"""Compares the catalogue with the public API: ``problems(rows, table)`` gives one line for each thing that is wrong.

uv run python -m hooks.signatures.check
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from hooks.signatures.build import TABLE, coarse

BUILD = "uv run python -m hooks.signatures.build"

#: Packages of the platform: a row there that is not public is ``hidden``, anywhere else ``library`` or ``vendor``.
PLATFORM = ("android.", "java.", "javax.", "dalvik.", "libcore.", "sun.", "com.android.internal.")
#: Retired support packages and a vendor's framework additions live under ``android.`` without being of the platform.
FOREIGN = ("android.support.",)


class Public(NamedTuple):
    """One overload in the table, in coarse types; ``params`` is None for a field."""

    params: tuple[str, ...] | None
    result: str
    static: bool
    since: int


Table = dict[str, dict[str, list[Public]]]


def read_table(path: Path = TABLE) -> Table:
    """Class, member, overloads."""
    table: Table = defaultdict(lambda: defaultdict(list))
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            params = None if row["params"] == "-" else tuple(row["params"].split(",")) if row["params"] else ()
            table[row["cls"]][row["name"]].append(
                Public(params, row["result"], row["static"] == "static", int(row["since"]))
            )
    return {cls: dict(members) for cls, members in table.items()}


def problems(rows: Iterable[Any], table: Table, source: Container[tuple[str, str, str]] = frozenset()) -> Iterator[str]:
    """One line for each row, or overload of a row, that contradicts the table or its own ``public`` word.

    ``source`` holds class, method and signature of overloads that Android's source has beside the public ones: hidden
    overloads of a public method."""
    for row in rows:
        if row.levels.deprecated is not None and row.levels.since >= row.levels.deprecated:
            yield f"{row.id}: deprecated by the level that it came with"
        platform = row.cls.startswith(PLATFORM) and not row.cls.startswith(FOREIGN)
        if row.public == "public":
            yield from _public(row, table, source)
        elif row.public == "hidden" and not (platform or row.cls.startswith("com.android.") or ".so" in row.cls):
            yield f"{row.id}: {row.cls} is not of the platform, so it is library or vendor, not hidden"
        elif row.public == "library" and platform:
            yield f"{row.id}: {row.cls} is of the platform, so it is public, hidden or vendor, not library"
        elif row.cls in table and row.method in table[row.cls] and row.public != "public":
            yield f"{row.id}: {row.cls}.{row.method} is public"


def _public(row: Any, table: Table, source: Container[tuple[str, str, str]]) -> Iterator[str]:
    members = table.get(row.cls)
    if members is None:
        yield f"{row.id}: {row.cls} is not in {TABLE.name}: if it is public, {BUILD} (needs npm) adds it"
        return
    name = row.method.split(".")[0]
    known = members.get(name)
    if known is None:
        yield f"{row.id}: {row.cls} has no public member {name}"
        return
    is_field = all(one.params is None for one in known)
    if is_field != (row.kind == "field" or "." in row.method):
        yield f"{row.id}: {name} is {'a field' if is_field else 'a method'}"
        return
    if row.kind in ("static", "instance", "abstract", "interface") and not is_field:
        want = row.kind == "static"
        if all(one.static != want for one in known):
            yield f"{row.id}: {name} is {'an instance method' if want else 'static'}, not {row.kind}"
    if not is_field:
        for signature in row.overloads:
            hidden = (row.cls, row.method, signature) in source
            if not hidden and not any(same(signature, row.method, one) for one in known):
                yield f"{row.id}: no public overload {name}{signature}"


def same(signature: str, method: str, one: Public) -> bool:
    """Whether a row's signature is that of a public overload, as far as coarse types tell."""
    inside, result = signature[1:].rsplit(")", 1)
    params = tuple(coarse(part) for part in inside.split(",")) if inside else ()
    if one.params is None or len(params) != len(one.params):
        return False
    pairs = list(zip(params, one.params, strict=True))
    if method != "$init":
        pairs.append((coarse(result), one.result))
    return all("any" in pair or pair[0] == pair[1] for pair in pairs)


def main() -> int:
    """Print the problems of the bundled catalogue; 1 if there are any."""
    from hooks.signatures.framework import read, signatures
    from monitor.knowledge.catalogue import load_catalogue

    found = list(problems(load_catalogue(), read_table(), signatures(read())))
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
