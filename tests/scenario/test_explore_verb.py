"""The verb on a device of a few screens: its steps, events, and the scenario that it leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.base.errors import InputError
from monitor.events import Decision, Explored, PlaceSeen, Step, Tap
from monitor.scenario.context import TIMEOUTS, Run
from monitor.scenario.explore.export import scenario, selector
from monitor.scenario.explore.fields import persons
from monitor.scenario.explore.model import Answer, Reading, Tappable
from monitor.scenario.model import load_scenario
from monitor.scenario.runner import Runner
from monitor.scenario.screen import Selector
from monitor.session.handset import Node
from monitor.text import has

from .screen import APP, Kept, Screens, node


class Guide:
    """Reads 同意 and 不同意 as answers to the policy, everything else as nothing."""

    rows: list[str] = []

    def read(self, controls: list[Tappable], pictures: int) -> Reading:
        marks = {"同意": "granted", "不同意": "denied"}
        said = {"同意": "accept", "不同意": "reject"}
        answers = {
            one.control: Answer(said[one.label], (("policy", marks[one.label]),), says=said[one.label])
            for one in controls
            if one.label in marks
        }
        return Reading(("policy",) if answers else (), answers=answers)

    def windows(self) -> int:
        return 0

    def called(self) -> int:
        return 0

    def missing(self) -> tuple[list[str], list[str]]:
        return [f"{APP}.Hidden"], ["location.last_known"]


def field(hint: str, row: int) -> Node:
    return node(hint, cls="android.widget.EditText", row=row)


def walked(tmp_path: Path, more: str = "", keyboard: bool = False, **screens: list[Node]) -> tuple[Kept, Screens]:
    file = tmp_path / "walk.yaml"
    file.write_text(f"appId: {APP}\n---\n- explore: {{steps: 25{more}}}\n", "utf-8")
    device = Screens({"home": [], **screens}, {("home", "同意"): "main", ("home", "不同意"): "main"})
    device.keyboard = keyboard
    kept = Kept()
    run = Run(APP, device, kept, lambda name: 1, guide=Guide())  # type: ignore[arg-type]
    outcome = Runner(load_scenario(file), run).run()
    assert not outcome.failed, outcome
    return kept, device


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Run, "wait", lambda self, seconds: None)
    monkeypatch.setitem(TIMEOUTS, "front", 0.05)  # type: ignore[arg-type]


HOME = [node("同意", row=1), node("不同意", row=2)]


def test_each_deed_is_a_decision_and_an_ordinary_step(tmp_path: Path) -> None:
    kept, _ = walked(tmp_path, ", answers: refuse", home=HOME, main=[node("搜索", row=1), node("立即支付", row=2)])
    assert [tap.label for tap in kept.of(Tap)][:2] == ["不同意", "搜索"]
    assert not {"同意", "立即支付"} & {tap.label for tap in kept.of(Tap)}
    decisions = kept.of(Decision)
    assert (decisions[0].verb, decisions[0].control, decisions[0].policy) == ("tapOn", "不同意", "refuse")
    assert all(has(f"deed.{one.why}") for one in decisions)
    assert [one.step for one in decisions] == list(range(1, len(decisions) + 1))
    steps = [one for one in kept.of(Step) if one.verb == "tapOn" and one.state == "ok"]
    assert [one.label for one in steps][:2] == ["不同意", "搜索"]
    assert len(kept.of(PlaceSeen)) == 2
    (end,) = kept.of(Explored)
    assert end.why in ("nothing_new", "steps", "app_gone") and end.rows_missed == ["location.last_known"]
    assert [(one.name, one.why) for one in end.activities_missed] == [(f"{APP}.Hidden", "not_reached")]
    assert ("立即支付", "risky") in [(one.label, one.why) for one in end.controls_missed]


def test_the_walk_is_left_as_a_scenario_without_what_was_typed(tmp_path: Path) -> None:
    kept, device = walked(tmp_path, home=[field("请输入手机号", 1), node("下一步", row=3)])
    typed = [call[1] for call in device.calls if call[0] == "text"]
    assert typed == [persons()["phone"]]
    replay, private = kept.blobs[-1]
    assert private
    assert persons()["phone"].encode() not in replay and b"person: phone" in replay
    file = tmp_path / "replay.yaml"
    file.write_bytes(replay)
    again = load_scenario(file)
    assert {"tapOn", "inputText", "launchApp"} <= {step.verb for step in again.steps}
    assert not any(step.verb == "explore" for step in again.steps)


def test_the_keyboard_is_closed_before_the_next_tap(tmp_path: Path) -> None:
    _, device = walked(
        tmp_path, keyboard=True, home=[field("请输入手机号", 1), field("姓名", 2), node("下一步", row=3)]
    )
    after = [device.calls[place + 1] for place, call in enumerate(device.calls) if call[0] == "text"]
    assert after == [("key", "KEYCODE_BACK")] * 2


def test_a_selector_finds_the_node_that_it_is_made_for() -> None:
    screen = [
        node("设置", row=0),
        node("设置", row=1),
        node("a+b (c)", row=2),
        node(rid=f"{APP}:id/more", row=3),
        node(row=4),
    ]
    found = [selector(screen, one, one.text) for one in screen]
    assert [Selector(**how).find(screen) for how in found[:4]] == screen[:4]
    assert found[4] == {"point": "540,445"}
    assert b"optional: true" in scenario(APP, [{"tapOn": found[0]}, "back"])


@pytest.mark.parametrize("text", ["phone: 138", "[1]", "phone: ''", "shoe: '42'", 'phone: "a\\u0007"'])
def test_a_file_with_anything_else_than_texts_by_kind_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "me.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError):
        persons(str(tmp_path / "me.yaml"))


def test_a_scenario_names_only_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "walk.yaml").write_text(f"appId: {APP}\n---\n- explore: {{persons: ../me.yaml}}\n", "utf-8")
    with pytest.raises(InputError, match="beside"):
        load_scenario(tmp_path / "walk.yaml")
