"""Words, windows, taps: what moves the consent timeline and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.analysis.consent.tracker import ConsentTracker, read_consent
from monitor.analysis.rules.examples import event
from tests.analysis.touched import touches

NOTICE = {"kind": "window", "at": 1, "title": "隐私政策", "texts": ["请阅读"], "buttons": ["同意", "不同意"]}


def follow(*raws: dict[str, Any], recipients: dict[str, str] | None = None) -> ConsentTracker:
    events = [event(raw, number) for number, raw in enumerate([*raws, *touches(raws)], 1)]
    return read_consent(sorted(events, key=lambda e: (e.t, e.seq)), recipients)


def last(tracker: ConsentTracker, scope: str = "policy") -> tuple[str, bool]:
    line = tracker.lines.timeline(scope)
    assert line is not None
    return line.marks[-1].state, line.marks[-1].clear


def test_agreement_is_a_tap_while_the_notice_is_visible() -> None:
    assert last(follow(NOTICE, {"kind": "tap", "at": 3, "label": "同意", "window": 1})) == ("granted", True)
    assert follow({"kind": "tap", "at": 3, "label": "同意", "window": 0}).lines.timeline("policy") is None
    assert last(follow(NOTICE)) == ("shown", True)
    gone = {**NOTICE, "at": 2, "action": "hidden"}
    assert last(follow(NOTICE, gone, {"kind": "tap", "at": 9, "label": "同意", "window": 0})) == ("shown", True)


def test_a_notice_that_cannot_be_seen_is_not_clearly_agreed_to() -> None:
    tap = {"kind": "tap", "at": 3, "label": "同意", "window": 1}
    assert last(follow(NOTICE, {**tap, "unseen": ["请阅读《隐私政策》"]})) == ("granted", False)
    assert last(follow(NOTICE, {**tap, "unseen": ["1/3"]})) == ("granted", True)


PLATFORM = {
    "kind": "window", "at": 1, "title": "We value your privacy", "buttons": ["Reject all", "Accept all"],
    "texts": ["We and our 142 partners process personal data such as unique identifiers."],
}  # fmt: skip
REFUSED = {"kind": "tap", "at": 3, "label": "Reject all", "window": 1}
MAIL = "I agree to receive marketing emails and to my data being shared with partners, see the Privacy Policy"


def sign_in(*texts: str, **boxes: bool) -> dict[str, Any]:
    return {
        "kind": "window", "at": 8, "window": 2, "window_kind": "activity", "title": "a.b/a.b.Main",
        "texts": ["Sign in or create an account", *texts], "boxes": boxes, "buttons": ["Continue", "Back"],
    }  # fmt: skip


def test_a_box_ticked_beforehand_where_one_signs_in_ends_no_refusal() -> None:
    on = {"kind": "tap", "at": 12, "label": "Continue", "window": 2}
    page = sign_in("We check your device for fraud. See our Privacy Policy.", **{MAIL: True, "Keep me signed in": True})
    found = follow(PLATFORM, REFUSED, page, on)
    assert last(found) == ("denied", True)
    assert "purpose:advertising" not in found.lines.scopes
    told = sign_in("By continuing you agree to our Privacy Policy")
    assert last(follow(PLATFORM, REFUSED, told, on)) == ("granted", False)
    drawn = sign_in("I have read and agree to the Privacy Policy")  # with a box that nobody sees
    assert last(follow(PLATFORM, REFUSED, drawn, on)) == ("granted", False)
    box = "I agree to the Privacy Policy"
    ticked = {"kind": "tap", "at": 10, "label": box, "checked": "on", "window": 2}
    assert last(follow(PLATFORM, REFUSED, sign_in(**{box: False}), ticked, on)) == ("granted", True)


def test_purposes_ticked_beforehand_after_a_refusal_are_not_clearly_agreed_to() -> None:
    layer = {
        "kind": "window", "at": 8, "window": 2, "title": "Privacy preferences", "buttons": ["Save & Exit"],
        "boxes": {"Strictly necessary": True, "Analytics": True, "Advertising": True},
        "texts": ["We and our partners process personal data for these purposes."],
    }  # fmt: skip
    on = {"kind": "tap", "at": 12, "label": "Save & Exit", "window": 2}
    assert last(follow(PLATFORM, REFUSED, layer, on), "purpose:advertising") == ("granted", False)
    taps = (
        {"kind": "tap", "at": at, "label": "Advertising", "checked": to, "window": 2}
        for at, to in ((9, "off"), (10, "on"))
    )
    assert last(follow(PLATFORM, REFUSED, layer, *taps, on), "purpose:advertising") == ("granted", True)
    assert last(follow(layer, on), "purpose:advertising") == ("granted", True)


def test_an_agreement_that_may_have_come_after_the_notice_is_no_proof_of_none() -> None:
    tap = {"kind": "tap", "at": 0.99, "label": "同意", "window": 0, "src": "runner", "via": "runner", "err": 90}
    notice = {**NOTICE, "err": 20}
    assert last(follow(tap, notice)) == ("granted", False)
    assert last(follow({**tap, "at": 0.5}, notice)) == ("shown", True)
    hooked = {**tap, "at": 0.98, "via": "hook", "src": notice.get("src", "hooks:100"), "err": 1}
    assert last(follow(hooked, tap, notice)) == ("shown", True)  # the hook knows that it came before
    refused = {"kind": "tap", "at": 9, "label": "不同意", "window": 0}
    assert last(follow(tap, notice, refused)) == ("granted", False)  # perhaps the notice was gone by then


@pytest.mark.parametrize(
    "buttons, answer, state",
    [
        (["Keep account", "Delete"], "Keep account", "granted"),
        (["Keep account", "Delete"], "Delete", "withdrawn"),
        (["我再想想", "继续"], "我再想想", "granted"),
        (["我再想想", "删除"], "删除", "withdrawn"),
    ],
)
def test_an_entry_that_opens_the_question_takes_nothing_back(buttons: list[str], answer: str, state: str) -> None:
    agree = {"kind": "tap", "at": 3, "label": "同意", "window": 1}
    entry = {"kind": "tap", "at": 8.5, "label": "Delete account", "window": 2}
    asked = {"kind": "window", "at": 9, "window": 3, "title": "Delete your account?", "buttons": buttons}
    told = follow(
        NOTICE, agree, entry, {**asked, "texts": ["All is lost."]}, {**entry, "at": 12, "label": answer, "window": 3}
    )
    assert last(told)[0] == state


@pytest.mark.parametrize(
    "text, yes, no",
    [("您要拒绝隐私政策吗", "确定", "取消"), ("Do you want to refuse? Privacy policy", "Yes", "No")],
)
def test_yes_to_the_question_whether_to_refuse_is_no_agreement(text: str, yes: str, no: str) -> None:
    asked = {**NOTICE, "texts": [text], "buttons": [yes, no]}
    assert last(follow(asked, {"kind": "tap", "at": 3, "label": yes, "window": 1})) == ("unread", False)


TAKEN_BACK = [
    ("撤销隐私政策授权", "撤销授权", "继续撤销", "点错了"),
    ("撤回同意", "撤回同意", "狠心撤回", "再想想"),
    ("收回授權", "收回授權", "是的，收回", "按錯了"),
    ("Take back my agreement", "Take back your agreement", "Yes, take it back", "Keep it"),
    ("Withdraw consent", "Withdraw your consent?", "Yes, withdraw", "No, go back"),
    ("Revoke consent", "Revoke your consent?", "Revoke and exit", "Never mind"),
    ("Close my account", "We are sorry to see you go", "Request closure", "Stay"),
    ("删除账号", "删除账号", "删除并退出", "保留账号"),
    ("Einwilligung widerrufen", "Einwilligung widerrufen?", "Ja, widerrufen", "Nicht widerrufen"),
    ("Retirer mon consentement", "Retirer votre consentement ?", "Oui, retirer", "Ne pas retirer"),
    ("Retirar mi consentimiento", "¿Retirar su consentimiento?", "Sí, retirar", "Mantener"),
    ("同意を撤回する", "同意を撤回しますか？", "撤回する", "撤回しない"),
    ("동의 철회", "동의를 철회하시겠습니까?", "예, 철회", "유지"),
]


@pytest.mark.parametrize("entry, question, yes, no", TAKEN_BACK)
def test_the_question_whether_to_take_it_back_is_answered_in_its_own_words(
    entry: str, question: str, yes: str, no: str
) -> None:
    step = {"kind": "step", "verb": "withdraw", "at": 4.8, "state": "started"}
    tap = {"kind": "tap", "at": 5, "label": entry, "window": 2, "src": "hooks:1"}
    said = {"kind": "consent", "at": 5.5, "scope": "policy", "state": "withdrawn", "via": "scenario"}
    asked = {"kind": "window", "src": "hooks:1", "window": 3, "texts": [question, "We stop using your data."],
             "buttons": [yes, no], "window_kind": "dialog"}  # fmt: skip
    notice = {**NOTICE, "src": "hooks:1"}
    for at in (5.1, 5.9):  # before and after what the step says
        for stated in ((), (said,)):
            begun = (notice, AGREED[1], *((step,) if stated else ()), tap, *stated, {**asked, "at": at})
            confirmed = follow(*begun, {**tap, "at": 8, "label": yes, "window": 3})
            assert last(confirmed) == ("withdrawn", True)
            assert last(follow(*begun, {**tap, "at": 8, "label": no, "window": 3}))[0] == "granted"


def test_a_question_in_whatever_words_that_a_step_opened_is_one() -> None:
    step = {"kind": "step", "verb": "withdraw", "at": 4.8, "state": "started"}
    tap = {"kind": "tap", "at": 5, "label": "我要后悔药", "window": 2, "src": "hooks:1"}
    said = {"kind": "consent", "at": 5.5, "scope": "policy", "state": "withdrawn", "via": "scenario"}
    asked = {
        "kind": "window",
        "at": 5.1,
        "src": "hooks:1",
        "window": 3,
        "texts": ["江湖再见？"],
        "buttons": ["确定", "算了"],
    }
    begun = ({**NOTICE, "src": "hooks:1"}, AGREED[1], step, tap, asked, said)
    assert last(follow(*begun)) == ("withdrawn", True)
    assert last(follow(*begun, {**tap, "at": 8, "label": "确定", "window": 3})) == ("withdrawn", True)
    assert last(follow(*begun, {**tap, "at": 8, "label": "算了", "window": 3})) == ("granted", False)


@pytest.mark.parametrize(
    "texts, answer",
    [
        (["撤销订单", "撤销后优惠不退"], "继续撤销"),
        (["取消订单", "授权支付将解除"], "继续取消"),
        (["Delete this photo?"], "Yes, delete"),
        (["Log out?"], "Yes, log out"),
        (["Cancel your order?"], "Yes, cancel it"),
        (["Return this item?"], "Yes, take it back"),
    ],
)
def test_taking_back_something_else_decides_nothing(texts: list[str], answer: str) -> None:
    page = {"kind": "tap", "at": 20, "label": "我的订单", "window": 2, "src": "hooks:1"}
    asked = {"kind": "window", "at": 21, "src": "hooks:1", "window": 3, "window_kind": "dialog", "texts": texts,
             "buttons": [answer, "点错了"]}  # fmt: skip
    told = follow(
        {**NOTICE, "src": "hooks:1"}, AGREED[1], page, asked, {**page, "at": 23, "label": answer, "window": 3}
    )
    assert last(told) == ("granted", True)


@pytest.mark.parametrize(
    "tap",
    [
        {"label": "猜你喜欢（根据您的喜好推荐）", "checked": "off"},
        {"label": "删除搜索记录"},
        {"label": "确定"},
        {"label": "返回"},
    ],
)
def test_on_a_page_with_an_entry_to_withdraw_other_entries_withdraw_nothing(tap: dict[str, Any]) -> None:
    page = {"kind": "window", "at": 8, "src": "hooks:1", "window": 2, "window_kind": "activity", "title": "a.b/a.b.C",
            "texts": ["隐私设置"], "buttons": ["撤销隐私政策授权", "删除搜索记录", "确定", "返回"],
            "boxes": [{"label": "猜你喜欢（根据您的喜好推荐）", "checked": True}]}  # fmt: skip
    told = follow(
        {**NOTICE, "src": "hooks:1"}, AGREED[1], page, {"kind": "tap", "at": 9, "window": 2, "src": "hooks:1", **tap}
    )
    assert last(told) == ("granted", True)


def test_an_entry_of_a_menu_answers_nothing_after_a_refusal() -> None:
    refused: tuple[dict[str, Any], ...] = (NOTICE, {"kind": "tap", "at": 3, "label": "不同意", "window": 1})
    withdrawn = (NOTICE, AGREED[1], {"kind": "tap", "at": 5, "label": "撤回同意", "window": 2})
    menu = {"kind": "window", "at": 8, "window": 2, "window_kind": "activity", "title": "a.b/a.b.M", "texts": ["用户"],
            "buttons": ["隐私设置", "账号与安全", "隐私保护政策", "返回"]}  # fmt: skip
    for before, state in ((refused, "denied"), (withdrawn, "withdrawn")):
        told = follow(*before, menu, {"kind": "tap", "at": 9, "label": "账号与安全", "window": 2})
        assert last(told) == (state, True)
        assert not told.close()


PUT_OFF = ({**NOTICE, "buttons": ["接受", "暂不"]}, {"kind": "tap", "at": 3, "label": "暂不", "window": 1})
SHEETS = [
    ("真的要走吗？", ["我再想想", "残忍离开，只看看"]),
    ("如您不接受，我们将无法为您提供服务。", ["接受", "暂不使用"]),
    ("若您拒绝，将无法使用大部分功能", ["同意并继续", "仍要离开"]),
    ("確定要離開嗎？", ["再想想", "確定"]),
    ("Do you really want to leave? We need your consent.", ["Stay", "Leave"]),
    ("Without your consent most functions do not work.", ["Accept", "Not now"]),
    ("Möchten Sie die App wirklich verlassen?", ["Zurück", "Verlassen"]),
    ("Voulez-vous quitter ?", ["Retour", "Quitter"]),
    ("¿Seguro que quieres salir?", ["Volver", "Salir"]),
    ("本当に終了しますか？", ["戻る", "終了"]),
    ("정말 종료하시겠습니까?", ["뒤로", "종료"]),
]


@pytest.mark.parametrize("text, buttons", SHEETS)
def test_who_leaves_the_question_after_a_refusal_in_unclear_words_refuses_clearly(
    text: str, buttons: list[str]
) -> None:
    assert last(follow(*PUT_OFF)) == ("denied", False)
    sheet = {"kind": "window", "at": 3.2, "window": 2, "texts": [text], "buttons": buttons}
    answer = {"kind": "tap", "at": 5, "label": buttons[1], "window": 2}
    assert last(follow(*PUT_OFF, sheet, answer)) == ("denied", True)
    assert last(follow(*PUT_OFF, {**sheet, "at": 60}, {**answer, "at": 62}))[0] == "denied"


@pytest.mark.parametrize(
    "text, buttons, at",
    [
        ("如您不接受，我们将无法为您提供服务。", ["接受", "关闭"], 3.2),  # only closed
        ("真的要走吗？", ["残忍离开", "取消"], 3.2),  # stays
        ("真的要走吗？", ["残忍离开", "我再想想"], 3.2),
        ("确定离开吗？", ["取消", "确定"], 60),  # leaves the app, some time or other
        ("开启通知，不错过优惠", ["开启", "暂不"], 3.2),  # asks for something else
    ],
)
def test_a_refusal_in_unclear_words_stays_unclear_whatever_else_is_closed(
    text: str, buttons: list[str], at: float
) -> None:
    sheet = {"kind": "window", "at": at, "window": 2, "texts": [text], "buttons": buttons}
    told = follow(*PUT_OFF, sheet, {"kind": "tap", "at": at + 2, "label": buttons[1], "window": 2})
    assert last(told) == ("denied", False)


def test_what_was_refused_clearly_is_not_unclear_for_being_put_off_afterwards() -> None:
    refused = (NOTICE, {"kind": "tap", "at": 3, "label": "不同意", "window": 1})
    again = {**NOTICE, "at": 20, "window": 2, "buttons": ["同意", "暂不"]}
    assert last(follow(*refused, again, {"kind": "tap", "at": 22, "label": "暂不", "window": 2})) == ("denied", True)
    agreed = {"kind": "tap", "at": 22, "label": "同意", "window": 2}
    later = ({**again, "at": 30, "window": 3}, {"kind": "tap", "at": 32, "label": "暂不", "window": 3})
    assert last(follow(*refused, again, agreed, *later)) == ("granted", True), "agreed to in between"


@pytest.mark.parametrize(
    "via, dialog, code, states",
    [
        ("hook", "unknown", 22, ["granted"]),  # the app was told of fewer answers than it asked for
        ("logcat", "unknown", 1, ["granted"]),  # allowed already
        ("logcat", "no", 2, ["granted", "denied"]),  # refused for good
        ("logcat", "yes", 11, ["granted", "denied"]),  # its dialog was dismissed
    ],
)
def test_a_request_that_needs_no_answer_refuses_nothing(via: str, dialog: str, code: int, states: list[str]) -> None:
    name = "android.permission.ACCESS_COARSE_LOCATION"
    told = follow(
        {"kind": "permission_result", "at": 1, "permission": name, "result": "granted"},
        {"kind": "permission_result", "at": 9, "permission": name, "result": "ignored", "via": via, "dialog": dialog,
         "code": code},
    )  # fmt: skip
    assert [mark.state for mark in told.lines.scopes[f"permission:{name}"].marks] == states


def test_an_answer_in_unknown_words_perhaps_takes_back() -> None:
    agree = {"kind": "tap", "at": 3, "label": "同意", "window": 1}
    entry = {"kind": "tap", "at": 8.5, "label": "撤回同意", "window": 0}
    asked = {
        "kind": "window",
        "at": 9,
        "window": 3,
        "title": "撤回同意",
        "texts": ["是否撤回"],
        "buttons": ["是", "后会有期", "否"],
    }
    for word, clear in (("是", True), ("后会有期", False)):
        told = follow(NOTICE, agree, entry, asked, {"kind": "tap", "at": 12, "label": word, "window": 3})
        assert last(told) == ("withdrawn", clear)


def test_a_flag_moves_nothing() -> None:
    flag = {"kind": "consent", "at": 3, "scope": "policy", "state": "granted", "via": "prefs"}
    assert last(follow(NOTICE, flag)) == ("shown", True)
    agreed = follow(
        NOTICE,
        {"kind": "tap", "at": 3, "label": "同意", "window": 1},
        {"kind": "consent", "at": 4, "scope": "policy", "state": "granted"},
    )
    assert agreed.close() == []


@pytest.mark.parametrize("first", ["runner", "hook"])
def test_two_witnesses_of_one_tap_are_one_and_the_hook_gives_the_time(first: str) -> None:
    taps = [
        {"kind": "tap", "at": 3.0, "label": "同意", "via": "runner", "src": "runner", "err": 5},
        {"kind": "tap", "at": 3.1, "label": "同意", "via": "hook", "window": 1},
    ]
    tracker = follow(NOTICE, *(taps if first == "runner" else taps[::-1]))
    granted = [m for m in tracker.lines.scopes["policy"].marks if m.state == "granted"]
    assert len(granted) == 1
    assert granted[0].src == "hooks:100"


def test_the_answer_to_a_system_prompt_is_no_consent() -> None:
    prompt = {"kind": "prompt", "at": 4, "permissions": ["p.READ_CONTACTS"]}
    allow = {"kind": "tap", "at": 5, "label": "允许", "via": "runner", "src": "runner"}
    tracker = follow(NOTICE, prompt, allow, {"kind": "permission_result", "at": 5.1, "permission": "p.READ_CONTACTS",
                                             "result": "granted"})  # fmt: skip
    assert last(tracker) == ("shown", True)
    assert last(tracker, "permission:p.READ_CONTACTS") == ("granted", True)
    seen = {"kind": "ui_snapshot", "at": 4, "focus": "com.android.permissioncontroller/.GrantPermissionsActivity",
            "texts": ["允许应用访问通讯录吗"], "buttons": ["允许", "不允许"]}  # fmt: skip
    assert "sensitive:contacts" not in follow(seen, allow).lines.scopes


@pytest.mark.parametrize(
    "package", ["com.lbe.security.miui", "com.vivo.permissionmanager", "com.oplus.securitypermission"]
)
def test_the_dialog_of_a_vendors_permission_manager_is_no_consent(package: str) -> None:
    """Such dialogs ask with the words of a separate consent, and their activity has a name of the vendor's own."""
    seen = {"kind": "ui_snapshot", "at": 4, "focus": f"{package}/com.vendor.ui.SystemAppDialog",
            "texts": ["允许应用访问通讯录吗"], "buttons": ["允许", "不允许"]}  # fmt: skip
    allow = {"kind": "tap", "at": 5, "label": "允许", "via": "runner", "src": "runner"}
    assert "sensitive:contacts" not in follow(seen, allow).lines.scopes
    assert "sensitive:contacts" in follow({**seen, "focus": "com.example.shop/.Dialog"}, allow).lines.scopes


