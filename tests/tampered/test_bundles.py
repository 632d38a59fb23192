"""A bundle of the first format, readable forever; and tampered copies of it, each with its message."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import bagit
import pytest
import yaml

from monitor.base.errors import EvidenceDamaged
from monitor.evidence import bag
from monitor.evidence.bundle import Bundle
from monitor.evidence.lines import read_events
from monitor.evidence.standalone.verify import MANIFEST, TAG_MANIFEST
from monitor.evidence.verify import verify
from monitor.reports import Log, View, formats, render

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = yaml.load((HERE / "cases.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def standalone(bundle: Path) -> subprocess.CompletedProcess[str]:
    script = HERE.parents[1] / "monitor/evidence/standalone/verify.py"
    return subprocess.run([sys.executable, "-I", script, bundle], capture_output=True, text=True)


def test_first_format_is_read_for_ever() -> None:
    """Verified by both verifiers and by the BagIt library, decoded, and reported on in every format."""
    bundle = HERE / "v1"
    found = verify(bundle)
    assert (found.events, bool(found.results()), found.private) == (6, True, False)
    assert found.root == "367475705f77d5170cf619ce4c7074c056f0e0679fae4435085e8464034f0127"
    assert standalone(bundle).returncode == 0
    bagit.Bag(str(bundle)).validate()
    session = Bundle.open(bundle).session()
    assert session.schema_number == 1 and session.app.package == "com.example.shop"
    for name in formats():
        assert render(name, View(session, Log(read_events(bundle)), [], []))


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: case["name"] + (" with manifests" if case.get("manifests") else "")
)
def test_tampered(tmp_path: Path, case: dict[str, Any]) -> None:
    """The message names file, line and number; the stand-alone verifier refuses, too."""
    bundle = tmp_path / "bundle"
    shutil.copytree(HERE / "v1", bundle)
    path = bundle / case["file"]
    before = path.read_text("utf-8")
    if "line" in case:
        lines = before.splitlines(keepends=True)
        path.write_text("".join(lines[: case["line"] - 1] + lines[case["line"] :]), "utf-8")
    else:
        assert case["old"] in before
        path.write_text(before.replace(case["old"], case["new"], 1), "utf-8")
    if case.get("manifests"):
        text, octets, count = bag.manifest(bundle)
        (bundle / MANIFEST).write_bytes(text)
        info = (bundle / "bag-info.txt").read_text()
        (bundle / "bag-info.txt").write_text(re.sub(r"Payload-Oxum: .*", f"Payload-Oxum: {octets}.{count}", info))
        lines = (f"{bag.digest(bundle / name)}  {name}\n" for name in ("bag-info.txt", "bagit.txt", MANIFEST))
        (bundle / TAG_MANIFEST).write_text("".join(lines))
    with pytest.raises(EvidenceDamaged) as damaged:
        verify(bundle)
    assert re.search(case["message"], str(damaged.value)), str(damaged.value)
    result = standalone(bundle)
    assert result.returncode == 4 and result.stderr.startswith("CHANGED: "), result.stderr
