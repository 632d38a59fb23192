"""What policies state and omit: good and bad ones in both languages, and texts that are not policies. A policy says
what its reader sees: nothing that is there for the monitor only, nothing less for what a page does with it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.content.html_text import read_document
from monitor.content.policy_text import TACIT, decode, examine
from monitor.content.sdk_table import read_sdks, words
from monitor.text import has

POLICIES = Path(__file__).parents[1] / "scenario" / "policies"


def read(name: str) -> str:
    return (POLICIES / name).read_text("utf-8")


@pytest.mark.parametrize(("name", "language"), [("good_zh.html", "zh"), ("good_en.md", "en")])
def test_a_good_policy_lacks_nothing(name: str, language: str) -> None:
    found = examine(read(name))
    assert (found.missing, found.language, found.deadline) == ([], language, 15)
    assert found.sdks == ["Beacon Analytics"] and "minors" in found.sections and not found.soft_404
    assert "隐私政策" in found.title or "Privacy policy" in found.title


@pytest.mark.parametrize(("name", "language"), [("bad_zh.html", "zh"), ("bad_en.txt", "en")])
def test_what_a_bad_policy_lacks_is_named(name: str, language: str) -> None:
    found = examine(read(name))
    assert found.language == language and not found.soft_404
    assert {"retention", "complaints", "withdrawal", "cancel_account", "sdk_list", "channel"} <= set(found.missing)
    assert {"right:copy", "right:transfer", "right:restrict", "right:delete"} <= set(found.missing)
    assert found.deadline == (30 if language == "zh" else 0) and found.sdks == []


@pytest.mark.parametrize(
    ("section", "cut", "missing"),
    [
        ("保存期限", ["四、保存期限", "保存期限为实现目的所需的最短时间，超期后删除。"], "retention"),
        ("复制", ["复制、"], "right:copy"),
        ("投诉", ["六、投诉与举报", "请发送邮件或使用在线客服投诉，我们在十五个工作日内答复。"], "complaints"),
        ("撤回", ["撤回同意，"], "withdrawal"),
        ("注销", ["注销账号"], "cancel_account"),
    ],
)
def test_each_section_is_missed(section: str, cut: list[str], missing: str) -> None:
    """Each section removed from the good policy is reported, and nothing else."""
    text = read("good_zh.html")
    for part in cut:
        assert part in text
        text = text.replace(part, "")
    assert missing in examine(text).missing, section


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("我们将在15个工作日内回复", 15), ("十五日内答复", 11), ("三十天内处理您的请求", 21), ("30 个工作日内反馈", 30),
        ("we respond within 30 days", 21), ("a reply within 15 business days", 15), ("保存十五天内的日志", 0),
        ("七日内退货", 0), ("within fifteen working days we answer", 15),
        ("we answer within four months", 87), ("we respond within two weeks", 10), ("三个月内答复", 65),
        ("六周内回复", 30), ("within twelve months of its collection it is processed", 0),
        ("我们保存三个月内的记录并进行处理", 0),
        ("we reply within one month", 22), ("answered within some days", 0), ("8月内答复", 0),
        ("within twenty-one days we respond", 15),
    ],
)  # fmt: skip
def test_promised_time(text: str, days: int) -> None:
    assert examine(text).deadline == days


SAYS: dict[str, list[str]] = {
    "contact": [
        "联系邮箱 privacy@x.cn", "邮箱：privacy@x.cn", "电话 028-88001234", "聯絡我們", "Write to us at p@x.com",
        "e-mail: p@x.com",
        "Controller: Skylark Weather Ltd, 4 Canal Street, Bristol, privacy@skylark.example",
        "Verantwortlicher: Lumen GmbH, Kanalstr. 4, Kiel, post@lumen.example", "Questions go to us at p@x.com",
        "运营者：顺途科技有限公司，成都市高新区天府大道1号，privacy@x.cn", "如有疑问请发送至 p@x.cn",
    ],
    "purpose": [
        "What we process and why: your location to show the radar", "Data we collect, and why",
        "How and why we hold it",
        "为注册登录收集手机号；为叫车收集位置信息", "为识别设备，我们会收集 Android ID",
        "为了匹配司机，需要获取您的位置",
        "We collect your phone number to log you in", "The reasons for which we hold it", "Wozu wir sie brauchen",
        "広告表示のために識別子を取得します",
    ],
    "method": [
        "二、我们怎样处理", "处理目的、方式和种类", "身份证号由您填写", "我們如何處理您的個人資訊",
        "How your information is processed",
    ],
    "types": [
        "一、我们收集的个人信息及目的、方式：手机号",
        "我们处理哪些信息：收集 Android ID", "处理目的、方式和种类", "为识别设备，收集 Android ID 和位置",
        "What we collect",
        "We collect your phone number and your location", "我們蒐集您的手機號碼，並獲取位置",
    ],
    "retention": ["问诊记录保存十五年", "注销后三十日内删除", "注销后 30 日内删除", "儲存期限",
        "We keep your data for two years"],
    "sharing": ["Who receives it. Mixpanel (analytics)", "Wer Ihre Daten erhält: Mixpanel", "Qui reçoit vos données"],
    "withdrawal": ["您可以撤回您的同意", "撤回您對我們的授權", "取消您给予的授权",
        "You may withdraw your earlier consent"],
    "cancel_account": ["註銷帳號", "您可以删除账号", "You can delete your user account",
        "Your rights: access, deleting your account", "Closure of your account",
        "Account cancellation: in the settings"],
    "changes": [
        "变更：本指引有重大变更时，会再次征得您的同意", "本政策变更时我们会通知您", "修改本政策", "本政策發生變更時",
        "If we change the rules we tell you", "九、更新时将弹窗重新征得您的同意",
    ],
    "effective_date": [
        "版本更新于2026年11月1日，2026年11月8日起生效", "自 2026 年 1 月 1 日起生效", "2026.11.08起施行并生效",
        "二〇二六年一月一日起施行", "本政策於2026年11月8日起生效", "Last revised: May 1, 2026",
    ],
    "right:supplement": ["补正不完整的信息", "complete incomplete data"],
    "right:restrict": ["限制我们处理", "拒絕處理"],
}  # fmt: skip
NEAR: dict[str, list[str]] = {
    "sharing": ["Whoever receives a parcel signs for it", "You receive a message"],
    "contact": [
        "收集您的电话号码",
        "读取联系人",
        "注册邮箱",
        "The controller is Lumen Ltd. Recipient: AppsFlyer, privacy@appsflyer.example",
        "开发者为某公司。合作方：某数据，p@y.cn",
        "Log in with name@example.com",
    ],
    "purpose": [
        "我们收集您的行为信息，获取位置",
        "为了给您带来更好的体验，我们会收集您的相关信息",
        "为您提供服务收集信息",
        "作为会员获取积分",
        "We collect your location",
        "We collect your data to improve our services",
        "We process it to the extent that the law permits",
        "This is why the app is free",
    ],
    "method": ["我们处理您的请求", "支付方式"],
    "types": ["我们收集手机号", "位置和手机号由您保管", "我们提供种类丰富的商品", "We collect your phone number"],
    "retention": ["您的设置已保存", "保存图片到相册", "We save your settings"],
    "withdrawal": ["撤回消息", "取消订单"],
    "cancel_account": ["退出登录", "Deleting your messages", "We may suspend your account"],
    "changes": [
        "政策更新日期：2026年1月1日",
        "个人信息保护政策 更新日期：2026年",
        "修订日期：2026年",
        "公司发生合并等变更时",
        "应用更新后请重新登录",
    ],
    "effective_date": ["撤回同意自提交之日起生效", "应用版本更新说明", "We update our services"],
}


@pytest.mark.parametrize(("table", "element"), [(table, element) for table in (SAYS, NEAR) for element in table])
def test_each_element_is_recognised_in_many_words_but_not_in_what_sounds_alike(
    table: dict[str, list[str]], element: str
) -> None:
    assert [text for text in table[element] if (element in examine(text).missing) is (table is SAYS)] == []


DENIED = [
    ("您不得撤回同意。", "withdrawal"), ("本应用不支持撤回同意。", "withdrawal"),
    ("You cannot withdraw your consent.", "withdrawal"),
    ("账号一经注册不能注销账号。", "cancel_account"), ("本应用不提供账号注销功能。", "cancel_account"),
    ("恕不受理投诉。", "complaints"), ("您无权删除个人信息。", "right:delete"),
    ("不提供复制个人信息的服务。", "right:copy"),
    ("You have no right to erasure.", "right:delete"), ("You may not access your data.", "right:access"),
    ("We do not allow you to withdraw your consent.", "withdrawal"),
]  # fmt: skip
GIVEN = [
    ("我们不得拒绝您撤回同意。", "withdrawal"), ("您不能登录时，可以撤回同意。", "withdrawal"),
    ("撤回同意不影响此前的处理。", "withdrawal"),
    ("法定期限内无法删除个人信息的除外。您可以删除个人信息。", "right:delete"),
    ("We may not restrict your right to withdraw your consent.", "withdrawal"),
    ("If you cannot reach us, you can withdraw your consent in the settings.", "withdrawal"),
    ("我们不会无故拒绝注销账号。", "cancel_account"), ("You may withdraw your cоnsent.", "withdrawal"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "element", "denied"), [*((*one, True) for one in DENIED), *((*one, False) for one in GIVEN)]
)
def test_what_a_policy_denies_it_does_not_grant(said: str, element: str, denied: bool) -> None:
    assert (element in examine(said).missing) is denied


def test_pages_that_are_no_policy() -> None:
    assert examine("<html><title>404</title><body>抱歉，您访问的页面不存在" + "。" * 900 + "</body>").soft_404
    assert examine("<html><body><div id=app></div><script>" + "x" * 9000 + "</script>").soft_404
    assert examine("").soft_404
    assert examine("隐私政策加载中，请稍候。我们收集您的信息用于提供服务。").soft_404
    short = "律动隐私政策\n我们收集位置信息，用于绘制轨迹。\n我们会与合作伙伴共享信息。\n联系我们：kf@x.cn"
    assert not examine(short).soft_404 and "sdk_list" in examine(short).missing
    assert not examine(read("good_zh.html") + "常见问题：页面不存在时怎么办").soft_404


def test_language_and_character_sets() -> None:
    assert examine("個人資訊處理權限與隱私權們對這關於" * 10).language == "zh-Hant"
    assert examine("12345 67890").language == ""
    assert decode("隐私政策".encode("gb18030")) == decode("隐私政策".encode()) == "隐私政策"
    assert decode(b"\xff\xfe\x00", "no-such-charset")


#: Language to a short notice in it.
NOTICES: dict[str, dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "notices.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
)


TACITLY = [
    "我们有权随时修订本政策，您继续使用即视为同意修订内容",
    "若您不同意，应停止使用；如您繼續使用本服務，視為接受修改後的條款",
    "We may change this notice at any time; by continuing to use the app you accept the changes.",
    "Your continued use of the app after a change constitutes acceptance.",
    "If you do not agree, stop. If you keep using the service, you agree to the new text.",
    "Durch die weitere Nutzung der App stimmen Sie zu, die weitere Nutzung gilt als Zustimmung",
    "En continuant à utiliser l'application, vous acceptez les modifications.",
    "Al continuar usando la aplicación acepta los cambios.",
    "変更後も引き続きサービスを利用した場合、同意したものとみなします。",
    "변경 후 계속 이용하시면 동의한 것으로 봅니다.",
]  # fmt: skip
ASKING = [
    "政策变更时我们会重新征得您的同意，不会将您的继续使用视为同意", "您可以继续使用基本功能",
    "如不同意，您仍可继续使用浏览功能。视为同意的情形不存在",
    "We never take your continued use as consent.",
    "If you continue to use the app, we ask you to accept the changes first.",
    "You can continue to use the app without an account.", "You agree by tapping Agree.",
    "Die weitere Nutzung gilt nicht als Zustimmung.", "継続利用は同意とはみなしません。",
]  # fmt: skip


@pytest.mark.parametrize("text", TACITLY + ASKING)
def test_going_on_that_is_taken_for_an_agreement_is_named(text: str) -> None:
    assert (TACIT in examine(text).sections) is (text in TACITLY)


@pytest.mark.parametrize("language", NOTICES)
def test_a_notice_in_another_language_lacks_only_what_it_does_not_say(language: str) -> None:
    found, notice = examine(NOTICES[language]["text"]), NOTICES[language]
    assert found.missing == notice.get("beyond", []) and found.language == language


@pytest.mark.parametrize(("language", "element"), [(name, cut) for name in NOTICES for cut in NOTICES[name]["without"]])
def test_what_such_a_notice_does_not_say_is_missed(language: str, element: str) -> None:
    notice = NOTICES[language]
    text = re.sub(notice["without"][element], "", notice["text"])
    assert text != notice["text"] and element in examine(text).missing


def test_everything_that_can_be_missing_has_a_name() -> None:
    names = [*words()["sections"], TACIT, "channel", *(f"right_{name}" for name in words()["rights"])]
    assert [name for name in names if not has(f"policy.{name}")] == []


@given(st.text(max_size=400))
def test_any_text_can_be_examined(text: str) -> None:
    found = examine(text)
    assert len(found.title) <= 200 and found.deadline >= 0


SAID = "您可以撤回同意"
SCRIPT = "<script>open()</script>"
GONE = [
    '<div style="font-size:0">{}</div>', '<p style="color: red; FONT-SIZE: 0px !important">{}</p>',
    '<span style="color:transparent">{}</span>', '<p style="position:absolute;left:-9999px">{}</p>',
    '<p style="text-indent: -10000px;">{}</p>', "<style>.x, p.y{{color:red;font-size:0}}</style><b class='a x'>{}</b>",
    "<style>#x{{text-indent:-9999px}}</style><div id=x>{}</div>",
    "<style>/* a * b */ i{{font-size:0}}</style><i>{}</i>",
    "<p>隐私<STYLE type=a>/**/i{{font-size:0}}</style><i>{}</i>",
    '<p style="font-size:0">a<br>{}</p>',
    '<div style="font-size:0"/>{}</div>',
    '<div style="font-size:0"><textarea></div></textarea>{}</div>',
    '<div style="font-size:0"><iframe></div></iframe>{}</div>',
    '<div style="font-size:0"><noscript></div></noscript>{}</div>',
    '<div style="/**/font-size:.0px">{}</div>',
    '<div style="font-size:1px">{}</div>',
    '<div style="font:0/0 a">{}</div>',
    '<div style="font-size:0"><div>a</div>{}</div>', '<div style="font-size:0"></span></p></body></html>{}',
    '<div style="font-size:0"><table><tr><td></div>{}</td></tr></table>',
    '<ul><li style="font-size:0">a<ul><li>{}</ul>',
    '<div style="font-size:0"><p style="font-size:1em">{}</p></div>',
    '<link rel="stylesheet" href="a.css"><div style="font-size:0">{}</div>',
    "<svg><svg><svg></svg></svg>{}</svg>", "<template>{}</template>",
]  # fmt: skip
SHUT = [
    "<div hidden>{}</div>", '<p style="display: none">{}</p>', '<div style="visibility:hidden">{}</div>',
    '<div style="opacity:0">{}</div>', '<div style="max-height:0;overflow:hidden">{}</div>',
    "<style>.x{{display:none}}</style><div class=x>{}</div>",
]  # fmt: skip
SEEN = [
    '<p style="font-size:0.9em">{}</p>', '<p style="font: 400 14px/20px a">{}</p>', '<p style="font-size:.8rem">{}</p>',
    '<p style="font: 14px/0 a">{}</p>', '<p style="font-size:12px">{}</p>', '<svg><path/></svg><p>{}</p>',
    "<a name=x/>{}", '<p style="opacity:0.5">{}</p>', '<p style="left:-10px">{}</p>',
    '<p style="font-size:0">a<p>{}', '<ul><li style="font-size:0">a<li>{}</ul>', '<p style="color:#ffffff">{}</p>',
    '<div style="font-size:0"><p>a</div>{}', "<style>@media print{{.x{{display:none}}}}</style><p class=x>{}</p>",
    "<style>.x{{display:none}} .on.x{{display:block}}</style><p class='x on'>{}</p>",
    "<table><tr><td style='font-size:0'>a<td>{}</table>", '<img style="display:none"><p>{}</p>',
    '<style>.x .y{{font-size:0}}</style><p class="y">{}</p>', "<p>{}</p><div hidden>",
    "<head><title>a</title><p>{}</p>", '<div style="font-size:0"><span style="font-size:14px">{}</span></div>',
    '<div style="color:transparent"><b style="color:#333">{}</b></div>', "<style>.x{{font-size:0}}</style><p>{}</p>",
    '<link rel="stylesheet" href="a.css"><div style="font-size:0"><span class=y>{}</span></div>',
    "<style>.x{{font-size:0}} .x span{{font-size:14px}}</style><div class=x><span>{}</span></div>",
    '<h2 style="background-clip:text;color:transparent">{}</h2>',
]  # fmt: skip


def text(page: str) -> str:
    return read_document(f"<html><body>{page}").text


@pytest.mark.parametrize("page", GONE)
@pytest.mark.parametrize("script", ["", SCRIPT])
def test_what_nobody_sees_is_not_said(page: str, script: str) -> None:
    assert SAID not in text(script + page.format(SAID))


@pytest.mark.parametrize("page", SHUT)
def test_what_is_shut_counts_where_something_may_open_it(page: str) -> None:
    """Many policies fold their sections: that is no omission."""
    page = page.format(SAID)
    assert SAID not in text(page)
    for opens in (SCRIPT, "<a onclick='show()'>", "<details>", "<style>#a:checked ~ div{display:block}</style>"):
        assert SAID in text(opens + page)


@pytest.mark.parametrize("page", SEEN)
def test_what_is_seen_is_said(page: str) -> None:
    assert SAID in text(page.format(SAID))


def test_a_hidden_policy_lacks_what_a_reader_does_not_find() -> None:
    good = read("good_zh.html")
    bare = examine(read("bad_zh.html")).missing
    stuffed = read("bad_zh.html").replace("</body>", f'<div style="font-size:0">{good}</div></body>')
    assert good.count("<body") == 1 and "</body>" in read("bad_zh.html")
    assert examine(stuffed).missing == bare != []
    assert examine(stuffed).sdks == []


def test_a_library_that_only_the_monitor_would_read_is_not_listed() -> None:
    rows = '<tr style="font-size:0"><td>Hidden SDK<td>Acme</tr><tr><td>Seen SDK<td>Acme</tr>'
    found = read_sdks(f"<html><table><tr><th>SDK名称<th>公司名称</tr>{rows}</table>").sdks
    assert [one["name"] for one in found] == ["Seen SDK"]


def test_hosts_that_everybody_has_make_nobody_a_recipient() -> None:
    hosts = "com.cn, co.uk, github.io, api.a.com.cn, github.com"
    table = f"| SDK | Company | Domain |\n|---|---|---|\n| A SDK | A Ltd | {hosts} |\n"
    assert read_sdks(table).sdks[0].get("hosts") == ["api.a.com.cn", "github.com"]


@pytest.mark.parametrize("mark", ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u200d", "&shy;", "&#8203;"])
def test_characters_without_a_shape_change_no_word(mark: str) -> None:
    """Neither to hide a clause nor by a word processor's breaks."""
    clause = "如您继续使用，即视为同意修改后的政策"
    assert TACIT in examine(clause).sections
    assert TACIT in examine(f"<html><p>{mark.join(clause)}").sections
    good = read("good_zh.html")
    assert examine(good.replace("保存期限", f"保存{mark}期限")).missing == []


PIECES = [
    "<div>", "<li>", "<td>", "<style>", "<p><div>", "<div style='font-size:0'>", "<li></x>", "<ul><li><td>", "</div>",
    "<style>{</style>", "<style>/*", "<style>@a{", "<svg>", "<b></p>", "<noscript>", "<title>", "<table>a<b>",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_a_page_of_one_piece_is_read_in_time(piece: str) -> None:
    """Lexbor alone takes a minute for so many open elements."""
    read_document("<html>" + piece * (600_000 // len(piece)))
