"""The verb on a device of a few screens: its steps, events, and the scenario that it leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.base.errors import InputError
from monitor.content.guard import Guard
from monitor.events import Decision, Explored, PlaceSeen, Step, Tap, UiSnapshot
from monitor.scenario.context import TIMEOUTS, Run
from monitor.scenario.explore.export import scenario, selector
from monitor.scenario.explore.fields import persons
from monitor.scenario.explore.model import Answer, Reading, Tappable
from monitor.scenario.marks import Marks
from monitor.scenario.model import Scenario, load_scenario
from monitor.scenario.runner import Runner
from monitor.scenario.screen import Selector
from monitor.session.handset import Node
from monitor.text import has

from .screen import APP, Kept, Screens, node


class Guide:
    """Reads 同意 and 不同意 as answers to the policy, everything else as nothing."""

    turns = 0
    """How often a window comes up before the walk has read one."""

    def read(self, controls: list[Tappable], since: int) -> Reading:
        marks = {"同意": "granted", "不同意": "denied"}
        said = {"同意": "accept", "不同意": "reject"}
        answers = {
            one.control: Answer(said[one.label], (("policy", marks[one.label]),), says=said[one.label])
            for one in controls
            if one.label in marks
        }
        return Reading(("policy",) if answers else (), answers=answers)

    def windows(self) -> int:
        self.turns = max(0, self.turns - 1)
        return self.turns

    def called(self) -> int:
        return 0

    def met(self) -> set[str]:
        return {f"{APP}.Main"}

    def missing(self) -> tuple[list[str], list[str]]:
        return [f"{APP}.Hidden"], ["location.last_known"]


def field(hint: str, row: int) -> Node:
    return node(hint, cls="android.widget.EditText", row=row)


def scripted(tmp_path: Path, more: str = "") -> Scenario:
    file = tmp_path / "walk.yaml"
    file.write_text(f"appId: {APP}\n---\n- explore: {{steps: 25{more}}}\n", "utf-8")
    return load_scenario(file)


def walked(
    tmp_path: Path, more: str = "", device: Screens | None = None, guide: Guide | None = None,
    marks: Marks | None = None, **screens: list[Node],
) -> tuple[Kept, Screens]:  # fmt: skip
    device, kept = device or Screens({}), Kept()
    device.screens = {"home": [], "main": [], **screens}
    device.moves = {("home", "同意"): "main", ("home", "不同意"): "main", **device.moves}
    run = Run(APP, device, kept, lambda name: 1, guide=guide or Guide(), marks=marks, stop=device.stopped)  # type: ignore[arg-type]
    outcome = Runner(scripted(tmp_path, more), run).run()
    assert not outcome.failed, outcome
    return kept, device


def of(kept: Kept) -> Explored:
    (end,) = kept.of(Explored)
    return end


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = Run.wait
    monkeypatch.setattr(Run, "wait", lambda self, seconds: waits(self, 0))
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
    end = of(kept)
    assert end.why in ("nothing_new", "steps", "app_gone") and end.rows_missed == ["location.last_known"]
    assert end.rows_missed_total == 1 and end.activities_reached == [f"{APP}.Main"]
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
    done = [one.verb for one in kept.of(Step) if one.state == "ok" and one.verb not in ("explore", "idle")]
    assert [step.verb for step in again.steps[1:] if step.verb != "idle"] == done  # in that order


def test_the_keyboard_is_closed_before_the_next_tap(tmp_path: Path) -> None:
    home = [field("请输入手机号", 1), field("姓名", 2), node("下一步", row=3)]
    _, device = walked(tmp_path, device=Screens({}, keyboard=True), home=home)
    after = [device.calls[place + 1] for place, call in enumerate(device.calls) if call[0] == "text"]
    assert after == [("key", "KEYCODE_BACK")] * 2


def test_nothing_is_typed_where_the_field_could_not_be_tapped(tmp_path: Path) -> None:
    phone = field("", 1)._replace(rid=f"{APP}:id/phone")
    kept, device = walked(tmp_path, device=Screens({}, dead="phone"), home=[phone, node("下一步", row=3)])
    assert [one.label for one in kept.of(Step) if one.state == "skipped"][:1] == ["phone"]
    assert not [call for call in device.calls if call[0] == "text"]


def test_a_file_and_an_account_say_what_is_typed(tmp_path: Path) -> None:
    (tmp_path / "me.yaml").write_text("email: own@example.org\n", "utf-8")
    (tmp_path / "account.yaml").write_text("user: prepared\npassword: Secret-9\n", "utf-8")
    sign_in = [field("账号", 1), field("密码", 2)._replace(password=True), node("登录", row=3)]
    _, device = walked(tmp_path, ", persons: me.yaml, account: account.yaml", home=sign_in)
    assert [call[1] for call in device.calls if call[0] == "text"] == ["prepared", "Secret-9"]
    _, device = walked(tmp_path, ", persons: me.yaml", home=[field("邮箱", 1), node("下一步", row=3)])
    assert [call[1] for call in device.calls if call[0] == "text"] == ["own@example.org"]


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ("answers: accept", "accept accept allow"), ("answers: refuse", "refuse refuse deny"),
        ("answers: ignore", "ignore ignore ignore"), ("goal: withdraw", "accept accept deny"),
        ("answers: {policy: accept, separate: refuse, permissions: deny}", "accept refuse deny"),
    ],
)  # fmt: skip
def test_what_asks_is_answered_as_the_policy_says_unless_it_is_said_apart(
    tmp_path: Path, how: str, wanted: str
) -> None:
    (step,) = scripted(tmp_path, f", {how}, seed: 3, depth: 4, risky: true, only: 我的").steps
    wishes = step.args.wishes()  # type: ignore[attr-defined]
    assert " ".join(wishes[:3]) == wanted and wishes[4:] == (25, 3, 4, True, "我的")


def test_the_time_is_a_ceiling(tmp_path: Path) -> None:
    kept, _ = walked(tmp_path, ", minutes: 0.000000001", home=HOME)
    assert of(kept).why == "minutes" and not kept.of(Tap)
    assert [one.why for one in of(kept).activities_missed] == ["budget"]


def test_random_touches_decide_nothing_and_end_with_the_steps(tmp_path: Path) -> None:
    kept, device = walked(tmp_path, ", strategy: random, seed: 1", home=HOME)
    assert of(kept).why == "steps" and not kept.of(Decision)
    assert {call[0] for call in device.calls} == {"tap", "swipe", "key"}
    again = walked(tmp_path, ", strategy: random, seed: 1", home=HOME)[1]
    assert device.calls == again.calls != walked(tmp_path, ", strategy: random, seed: 2", home=HOME)[1].calls


def test_a_walk_that_is_ended_says_so_and_is_left_as_far_as_it_came(tmp_path: Path) -> None:
    kept, _ = walked(tmp_path, device=Screens({}, stops="帮助"), home=[node("帮助", row=1), node("关于", row=2)])
    assert of(kept).why == "stopped" and [tap.label for tap in kept.of(Tap)] == ["帮助"]
    assert [(one.label, one.why) for one in of(kept).controls_missed] == [("关于", "budget")]


def test_a_window_that_comes_up_meanwhile_is_read_again(tmp_path: Path) -> None:
    guide = Guide()
    guide.turns = 4
    still, moving = walked(tmp_path, home=HOME)[0], walked(tmp_path, guide=guide, home=HOME)[0]
    assert len(moving.of(UiSnapshot, "")) > len(still.of(UiSnapshot, ""))
    assert len(moving.of(Decision)) == len(still.of(Decision))


def test_at_a_log_in_a_person_takes_over_once_and_the_place_is_told_once(tmp_path: Path) -> None:
    marks = Marks("Wang")
    marks.add({"what": "note", "text": "logged in"})
    marks.add({"what": "end"})
    sign_in = [field("账号", 1), field("密码", 2)._replace(password=True), node("登录", row=3)]
    kept, _ = walked(tmp_path, ", account: manual", marks=marks, home=sign_in)
    assert [one.verb for one in kept.of(Step) if one.state == "ok"][:2] == ["note", "manual"]
    assert len(kept.of(PlaceSeen)) == 1
    assert [(one.name, one.why) for one in of(kept).activities_missed] == [(f"{APP}.Hidden", "login_wall")]


def test_what_the_app_draws_itself_and_what_leads_out_of_it_is_said(tmp_path: Path) -> None:
    canvas = node(cls="android.view.SurfaceView")._replace(clickable=False)
    kept, _ = walked(tmp_path, home=[canvas])
    assert [one.why for one in of(kept).controls_missed] == ["drawn"]
    shop = Screens({}, leaves="商店")
    kept, _ = walked(tmp_path, device=shop, home=[node("商店", row=1), node("帮助", row=2)])
    assert [tap.label for tap in kept.of(Tap)].count("商店") == 1
    assert [(one.label, one.why) for one in of(kept).controls_missed] == [("商店", "leaves")]


def test_no_label_of_a_screen_is_public_with_what_was_typed_in_it(tmp_path: Path) -> None:
    email, phone = "ceshi.jin@example.com", "13812345670"
    labels = [f"已登录：{email}", f"{phone} 的订单", "订单" * 35 + f" {email}", "隐藏 " + phone]
    home = [node(label, row=row) for row, label in enumerate(labels)]
    kept, _ = walked(tmp_path, "", home=[*home, node(f"删除 {phone}", row=9)])
    guard = Guard(APP)
    guard.learn([("email", "a" * 32, email), ("phone_no", "b" * 32, phone)])
    public = [guard.public(event) for event in kept.events]
    said = " ".join(map(repr, public))
    assert email not in said and phone not in said and "ceshi" not in said and "#" not in said
    assert {type(event) for event, open_ in zip(public, kept.events, strict=True) if event != open_} >= {
        Decision, Explored, Step, Tap,
    }  # fmt: skip
    assert all(len(one.label) <= 80 for event in public if isinstance(event, Explored) for one in event.controls_missed)


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
    assert b"of 2001 steps" in scenario(APP, ["back"] * 1000) and b"steps:" not in scenario(APP, ["back"])


@pytest.mark.parametrize("text", ["phone: 138", "[1]", "phone: ''", "shoe: '42'", 'phone: "a\\u0007"'])
def test_a_file_with_anything_else_than_texts_by_kind_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "me.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError):
        persons(str(tmp_path / "me.yaml"))


def test_a_scenario_names_only_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "walk.yaml").write_text(f"appId: {APP}\n---\n- explore: {{persons: ../me.yaml}}\n", "utf-8")
    with pytest.raises(InputError, match="beside"):
        load_scenario(tmp_path / "walk.yaml")
