"""Running scenarios on a device of a few screens."""

import datetime
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from monitor.base.errors import EnvironmentFault
from monitor.events import ApiCall, Consent, Lifecycle, Step, Tap, Toggle, UiSnapshot
from monitor.scenario.context import TIMEOUTS, Run
from monitor.scenario.model import Scenario, load_scenario
from monitor.scenario.runner import Outcome, Progress, Runner
from monitor.session.handset import Component, Node
from tests.scenario.screen import APP, Kept, Screens, node

DIALOG = "com.google.android.permissioncontroller"
IDS = "com.android.permissioncontroller:id/"


def scenario(tmp_path: Path, commands: str) -> Scenario:
    path = tmp_path / "s.yaml"
    path.write_text(f"appId: {APP}\n---\n{commands}", "utf-8")
    return load_scenario(path)


def run(tmp_path: Path, device: Screens, commands: str, **more: Any) -> tuple[Outcome, Kept]:
    """``more``: what else a run is given."""
    kept = Kept()

    def launch(app: str) -> int:
        device.calls.append(("launch", app))
        device.front = app
        return 42

    return Runner(scenario(tmp_path, commands), Run(APP, device, kept, launch, **more)).run(), kept


def consent_screen() -> Screens:
    screens = {
        "home": [node("隐私政策提示", cls="android.widget.TextView"), node("同意并继续", row=1), node("不同意", row=2)],
        "in": [node("附近门店", row=3)],
    }
    return Screens(screens, {("home", "同意并继续"): "in", ("home", "不同意"): "home"})


def test_a_tap_is_recorded_with_the_screen_before_and_after(tmp_path: Path) -> None:
    outcome, kept = run(tmp_path, consent_screen(), "- tapOn: 同意.*\n- assertVisible: 附近门店\n")
    assert outcome.failed == "" and outcome.done == 2
    kinds = [type(event).__name__ for event in kept.events]
    assert kinds == ["Step", "UiSnapshot", "Tap", "UiSnapshot", "Step", "Step", "Step"]
    (tap,) = kept.of(Tap)
    assert (tap.label, tap.via, tap.x, tap.y) == ("同意并继续", "runner", 540, 145)
    before, after = kept.of(UiSnapshot)
    assert before.buttons[1:] == ["同意并继续", "不同意"] and before.sizes["不同意"] == [0, 200, 1080, 290]
    assert (before.name, after.name) == ("before 同意并继续", "after 同意并继续")  # what was tapped, not its pattern
    assert after.texts == ["附近门店"] and after.focus == f"{APP}/{APP}.Main"
    assert kept.blobs and all(private for _, private in kept.blobs)


def test_a_point_is_a_tap_on_the_control_that_is_there(tmp_path: Path) -> None:
    """What was tapped is what counts, not how the scenario names it; where nothing is, the point is all there is."""
    field = node("13800000000", cls="android.widget.EditText", row=5)
    device = Screens({"home": [*consent_screen().screens["home"], field]})
    outcome, kept = run(
        tmp_path, device, '- tapOn: {point: "540,145"}\n- tapOn: {point: "9,505"}\n- tapOn: {point: "9,450"}\n'
    )
    assert outcome.failed == ""
    assert [(tap.label, tap.x, tap.y) for tap in kept.of(Tap)] == [
        ("同意并继续", 540, 145), ("input field", 9, 505), ("9,450", 9, 450),
    ]  # fmt: skip
    assert kept.of(Tap)[1].view == "android.widget.EditText"


def test_a_look_that_outlasts_the_time_is_not_the_last(tmp_path: Path) -> None:
    """The recorder or the device did not run meanwhile: what came up in time is not missing."""

    class Slow(Screens):
        def ui(self) -> tuple[Sequence[Node], bytes]:
            before = super().ui()
            if self.now == "home":
                time.sleep(0.2)
                self.now = "in"
            return before

    device = Slow(consent_screen().screens)
    outcome, _ = run(tmp_path, device, "- extendedWaitUntil: {visible: 附近门店, timeout: 100ms}\n")
    assert outcome.failed == ""


