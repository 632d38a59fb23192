"""What is asked in a page means what it means in a dialog, whatever else the page says: a consent of its own, and the
question whether to take one back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.analysis.consent.text import label
from monitor.analysis.consent.tracker import read_consent
from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.rules.load import load_rules
from monitor.session.declaration import Declaration
from tests.analysis.played import numbered, raws

Raws = list[dict[str, Any]]
DATA: dict[str, list[list[Any]]] = yaml.load(
    Path(__file__).with_name("sheets.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
)
RULES = [rule for rule in load_rules() if rule.id in ("COL-04", "COL-05", "COL-11", "PRM-04", "SHR-02")]
PAGE = {"kind": "window", "window": 5, "title": "a.b/a.b.Page", "window_kind": "activity"}
#: What pages say and offer besides: sharing, guardians, places abroad, permissions, terms, an order, a withdrawal.
BEHIND: dict[str, tuple[list[str], list[str]]] = {
    "bare": (["主播入驻", "分享给好友一起入驻", "家长须知"], []),
    "form": (["社保查询", "选择城市", "请输入姓名"], ["下一步", "常见问题"]),
    "settings": (["设置", "第三方信息共享清单", "青少年模式"], ["第三方信息共享清单", "注销账号", "青少年模式"]),
    "shop": (["直播间", "分享给好友领优惠券", "海外购 正品保障"], ["关注", "下单", "分享给好友"]),
    "children": (["亲子英语", "家长中心", "提供给宝贝的课程"], ["家长中心", "开始学习"]),
    "permission": (["附近网点", "需要定位权限", "无法获取位置，请到系统设置中开启权限"], ["去开启"]),
    "login": (["账号登录", "登录即表示同意《隐私政策》《用户协议》"], ["登录", "获取验证码"]),
    "order": (["订单确认", "实付 ¥39.9", "个性化推荐"], ["提交订单", "支付"]),
    "withdrawal": (["撤回同意与注销", "您可以随时撤回同意"], ["撤回同意", "隐私政策"]),
}
AT_ONCE = ", at once"
FORMS = ["dialog", *BEHIND, *(f"{name}{AT_ONCE}" for name in BEHIND)]


def share(rows: list[list[Any]], form: str, forms: int = 4) -> list[list[Any]]:
    """Every ``forms``-th row, beginning elsewhere in each form: every row is tried in several, each form with many."""
    return rows[FORMS.index(form) % forms :: forms]


AGREED: Raws = raws(["agreed", "3.1 hidden @1"])
REFUSED: Raws = raws(["refused", "3.1 hidden @1"])


def asked(form: str, title: str, text: str, yes: str, no: str, tap: str) -> Raws:
    """What is asked, in a dialog, in a page that was there before, or in one that came up with it; and the answer."""
    said, answer = [title, text], {"kind": "tap", "at": 25, "label": tap, "window": 5}
    if form == "dialog":
        dialog = {"kind": "window", "at": 20, "window": 5, "title": title, "texts": [text], "buttons": [no, yes]}
        return [*AGREED, dialog, answer, {"kind": "window", "at": 25.2, "window": 5, "action": "hidden"}]
    texts, buttons = BEHIND[form.removesuffix(AT_ONCE)]
    page = PAGE | {"at": 10, "texts": texts, "buttons": buttons}
    sheet = PAGE | {"at": 20, "action": "changed", "texts": [*texts, *said], "buttons": [*buttons, no, yes]}
    up = [sheet | {"action": "shown"}] if form.endswith(AT_ONCE) else [page, sheet]
    return [*AGREED, *up, answer, page | {"at": 25.2, "action": "changed"}]


def by(declared: dict[str, Any]) -> Declaration:
    return Declaration.model_validate({"operator": {"domains": ["shop.example"]}} | declared)


def found(shown: Raws, declaration: Declaration) -> dict[str, str]:
    """Rule to status."""
    return {f.rule: f.status for f in analyse(numbered(shown), RULES, declaration).findings}


def sent(data_types: list[str], host: str, party: str) -> Raws:
    return raws(f"{at} sends {what} {{host: {host}, party: {party}}}" for at, what in enumerate(data_types, 30))


@pytest.mark.parametrize("form", FORMS)
def test_a_separate_consent_covers_what_it_names(form: str) -> None:
    wrong = []
    for types, title, text, yes, no in share(DATA["separate"], form):
        declared = {"collection": [{"data_type": t, "purpose": "功能", "sensitive": True} for t in types]}
        declared |= {"app": {"child_directed": types == ["user_profile"]}}
        if form.endswith(AT_ONCE) and label(yes) != ("accept", True):
            continue  # on such a page only what agrees in so many words is an answer
        declaration = by(declared)
        for tap in (yes, no):
            out = sent(types, "api.shop.example", "first")
            rules = found(asked(form, title, text, yes, no, tap) + out, declaration)
            fired = bool(rules.keys() & {"COL-04", "COL-05", "COL-11"})
            if fired is (tap == yes) or "inconclusive" in rules.values():
                wrong.append((title, tap, rules))
    assert not wrong


@pytest.mark.parametrize("form", FORMS)
def test_a_separate_consent_covers_whom_it_names(form: str) -> None:
    wrong = []
    for org, title, text, yes, no in share(DATA["shared"], form):
        types = ["oaid" if "标识" in text else "phone_no"]
        recipient = {"org": org, "role": "controller", "data_types": types, "hosts": ["third.example"]}
        declared = by({"collection": [{"data_type": types[0], "purpose": "功能"}], "recipients": [recipient]})
        for tap in (yes, no):
            rules = found(asked(form, title, text, yes, no, tap) + sent(types, "api.third.example", "third"), declared)
            if ("SHR-02" in rules) is (tap == yes):
                wrong.append((title, tap, rules))
    assert not wrong


@pytest.mark.parametrize("form", ["dialog", "settings", "shop"])
def test_what_is_taken_back_is_what_the_question_was_answered_with(form: str) -> None:
    wrong = []
    for entry, title, text, yes, no, scope in DATA["undone"]:
        for tap in (yes, no):
            shown = asked(form, title, text, yes, no, tap)
            page = PAGE | {"at": 19, "window": 5 if form in BEHIND else 4}
            texts, buttons = BEHIND.get(form, BEHIND["settings"])
            page |= {"texts": [*texts, entry], "buttons": [*buttons, entry]}
            opened = [page, {"kind": "tap", "at": 19.5, "label": entry, "window": page["window"]}]
            shown[len(AGREED) : len(shown) - 3] = opened
            if form in BEHIND:
                shown[-3] = shown[-3] | {"texts": [*page["texts"], title, text], "buttons": [*page["buttons"], no, yes]}
            lines = read_consent(numbered(shown)).lines
            if (lines.state(scope) == "withdrawn") is (tap == no) or lines.unread:
                wrong.append((entry, tap, lines.state(scope)))
    assert not wrong


@pytest.mark.parametrize("form", ["dialog", "settings", "shop", "login"])
def test_what_comes_up_at_a_refusal_asks_once_more(form: str) -> None:
    wrong = []
    for first, title, text, yes, no in DATA["second"]:
        for tap in (yes, no):
            notice = AGREED[0] | {"at": 17, "buttons": [first, "同意并继续"]}
            page, *sheet = asked(form, title, text, yes, no, tap)[len(AGREED) :]
            refused: Raws = [notice, AGREED[1] | {"at": 19, "label": first}, AGREED[2] | {"at": 19.1}]
            shown = [*refused, page, *sheet] if form == "dialog" else [page, *refused, *sheet]
            lines = read_consent(numbered(shown)).lines
            state, mark = lines.state("policy"), lines.scopes["policy"].marks[-1]
            if state != ("granted" if tap == yes else "denied") or not mark.clear or lines.unread:
                wrong.append((title, tap, state))
    assert not wrong


@pytest.mark.parametrize("form", ["dialog", "settings", "shop"])
def test_a_purpose_in_a_sheet_is_one(form: str) -> None:
    wrong = []
    for name, purpose, title, text, yes, no in DATA["purposes"]:
        permission = f"android.permission.{name}"
        declared = by({"permissions": [{"name": permission, "purpose_text": purpose}]})
        prompt = {"kind": "prompt", "at": 26, "permissions": [permission]}
        rules = found([*asked(form, title, text, yes, no, yes), prompt], declared)
        page = PAGE | {"at": 20, "texts": ["菜谱大全", "红烧肉"], "buttons": ["搜索", "首页"]}
        bare = found([*AGREED, page, {"kind": "tap", "at": 24, "label": "搜索", "window": 5}, prompt], declared)
        if "PRM-04" in rules or bare.get("PRM-04") != "evidenced":
            wrong.append((name, title, rules, bare))
    assert not wrong


@pytest.mark.parametrize(("at", "form"), enumerate(["dialog", "settings", "shop"]))
def test_who_refused_the_policy_agrees_to_one_thing_alone(at: int, form: str) -> None:
    wrong = []
    cases = [(types, "", one) for types, *one in DATA["separate"]]
    cases += [(["oaid" if "标识" in one[1] else "phone_no"], org, one) for org, *one in DATA["shared"]]
    for types, org, (title, text, yes, no) in cases[at::3]:
        declared: dict[str, Any] = {"app": {"child_directed": types == ["user_profile"]}}
        declared["collection"] = [{"data_type": t, "purpose": "功能", "sensitive": not org} for t in types]
        if org:
            recipient = {"org": org, "role": "controller", "data_types": types, "hosts": ["third.example"]}
            declared["recipients"] = [recipient]
        declaration = by(declared)
        out = sent(types, "api.third.example" if org else "api.shop.example", "third" if org else "first")
        for tap in (yes, no):
            rules = found([*REFUSED, *asked(form, title, text, yes, no, tap)[len(AGREED) :], *out], declaration)
            accused = "SHR-02" in rules or (not org and "evidenced" in rules.values())
            if accused if tap == yes else not rules:
                wrong.append((title, tap, rules))
    assert not wrong
