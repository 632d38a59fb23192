"""What policies say and leave out: good and bad ones in both languages, and texts that are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.content.policy_text import decode, examine
from monitor.content.policy_words import words
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
def test_a_bad_policy_is_told_what_it_lacks(name: str, language: str) -> None:
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
    """Taken out of the good policy, exactly that is reported."""
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
    ],
)  # fmt: skip
def test_promised_time(text: str, days: int) -> None:
    assert examine(text).deadline == days


def test_pages_that_are_no_policy() -> None:
    assert examine("<html><title>404</title><body>抱歉，您访问的页面不存在" + "。" * 900 + "</body>").soft_404
    assert examine("<html><body><div id=app></div><script>" + "x" * 9000 + "</script>").soft_404
    assert examine("").soft_404
    assert not examine(read("good_zh.html") + "常见问题：页面不存在时怎么办").soft_404


def test_language_and_character_sets() -> None:
    assert examine("個人資訊處理權限與隱私權們對這關於" * 10).language == "zh-Hant"
    assert examine("12345 67890").language == ""
    assert decode("隐私政策".encode("gb18030")) == decode("隐私政策".encode()) == "隐私政策"
    assert decode(b"\xff\xfe\x00", "no-such-charset")


def test_everything_that_can_be_missing_has_a_name() -> None:
    names = [*words()["sections"], "channel", *(f"right_{name}" for name in words()["rights"])]
    assert [name for name in names if not has(f"policy.{name}")] == []


@given(st.text(max_size=400))
def test_any_text_can_be_examined(text: str) -> None:
    found = examine(text)
    assert len(found.title) <= 200 and found.deadline >= 0