def test_what_a_scenario_waited_for_is_recorded(tmp_path: Path) -> None:
    """Where no hooks see windows, the notice that was waited for is not unseen because the next step comes late."""
    outcome, kept = run(tmp_path, consent_screen(), '- extendedWaitUntil: {visible: "同意并继续|同意", timeout: 1s}\n')
    assert outcome.failed == ""
    (screen,) = kept.of(UiSnapshot)
    assert "隐私政策提示" in screen.texts and screen.name == "同意并继续"


def test_what_was_typed_is_nowhere(tmp_path: Path) -> None:
    fields = [
        node("13800001357", cls="android.widget.EditText", rid="x:id/phone"),
        node("secret", row=1, password=True, cls="android.view.View"),
    ]
    outcome, kept = run(tmp_path, Screens({"home": fields}), "- tapOn: {id: phone}\n- inputText: '13800001357'\n")
    assert outcome.failed == ""
    assert "13800001357" not in repr(kept.events) and "secret" not in repr(kept.events)
    assert kept.of(Tap)[0].label == "phone"


def test_a_failed_step_ends_the_scenario_with_its_place(tmp_path: Path) -> None:
    outcome, kept = run(tmp_path, consent_screen(), "- tapOn: {text: 无, timeout: 1ms}\n- back\n")
    assert outcome.failed.startswith(f"{tmp_path}/s.yaml:3: tapOn:")
    assert [(step.index, step.state) for step in kept.of(Step)] == [(1, "started"), (1, "failed")]


def test_an_optional_step_is_skipped(tmp_path: Path) -> None:
    outcome, kept = run(tmp_path, consent_screen(), "- tapOn: {text: 无, timeout: 1ms, optional: true}\n- back\n")
    assert (outcome.failed, outcome.skipped, outcome.done) == ("", 1, 1)
    assert [step.state for step in kept.of(Step)] == ["started", "skipped", "started", "ok"]


def test_a_screen_that_cannot_be_read_fails_the_step_only(tmp_path: Path) -> None:
    device = consent_screen()
    device.broken = True
    outcome, kept = run(tmp_path, device, "- takeScreenshot: one\n- assertNotVisible: {text: 无, timeout: 1ms}\n")
    assert "still on the screen" in outcome.failed
    assert kept.of(UiSnapshot)[0].tree == ""


def test_a_first_start_clears_data_and_unsets_permissions(tmp_path: Path) -> None:
    device = consent_screen()
    outcome, kept = run(tmp_path, device, "- launchApp: {clearState: true}\n")
    assert outcome.failed == ""
    assert device.calls == [
        ("stop", APP), ("clear", APP), ("permission", "android.permission.CAMERA", "unset"), ("launch", APP),
    ]  # fmt: skip
    assert [event.what for event in kept.of(Lifecycle)] == ["data_cleared"]


def test_permissions_are_given_only_when_asked_for(tmp_path: Path) -> None:
    device = consent_screen()
    run(tmp_path, device, "- launchApp: {permissions: {CAMERA: allow}}\n- setPermissions: {permissions: {all: deny}}\n")
    assert [call[1:] for call in device.calls if call[0] == "permission"] == [
        ("android.permission.CAMERA", "allow"),
        ("android.permission.CAMERA", "deny"),
        ("android.permission.SEND_SMS", "deny"),
    ]


@pytest.mark.parametrize(
    ("decision", "button"),
    [
        ("allow", "permission_allow_foreground_only_button"),
        ("allow_once", "permission_allow_one_time_button"),
        ("deny", "permission_deny_button"),
        ("deny_forever", "permission_deny_button"),
    ],
)
def test_the_permission_dialog_is_answered_by_its_ids(tmp_path: Path, decision: str, button: str) -> None:
    names = ["permission_allow_foreground_only_button", "permission_allow_one_time_button", "permission_deny_button"]
    buttons = [node("", rid=IDS + name, row=i, package=DIALOG) for i, name in enumerate(names)]
    device = Screens({"home": buttons})
    outcome, _ = run(tmp_path, device, f"- permission: {decision}\n")
    assert outcome.failed == "" and device.calls == [("tap", button)]


