"""A running app by an outside author, careless and careful, with what was known of it before it first ran."""

import json
from pathlib import Path
from typing import Any

import pytest

from monitor.base.paths import bundled
from tests import command

pytestmark = pytest.mark.device


def play(name: str, folder: Path) -> list[dict[str, Any]]:
    """The findings of a session."""
    steps, bundle = bundled("scenarios") / "running" / f"{name}.yaml", folder / "bundle"
    done = command.run("run", steps, "--quiet", "--out", bundle, cwd=folder)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in (bundle / "findings.jsonl").read_text("utf-8").splitlines()]


def test_the_careless_build_is_found_out(tmp_path: Path) -> None:
    found = play("careless", tmp_path)
    evidence = {(f["rule"], f["data_type"] or f["permission"].rpartition(".")[2], f["sdk"]) for f in found
                if f["status"] == "evidenced"}  # fmt: skip
    assert evidence >= {
        ("COL-01", "android_id", "app"),
        ("COL-02", "android_id", "mingque"),  # its provider starts by itself
        ("COL-02", "sim_op", "mingque"),
        ("COL-03", "android_id", "mingque"),  # JSON, compressed
        ("COL-09", "sim_op", "mingque"),
        ("COL-09", "android_id", "huitui"),
        ("SHR-05", "android_id", "huitui"),  # a digest in a header
        ("SHR-01", "location", "app"),  # to an undisclosed recipient
        ("COL-11", "location", "app"),
        ("SHR-02", "oaid", ""),  # base64 of JSON in a field of JSON
        ("PRM-02", "READ_CONTACTS", ""),  # with the tap that agrees
        ("PRM-04", "READ_CONTACTS", ""),  # the second dialog of one request
        ("PRM-06", "READ_CONTACTS", ""),
    }
    assert {f["rule"] for f in found if f["status"] == "evidenced"} >= {"CON-02", "PRM-03"}
    assert {f["status"] for f in found if f["rule"] == "CON-04"} == {"review"}


def test_the_careful_build_is_left_alone(tmp_path: Path) -> None:
    found = play("careful", tmp_path)
    assert [(f["rule"], f["pattern"], f["data_type"]) for f in found if f["status"] == "evidenced"] == []
