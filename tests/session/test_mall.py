"""The app that presses its users and its fair twin: what is touched in them stands in the device's own log."""

from pathlib import Path

import pytest

from tests.session.conftest import Recorded, run

pytestmark = pytest.mark.device

HEAD = "appId: com.example.mall\napp: {app}\nname: mall\n---\n- launchApp: {{clearState: true}}\n"
WORDS = {
    "chinese": ("钱包与账号", ["立即支付", "注销账号", "发送私信", "拨打电话", "发布"]),
    "english": ("International", ["Pay now", "Delete my account", "Send message", "Call us", "Publish"]),
    "described in Chinese": ("常用工具", ["支付", "删除账号", "发送", "拨号", "发布动态"]),
    "described in English": ("常用工具", ["Pay", "Delete account", "Send", "Dial", "Publish post"]),
    "named": ("更多工具", ["btn_pay", "iv_delete_account", "ib_send_message", "iv_call_phone", "fab_publish"]),
}
DEEDS = ["pay", "delete", "send", "call", "publish"]
#: Each ends in what was answered.
FAIR = {
    "granted": "同意并继续 附近 查找附近门店 同意 !allow 返回 逛一逛 西门 西门 西门 返回 返回 返回 返回"
    " 设置 隐私与权限 撤回同意 确认撤回",
    "denied": "不同意 附近 查找附近门店 返回 逛一逛 西门 西门 西门",
}


def mall(tmp_path: Path, app: str, taps: list[str]) -> Recorded:
    """A session: labels, IDs as ``#id``, decisions about permissions as ``!allow``."""
    steps = [f"- tapOn: {{id: {one[1:]}}}\n" if one[0] == "#" else f'- tapOn: "^{one}$"\n' for one in taps]
    steps = [f"- permission: {one[1:]}\n" if one[0] == "!" else step for one, step in zip(taps, steps, strict=True)]
    scenario = tmp_path / "mall.yaml"
    scenario.write_text(HEAD.format(app=app) + "".join(steps) + "- idle: 2s\n", "utf-8")
    return run(str(scenario), tmp_path / "bundle")


def said(session: Recorded, word: str) -> list[str]:
    """What the app itself says was done."""
    lines = [line["message"].partition(" ") for line in session.truth if line["what"] == "said"]
    return [rest for first, _, rest in lines if first == word]


def test_every_touch_of_what_is_risky_is_in_the_truth_log(tmp_path: Path) -> None:
    taps = ["#tv_skip", "更多选项", "全部开启", "我的"]
    for page, labels in WORDS.values():
        taps += [page, *(f"#{one}" if "_" in one else one for one in labels), "返回"]
    session = mall(tmp_path, "mall", [*taps, "购物车", "确定"])
    expected = [f"{deed} {shown}" for shown in WORDS for deed in DEEDS]
    assert said(session, "risky") == [*expected, "pay checkout"]
    assert said(session, "answer") == [f"{s} granted" for s in ("statistics", "advertising", "sharing", "policy")]


@pytest.mark.parametrize("answer", FAIR)
def test_nothing_is_found_in_the_fair_twin(tmp_path: Path, answer: str) -> None:
    session = mall(tmp_path, "mall-clean", FAIR[answer].split())
    assert said(session, "answer")[0] == f"policy {answer}" and "room 15" in said(session, "place")
    assert bool(session.api("ssid")) == (answer == "granted")
    assert (tmp_path / "bundle" / "findings.jsonl").read_bytes() == b""
