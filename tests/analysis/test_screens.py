"""What a window is about."""

from __future__ import annotations

import importlib

import pytest

from monitor.analysis.consent.screens import screen


@pytest.mark.parametrize(
    "text, taken",
    [
        ("登录/注册即代表同意《隐私政策》", True),
        ("登入即代表您已閱讀並同意《私隱政策》", True),
        ("点击“登录”即表示您同意《隐私政策》", True),
        ("点击“同意并登录”即代表您已阅读并同意《隐私政策》", False),
        ("登录即可领取红包，请阅读并同意《隐私政策》", False),
        ("登录前请阅读《隐私政策》，勾选代表您同意", False),
        ("By signing in, you agree to our Privacy Policy", True),
        ("By creating an account, you agree to our Terms", True),
        ("By tapping “I agree”, you agree to our Terms", False),
        ("By clicking Accept you agree to our Terms", False),
    ],
)
def test_going_on_is_taken_for_consent_unless_a_control_that_agrees_is_named(text: str, taken: bool) -> None:
    assert screen("", [text], [], []).login_consent is taken


@pytest.mark.parametrize(
    ("text", "control", "agrees"),
    [
        ("By tapping Sounds good you accept our privacy notice", "Sounds good", True),
        ("By clicking on “Off we go”, you agree to our Privacy Policy", "Off we go", True),
        ("点击“开启旅程”即表示您已阅读并同意《隐私政策》", "开启旅程", True),
        ("点击“开启旅程”即表示您已阅读《隐私政策》", "开启旅程", False),
        ("By tapping On you accept our privacy notice", "On", True),
        ("By tapping on “On”, you accept our privacy notice", "On", True),
        ("By tapping Sounds good, or Sounds great, you accept our privacy notice", "Sounds good", False),
        ("By tapping Sign in you accept our privacy notice", "Sign in", False),
        ("By continuing you accept our privacy notice", "Sounds good", False),
        ("By tapping Sounds good you accept our privacy notice", "No thanks", False),
    ],
)
def test_a_control_of_which_the_text_says_that_it_agrees(text: str, control: str, agrees: bool) -> None:
    looks = screen("", [text], [control, "Privacy notice"], [])
    assert bool(looks.agreeing) is agrees
    assert not (agrees and looks.login_consent) and (not agrees or (looks.clear_accept and looks.accepts == (control,)))


def test_a_title_that_sums_up_what_is_typed_in_does_not_narrow_the_text() -> None:
    texts = ["接下来要填写的姓名、手机号和病情描述属于敏感个人信息"]
    shown = screen("病情资料授权", texts, ["单独授权，去填写", "不授权"], [])
    assert shown.head_types == frozenset() and {"account_pi", "phone_no", "form"} <= shown.types
    assert screen("位置信息授权", texts, ["同意", "拒绝"], []).head_types == {"location"}


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("We and 3 partners would like to keep and read information on this device, such as your ad ID.", True),
        ("Our partners and we save and read identifiers to find crashes.", True),
        ("我们和合作伙伴在您的设备上存储和读取信息，用于个性化广告。", True),
        ("Your trips are kept on this device. You can read them without a network.", False),
        ("Store and access your photos on any device.", False),
        ("Keep and read your notes on this device; nothing is sent.", False),
        ("需要存储权限，用于在您的设备上存储和读取图片。", False),
    ],
)
def test_a_notice_that_keeps_and_reads_information_is_a_consent_platforms(text: str, platform: bool) -> None:
    assert screen("", [text], ["Agree and continue", "Options"], []).platform is platform


def test_no_pattern_is_made_for_each_control(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window may have as many controls as it likes, each of many characters."""
    compiler, made = importlib.import_module("re._compiler"), []
    compiled = compiler.compile

    def counting(pattern: object, flags: int = 0) -> object:
        made.append(pattern)
        return compiled(pattern, flags)

    said = ["By tapping Go on 7 you agree to our Privacy Policy", *(f"Go on {n}" for n in range(100))]
    screen("", said, ["Go on 7"], [])
    monkeypatch.setattr(compiler, "compile", counting)
    looks = screen("", said, [f"Go on {n}" for n in range(100)], [])
    assert looks.agreeing == {"go on 7"} and len(made) < 10
