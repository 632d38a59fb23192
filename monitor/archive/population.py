"""The report on all apps of an archive: pages, and the same data for researchers with a dictionary.

``index.html``, ``apps/…html``, ``sdks/…html``; ``data/<table>.parquet`` and ``.csv``; ``data/dictionary.csv``.
"""

import csv
import io
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

import jinja2
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from monitor.analysis.explain.about import naming
from monitor.analysis.rules.load import load_rules
from monitor.archive.archive import Archive
from monitor.archive.parts import tables, version
from monitor.archive.sql import Tables
from monitor.base import output, paths, yamlfile
from monitor.knowledge.tables import load_organisations, load_sdks
from monitor.text import label, t

_ROWS: Final = 100_000
_TOP: Final = 50
_QUERIES: Final[dict[str, str]] = yamlfile.load(paths.package_data("archive") / "population.yaml")


class Cell(NamedTuple):
    """A cell: ``share`` draws a bar."""

    text: str
    number: bool = False
    link: str = ""
    share: float | None = None


class Section(NamedTuple):
    """A table of a page."""

    title: str
    heads: list[Cell]
    rows: list[list[Cell]]
    note: str = ""


def write(archive: Archive, out: Path, lang: str, *, own_rules: bool = False) -> int:
    """Write the report into the directory ``out``; returns the number of apps. ``own_rules``: as ``Tables``. Raises
    ``InputError``."""
    with Tables(archive.parts, rows=_ROWS, seconds=600, own_rules=own_rules) as asked:
        asked.hold("sessions", "findings", "reads", "transfers", "sdks")
        pages = _Pages(asked, lang)
        for folder in ("apps", "sdks", "data"):
            (out / folder).mkdir(parents=True, exist_ok=True)
        for name, html in pages.all():
            output.write_out(out / name, html.encode())
        _data(archive, out / "data", lang)
        return pages.apps


