"""What unlawful apps do is found in whatever words and windows they do it: what is softened for lawful apps must leave
this standing. Each case is a session of a few events; a rule stands for evidence, with ``?`` for a finding of any
kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.rules.examples import event
from monitor.analysis.rules.load import load_rules
from monitor.session.declaration import Declaration
from tests.each import each

Raw = dict[str, Any]
RULES = load_rules()
DECLARED = {
    "operator": {"domains": ["shop.example"]},
    "collection": [{"data_type": name, "purpose": "功能"} for name in ("android_id", "gaid", "phone_no", "location")],
    "sdks": [{"name": "Adly", "package_prefixes": ["io.adly"], "hosts": ["adly.example"], "data_types": ["gaid"],
              "purposes": ["personalised advertising"]}],
    "recipients": [{"org": "Adly", "role": "controller", "hosts": ["adly.example"], "data_types": ["gaid"],
                    "purpose": "personalised advertising"}],
    "personalisation": {"ad_hosts": ["adly.example"]},
}  # fmt: skip
PLACE = "android.permission.ACCESS_FINE_LOCATION"


def shown(at: float, title: str, text: str, *buttons: str, **more: Any) -> Raw:
    return {"kind": "window", "at": at, "title": title, "texts": [text], "buttons": list(buttons), **more}


def tap(at: float, label: str, **more: Any) -> Raw:
    return {"kind": "tap", "at": at, "label": label, "window": 1, **more}


def gone(at: float) -> Raw:
    return {"kind": "window", "at": at, "window": 1, "action": "hidden"}


def sent(at: float, what: str = "android_id") -> Raw:
    ads = {"host": "adly.example", "party": "third", "sdk": "Adly"}
    own = {"host": "api.shop.example", "party": "first"}
    return {"kind": "transmission", "at": at, "matches": [what], **(ads if what == "gaid" else own)}


def notice(at: float, *buttons: str) -> Raw:
    if buttons[0].isascii():
        return shown(at, "Your privacy", "Please read and accept our Privacy Policy on your personal data.", *buttons)
    return shown(at, "隐私政策", "请您阅读并同意《用户协议》和《隐私政策》，了解我们如何处理个人信息。", *buttons)


def answered(agree: str, refuse: str, chosen: str) -> list[Raw]:
    return [notice(1, agree, refuse), tap(3, chosen), gone(3.1)]


AGREED = answered("同意", "不同意", "同意")
ACCEPTED = answered("Accept", "Decline", "Accept")
PLATFORM = "We and our 214 partners process personal data such as your advertising ID to show personalised ads."


def refused() -> list[tuple[str, str, list[Raw]]]:
    chinese = ("不同意，仅进入浏览模式", "仅使用基础功能", "暂不，仅使用基本功能", "残忍拒绝", "不同意并进入访客模式")
    english = ("Continue with limited access", "No, thanks", "Only what is needed", "Reject and continue", "Decline")
    both = [("同意并继续", one) for one in chinese] + [("Agree and continue", one) for one in english]
    return [(one, "COL-04", [*answered(agree, one, one), sent(9)]) for agree, one in both]


def taken_back() -> list[tuple[str, str, list[Raw]]]:
    asked = {
        "撤回同意": ("撤回后我们将停止收集您的个人信息。", "确认撤回", "再想想"),
        "停止授权": ("确定不再授权我们处理您的个人信息吗？", "确定停止", "取消"),
        "注销账号": ("注销后账号数据将被清空且无法恢复", "确认注销", "取消"),
        "Withdraw consent": ("We will stop using your personal data.", "Withdraw", "Keep"),
        "Stop data processing": ("We will stop processing your personal data.", "Stop processing", "Back"),
        "Delete account": ("This deletes your garden and everything in it.", "Delete forever", "Cancel"),
    }
    cases = []
    for entry, (text, yes, no) in asked.items():
        page = shown(8, "a.b/a.b.Settings", "Profile", entry, "About", window_kind="activity")
        way = [page, tap(9, entry), shown(10, entry, text, yes, no, window=3), tap(12, yes, window=3)]
        cases.append((entry, "COL-05", [*(ACCEPTED if entry.isascii() else AGREED), *way, sent(91)]))
    return cases


def switched_off() -> list[tuple[str, str, list[Raw]]]:
    certain = ("个性化广告", "精准推荐", "定制化推荐", "Tailored ads", "Ads based on my interests", "Relevant ads")
    names = [(name, "PER-02") for name in certain] + [("猜你喜欢", "PER-02?"), ("智能推荐", "PER-02?")]
    return [(name, rule, [*AGREED, tap(12, name, checked="off"), sent(91, "gaid")]) for name, rule in names]


def nagged() -> list[tuple[str, str, list[Raw]]]:
    asks = {
        "policy": ("请您阅读并同意《隐私政策》，了解我们如何处理个人信息。", "同意并继续", "不同意"),
        "sharing": ("允许我们将您的信息共享给合作保险公司，享受专属报价", "同意", "不同意"),
        "partners": ("May we share your data with our partners? Do you agree?", "Agree", "No, thanks"),
        "ads": (f"{PLATFORM} Do you agree?", "Agree", "No, thanks"),
    }
    cases = []
    for name, (text, yes, no) in asks.items():
        events = [] if name == "policy" else list(ACCEPTED if yes.isascii() else AGREED)
        for at in (20, 50, 80, 110):
            events += [{"kind": "lifecycle", "at": at - 2, "what": "background"},
                       {"kind": "lifecycle", "at": at - 0.5, "what": "foreground"}]  # fmt: skip
            events += [shown(at, "", text, yes, no), tap(at + 3, no), gone(at + 3.2)]
        cases.append((name, "PRM-01", events))
    return cases


def purposes() -> list[tuple[str, str, list[Raw]]]:
    texts = (
        "为了给您提供更好的服务，我们需要获取您的位置信息。", "我们需要获取您的位置权限", "开启定位，发现更多精彩",
        "Leafwise needs access to your location", "We use your location to improve your experience",
        "开启定位即送5元充电券", "Turn on location and claim your free gift",
    )  # fmt: skip
    asked = [{"kind": "prompt", "at": 10.2, "permissions": [PLACE]}]
    cases = [
        (text, "PRM-04?", [*AGREED, shown(8, "", text, "OK"), tap(10, "OK"), gone(10.1), *asked]) for text in texts
    ]
    return [*cases, ("no word of it", "PRM-04", [*AGREED, *asked])]


def layered() -> list[tuple[str, str, list[Raw]]]:
    partners = [shown(1, "We value your privacy", PLATFORM, "Accept all", "Reject all", "Our partners"),
                tap(3, "Our partners"),
                shown(4, "Partner list", "214 partners", "Confirm my choices", "Back", window=2,
                      boxes={"Adly": True, "Metrica": True})]  # fmt: skip
    off = [tap(6, "Adly", window=2, checked="off"), tap(7, "Metrica", window=2, checked="off")]
    out = [tap(9, "Confirm my choices", window=2), {**gone(9.1), "window": 2}, gone(9.2), sent(16, "gaid")]
    return [("ticked partners", "CON-02", partners), ("partners turned off", "COL-04", [*partners, *off, *out])]


def obstacles() -> list[tuple[str, str, list[Raw]]]:
    texts = ("如需注销账号，请拨打客服热线 400-820-8888 办理", "请将手写的注销申请书拍照上传",
             "To delete your account, email us a scan of your ID", "Deleting your account costs £5")  # fmt: skip
    page = [(text, "RGT-01?", [shown(8, "注销账号" if not text.isascii() and "£" not in text else "Delete account",
                                    text, "OK")]) for text in texts]  # fmt: skip
    signs = (
        "进入应用即默认同意《隐私政策》",
        "By continuing, you confirm that you have read and accept our Privacy Policy",
    )
    login = [(text, "CON-02?", [shown(1, "Welcome", f"{text}", "Next")]) for text in signs]
    tick = shown(1, "登录", "✓ 我已阅读并同意《用户协议》《隐私政策》", "登录")
    return [*page, *login, ("drawn tick", "CON-02", [tick])]


CASES = [*refused(), *taken_back(), *switched_off(), *nagged(), *purposes(), *layered(), *obstacles()]


def as_dialogs(raws: list[Raw]) -> list[Raw]:
    return raws


def as_sheets(raws: list[Raw]) -> list[Raw]:
    """Drawn into the one page of the app, which is there again once each is answered."""
    home: Raw = {"kind": "window", "window": 1, "window_kind": "activity", "title": "a.b/a.b.Main"}
    page = {**home, "texts": ["附近", "Nearby"], "buttons": ["搜索", "我的", "Search"]}
    out: list[Raw] = [{**page, "at": 0.5, "action": "shown"}]
    for raw in raws:
        if raw["kind"] != "window":
            out.append({**raw, "window": 1} if "window" in raw else raw)
        elif raw.get("action") == "hidden":
            out.append({**page, "at": raw["at"], "action": "changed"})
        else:
            title = [raw["title"]] if raw["title"] and "/" not in raw["title"] else []
            out.append({**raw, **home, "texts": [*title, *raw["texts"]], "action": "changed"})
    return out


@pytest.mark.parametrize("form", [as_dialogs, as_sheets])
def test_it_is_found(form: Callable[[list[Raw]], list[Raw]]) -> None:
    each(found, ((*case, form) for case in CASES))


def found(_: str, rule: str, events: list[Raw], form: Callable[[list[Raw]], list[Raw]]) -> None:
    raws = [{"kind": "lifecycle", "at": 0.1, "what": "process_start"}, *form(events)]
    ordered = [event(raw, number) for number, raw in enumerate(sorted(raws, key=lambda raw: raw["at"]), 1)]
    findings = analyse(ordered, RULES, Declaration.model_validate(DECLARED)).findings
    statuses = {f.status for f in findings if f.rule == rule.rstrip("?")}
    assert statuses if rule.endswith("?") else "evidenced" in statuses