def test_separate_consents_have_their_own_scope() -> None:
    ask = {"kind": "window", "at": 5, "window": 2, "title": "位置信息单独同意", "texts": ["用于推荐附近门店"],
           "buttons": ["同意", "拒绝"]}  # fmt: skip
    tracker = follow(NOTICE, {"kind": "tap", "at": 3, "label": "同意", "window": 1}, ask,
                     {"kind": "tap", "at": 6, "label": "拒绝", "window": 2})  # fmt: skip
    assert last(tracker, "sensitive:location") == ("denied", True)
    assert last(tracker) == ("granted", True)
    share = {"kind": "window", "at": 5, "window": 2, "title": "信息共享", "texts": ["我们会将信息提供给小鸟支付"],
             "buttons": ["同意", "拒绝"]}  # fmt: skip
    tracker = follow(share, {"kind": "tap", "at": 6, "label": "同意", "window": 2}, recipients={"小鸟支付": "bird"})
    assert last(tracker, "share:bird") == ("granted", True)


@pytest.mark.parametrize("apart", ["", "敏感个人信息（位置）须经您单独同意。"])
def test_the_notice_agreed_to_once_more_gives_no_separate_consent(apart: str) -> None:
    said = "感谢您使用晴窗！请阅读《隐私政策》和《第三方信息共享清单》。相机、位置等权限仅在使用功能时征求您的授权。"
    notice = {**NOTICE, "title": "用户协议与隐私政策提示", "texts": [said + apart], "buttons": ["不同意", "同意并继续"]}
    agree = {"kind": "tap", "at": 3, "label": "同意并继续", "window": 1}
    again, yes = {**notice, "at": 20, "window": 2}, {**agree, "at": 22, "window": 2}
    tracker = follow(notice, agree, again, yes)
    assert [*tracker.lines.scopes] == ["policy"]
    anew = {
        **again,
        "texts": [said.replace("感谢您使用晴窗！", "欢迎回来！") + apart],
        "buttons": ["退出", "同意并继续"],
    }
    assert [*follow(notice, agree, anew, yes).lines.scopes] == ["policy"]
    other = {**again, "title": "位置信息单独同意"}
    assert last(follow(notice, agree, other, yes), "sensitive:location") == ("granted", True)