#: Buttons of AOSP's dialogs, by the first API level that has them: of a permission asked for the first time and again,
#: of the position in the background where it is held while in use, of photos.
DIALOGS = {
    (26, "first"): "permission_deny_button permission_allow_button",
    (26, "again"): "do_not_ask_checkbox permission_deny_button permission_allow_button",
    (29, "first"): "permission_allow_always_button permission_allow_foreground_only_button permission_deny_button",
    (29, "again"): "permission_allow_always_button permission_allow_foreground_only_button "
    "permission_deny_and_dont_ask_again_button",
    (29, "background"): "permission_allow_button permission_deny_button permission_deny_and_dont_ask_again_button",
    (30, "once"): "permission_no_upgrade_one_time_button",
    (30, "page"): "allow_always_radio_button allow_foreground_only_radio_button ask_radio_button deny_radio_button",
    (34, "photos"): "permission_allow_selected_button permission_allow_all_button permission_deny_button",
    (
        34,
        "more",
    ): "permission_allow_selected_button permission_allow_all_button permission_dont_allow_more_selected_button",
}


@pytest.mark.parametrize(
    "dialog, step, tapped",
    [
        ((26, "first"), "allow", "permission_allow_button"),
        ((26, "again"), "deny", "permission_deny_button"),
        ((26, "again"), "deny_forever", "do_not_ask_checkbox permission_deny_button"),
        ((29, "first"), "allow", "permission_allow_foreground_only_button"),
        ((29, "first"), "{decision: allow, name: ACCESS_BACKGROUND_LOCATION}", "permission_allow_always_button"),
        ((29, "again"), "deny", "permission_deny_and_dont_ask_again_button"),
        ((29, "background"), "{decision: allow, name: ACCESS_BACKGROUND_LOCATION}", "permission_allow_button"),
        ((30, "once"), "deny", "permission_no_upgrade_one_time_button"),
        ((30, "page"), "{decision: allow, name: ACCESS_BACKGROUND_LOCATION}", "allow_always_radio_button"),
        ((34, "photos"), "allow", "permission_allow_all_button"),
        ((34, "more"), "deny", "permission_dont_allow_more_selected_button"),
    ],
)
def test_the_dialogs_of_each_android_version_are_answered(
    tmp_path: Path, dialog: tuple[int, str], step: str, tapped: str
) -> None:
    package = "com.google.android.packageinstaller" if dialog[0] < 29 else DIALOG
    nodes = [node("location", cls="android.widget.TextView", rid=IDS + "permission_message", package=package)]
    nodes += [node("", rid=IDS + name, row=i + 1, package=package) for i, name in enumerate(DIALOGS[dialog].split())]
    device = Screens({"home": nodes})
    outcome, _ = run(tmp_path, device, f"- permission: {step}\n")
    assert outcome.failed == "" and device.calls == [("tap", name) for name in tapped.split()]


@pytest.mark.parametrize(
    "package",
    ["com.lbe.security.miui", "com.huawei.systemmanager", "com.vivo.permissionmanager",
     "com.hihonor.packageinstaller", "com.oneplus.permissioncontroller"],
)  # fmt: skip
def test_a_vendors_dialog_is_answered_by_its_words(tmp_path: Path, package: str) -> None:
    buttons = [node("仅在使用中允许", row=0, package=package), node("拒绝", row=1, package=package)]
    device = Screens({"home": buttons})
    run(tmp_path, device, "- permission: deny\n")
    assert device.calls == [("tap", "拒绝")]


@pytest.mark.parametrize("name, answered", [("CAMERA", True), ("android.permission.CAMERA", True), ("SEND_SMS", False)])
def test_a_named_permission_leaves_the_dialog_of_another_alone(tmp_path: Path, name: str, answered: bool) -> None:
    words = node("要允许“示例”拍摄照片和录制视频吗？", cls="android.widget.TextView", package=DIALOG)
    button = node("", rid=IDS + "permission_deny_button", row=1, package=DIALOG)
    device = Screens({"home": [words, button, node("发送短信", row=2)]})
    run(tmp_path, device, f"- permission: {{decision: deny, name: {name}, optional: true, timeout: 1ms}}\n")
    assert device.calls == ([("tap", "permission_deny_button")] if answered else [])