class _Pages:
    def __init__(self, asked: Tables, lang: str) -> None:
        self._asked, self._lang = asked, lang
        loader = jinja2.FileSystemLoader(paths.package_data("archive"))
        self._template = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True).get_template("page.html")
        self._name = naming(lang, load_sdks(), load_organisations())
        self._titles = {rule.id: rule.text.title_zh if lang == "zh" else rule.text.title for rule in load_rules()}
        self.apps = 0

    def _t(self, key: str, **values: object) -> str:
        return t(f"population.{key}", self._lang, **values)

    def _rows(self, what: str, **values: str) -> list[tuple[Any, ...]]:
        return self._asked.ask(_QUERIES[what], values).rows

    def all(self) -> list[tuple[str, str]]:
        """Names and texts of all pages."""
        apps = self._rows("apps")
        self.apps = len(apps)
        sdks = [row[0] for row in self._rows("all_sdks")]
        sessions, first, last = self._rows("sessions")[0]
        lines = [self._t("size", apps=self.apps, sessions=sessions, first=first or "–", last=last or "–"),
                 self._t("interval"), self._t("scope")]  # fmt: skip
        if untrusted := self._rows("untrusted")[0][0]:
            lines.append(self._t("untrusted", n=untrusted, sessions=sessions))
        own, unknown = self._rows("own_rules")[0]
        counts = {"own_rules": self._asked.left_out, "own_rules_counted": own, "own_rules_unknown": unknown}
        lines += [self._t(key, n=n) for key, n in counts.items() if n]
        sections = [
            self._ranking("rules", ("rule", "level")), self._ranking("readers", ("sdk", "data_type")),
            self._ranking("receivers", ("who", "data_type")), self._ranking("spread", ("rules",)),
            self._list("apps", ("app", "category", "sessions", "builds", "rules"), apps, "apps"),
            self._list("sdks", ("sdk",), [(sdk,) for sdk in sdks], "sdks"),
        ]  # fmt: skip
        pages = [("index.html", self._page(self._t("title"), lines, sections))]
        for app, *_ in apps:
            rows = self._rows("app", app=app)
            heads = ("version", "day", "rule", "data_type", "sdk", "recipient", "seen", "of")
            pages.append((_file("apps", app), self._page(app, [], [self._list("findings", heads, rows)], up=True)))
        for sdk in sdks:
            read = self._list("reads", ("quarter", "version", "data_type", "consent", "apps", "calls"),
                              self._rows("sdk", sdk=sdk))  # fmt: skip
            sent = self._list("sent", ("quarter", "version", "data_type", "who", "apps"),
                              self._rows("sdk_sent", sdk=sdk))  # fmt: skip
            html = self._page(self._name(sdk), [self._t("sdk_versions")], [read, sent], up=True)
            pages.append((_file("sdks", sdk), html))
        return pages

    def _page(self, title: str, lines: list[str], sections: list[Section], up: bool = False) -> str:
        return self._template.render(
            title=title, lines=lines, tables=sections, lang="zh-CN" if self._lang == "zh" else "en",
            up=self._t("title") if up else "", none=self._t("none"),
        )  # fmt: skip

    def _heads(self, names: tuple[str, ...], numbers: set[str]) -> list[Cell]:
        return [Cell(self._t(f"column.{name}"), name in numbers) for name in names]

    def _ranking(self, key: str, names: tuple[str, ...]) -> Section:
        """Rows that end with k and n: a share with its interval."""
        rows = []
        for *what, k, n, low, high in self._rows(key)[:_TOP]:
            cells = [Cell(self._word(name, value)) for name, value in zip(names, what, strict=True)]
            rows.append([*cells, Cell(f"{k} / {n}", True), Cell(f"{100 * k / n:.1f} %", True, share=k / n),
                         Cell(f"{100 * low:.1f} – {100 * high:.1f} %", True)])  # fmt: skip
        heads = self._heads((*names, "apps", "share", "range"), {"apps", "share", "range"})
        return Section(self._t(key), heads, rows, self._t("top", n=_TOP) if len(rows) == _TOP else "")

    def _list(self, key: str, names: tuple[str, ...], rows: list[tuple[Any, ...]], folder: str = "") -> Section:
        made = []
        for row in rows:
            values = zip(names, row, strict=True)
            cells = [Cell(self._word(name, value), isinstance(value, int)) for name, value in values]
            if folder:
                cells[0] = cells[0]._replace(link=_file(folder, str(row[0])))
            made.append(cells)
        numbers = {name for row in rows[:1] for name, value in zip(names, row, strict=True) if isinstance(value, int)}
        return Section(self._t(key), self._heads(names, numbers), made)

    def _word(self, name: str, value: Any) -> str:
        if name == "rule":
            return f"{value} {self._titles.get(value, '')}".rstrip()
        if name in ("sdk", "who", "recipient"):
            return self._name(str(value), org=name != "sdk")
        group = {"data_type": "data_type", "level": "level", "consent": "population.consent"}.get(name)
        return label(group, str(value), self._lang) if group else str(value)


def _file(folder: str, name: str) -> str:
    """A package's name is an app's own choice: it is no file name."""
    return f"{folder}/{sha256(name.encode()).hexdigest()[:16]}.html"


#: What a spreadsheet takes for a formula, as ``monitor.reports.csv`` has it.
_FORMULA: Final = r"^[\s\x00-\x1f\p{Z}]*[=+@|%＝＋－＠-]"


def _guarded(found: pa.Table) -> pa.Table:
    """The table for a CSV: hosts and versions are an app's own texts, and are not to become formulas."""
    for number, field in enumerate(found.schema):
        if pa.types.is_string(field.type):
            column = found.column(number)
            quoted = pc.binary_join_element_wise("'", column, "")
            column = pc.if_else(pc.match_substring_regex(column, _FORMULA), quoted, column)
            found = found.set_column(number, field, column)
    return found


def _data(archive: Archive, out: Path, lang: str) -> None:
    """The tables for researchers, whole, with their dictionary."""
    parts = archive.parts.listed()
    for name in tables():
        found = archive.parts.dataset(name, parts).to_table()
        for suffix, save, table in ((".parquet", pq.write_table, found), (".csv", pa_csv.write_csv, _guarded(found))):
            data = io.BytesIO()
            save(table, data)
            output.write_out(out / f"{name}{suffix}", data.getvalue())
    said = io.StringIO()
    writer = csv.writer(said, lineterminator="\n")
    writer.writerow(["version", "table", "column", "type", "meaning"])
    for one in tables().values():
        for column in one.columns:
            writer.writerow([version(), one.name, column.name, column.type, column.zh if lang == "zh" else column.en])
        writer.writerow([version(), one.name, "month", "text", t("population.month", lang)])
    output.write_out(out / "dictionary.csv", said.getvalue().encode("utf-8-sig" if lang == "zh" else "utf-8"))
