"""The short names by which rules cite clauses: none of them is for people to read."""

from __future__ import annotations

import re
from functools import cache

from monitor.knowledge.law import load_clauses


@cache
def _codes() -> re.Pattern[str]:
    clauses = load_clauses().values()
    # The number of a standard is its name in the field.
    names = " ".join(f"{clause.name('en')} {clause.name('zh')} {clause.number}" for clause in clauses)
    codes = sorted((clause.ref for clause in clauses if clause.ref not in names), key=len, reverse=True)
    assert len(codes) > 150
    return re.compile(rf"(?<![\w.-])({'|'.join(map(re.escape, codes))})(?![\w.-])")


def bare_codes(text: str) -> set[str]:
    """The codes that occur in a text."""
    return set(_codes().findall(text))
