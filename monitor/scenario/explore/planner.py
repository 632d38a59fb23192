"""What an exploration does next. Pure: a screen and its reading go in, a deed comes out; nothing depends on time.

It never decides on a tap that answers against the policy, as the consent reader would read that tap:
``Planner.refuses`` is asked of every control, whatever leads to it.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Final, Literal, NamedTuple

from monitor.scenario.explore import fields
from monitor.scenario.explore.model import BACK, Atlas, Control, Place, Reading, Seen
from monitor.session.handset import Node

Wish = Literal["accept", "refuse", "ignore"]
#: The walk goes on for so many steps after the last new place or row, longer only where something is known to be left.
_PATIENCE, _GUIDED = 10, 40
_ANSWERS: Final = 3
_SCROLLS: Final = 3
_RETURNS: Final = 3
#: Of the steps: what is agreed to is used first, and then taken back.
_FIRST_PART: Final = 0.6
_LOST: Final = 6
_OUT: Final = 1_000
_AWAY_MS, _GRACE_MS = 46_000, 75_000
_AGREES: Final = "granted"
_REFUSES: Final = frozenset({"denied", "withdrawn", "off"})
_POLICY: Final = frozenset({"policy", "account"})


class Wishes(NamedTuple):
    """How what asks is answered."""

    policy: Wish = "accept"
    separate: Wish = "accept"
    permissions: Literal["allow", "deny", "ignore"] = "allow"
    goal: Literal["all", "withdraw"] = "all"
    steps: int = 200
    seed: int = 0
    depth: int = 12
    risky: bool = False
    only: str = ""


class Sight(NamedTuple):
    """What is seen before a decision. ``front``: app, prompt (the system's permission dialog) or other; ``new``: a row
    was called, or an activity reached, for the first time since the last one; ``missing``: activities of the app not
    reached, and ``rows`` that its code refers to and nobody called."""

    seen: Seen
    reading: Reading
    front: str = "app"
    new: bool = False
    missing: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


class Deed(NamedTuple):
    """A step of an ordinary scenario: verb and arguments. ``control`` is what is tapped, ``field`` typed into."""

    verb: str
    args: dict[str, Any]
    why: str
    control: Control | None = None
    field: Node | None = None
    policy: str = ""


class Planner:
    """One walk."""

    def __init__(self, wishes: Wishes, persons: fields.Persons) -> None:
        self.wishes, self.persons = wishes, persons
        self.atlas = Atlas()
        self.steps = 0
        self.why = ""
        """Why the walk is over; empty = it is not."""
        self.withdrawal = "" if wishes.goal == "all" else "not_found"
        self._agreed = self._agreeing = self._taking = self._last_part = False
        self._stale = self._since = self._lost = self._insisted = 0
        self._scrolled: tuple[object, ...] | None = None
        self._turned_down, self._returns = False, _RETURNS
        self._last: tuple[Place, Control | str] | None = None
        self._then: deque[Deed] = deque()
        self._stages = self._later()
        self._missing: tuple[str, ...] = ()
        self._met: set[Control] = set()
        self._answering = False
        self._inside = False

    # What must not be done ------------------------------------------------------------------------------------------

    def wanted(self, scope: str) -> str:
        """The answer wanted to what asks for a scope; ``withdraw`` once it was agreed to and is to be taken back."""
        if self.withdrawal == "found":
            return "ignore"
        if self._last_part and scope in _POLICY:
            return "withdraw"
        return self.wishes.policy if scope in _POLICY else self.wishes.separate

    def refuses(self, reading: Reading, control: Control) -> str:
        """Why a control is never tapped, as its window reads: ``against`` the policy, ``unread`` or ``risky``; empty if
        nothing speaks against it."""
        answer = reading.of(control)
        if answer.meaning == "cancel_account":
            return "" if self.wishes.risky else "risky"
        off = any(state in _REFUSES for _, state in answer.marks)
        for scope, state in answer.marks:
            wish = self.wanted(scope)
            if state == "unread" and not off:  # what sends off choices that all were refused leaves the rest open
                return "unread"
            if state == "withdrawn" and self._last_part:
                continue
            if (state == _AGREES and wish != "accept") or (state in _REFUSES and wish not in ("refuse", "withdraw")):
                return "against"
        # A box decides only with the button beside it: it is not ticked either.
        asks = {self.wanted(scope) for scope in reading.scopes} or ({self.wishes.policy} if reading.strange else set())
        if (answer.turns_on or answer.says == "accept") and not answer.marks and asks and "accept" not in asks:
            return "against"
        if reading.strange and answer.says == "reject" and asks == {"accept"}:
            return "against"  # it is left by BACK
        if answer.meaning == "withdraw" and not self._last_part:
            return "against"
        risky = not self.wishes.risky and self._risky(control, bool(answer.marks))
        return "risky" if risky else ""

    def _risky(self, control: Control, answers: bool) -> bool:
        """Whether it does what cannot be undone or reaches others, by its words; without any, by its name. What
        ``answers`` something may speak of sharing and sending."""
        known, name, said = fields.words(), control.rid.rpartition("/")[2].casefold(), control.label
        if known["irreversible"].search(said) or known["risky_signs"].search(said):
            return True
        named = said.isascii() and known["risky_names"].search(name)
        return not answers and bool(named or known["outward"].search(said))

    # What is done ---------------------------------------------------------------------------------------------------

    def next(self, sight: Sight) -> Deed | None:
        """The next deed; None = the walk is over, see ``why``."""
        self.steps += 1
        self._missing, self._agreed = sight.missing, self._agreed or self._agreeing
        if self._agreed and self.withdrawal == "not_found" and self.steps > _FIRST_PART * self.wishes.steps:
            self._last_part = True
        sight = self._learn(sight)
        tactics: tuple[Callable[[Sight], Deed | None], ...] = (
            self._prompt, self._planned, self._outside, self._fill, self._answer, self._return,
            self._withdraw, self._use, self._go, self._leave,
        )  # fmt: skip
        if self.steps > self.wishes.steps:
            self.why = "steps"
            return None
        deed = next((found for tactic in tactics if not self.why and (found := tactic(sight))), None)
        tapped = deed is not None and (deed.control or (BACK if deed.verb == "back" else None))
        self._last = (sight.seen.place, tapped) if tapped and sight.front == "app" else None
        self._answering = deed is not None and bool(deed.policy)
        return deed

    def _learn(self, sight: Sight) -> Sight:
        if sight.front != "app":
            return sight
        seen, new = self.atlas.known(sight.seen)
        place = seen.place
        if self._last is not None:
            origin, step = self._last
            origin.leads[step] = place.id
        if new or sight.new:
            self._stale = self._since = 0
        self._since += 1
        if self._scrolled == seen.looks:
            place.scrolls = _SCROLLS  # that was its end
        self._scrolled = None
        self._lost = 0
        if not sight.reading.scopes:
            self._insisted = 0
        self._inside |= self._meant(place)
        if new and self.atlas.depth(place) > self.wishes.depth:
            place.kept_off.update(dict.fromkeys(place.said, "depth"))
        refused = {control: self.refuses(sight.reading, control) for control in place.said}
        place.takes_back = {c for c, answer in sight.reading.answers.items() if answer.takes_back}
        place.missed = {control: why for control, why in refused.items() if why} | place.kept_off
        if self.wishes.separate == "accept" and not self._last_part:
            place.missed |= {c: "against" for c, n in seen.nodes.items() if n.checkable and n.checked}
        return sight._replace(seen=seen)

    def _prompt(self, sight: Sight) -> Deed | None:
        if sight.front != "prompt":
            return None
        if (decision := self.wishes.permissions) == "ignore":
            return Deed("back", {}, "left_unanswered", policy=decision)
        self._turned_down |= decision == "deny"
        args = {"decision": decision, "timeout": "2s", "optional": True}
        return Deed("permission", args, "permission", policy=decision)

    def _planned(self, sight: Sight) -> Deed | None:
        return self._then.popleft() if self._then else None

    def _outside(self, sight: Sight) -> Deed | None:
        if sight.front == "app":
            return None
        self._lost += 1
        if self._last is not None:
            place, step = self._last
            place.tried[step] = _OUT
            if isinstance(step, Control) and not self._answering:  # what closes the app as an answer is given again
                place.kept_off[step] = "leaves"
        self.why = "app_gone" if self._lost > _LOST else ""
        return Deed("foreground", {}, "left_the_app")

    # Answers --------------------------------------------------------------------------------------------------------

    def _allowed(self, sight: Sight) -> Iterator[tuple[Control, Node]]:
        for control, node in sight.seen.nodes.items():
            if not self.refuses(sight.reading, control):
                yield control, node

    def _answer(self, sight: Sight) -> Deed | None:
        """Answer what asks for consent, if it offers the answer (any more)."""
        reading, place = sight.reading, sight.seen.place
        if not reading.scopes or self._insisted >= _ANSWERS:
            return None
        wishes = {self.wanted(scope) for scope in reading.scopes}
        wish = next((one for one in ("refuse", "accept") if one in wishes), "ignore")
        allowed = list(self._allowed(sight))
        read = fields.words()["documents"]
        if not self._insisted:  # a user may read the text first
            for control, _ in allowed:
                if control in place.open and not reading.of(control).marks and read.search(control.label):
                    return self._tap(sight, control, "reads_first")
        if wish == "ignore":
            return None
        for control, node in allowed:  # boxes: off before a refusal is sent off, on before an agreement
            off = wish == "refuse" and node.checkable and node.checked
            on = wish == "accept" and node.checkable and not node.checked and not node.cls.endswith("Switch")
            if (off or on) and place.tried[control] < _ANSWERS:
                return self._tap(sight, control, f"box_{'off' if off else 'on'}", wish)
        states = _REFUSES if wish == "refuse" else {_AGREES}
        chosen = [c for c, n in allowed if not n.checkable and states & {s for _, s in reading.of(c).marks}]
        if not chosen and wish == "refuse":
            chosen = [c for c, _ in allowed if reading.of(c).says == "reject" and place.tried[c] < _ANSWERS]
        layers = [c for c, _ in allowed if reading.of(c).layer and c in place.open]
        if not chosen and wish == "refuse" and layers:
            return self._tap(sight, layers[-1], "second_layer", wish)  # what asks is drawn over what was there
        if not chosen:
            return None

        def rank(control: Control) -> tuple[object, ...]:
            answer = reading.of(control)
            return answer.meaning not in ("accept", "reject"), not answer.clear, chosen.index(control)

        best = min(chosen, key=rank)
        self._agreeing = ("policy", _AGREES) in reading.of(best).marks
        self._turned_down |= wish == "refuse"
        return self._tap(sight, best, "answers", wish)

    def _return(self, sight: Sight) -> Deed | None:
        """After a refusal, leave the app a few times and come back: does it ask again?"""
        if not (self._turned_down and self._returns) or sight.reading.scopes:
            return None
        self._returns -= 1
        return self._in_turn(Deed("background", {"duration": "1s"}, "comes_back"), _BACK)

    def _withdraw(self, sight: Sight) -> Deed | None:
        """Take back the agreement to the policy: by a control that does, or the question whether to."""
        if not self._last_part:
            return None
        reading, tried = sight.reading, sight.seen.place.tried
        there = [(c, n) for c, n in self._allowed(sight) if not tried[c] or (n.checkable and tried[c] < _ANSWERS)]
        ends = [(c, n, {scope for scope, state in reading.of(c).marks if state == "withdrawn"}) for c, n in there]
        switches = [c for c, n, scopes in ends if n.checkable and n.checked and scopes]
        back = [c for c, n, scopes in ends if scopes & _POLICY and not n.checkable]
        asks = [c for c, n in there if reading.of(c).meaning == "withdraw" and not n.checkable]
        if found := switches or back or asks:  # what was chosen apart from the policy first: the page may close
            self._taking |= not switches
            return self._tap(sight, found[0], "takes_back", "withdraw")
        if self._taking:  # and nothing asks whether to any more
            self.withdrawal, self._last_part = "found", False
            return self._in_turn(_ALLOWED, *_AWAY, _AGAIN, _AWAY[-1])
        return None

    # The walk -------------------------------------------------------------------------------------------------------

    def _tap(self, sight: Sight, control: Control, why: str, policy: str = "") -> Deed:
        place = sight.seen.place
        place.open.discard(control)
        place.tried[control] += 1
        self._insisted += bool(sight.reading.scopes and sight.reading.of(control).marks)
        self._met.add(control)
        return Deed("tapOn", {}, why, control, policy=policy)

    def _fill(self, sight: Sight) -> Deed | None:
        place, inputs = sight.seen.place, sight.seen.fields
        if place.filled >= len(inputs):
            return None
        place.filled += 1
        return Deed("inputText", {}, "field", field=inputs[place.filled - 1])

    def _left(self, place: Place) -> list[Control]:
        """What has not been used in a place and may be."""
        target = not self.wishes.risky and fields.words()["risky_targets"].search(place.activity)
        if target or (self._inside and not self._meant(place)):
            return []
        back = [c for c in place.takes_back if not place.tried[c]] if self._last_part else []
        return back or [c for c in place.said if c in place.open and c not in place.missed]

    def _spent(self, sight: Sight) -> bool:
        """Whether enough controls were tried since the last new place or row: more while something is known to be left,
        and never more steps than ``_GUIDED``."""
        goals = bool(sight.missing or sight.rows)
        return self._since >= _GUIDED or self._stale >= (_GUIDED if goals else _PATIENCE)

    def _meant(self, place: Place) -> bool:
        """Whether it is one of those to which the walk is limited."""
        return self.wishes.only.casefold() in f"{place.activity} {place.title}".casefold()

    def _use(self, sight: Sight) -> Deed | None:
        place, reading = sight.seen.place, sight.reading
        left = [c for c in self._left(place) if c in sight.seen.nodes and not self.refuses(reading, c)]
        if self._spent(sight):
            left = []
        if not left and sight.seen.scrollable and place.scrolls < _SCROLLS:
            place.scrolls += 1
            self._scrolled = sight.seen.looks
            return Deed("scroll", {}, "more_below")
        if not left:
            return None
        menus = fields.words()["menus"]

        def order(control: Control) -> tuple[object, ...]:
            answer = reading.of(control)
            dice = hashlib.sha256(f"{self.wishes.seed}{control}".encode()).hexdigest() if self.wishes.seed else ""
            last = answer.closes or answer.says in ("reject", "idle")
            if reading.dialog and self.wishes.policy == "refuse":
                last = answer.says != "reject"
            return (
                last,
                self._last_part and not menus.search(control.label),
                control in self._met,
                dice,
                left.index(control),
            )

        self._stale += 1
        return self._tap(sight, min(left, key=order), "not_used_yet")

    def _go(self, sight: Sight) -> Deed | None:
        """Towards the nearest place where something is left."""
        if self._spent(sight):
            return None
        place = sight.seen.place
        step = self.atlas.way(place, lambda other: bool(self._left(other)))
        if step is None:
            return None
        if step == BACK:
            place.tried[BACK] += 1
            return Deed("back", {}, "way_back")
        asks_again = self._insisted >= _ANSWERS and sight.reading.of(step).marks  # type: ignore[arg-type]
        if step not in sight.seen.nodes or asks_again or self.refuses(sight.reading, step):  # type: ignore[arg-type]
            place.leads.pop(step)
            return self._go(sight)
        return self._tap(sight, step, "way_to_more")  # type: ignore[arg-type]

    def _leave(self, sight: Sight) -> Deed | None:
        """Nothing is left here: back, as far as that leads anywhere; then what comes later."""
        place = sight.seen.place
        if place.id != self.atlas.start and place.tried[BACK] < _ANSWERS and self._since < _GUIDED:
            place.tried[BACK] += 1
            return Deed("back", {}, "nothing_left")
        if self._agreed and self.withdrawal == "not_found" and not self._last_part:
            self._stale, self._since, self._last_part = 0, 0, True
            return self._go(sight) or self._leave(sight)
        if self.withdrawal == "found":
            self.why = "nothing_new"
            return None
        deed = next(self._stages, None)
        if deed is None:
            self.why = "nothing_new"
        return deed

    def _in_turn(self, *deeds: Deed) -> Deed:
        """The first of them; the others come next, whatever is seen."""
        self._then.extend(deeds[1:])
        return deeds[0]

    def _later(self) -> Iterator[Deed]:
        """What comes once nothing is left: the background for a while, returns after a refusal, a start by itself and a
        second one by hand; activities by intent, unless the policy's notice keeps the user out."""
        yield self._in_turn(*_AWAY)
        wait = Deed("idle", {"duration": "10s"}, "starts_by_itself")
        yield self._in_turn(Deed("killApp", {"optional": True}, "starts_by_itself"), wait, _BACK)
        self._stale = self._since = 0
        yield _AGAIN
        targets, started = fields.words()["risky_targets"], set[str]()
        while (name := next((one for one in self._missing if one not in started), None)) is not None:
            started.add(name)
            if self.wishes.policy == "accept" and (self.wishes.risky or not targets.search(name)):
                self._stale = self._since = 0
                yield Deed("startActivity", {"activity": name, "optional": True}, "by_intent")


_ALLOWED: Final = Deed("idle", {"duration": f"{_GRACE_MS}ms"}, "time_allowed")
_BACK: Final = Deed("foreground", {}, "comes_back")
_AWAY: Final = (
    Deed("background", {"duration": f"{_AWAY_MS}ms"}, "in_the_background"), _BACK,
    Deed("idle", {"duration": "3s"}, "comes_back"),
)  # fmt: skip
_AGAIN: Final = Deed("restart", {}, "second_launch")
