"""A declaration compared with a session, in both directions: observed but not declared, declared but not observed.

The second direction is information only: a session shows only what it exercised.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

import msgspec

from monitor.analysis.declaration.observed import Observed, Seen
from monitor.analysis.guarded import short
from monitor.analysis.listed import identified, plain
from monitor.knowledge.tables import Organisation, Sdk
from monitor.session.declaration import Declaration, DeclaredSdk, Recipient, covers

OBSERVED, DECLARED = "observed", "declared"


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One difference. ``only``: the side that has it, observed or declared."""

    only: str
    kind: str
    """data_type, sdk, sdk_type, recipient, recipient_type or permission."""
    name: str
    detail: str = ""
    """For ``sdk_type`` and ``recipient_type`` the data type; for a recipient its hosts."""
    count: int = 0
    events: list[int] = []
    attempted: bool = False
    """Attempted only: no value was returned or observed leaving."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The differences and what could not be compared because the declaration has no such block."""

    differences: list[Difference]
    silent: list[str]
    """Blocks that the declaration leaves out: collection, permissions, sdks, recipients."""
    agreeing: int
    """Observed things that are declared."""


def compare(
    observed: Observed, declaration: Declaration, manifest: Iterable[str] = (), *,
    sdks: Mapping[str, Sdk] | None = None, organisations: Mapping[str, Organisation] | None = None,
) -> Comparison:  # fmt: skip
    """``manifest``: permissions that the app's manifest names. The tables map IDs to names."""
    sides = _Sides(observed, declaration, sdks or {}, organisations or {})
    blocks = {"collection": sides.types(), "permissions": sides.permissions(manifest), "sdks": sides.sdks(),
              "recipients": sides.recipients()}  # fmt: skip
    silent = [name for name in blocks if getattr(declaration, name) is None]
    differences = [found for name, differing in blocks.items() if name not in silent for found in differing]
    return Comparison(differences=differences, silent=silent, agreeing=sides.agreeing)


class _Sides:
    def __init__(
        self, observed: Observed, declaration: Declaration, sdks: Mapping[str, Sdk], orgs: Mapping[str, Organisation]
    ) -> None:
        self.observed = observed
        self.declaration = identified(declaration, sdks)
        self._orgs = orgs
        self.agreeing = 0

    def types(self) -> Iterator[Difference]:
        """Kinds of personal information; a library's own entry declares them, too."""
        listed = {t for sdk in self.declaration.sdks or [] for t in sdk.data_types}
        yield from self._both("data_type", self.observed.types, set(self.declaration.entries), listed)

    def permissions(self, manifest: Iterable[str]) -> Iterator[Difference]:
        """Permissions requested or listed in the manifest, by the last part of their names."""
        seen = {short(name): one for name, one in self.observed.permissions.items()}
        seen = {short(name): Seen() for name in manifest} | seen
        yield from self._both("permission", seen, {short(p.name) for p in self.declaration.permissions or []})

    def sdks(self) -> Iterator[Difference]:
        """Libraries, and the kinds of data that each read or sent."""
        matched: dict[str, DeclaredSdk] = {}
        for name, seen in sorted(self.observed.sdks.items()):
            entry = self.declaration.sdk(name)
            yield from self._entry("sdk", name, seen, entry, sorted(seen.data_types))
            for data_type in sorted(set(entry.data_types) - seen.data_types if entry else ()):
                yield Difference(only=DECLARED, kind="sdk_type", name=name, detail=data_type)
            matched |= {name: entry} if entry else {}
        for sdk in self.declaration.sdks or []:
            if not any(sdk is one for one in matched.values()):
                yield Difference(only=DECLARED, kind="sdk", name=sdk.id or sdk.name)

    def recipients(self) -> Iterator[Difference]:
        """Recipients other than the operator, and the data types sent to each."""
        matched: dict[str, Recipient] = {}
        for name, seen in sorted(self.observed.recipients.items()):
            if all(covers(self.declaration.operator.domains, host) for host in seen.hosts):
                continue
            entry = self._recipient(name, seen)
            yield from self._entry("recipient", name, seen, entry, sorted(seen.hosts)[:5])
            matched |= {name: entry} if entry else {}
        for one in self.declaration.recipients or []:
            if not any(one is entry for entry in matched.values()):
                yield Difference(only=DECLARED, kind="recipient", name=one.org, detail=", ".join(one.hosts[:5]))

    def _entry(
        self, kind: str, name: str, seen: Seen, entry: DeclaredSdk | Recipient | None, detail: Iterable[str]
    ) -> Iterator[Difference]:
        """What was seen of somebody and is not in the entry; ``detail``: what is told of whom no entry names."""
        if entry is None:
            yield _seen(kind, name, seen, ", ".join(detail))
            return
        self.agreeing += 1
        for data_type in sorted(seen.data_types - set(entry.data_types)):
            yield _seen(f"{kind}_type", name, seen, data_type)

    def _recipient(self, name: str, seen: Seen) -> Recipient | None:
        """The entry by its organisation, by a host, or by a name of the tables."""
        if found := next((r for h in ("", *sorted(seen.hosts)) if (r := self.declaration.recipient(name, h))), None):
            return found
        table = self._orgs.get(name)
        names = {plain(n) for n in (table.name, table.name_zh) if n} if table else set()
        return next((r for r in self.declaration.recipients or [] if plain(r.org) in names), None)

    def _both(
        self, kind: str, seen: Mapping[str, Seen], own: Set[str], elsewhere: Set[str] = frozenset()
    ) -> Iterator[Difference]:
        """In both directions; what is declared ``elsewhere`` need not be seen."""
        known = own | elsewhere
        self.agreeing += len(known & seen.keys())
        yield from (_seen(kind, name, seen[name]) for name in sorted(seen.keys() - known))
        yield from (Difference(only=DECLARED, kind=kind, name=name) for name in sorted(own - seen.keys()))


def _seen(kind: str, name: str, seen: Seen, detail: str = "") -> Difference:
    attempted = kind == "data_type" and not seen.values
    return Difference(
        only=OBSERVED, kind=kind, name=name, detail=detail, count=seen.count, events=seen.events, attempted=attempted
    )


def undeclared(comparison: Comparison) -> Sequence[Difference]:
    """The direction that matters: observed but not declared."""
    return [d for d in comparison.differences if d.only == OBSERVED]
