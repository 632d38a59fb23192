"""All examples of a rule: those in its own file, which explain it, and the further ones in ``tests/rules/ID.yaml``.

There, an entry begins with the expected result and the name (``fires: NAME``), and ``screen: NAME`` in a window
stands for what ``screens.yaml`` shows under that name. All else is written as in the file of a rule.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from monitor.analysis.rules.load import Rule
from monitor.analysis.rules.model import EXPECTED, Example
from monitor.base.yamlfile import load, own_table, parse

FOLDER: Final = Path(__file__).parent
SCREENS: Final = FOLDER / "screens.yaml"


def examples_of(rule: Rule) -> list[Example]:
    """The explaining and the further examples of a bundled rule."""
    return [*rule.text.examples, *further_examples(rule.id)]


@cache
def further_examples(rule: str) -> list[Example]:
    """Those of ``tests/rules/ID.yaml``; none where there is no such file."""
    path = FOLDER / f"{rule}.yaml"
    return [_example(entry, str(path)) for entry in load(path)] if path.exists() else []


def _example(entry: dict[str, Any], where: str) -> Example:
    expect = next(iter(entry))
    assert expect in EXPECTED, f"{where}: an example begins with one of {', '.join(EXPECTED)}, not with {expect!r}"
    rest = {key: value for key, value in entry.items() if key != expect}
    events = [_event(raw) for raw in rest.pop("events")]
    return parse(Example, {"name": entry[expect], "expect": expect, "events": events, **rest}, where)


def _event(raw: dict[str, Any]) -> dict[str, Any]:
    shown = own_table(SCREENS)[raw["screen"]] if "screen" in raw else {}
    return {key: value for key, value in raw.items() if key != "screen"} | shown
