"""Chinese as an inspection report sets it: one punctuation, one spacing, one word for each term.

Our own words have a space between Chinese and Latin text; what stands in 《》 is set as its issuer prints it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from monitor.base.paths import package_data
from monitor.base.yamlfile import load
from monitor.text import catalogue

HAN = r"[\u4e00-\u9fff]"
#: Half-width marks beside a Chinese character.
HALF_WIDTH = re.compile(rf"{HAN}[,;:!?()]|[,;!?()]{HAN}")
CLOSE = re.compile(rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}")
#: Words that were given up for 待复核, 未得出结论, 应用安装列表, 剪贴板, 模拟环境 and Hook.
GIVEN_UP = ("待核查", "需人工复核", "待看", "无法判定：", "软件安装列表", "剪切板", "替身", "挂钩")


def texts() -> Iterator[tuple[str, str]]:
    """All Chinese texts: the catalogue's and the rules'."""
    yield from catalogue("zh").items()
    for path in sorted(package_data("rules").glob("*.yaml")):
        rule: dict[str, Any] = load(path)
        for key, value in rule.items():
            if key.endswith("_zh"):
                for number, text in enumerate(value if isinstance(value, list) else [value]):
                    yield f"{path.stem} {key} {number}", text


def own(text: str) -> str:
    """A text without titles in 《》, numbers of articles and placeholders."""
    return re.sub(r"《[^》]*》|第 ?\d+ ?[条款项]|\{\w+\}|\d{4}年\d+月版", "", text)


@pytest.mark.parametrize(("what", "found"), [("half-width mark", HALF_WIDTH), ("no space", CLOSE)])
def test_setting(what: str, found: re.Pattern[str]) -> None:
    """Full-width punctuation, and a space between Chinese and Latin letters or digits."""
    assert {key: text for key, text in texts() if found.search(own(text))} == {}, what
    assert HALF_WIDTH.search("状态:完成") and CLOSE.search("第三方SDK")
    assert not CLOSE.search(own("《App认定方法》第5条"))


def test_terms() -> None:
    """A term has one name everywhere."""
    assert [(key, word) for key, text in texts() for word in GIVEN_UP if word in text] == []


def test_no_legal_conclusion() -> None:
    """A rule describes behaviour; whether it breaks the law is for the authority."""
    assert [key for key, text in texts() if re.search("违法|违规|侵权|(?<!并)非法", text)] == []
