"""An app of a few hand-written screens, walked by the planner with the real reader of consents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

from monitor.events import Tap, UiSnapshot
from monitor.record.guide import Guide
from monitor.scenario.explore.fields import persons
from monitor.scenario.explore.model import look
from monitor.scenario.explore.planner import Deed, Planner, Sight, Wishes
from monitor.scenario.screen import describe
from monitor.session.declaration import Declaration
from monitor.session.handset import Node

from .screen import APP, node

HOME, OUT = "home", "out"
Screen = list[Node]


def text(words: str, row: int = 0) -> Node:
    return node(words, cls="android.widget.TextView", row=row)._replace(clickable=False)


def switch(words: str, row: int, on: bool = False, cls: str = "Switch") -> Node:
    return node(words, cls=f"android.widget.{cls}", row=row, checkable=True, checked=on)


def screen(*parts: str | Node) -> Screen:
    """Texts end in a full stop or are a ``#heading``; everything else is a button."""
    made = []
    for row, part in enumerate(parts):
        if isinstance(part, str):
            part = (
                text(part.lstrip("#"), row)
                if part.startswith("#") or part.endswith(("。", "."))
                else node(part, row=row)
            )
        made.append(part)
    return made


@dataclass
class World:
    """``screens``: name to nodes, or what makes them; ``moves``: (screen, label) to the next. BACK leads to ``backs``
    or home, from there out of the app."""

    screens: Mapping[str, Screen | Callable[[World], Screen]]
    moves: Mapping[tuple[str, str], str]
    backs: Mapping[str, str] = field(default_factory=dict)
    now: str = HOME
    tapped: list[str] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    turned: dict[tuple[str, str], bool] = field(default_factory=dict)
    looks: int = 0
    over: Callable[[World], str] = lambda world: ""
    """What is shown over the screen, by the number of looks."""
    t: int = 0

    def __post_init__(self) -> None:
        given = SimpleNamespace(organisations={}, declaration=Declaration())
        self.guide = Guide(APP, given, [], lambda: [])  # type: ignore[arg-type]

    def nodes(self) -> Screen:
        found = self.screens[self.over(self) or self.now]
        nodes = found(self) if callable(found) else found
        place = self.over(self) or self.now
        return [
            one._replace(checked=self.turned.get((place, one.text), one.checked)) if one.checkable else one
            for one in nodes
        ]

    def sight(self) -> Sight:
        self.looks += 1
        if self.now == OUT:
            return Sight(look([], APP, ""), self.guide.read([], 0), front="other")
        nodes = self.nodes()
        texts, buttons, boxes, _ = describe(nodes)
        self.t += 2_000_000
        said = {"texts": texts, "buttons": buttons, "boxes": boxes, "focus": f"{APP}/{APP}.Main"}
        self.guide.feed(UiSnapshot(t=self.t, err=0, src="runner", app=APP, name="", **said))  # type: ignore[arg-type]
        seen = look(nodes, APP, self.now if self.now.isidentifier() else "")
        return Sight(seen, self.guide.read([*seen.taps.values()], self.t), missing=tuple(self.guide.missing()[0]))

    def act(self, sight: Sight, deed: Deed) -> None:
        self.deeds.append(deed)
        place = self.over(self) or self.now
        if deed.verb in ("foreground", "restart"):
            self.now = HOME
        elif deed.verb == "background":
            self.now = OUT
        elif deed.verb == "back":
            self.now = OUT if self.now == HOME else self.backs.get(self.now, HOME)
        elif deed.control is not None:
            hit = sight.seen.nodes[deed.control]
            self.tapped.append(hit.text or hit.desc or hit.rid.rpartition("/")[2])
            checked = "" if not hit.checkable else "off" if hit.checked else "on"
            self.t += 1_000_000
            tap = {"label": self.tapped[-1], "view": hit.cls, "via": "runner", "checked": checked}
            self.guide.feed(Tap(t=self.t, err=0, src="runner", app=APP, **tap))  # type: ignore[arg-type]
            if hit.checkable:
                self.turned[place, hit.text] = not hit.checked
            self.now = self.moves.get((place, hit.text), self.now)

    def walk(self, wishes: Wishes, most: int = 400) -> Planner:
        planner = Planner(wishes, persons())
        for _ in range(most):
            sight = self.sight()
            if (deed := planner.next(sight)) is None:
                return planner
            self.act(sight, deed)
        raise AssertionError("the walk does not end")

    def verbs(self) -> Sequence[str]:
        return [f"{deed.verb} {deed.control.label if deed.control else ''}".strip() for deed in self.deeds]
