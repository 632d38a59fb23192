"""Rules: one YAML file each in ``monitor/rules``, read, checked and compiled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from monitor.analysis.judge import Judge, filters
from monitor.analysis.model import Clause, RuleFile
from monitor.analysis.patterns import TYPES
from monitor.errors import InputError
from monitor.paths import package_data
from monitor.yamlfile import load, parse

PACKS = ("cn", "gdpr", "play", "coppa")
PROFILES = ("guide", "lab", "store")


class Rule:
    """A rule with its judges. ``text`` is the file as it was read."""

    def __init__(self, text: RuleFile, path: Path, packs: Sequence[str], profile: str) -> None:
        self.text = text
        self.path = path
        self.id = text.id
        self.packs = tuple(packs)
        self.profile = profile
        self.clauses = [(pack, clause) for pack in packs for clause in text.clauses.get(pack, [])]  # type: ignore[call-overload]
        self._check()

    def judges(self) -> list[Judge]:
        """New judges: they hold state, so every analysis has its own."""
        made = []
        for pattern in self.text.match:
            if pattern.packs and not set(pattern.packs) & set(self.packs):
                continue
            judge = TYPES[pattern.type](pattern, self.profile, f"{self.path}: {pattern.name}")
            if not judge.off:
                made.append(judge)
        return made

    def cited(self, packs: Sequence[str]) -> list[tuple[str, Clause]]:
        """The clauses of the chosen packs, of ``packs`` alone if there are any."""
        return [(pack, clause) for pack, clause in self.clauses if not packs or pack in packs]

    def _check(self) -> None:
        """Compile everything once, so that a fault shows when the rule is read."""
        for pattern in self.text.match:
            where = f"{self.path}: {pattern.name}"
            TYPES[pattern.type](pattern, self.profile, where)
            for find in (pattern.after, pattern.not_after, pattern.followed_by, pattern.not_followed_by):
                if find is not None:
                    filters(find, where)
            for pack in pattern.packs:
                if not self.text.clauses.get(pack):
                    raise InputError(f"a pattern for the pack {pack} needs clauses of it", where=where)
            needs_scope = pattern.type in ("before_consent", "after_refusal", "repeat_after")
            if needs_scope and not pattern.scopes:
                raise InputError(f"the type {pattern.type} needs 'scopes'", where=where)
            if pattern.type == "undisclosed" and not pattern.field:
                raise InputError("the type undisclosed needs 'field'", where=where)

    def as_dict(self) -> dict[str, Any]:
        """Everything about the rule as plain data, for ``rules list --json`` and ``explain``."""
        data = self.text.model_dump(exclude={"examples"})
        data["type"] = ", ".join(dict.fromkeys(p.type for p in self.text.match))
        data["clauses"] = [{"pack": pack, **clause.model_dump()} for pack, clause in self.clauses]
        data["examples"] = [example.name for example in self.text.examples]
        return data


def load_rules(
    packs: Iterable[str] = PACKS, profile: str = "guide", directory: Path | None = None, extra: Sequence[Path] = ()
) -> list[Rule]:
    """All rules by id, with the clauses of the chosen packs; a rule without a clause in any of them is left out.

    ``extra``: further rule files; one with the id of a bundled rule takes its place. Raises ``InputError`` for an
    unknown pack or profile and for the first fault of a file.
    """
    chosen = list(dict.fromkeys(packs)) or list(PACKS)
    for pack in chosen:
        if pack not in PACKS:
            raise InputError(f"unknown pack {pack!r}", hint="packs: " + ", ".join(PACKS))
    if profile not in PROFILES:
        raise InputError(f"unknown profile {profile!r}", hint="profiles: " + ", ".join(PROFILES))
    found: dict[str, Rule] = {}
    for path in sorted((directory or package_data("rules")).glob("*.yaml")):
        rule = read_rule(path, chosen, profile)
        if rule.id in found:
            raise InputError(f"{rule.id} stands twice", where=str(path))
        if path.stem != rule.id:
            raise InputError(f"the file of {rule.id} must be named {rule.id}.yaml", where=str(path))
        found[rule.id] = rule
    for path in extra:
        rule = read_rule(path, chosen, profile)
        found[rule.id] = rule
    return [found[key] for key in sorted(found) if found[key].clauses]


def read_rule(path: Path, packs: Sequence[str] = PACKS, profile: str = "guide") -> Rule:
    """One rule file. Raises ``InputError``."""
    return Rule(parse(RuleFile, load(path), str(path)), path, packs, profile)