def test_a_planted_value_is_followed_and_never_revealed(tmp_path: Path) -> None:
    outcome, kept = run(tmp_path, consent_screen(), '- canary: {value: "13900002468", dataType: contacts}\n')
    assert outcome.failed == ""
    (planted,) = kept.of(ApiCall)
    assert (planted.role, planted.data_type, planted.args) == ("context", "contacts", {})


@pytest.mark.parametrize("package", [APP, "com.example.other", ""])
def test_a_window_of_another_package_is_no_permission_dialog(tmp_path: Path, package: str) -> None:
    """Whatever its buttons are called, by ID or by words."""
    names = [IDS + "permission_deny_button", f"{package}:id/permission_deny_button", ""]
    buttons = [node("拒绝", rid=name, row=i, package=package) for i, name in enumerate(names)]
    device = Screens({"home": buttons})
    outcome, _ = run(tmp_path, device, "- permission: {decision: deny, optional: true, timeout: 1ms}\n")
    assert outcome.skipped == 1 and not device.calls


def test_a_switch_is_moved_only_if_it_must(tmp_path: Path) -> None:
    row = node("个性化推荐", cls="android.widget.TextView", rid="x:id/label")
    row_parent = row._replace(text="", cls="android.widget.LinearLayout")

    def screen(on: bool) -> list[object]:
        switch = node("", rid="x:id/switch", row=1, checkable=True, checked=on, parent=0)
        return [row_parent, row._replace(parent=0), switch]

    device = Screens({"home": screen(True), "off": screen(False)}, {("home", "switch"): "off"})  # type: ignore[dict-item]
    commands = "- toggle: {name: ads, value: false, element: 个性化推荐}\n" * 2
    outcome, kept = run(tmp_path, device, commands)
    assert outcome.failed == "" and device.calls == [("tap", "switch")]
    assert [(event.name, event.value, event.via) for event in kept.of(Toggle)] == [("ads", False, "scenario")] * 2
    assert kept.of(Tap)[0].checked == "off"


def test_the_position_of_a_switch_is_recorded_when_it_is_new(tmp_path: Path) -> None:
    def screen(on: bool) -> list[Node]:
        switch = node("个性化推荐", cls="android.widget.Switch", checkable=True, checked=on)
        return [
            switch,
            node("继续", row=1),
            node("系统", cls="android.widget.Switch", row=2, package="s", checkable=True),
        ]

    device = Screens({"home": screen(True), "off": screen(False)}, {("home", "继续"): "off"})
    _, kept = run(tmp_path, device, "- takeScreenshot: a\n- takeScreenshot: b\n- tapOn: 继续\n")
    assert [(event.name, event.value, event.via) for event in kept.of(Toggle)] == [
        ("个性化推荐", True, "app"),
        ("个性化推荐", False, "app"),
    ]


def test_typed_text_is_followed_by_its_kind(tmp_path: Path) -> None:
    outcome, kept = run(tmp_path, consent_screen(), "- inputText: where do canaries fly\n")
    assert outcome.failed == ""
    (typed,) = kept.of(ApiCall)
    assert (typed.role, typed.data_type, typed.hook, typed.args) == ("context", "ui_input", "", {})


def _card(born: str) -> str:
    head = f"110101{born}881"
    return head + "10X98765432"[sum(int(d) * 2 ** (17 - i) for i, d in enumerate(head)) % 11]


def test_the_identity_card_of_a_child_begins_the_phase_of_a_minor(tmp_path: Path) -> None:
    year = datetime.date.today().year
    child, adult = _card(f"{year - 9}0307"), _card(f"{year - 30}0307")
    for text, wanted in ((child, ["minor_profile"]), (adult, []), (child[:-1] + "?", []), (child[1:], [])):
        _, kept = run(tmp_path, consent_screen(), f"- inputText: {{text: '{text}', dataType: form}}\n")
        assert [event.label for event in kept.of(Step) if event.verb == "phase"] == wanted
        assert text not in str(kept.of(Step))


@pytest.mark.parametrize(
    "scope", ["share:康达大药房连锁有限公司", "share:Meta Platforms, Inc.", "sensitive:form", "sensitive:android_id"]
)
def test_a_scope_may_name_a_recipient_or_a_type_of_data(tmp_path: Path, scope: str) -> None:
    assert scenario(tmp_path, f'- consent: {{scope: "{scope}", decision: accept}}\n')


