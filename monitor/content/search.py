"""Search a decode tree for known values and for values of a matching form."""

import bisect
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from operator import attrgetter
from typing import Final

from monitor.content import coordinates, hits, identifiers
from monitor.content.automaton import Automaton
from monitor.content.hits import Digests, Owner, above, ascii_path, matched
from monitor.content.homemade import Disguised, Homemade, Pieces
from monitor.content.identifiers import is_dummy, is_entered_name, is_weak, of_everybody, worded
from monitor.content.masked import Masks, packed
from monitor.content.needles import Needle, digests, patterns, spellings
from monitor.content.tree import GAP, Tree
from monitor.events import Match

#: Bytes of a pattern that an automaton holds.
_BEGINNING: Final = 8
_MERGE: Final = 2
_MATCHES: Final = 400
#: Bytes of a field that is looked at for values behind a codec of the app's own.
_FIELD: Final = 4096
_BASE64: Final = frozenset({"base64", "base64url"})
#: Forms that stand in a text as themselves, where what is around them may belong to them; and escaped.
_WRITTEN: Final = frozenset({"plain", "upper", "lower", "national"})
_ESCAPED: Final = frozenset({"url", "url2", "json", "unicode"})
_HEX_DIGITS: Final = frozenset(b"0123456789abcdefABCDEF")
_SEGMENT: Final = re.compile(r"[^/]+")


class _Segment:
    """Patterns with the owners of each: an automaton finds how they begin, the table says which of them goes on.

    An automaton of whole patterns would be several times as large, and as slow to build and to search with.
    """

    def __init__(self, table: dict[bytes, tuple[Owner, ...]]) -> None:
        self.table = table
        self._sizes: list[tuple[int, ...]] = []
        self._automaton: Automaton | None = None

    def find(self, text: bytes) -> Iterator[tuple[int, int, tuple[Owner, ...]]]:
        if self._automaton is None:  # until somebody searches, it may be merged with another
            sizes: dict[bytes, tuple[int, ...]] = {}
            same: dict[tuple[int, ...], tuple[int, ...]] = {}
            for data in self.table:
                known = sizes.get(data[:_BEGINNING], ())
                if len(data) not in known:
                    more = (*known, len(data))
                    sizes[data[:_BEGINNING]] = same.setdefault(more, more)
            self._sizes, self._automaton = list(sizes.values()), Automaton(list(sizes))
        for i, start in self._automaton.find(text):
            for size in self._sizes[i]:
                owners = self.table.get(text[start : start + size])
                if owners is not None and start + size <= len(text):
                    yield start, start + size, owners


def cut(raw: bytes, spans: Iterable[tuple[int, int]]) -> str:
    """The text with each span of it replaced by ``…``."""
    out, at = b"", 0
    for start, end in sorted(spans):
        if end > at:
            out += raw[at : max(start, at)] + ("…".encode() if start >= at else b"")
            at = end
    return (out + raw[at:]).decode("utf-8", "replace")