@pytest.mark.parametrize(
    ("said", "buttons", "state"),
    [
        ("该功能需要您同意《隐私政策》后使用。", ["继续浏览", "去阅读"], "denied"),
        ("该功能需要您同意《隐私政策》后使用。", ["继续浏览", "同意"], "denied"),
        ("请阅读并同意《隐私政策》。该功能需要您同意后使用。", ["继续浏览", "退出"], "granted"),
        ("请阅读并同意《隐私政策》。", ["继续浏览", "退出"], "granted"),
        ("请阅读并同意《隐私政策》。", ["继续浏览"], "granted"),
    ],
)
def test_who_goes_past_a_sheet_that_a_function_needs_does_not_agree(said: str, buttons: list[str], state: str) -> None:
    sheet = {**NOTICE, "title": "", "texts": [said], "buttons": buttons}
    assert last(follow(sheet, {"kind": "tap", "at": 3, "label": "继续浏览", "window": 1}))[0] == state


@pytest.mark.parametrize(
    ("label", "later", "then", "state"),
    [
        ("去同意", {"at": 12.2}, "不同意", "denied"),
        ("去同意", {"at": 12.2}, None, "denied"),
        ("Review and accept", {"at": 12.2}, "同意", "granted"),
        ("去同意", {"at": 30}, None, "granted"),  # no notice came up: it agreed itself
        ("同意并登录", {"at": 12.2}, None, "granted"),
        ("去同意", {"at": 12.2, "window": 2, "action": "changed"}, None, "granted"),
    ],
)
def test_who_goes_to_agree_has_not_agreed_where_the_notice_comes_up(
    label: str, later: dict[str, Any], then: str | None, state: str
) -> None:
    refused = {"kind": "tap", "at": 3, "label": "不同意", "window": 1}
    sheet = {**NOTICE, "at": 10, "title": "", "window": 2, "texts": ["登录并同意《隐私政策》后即可使用该功能。"]}
    sheet["buttons"] = [label, "取消"]
    tap = {"kind": "tap", "at": 12, "label": label, "window": 2}
    answer = [{"kind": "tap", "at": 14, "label": then, "window": 3}] if then else []
    assert last(follow(NOTICE, refused, sheet, tap, {**NOTICE, "window": 3, **later}, *answer))[0] == state


