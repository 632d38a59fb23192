"""The list of libraries in a privacy policy as ``sdks`` entries of a declaration: Markdown, HTML or CSV."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from monitor.content.html_text import MAX_CELL, MAX_CELLS, MAX_CHARS, MAX_ROWS, Table, read_document, squeeze
from monitor.content.policy_words import data_types, patterns, plain
from monitor.knowledge.entry_points import is_everybodys, is_everybodys_host

MAX_SDKS: Final = 1_000
_URL: Final = re.compile(r"https?://[^\s<>\"'，。；）)\]]{1,500}")
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}")
_PREFIX: Final = re.compile(r"[a-z_][a-z0-9_]{0,60}(?:\.[a-zA-Z_][\w]{0,60}){1,8}")
_DROP: Final = re.compile(r"^[\s（(【\[*_`]*|[\s）)】\]*_`]*$")


class Found(NamedTuple):
    """``sdks``: entries for a declaration; ``unread``: cells whose words name no known data type."""

    sdks: list[dict[str, Any]]
    unread: list[str]


def read_sdks(text: str, *, as_csv: bool = False) -> Found:
    """Every library of the document's tables. Tables without a column for the name are not SDK lists."""
    return sdks_of([csv_table(text)] if as_csv else read_document(text).tables)


def sdks_of(tables: Sequence[Table]) -> Found:
    """Every library of these tables."""
    found: dict[str, dict[str, Any]] = {}
    unread: list[str] = []
    for table in tables:
        _take(table, found, unread)
    return Found(list(found.values()), unread[:50])


def columns(heading: Sequence[str]) -> dict[str, int]:
    """Which column is what, by the longest matching word; a column is only one thing.

    ``name`` needs a matching word: a table of permissions or of rights has none.
    """
    best: dict[str, tuple[int, int]] = {}
    for column, cell in enumerate(heading[:MAX_CELLS]):
        text = plain(cell)
        hits = [(len(hit.group()), what) for what, one in patterns("columns").items() if (hit := one.search(text))]
        if not hits:
            continue
        size, what = max(hits)
        if what not in best or size > best[what][0]:
            best[what] = (size, column)
    return {what: column for what, (_, column) in best.items()}


def csv_table(text: str) -> Table:
    """Rows of a CSV text: separated by comma, semicolon or tab, whichever is most frequent in its first line."""
    text = text[:MAX_CHARS].lstrip("\ufeff")
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    rows: Table = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            if len(rows) >= MAX_ROWS:
                break
            rows.append([squeeze(cell)[:MAX_CELL] for cell in row[:MAX_CELLS]])
    except csv.Error:
        pass  # a broken tail: keep what was read
    return rows


def _take(table: Table, found: dict[str, dict[str, Any]], unread: list[str]) -> None:
    if len(table) < 2:
        return
    at = columns(table[0])
    if "name" not in at or len(at) < 2:
        return
    for row in table[1:]:
        if len(found) >= MAX_SDKS:
            return
        entry = _entry(row, at, unread)
        if entry:
            _merge(found, entry)


def _entry(row: Sequence[str], at: dict[str, int], unread: list[str]) -> dict[str, Any] | None:
    def cell(what: str) -> str:
        column = at.get(what, -1)
        return row[column] if 0 <= column < len(row) else ""

    name = _DROP.sub("", cell("name"))[:200]
    if not name or patterns("columns")["name"].fullmatch(plain(name)):
        return None
    types = data_types(cell("types"))
    if cell("types") and not types:
        unread.append(f"{name}: {cell('types')[:100]}")
    entry: dict[str, Any] = {"name": name}
    if vendor := _DROP.sub("", cell("vendor"))[:200]:
        entry["vendor"] = vendor
    entry["package_prefixes"] = [one for one in _PREFIX.findall(cell("prefixes"))[:20] if not is_everybodys(one)]
    entry["data_types"] = types
    entry["purposes"] = [part for part in re.split(r"[、,，;；/]\s*", cell("purposes"))[:20] if part]
    hosts = dict.fromkeys(_HOST.findall(plain(cell("hosts"))))
    entry["hosts"] = [one for one in hosts if not is_everybodys_host(one)][:50]
    url = _URL.search(cell("policy")) or next((u for c in row if (u := _URL.search(c))), None)
    if url:
        entry["policy_url"] = url.group()
    return {key: value for key, value in entry.items() if value not in ("", [])}


def _merge(found: dict[str, dict[str, Any]], entry: dict[str, Any]) -> None:
    """Rows of one library (one per data type) become one entry."""
    known = found.setdefault(entry["name"], {"name": entry["name"]})
    for key, value in entry.items():
        if isinstance(value, list):
            known[key] = list(dict.fromkeys([*known.get(key, []), *value]))
        else:
            known.setdefault(key, value)
