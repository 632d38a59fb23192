"""Both languages say the same things, and every word of the vocabularies has a name."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from monitor.analysis.coverage.verdict import Verdict
from monitor.analysis.rules.load import PROFILES, load_rules
from monitor.events import CERTAINTIES, CONSENT_STATES, DATA_TYPES, HEALTH, KINDS, OUTCOMES, PARTIES
from monitor.knowledge.catalogue import load_catalogue
from monitor.reports import formats
from monitor.scenario import verbs  # noqa: F401  (fills the registry)
from monitor.scenario.registry import VERBS
from monitor.text import LANGUAGES, catalogue, has, label, t, translated

ROOT = Path(__file__).parents[2]
VOCABULARIES = {
    "data_type": DATA_TYPES,
    "outcome": OUTCOMES,
    "consent_state": CONSENT_STATES,
    "certainty": CERTAINTIES,
    "party": PARTIES,
    "kind": set(KINDS),
    "health": HEALTH,
    "status": {"evidenced", "inconclusive", "review"},
    "grade": {"attempted", "access", "collection"},
    "level": {"critical", "high", "medium", "low", "info"},
    "coverage": {"fired", "silent", "inconclusive", "not_exercised", "not_observable"},
    "hook_coverage": {"fired", "silent", "inconclusive", "not_exercised", "not_observable"},
    "verdict": set(Verdict),
    "profile": set(PROFILES),
    "witness": {name for rule in load_rules() for name in rule.text.witness},
    "rank": {str(rank) for rank in range(1, 9)},
    "confidence": {"seen", "mirror", "translated", "secondary", "unverified"},
    "verb": set(VERBS),
    "item": {str(number) for number in range(1, 16)},
}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_same_keys_and_fields() -> None:
    """Both languages have the same keys and placeholders; no key is duplicated."""
    en, zh = catalogue("en"), catalogue("zh")
    assert list(en) == list(zh)
    for key in en:
        assert fields(en[key]) == fields(zh[key]), key
    for lang in LANGUAGES:
        lines = (ROOT / f"monitor/text/{lang}.yaml").read_text("utf-8").splitlines()
        keys = [line.partition(":")[0] for line in lines if re.match(r"[a-z]", line)]
        assert len(keys) == len(set(keys)) == len(en)


@pytest.mark.parametrize("group", VOCABULARIES)
def test_vocabularies(group: str) -> None:
    """Every word of a vocabulary has a name in both languages."""
    assert [word for word in VOCABULARIES[group] if not has(f"{group}.{word}")] == []


def test_every_key_that_reports_use() -> None:
    """Every key that a report or the command line uses exists."""
    assert formats()
    for path in sorted([*(ROOT / "monitor/reports").rglob("*"), *(ROOT / "monitor/cli").rglob("*")]):
        if path.suffix in (".py", ".j2"):
            for key in re.findall(r"""\bt\(\s*["']([a-z_.0-9]+)["']""", path.read_text("utf-8")):
                assert has(key), f"{path.name}: {key}"


def test_the_wording_states_no_conclusion_of_law() -> None:
    """No text says that something is illegal or a violation."""
    for key, text in catalogue("en").items():
        assert not re.search("illegal|unlawful|violat|guilty|breach", text, re.IGNORECASE), key


def test_lookup() -> None:
    assert t("cli.report", "zh", path="{0}") == "报告已生成：{0}"
    assert label("data_type", "no_such_type", "en") == "no_such_type"
    assert t("status.review", "fr") == t("status.review", "en")
    with pytest.raises(KeyError):
        t("no.such.key", "en")
    # A number names what it counts.
    assert t("report.times", "en", n=1) == "1 time" and t("report.times", "en", n=0) == "0 times"
    assert t("problem.times", "en", what="2 calls", findings="1") == "2 calls, in 1 finding"


def test_reasons_of_the_catalogue() -> None:
    """Each translated reason is one that a row still holds; a reason without a translation stays as it is."""
    held = {row.reason for row in load_catalogue() if not row.enabled}
    said = {text for key, text in catalogue("en").items() if key.startswith("hook_reason.")}
    assert said and said <= held, said - held
    assert all(translated("hook_reason", text, "zh") != text for text in said)
    assert translated("hook_reason", "no such reason", "zh") == "no such reason"
