"""Sentences of the code in the reader's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from monitor.text import catalogue, retold

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("said", "zh"),
    [
        ("no such scenario", "没有该测试脚本"),
        ("did you mean tapOn?", "是否指 tapOn？"),
        ("the file was changed: expected ab, found cd", "文件已被更改：应为 ab，实为 cd"),
        (
            "the file was changed while the bundle was read: expected a, found b",
            "读取证据包期间文件被更改：应为 a，实为 b",
        ),
        ("the line does not follow from the previous one: expected a, found b", "该行与前一行不衔接：应为 a，实为 b"),
        ("no such format: {0}%s\n", "没有这种格式：{0}%s\n"),
        ("no such format: ", "no such format: "),
        ("nobody says this", "nobody says this"),
    ],
)
def test_a_sentence_is_found_by_its_english(said: str, zh: str) -> None:
    """Values are kept as they are; a sentence that the catalogue has not stays in English."""
    assert retold("said", said, "zh") == zh and retold("said", said, "en") == said


def texts_of(file: Path) -> Iterator[str]:
    """The texts in a module, those between the values of formatted ones included, however they are broken in lines."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


#: Sentences of which the code puts a part together from words.
IN_PARTS = {"frida_major", "route_reverse", "route_direct", "option", "subcommand"}


def test_the_code_still_says_each_sentence() -> None:
    """Each part between values and marks stands somewhere in the code as it is."""
    files = (file for part in ("monitor", "emulator") for file in (ROOT / part).rglob("*.py"))
    code = "\n".join(text for file in files for text in texts_of(file))
    unsaid = set()
    for key, text in catalogue("en").items():
        parts = (
            part for literal, *_ in Formatter().parse(text) for part in re.split("[:;,] ", literal.strip(" :,;()'"))
        )
        if key.startswith("said.") and not all(part in code for part in parts):
            unsaid.add(key.removeprefix("said."))
    assert unsaid == IN_PARTS


@pytest.mark.parametrize(
    ("group", "said", "zh"),
    [
        ("step_said", "not on the screen within 1 s: 取消|暂不", "1 秒内屏幕上未出现：取消|暂不"),
        ("step_said", "no permission dialog with that answer within 5 s", "5 秒内未出现含该选项的权限弹窗"),
        ("hook_said", "the process has not loaded libaaudio.so", "进程未加载 libaaudio.so"),
        ("hook_said", "libc.so has no __system_property_get here", "此处 libc.so 中没有 __system_property_get"),
    ],
)
def test_why_a_step_failed_and_a_hook_is_not_there(group: str, said: str, zh: str) -> None:
    assert retold(group, said, "zh") == zh


@pytest.mark.parametrize(("group", "where"), [("step_said", "monitor/scenario"), ("hook_said", "hooks/agent/src")])
def test_steps_and_the_agent_still_say_so(group: str, where: str) -> None:
    files = [file for file in (ROOT / where).rglob("*") if file.suffix in (".py", ".ts")]
    code = "\n".join(file.read_text("utf-8") for file in files)
    said = {key: text for key, text in catalogue("en").items() if key.startswith(f"{group}.")}
    assert said
    for key, text in said.items():
        longest = max((literal for literal, *_ in Formatter().parse(text)), key=len).rstrip()
        if "no_dialog" in key:  # put together from parts
            longest = " with that answer within"
        assert longest in code, (key, longest)
