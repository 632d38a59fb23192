"""What an exploration did, as an ordinary scenario that does the same without exploring; and what it did not reach."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import yaml

from monitor.events import Explored, Missed
from monitor.scenario.context import Run
from monitor.scenario.explore import fields
from monitor.scenario.explore.model import Guiding
from monitor.scenario.explore.planner import Planner
from monitor.scenario.screen import Selector
from monitor.session.handset import Node

_LONGEST: Final = 80
_LISTED: Final = 200
#: A scenario has no more (``monitor.scenario.model``).
_COMMANDS: Final = 2_000
#: Between two deeds the walk waited, too.
_SETTLED: Final = {"duration": "0s", "quiet": "700ms", "limit": "5s"}


def selector(nodes: Sequence[Node], node: Node, said: str) -> dict[str, Any]:
    """How a scenario names a node, so that it is found on this screen: by its words, its ID or its place."""
    left, top, right, bottom = node.bounds
    x, y = (left + right) // 2, (top + bottom) // 2

    def inside(one: Node | None) -> bool:
        """Whether a tap on it is one on the node."""
        if one is None:
            return False
        across, down = (one.bounds[0] + one.bounds[2]) // 2, (one.bounds[1] + one.bounds[3]) // 2
        return one is node or (not one.clickable and left <= across < right and top <= down < bottom)

    words = re.escape(said[:_LONGEST]).replace("\\ ", " ") + (".*" if len(said) > _LONGEST else "")
    own = re.escape(node.rid.rpartition("/")[2])
    for how in ({"text": words}, {"id": own}):
        if not any(how.values()) or "${" in str(how):
            continue
        plain = Selector(**how)
        if inside(plain.find(nodes)):
            return how
        found = list(filter(plain.matches, nodes))
        if (index := next((n for n, one in enumerate(found) if one is node), None)) is not None:
            return {**how, "index": index}
    return {"point": f"{x},{y}"}


def scenario(app: str, deeds: Sequence[Any]) -> bytes:
    """A scenario file, which says at its top what it does not repeat. Typed texts are named by the kind of field, never
    given."""
    head = {"appId": app, "name": "replay"}
    steps: list[Any] = [{"launchApp": {"clearState": True}}]
    for name, given in map(_parts, deeds):  # what a pop-up covers the next time is no reason to end the replay
        steps += {"idle": dict(_SETTLED)}, {name: {**given, "optional": True}}
    notes = "# What an exploration did. Its texts are of the monitor's own test persons, whoever was typed then.\n"
    if len(steps) > _COMMANDS:
        notes += f"# The first {_COMMANDS} of {len(steps)} steps: a scenario has no more.\n"
    return (notes + yaml.safe_dump_all([head, steps[:_COMMANDS]], allow_unicode=True, sort_keys=False)).encode()


def _parts(deed: Any) -> tuple[str, dict[str, Any]]:
    return (deed, {}) if isinstance(deed, str) else next(iter(deed.items()))


def explored(run: Run, planner: Planner, guide: Guiding, deeds: Sequence[Any]) -> Explored:
    """The event at the end of a walk."""
    missing, rows = guide.missing()
    activities = [Missed(name=name, why=_why(planner)) for name in missing]
    controls = list(_unused(planner))
    return Explored(
        **run.base(),  # type: ignore[arg-type]
        why=planner.why or "stopped", steps=planner.steps, places=len(planner.atlas.places),
        policy=planner.wishes.policy, goal=planner.wishes.goal, withdrawal=planner.withdrawal,
        activities_reached=sorted(guide.met())[:_LISTED],
        activities_missed=activities[:_LISTED], activities_missed_total=len(activities),
        controls_missed=controls[:_LISTED], controls_missed_total=len(controls),
        rows_missed=rows[:_LISTED], rows_missed_total=len(rows),
        replay=run.blob(scenario(run.app, deeds)),
    )  # fmt: skip


def _why(planner: Planner) -> str:
    """Why an activity was not reached, by what stands in the way."""
    places = planner.atlas.places.values()
    if planner.why in ("steps", "minutes", "stopped"):
        return "budget"
    if any(fields.words()["captcha"].search(c.label) for place in places for c in place.said):
        return "captcha"
    return "login_wall" if any(place.asks_password for place in places) else "not_reached"


def _unused(planner: Planner) -> Iterator[Missed]:
    """Controls that were never used, each with why; what answers against the policy is no loss."""
    for place in planner.atlas.places.values():
        if place.drawn:
            yield Missed(place=place.id, why="drawn")
        for control, said in place.said.items():
            why = place.missed.get(control, "")
            if why != "against" and (why or control in place.open):
                late = "budget" if planner.why in ("steps", "minutes", "stopped") else "not_reached"
                yield Missed(place=place.id, label=said, why=why or late)
