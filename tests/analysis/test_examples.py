"""What examples of rules show, and what the loader refuses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from anew import SETS

from monitor.analysis.explain import blocks as explain
from monitor.analysis.rules.examples import event
from monitor.analysis.rules.load import load_rules, read_rule
from monitor.analysis.rules.model import Example
from monitor.assess.trial import example as example_of
from monitor.assess.trial import failing, hindering
from monitor.base.errors import InputError
from monitor.events import LIFECYCLE
from tests.rules.examples import examples_of

RULES = load_rules()


@pytest.mark.parametrize(
    ("rule", "name", "said"),
    [
        ("PRM-04", "a reward offered for the permission", {"lured_by": "红包"}),
        ("CON-04", "policy and sharing in one", {"bundled_words": "个性化 / 与第三方共享"}),
        ("CON-04", "a later switch takes nothing back that was given away", {"bundled_words": "个性化 / 信息共享"}),
    ],
)
def test_the_words_that_decided_are_named(rule: str, name: str, said: dict[str, str]) -> None:
    one = next(one for one in RULES if one.id == rule)
    found = example_of(one, next(example for example in examples_of(one) if example.name == name)).findings
    assert said in [{key: item.detail[key] for key in said if key in item.detail} for item in found]


def test_an_example_that_states_a_number_is_held_to_it(tmp_path: Path) -> None:
    path = tmp_path / "TST-01.yaml"
    twice = "expect: fires, count: 2, status: evidenced, events: [{kind: tap, label: x}"
    path.write_text(MINIMAL.replace("expect: fires, events: [{kind: tap, label: x}", twice), "utf-8")
    assert [(one.name, *said) for one, *said in failing(read_rule(path))] == [("a", "fires x2", "fires x1")]
    path.write_text(
        MINIMAL.replace("expect: fires, events: [{kind: tap, label: x}", twice + ", {kind: tap, label: x}"), "utf-8"
    )
    assert failing(read_rule(path)) == []


@pytest.mark.parametrize(
    ("name", "conditions"),
    [
        ("exit after refusal", []),  # something is found
        ("stays open", ["followed_by self_exit"]),
        ("agreed", ["where refuses_policy", "where label_kind == 'withdraw'"]),
    ],
)
def test_each_condition_that_alone_keeps_an_example_silent_is_named(name: str, conditions: list[str]) -> None:
    rule = next(rule for rule in RULES if rule.id == "CON-05")
    assert hindering(rule, next(one for one in rule.text.examples if one.name == name)) == conditions


def test_a_request_before_consent_is_told_once() -> None:
    """Nor is anything lost that only the other pattern finds."""
    rule = next(rule for rule in RULES if rule.id == "PRM-02")
    asked = {"kind": "permission_request", "permissions": ["android.permission.READ_CONTACTS"]}
    agreed = [
        {
            "kind": "window",
            "at": 1,
            "title": "隐私政策",
            "texts": ["请阅读并同意《隐私政策》"],
            "buttons": ["同意", "不同意"],
        },
        {"kind": "tap", "at": 3, "label": "同意", "window": 1},
    ]
    for events, patterns in (
        ([asked | {"at": 0.5}, *agreed], ["before_consent"]),
        ([*agreed, asked | {"at": 60}], ["no_function"]),
        ([{"kind": "lifecycle", "at": 0, "what": "data_kept"}, asked | {"at": 60}], ["before_consent", "no_function"]),
    ):
        found = example_of(rule, Example(name="once", expect="fires", packs=["cn"], events=events)).findings
        assert [finding.pattern for finding in found] == patterns


def test_every_rule_has_clauses_and_words() -> None:
    for rule in RULES:
        assert any(clause.rank <= 6 for _, clause in rule.clauses)
        for text in (rule.text.title, rule.text.description, rule.text.advice):
            assert not any(word in text.lower() for word in ("violat", "illegal", "unlawful"))
        assert all(re.search("[\u4e00-\u9fff]", line) for line in rule.text.falsepositives_zh)
        assert not any(re.search("[\u4e00-\u9fff]", line) for line in rule.text.falsepositives)
        assert rule.text.mistakes("zh") in [block.lines for block in explain.rule(rule, "zh")]
        assert "违法" not in rule.text.description_zh + rule.text.title_zh + rule.text.advice_zh


def test_a_pack_narrows_the_clauses() -> None:
    coppa = load_rules(["coppa"])
    assert {rule.id for rule in coppa} == {"COL-01", "POL-05", "SHR-02"}
    assert {pack for rule in coppa for pack, _ in rule.clauses} == {"coppa"}
    with pytest.raises(InputError, match="unknown pack"):
        load_rules(["martian"])
    with pytest.raises(InputError, match="unknown profile"):
        load_rules(profile="fast")


def test_under_the_gdpr_only_health_is_a_special_category() -> None:
    rule = next(rule for rule in load_rules(("gdpr",)) if rule.id == "COL-11")
    assert rule.text.title == "Special-category data without explicit consent" and "特殊类别" in rule.text.title_zh
    assert "contacts" in rule.text.description and "不在其列" in rule.text.description_zh
    refs = {kind: [item.ref for _, item in rule.cited(("gdpr",), "read", kind)] for kind in ("contacts", "health")}
    assert refs == {"contacts": [], "health": ["GDPR 9(2)(a)"]}
    assert [rule.concerns(kind) for kind in refs] == [False, True]
    other = next(rule for rule in load_rules(("gdpr",)) if rule.id == "SHR-03")
    assert not re.search("special", other.text.description) and "highly personal" in other.text.description
    assert "Sensitive information" in next(r for r in load_rules(("cn", "gdpr")) if r.id == "COL-11").text.title


def test_a_pattern_of_one_pack_is_assessed_under_it_alone_and_cites_no_other() -> None:
    rule = next(rule for rule in RULES if rule.id == "COL-01")
    example = next(e for e in examples_of(rule) if e.name.startswith("pack gdpr: information"))
    found = {packs: example_of(rule, example.model_copy(update={"packs": list(packs)})).findings for packs in SETS}
    assert [packs for packs in SETS if found[packs]] == [packs for packs in SETS if "gdpr" in packs]
    for findings in found.values():
        assert {(f.status, f.level) for f in findings} <= {("review", "medium")}
        assert {clause.pack for f in findings for clause in f.clauses} <= {"gdpr"}


MINIMAL = """
id: TST-01
title: T
title_zh: 测
level: low
proof: direct
description: d
description_zh: d
advice: a
advice_zh: a
falsepositives: [none known]
falsepositives_zh: [尚未发现]
clauses: {cn: [PIPL 13]}
match: [{type: sequence, event: tap, where: "label == 'x'"}]
examples:
- {name: a, expect: fires, events: [{kind: tap, label: x}]}
- {name: b, expect: silent, events: [{kind: tap, label: y}]}
"""


def test_a_small_rule_loads(tmp_path: Path) -> None:
    path = tmp_path / "TST-01.yaml"
    path.write_text(MINIMAL, "utf-8")
    rule = read_rule(path)
    assert [example_of(rule, e).findings == [] for e in rule.text.examples] == [False, True]


@pytest.mark.parametrize(
    "old, new, says",
    [
        ("falsepositives: [none known]\n", "", "falsepositives"),
        ("falsepositives: [none known]", "falsepositives: []", "falsepositives"),
        ("falsepositives_zh: [尚未发现]\n", "", "falsepositives_zh"),
        ("falsepositives_zh: [尚未发现]", "falsepositives_zh: [尚未发现, 另一种]", "line by line"),
        ("level: low", "level: low\nlimits: the server", "both languages"),
        ("expect: fires", "expect: silent", "an example that fires"),
        ("- {name: b, expect: silent, events: [{kind: tap, label: y}]}", "", "stays silent"),
        ("label == 'x'", "__import__('os').system('x')", "Call"),
        ("label == 'x'", "label.__class__ == 'x'", "Attribute"),
        ("label == 'x'", "nonsense == 'x'", "the name 'nonsense'"),
        ("label == 'x'", "label ==", "not a filter"),
        ("'x'\"}]", "'x'\", perhaps: 'True'}]", "only in after and not_after"),
        ("'x'\"}]", "'x'\", followed_by: {event: tap, perhaps: 'True'}}]", "only in after and not_after"),
        ("'x'\"}]", "'x'\", after: {event: tap, perhaps: nonsense}}]", "the name 'nonsense'"),
        (
            "event: tap, where: \"label == 'x'\"",
            "event: lifecycle, where: \"what == 'foregrund'\"",
            "you mean foreground?",
        ),
        ("'x'\"}]", "'x'\", after: {event: lifecycle, where: \"what in ('cleared',)\"}}]", "you mean data_cleared?"),
        ("label == 'x'", "9 ** 9 ** 9 == 1", "BinOp"),
        ("label == 'x'", "label in ('a' * 9,)", "literals only"),
        ("label == 'x'", "label < 'x'", "only numbers"),
        ("label == 'x'", "1 in label", "a text in a list"),
        ("label == 'x'", "label in 5", "a text in a list"),
        ("expect: fires", "expect: fires, status: review", "is the status evidenced"),
        ("expect: silent", "expect: silent, count: 1", "neither 'status' nor 'count'"),
        ("expect: fires", "expect: fires, count: -1", "count"),
        ("type: sequence", "type: rate", "api_call only"),
        ("type: sequence", "type: undisclosed, field: recipient", "'recipient' is not declared of the kind tap"),
        ("event: tap", "on: tap", "event"),
        ("event: tap", "event: tapp", "unknown event kind"),
        ("type: sequence", "type: magic", "type"),
        ("type: sequence", "type: before_consent", "needs 'scopes'"),
        ("type: sequence", "type: undisclosed", "needs 'field'"),
        ("level: low", "level: terrible", "level"),
        ("type: sequence", "type: sequence, packs: [gdpr]", "needs clauses of it"),
        ("type: sequence", "type: sequence, packs: [mars]", "packs"),
        ("PIPL 13", "PIPL 99", "no such clause"),
        ("id: TST-01", "id: ../x", "id"),
        ("id: TST-01", "id: &a TST-01\nx: *a", "aliases"),
        ("title: T", "title: T\ntitle: U", "duplicate"),
    ],
)
def test_a_bad_rule_is_refused_in_one_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in MINIMAL
    path = tmp_path / "TST-01.yaml"
    path.write_text(MINIMAL.replace(old, new), "utf-8")
    with pytest.raises(InputError) as caught:
        read_rule(path)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "TST-01.yaml" in str(caught.value)


@pytest.mark.parametrize("at", [".inf", "-.inf", ".nan", "1.0e+300", "yes", "noon", "[1]"])
@pytest.mark.parametrize("field", ["at", "err"])
def test_a_time_that_is_none_is_refused_in_one_line(field: str, at: str) -> None:
    raw = {"kind": "tap", "label": "x"} | yaml.safe_load(f"{field}: {at}")
    with pytest.raises(InputError, match=f"{field} of event 3 in an example is not a time"):
        event(raw, 3, "TST-01.yaml")


def test_the_words_of_a_lifecycle_event_are_those_that_are_told() -> None:
    root = Path(__file__).resolve().parents[2]
    agent = (root / "hooks/agent/src/observers/lifecycle.ts").read_text("utf-8")
    verbs = (root / "monitor/scenario/verbs/app.py").read_text("utf-8")
    files = ("collectors/device.py", "device/watch.py", "events/app.py", "record/launch.py", "record/target.py")
    rest = "".join((root / "monitor" / name).read_text("utf-8") for name in files)
    told = set(re.findall(r'(?:tell\(call, |what: |callActivityOn\w+: )"(\w+)"', agent))
    told |= set(re.findall(r'(?:_report\(run, |what=)"(\w+)"', verbs))
    assert len(told) > 12 and told <= LIFECYCLE
    assert {word for word in LIFECYCLE - told if f'"{word}"' not in rest} == set()


def test_declarations_are_checked(tmp_path: Path) -> None:
    from monitor.session.declaration import Declaration, load_declaration

    path = tmp_path / "d.yaml"
    bad: list[Any] = [
        "collection: [{data_type: soul}]",
        "surprise: 1",
        "operator: {domains: ['not a host']}",
        "app: {type_39: 77}",
        "[1, 2]",
        "a: [",
        "cross_border: [{recipient: x, country: Mars}]",
        "sdks: [{name: x, package_prefixes: ['1.2/3']}]",
    ]
    for text in bad:
        path.write_text(text, "utf-8")
        with pytest.raises(InputError) as caught:
            load_declaration(path)
        assert "\n" not in str(caught.value)
    path.write_text("app: {package: a.b}\n", "utf-8")
    assert load_declaration(path).app.package == "a.b"
    assert Declaration().collection is None