@pytest.mark.parametrize(
    "label", ["我已阅读并同意", "阅读并同意", "本人已仔细阅读并同意", "I have read and agree", "Read and accept"]
)
def test_who_agrees_to_the_notice_has_agreed_whatever_an_sdk_shows_next(label: str) -> None:
    notice = {**NOTICE, "buttons": [label, "不同意"]}
    agree = {"kind": "tap", "at": 3, "label": label, "window": 1}
    other = {**NOTICE, "at": 4, "title": "", "window": 2, "texts": ["合作伙伴会收集您的设备信息，详见《隐私政策》。"]}
    marks = follow(notice, agree, other).lines.scopes["policy"].marks
    assert [(mark.state, mark.clear) for mark in marks] == [("shown", True), ("granted", True)]


def test_withdrawal_toggle_cancellation_and_reset() -> None:
    agree = {"kind": "tap", "at": 3, "label": "同意", "window": 1}
    assert last(follow(NOTICE, agree, {"kind": "tap", "at": 9, "label": "撤回同意"}))[0] == "withdrawn"
    assert last(follow(NOTICE, agree, {"kind": "tap", "at": 9, "label": "注销账号"}), "account")[0] == "withdrawn"
    assert last(follow(NOTICE, agree, {"kind": "lifecycle", "at": 9, "what": "data_cleared"}))[0] == "unknown"
    off = {"kind": "tap", "at": 9, "label": "个性化推荐", "checked": "off"}
    assert last(follow(NOTICE, agree, off), "personalisation")[0] == "withdrawn"
    assert (
        follow({"kind": "toggle", "at": 1, "name": "personalisation", "value": True, "via": "app"}).lines.scopes == {}
    )
    confirm = {"kind": "window", "at": 10, "window": 3, "title": "撤回同意", "texts": ["撤回同意后将无法使用"],
               "buttons": ["确定", "取消"]}  # fmt: skip
    kept = follow(NOTICE, agree, {"kind": "tap", "at": 9, "label": "撤回同意"}, confirm,
                  {"kind": "tap", "at": 11, "label": "取消", "window": 3})  # fmt: skip
    assert last(kept)[0] == "granted"


