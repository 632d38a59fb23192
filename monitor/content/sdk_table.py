"""Tables of a privacy policy as blocks of a declaration: the list of libraries (Markdown, HTML, CSV or Excel), and the
two lists that Chinese apps publish (双清单), of what is collected and of what is shared with third parties.

A table lists what is collected if its header names information and purpose but no party, and what is shared if it also
names a third party or its SDK.
"""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from monitor.base.errors import EnvironmentFault, InputError
from monitor.base.paths import install_command
from monitor.content.html_text import (
    MAX_CELL,
    MAX_CELLS,
    MAX_CHARS,
    MAX_ROWS,
    MAX_TABLES,
    Table,
    read_document,
    squeeze,
)
from monitor.content.policy_words import data_types, patterns, plain
from monitor.knowledge.entry_points import is_everybodys, is_everybodys_host

MAX_SDKS: Final = 1_000
_URL: Final = re.compile(r"https?://[^\s<>\"'，。；）)\]]{1,500}")
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}")
_PREFIX: Final = re.compile(r"[a-z_][a-z0-9_]{0,60}(?:\.[a-zA-Z_][\w]{0,60}){1,8}")
_DROP: Final = re.compile(r"^[\s（(【\[*_`]*|[\s）)】\]*_`]*$")
_MAX_BYTES: Final = 60_000_000
_MAX_TEXT: Final = 4_000_000
_SENSITIVE: Final = re.compile(r"敏感")
_YES: Final = re.compile(r"^(是|yes|√|✓|必要|必需|true)", re.I)
#: What a list says where nothing is declared.
_UNDECLARED: Final = frozenset({"未声明", "not declared"})


class Lists(NamedTuple):
    """Blocks of a declaration; ``unread``: cells whose words name no known data type."""

    collection: list[dict[str, Any]]
    sdks: list[dict[str, Any]]
    recipients: list[dict[str, Any]]
    unread: list[str]


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


def csv_table(text: str, marks: str = ",;\t|") -> Table:
    """Rows of a CSV text, separated by whichever of the marks is most frequent in its first line."""
    text = text[:MAX_CHARS].lstrip("\ufeff")
    first = text.partition("\n")[0]
    delimiter = max(marks, key=first.count)
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


def read_lists(tables: Sequence[Table]) -> Lists:
    """Both lists, from all tables of a document."""
    collection: dict[str, dict[str, Any]] = {}
    recipients: dict[str, dict[str, Any]] = {}
    found = sdks_of(tables)
    unread = list(found.unread)
    for table in tables:
        if len(table) < 2:
            continue
        at = columns(table[0])
        if "types" not in at or "name" in at:
            continue
        for row in table[1:]:
            if "vendor" in at:
                _shared(row, at, recipients, unread)
            elif "purposes" in at:
                _collected(row, table[0], at, collection, unread)
    return Lists(list(collection.values()), found.sdks, list(recipients.values()), unread[:50])


def _collected(
    row: Sequence[str], heading: Sequence[str], at: dict[str, int], found: dict[str, dict[str, Any]], unread: list[str]
) -> None:
    said, purpose = _cell(row, at["types"]), _cell(row, at["purposes"])
    types = data_types(said)
    if said and not types:
        unread.append(said[:100])
    more = dict(zip(map(plain, heading), row, strict=False))
    for data_type in types:
        entry = found.setdefault(data_type, {"data_type": data_type, "purpose": ""})
        entry["purpose"] = "；".join(dict.fromkeys(part for part in (entry["purpose"], purpose) if part))[:2_000]
        for title, cell in more.items():
            if "方式" in title and cell:
                entry["method"] = cell[:2_000]
            if "必要" in title and _YES.match(cell):
                entry["necessary"] = True
            if _SENSITIVE.search(title) and _YES.match(cell):
                entry["sensitive"] = True


def _shared(row: Sequence[str], at: dict[str, int], found: dict[str, dict[str, Any]], unread: list[str]) -> None:
    name, said = _cell(row, at["vendor"])[:200], _cell(row, at["types"])
    types = data_types(said)
    if not name:
        return
    if said and not types:
        unread.append(f"{name}: {said[:100]}")
    entry = found.setdefault(name, {"org": name, "role": "unknown", "data_types": [], "purpose": ""})
    entry["data_types"] = list(dict.fromkeys([*entry["data_types"], *types]))
    entry["purpose"] = entry["purpose"] or _cell(row, at.get("purposes", -1))[:2_000]


def _cell(row: Sequence[str], column: int) -> str:
    said = row[column].strip() if 0 <= column < len(row) else ""
    return "" if said in _UNDECLARED else said


def sheets(data: bytes) -> list[Table]:
    """The tables of an Excel workbook, one per sheet; lines above the header (a title) are skipped.

    Raises ``InputError`` if it is not a workbook, ``EnvironmentFault`` without the library that reads it.
    """
    try:
        from openpyxl import load_workbook
    except ModuleNotFoundError:
        raise EnvironmentFault("reading Excel files needs openpyxl", hint=install_command("reports")) from None
    try:
        _bounded(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found, left = [], _MAX_TEXT
        for sheet in book.worksheets[:MAX_TABLES]:
            rows = sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_CELLS, values_only=True)
            table = []
            for row in rows:
                table.append(["" if cell is None else squeeze(str(cell)[: 2 * MAX_CELL])[:MAX_CELL] for cell in row])
                left -= sum(map(len, table[-1]))
                if left < 0:
                    raise InputError(f"more than {_MAX_TEXT} characters of text")
            found.append(_from_heading(table))
        return found
    except InputError:
        raise
    except Exception as bad:  # noqa: BLE001 - whatever a hostile workbook makes the library raise
        raise InputError(f"not an Excel workbook: {type(bad).__name__}", hint="save it as .xlsx") from None


def _bounded(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MAX_BYTES:
            raise InputError(f"more than {_MAX_BYTES} bytes unpacked")
        for entry in archive.infolist():
            if entry.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(entry)[:2_000]:
                raise InputError("a document type in a workbook is not allowed")


def _from_heading(table: Table) -> Table:
    for number, row in enumerate(table[:20]):
        if len(columns(row)) > 1:
            return table[number:]
    return table
