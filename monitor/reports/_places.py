"""The places of an exploration as a graph (SVG): what each looks like, which taps lead on, what was found there."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from markupsafe import Markup

from monitor.events import Decision, PlaceSeen, UiSnapshot
from monitor.reports._rows import FindingRow
from monitor.reports._text import clean
from monitor.reports._view import View

_MOST: Final = 300
_NODE: Final = (210, 104)
_GAP: Final = (60, 14)
_THUMB: Final = (45, 92)
_LETTERS: Final = 16
_LISTED: Final = 6


class Walked(NamedTuple):
    """Places by ID in the order in which they were seen; the tap that led from one to another; findings by place; and
    how each looked: the screen's number, and its buttons as rectangles."""

    places: Mapping[str, PlaceSeen]
    taps: Mapping[tuple[str, str], str]
    findings: Mapping[str, list[FindingRow]]
    looks: Mapping[str, UiSnapshot]


def walked(view: View) -> Walked:
    """What the events say of a walk; nothing if there was none."""
    seen = {one.place: one for one in reversed([*view.events.of(PlaceSeen)][:_MOST])}
    places = dict(reversed(seen.items()))
    decided = list(view.events.of(Decision))
    taps: dict[tuple[str, str], str] = {}
    for one, after in pairwise(decided):
        moved = one.place != after.place and {one.place, after.place} <= places.keys()
        if moved and one.verb in ("tapOn", "scroll"):
            taps.setdefault((one.place, after.place), one.control or view.label("verb", one.verb))
    found: dict[str, list[FindingRow]] = {}
    times = [one.t for one in decided]
    for finding in view.findings:
        if finding.first_seen and (at := bisect_right(times, finding.first_seen)):
            found.setdefault(decided[at - 1].place, []).append(finding)
    looks: dict[str, UiSnapshot] = {}
    shots = list(view.events.of(UiSnapshot))
    moments = [one.t for one in shots]
    for place in places.values():
        if at := bisect_right(moments, place.t):
            looks[place.place] = shots[at - 1]
    return Walked(places, taps, found, looks)


def _layers(walk: Walked) -> dict[str, tuple[int, int]]:
    """Column and row of each place: columns by the number of taps from a first one."""
    on: dict[str, list[str]] = {}
    for origin, to in walk.taps:
        on.setdefault(origin, []).append(to)
    column: dict[str, int] = {}
    for start in walk.places:
        if start in column:
            continue
        column[start] = 0
        queue = deque([start])
        while queue:
            for to in on.get(one := queue.popleft(), ()):
                if to not in column:
                    column[to] = column[one] + 1
                    queue.append(to)
    rows: dict[int, int] = {}
    found: dict[str, tuple[int, int]] = {}
    for place in walk.places:
        found[place] = column[place], rows.setdefault(column[place], 0)
        rows[column[place]] += 1
    return found


def graph(view: View, base: str = "") -> Markup:
    """The graph; empty without an exploration. ``base``: where the session's own page is, seen from another one, which
    has no pictures."""
    walk = walked(view)
    if not walk.places:
        return Markup()
    cells = _layers(walk)
    (wide, high), (across, down) = _NODE, _GAP
    at = {one: (c * (wide + across) + 4, r * (high + down) + 4) for one, (c, r) in cells.items()}
    width, height = (max(spot[axis] for spot in at.values()) + _NODE[axis] + 4 for axis in (0, 1))
    parts = [_edge(at[origin], at[to], label) for (origin, to), label in walk.taps.items()]
    parts += [part for one, spot in at.items() for part in _node(view, walk, one, spot, base)]
    if more := view.events.number(PlaceSeen) - _MOST if len(walk.places) == _MOST else 0:
        parts.append(Markup('<text x="4" y="{}">{}</text>').format(height + 14, view.t("report.more", n=more)))
        height += 20
    head = Markup('<svg class="places" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="group" aria-label="{2}">')
    return head.format(width, height, view.t("report.places")) + Markup().join(parts) + Markup("</svg>")


def _edge(origin: tuple[int, int], to: tuple[int, int], label: str) -> Markup:
    x, y, u, v = origin[0] + _NODE[0], origin[1] + _NODE[1] // 2, to[0], to[1] + _NODE[1] // 2
    bend = max(30, abs(u - x) // 2)
    line = Markup('<path class="tap" d="M{} {}C{} {} {} {} {} {}"><title>{}</title></path>')
    return line.format(x, y, x + bend, y, u - bend, v, u, v, clean(label))


def _node(view: View, walk: Walked, ident: str, spot: tuple[int, int], base: str) -> Iterator[Markup]:
    place, findings, (x, y) = walk.places[ident], walk.findings.get(ident, []), spot
    worst = findings[0].status if findings else ""
    box = Markup('<g transform="translate({} {})" class="place {}"><rect width="{}" height="{}" rx="6"/>')
    yield box.format(x, y, worst, *_NODE)
    yield from _thumb(walk.looks.get(ident), base)
    words = [place.activity.rpartition(".")[2].removesuffix("Activity"), place.title,
             view.t("report.places.controls", n=place.controls)]  # fmt: skip
    for line, text in enumerate(words):
        short = clean(text)[:_LETTERS] + ("…" if len(text) > _LETTERS else "")
        text_ = Markup('<text x="58" y="{}">{}<title>{}</title></text>')
        yield text_.format(18 + 16 * line, short, clean(text))
    for n, one in enumerate(findings[:_LISTED]):
        tag = Markup('<a href="{}#f{}"><text class="{}" x="{}" y="{}">{}<title>{}</title></text></a>')
        right, down = 58 + 74 * (n % 2), 66 + 16 * (n // 2)
        yield tag.format(base, one.number, one.status, right, down, clean(one.rule), clean(one.title))
    yield Markup("</g>")


def _thumb(look: UiSnapshot | None, base: str) -> Iterator[Markup]:
    """The picture where it may be shown, else the outlines of what can be touched."""
    if look is None:
        return
    boxes = [box for box in look.sizes.values() if len(box) == 4 and 0 <= box[0] < box[2] and 0 <= box[1] < box[3]]
    wide, high = max([1080, *(box[2] for box in boxes)]), max([2200, *(box[3] for box in boxes)])
    scale = min(_THUMB[0] / wide, _THUMB[1] / high)
    area = look.seq, *_THUMB
    yield Markup('<a href="{}#shot-{}"><rect class="thumb" x="6" y="6" width="{}" height="{}"/>').format(base, *area)
    for left, top, right, bottom in boxes[:60]:
        box = (6 + left * scale, 6 + top * scale, (right - left) * scale, (bottom - top) * scale)
        yield Markup('<rect class="control" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(*box)
    if not base:
        yield Markup('<image data-shot="{}" x="6" y="6" width="{}" height="{}"/>').format(*area)
    yield Markup("</a>")