def test_a_policy_notice_that_promises_separate_consents_is_still_the_policy() -> None:
    notice = {"kind": "window", "at": 1, "title": "隐私政策提示", "buttons": ["同意并继续", "不同意"],
              "texts": ["同意后收集 Android ID；位置和广告共享另行征得您的单独同意", "《隐私政策》"]}  # fmt: skip
    tracker = follow(notice, {"kind": "tap", "at": 3, "label": "同意并继续", "window": 1})
    assert set(tracker.lines.scopes) == {"policy"}
    place = {"kind": "window", "at": 5, "window": 2, "title": "位置信息单独同意", "buttons": ["同意", "不同意"],
             "texts": ["位置仅用于本次查找，不保存，不提供给他人。您可以不同意。详见《隐私政策》"]}  # fmt: skip
    tracker = follow(notice, place, {"kind": "tap", "at": 6, "label": "同意", "window": 2})
    assert last(tracker, "sensitive:location") == ("granted", True)
    assert not any(scope.startswith("share:") for scope in tracker.lines.scopes)


def test_settings_and_login_pages_do_not_change_the_consent_state() -> None:
    agree = {"kind": "tap", "at": 3, "label": "同意", "window": 1}
    settings = {"kind": "window", "at": 5, "window": 2, "window_kind": "activity", "title": "设置",
                "texts": ["隐私政策", "撤回同意"], "buttons": ["撤回同意", "同意隐私政策", "退出登录"]}  # fmt: skip
    login = {"kind": "window", "at": 7, "window": 3, "window_kind": "activity", "title": "登录",
             "texts": ["登录即代表同意《隐私政策》"], "buttons": ["登录", "取消"]}  # fmt: skip
    for name, number in (("退出登录", 2), ("登录", 3), ("取消", 3)):
        tracker = follow(NOTICE, agree, settings, login, {"kind": "tap", "at": 8, "label": name, "window": number})
        assert last(tracker) == ("granted", True), name
    gone = {"kind": "tap", "at": 9, "label": "撤回同意", "window": 2}
    back = {"kind": "tap", "at": 12, "label": "同意隐私政策", "window": 2}
    assert last(follow(NOTICE, agree, settings, gone)) == ("withdrawn", True)
    assert last(follow(NOTICE, agree, settings, gone, back)) == ("granted", True)


@pytest.mark.parametrize(
    "package", ["com.android.permissioncontroller", "com.lbe.security.miui", "com.huawei.systemmanager"]
)
def test_a_tap_on_the_systems_dialog_is_no_answer_to_the_app_below(package: str) -> None:
    """The permission's result may come before the runner's tap (its time is a midpoint): the policy stays granted."""
    denied = {"kind": "permission_result", "permission": "P", "result": "denied", "dialog": "yes", "via": "logcat"}
    view = f"{package}:id/permission_deny_button"
    followed = follow(
        NOTICE,
        {"kind": "tap", "at": 2, "label": "同意", "window": 1},
        {"kind": "prompt", "at": 3, "permissions": ["P"]},
        {**denied, "at": 4, "src": "logcat"},
        {"kind": "tap", "at": 4.0001, "err": 0.011, "label": "不允许", "via": "runner", "src": "runner", "window": 0},
        {"kind": "tap", "at": 9, "label": "不允许", "view": view, "via": "runner", "src": "runner", "window": 0},
    )
    assert last(followed) == ("granted", True)


def test_two_dialogs_with_the_same_words_within_a_second_are_two_answers() -> None:
    place = {**NOTICE, "at": 2.5, "window": 2, "title": "位置信息单独同意", "texts": ["位置用于查找门店"]}
    tracker = follow(
        NOTICE,
        {"kind": "tap", "at": 2.00, "label": "同意", "via": "runner", "src": "runner"},
        {"kind": "tap", "at": 2.01, "label": "同意", "window": 1},
        {"kind": "window", "at": 2.1, "window": 1, "action": "hidden"},
        place,
        {"kind": "tap", "at": 2.80, "label": "同意", "via": "runner", "src": "runner"},
        {"kind": "tap", "at": 2.81, "label": "同意", "window": 2},
    )
    assert [mark.state for mark in tracker.lines.scopes["policy"].marks] == ["shown", "granted"]
    assert [mark.state for mark in tracker.lines.scopes["sensitive:location"].marks] == ["shown", "granted"]


AGREED = (NOTICE, {"kind": "tap", "at": 2, "label": "同意", "window": 1, "src": "hooks:1"})
ENTRY = {"kind": "tap", "at": 5, "label": "注销账号", "window": 2, "src": "hooks:1"}
QUESTION = {"kind": "window", "at": 5.1, "src": "hooks:1", "window": 3, "window_kind": "dialog",
            "title": "注销账号", "texts": ["注销后将删除全部信息"], "buttons": ["再想想", "确定"]}  # fmt: skip