class Searcher:
    """The needles known so far. Not thread-safe: one thread adds and searches."""

    def __init__(self, app: str = "") -> None:
        self._app = app
        self._segments: list[_Segment] = []
        self._fixes: list[coordinates.Fix] = []
        self._known: set[Needle] = set()
        self._spelled: dict[tuple[str, str], list[bytes]] = {}
        self.digests = Digests()
        self._pieces = Pieces()
        self._masks = Masks()
        self._homemade = Homemade()

    def __len__(self) -> int:
        return len(self._known)

    def add(self, needles: Iterable[Needle]) -> int:
        """Add needles; known ones and placeholders are skipped. Returns how many were new.

        Each addition becomes its own automaton, which is merged with the previous one while that is not twice as large,
        so that all additions together cost little more than one.
        """
        table: dict[bytes, tuple[Owner, ...]] = {}
        before = len(self._known)
        for needle in needles:
            unusable = is_dummy(needle.value) or needle.value == self._app
            if needle in self._known or unusable or of_everybody(needle.data_type, needle.value):
                continue
            self._known.add(needle)
            for digest, form, whole in digests(needle):
                self.digests.add(digest, Owner(needle.data_type, needle.tag, form), whole=whole)
            if needle.form == "plain":
                self._add_plain(needle)
            for data, owner in _owned(needle):
                table[data] = (*table.get(data, ()), owner)
        if table:
            self._segments.append(_Segment(table))
        while len(self._segments) > 1 and len(self._segments[-2].table) < _MERGE * len(self._segments[-1].table):
            later, earlier = self._segments.pop(), self._segments.pop()
            merged = dict(earlier.table)
            for data, new in later.table.items():
                merged[data] = merged.get(data, ()) + new
            self._segments.append(_Segment(merged))
        return len(self._known) - before

    def _add_plain(self, needle: Needle) -> None:
        """What is searched for besides patterns and digests: a position, and the value in pieces or disguised."""
        data_type, tag, value, _ = needle
        if data_type in ("location", "exif_gps") and (point := coordinates.parse_point(value)):
            self._fixes.append(coordinates.fix(tag, point))
        known = self._spelled.setdefault((data_type, tag), [])
        known.extend(spellings(needle))
        if is_weak(value):
            return
        self._pieces.add(known, Owner(data_type, tag, "split", weak=True))
        if data_type not in hits.LISTS:
            owner = Owner(data_type, tag, "xor", weak=True)
            self._masks.add(known, owner)
            self._homemade.add(value, spellings(needle), owner)

    def scan(self, text: bytes, *, joined: bool = False) -> list[tuple[int, int, Owner]]:
        """All hits in a text as (start, end, owner), boundaries checked. ``joined``: something was put before or behind
        a value, as a salt is, so that one at its end needs no boundary on the other side."""
        found = []
        for segment in self._segments:
            for start, end, owners in segment.find(text):
                outer = joined and (start == 0 or end == len(text))
                found += [
                    (start, end, owner) for owner in owners
                    if outer or not owner.bounded or not _inside(text, start, end)
                ]  # fmt: skip
        found += self.digests.find(text)
        return found

    def certain(self, text: bytes, start: int, end: int, owner: Owner) -> bool:
        """Whether a hit of ``scan`` contains the whole value: masking acts on a partial hit, a finding requires the
        whole."""
        if owner.form in _WRITTEN and hits.part_of_more(text, start, end, owner.data_type):
            return False
        known = self._spelled.get((owner.data_type, owner.tag), ())
        return owner.form not in _BASE64 or hits.holds(text, start, end, known)

    def search(self, tree: Tree, *, shapes: bool = True) -> list[Match]:
        """The matches in a message: known values first, then matches of form where no known value is. At most 400."""
        text = GAP.join(tree.data)
        found = self._hits(tree, text) if self._segments else []
        matches = hits.settle_places(tree, found)
        taken = {(tree.path(node), owner.data_type) for node, owner in found}
        types = {owner.data_type for _, owner in found}
        matches += [matched(owner.data_type, "split", tree.path(node), False, owner.tag)
                    for node, owner in self._pieces.find(tree) if owner.data_type not in types]  # fmt: skip
        taken.update((match.path, match.data_type) for match in matches)
        matches += self._positions(tree, taken)
        places = {path for path, _ in taken}
        for node, data_type, form in identifiers.guesses(tree, text) if shapes else ():
            if (path := tree.path(node)) not in places:
                matches.append(matched(data_type, form, path, data_type == "consent", ""))
        matches = hits.settle_lists(matches)
        return [m if m.path.isascii() and len(m.path) < 12 else self._clean(m) for m in matches[:_MATCHES]]

    def _positions(self, tree: Tree, taken: set[tuple[str, str]]) -> Iterator[Match]:
        """Those at places that are not ``taken``, which they are then."""
        for tag, pairs in coordinates.locate(tree, self._fixes):
            outer = above(tree, (pair.node for pair in pairs))
            for pair in pairs:
                place = tree.path(pair.node), "location"
                if pair.node not in outer and place not in taken:
                    taken.add(place)
                    yield matched("location", pair.form, place[0], pair.certain, tag)

    def unmask(self, tree: Tree, unread: bool, known: Iterable[Match] = ()) -> list[Match]:
        """Known values that are not among the ``known`` ones, behind a codec of the app's own: one match for each, a
        certain one if there is any.

        ``unread``: the message cannot be read, so that all of it is looked at, otherwise only single fields, and a body
        without any: masked with a key below 128 it looks like a text.
        """
        fields = [(index, data) for index, data in enumerate(tree.data) if tree.leaves[index] and len(data) <= _FIELD]
        inside = {index: packed(data) or data for index, data in fields if b" " not in data}
        bare = tree.bare()
        masked = self._masks.find(
            inside.get(index) or (data if unread or index == bare else b"") for index, data in enumerate(tree.data)
        )
        surest: dict[tuple[str, str], Disguised] = {}
        for disguised in (*self._homemade.find(fields), *masked):
            value = disguised.owner.data_type, disguised.owner.tag
            surest[value] = max(surest.get(value, disguised), disguised, key=attrgetter("sure"))
        for match in known:
            if match.certainty == "found":
                surest.pop((match.data_type, match.tag), None)
        return [
            self._clean(matched(data_type, disguised.form, tree.path(disguised.node), disguised.sure, tag))
            for (data_type, tag), disguised in surest.items()
        ]

    def hide(self, text: str) -> str:
        """The text with every known value in it replaced by ``…``."""
        raw = text.encode("utf-8", "surrogatepass")
        return cut(raw, ((start, end) for start, end, owner in self.scan(raw) if not owner.weak))

    def _clean(self, match: Match) -> Match:
        path = ascii_path(self.hide(match.path))
        if path == match.path:
            return match
        return matched(match.data_type, match.form, path, match.certainty == "found", match.tag)

    def _hits(self, tree: Tree, text: bytes) -> list[tuple[int, Owner]]:
        """Nodes and the owners of the patterns and digests in them, in the order of the nodes."""
        starts: list[int] = []
        found: dict[tuple[int, Owner], None] = {}
        # In the order of the text: which form names a value must not be chance.
        for start, end, owner in sorted(self.scan(text), key=lambda hit: hit[:2]):
            if not self.certain(text, start, end, owner):
                continue
            starts = starts or [0, *accumulate(len(data) + len(GAP) for data in tree.data)]
            index = bisect.bisect_right(starts, start) - 1
            size = len(tree.data[index])
            whole = bool(tree.leaves[index]) and end - start == size
            prose = not whole and owner.worded and hits.in_prose(text, start, end)
            if end <= starts[index] + size and (judged := _judged(owner, whole, prose)):
                found[index, judged] = None
        found |= dict.fromkeys(self.digests.nodes(tree))
        return sorted(found, key=lambda hit: hit[0])


