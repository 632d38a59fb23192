"""A sealed session that somebody changed afterwards."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest

from tests import command
from tests.session.conftest import Recorded
from tests.session.test_faults import verified

pytestmark = pytest.mark.device


def test_one_changed_byte_is_found_with_its_place(shop: Recorded, tmp_path: Path, rng: random.Random) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(shop.outcome.bundle, copy)
    verified(copy)
    (file,) = (copy / "data/events").iterdir()
    lines = file.read_bytes().split(b"\n")
    number = rng.randrange(len(lines) - 1)
    line = bytearray(lines[number])
    line[len(line) // 2] ^= 1
    lines[number] = bytes(line)
    file.write_bytes(b"\n".join(lines))
    done = command.run("verify", copy, cwd=tmp_path)
    assert done.returncode == 4
    assert re.search(rf"000001\.jsonl:({number + 1}|{number + 2})\b", done.stderr), (number, done.stderr)
