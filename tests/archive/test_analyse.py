"""All bundles assessed anew: what changes, and that nothing is written."""

from __future__ import annotations

import json
import shutil
from argparse import Namespace
from pathlib import Path

from bench import bench_cluster
from monitor.base.paths import package_data

from .conftest import Run
from .samples import make


def test_rules_of_the_users_own_over_all_bundles(monitor: Run, tmp_path: Path) -> None:
    for number in range(3):
        make(tmp_path / str(number), app=f"com.example.a{number}", sends=number > 0)
    assert monitor("archive", "add", "a", "0", "1", "2").returncode == 0
    rule = next(iter(json.loads(line)["rule"] for line in (tmp_path / "1/findings.jsonl").read_text().splitlines()
                     if json.loads(line)["recipient"]))  # fmt: skip
    own = tmp_path / "rules"
    own.mkdir()
    text = (package_data("rules") / f"{rule}.yaml").read_text("utf-8")
    (own / "NEW-01.yaml").write_text(text.replace(f"id: {rule}", "id: NEW-01"), "utf-8")
    before = {path: path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file()}
    done = monitor("archive", "analyse", "a", "--rules", own, "--workers", "1", "--json")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {(line["rule"], line["app"]) for line in lines} == {
        ("NEW-01", "com.example.a1"),
        ("NEW-01", "com.example.a2"),
    }
    assert {path: path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file()} == before
    shutil.rmtree(tmp_path / "a/bundles")
    done = monitor("archive", "analyse", "a", "--current")
    assert done.returncode == 4 and done.stdout.count("a bundle is missing") == 3
    assert "3 sessions assessed anew, 0 differences, 3 could not be assessed" in done.stdout
    assert monitor("archive", "analyse", "a").returncode == 2


def test_the_bench_assesses_with_one_worker_and_with_two(tmp_path: Path) -> None:
    make(tmp_path / "bundle")
    found = bench_cluster.analyse(tmp_path, Namespace(bundles=3, bundle=tmp_path / "bundle"))
    assert found["bundles"] == 3 and len(found["1"]["memory_mb"]) == len(found["2"]["memory_mb"]) == 2
