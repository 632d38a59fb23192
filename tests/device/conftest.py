"""Fixtures of the device tests: outputs of real devices (licence and origin of each in fixtures/device/INDEX.tsv)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[1] / "fixtures" / "device"


@pytest.fixture
def outputs() -> Callable[[str], dict[str, str]]:
    """``outputs(command)``: file name to text of every recorded output of that command."""

    def read(command: str) -> dict[str, str]:
        found = {
            path.name: path.read_bytes().decode("utf-8", "replace") for path in sorted((FIXTURES / command).iterdir())
        }
        assert found
        return found

    return read
