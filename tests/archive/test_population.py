"""The report on all apps: its numbers, its pages, the data beside it; and names that an app chose."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from monitor.archive.archive import Archive
from monitor.archive.facts import Context
from monitor.text import t

from .conftest import Run
from .samples import T0, VALUES, make

EVIL = "com.example.evil</td><script>alert(1)</script>"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("population")
    archive = Archive(str(top / "a"), make=True)
    for number, (app, sends, version) in enumerate(
        (("com.example.shop", True, 1), ("com.example.shop", True, 2), ("com.example.quiet", False, 1), (EVIL, True, 1))
    ):
        context = Context(category="=cmd", sdks=(("example_beacon", f"3.{version}"),))
        assert (
            archive.add(make(top / str(number), app=app, sends=sends, version=version), context=context).how == "added"
        )
    return top / "a"


def test_pages_and_numbers(monitor: Run, place: Path, tmp_path: Path) -> None:
    assert "3 apps" in monitor("archive", "report", place, "-o", "out", "--lang", "en").stdout
    out = tmp_path / "out"
    index = (out / "index.html").read_text("utf-8")
    assert "3 apps, 4 sessions" in index
    assert "For 4 of 4 sessions the owner of the sealing key was not stated" in index
    row = re.search(
        r"<td>Beacon Analytics[^<]*</td><td>[Cc]lipboard[^<]*</td><td class=\"n\">(\S+) / (\d+)</td>.*?</tr>",
        index,
        re.S,
    )
    assert row and (row[1], row[2]) == ("3", "3")
    assert "43.9 – 100.0 %" in row[0]
    links = re.findall(r'href="((?:apps|sdks)/\w+\.html)"', index)
    assert len(links) == 4 and all((out / link).is_file() for link in links)
    sdk = (out / next(link for link in links if link.startswith("sdks/"))).read_text("utf-8")
    assert "3.1" in sdk and "3.2" in sdk and "before a decision" in sdk
    pages = [path.read_text("utf-8") for path in out.rglob("*.html")]
    assert not any("<script" in page or "http:" in page or "https:" in page for page in pages)
    assert not [value for value in VALUES.values() for page in pages if value in page]


@pytest.fixture(scope="module")
def three_owners(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("owners")
    archive = Archive(str(top / "a"), make=True)
    for number, cls in enumerate(("com.example.shop.Main", "com.acme.push.Core", "cn.beacon.analytics.Beacon")):
        assert archive.add(make(top / str(number), cls=cls, start=T0 + number)).how == "added"
    return top / "a"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_name_rules_and_whose_code_it_is(monitor: Run, three_owners: Path, tmp_path: Path, lang: str) -> None:
    """No code alone, and no word of the tables' own."""
    assert monitor("archive", "report", three_owners, "-o", "out", "--lang", lang).returncode == 0
    pages = {path: path.read_text("utf-8") for path in (tmp_path / "out").rglob("*.html")}
    found = "".join(pages.values())
    cells = {unescape(cell) for cell in re.findall(r"<t[dh][^>]*>(?:<a[^>]*>)?([^<]*)", found)}
    assert {t("sdk.app", lang), t("sdk.unlisted", lang, package="com.acme")} <= cells
    assert not {"app", "lib:com.acme", "example_beacon"} & cells
    rules = [cell for cell in cells if re.match(r"[A-Z]{3}-\d\d", cell)]
    assert rules and all(len(cell) > 9 for cell in rules)
    assert any("COL-01 " in cell for cell in rules)


def test_the_data_has_its_dictionary(monitor: Run, place: Path, tmp_path: Path) -> None:
    assert monitor("archive", "report", place, "-o", "out", "--lang", "zh").returncode == 0
    data = tmp_path / "out" / "data"
    known: dict[str, set[str]] = {}
    for row in csv.DictReader(io.StringIO((data / "dictionary.csv").read_text("utf-8-sig"))):
        known.setdefault(row["table"], set()).add(row["column"])
        assert row["meaning"] and row["version"] == "2"
    for path in data.glob("*.parquet"):
        table = pq.read_table(path)
        assert set(table.column_names) == known.pop(path.stem)
        lines = (data / f"{path.stem}.csv").read_text("utf-8")
        assert lines.count("\n") == table.num_rows + 1
        assert not [value for value in VALUES.values() if value in lines or value in str(table.to_pylist())]
    assert not known


def test_no_cell_of_the_csv_is_a_formula(monitor: Run, tmp_path: Path) -> None:
    """A host is the app's own text."""
    archive = Archive(str(tmp_path / "a"), make=True)
    hosts = ["=1+1.example", "\r=1", " @sum(1)", "＝1", "|x", "plain.example"]
    for number, host in enumerate(hosts):
        assert archive.add(make(tmp_path / str(number), host=host, start=T0 + number)).how == "added"
    assert monitor("archive", "report", "a", "-o", "out").returncode == 0
    text = (tmp_path / "out/data/transfers.csv").read_bytes().decode()
    told = monitor("archive", "query", "a", "--csv", "--sql", "SELECT host FROM transfers").stdout
    for found in (text, told):
        rows = {row["host"] for row in csv.DictReader(io.StringIO(found, newline=""))}
        assert {row.replace("\n", "\r") for row in rows} == {f"'{host}" for host in hosts[:-1]} | {hosts[-1]}
    exact = pq.read_table(tmp_path / "out/data/transfers.parquet")["host"].to_pylist()
    assert sorted(exact) == sorted(hosts)


def test_a_gate_on_what_is_new(monitor: Run, tmp_path: Path) -> None:
    """New in the second build in two of its three sessions."""
    archive = Archive(str(tmp_path / "a"), make=True)
    for number, (version, sends) in enumerate(((1, False), (2, True), (2, True), (2, False))):
        archive.add(make(tmp_path / str(number), version=version, sends=sends, start=1_790_000_000_000_000 + number))
    words = ("archive", "query", "a", "gate", "--set", "app=com.example.shop", "--fail-on-rows", "--csv")
    done = monitor(*words, "--set", "k=2")
    assert done.returncode == 1 and {line.split(",")[7] for line in done.stdout.splitlines()[1:]} == {"2"}
    assert monitor(*words, "--set", "k=3").returncode == 0
    assert monitor(*words, "--set", "k=two").returncode == 2
