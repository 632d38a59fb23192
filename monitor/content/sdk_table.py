"""Tables of a privacy policy as blocks of a declaration: the list of libraries (Markdown, HTML, CSV or Excel), and the
two lists that Chinese apps publish (双清单), of what is collected and of what is shared with third parties. And the
vocabulary of policies (``policy_words.yaml``) as patterns.

A table lists what is collected if its header names information and purpose but no party, and what is shared if it also
names a third party or its SDK.
"""

import csv
import io
import itertools
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from monitor.base import yamlfile
from monitor.base.errors import EnvironmentFault, InputError
from monitor.base.paths import install_command
from monitor.content import html_text
from monitor.content.html_text import Table, read_document, squeeze
from monitor.knowledge.entry_points import is_everybodys, is_everybodys_host

_SLOT, _SLOT_LATIN = r"[^。;!?]{0,20}", r"[^.;!?]{0,60}"
_NUMBER = r" ?[\d〇零一二三四五六七八九十百]{1,6} ?"
#: Small letters of other scripts that look like Latin ones: nobody who reads them sees a difference.
_ALIKE = str.maketrans("асеорхуѕіјһԁԛԝӏνορɑ", "aceopxysijhdqwlvopa")
_FILE, _EXPRESSIONS = (Path(__file__).resolve().parent / name for name in ("policy_words.yaml", "expressions.yaml"))


def words() -> Mapping[str, Any]:
    """The table."""
    return yamlfile.own_table(_FILE)


def regex(name: str) -> re.Pattern[str]:
    """What no list of words says, by its name in ``expressions.yaml``."""
    return yamlfile.regex(_EXPRESSIONS, name)


def plain(text: str) -> str:
    """Width and case normalised, blanks between Chinese characters removed."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_ALIKE)
    return re.sub(r"(?<=[\u2e80-\u9fff]) (?=[\u2e80-\u9fff])", "", " ".join(text.split()))


def pattern(of: Iterable[str]) -> re.Pattern[str]:
    """Any of the words: whole words for Latin script, singular or plural; longer ones first. In a word, ``…`` stands
    for a few words of the same sentence, ``#`` for a number, a Latin one that ends in ``*`` is the stem of longer ones,
    and the characters after ``¬`` must not follow it."""
    return re.compile("|".join(_expression(word) for word in sorted(set(of), key=len, reverse=True)) or r"(?!)")


def _expression(given: str) -> str:
    word, _, others = given.partition("¬")
    latin = word.replace("…", "").isascii()
    between = {"…": _SLOT_LATIN if latin else _SLOT, "#": _NUMBER}
    pieces = re.split("([…#])", word.removesuffix("*"))
    read = "".join(between.get(piece) or re.escape(simplified(plain(piece))) for piece in pieces)
    end = "" if word.endswith("*") or not latin else "s?(?![a-z0-9])"
    return ("(?<![a-z0-9])" if latin else "") + read + end + (f"(?![{re.escape(others)}])" if others else "")


def simplified(text: str) -> str:
    """Traditional characters of the vocabulary as simplified ones."""
    return text.translate(_simplified())


@cache
def _simplified() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in words()["traditional"].split()}


@cache
def patterns(group: str) -> dict[str, re.Pattern[str]]:
    """The patterns of a group: name to pattern. Sections keep only their words."""
    table = words()[group]
    return {name: pattern(entry["words"] if isinstance(entry, dict) else entry) for name, entry in table.items()}


@cache
def listed(group: str) -> re.Pattern[str]:
    """The pattern of a plain list."""
    return pattern(words()[group])


def data_types(text: str) -> list[str]:
    """Data type ids that a text names, in the order of the vocabulary."""
    plain_text = plain(text[:20_000])
    return [name for name, one in patterns("types").items() if one.search(plain_text)]


MAX_SDKS: Final = 1_000
_UNREAD: Final = 50
_URL: Final = re.compile(r"https?://[^\s<>\"'，。；）)\]]{1,500}")
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}")
_PREFIX: Final = re.compile(r"[a-z_][a-z0-9_]{0,60}(?:\.[a-zA-Z_][\w]{0,60}){1,8}")
_DROP: Final = re.compile(r"^[\s（(【\[*_`]*|[\s）)】\]*_`]*$")
_MAX_BYTES: Final = 60_000_000
_MAX_TEXT: Final = 4_000_000
_YES: Final = re.compile(r"^(是|yes|√|✓|必要|必需|true)", re.I)
_STATED: Final = {"necessary": "必要", "sensitive": "敏感"}
#: What a list says where nothing is declared.
_UNDECLARED: Final = frozenset({"未声明", "not declared"})


class Blocks(NamedTuple):
    """Blocks of a declaration; ``unread``: what was not understood, such as cells whose words name no data type."""

    collection: list[dict[str, Any]]
    sdks: list[dict[str, Any]]
    recipients: list[dict[str, Any]]
    unread: list[str]


def read_sdks(text: str, *, as_csv: bool = False) -> Blocks:
    """Every library of the document's tables. Tables without a column for the name are not SDK lists."""
    sdks, unread = _libraries([csv_table(text)] if as_csv else read_document(text).tables)
    return Blocks([], sdks, [], unread[:_UNREAD])


