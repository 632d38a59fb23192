"""What an archive answers: ready questions against what the sessions hold, and SQL that reaches nothing else."""

from __future__ import annotations

import csv
import io
import json
import resource
from pathlib import Path
from typing import Any

import duckdb
import pytest

from monitor.archive import sql
from monitor.archive.archive import Archive
from monitor.archive.facts import Context
from monitor.archive.sql import Tables, questions
from monitor.base.errors import EnvironmentFault, InputError

from .conftest import Run
from .samples import QUARTER, T0, make


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two apps in two quarters; of one a second build that sends no more; three repetitions, one of which differs."""
    top = tmp_path_factory.mktemp("questions")
    archive = Archive(str(top / "a"), make=True)
    sdks = (("example_beacon", "3.1"),)
    sessions: list[tuple[dict[str, Any], Context]] = [
        ({"start": T0 - QUARTER}, Context(category="shopping", sdks=sdks)),
        ({"version": 2, "sends": False}, Context(category="shopping")),
        ({"app": "com.example.quiet", "sends": False, "reads": "sms"}, Context(category="tools")),
        *(({"app": "com.example.often", "sends": number < 3, "start": T0 + number}, Context("p", "1", number, "tools"))
          for number in (1, 2, 3)),
    ]  # fmt: skip
    for number, (options, context) in enumerate(sessions):
        assert archive.add(make(top / str(number), **options), context=context).how == "added"
    return top / "a"


def answer(monitor: Run, place: Path, *words: object) -> list[dict[str, Any]]:
    done = monitor("archive", "query", place, *words, "--json")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_early_reads(monitor: Run, place: Path) -> None:
    (row,) = answer(monitor, place, "early-reads")
    assert row == {"sdk": "example_beacon", "apps": 2, "tested": 3, "sessions": 5, "calls": 10, "low": 0.2077,
                   "high": 0.9385}  # fmt: skip
    assert [row["apps"] for row in answer(monitor, place, "early-reads", "--set", "data_type=sms")] == [1]


def test_rule_by_category(monitor: Run, place: Path) -> None:
    rule = answer(monitor, place, "--sql", "SELECT rule FROM findings WHERE data_type='android_id' AND recipient<>'' "
                  "AND status='evidenced' GROUP BY rule HAVING count(DISTINCT app)=2 LIMIT 1")[0]["rule"]  # fmt: skip
    rows = answer(monitor, place, "rule-by-category", "--set", f"rule={rule}")
    assert [(row["category"], row["apps"], row["tested"], row["share"]) for row in rows] == [
        ("shopping", 1, 1, 1.0), ("tools", 1, 2, 0.5),
    ]  # fmt: skip


def test_changed_since_the_last_quarter_and_build(monitor: Run, place: Path) -> None:
    rows = answer(monitor, place, "changed-quarter")
    assert {(row["before_from"], row["before_tested"], row["now_from"], row["now_tested"]) for row in rows} == {
        ("2026-04", 1, "2026-07", 3)
    }
    assert not any(row["clear"] for row in rows)  # one app against three shows nothing
    gone = answer(monitor, place, "changed-build")
    assert {(row["app"], row["old"], row["new"], row["what"]) for row in gone} == {
        ("com.example.shop", "1.1", "1.2", "gone")
    }
    assert answer(monitor, place, "changed-build", "--set", "app=com.example.quiet") == []


def test_receivers_by_version_of_the_sdk(monitor: Run, place: Path) -> None:
    rows = answer(monitor, place, "receivers")
    assert {(row["host"], row["org"]) for row in rows} == {("collect.beacon-analytics.cn", "example_beacon")}
    assert sum(row["sessions"] for row in rows) == 3 and all(row["before_consent"] for row in rows)


def test_unstable(monitor: Run, place: Path) -> None:
    rows = answer(monitor, place, "unstable")
    assert rows and {(row["app"], row["k"], row["n"]) for row in rows} == {("com.example.often", 2, 3)}
    assert {(row["low"], row["high"]) for row in rows} == {(0.2077, 0.9385)}
    assert any("nothing_readable" in row["elsewhere"] for row in rows), rows  # there it sent nothing


def test_consent_of_a_read_is_told(monitor: Run, place: Path) -> None:
    rows = answer(monitor, place, "--sql", "SELECT data_type, consent, sum(count)::INT AS n FROM reads "
                  "WHERE app='com.example.quiet' GROUP BY ALL ORDER BY ALL")  # fmt: skip
    assert [(row["data_type"], row["consent"], row["n"]) for row in rows] == [
        ("android_id", "granted", 1),
        ("sms", "before", 2),
    ]


def test_lists(monitor: Run, place: Path) -> None:
    listed = monitor("archive", "query", place, LC_ALL="zh_CN.UTF-8").stdout
    assert all(name in listed for name in questions()) and "哪些 SDK" in listed
    assert "剪贴板" not in listed and "同意" in monitor("archive", "query", place, "--tables", "--lang", "zh").stdout
    explained = monitor("archive", "query", place, "early-reads", "--explain").stdout
    assert "FROM reads" in explained and "-- $data_type = clipboard" in explained
    rows = list(csv.reader(io.StringIO(monitor("archive", "query", place, "early-reads", "--csv").stdout)))
    assert rows[0][0] == "sdk" and rows[1][0] == "example_beacon"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "SELECT * FROM glob('/*')",
        "COPY findings TO '{0}/out.csv'", "ATTACH '{0}/x.db'", "SET enable_external_access = true", "INSTALL httpfs",
        "CREATE TABLE x (a INT)", "DELETE FROM findings", "SELECT 1; SELECT 2", "PRAGMA database_list", "nonsense", "",
        "SELECT getenv('HOME')", "SELECT * FROM place", "EXPLAIN SELECT 1", "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM parquet_scan('{0}/a/*')", "SELECT * FROM sqlite_scan('x', 'y')",
    ],
)  # fmt: skip
def test_sql_reaches_nothing_else(monitor: Run, place: Path, tmp_path: Path, sql: str) -> None:
    done = monitor("archive", "query", place, "--sql", sql.format(tmp_path) or " ")
    assert done.returncode == 2 and done.stdout == "" and "root:" not in done.stderr, done.stdout
    assert not list(tmp_path.glob("*.csv")) and not list(tmp_path.glob("x.db"))


def test_answers_are_bounded(place: Path) -> None:
    parts = Archive(str(place)).parts
    with Tables(parts, rows=2) as tables:
        found = tables.ask("SELECT * FROM findings")
        assert len(found.rows) == 2 and found.more
    with Tables(parts, seconds=0.3) as tables, pytest.raises(InputError, match=r"took more than 0\.3 s"):
        tables.ask("SELECT count(*) FROM range(1000000000) a, range(1000000000) b WHERE a.range * b.range % 7 = 3")


def test_large_answers_are_refused(place: Path) -> None:
    """By their bytes; and by what the process takes for one text, which DuckDB does not count."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    with Tables(Archive(str(place)).parts, rows=1000) as tables:
        with pytest.raises(InputError, match="an answer of more than 64 MB"):
            tables.ask("SELECT repeat('x', 1000000) FROM range(1000)")
        with pytest.raises(EnvironmentFault, match="too much memory"):
            tables.ask("SELECT repeat('x', 4000000000)")
        assert tables.ask("SELECT 1").rows == [(1,)]
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_wilson_by_the_book() -> None:
    """Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    with duckdb.connect(":memory:") as asked:
        for macro in sql.MACROS:
            asked.execute(macro)
        for k, n, *range_ in (
            (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718),
        ):  # fmt: skip
            found = asked.execute("SELECT wilson_low($1, $2), wilson_high($1, $2)", [k, n]).fetchone()
            assert found == pytest.approx(range_, abs=1e-4)
        assert asked.execute("SELECT wilson_low(0, 0)").fetchone() == (None,)


@pytest.mark.parametrize("words", [(), ("early-reads",)])
def test_where_no_archive_is_nothing_can_be_asked(monitor: Run, words: tuple[str, ...]) -> None:
    done = monitor("archive", "query", "nothere", *words, "--lang", "en")
    assert done.returncode == 2 and not done.stdout and done.stderr.count("\n") == 1
    assert "nothere: there is no archive (monitor archive add makes one" in done.stderr
    assert ("; questions: " in done.stderr and "early-reads" in done.stderr) == (not words)


def test_refusals(monitor: Run, place: Path) -> None:
    for words, said in (
        (("no-such",), "no such question"), (("early-reads", "--set", "x=1"), "no such parameter"),
        (("early-reads", "--set", "x"), "not NAME=VALUE"), (("early-reads", "--sql", "SELECT 1"), "exclude each other"),
    ):  # fmt: skip
        done = monitor("archive", "query", place, *words)
        assert done.returncode == 2 and said in done.stderr
