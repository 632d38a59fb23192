"""What policies state and omit: good and bad ones in both languages, and texts that are not policies. A policy says
what its reader sees: nothing that is there for the monitor only, nothing less for what a page does with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.content.html_text import read_document
from monitor.content.policy_text import TACIT, decode, examine
from monitor.content.sdk_table import read_sdks, words
from monitor.text import has

POLICIES = Path(__file__).parents[1] / "scenario" / "policies"
#: Language to a short notice in it; wordings by what they state or only seem to.
NOTICES, PHRASES = (
    yaml.load(Path(__file__).with_name(name).read_text("utf-8"), Loader=yaml.CSafeLoader)
    for name in ("notices.yaml", "policy_phrases.yaml")
)


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


@pytest.mark.parametrize(
    ("table", "element"), [(table, element) for table in ("says", "near") for element in PHRASES[table]]
)
def test_each_element_is_recognised_in_many_words_but_not_in_what_sounds_alike(table: str, element: str) -> None:
    texts = PHRASES[table][element]
    assert [text for text in texts if (element in examine(text).missing) is (table == "says")] == []


@pytest.mark.parametrize(("said", "element"), PHRASES["denied"] + PHRASES["given"])
def test_what_a_policy_denies_it_does_not_grant(said: str, element: str) -> None:
    assert (element in examine(said).missing) is ([said, element] in PHRASES["denied"])


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


@pytest.mark.parametrize("text", PHRASES["tacit"] + PHRASES["asking"])
def test_going_on_that_is_taken_for_an_agreement_is_named(text: str) -> None:
    assert (TACIT in examine(text).sections) is (text in PHRASES["tacit"])


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


def text(page: str) -> str:
    return read_document(f"<html><body>{page}").text


@pytest.mark.parametrize("page", PHRASES["gone"])
@pytest.mark.parametrize("script", ["", SCRIPT])
def test_what_nobody_sees_is_not_said(page: str, script: str) -> None:
    assert SAID not in text(script + page.format(SAID))


@pytest.mark.parametrize("page", PHRASES["shut"])
def test_what_is_shut_counts_where_something_may_open_it(page: str) -> None:
    """Many policies fold their sections: that is no omission."""
    page = page.format(SAID)
    assert SAID not in text(page)
    for opens in (SCRIPT, "<a onclick='show()'>", "<details>", "<style>#a:checked ~ div{display:block}</style>"):
        assert SAID in text(opens + page)


@pytest.mark.parametrize("page", PHRASES["seen"])
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
