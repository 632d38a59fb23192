"""Walks through sample apps that nobody scripted: how they answer is told by the stand-in's own log and by the app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.assess.opened import Opened
from monitor.events import Consent, Decision, Explored, PlaceSeen, Tap
from monitor.scenario.model import load_scenario
from tests.session.conftest import Recorded, run

pytestmark = pytest.mark.device
STEPS = 14


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Recorded]:
    made: dict[tuple[str, int], Recorded] = {}

    def walk(answers: str, number: int = 1) -> Recorded:
        key = answers, number
        if key not in made:
            folder = tmp_path_factory.mktemp("walk")
            lines = f"- launchApp: {{clearState: true}}\n- explore: {{answers: {answers}, steps: {STEPS}}}\n"
            (folder / "walk.yaml").write_text(f"appId: com.example.shop\napp: shop\n---\n{lines}", "utf-8")
            made[key] = run(str(folder / "walk.yaml"), folder / "bundle")
        return made[key]

    return walk


@pytest.mark.parametrize(("wish", "told", "never"), [("refuse", "refused", "agreed"), ("accept", "agreed", "refused")])
def test_the_shop_is_answered_as_wished(walked: Callable[..., Recorded], wish: str, told: str, never: str) -> None:
    session = walked(wish)
    said = [line for line in session.said if line.startswith("policy -> ")]
    assert f"policy -> {told}" in said and f"policy -> {never}" not in said
    assert not [event for event in session.events if isinstance(event, Consent) and event.via == "scenario"]
    (end,) = (event for event in session.events if isinstance(event, Explored))
    assert (
        end.why == "steps"
        and end.policy == wish
        and end.places == len({event.place for event in session.events if isinstance(event, PlaceSeen)})
    )
    decided = [event for event in session.events if isinstance(event, Decision)]
    assert [one.step for one in decided] == list(range(1, STEPS + 1))
    assert any(one.reading == "policy" and one.policy == wish for one in decided)
    assert {"《隐私政策》", "《用户协议》"} <= {event.label for event in session.events if isinstance(event, Tap)}


def test_the_same_walk_is_made_again(walked: Callable[..., Recorded]) -> None:
    def deeds(session: Recorded) -> list[tuple[str, ...]]:
        return [(e.place, e.verb, e.control, e.why) for e in session.events if isinstance(e, Decision)]

    assert deeds(walked("refuse")) == deeds(walked("refuse", 2))


def test_what_was_done_is_left_as_a_scenario(walked: Callable[..., Recorded], tmp_path: Path) -> None:
    session = walked("accept")
    (end,) = (event for event in session.events if isinstance(event, Explored))
    with Opened(session.outcome.bundle) as opened:
        replay = opened.bundle.read_blob(end.replay)
    assert replay is not None
    (tmp_path / "replay.yaml").write_bytes(replay)
    steps = load_scenario(tmp_path / "replay.yaml").steps
    taps = [event.label for event in session.events if isinstance(event, Tap) and event.via == "runner"]
    named = [step.args.title() for step in steps if step.verb == "tapOn"]
    assert taps[0] in named and "explore" not in {step.verb for step in steps}
    assert steps[0].verb == "launchApp"