def columns(heading: Sequence[str], named: Mapping[str, re.Pattern[str]] | None = None) -> dict[str, int]:
    """Which column is what, by the longest matching word; a column is only one thing. ``named``: the words, those of
    lists of libraries by default.

    ``name`` needs a matching word: a table of permissions or of rights has none.
    """
    named = named or patterns("columns")
    best: dict[str, tuple[int, int]] = {}
    for column, cell in enumerate(heading[: html_text.MAX_CELLS]):
        text = plain(cell)
        hits = [(len(hit.group()), what) for what, one in named.items() if (hit := one.search(text))]
        if not hits:
            continue
        size, what = max(hits)
        if what not in best or size > best[what][0]:
            best[what] = (size, column)
    return {what: column for what, (_, column) in best.items()}


def csv_table(text: str, marks: str = ",;\t|") -> Table:
    """Rows of a CSV text, separated by whichever of the marks is most frequent in its first line."""
    text = text[: html_text.MAX_CHARS].lstrip("\ufeff")
    first = text.partition("\n")[0]
    delimiter = max(marks, key=first.count)
    rows: Table = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            if len(rows) >= html_text.MAX_ROWS:
                break
            rows.append(_row(row))
    except csv.Error:
        pass  # a broken tail: keep what was read
    return rows


def _row(cells: Iterable[str]) -> list[str]:
    """The cells of a row as text, bounded."""
    bounded = itertools.islice(cells, html_text.MAX_CELLS)
    return [squeeze(cell[: 2 * html_text.MAX_CELL])[: html_text.MAX_CELL] for cell in bounded]


def cells_of(
    tables: Iterable[Table], named: Mapping[str, re.Pattern[str]] | None = None
) -> Iterator[tuple[dict[str, str], Sequence[str], Sequence[str]]]:
    """Of each row of a table that has headings: its cells by what ``columns`` says they are, the row and the
    headings."""
    for table in tables:
        at = columns(table[0], named) if len(table) > 1 else {}
        for row in table[1:] if len(at) > 1 else ():
            yield {what: row[column] if column < len(row) else "" for what, column in at.items()}, row, table[0]


def _types(said: str, name: str, unread: list[str]) -> list[str]:
    types = data_types(said)
    if said and not types:
        unread.append(f"{name}{said[:100]}")
    return types