def test_a_tap_that_opens_the_question_withdraws_only_with_its_yes() -> None:
    notice = {**NOTICE, "src": "hooks:1", "window": 1}
    asked = (notice, AGREED[1], ENTRY, QUESTION)
    assert last(follow(*asked)) == ("granted", True)
    assert not follow(*asked).lines.refused
    for word in ("再想想", "取消"):
        assert last(follow(*asked, {**ENTRY, "at": 6, "label": word, "window": 3})) == ("granted", True)
    for word in ("确定", "确认注销"):
        tracker = follow(*asked, {**ENTRY, "at": 6, "label": word, "window": 3})
        assert last(tracker) == last(tracker, "account") == ("withdrawn", True)
        assert tracker.lines.refused


@pytest.mark.parametrize(
    "change",
    [
        {"window_kind": "toast", "texts": ["已注销"], "buttons": []},
        {"title": "提示", "texts": ["注销申请已提交"], "buttons": ["知道了"]},
        {"title": "注销成功", "texts": [], "buttons": ["返回首页", "确定"]},
        {"title": "隐私政策", "texts": ["您可以随时撤回同意。" * 9], "buttons": ["同意", "不同意"]},
        {"title": "", "window_kind": "activity", "texts": ["设置"], "buttons": ["撤回同意", "注销账号"]},
        {"at": 16},
    ],
)
def test_what_follows_a_withdrawal_does_not_undo_it(change: dict[str, Any]) -> None:
    notice = {**NOTICE, "src": "hooks:1", "window": 1}
    tracker = follow(notice, AGREED[1], ENTRY, {**QUESTION, **change})
    assert "withdrawn" in [mark.state for mark in tracker.lines.scopes["policy"].marks]


PAGE = {"kind": "window", "src": "hooks:1", "window": 2, "window_kind": "activity", "title": "a.b/a.b.Main"}
MINE = {**PAGE, "at": 4, "texts": ["我的"], "buttons": ["设置", "注销账号", "返回首页"]}
FORM = {**PAGE, "at": 5.2, "action": "changed", "texts": ["注销账号", "注销前请填写身份证号码。", "身份证号码"],
        "buttons": ["上传手持身份证照片", "提交注销申请", "返回首页"]}  # fmt: skip
PASSPORT = {**FORM, "texts": ["Close my account", "To close your account, tell us your passport number."],
            "buttons": ["Send request"]}  # fmt: skip


def test_an_entry_that_shows_a_form_in_the_same_window_cancels_nothing_until_it_is_sent() -> None:
    notice = {**NOTICE, "src": "hooks:1", "window": 1}
    for form, sent, back in ((FORM, "提交注销申请", "返回首页"), (PASSPORT, "Send request", "Back to recipes")):
        entry = {**ENTRY, "label": form["texts"][0]}
        asked = (notice, AGREED[1], {**MINE, "buttons": ["设置", entry["label"], "返回首页"]}, entry, form)
        assert last(follow(*asked)) == ("granted", True)
        assert not follow(*asked).lines.refused
        home = {**MINE, "at": 8.1, "action": "changed"}
        left = follow(*asked, {**ENTRY, "at": 8, "label": back}, home, {**ENTRY, "at": 12, "label": "确定"})
        assert last(left) == ("granted", True), "the form is gone: another yes there confirms nothing"
        gone = follow(*asked, {**ENTRY, "at": 8, "label": sent}, home)
        assert last(gone) == last(gone, "account") == ("withdrawn", True)


def test_the_form_is_seen_on_a_picture_of_the_screen_where_no_window_is_observed() -> None:
    entry = {"kind": "tap", "at": 5, "label": "注销账号", "via": "runner", "src": "runner", "window": 0}
    form = {"kind": "ui_snapshot", "at": 5.5, "src": "runner", "texts": FORM["texts"], "buttons": FORM["buttons"]}
    agree = {**entry, "at": 2, "label": "同意"}
    assert last(follow(NOTICE, agree, entry, form)) == ("granted", True)
    assert last(follow(NOTICE, agree, entry, form, {**entry, "at": 9, "label": "提交注销申请"})) == ("withdrawn", True)


def test_of_several_pages_that_ask_only_the_last_answer_cancels() -> None:
    notice = {**NOTICE, "src": "hooks:1", "window": 1}
    steps = (ENTRY, FORM, {**ENTRY, "at": 7, "label": "提交注销申请"}, {**QUESTION, "at": 7.1})
    assert last(follow(notice, AGREED[1], MINE, *steps)) == ("granted", True)
    assert last(follow(notice, AGREED[1], MINE, *steps, {**ENTRY, "at": 9, "label": "确定", "window": 3})) == (
        "withdrawn", True,
    )  # fmt: skip


def test_a_cancellation_that_nothing_confirms_is_possible_at_most() -> None:
    notice = {**NOTICE, "src": "hooks:1", "window": 1}
    assert last(follow(notice, AGREED[1], MINE, ENTRY)) == ("withdrawn", False)
    assert last(follow(notice, AGREED[1], MINE, {**ENTRY, "label": "确认注销"})) == ("withdrawn", True)


def test_both_witnesses_of_the_tap_that_only_asks_are_taken_back() -> None:
    notice = {**NOTICE, "src": "hooks:1", "window": 1}
    seen = {"kind": "tap", "at": 4.99, "label": "注销账号", "via": "runner", "src": "runner", "window": 0}
    assert last(follow(notice, AGREED[1], seen, ENTRY, QUESTION)) == ("granted", True)
    late = {**seen, "at": 5.05}
    assert last(follow(notice, AGREED[1], ENTRY, late, QUESTION)) == ("granted", True)
    after = {**seen, "at": 5.2}
    assert last(follow(notice, AGREED[1], ENTRY, QUESTION, after)) == ("granted", True)


@pytest.mark.parametrize(
    "word, state, clear",
    [
        ("Continue", "granted", True),
        ("Not now", "denied", False),
        ("Decline", "denied", True),
        ("Help", "granted", True),
    ],
)
def test_a_ticked_box_counts_for_nothing_if_the_page_is_then_refused(word: str, state: str, clear: bool) -> None:
    box = "I accept the Terms and the Privacy Policy"
    page = {"kind": "window", "at": 1, "src": "hooks:1", "window": 1, "window_kind": "activity", "title": "a.b/a.b.C",
            "texts": ["Read our Privacy Policy."], "buttons": ["Continue", "Not now", "Decline", "Help"],
            "boxes": [{"label": box, "checked": False}]}  # fmt: skip
    tick = {"kind": "tap", "at": 3, "label": box, "checked": "on", "window": 1, "src": "hooks:1"}
    answer = {"kind": "tap", "at": 5, "label": word, "window": 1, "src": "hooks:1"}
    assert last(follow(page, tick)) == ("granted", True)
    assert last(follow(page, tick, answer)) == (state, clear)
    assert last(follow(page, tick, {**answer, "window": 2})) == ("granted", True), "another window has no part in it"


