"""Search a decode tree for known values and for shapes."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick

from monitor.content import coordinates, identifiers
from monitor.content.needles import Needle, is_dummy, is_weak, patterns
from monitor.content.tree import ENCODINGS, Tree
from monitor.events import Match

#: Between the nodes in the one text that is searched; a hit across it is thrown away.
_GAP: Final = b"\x00\xff\x00"
_MERGE: Final = 4
_APPS: Final = 5
_MATCHES: Final = 400


class Owner(NamedTuple):
    """Whose pattern it is."""

    data_type: str
    tag: str
    form: str
    bounded: bool
    weak: bool


class Hit(NamedTuple):
    """A pattern in a node."""

    node: int
    owner: Owner


class _Segment:
    """One automaton with the owners of each of its patterns."""

    def __init__(self, table: dict[bytes, list[Owner]]) -> None:
        self.table = table
        self._owners = list(table.values())
        self._machine = BytesAhoCorasick(list(table))

    def find(self, text: bytes) -> Iterable[tuple[int, int, list[Owner]]]:
        return ((start, end, self._owners[i]) for i, start, end in self._machine.find_matches_as_indexes(text, True))


class Searcher:
    """The needles known so far. Not thread-safe: one thread adds and searches."""

    def __init__(self, app: str = "") -> None:
        self._app = app
        self._segments: list[_Segment] = []
        self._fixes: list[coordinates.Fix] = []
        self._known: set[Needle] = set()

    def __len__(self) -> int:
        return len(self._known)

    def add(self, needles: Iterable[Needle]) -> int:
        """Take up needles; known ones and placeholders are passed over. Returns how many were new.

        Few additions at a time become a small automaton of their own; four of these are melted into one.
        """
        table: dict[bytes, list[Owner]] = {}
        fresh = 0
        for needle in needles:
            if needle in self._known or is_dummy(needle.value) or needle.value == self._app:
                continue
            self._known.add(needle)
            fresh += 1
            if needle.data_type in ("location", "exif_gps") and needle.form == "plain":
                point = coordinates.parse_point(needle.value)
                if point:
                    self._fixes.append(coordinates.fix(needle.tag, point))
            weak = is_weak(needle.value) and needle.form == "plain"
            for pattern in patterns(needle):
                owner = Owner(needle.data_type, needle.tag, pattern.form, pattern.bounded, weak)
                table.setdefault(pattern.data, []).append(owner)
        if table:
            self._segments.append(_Segment(table))
        if len(self._segments) > _MERGE:
            merged: dict[bytes, list[Owner]] = {}
            for data, owners in itertools.chain.from_iterable(s.table.items() for s in self._segments):
                merged.setdefault(data, []).extend(owners)
            self._segments = [_Segment(merged)]
        return fresh

    def scan(self, text: bytes) -> list[tuple[int, int, Owner]]:
        """All hits in a text as (start, end, owner), boundaries checked."""
        found = []
        for segment in self._segments:
            for start, end, owners in segment.find(text):
                for owner in owners:
                    if owner.bounded and _inside(text, start, end):
                        continue
                    found.append((start, end, owner))
        return found

    def search(self, tree: Tree, *, shapes: bool = True) -> list[Match]:
        """The matches in a message: known values first, then shapes where nothing known stands. At most 400."""
        hits = self._hits(tree) if self._segments else []
        matches = _settle(tree, hits)
        taken = {(tree.nodes[h.node].path, h.owner.data_type) for h in hits}
        for known, seen in zip(self._fixes, coordinates.sight(tree, self._fixes), strict=True) if self._fixes else ():
            pairs = coordinates.pairs(tree, seen)
            outer = _above(tree, (pair.node for pair in pairs))
            for pair in (pair for pair in pairs if pair.node not in outer):
                path = tree.nodes[pair.node].path
                if (path, "location") not in taken:
                    taken.add((path, "location"))
                    certainty = "found" if pair.certain else "possible"
                    matches.append(_match("location", pair.form, path, certainty, known.tag))
        if shapes:
            places = {path for path, _ in taken}
            for guess in identifiers.guesses(tree):
                path = tree.nodes[guess.node].path
                if path not in places:
                    matches.append(_match(guess.data_type, guess.form, path, "possible", ""))
        matches = _few_apps(matches)
        return [m if m.path.isascii() and len(m.path) < 12 else self._clean(m) for m in matches[:_MATCHES]]

    def hide(self, text: str) -> str:
        """The text with every known value in it replaced by ``…``."""
        raw = text.encode("utf-8", "surrogatepass")
        spans = sorted((s, e) for s, e, owner in self.scan(raw) if not owner.weak)
        out, at = b"", 0
        for start, end in spans:
            if end > at:
                out += raw[at : max(start, at)] + ("…".encode() if start >= at else b"")
                at = end
        return (out + raw[at:]).decode("utf-8", "replace")

    def _clean(self, match: Match) -> Match:
        path = ascii_path(self.hide(match.path))
        return match if path == match.path else _match(match.data_type, match.form, path, match.certainty, match.tag)

    def _hits(self, tree: Tree) -> list[Hit]:
        starts: list[int] = []
        at = 0
        for node in tree.nodes:
            starts.append(at)
            at += len(node.data) + len(_GAP)
        text = _GAP.join(node.data for node in tree.nodes)
        found: set[Hit] = set()
        for start, end, owner in self.scan(text):
            index = bisect.bisect_right(starts, start) - 1
            node = tree.nodes[index]
            if end > starts[index] + len(node.data):
                continue
            if owner.weak and not (node.leaf and end - start == len(node.data)):
                continue
            found.add(Hit(index, owner))
        return sorted(found, key=lambda h: h.node)


def _inside(text: bytes, start: int, end: int) -> bool:
    """Whether a hit is a part of a longer run of digits, or of hex digits if it is hex itself."""
    digits = text[start:end].isdigit()
    around = text[start - 1 : start] + text[end : end + 1] if start else text[end : end + 1]
    return any(chr(c).isdigit() if digits else chr(c) in "0123456789abcdefABCDEF" for c in around)


def _match(data_type: str, form: str, path: str, certainty: str, tag: str) -> Match:
    return Match(data_type=data_type, form=form, path=path[:300], certainty=certainty, tag=tag)


def ascii_path(path: str) -> str:
    """A path in printable ASCII save the ellipsis that stands for a hidden value, at most 300 characters."""
    text = "".join(c if " " <= c <= "~" or c == "…" else f"\\u{ord(c):04x}" for c in path)
    return text if len(text) <= 300 else text[:299] + "…"


def _settle(tree: Tree, hits: list[Hit]) -> list[Match]:
    """One match a value and place. A container's hit gives way to the field inside it; a field whose value is merely
    encoded keeps its own hit, with the encoding as the form."""
    places: dict[tuple[str, str], dict[int, Owner]] = {}
    for hit in hits:
        by_node = places.setdefault((hit.owner.data_type, hit.owner.tag), {})
        known = by_node.get(hit.node)
        if known is None or _rank(hit.owner) < _rank(known):
            by_node[hit.node] = hit.owner
    matches = []
    for (data_type, tag), by_node in places.items():
        kept = {n for n in by_node if not (tree.nodes[n].step in ENCODINGS and tree.nodes[n].parent in by_node)}
        for index in sorted(kept - _above(tree, kept)):
            owner = by_node[index]
            certainty = "possible" if owner.weak else "found"
            matches.append(_match(data_type, owner.form, tree.nodes[index].path, certainty, tag))
    return matches


def _above(tree: Tree, nodes: Iterable[int]) -> set[int]:
    """Every node that holds one of these."""
    found: set[int] = set()
    for index in nodes:
        up = tree.nodes[index].parent
        while up >= 0 and up not in found:
            found.add(up)
            up = tree.nodes[up].parent
    return found


_ORDER: Final = {form: i for i, form in enumerate("plain upper lower no_separators separators".split())}


def _rank(owner: Owner) -> int:
    return _ORDER.get(owner.form, len(_ORDER)) + (100 if owner.form == "reversed" else 0)


def _few_apps(matches: list[Match]) -> list[Match]:
    """Fewer than five installed packages in one message are names, not a list of what is installed."""
    apps = {m.tag for m in matches if m.data_type == "apps" and m.certainty == "found"}
    if not apps or len(apps) >= _APPS:
        return matches
    return [_match(m.data_type, m.form, m.path, "possible", m.tag) if m.data_type == "apps" else m for m in matches]


_SEGMENT: Final = re.compile(r"[^/]+")


def public_path(searcher: Searcher, target: str) -> str:
    """The path of a request without query, segments that hold a known value replaced by ``…``, ≤ 200 characters."""

    def one(match: re.Match[str]) -> str:
        segment = match[0]
        raw = segment.encode("utf-8", "surrogatepass")
        return "…" if searcher.scan(raw) else segment

    text = _SEGMENT.sub(one, target.partition("?")[0].partition("#")[0])
    return ascii_path(text)[:200]
