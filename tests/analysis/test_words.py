"""Text as it is compared, the word lists as patterns, and what a control does, by the words on it."""

from __future__ import annotations

import pytest

from monitor.analysis.consent.text import Meaning, closes, contrary, label, one_pattern, plain


@pytest.mark.parametrize(
    "text, meaning, clear",
    [
        ("同意并继续", "accept", True),
        ("不同意", "reject", True),
        ("暂 不 同\u200b意", "reject", True),
        ("不同意并退出", "reject", True),
        ("没有同意", "reject", True),
        ("ＡＧＲＥＥ", "accept", True),
        ("Disagree", "reject", True),
        ("I do not agree", "reject", True),
        ("Don’t allow", "reject", True),
        ("Agree and do not show again", "accept", True),
        ("我知道了", "accept", False),
        ("OK", "accept", False),
        ("取消", "reject", False),
        ("取消同意", "withdraw", True),
        ("撤回同意", "withdraw", True),
        ("撤了吧", "withdraw", True),
        ("把授权撤了吧", "withdraw", True),
        ("先不撤了吧", "reject", False),
        ("同意撤单", "accept", True),
        ("注销账号", "cancel_account", False),
        ("确认注销", "cancel_account", True),
        ("Close my account", "cancel_account", False),
        ("Close my account permanently", "cancel_account", True),
        ("Noticeable", "", False),
        ("首页", "", False),
        ("", "", False),
        ("退出登录", "", False),
        ("退出", "reject", True),
        ("僅瀏覽模式", "reject", True),
        ("刪除帳戶", "cancel_account", False),
        ("登入", "accept", False),
        ("进入基础模式", "reject", False),
        ("使用基础输入模式", "reject", False),
        ("Turn off", "reject", False),
        ("Turn on", "accept", False),
        ("Keep them on", "accept", False),
        ("Keep account", "reject", False),
        ("Don't keep on", "reject", False),
        ("Keep it on this phone", "reject", False),
        ("Continue in basic mode", "reject", False),
        ("同意并使用基础模式", "accept", True),
        ("仅同意基本功能", "accept", True),
        ("先逛逛", "reject", False),
        ("Continue without accepting", "reject", True),
        ("无需登录，同意并继续", "accept", True),
        ("跳过登录，同意并继续", "accept", True),
        ("无需同意，直接进入", "reject", False),
        ("Accept & exit", "accept", True),
        ("同意并退出", "accept", True),
        ("Zustimmen und beenden", "accept", True),
        ("Decline & exit", "reject", True),
        ("拒绝并退出", "reject", True),
        ("同意退出", "reject", True),
        ("Continue without consent", "reject", True),
        ("Accept necessary only", "reject", True),
        ("Accept all", "accept", True),
        ("以后再授权", "reject", False),
        ("无需授权，直接使用", "reject", False),
        ("同意，以后不再提示", "accept", True),
        ("解除授权", "withdraw", True),
        ("取消对本应用的授权", "withdraw", True),
        ("授权管理", "", False),
        ("授权并登录", "accept", True),
        # A negation of something else refuses nothing.
        ("Zustimmen und ohne Anmeldung fortfahren", "accept", True),
        ("Akzeptieren und nicht mehr anzeigen", "accept", True),
        ("Akzeptieren und weiter ohne Abo", "accept", True),
        ("Accepter et continuer sans compte", "accept", True),
        ("Aceptar sin registrarse", "accept", True),
        ("Accept non-essential cookies", "accept", True),
        ("Accept essential and optional cookies", "accept", True),
        ("Ohne Einwilligung fortfahren", "reject", True),
        ("Weiter ohne Zustimmung", "reject", True),
        ("Keine Cookies akzeptieren", "reject", True),
        ("Ich stimme nicht zu", "reject", True),
        ("Continuer sans accepter", "reject", True),
        ("Je n'accepte pas", "reject", True),
        ("Continuar sin aceptar", "reject", True),
        ("Do not accept non-essential cookies", "reject", True),
        ("Accept only essential, reject optional", "reject", True),
    ],
)
def test_labels(text: str, meaning: str, clear: bool) -> None:
    assert label(text) == Meaning(meaning, clear)


@pytest.mark.parametrize(
    "text",
    [
        "取消",
        "暂不使用",
        "不同意并退出",
        "稍后再说",
        "跳过 3s",
        "返回",
        "不，不用了，谢谢",
        "Not now",
        "No, thanks",
        "Don’t allow",
        "Skip (5)",
    ],
)
def test_a_label_of_nothing_but_refusals_closes(text: str) -> None:
    assert closes(text)


@pytest.mark.parametrize(
    "text",
    ["返回微信", "返回商家", "跳过，直接打开微信", "取消，去浏览器打开", "改用微信登录",
     "Not now, open in browser", "Back to merchant", "No, use another app",
     "分享", "谢谢", ""],
)  # fmt: skip
def test_a_label_that_says_more_may_request_something(text: str) -> None:
    assert not closes(text)


@pytest.mark.parametrize(
    ("controls", "refuses"),
    [
        (["乐意", "不乐意，随便翻翻就好"], "不乐意,随便翻翻就好"),
        (["我给", "不给"], "不给"),
        (["捧场", "不捧场，随便逛逛"], "不捧场,随便逛逛"),
        (["Count me in", "I won't count me in"], "i won't count me in"),
        (["Mitmachen", "Nicht mitmachen"], "nicht mitmachen"),
        (["不错", "错过了"], ""),
        (["同意", "不同意"], ""),
        (["点头", "摇头"], ""),
        (["Notes", "Not esoteric"], ""),
    ],
)
def test_a_control_refuses_what_another_says_without_the_negation(controls: list[str], refuses: str) -> None:
    assert contrary(controls) == ({refuses} if refuses else set())


def test_a_long_label_is_read_in_linear_time() -> None:
    assert not closes("暂不稍后再说" * 600 + "打开")


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("ＡＧＲＥＥ", "agree"),
        ("暂 不 同\u200b意", "暂不同意"),
        ("僅瀏覽模式", "仅浏览模式"),
        ("Don’t  allow\n", "don't allow"),
        ("同意 and 继续", "同意 and 继续"),
    ],
)
def test_width_case_spacing_and_traditional_characters_do_not_count(text: str, compared: str) -> None:
    assert plain(text) == compared


def test_what_is_beyond_the_limit_is_not_read() -> None:
    assert "同意" not in plain("字" * 4000 + "同意")


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("向…提供", "向合作伙伴提供", True),
        ("向…提供", "向前走。提供", False),
        ("向…提供", "向" + "字" * 25 + "提供", False),
        ("share…with", "share it with us", True),
        ("share…with", "share it. with us", False),
        ("ok", "ok!", True),
        ("ok", "book", False),
        ("训练¬营", "训练模型", True),
        ("训练¬营", "训练营", False),
    ],
)
def test_a_gap_stays_in_a_sentence_latin_words_are_whole_and_some_characters_must_not_follow(
    word: str, text: str, found: bool
) -> None:
    assert bool(one_pattern([word]).search(text)) is found