def test_consent_and_withdrawal_are_hints_beside_the_taps(tmp_path: Path) -> None:
    screens = {
        "home": [node("同意")],
        "in": [node("设置")],
        "settings": [node("撤回同意")],
        "sure": [node("确定要撤回吗", cls="android.widget.TextView"), node("确认撤回", row=1)],
        "out": [node("完")],
    }
    moves = {
        ("home", "同意"): "in",
        ("in", "设置"): "settings",
        ("settings", "撤回同意"): "sure",
        ("sure", "确认撤回"): "out",
    }
    device = Screens(screens, moves)
    outcome, kept = run(tmp_path, device, "- consent: {decision: accept, tapOn: 同意}\n- withdraw\n")
    assert outcome.failed == "" and device.now == "out"
    assert [(event.scope, event.state, event.via) for event in kept.of(Consent)] == [
        ("policy", "granted", "scenario"),
        ("policy", "withdrawn", "scenario"),
    ]


def test_background_is_confirmed_before_it_is_recorded(tmp_path: Path) -> None:
    outcome, kept = run(tmp_path, consent_screen(), "- background: 1ms\n- foreground\n")
    assert outcome.failed == ""
    assert [event.what for event in kept.of(Lifecycle)] == ["background", "foreground"]


def test_a_device_that_does_not_answer_has_not_put_the_app_in_the_background(tmp_path: Path) -> None:
    class Slow(Screens):
        def focus(self) -> Component | None:
            self.calls.append(("focus", self.front))
            if sum(call == ("focus", "com.launcher") for call in self.calls) == 1:
                raise EnvironmentFault("dumpsys did not answer in time")
            return super().focus()

    device = Slow(consent_screen().screens)
    outcome, kept = run(tmp_path, device, "- background: 1ms\n")
    assert outcome.failed == "" and [event.what for event in kept.of(Lifecycle)] == ["background"]
    assert device.calls.count(("focus", "com.launcher")) == 2


def test_a_moved_clock_is_recorded_and_reported(tmp_path: Path) -> None:
    device, reported = consent_screen(), list[int]()
    _, kept = run(tmp_path, device, "- clock: {advance: 48h}\n", clock_moved=reported.append)
    assert device.calls == [("clock", 172_800)] and reported == [172_800]
    assert kept.of(Lifecycle)[0].detail == {"seconds": "172800"}


def test_flows_and_repetitions(tmp_path: Path) -> None:
    commands = (
        "- runFlow: {when: {visible: 同意并继续}, commands: [pressKey: home]}\n"
        "- runFlow: {when: {notVisible: 同意并继续}, commands: [pressKey: back]}\n"
        "- repeat: {times: 3, commands: [pressKey: tab]}\n"
        "- function: {name: map, commands: [back]}\n"
    )
    device = consent_screen()
    outcome, kept = run(tmp_path, device, commands)
    assert outcome.failed == ""
    assert [call[1] for call in device.calls] == ["KEYCODE_HOME", *["KEYCODE_TAB"] * 3, "KEYCODE_BACK"]
    assert [(step.state, step.label) for step in kept.of(Step) if step.verb == "function"] == [
        ("started", "map"),
        ("ok", "map"),
    ]


def test_progress_counts_down_the_known_waits(tmp_path: Path) -> None:
    seen: list[Progress] = []
    waiting = Run(APP, consent_screen(), Kept(), lambda app: 1)
    Runner(scenario(tmp_path, "- idle: 20ms\n- idle: 10ms\n"), waiting, seen.append).run()
    assert [(p.step, p.total, p.verb, p.left_ms) for p in seen] == [(1, 2, "idle", 30), (2, 2, "idle", 10)]


