"""Search a decode tree for known values and for values of a matching form."""

import bisect
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from monitor.content import coordinates, hits, identifiers
from monitor.content.automaton import Automaton
from monitor.content.digests import Digests
from monitor.content.hits import Hit, Owner, above, ascii_path, matched
from monitor.content.homemade import Disguised, Homemade, Pieces
from monitor.content.masked import Masks, packed
from monitor.content.needles import Needle, cut_digests, nested_digests, patterns, spellings
from monitor.content.recognise import is_dummy, is_entered_name, is_weak, of_everybody, worded
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


class _Segment:
    """Patterns with the owners of each: an automaton finds how they begin, the table says which of them goes on.

    An automaton of whole patterns would be several times as large, and as slow to build and to search with.
    """

    def __init__(self, table: dict[bytes, tuple[Owner, ...]]) -> None:
        self.table = table
        self._sizes: list[tuple[int, ...]] = []
        self._automaton: Automaton | None = None

    def _prepare(self) -> Automaton:
        sizes: dict[bytes, tuple[int, ...]] = {}
        same: dict[tuple[int, ...], tuple[int, ...]] = {}
        for data in self.table:
            beginning, size = data[:_BEGINNING], len(data)
            known = sizes.get(beginning, ())
            if size not in known:
                more = (*known, size)
                sizes[beginning] = same.setdefault(more, more)
        self._sizes = list(sizes.values())
        return Automaton(list(sizes))

    def find(self, text: bytes) -> Iterator[tuple[int, int, tuple[Owner, ...]]]:
        if self._automaton is None:  # until somebody searches, it may be merged with another
            self._automaton = self._prepare()
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
        self._digests: Digests[Owner] = Digests()
        self._pieces: Pieces[Owner] = Pieces()
        self._masks: Masks[Owner] = Masks()
        self._homemade: Homemade[Owner] = Homemade()

    def __len__(self) -> int:
        return len(self._known)

    def add(self, needles: Iterable[Needle]) -> int:
        """Add needles; known ones and placeholders are skipped. Returns how many were new.

        Each addition becomes its own automaton, which is merged with the previous one while that is not twice as large,
        so that all additions together cost little more than one.
        """
        table: dict[bytes, tuple[Owner, ...]] = {}
        fresh = 0
        for needle in needles:
            if needle in self._known or is_dummy(needle.value) or needle.value == self._app:
                continue
            if of_everybody(needle.data_type, needle.value):
                continue
            self._known.add(needle)
            fresh += 1
            weak = is_weak(needle.value) and needle.form == "plain"
            for digest, form in cut_digests(needle):
                self._digests.add(digest, Owner(needle.data_type, needle.tag, form))
            if needle.form == "plain":
                self._add_plain(needle, weak)
            for data, owner in _owned(needle, weak):
                table[data] = (*table.get(data, ()), owner)
        if table:
            self._segments.append(_Segment(table))
        while len(self._segments) > 1 and len(self._segments[-2].table) < _MERGE * len(self._segments[-1].table):
            later, earlier = self._segments.pop(), self._segments.pop()
            merged = dict(earlier.table)
            for data, new in later.table.items():
                merged[data] = merged.get(data, ()) + new
            self._segments.append(_Segment(merged))
        return fresh

    def _add_plain(self, needle: Needle, weak: bool) -> None:
        """What is searched for besides the patterns: a position, digests of digests, and the value in pieces."""
        data_type, tag, value, _ = needle
        if data_type in ("location", "exif_gps") and (point := coordinates.parse_point(value)):
            self._fixes.append(coordinates.fix(tag, point))
        known = self._spelled.setdefault((data_type, tag), [])
        known.extend(spellings(needle))
        for digest, form in nested_digests(needle):
            self._digests.add(digest, Owner(data_type, tag, form), whole=True)
        if weak:
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
        found += [(start, end, owner._replace(form=form)) for start, end, owner, form in self._digests.find(text)]
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
        taken = {(tree.path(hit.node), hit.owner.data_type) for hit in found}
        types = {hit.owner.data_type for hit in found}
        more = [match for match in self._in_pieces(tree) if match.data_type not in types]
        taken |= {(match.path, match.data_type) for match in more}
        matches += more
        for match in self._positions(tree):
            if (match.path, "location") not in taken:
                taken.add((match.path, "location"))
                matches.append(match)
        places = {path for path, _ in taken}
        for node, data_type, form in identifiers.guesses(tree, text) if shapes else ():
            if (path := tree.path(node)) not in places:
                certainty = "found" if data_type == "consent" else "possible"
                matches.append(matched(data_type, form, path, certainty, ""))
        matches = hits.settle_lists(matches)
        return [m if m.path.isascii() and len(m.path) < 12 else self._clean(m) for m in matches[:_MATCHES]]

    def _in_pieces(self, tree: Tree) -> Iterator[Match]:
        for node, owner in self._pieces.find(tree):
            yield matched(owner.data_type, "split", tree.path(node), "possible", owner.tag)

    def _positions(self, tree: Tree) -> Iterator[Match]:
        for tag, pairs in coordinates.locate(tree, self._fixes):
            outer = above(tree, (pair.node for pair in pairs))
            for pair in (pair for pair in pairs if pair.node not in outer):
                certainty = "found" if pair.certain else "possible"
                yield matched("location", pair.form, tree.path(pair.node), certainty, tag)

    def unmask(self, tree: Tree, unread: bool, known: Iterable[Match] = ()) -> list[Match]:
        """Known values that are not among the ``known`` ones, behind a codec of the app's own.

        ``unread``: the message cannot be read, so that all of it is looked at, otherwise only single fields, and a body
        without any: masked with a key below 128 it looks like a text.
        """
        fields = [(index, data) for index, data in enumerate(tree.data) if tree.leaves[index] and len(data) <= _FIELD]
        inside = {index: packed(data) or data for index, data in fields if b" " not in data}
        bare = tree.bare()
        every = (data if unread or index == bare else b"" for index, data in enumerate(tree.data))
        masked = self._masks.find(inside.get(index) or data for index, data in enumerate(every))
        found = {(match.data_type, match.tag) for match in known if match.certainty == "found"}
        return self._best((*self._homemade.find(fields), *masked), tree, found)

    def _best(self, seen: Iterable[Disguised[Owner]], tree: Tree, known: set[tuple[str, str]]) -> list[Match]:
        """One match for each value that is not ``known``, a certain one if there is any."""
        best: dict[tuple[str, str], Match] = {}
        for place, owner, form, _, certain in seen:
            key = owner.data_type, owner.tag
            if key not in known and (key not in best or (certain and best[key].certainty != "found")):
                certainty = "found" if certain else "possible"
                best[key] = self._clean(matched(owner.data_type, form, tree.path(place), certainty, owner.tag))
        return list(best.values())

    def hide(self, text: str) -> str:
        """The text with every known value in it replaced by ``…``."""
        raw = text.encode("utf-8", "surrogatepass")
        return cut(raw, ((s, e) for s, e, owner in self.scan(raw) if not owner.weak))

    def _clean(self, match: Match) -> Match:
        path = ascii_path(self.hide(match.path))
        return match if path == match.path else matched(match.data_type, match.form, path, match.certainty, match.tag)

    def _hits(self, tree: Tree, text: bytes) -> list[Hit]:
        starts: list[int] = []
        found: dict[Hit, None] = {}  # in the order of the text: which form names a value must not be chance
        for start, end, owner in sorted(self.scan(text), key=lambda hit: hit[:2]):
            if not self.certain(text, start, end, owner):
                continue
            starts = starts or [0, *accumulate(len(data) + len(GAP) for data in tree.data)]
            index = bisect.bisect_right(starts, start) - 1
            size = len(tree.data[index])
            if end > starts[index] + size:
                continue
            whole_leaf = tree.leaves[index] and end - start == size
            if owner.weak and not whole_leaf:
                continue
            if owner.entered:
                owner = owner._replace(weak=False)
            if owner.worded and not whole_leaf and owner.form in _WRITTEN | _ESCAPED:
                if owner.form in _ESCAPED or hits.in_prose(text, start, end):
                    continue  # what is escaped is judged once more where it is read
                owner = owner._replace(weak=True)  # a field of a line, perhaps
            found[Hit(index, owner)] = None
        for index, owner, form in self._digests.nodes(tree):
            found[Hit(index, owner._replace(form=form))] = None
        return sorted(found, key=lambda h: h.node)


def _owned(needle: Needle, weak: bool) -> Iterator[tuple[bytes, Owner]]:
    """The patterns of a needle with their owners: of its many patterns there are few forms."""
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


_SEGMENT: Final = re.compile(r"[^/]+")


def public_path(searcher: Searcher, target: str) -> str:
    """The path of a request without query, segments that hold a known value replaced by ``…``, ≤ 200 characters."""

    def one(match: re.Match[str]) -> str:
        segment = match[0]
        raw = segment.encode("utf-8", "surrogatepass")
        return "…" if searcher.scan(raw) else segment

    text = _SEGMENT.sub(one, target.partition("?")[0].partition("#")[0])
    return ascii_path(text)[:200]
