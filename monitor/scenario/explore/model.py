"""What an exploration knows of the app: places, their controls, and how one leads to another. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from monitor.scenario.screen import label_of, named
from monitor.session.handset import Node

BACK: Final = "back"
#: Siblings that look alike are one template from so many on, and from so many whatever they say.
_ALIKE, _MANY = 4, 30
_LABEL: Final = 80
_MOST_CONTROLS: Final = 200
_DIGITS: Final = re.compile(r"\d+")


class Control(NamedTuple):
    """A control by its class, resource ID and label without digits, and which of several alike it is."""

    cls: str
    rid: str
    label: str
    nth: int = 0


class Answer(NamedTuple):
    """What a tap on a control would mean, as the consent reader would read it: ``meaning`` (accept, reject, withdraw,
    cancel_account, sends, idle or unknown) and what it would decide, as pairs of scope and state."""

    meaning: str = "unknown"
    marks: tuple[tuple[str, str], ...] = ()
    closes: bool = False
    says: str = ""
    """What its words mean in any window."""
    turns_on: bool = False
    """It is a box or switch that is off."""
    clear: bool = False
    """Its words say so without ambiguity."""
    layer: bool = False
    """It leads to what can be chosen apart."""

    @property
    def takes_back(self) -> bool:
        """Whether it takes back an agreement, or says so."""
        return self.meaning == "withdraw" or any(state == "withdrawn" for _, state in self.marks)


class Reading(NamedTuple):
    """How the live reader of consents reads the window in front."""

    scopes: tuple[str, ...] = ()
    """What it asks consent for."""
    strange: bool = False
    """It may ask for something in words that are not understood."""
    asks_back: bool = False
    """It asks whether to take something back."""
    dialog: bool = False
    answers: Mapping[Control, Answer] = {}

    def of(self, control: Control) -> Answer:
        """What a tap on it would mean."""
        return self.answers.get(control, Answer())

    @property
    def word(self) -> str:
        """For the log."""
        return ",".join(self.scopes) or ("withdrawal" if self.asks_back else "unread" if self.strange else "none")


class Tappable(NamedTuple):
    """A control as a tap on it would be recorded: ``view`` and ``checked`` as in the event."""

    control: Control
    label: str
    view: str
    checked: str


class Guiding(Protocol):
    """What an exploration asks besides the device: ``monitor.record.guide.Guide``."""

    def read(self, controls: Sequence[Tappable], since: int) -> Reading:
        """How the window in front reads, once a picture of the screen that is no older than ``since`` is in the log."""

    def windows(self) -> int:
        """How many windows came up or closed so far: another number than before means that the screen has changed."""

    def called(self) -> int:
        """How many rows were called so far."""

    def met(self) -> set[str]:
        """Activities that were in front."""

    def missing(self) -> tuple[list[str], list[str]]:
        """Activities of the app that were not, and rows that code refers to and nobody called."""


@dataclass(eq=False)
class Place:
    """An abstract screen. ``open``: controls that have not been used."""

    id: str
    activity: str
    kind: str
    title: str
    said: Mapping[Control, str]
    """Its controls, with what each says."""
    asks_password: bool
    drawn: bool
    """It shows something of which nothing can be read."""
    open: set[Control] = field(default_factory=set)
    missed: dict[Control, str] = field(default_factory=dict)
    """Controls that are not used as the place reads now, and why."""
    kept_off: dict[Control, str] = field(default_factory=dict)
    """The same, however it reads."""
    leads: dict[Control | str, str] = field(default_factory=dict)
    tried: Counter[Control | str] = field(default_factory=Counter)
    takes_back: set[Control] = field(default_factory=set)
    scrolls: int = 0
    filled: int = 0


class Seen(NamedTuple):
    """The screen as controls and fields, with the nodes that they are now."""

    place: Place
    nodes: Mapping[Control, Node]
    taps: Mapping[Control, Tappable]
    fields: Sequence[Node]
    scrollable: bool

    @property
    def looks(self) -> tuple[object, ...]:
        """What changes when it is scrolled."""
        return tuple((self.taps[control].label, node.bounds) for control, node in self.nodes.items())


def look(nodes: Sequence[Node], app: str, activity: str, dialog: bool = False) -> Seen:
    """What is on the screen. Siblings of one template are three controls: the first, the second and the last."""
    shown = [n for n in nodes if n.package in ("", app) and n.bounds[2] > n.bounds[0] and n.bounds[3] > n.bounds[1]]
    below: defaultdict[int, list[Node]] = defaultdict(list)
    for node in shown:
        below[node.parent].append(node)
    places = {id(node): index for index, node in enumerate(nodes)}

    def inside(node: Node) -> list[Node]:
        return [one for child in below[places[id(node)]] for one in (child, *inside(child))]

    acting = [n for n in shown if n.enabled and (n.clickable or n.checkable) and not n.takes_text][:_MOST_CONTROLS]
    groups: defaultdict[tuple[object, ...], list[Node]] = defaultdict(list)
    texts: dict[int, list[str]] = {}
    for node in acting:
        within = inside(node)
        texts[id(node)] = [t for n in (node, *within) if (t := (n.text or n.desc).strip()) and not n.takes_text]
        groups[(node.parent, node.cls, node.rid, node.checkable, *(n.cls for n in within))].append(node)
    found: dict[Control, Node] = {}
    taps: dict[Control, Tappable] = {}
    kept = {id(node): "*" if name else "" for same in groups.values() for node, name in _template(same, texts)}
    numbers: Counter[tuple[str, str, str]] = Counter()
    for node in acting:
        if id(node) in kept:
            said = texts[id(node)][0] if texts[id(node)] else label_of(node)
            name = (node.cls, node.rid, kept[id(node)] or _DIGITS.sub("#", said)[:_LABEL])
            control = Control(*name, numbers[name])
            found[control], taps[control] = node, Tappable(control, said, *named(node))
            numbers[name] += 1
    fields = [n for n in shown if n.takes_text and n.enabled]
    title = next((t for n in shown if (t := (n.text or n.desc).strip()) and not (n.takes_text or n.clickable)), "")
    names = sorted(f"{c.cls}\0{c.rid}\0{c.label}" for c in found)
    drawn = bool(shown) and not (found or fields or title)
    ident = "\0".join((activity, str(dialog), str(len(fields)), "" if found or fields else title, *names))
    ident = hashlib.sha256(ident.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    kind, secret = "dialog" if dialog else "page", any(field.password for field in fields)
    labels = {control: tap.label for control, tap in taps.items()}
    place = Place(ident, activity, kind, title, labels, secret, drawn, set(found))
    return Seen(place, found, taps, fields, any(n.scrollable for n in shown))


def _template(same: Sequence[Node], texts: Mapping[int, Sequence[str]]) -> Iterable[tuple[Node, bool]]:
    """Of siblings that look alike, those to be used, and whether they are of one template: rows of a list have several
    texts each, or the same; entries of a menu have one each, of its own."""
    said = [tuple(_DIGITS.sub("#", text) for text in texts[id(node)]) for node in same]
    rows = all(len(one) > 1 for one in said) or len(set(said)) == 1 or len(same) >= _MANY
    if len(same) < _ALIKE or not rows:
        return [(node, False) for node in same]
    return [(node, True) for node in (same[0], same[1], same[-1])]


class Atlas:
    """Every place seen so far."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.start = ""

    def known(self, seen: Seen) -> tuple[Seen, bool]:
        """The same with the place as it is known; whether it is new."""
        place = self.places.setdefault(seen.place.id, seen.place)
        self.start = self.start or place.id
        return seen._replace(place=place), place is seen.place

    def _ways(self, start: str) -> Iterator[tuple[Place, int, Control | str | None]]:
        """Every place to which a known way leads, the nearest first, with its length and its first step."""
        queue: deque[tuple[str, int, Control | str | None]] = deque([(start, 0, None)])
        met = {start}
        while queue:
            ident, length, first = queue.popleft()
            place = self.places[ident]
            yield place, length, first
            for step, to in place.leads.items():
                if to not in met and place.tried[step] < _TRIES:
                    met.add(to)
                    queue.append((to, length + 1, first or step))

    def way(self, start: Place, wanted: Callable[[Place], bool]) -> Control | str | None:
        """The first control (or ``BACK``) on the shortest known way to a place that is wanted, other than this one."""
        return next((first for place, _, first in self._ways(start.id) if first is not None and wanted(place)), None)

    def depth(self, place: Place) -> int:
        """Steps from the first place to this one; 0 if no way is known."""
        return next((length for other, length, _ in self._ways(self.start) if other is place), 0)


#: A control is used so often to get somewhere, at most: some lead elsewhere each time.
_TRIES: Final = 12
