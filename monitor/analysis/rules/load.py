"""Rules: one YAML file each in ``monitor/rules``, read, checked and compiled."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from monitor.analysis.rules import matching, timed
from monitor.analysis.rules.matching import Matcher
from monitor.analysis.rules.model import RuleFile
from monitor.analysis.rules.plan import compile_rule
from monitor.analysis.rules.repeats import RepeatAfter
from monitor.base.errors import InputError
from monitor.base.paths import package_data
from monitor.base.yamlfile import load, parse
from monitor.knowledge.law import Provision, item_of, load_clauses

PACKS = ("cn", "gdpr", "play", "coppa")
PROFILES = ("guide", "lab", "store")
#: Those of patterns that the device can show: what is ``documentary`` is a line of the checklist, never a finding.
TYPES: Final[dict[str, type[Matcher]]] = {
    "before_consent": matching.BeforeConsent,
    "after_refusal": matching.AfterRefusal,
    "repeat_after": RepeatAfter,
    "rate": timed.Rate,
    "value_flow": matching.ValueFlow,
    "undisclosed": Matcher,
    "background": timed.Background,
    "sequence": timed.Sequence,
    "lasting": timed.Lasting,
    "opaque": matching.Opaque,
}


class Rule:
    """A rule with its plan. ``text`` is the file as it was read, with what it says under these packs."""

    def __init__(
        self, text: RuleFile, path: Path, packs: Sequence[str], profile: str, provisions: Mapping[str, Provision]
    ) -> None:
        self.text = text.under(packs)
        self.path = path
        self.id = text.id
        self.packs = tuple(packs)
        self.profile = profile
        by_pack = sorted((self.packs.index(pack), pack, cited) for pack, cited in text.clauses.items() if pack in packs)
        self._citations = [(pack, citation) for _, pack, cited in by_pack for citation in cited]
        if missing := [citation.ref for _, citation in self._citations if citation.ref not in provisions]:
            raise InputError(f"no such clause: {missing[0]!r}", where=str(path), hint="add it to clauses/")
        self.clauses = [(pack, provisions[citation.ref]) for pack, citation in self._citations]
        self.plan = compile_rule(text, self.packs, profile, str(path))
        """What its patterns ask, each compiled; shared by all analyses."""

    @cached_property
    def items(self) -> list[int]:
        """Items of the Shenzhen guideline that it covers: those it cites."""
        return sorted({item for _, provision in self.clauses if (item := item_of(provision.ref))})

    @cached_property
    def left_out(self) -> list[str]:
        """The patterns that only other packs have: nothing is said about them, not even by silence."""
        return [p.name or p.type for p in self.text.match if p.packs and not set(p.packs) & set(self.packs)]

    def matchers(self) -> list[Matcher]:
        """New ones for an analysis, which alone has their state."""
        return [TYPES[check.pattern.type](check) for check in self.plan]

    def cited(self, packs: Sequence[str], pattern: str, data_type: str) -> list[tuple[str, Provision]]:
        """What a finding cites: matching clauses of the chosen packs (only of ``packs`` if given)."""
        cited = zip(self.clauses, self._citations, strict=True)
        own = ((clause, citation) for clause, (pack, citation) in cited if not packs or pack in packs)
        return [clause for clause, citation in own if citation.holds(pattern, data_type)]

    def concerns(self, data_type: str) -> bool:
        """Whether the chosen packs have a clause for this data type, or the rule has none in them at all."""
        return not self._citations or any(not one.types or data_type in one.types for _, one in self._citations)

    def as_dict(self) -> dict[str, Any]:
        """The rule as plain data, for ``rules list --json`` and ``explain``."""
        data = self.text.model_dump(exclude={"examples", "pack_notes"})
        data["type"] = ", ".join(dict.fromkeys(p.type for p in self.text.match))
        data["clauses"] = [
            {"pack": pack, "ref": p.ref, "law": p.law.model_dump(), "article": p.article.model_dump(), "rank": p.rank,
             "confidence": p.confidence}
            for pack, p in self.clauses
        ]  # fmt: skip
        data["references"] = list(dict.fromkeys(p.ref for _, p in self.clauses))
        data["items"] = self.items
        data["examples"] = [example.name for example in self.text.examples]
        return data


def load_rules(
    packs: Iterable[str] = PACKS,
    profile: str = "guide",
    directory: Path | None = None,
    extra: Sequence[Path] = (),
    clauses: Path | None = None,
) -> list[Rule]:
    """All rules by ID, with the clauses of the chosen packs; a rule without a clause in any of them is omitted.

    ``directory`` and ``clauses``: rules and provisions of another version; ``extra``: further rule files; one with the
    ID of a bundled rule replaces it. Raises ``InputError`` for an unknown pack or profile and for the first error in a
    file.
    """
    chosen = list(dict.fromkeys(packs)) or list(PACKS)
    for what, known, given in (("pack", PACKS, chosen), ("profile", PROFILES, [profile])):
        if unknown := [one for one in given if one not in known]:
            raise InputError(f"unknown {what} {unknown[0]!r}", hint=f"{what}s: " + ", ".join(known))
    every = (*sorted((directory or package_data("rules")).glob("*.yaml")), *extra)
    found = {rule.id: rule for rule in _read_all(every, chosen, profile, clauses)}
    return [found[key] for key in sorted(found) if found[key].clauses]


def _read_all(
    paths: Iterable[Path], packs: Sequence[str] = PACKS, profile: str = "guide", clauses: Path | None = None
) -> list[Rule]:
    """Rules, each of a file that is named after its ID. Raises ``InputError``."""
    rules = [read_rule(path, packs, profile, clauses) for path in paths]
    for rule in rules:
        if rule.path.stem != rule.id:
            raise InputError(f"the file of {rule.id} must be named {rule.id}.yaml", where=str(rule.path))
    return rules


def checked_rules(places: Iterable[Path], clauses: Path | None = None) -> list[Rule]:
    """A user's rules, each file checked. Raises ``InputError``."""
    return _read_all(rule_files(places), clauses=clauses)


def rule_files(places: Iterable[Path]) -> list[Path]:
    """A user's rule files: files, and the YAML files of directories. Raises ``InputError`` where there are none."""
    found: list[Path] = []
    for place in places:
        files = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
        if not files:
            raise InputError("contains no rule file (*.yaml)", where=str(place))
        found += files
    return found


def read_rule(path: Path, packs: Sequence[str] = PACKS, profile: str = "guide", clauses: Path | None = None) -> Rule:
    """One rule file; this version's are read and compiled once per process. Raises ``InputError``."""
    own = path.parent == package_data("rules")
    if own and clauses is None:
        return _own(path, tuple(packs), profile)
    text = _own_text(path) if own else parse(RuleFile, load(path), str(path))
    return Rule(text, path, packs, profile, load_clauses(clauses))


@cache
def _own_text(path: Path) -> RuleFile:
    return parse(RuleFile, load(path), str(path))


@cache
def _own(path: Path, packs: tuple[str, ...], profile: str) -> Rule:
    return Rule(_own_text(path), path, packs, profile, load_clauses())