@pytest.mark.parametrize("word", ["返回首页", "取消"])
def test_who_leaves_a_ticked_page_takes_back_nothing_agreed_to_before(word: str) -> None:
    box = "已阅读并同意《用户服务协议》《隐私政策》"
    page = {"kind": "window", "at": 8, "window": 2, "window_kind": "activity", "title": "a.b/a.b.Login",
            "texts": ["手机号登录"], "boxes": {box: True}, "buttons": ["获取验证码", word]}  # fmt: skip
    ticked = {"kind": "tap", "at": 9, "label": box, "checked": "on", "window": 2}
    left = {"kind": "tap", "at": 12, "label": word, "window": 2}
    agreed = {"kind": "tap", "at": 3, "label": "同意", "window": 1}
    gone = {**NOTICE, "at": 4, "action": "hidden"}
    assert last(follow(NOTICE, agreed, gone, page, ticked, left)) == ("granted", True)
    assert last(follow(page, ticked, left))[0] == "denied"


def test_a_tap_on_a_text_field_answers_nothing() -> None:
    """Whatever its label: a form filled in over a window that requests consent."""
    typed = {"kind": "tap", "at": 5, "label": "540,230", "view": "android.widget.EditText", "via": "runner"}
    tracker = follow(NOTICE, typed)
    assert [mark.state for mark in tracker.lines.scopes["policy"].marks] == ["shown"] and not tracker.close()


@pytest.mark.parametrize(
    ("title", "text", "no", "yes", "scope"),
    [
        ("Send a photo", "The camera is used to take the photo that you send us.", "Cancel", "Open camera", "camera"),
        ("拍照上传", "拍照后可上传图片，相机仅在拍摄时使用。", "取消", "打开相机", "camera"),
    ],
)
def test_a_button_that_starts_a_function_answers_for_that_function_alone(
    title: str, text: str, no: str, yes: str, scope: str
) -> None:
    shown = {"kind": "window", "at": 20, "window": 2, "title": title, "texts": [title, text], "buttons": [no, yes]}
    refused = (NOTICE, {"kind": "tap", "at": 3, "label": "不同意", "window": 1})
    tracker = follow(*refused, shown, {"kind": "tap", "at": 22, "label": yes, "window": 2})
    assert last(tracker) == ("denied", True), "the policy stays refused, and is not unread"
    assert last(tracker, f"sensitive:{scope}") == ("granted", True)


def test_a_dialog_grants_what_its_question_names_not_what_is_filled_in_meanwhile() -> None:
    agreed = (NOTICE, {"kind": "tap", "at": 3, "label": "同意", "window": 1})
    text = (
        "我们将获取你的大致位置，用于推荐商家和填写收货地址。位置属于敏感个人信息，关闭后仍可手动填写地址。"
        "是否同意我们处理你的位置信息？"
    )
    texts, buttons = ["位置权限使用说明", text], ["同意", "手动填写"]
    asks = {"kind": "window", "at": 9, "window": 2, "texts": texts, "buttons": buttons}
    tracker = follow(*agreed, asks, {"kind": "tap", "at": 12, "label": "同意", "window": 2})
    assert [scope for scope in tracker.lines.scopes if scope.startswith("sensitive:")] == ["sensitive:location"]


def test_an_entry_of_a_page_of_settings_answers_nothing() -> None:
    agreed = (NOTICE, {"kind": "tap", "at": 3, "label": "同意", "window": 1})
    page = {
        "kind": "window", "at": 9, "window": 2, "window_kind": "activity", "title": "a.b/a.b.Mine",
        "texts": ["我的", "关闭后广告数量不变，但不再与你的兴趣相关"], "buttons": ["清理缓存", "学生认证", "注销账户"],
        "boxes": [{"label": "个性化广告", "checked": True}],
    }  # fmt: skip
    tracker = follow(*agreed, page, {"kind": "tap", "at": 12, "label": "学生认证", "window": 2})
    assert last(tracker) == ("granted", True)


@pytest.mark.parametrize(
    ("more", "tap", "state"),
    [
        ({}, {"label": "第三方SDK目录"}, ("denied", True)),
        ({}, {"label": "拾旧隐私政策"}, ("denied", True)),
        (
            {"texts": ["设置", "点击进入即表示您已阅读并同意隐私政策"], "buttons": ["隐私管理", "隐私政策", "出发"]},
            {"label": "出发"},
            ("unread", False),
        ),
        ({"buttons": ["隐私管理", "拾旧隐私政策", "出发"]}, {"label": "出发"}, ("denied", True)),
        (
            {"boxes": [{"label": "分享使用情况", "checked": False}]},
            {"label": "分享使用情况", "checked": "on"},
            ("unread", False),
        ),
        ({"buttons": ["拾旧隐私政策", "出发"]}, {"label": "出发"}, ("unread", False)),
    ],
)  # fmt: skip
def test_after_a_refusal_entries_beside_switches_answer_nothing(
    more: dict[str, Any], tap: dict[str, Any], state: tuple[str, bool]
) -> None:
    page = {
        "kind": "window", "at": 9, "window": 2, "window_kind": "activity", "title": "a.b/a.b.Prefs", "texts": ["设置"],
        "buttons": ["隐私管理", "拾旧隐私政策", "第三方SDK目录", "返回我的"],
        "boxes": [{"label": "猜你喜欢（个性化推荐）", "checked": False}, {"label": "个性化广告", "checked": False}],
    }  # fmt: skip
    refused = (NOTICE, {"kind": "tap", "at": 3, "label": "不同意", "window": 1})
    tracker = follow(*refused, {**page, **more}, {"kind": "tap", "at": 12, "window": 2, **tap})
    assert last(tracker) == state


