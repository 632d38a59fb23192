"""What reports take from the tables: names of SDKs and organisations, texts of rules."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from monitor.analysis.rules.load import Rule, load_rules
from monitor.base.errors import InputError
from monitor.knowledge.law import Provision, load_clauses
from monitor.knowledge.tables import Organisation, Sdk, load_organisations, load_sdks
from monitor.session.declaration import Declaration, none


class Names(NamedTuple):
    """The tables that an assessment used, each by ID; of the rules those with a clause of its packs, in their words."""

    sdks: Mapping[str, Sdk] = {}
    organisations: Mapping[str, Organisation] = {}
    rules: Mapping[str, Rule] = {}
    declaration: Declaration = none()
    own: tuple[str, ...] = ()
    """IDs of rules that are the user's own, and of those of them that stand in for built-in ones."""
    replaced: tuple[str, ...] = ()

    def clauses(self) -> dict[str, Provision]:
        """The provisions that the rules cite, by their short name; those of this version where none are kept."""
        found = {p.ref: p for rule in self.rules.values() for _, p in rule.clauses}
        return found or load_clauses()


@cache
def todays() -> Names:
    """The tables of this version; empty where they cannot be read."""
    try:
        return Names(load_sdks(), load_organisations(), {rule.id: rule for rule in load_rules()})
    except InputError:
        return Names()