def test_an_idle_step_waits_until_the_app_is_at_rest_or_its_limit_is_reached(tmp_path: Path) -> None:
    def idle(quiet: str, limit: str, *since: float) -> int:
        asked = list(since)
        text = f"- idle: {{duration: 1ms, quiet: {quiet}, limit: {limit}}}\n"
        left = iter(asked)
        calls: list[float] = []

        def quiet_for() -> float:
            calls.append(next(left, asked[-1]))
            return calls[-1]

        assert not run(tmp_path, consent_screen(), text, quiet_for=quiet_for)[0].failed
        return len(calls)

    assert idle("1s", "1h", 0.2, 0.4, 1.2) == 3
    assert idle("1s", "1ms", 0.2) >= 1
    assert idle("0ms", "1h", 0.0) == 0
    # While a process starts up, which a device with too much else to do takes long for, the limit is not all.
    assert idle("1s", "1ms", *[0.0] * 9, 1.2) >= 10


def test_what_comes_of_a_tap_is_waited_for_while_the_app_is_seen_doing_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a slow device: the screen that comes is the one after the tap, and a repetition does not end before it."""
    monkeypatch.setitem(TIMEOUTS, "heavy", 0.03)  # type: ignore[arg-type]

    class Slow(Screens):
        """A tap first clears the screen, and then shows the next one: after many looks each, while the app works."""

        work = 0

        def tap(self, x: int, y: int) -> None:
            before = self.now
            super().tap(x, y)
            self.then, self.now, self.work = self.now, before, 9

        def ui(self) -> tuple[Sequence[Node], bytes]:
            time.sleep(0.03)
            self.work -= 1
            if self.work in (0, 5):
                self.now = "" if self.work else self.then
            nodes, _ = super().ui()
            return nodes, f"<hierarchy {self.now}/>".encode()

    home = [node("同意", row=1)]
    device = Slow(
        {"home": home, "": [], "in": [node("下一步", row=2)], "end": []},
        {("home", "同意"): "in", ("in", "下一步"): "end"},
    )
    text = "- tapOn: 同意\n- repeat:\n    times: 9\n    while: {visible: 下一步}\n    commands: [tapOn: 下一步]\n"
    outcome, kept = run(tmp_path, device, text, quiet_for=lambda: 0.1 if device.work > 0 else 60.0)
    assert outcome.failed == ""
    assert [tap.label for tap in kept.of(Tap)] == ["同意", "下一步"]
    assert [shot.texts for shot in kept.of(UiSnapshot)] == [["同意"], [], ["下一步"], []]


def test_a_repetition_ends_with_the_first_look_where_taps_are_answered_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Quick(Screens):
        looks = 0

        def ui(self) -> tuple[Sequence[Node], bytes]:
            self.looks += 1
            return super().ui()[0], f"<hierarchy {self.now}/>".encode()

    monkeypatch.setitem(TIMEOUTS, "settle", 60.0)  # type: ignore[arg-type]
    device = Quick({"home": [node("下一步", row=2)], "end": []}, {("home", "下一步"): "end"})
    text = "- repeat:\n    while: {visible: 下一步}\n    commands: [tapOn: 下一步]\n"
    assert run(tmp_path, device, text, quiet_for=lambda: 0.1)[0].failed == ""
    assert device.looks == 6  # there, to be tapped, before, changed, still, not there any more


@pytest.mark.parametrize("optional", [False, True])
def test_what_a_step_needs_is_waited_for_while_the_app_is_seen_doing_something(tmp_path: Path, optional: bool) -> None:
    since = iter([0.1, 0.5, 2.0])
    text = f"- tapOn: {{text: 无, timeout: 1ms, optional: {str(optional).lower()}}}\n"
    outcome, _ = run(tmp_path, consent_screen(), text, quiet_for=lambda: next(since, 60.0))
    assert ("not on the screen" in outcome.failed) != optional
    assert len(list(since)) == (3 if optional else 0)


def test_a_stop_ends_the_wait_at_once(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    outcome, kept = run(tmp_path, consent_screen(), "- idle: 1h\n- back\n", stop=stop)
    assert outcome.stopped
    assert [(step.verb, step.state) for step in kept.of(Step)] == [("idle", "started"), ("idle", "failed")]


def test_expectations_of_header_and_steps_are_joined(tmp_path: Path) -> None:
    outcome, _ = run(tmp_path, consent_screen(), "- expect: {fires: [COL-01], silent: [COL-05]}\n")
    assert outcome.expect.fires == ["COL-01"] and outcome.expect.silent == ["COL-05"]