CHANGED = {
    "kind": "window", "at": 20, "window": 9, "title": "", "buttons": ["Read the Privacy Policy", "OK"],
    "texts": ["We've updated our Privacy Policy", "Nothing changes, and your privacy choices stay as they are."],
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "label", "state"),
    [
        ({}, "OK", ("denied", True)),
        (
            {"texts": ["隐私政策更新", "我们更新了《隐私政策》，您的选择保持不变。"], "buttons": ["知道了"]},
            "知道了",
            ("denied", True),
        ),
        ({"texts": ["We've updated our Privacy Policy", "By tapping OK you agree to it."]}, "OK", ("granted", False)),
        ({"buttons": ["Accept", "No thanks"]}, "Accept", ("granted", True)),
    ],
)
def test_closing_a_message_about_the_policy_ends_no_refusal(
    more: dict[str, Any], label: str, state: tuple[str, bool]
) -> None:
    tap = {"kind": "tap", "at": 22, "label": label, "window": 9}
    assert last(follow(PLATFORM, REFUSED, {**CHANGED, **more}, tap)) == state
    first = follow({**CHANGED, **more}, tap)
    assert last(first)[0] == "granted"  # where nobody has refused, as before


@pytest.mark.parametrize(
    ("entries", "tapped", "unread"),
    [
        (["资质证照", "服务协议与规则"], "服务协议与规则", 0),
        (["Licences", "Terms and conditions"], "Terms and conditions", 0),
        (["个人信息收集清单", "第三方SDK目录"], "个人信息收集清单", 0),
        (["第三方信息共享清单", "隐私摘要"], "第三方信息共享清单", 0),
        (["Privacy summary", "List of third-party SDKs"], "List of third-party SDKs", 0),
        (["Privacy summary", "Personal information collection list"], "Personal information collection list", 0),
        (["加入清单", "隐私摘要"], "加入清单", 1),
        (["Privacy summary", "Put me on the list"], "Put me on the list", 1),
        (["协议与规则都听你的", "换个玩法"], "协议与规则都听你的", 1),
    ],
)
def test_an_entry_that_names_a_document_answers_nothing(entries: list[str], tapped: str, unread: int) -> None:
    page = {"kind": "window", "at": 20, "window": 9, "window_kind": "activity", "title": "a.b/a.b.Page"}
    found = follow(
        NOTICE,
        {"kind": "tap", "at": 3, "label": "同意", "window": 1},
        {**page, "texts": ["法律信息"], "buttons": entries},
        {"kind": "tap", "at": 22, "label": tapped, "window": 9},
    )
    assert last(found)[0] == "granted" and len(found.lines.unread.dialogs) == unread


@pytest.mark.parametrize(
    ("buttons", "answer", "state"),
    [
        (["再想想", "仍要关闭"], "再想想", "granted"),
        (["再想想", "仍要关闭"], "仍要关闭", "withdrawn"),
        (["关闭", "取消"], "关闭", "withdrawn"),
        (["关闭", "取消"], "取消", "granted"),
        (["Turn off", "Keep on"], "Turn off", "withdrawn"),
        (["Turn off", "Keep on"], "Keep on", "granted"),
        (["Yes, turn them off", "Cancel"], "Cancel", "granted"),
        (["确定", "取消"], "取消", "granted"),
        (["Yes, turn them off", "Cancel"], "Yes, turn them off", "withdrawn"),
    ],
)
def test_who_keeps_a_switch_in_the_question_whether_to_turn_it_off_has_kept_it(
    buttons: list[str], answer: str, state: str
) -> None:
    on = {"kind": "tap", "at": 8, "label": "个性化广告", "checked": "on", "window": 5}
    off = {**on, "at": 10, "checked": "off"}
    question = {"kind": "window", "at": 10.2, "window": 7, "title": "", "texts": ["关闭后广告数量不变，是否关闭？"]}
    question["buttons"] = buttons
    said = {"kind": "tap", "at": 12, "label": answer, "window": 7}
    tracker = follow(on, off, question, said)
    assert last(tracker, "personalisation") == (state, True)
    assert not tracker.notices.asked
    late = follow(on, off, {**question, "at": 30}, {**said, "at": 32})  # asks for something of its own
    assert tracker.lines.scopes.keys() <= late.lines.scopes.keys()
    assert late.kept_on == {}


@pytest.mark.parametrize(
    ("title", "text", "buttons"),
    [
        ("", "个性化广告已关闭，是否恢复开启？", ["是", "取消"]),
        ("已关闭个性化广告", "您可随时重新开启。", ["好的，已关闭", "返回"]),
        ("", "Personalised ads have been turned off.", ["Yes", "Back"]),
        ("", "Turn personalised ads back on?", ["Yes", "Cancel"]),
        ("位置信息单独同意", "我们将收集您的位置信息用于推荐，您可在设置中关闭。是否同意？", ["确定", "取消"]),
    ],
)
def test_who_says_no_to_something_else_has_kept_no_switch(title: str, text: str, buttons: list[str]) -> None:
    on = {"kind": "tap", "at": 8, "label": "个性化广告", "checked": "on", "window": 5}
    other = {"kind": "window", "at": 10.2, "window": 7, "title": title, "texts": [text], "buttons": buttons}
    tracker = follow(
        on, {**on, "at": 10, "checked": "off"}, other, {"kind": "tap", "at": 12, "label": buttons[1], "window": 7}
    )
    assert last(tracker, "personalisation")[0] in ("withdrawn", "denied") and not tracker.kept_on


@pytest.mark.parametrize(
    "later",
    [
        [{"kind": "window", "at": 13, "window": 7, "action": "hidden"}],
        [{"kind": "window", "at": 13, "window": 9, "title": "订单", "texts": ["删除？"], "buttons": ["确定", "取消"]}],
        [
            {
                "kind": "window",
                "at": 13,
                "window": 7,
                "action": "changed",
                "texts": ["删除？"],
                "buttons": ["确定", "取消"],
            }
        ],
    ],
)
def test_a_question_that_was_left_is_not_answered_elsewhere(later: list[dict[str, Any]]) -> None:
    on = {"kind": "tap", "at": 8, "label": "个性化广告", "checked": "on", "window": 5}
    question = {"kind": "window", "at": 10.2, "window": 7, "title": "确定关闭？", "buttons": ["确定", "取消"]}
    elsewhere = {"kind": "tap", "at": 60, "label": "取消", "via": "runner", "src": "runner"}
    tracker = follow(on, {**on, "at": 10, "checked": "off"}, question, *later, elsewhere)
    assert last(tracker, "personalisation") == ("withdrawn", True) and not tracker.kept_on


def test_a_switch_that_stood_nowhere_and_is_kept_stands_nowhere() -> None:
    off = {"kind": "tap", "at": 10, "label": "个性化广告", "checked": "off", "window": 5}
    question = {"kind": "window", "at": 10.2, "window": 7, "title": "确定关闭？", "buttons": ["仍要关闭", "再想想"]}
    tracker = follow(off, question, {"kind": "tap", "at": 12, "label": "再想想", "window": 7})
    assert last(tracker, "personalisation")[0] == "unknown"
