"""Steps of scenarios in words, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.scenario.model import Command, Scenario, bundled_scenarios
from monitor.text import step_label, step_name


@pytest.mark.parametrize(
    ("verb", "noted", "en", "zh"),
    [
        ("consent", "policy: reject", "privacy policy: refuse", "隐私政策：拒绝"),
        ("consent", "sensitive:location: accept", "separate consent: location: agree", "单独同意：位置信息：同意"),
        ("consent", "our own words", "our own words", "our own words"),
        ("permission", "deny", "deny", "拒绝"),
        ("permission", "allow android.permission.CAMERA", "allow (CAMERA)", "允许（CAMERA）"),
        ("permission", "deny what it asks for", "deny what it asks for", "deny what it asks for"),
        ("withdraw", "policy", "privacy policy", "隐私政策"),
        ("toggle", "personalisation off", "personalisation: off", "个性化推荐：关闭"),
        ("network", "on", "on", "开启"),
        ("phase", "before_consent", "before consent", "征得同意前"),
        ("function", "our_function", "our_function", "our_function"),
        ("idle", "0.5 s", "0.5 s", "0.5 秒"),
        ("clock", "+48 h", "+48 h", "+48 小时"),
        ("idle", "idle before consent", "idle before consent", "征得同意前静置"),
    ],
)
def test_what_the_runner_notes_is_told_in_words(verb: str, noted: str, en: str, zh: str) -> None:
    assert (step_label(verb, noted, "en"), step_label(verb, noted, "zh")) == (en, zh)
    assert step_name("back", "", "en") == "go back (back)"


def commands(scenario: Scenario) -> Iterator[Command]:
    waiting = list(scenario.commands)
    while waiting:
        yield (command := waiting.pop())
        waiting += command.children


def test_the_words_of_bundled_scenarios_are_in_both_languages() -> None:
    """Labels, phases and functions; not what is looked for on the screen, which is in the app's language."""
    for scenario in bundled_scenarios():
        for command in commands(scenario):
            noted = command.args.label or (command.args.title() if command.verb in ("phase", "function") else "")
            if noted:
                said = f"{scenario.name}: {command.verb}.{noted} needs its words in both files of monitor/text"
                assert noted.isascii() and not step_label(command.verb, noted, "zh").isascii(), said
