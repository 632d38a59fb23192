"""``monitor case``: due dates by the announced calendar, a chained log, states, and what is not known said so."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.cases import china
from monitor.evidence.lines import frame
from monitor.evidence.standalone.verify import GENESIS
from tests.cli.conftest import ROOT, Run


def lines(monitor: Run, *options: str) -> list[dict[str, Any]]:
    done = monitor("case", "list", "--json", *options)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("requested", "due"),
    [
        ("2025-09-22", "2025-10-17"),  # over the National Day week, with 28 September and 11 October worked
        ("2026-02-09", "2026-03-06"),  # over the Spring Festival, with 14 and 28 February worked
        ("2026-04-27", "2026-05-20"),  # Labour Day, 9 May worked
        ("2026-06-01", "2026-06-23"),  # Dragon Boat Festival
        ("2025-12-19", "2026-01-12"),  # New Year, 4 January worked
    ],
)
def test_due_dates_by_hand(requested: str, due: str) -> None:
    """Counted on the calendar of the announcements, day by day."""
    assert china().due(date.fromisoformat(requested)) == date.fromisoformat(due)


def test_the_announced_years_are_whole() -> None:
    """Working days of a year: weekdays, less weekdays off, plus weekends worked (2025: 248, 2026: 248)."""
    calendar = china()
    for year in (2025, 2026):
        assert calendar.between(date(year - 1, 12, 31), date(year, 12, 31)) == 248
    assert calendar.unknown(date(2025, 1, 1), date(2027, 1, 1)) == [2027]


@given(st.dates(date(2025, 1, 1), date(2026, 11, 1)))
def test_due_is_the_fifteenth_working_day(day: date) -> None:
    calendar = china()
    due = calendar.due(day)
    assert calendar.works(due) and calendar.between(day, due) == 15


def test_a_day_beyond_the_calendar_is_one_line(monitor: Run, tmp_path: Path) -> None:
    log = tmp_path / "cases.jsonl"
    entry = {"app": "a.b", "channel": "mail", "date": "9999-12-30", "evidence": [], "id": "C-0001", "right": "copy",
             "t": 1, "what": "requested"}  # fmt: skip
    log.write_bytes(frame(GENESIS, json.dumps(entry).encode()) + b"\n")
    done = monitor("case", "list", "--log", log)
    assert (done.returncode, done.stderr) == (4, "monitor: cases.jsonl: C-0001: a day beyond the calendar\n")


def test_a_case_from_request_to_answer(monitor: Run, tmp_path: Path) -> None:
    """Request, due date, evidence by digest only, answer in time; a second one is late."""
    shot = tmp_path / "shot.png"
    shot.write_bytes(b"picture of a mail to someone@example.cn")
    added = monitor("case", "add", "--app", "com.example.shop", "--right", "删除", "--channel", "mail",
                    "--date", "2025-09-22", "--evidence", shot, "--lang", "en")  # fmt: skip
    assert added.returncode == 0 and "C-0001: answer due by 2025-10-17" in added.stdout, added.stderr
    monitor(
        "case", "add", "--app", "com.example.shop", "--right", "access", "--channel", "form", "--date", "2025-09-23"
    )
    assert monitor("case", "due", "--today", "2025-10-17").returncode == 0
    overdue = monitor("case", "due", "--today", "2025-10-22", "--lang", "zh")
    assert overdue.returncode == 1 and "逾期" in overdue.stdout
    assert monitor("case", "answer", "C-0001", "--date", "2025-10-17").returncode == 0
    assert monitor("case", "answer", "C-0002", "--date", "2025-10-22", "--outcome", "refused").returncode == 0
    first, second = lines(monitor)
    assert (first["state"], first["working_days"], second["state"]) == ("in_time", 15, "late")
    assert (
        first["rule"] == "RGT-01"
        and first["documentary"]
        and any(c["ref"].startswith("191-") for c in first["clauses"])
    )
    assert len(first["evidence"][0]) == 64 and "someone" not in (tmp_path / "cases.jsonl").read_text("utf-8")


def test_a_year_without_announcement_is_provisional(monitor: Run, tmp_path: Path) -> None:
    """Nothing is called late while the holidays are unknown; a user's file supplies them."""
    for option in ([], ["--calendar", "more.yaml"]):
        if option:
            (tmp_path / "more.yaml").write_text(
                "years: {2003: {source: x, holidays: ['2003-10-01/2003-10-07'], workdays: ['2003-10-11']}}"
            )
        else:
            monitor("case", "add", "--app", "a.b", "--right", "copy", "--channel", "mail", "--date", "2003-09-22")
        (line,) = lines(monitor, "--today", "2003-10-31", *option)
        assert (line["state"], line["provisional"]) == (("late", []) if option else ("late_provisional", [2003]))
        assert line["due"] == ("2003-10-17" if option else "2003-10-13")


