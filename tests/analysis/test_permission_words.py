"""What the catalogue notes of permissions, in words."""

from __future__ import annotations

import pytest

from monitor.analysis.explain.blocks import permission_words


@pytest.mark.parametrize(
    ("noted", "en", "zh"),
    [
        ("-", "—", "—"),
        ("CAMERA", "CAMERA", "CAMERA"),
        ("A@-28|B@29-", "A (up to API 28) or B (from API 29)", "A（至 API 28） 或 B（API 29 起）"),
        ("A@-30+B@29-30|C@31-", "A (up to API 30) and B (API 29 to 30) or C (from API 31)",
         "A（至 API 30） 及 B（API 29 至 30） 或 C（API 31 起）"),
        ("by URI", "by URI", "by URI"),
    ],
)  # fmt: skip
def test_levels_and_alternatives(noted: str, en: str, zh: str) -> None:
    assert (permission_words(noted, "en"), permission_words(noted, "zh")) == (en, zh)
