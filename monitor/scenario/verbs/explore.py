"""The verb ``explore``: an unscripted walk through the app, which answers what asks for consent by a policy."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, model_validator

from monitor.base import yamlfile
from monitor.base.errors import MonitorError
from monitor.events import Decision, PlaceSeen
from monitor.scenario.context import Run, StepFailed, Stopped
from monitor.scenario.explore import export, fields, model
from monitor.scenario.explore.planner import Deed, Planner, Sight, Wish, Wishes
from monitor.scenario.registry import VERBS, Args, Beside, verb
from monitor.scenario.screen import label_of, screen_size
from monitor.scenario.verbs.consent import permission_button
from monitor.session.handset import Node

#: Seconds without activity of the app after which its screen is read, and for which that is waited for at most.
_QUIET_S, _SETTLE_S = 0.7, 5.0
#: A screen that changes while it is read is read so often.
_LOOKS: Final = 4


class Answers(yamlfile.Strict):
    """How what asks is answered: ``separate`` consents and the system's ``permissions`` by default as the policy; with
    the goal ``withdraw``, permissions are denied."""

    policy: Wish = "accept"
    separate: Wish | None = None
    permissions: Literal["allow", "deny", "ignore"] | None = None


_Answers = Annotated[Answers, BeforeValidator(lambda given: {"policy": given} if isinstance(given, str) else given)]
_PERMISSIONS: Final[dict[Wish, Literal["allow", "deny", "ignore"]]] = {
    "accept": "allow", "refuse": "deny", "ignore": "ignore",
}  # fmt: skip


class Explore(Args):
    """How far the walk goes, and how it answers."""

    goal: Literal["all", "withdraw"] = "all"
    """``withdraw``: accepts first, then finds the way to take it back."""
    answers: _Answers = Answers()
    steps: int = Field(200, ge=1, le=2000)
    minutes: float = Field(30, gt=0, le=240)
    """A ceiling: how far a walk comes in a time differs from run to run."""
    seed: int = Field(0, ge=0)
    """Another order of what is equally near; 0 = as on the screen."""
    depth: int = Field(12, ge=1, le=50)
    risky: bool = False
    """Also what pays, orders, deletes, sends, calls, publishes, invites or closes the account."""
    strategy: Literal["systematic", "random"] = "systematic"
    """``random``: taps anywhere, to compare with; answers whatever it meets."""
    only: str = Field("", max_length=200)
    """Places whose activity or heading contains it, once one was seen."""
    persons: Annotated[str, Beside()] = ""
    """A file beside the scenario: what to type, by kind of field."""
    account: Annotated[str, Beside("manual")] = ""
    """A file beside the scenario with ``user``, ``password`` and ``code``; ``manual`` = a person signs in."""

    @model_validator(mode="after")
    def _typed(self) -> Explore:
        self.typed()
        return self

    def typed(self) -> fields.Persons:
        """What is typed into fields. Raises ``InputError``."""
        return fields.persons(self.persons, "" if self.account == "manual" else self.account)

    def title(self) -> str:
        """Goal and answers."""
        return self.label or f"{self.goal} {self.answers.policy}"

    def planned_ms(self) -> int:
        """About two seconds a step."""
        return min(self.steps * 2000, round(self.minutes * 60_000))

    def wishes(self) -> Wishes:
        """For the planner."""
        policy, goal = "accept" if self.goal == "withdraw" else self.answers.policy, self.goal
        separate = self.answers.separate or policy
        by_default = "deny" if self.goal == "withdraw" else _PERMISSIONS[policy]
        permissions = self.answers.permissions or by_default
        return Wishes(policy, separate, permissions, goal, self.steps, self.seed, self.depth, self.risky, self.only)


@verb("explore", Explore)
def explore(run: Run, args: Explore) -> None:
    """Walk through the app without a script: what asks for consent is answered by ``answers``, controls not used yet
    come first, and nothing risky is touched."""
    if run.guide is None:
        raise StepFailed("nothing reads the windows of this session")
    walk = _Walk(run, run.guide, args)
    try:
        walk.go()
    except Stopped:
        walk.planner.why = "stopped"
        raise
    finally:
        run.emit(export.explored(run, walk.planner, run.guide, walk.deeds))


class _Walk:
    """Looks, has the planner decide, and acts. ``deeds``: what was done, as commands of a scenario."""

    def __init__(self, run: Run, guide: model.Guiding, args: Explore) -> None:
        self.run, self.guide, self.args = run, guide, args
        self._by_hand = args.account == "manual"
        self.planner = Planner(args.wishes(), args.typed())
        self.deeds: list[Any] = []
        self._nodes: list[Node] = []
        self._told: set[str] = set()
        self._known, self._rows, self._tapped = (0, 0), 0, False

    def go(self) -> None:
        """Until the planner is done, or the time is over."""
        end, dice = time.monotonic() + self.args.minutes * 60, random.Random(self.args.seed)
        while not self.planner.why:
            sight = self._look()
            if time.monotonic() > end:
                self.planner.why = "minutes"
            elif self._by_hand and sight.seen.place.asks_password:
                self._by_hand = False
                self._step("manual", {})
            elif self.args.strategy == "random":
                self._at_random(sight, dice)
            elif (deed := self.planner.next(sight)) is not None:
                self._act(sight, deed)

    def _look(self) -> Sight:
        """The screen once it stands still, read as the live reader of consents reads it."""
        for _ in range(_LOOKS):
            self.run.until(lambda: self.run.quiet_for() >= _QUIET_S, _SETTLE_S)
            rows, self._rows = self._rows, self.guide.called()
            if self._tapped and rows != self._rows:  # what began goes on for a while: a position takes more than 4 s
                self._step("idle", {"duration": "5s"})
            windows = self.guide.windows()
            self._nodes = list(self.run.settled("explore"))
            sight = self._sight()
            if self.guide.windows() == windows:
                break
        place = sight.seen.place
        if sight.front == "app" and place.id not in self._told:
            self._told.add(place.id)
            about = {"activity": place.activity, "window_kind": place.kind, "title": place.title}
            about |= {"place": place.id, "tree": self.run.tree()}
            self.run.emit(PlaceSeen(**self.run.base(), **about, controls=len(place.said)))  # type: ignore[arg-type]
        return sight

    def _sight(self) -> Sight:
        run, nodes, focus = self.run, self._nodes, self.run.focus
        activity = focus.cls if focus is not None and focus.package == run.app else ""
        seen = model.look(nodes, run.app, activity)
        reading = self.guide.read([*seen.taps.values()], run.pictured)
        if reading.dialog:
            seen = model.look(nodes, run.app, activity, dialog=True)
        prompt = any(permission_button(nodes, decision, run.app) for decision in ("allow", "deny"))
        front = "prompt" if prompt else "app" if run.in_front(unknown=True) else "other"
        missing, rows = self.guide.missing()
        known, self._known = self._known, (self.guide.called(), len(missing))
        return Sight(seen, reading, front, (0, 0) != known != self._known, tuple(missing), tuple(rows))

    def _act(self, sight: Sight, deed: Deed) -> None:
        said = sight.seen.taps[deed.control].label if deed.control is not None else ""
        reading = "permission" if sight.front == "prompt" else sight.reading.word[:200]
        about = {"place": sight.seen.place.id, "reading": reading, "policy": deed.policy, "verb": deed.verb}
        about |= {"control": said, "why": deed.why}
        self.run.emit(Decision(**self.run.base(), **about, step=self.planner.steps))  # type: ignore[arg-type]
        node = deed.field if deed.control is None else sight.seen.nodes[deed.control]
        if node is None:
            self._step(deed.verb, deed.args)
        else:
            where, said = export.selector(self._nodes, node, said), said or label_of(node)
            there = self._step("tapOn", where, lambda: self.run.tap_node(node, said, settle=False), said)
            if there and deed.field is not None:
                person = fields.kind_of(node, self._nodes, any(one.password for one in self._nodes))
                typed = VERBS["inputText"].args.model_validate({"text": self.planner.persons[person]})
                self._step("inputText", {"person": person}, lambda: VERBS["inputText"].run(self.run, typed))
                if self.run.port.keyboard_shown():  # it would take the next tap
                    self._step("back", {})

    def _step(self, name: str, given: dict[str, Any], act: Callable[[], None] | None = None, title: str = "") -> bool:
        """One ordinary step, logged as one; whether it could be done. ``title``: what it taps, as the screen says it,
        so that what must not be public is known in it."""
        args, number = VERBS[name].args.model_validate(given), self.planner.steps
        title = title or args.title()
        self._tapped = name in ("tapOn", "startActivity")
        self.run.step(number, name, "started", title)
        try:
            (act or partial(VERBS[name].run, self.run, args))()
        except (StepFailed, MonitorError) as fault:
            self.run.step(number, name, "skipped", title, str(fault))
            return False
        self.run.step(number, name, "ok", title)
        self.deeds.append({name: given} if given else name)
        return True

    def _at_random(self, sight: Sight, dice: random.Random) -> None:
        """As Monkey does: touches and drags anywhere, now and then BACK; comes back to the app."""
        self.planner.steps += 1
        self.planner.atlas.known(sight.seen)
        width, height = screen_size(self._nodes)
        (x, y), what = (dice.randrange(width), dice.randrange(height)), dice.random()
        if self.planner.steps > self.args.steps:
            self.planner.why = "steps"
        elif sight.front == "other":
            self._step("foreground", {})
        elif what < 0.8:
            self._step("tapOn", {"point": f"{x},{y}"}, lambda: self.run.touch(x, y, f"{x},{y}", settle=False))
        elif what < 0.92:
            self._step("swipe", {"start": f"{x},{y}", "end": f"{dice.randrange(width)},{dice.randrange(height)}"})
        else:
            self._step("back", {})