def _libraries(tables: Sequence[Table]) -> tuple[list[dict[str, Any]], list[str]]:
    """Every library of these tables, and what was not understood. Rows of one library (one per data type) become one
    entry."""
    found: dict[str, dict[str, Any]] = {}
    unread: list[str] = []
    for cells, row, _ in cells_of(tables):
        name = _DROP.sub("", cells.get("name", ""))[:200]
        if not name or len(found) >= MAX_SDKS or patterns("columns")["name"].fullmatch(plain(name)):
            continue
        known = found.setdefault(name, {"name": name})
        for key, value in _library(cells, row, _types(cells.get("types", ""), f"{name}: ", unread)).items():
            if isinstance(value, list) and value:
                known[key] = list(dict.fromkeys([*known.get(key, []), *value]))
            elif value:
                known.setdefault(key, value)
    return list(found.values()), unread


def _library(cells: Mapping[str, str], row: Sequence[str], types: list[str]) -> dict[str, Any]:
    """What a row says of a library; empty = nothing."""
    hosts = dict.fromkeys(_HOST.findall(plain(cells.get("hosts", ""))))
    url = next(filter(None, map(_URL.search, (cells.get("policy", ""), *row))), None)
    prefixes = _PREFIX.findall(cells.get("prefixes", ""))[:20]
    return {
        "vendor": _DROP.sub("", cells.get("vendor", ""))[:200],
        "package_prefixes": [prefix for prefix in prefixes if not is_everybodys(prefix)],
        "data_types": types,
        "purposes": [part for part in re.split(r"[、,，;；/]\s*", cells.get("purposes", ""))[:20] if part],
        "hosts": [host for host in hosts if not is_everybodys_host(host)][:50],
        "policy_url": url.group() if url else "",
    }


def read_lists(tables: Sequence[Table]) -> Blocks:
    """Both lists, from all tables of a document."""
    collection: dict[str, dict[str, Any]] = {}
    recipients: dict[str, dict[str, Any]] = {}
    sdks, unread = _libraries(tables)
    for given, row, headings in cells_of(tables):
        cells = {what: "" if cell.strip() in _UNDECLARED else cell.strip() for what, cell in given.items()}
        if "types" not in cells or "name" in cells:
            continue
        if "vendor" not in cells and "purposes" in cells:
            for data_type in _types(cells["types"], "", unread):
                entry = collection.setdefault(data_type, {"data_type": data_type, "purpose": ""})
                parts = (part for part in (entry["purpose"], cells["purposes"]) if part)
                entry["purpose"] = "；".join(dict.fromkeys(parts))[:2_000]
                entry |= _further(dict(zip(map(plain, headings), row, strict=False)))
        elif name := cells.get("vendor", "")[:200]:
            entry = recipients.setdefault(name, {"org": name, "role": "unknown", "data_types": [], "purpose": ""})
            types = _types(cells["types"], f"{name}: ", unread)
            entry["data_types"] = list(dict.fromkeys([*entry["data_types"], *types]))
            entry["purpose"] = entry["purpose"] or cells.get("purposes", "")[:2_000]
    return Blocks(list(collection.values()), sdks, list(recipients.values()), unread[:_UNREAD])


def _further(more: Mapping[str, str]) -> dict[str, Any]:
    """What other columns, by their headings, say of the collection of a data type."""
    found: dict[str, Any] = {}
    for title, cell in more.items():
        found |= {"method": cell[:2_000]} if "方式" in title and cell else {}
        found |= {key: True for key, word in _STATED.items() if word in title and _YES.match(cell)}
    return found


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
        for sheet in book.worksheets[: html_text.MAX_TABLES]:
            rows = sheet.iter_rows(max_row=html_text.MAX_ROWS, max_col=html_text.MAX_CELLS, values_only=True)
            table = []
            for row in rows:
                table.append(_row("" if cell is None else str(cell) for cell in row))
                left -= sum(map(len, table[-1]))
                if left < 0:
                    raise InputError(f"more than {_MAX_TEXT} characters of text")
            headed = (number for number, row in enumerate(table[:20]) if len(columns(row)) > 1)
            found.append(table[next(headed, 0) :])
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
