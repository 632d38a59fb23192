"""From patterns that were hit to matches: one per value and place."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from monitor.content.tree import ENCODINGS, Tree
from monitor.events import Match


class Owner(NamedTuple):
    """The needle to which the pattern belongs."""

    data_type: str
    tag: str
    form: str
    bounded: bool = False
    weak: bool = False
    worded: bool = False
    """It may stand in any sentence."""
    entered: bool = False
    """A name that was entered: short, but no field holds just that by chance."""


class Hit(NamedTuple):
    """A pattern in a node."""

    node: int
    owner: Owner


def settle(tree: Tree, hits: list[Hit]) -> list[Match]:
    """One match per value and place. A container's hit yields to the field inside it; a field whose value is merely
    encoded keeps its own hit, with the encoding as the form."""
    places: dict[tuple[str, str], dict[int, Owner]] = {}
    for hit in hits:
        by_node = places.setdefault((hit.owner.data_type, hit.owner.tag), {})
        known = by_node.get(hit.node)
        if known is None or _rank(hit.owner) < _rank(known):
            by_node[hit.node] = hit.owner
    matches = []
    for (data_type, tag), by_node in places.items():
        kept = {n for n in by_node if not ((group := tree.group(n)).step in ENCODINGS and group.parent in by_node)}
        for index in sorted(kept - above(tree, kept)):
            owner = by_node[index]
            certainty = "possible" if owner.weak else "found"
            matches.append(matched(data_type, owner.form, tree.path(index), certainty, tag))
    return matches


def above(tree: Tree, nodes: Iterable[int]) -> set[int]:
    """Every node that contains one of these."""
    found: set[int] = set()
    for index in nodes:
        up = tree.group(index).parent
        while up >= 0 and up not in found:
            found.add(up)
            up = tree.group(up).parent
    return found


#: Forms that yield to any other of the same place.
_LESS: Final = frozenset({"reversed"})
_PARTS: Final = ("_cut", "_uuid")
_ORDER: Final = {form: i for i, form in enumerate("plain upper lower no_separators separators".split())}


def _rank(owner: Owner) -> int:
    return _ORDER.get(owner.form, len(_ORDER)) + (100 if owner.form in _LESS or owner.form.endswith(_PARTS) else 0)


def matched(data_type: str, form: str, path: str, certainty: str, tag: str) -> Match:
    """A match whose path has at most 300 characters."""
    return Match(data_type=data_type, form=form, path=path[:300], certainty=certainty, tag=tag)


def ascii_path(path: str) -> str:
    """A path in printable ASCII, except the ellipsis that represents a masked value; at most 300 characters."""
    text = "".join(c if " " <= c <= "~" or c == "…" else f"\\u{ord(c):04x}" for c in path)
    return text if len(text) <= 300 else text[:299] + "…"