def test_a_changed_log_is_noticed(monitor: Run, tmp_path: Path) -> None:
    for right in ("access", "copy"):
        monitor("case", "add", "--app", "a.b", "--right", right, "--channel", "mail", "--date", "2025-09-22")
    log = tmp_path / "cases.jsonl"
    log.write_text(log.read_text("utf-8").replace("2025-09-22", "2025-09-29", 1), "utf-8")
    for command in (["list"], ["add", "--app", "a.b", "--right", "copy", "--channel", "mail"], ["answer", "C-0001"]):
        done = monitor("case", *command)
        assert done.returncode == 4 and "cases.jsonl:2" in done.stderr and done.stderr.count("\n") == 1


def test_two_at_once_keep_the_chain(monitor: Run, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "monitor", "case", "add", "--app", "a.b", "--right", "copy", "--channel", "mail"]
    run = functools.partial(subprocess.Popen, command, cwd=tmp_path, stdout=subprocess.DEVNULL)
    running = [run(env={"PYTHONPATH": str(ROOT), "PATH": ""}) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert len((tmp_path / "cases.jsonl").read_text().splitlines()) == 3
    assert {line["id"] for line in lines(monitor)} == {"C-0001", "C-0002", "C-0003"}


def test_an_answer_that_is_stated_afterwards_says_when(monitor: Run, tmp_path: Path) -> None:
    """In time by its own date, entered long after it was due; one that was entered in time says nothing."""
    words = ("--app", "a.b", "--right", "copy", "--channel", "mail")
    monitor("case", "add", *words, "--date", "2025-09-22")
    monitor("case", "answer", "C-0001", "--date", "2025-10-17")
    monitor("case", "add", *words)
    monitor("case", "answer", "C-0002")
    today = date.today().isoformat()
    assert [(line["state"], line["entered"]) for line in lines(monitor)] == [("in_time", today), ("in_time", today)]
    for lang, said in (("en", f"entered on {today}"), ("zh", f"{today} 录入")):
        told = monitor("case", "list", "--lang", lang, COLUMNS="200").stdout
        assert [said in line for line in told.splitlines() if "C-00" in line] == [True, False]


def test_no_answer_is_given_tomorrow(monitor: Run, tmp_path: Path) -> None:
    monitor("case", "add", "--app", "a.b", "--right", "copy", "--channel", "mail", "--date", "2025-09-22")
    before = (tmp_path / "cases.jsonl").read_bytes()
    done = monitor("case", "answer", "C-0001", "--date", "2099-01-01")
    assert done.returncode == 2 and "dated in the future" in done.stderr and done.stderr.count("\n") == 1
    assert (tmp_path / "cases.jsonl").read_bytes() == before


@pytest.mark.parametrize("t", ["1e400", '"x"', "null", "[]", "99999999999999999999999"])
def test_a_time_that_is_none_is_one_line(monitor: Run, tmp_path: Path, t: str) -> None:
    entry = (
        '{"app":"a.b","channel":"mail","date":"2025-09-22","evidence":[],"id":"C-0001","right":"copy","t":1,'
        '"what":"requested"}'
    )
    done = '{"date":"2025-09-23","evidence":[],"id":"C-0001","outcome":"done","t":%s,"what":"answered"}'
    first = frame(GENESIS, entry.encode())
    second = frame(sha256(first).hexdigest().encode(), (done % t).encode())
    (tmp_path / "cases.jsonl").write_bytes(first + b"\n" + second + b"\n")
    told = monitor("case", "list")
    assert (told.returncode, told.stderr) == (4, "monitor: cases.jsonl:2: not a case log entry\n")