def _judged(owner: Owner, whole: bool, prose: bool) -> Owner | None:
    """The owner of a hit as it counts there, if it does. ``whole``: the hit is all of a field; ``prose``: a sentence
    goes on around it."""
    if owner.weak and not whole:
        return None
    if owner.worded and not whole and owner.form in _WRITTEN | _ESCAPED:
        # What is escaped is judged once more where it is read; what is written is a field of a line, perhaps.
        return None if prose or owner.form in _ESCAPED else owner._replace(weak=True)
    return owner._replace(weak=False) if owner.entered else owner


def _owned(needle: Needle) -> Iterator[tuple[bytes, Owner]]:
    """The patterns of a needle with their owners: of its many patterns there are few forms."""
    weak = is_weak(needle.value) and needle.form == "plain"
    entered = weak and is_entered_name(needle.data_type, needle.value)
    words = needle.form == "plain" and worded(needle.data_type, needle.value)
    owners: dict[tuple[str, bool], Owner] = {}
    for data, form, bounded in patterns(needle):
        if (owner := owners.get((form, bounded))) is None:
            exactly = entered and (form == "plain" or not needle.value.isascii())
            owner = Owner(needle.data_type, needle.tag, form, bounded, weak, words, exactly)
            owners[form, bounded] = owner
        yield data, owner


def _inside(text: bytes, start: int, end: int) -> bool:
    """Whether a hit is part of a longer run of digits, or of hex digits if it is itself hex."""
    digits = text[start:end].isdigit()
    around = text[start - 1 : start] + text[end : end + 1] if start else text[end : end + 1]
    return around.translate(None, b"0123456789") != around if digits else not _HEX_DIGITS.isdisjoint(around)


def public_path(searcher: Searcher, target: str) -> str:
    """The path of a request without query, segments that hold a known value replaced by ``…``, ≤ 200 characters."""
    path = target.partition("?")[0].partition("#")[0]
    return ascii_path(
        _SEGMENT.sub(lambda part: "…" if searcher.scan(part[0].encode("utf-8", "surrogatepass")) else part[0], path)
    )[:200]
