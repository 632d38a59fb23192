"""The page on real devices: every line of its table names tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_line_has_its_test() -> None:
    page = (ROOT / "docs" / "on-a-real-device.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \|.*\| (.+) \|$", page, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 24))
    there = {name for file in (ROOT / "tests").rglob("test_*.py")
             for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)}  # fmt: skip
    for number, cell in rows:
        names = re.findall(r"`(test_\w+)`", cell)
        assert names, number
        assert set(names) <= there, (number, set(names) - there)
