"""What reports take from the tables: names of SDKs and organisations, texts of rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from monitor.analysis.rules.load import PACKS, Rule, load_rules
from monitor.analysis.rules.wording import worded
from monitor.declaration import Declaration, none
from monitor.errors import InputError
from monitor.law import Provision, load_clauses
from monitor.paths import package_data
from monitor.tables import Organisation, Sdk, load_organisations, load_sdks
from monitor.yamlfile import load_all


class Names(NamedTuple):
    """The tables that an assessment used. ``rules``: rule files by id, as data; ``checked``: the same, compiled."""

    sdks: Mapping[str, Sdk]
    organisations: Mapping[str, Organisation]
    rules: Mapping[str, Mapping[str, Any]]
    checked: Mapping[str, Rule] = {}
    declaration: Declaration = none()
    own: tuple[str, ...] = ()
    """IDs of rules that are the user's own, and of those of them that stand in for built-in ones."""
    replaced: tuple[str, ...] = ()

    def clauses(self) -> dict[str, Provision]:
        """The provisions that the rules cite, by their short name; those of this version where none are kept."""
        found = {p.ref: p for rule in self.checked.values() for _, p in rule.clauses}
        return found or load_clauses()


def rule_texts(files: Mapping[str, str], packs: Collection[str] = PACKS) -> dict[str, Mapping[str, Any]]:
    """Rule files (name to text) by id: titles, advice and guideline items, with what a description adds under these
    packs (none = all). The analysis validates them, reports only read them; what is not YAML is skipped."""
    found: dict[str, Mapping[str, Any]] = {}
    for name, text in sorted(files.items()):
        data = _document(name, text)
        if isinstance(data, dict) and isinstance(data.get("id"), str):
            found[data["id"]] = _under(data, packs or PACKS)
    return found


def _under(rule: Mapping[str, Any], packs: Collection[str]) -> Mapping[str, Any]:
    every = rule.get("pack_notes")
    notes = [note for pack, note in every.items() if pack in packs] if isinstance(every, dict) else []
    en = " ".join([str(rule.get("description", "")), *(str(note["en"]) for note in notes)])
    zh = str(rule.get("description_zh", "")) + "".join(str(note["zh"]) for note in notes)
    noted = {**rule, "description": en, "description_zh": zh} if notes else rule
    return {**noted, **worded(noted, packs)}


@lru_cache(512)
def _document(name: str, text: str) -> Any:
    """The first document of a file, None where there is none."""
    try:
        return next(iter(load_all(text, name)), None)
    except InputError:
        return None


@cache
def todays() -> Names:
    """The tables of this version; empty where they cannot be read."""
    files = {path.name: path.read_text("utf-8") for path in package_data("rules").glob("**/*.yaml")}
    try:
        checked = {rule.id: rule for rule in load_rules()}
        return Names(load_sdks(), load_organisations(), rule_texts(files), checked)
    except InputError:
        return Names({}, {}, rule_texts(files))
