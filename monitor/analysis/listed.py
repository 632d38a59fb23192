"""Which libraries of the tables an operator's list of libraries names: it states them in its own words."""

from collections import Counter
from collections.abc import Mapping

from monitor.base.errors import InputError, nearest
from monitor.knowledge.tables import Sdk
from monitor.session.declaration import Declaration, DeclaredSdk, covers


def plain(name: str) -> str:
    """A name for comparison: without case, blanks or ``SDK``."""
    return "".join(name.casefold().split()).replace("sdk", "")


def identified(declaration: Declaration, sdks: Mapping[str, Sdk]) -> Declaration:
    """The declaration, which then knows its libraries (``Declaration.sdk``) under the IDs of the tables, too: by their
    packages, one above the other, by their hosts, and by a name or vendor that only one library has. Of several entries
    the one that says most wins: the longest package, before hosts, before names."""
    if not declaration.sdks or not sdks:
        return declaration
    names = Counter(name for sdk in sdks.values() for name in _names(sdk))
    vendors = Counter(plain(sdk.vendor) for sdk in sdks.values())
    makers = [{sdk.org for sdk in sdks.values() if _overlap(item, sdk)} for item in declaration.sdks]
    found: dict[str, DeclaredSdk] = {}
    for sdk in sdks.values():
        alone = {name for name in _names(sdk) if names[name] == 1}
        maker = plain(sdk.vendor) if vendors[plain(sdk.vendor)] == 1 else ""
        likeness = [_likeness(item, sdk, alone, maker, makers[n]) for n, item in enumerate(declaration.sdks)]
        if best := max(likeness):
            found[sdk.id] = declaration.sdks[likeness.index(best)]
    return declaration.knowing(found)


def _names(sdk: Sdk) -> set[str]:
    return {plain(name) for name in (sdk.name, sdk.name_zh) if name}


def _overlap(item: DeclaredSdk, sdk: Sdk) -> int:
    """Rank of the longest package that both have, 0 = none: of the same, first who declares the whole."""
    pairs = ((a, b) for a in item.package_prefixes for b in sdk.packages)
    related = ((a, b) for a, b in pairs if f"{a}.".startswith(f"{b}.") or f"{b}.".startswith(f"{a}."))
    return max((2 * min(len(a), len(b)) + (len(a) <= len(b)) for a, b in related), default=0)


def _likeness(item: DeclaredSdk, sdk: Sdk, names: set[str], maker: str, makers: set[str]) -> int:
    """How well an entry tells that it is this library, 0 = not at all. ``makers``: whose packages it names; a host that
    these share with others is none of the others'."""
    if rank := _overlap(item, sdk):
        return rank + 3
    shared = any(covers([a], b) or covers([b], a) for a in item.hosts for b in sdk.hosts)
    if shared and (not makers or sdk.org in makers):
        return 3
    if plain(item.name) in names:
        return 2
    nameless = not (item.id or item.package_prefixes or item.hosts)
    return int(nameless and bool(maker) and maker in (plain(item.name), plain(item.vendor)))


def wide(declaration: Declaration, sdks: Mapping[str, Sdk]) -> list[tuple[str, str]]:
    """Prefixes above libraries of the tables that several makers have, all of which then count as declared: place, and
    which they are."""
    found: list[tuple[str, str]] = []
    for item in declaration.sdks or []:
        for prefix in item.package_prefixes:
            under = [sdk for sdk in sdks.values() if any(one.startswith(f"{prefix}.") for one in sdk.packages)]
            if len({sdk.org or sdk.vendor for sdk in under}) > 1:
                found.append((f"sdks.{item.name}", f"{prefix}: {', '.join(sorted(sdk.name for sdk in under))}"))
    return found


def check_ids(declaration: Declaration, sdks: Mapping[str, Sdk], where: str) -> None:
    """Raise ``InputError`` for an ID that no table has and that nothing else tells, or that is nearly one of them."""
    for number, item in enumerate(declaration.sdks or []):
        if not item.id or item.id in sdks:
            continue
        near = sorted(sdk.id for sdk in sdks.values() if sdk.org == item.id or sdk.id.startswith(f"{item.id}_"))
        if near or not (item.package_prefixes or item.hosts):
            hint = "one of: " + ", ".join(near) if near else nearest(item.id, sdks)
            if not near and not hint.startswith("did"):
                hint = "leave it out and state package_prefixes or hosts"
            raise InputError(f"sdks.{number}.id: no library {item.id!r} in the tables", where=where, hint=hint)
