"""Every measurement still runs: each in a small form, so that none rots unseen. What it measures is not looked at."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
#: Those that start nothing.
QUICK = {
    "bench_analysis": ["--events", "1000", "--rounds", "1"],
    "bench_app": ["--classes", "20"],
    "bench_archive": ["--sessions", "130", "--added", "2"],
    "bench_consent": [],
    "bench_evidence": ["200"],
    "bench_fleet": ["--sessions", "200", "--devices", "20"],
    "bench_large": ["--events", "2000", "--steps", "1"],
    "bench_traffic": ["--identifiers", "20"],
    "adversaries": ["--before", "", "--only", "11"],
    "review": ["--before", "", "--only", "a file is added"],
}
#: Those that do, by the mark.
STARTING = {
    "bench_costs": ("jvm", ["--runtime", "jvm", "--rounds", "1", "--calls", "20"]),
    "bench_explore": ("device", ["mall", "--steps", "3", "--answers", "ignore", "--strategy", "systematic"]),
    "bench_gc": ("jvm", ["--runtime", "jvm", "--runs", "1", "--calls", "20000"]),
    "bench_hooks": ("jvm", ["--calls", "20", "--rounds", "1", "--seconds", "0.02"]),
    "bench_kinds": ("jvm", ["--runtime", "jvm", "--rounds", "1"]),
    "bench_page": ("proxy", ["--events", "300", "--runs", "1"]),
    "bench_session": ("device", ["--scenario", "{scenario}"]),
    "bench_starts": ("device", ["--starts", "1"]),
    "four_builds": ("device", ["late", "--scenario", "{scenario}"]),
    "schedules": ("device", ["1", "--scenario", "{scenario}"]),
}
#: In a process of its own, whose memory it measures.
ALONE = ["fuzz", "620", "--seed", "21"]
#: Run by other tests, which are named here.
ELSEWHERE = {
    "bench_compiled": "art/test_compiled.py",
    "broken_devices": "device/test_broken.py",
    "budget": "test_budget.py",
    "floors": "bench/test_floors.py",
    "clean_sessions": "session/test_shop.py",
    "bench_cluster": "archive/test_analyse.py",
    "kills": "evidence/test_recovery.py",
    "real_sdks": "session/test_real_sdks.py",
    "repeated_sessions": "session/test_shop.py",
    "rule_sessions": "analysis/test_sessions.py",
    "runtimes": "session/test_shop.py",
    "hostile": "session/test_hostile_apps.py",
    "refresh_tables": "test_refresh_tables.py",
    "tamper": "evidence/test_tamper.py",
}
SCENARIO = """\
appId: com.example.shop
app: shop-clean
name: short
---
- launchApp: {clearState: true}
- idle: {duration: 500ms, quiet: 1s}
"""


#: What some need besides.
EXTRAS = {"bench_page": [pytest.mark.extra("chromium")], "four_builds": [pytest.mark.extra("javac")]}


def test_each_is_run_by_some_test() -> None:
    started = {path.stem for path in (TREE / "bench").glob("*.py") if "__main__" in path.read_text("utf-8")}
    assert started == {*QUICK, *STARTING, *ELSEWHERE, ALONE[0]}
    for name, file in ELSEWHERE.items():
        assert name in (TREE / "tests" / file).read_text("utf-8"), file


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[getattr(pytest.mark, mark) for mark in marks] + EXTRAS.get(name, []))
        for name, marks in [*((name, []) for name in QUICK), *((name, [mark]) for name, (mark, _) in STARTING.items())]
    ],
)
def test_it_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = tmp_path / "short.yaml"
    scenario.write_text(SCENARIO, "utf-8")
    words = QUICK[name] if name in QUICK else STARTING[name][1]
    monkeypatch.setattr(sys, "argv", [name, *(word.format(scenario=scenario) for word in words)])
    try:
        runpy.run_module(f"bench.{name}", run_name="__main__")
    except SystemExit as end:
        assert not end.code
    assert capsys.readouterr().out.strip()


@pytest.mark.proxy
def test_one_runs_alone() -> None:
    words = [sys.executable, "-m", f"bench.{ALONE[0]}", *ALONE[1:]]
    done = subprocess.run(words, cwd=TREE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
