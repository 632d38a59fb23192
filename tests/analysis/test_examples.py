"""What examples of rules show, and what the loader refuses."""

from __future__ import annotations

import re
from pathlib import Path

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
from monitor.session.declaration import load_declaration
from tests.analysis.played import raws
from tests.each import each
from tests.rules.examples import examples_of

REFUSED = yaml.load(Path(__file__).with_name("refused.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
RULES = load_rules()
BY_ID = {rule.id: rule for rule in RULES}


@pytest.mark.parametrize(
    ("rule", "name", "said"),
    [
        ("PRM-04", "a reward offered for the permission", {"lured_by": "红包"}),
        ("CON-04", "policy and sharing in one", {"bundled_words": "个性化 / 与第三方共享"}),
        ("CON-04", "a later switch takes nothing back that was given away", {"bundled_words": "个性化 / 信息共享"}),
    ],
)
def test_the_words_that_decided_are_named(rule: str, name: str, said: dict[str, str]) -> None:
    example = next(example for example in examples_of(BY_ID[rule]) if example.name == name)
    found = example_of(BY_ID[rule], example).findings
    assert said in [{key: item.detail[key] for key in said if key in item.detail} for item in found]


def test_an_example_that_states_a_number_is_held_to_it(tmp_path: Path) -> None:
    path, tap = tmp_path / "TST-01.yaml", "{kind: tap, label: x}"
    for taps, wrong in ((tap, [("a", "fires x2", "fires x1")]), (f"{tap}, {tap}", [])):
        twice = f"expect: fires, count: 2, status: evidenced, events: [{taps}]"
        path.write_text(MINIMAL.replace(f"expect: fires, events: [{tap}]", twice), "utf-8")
        assert [(one.name, *said) for one, *said in failing(read_rule(path))] == wrong


@pytest.mark.parametrize(
    ("name", "conditions"),
    [
        ("exit after refusal", []),  # something is found
        ("stays open", ["followed_by self_exit"]),
        ("agreed", ["where refuses_policy", "where label_kind == 'withdraw'"]),
    ],
)
def test_each_condition_that_alone_keeps_an_example_silent_is_named(name: str, conditions: list[str]) -> None:
    rule = BY_ID["CON-05"]
    assert hindering(rule, next(one for one in rule.text.examples if one.name == name)) == conditions


def test_a_request_before_consent_is_told_once() -> None:
    """Nor is anything lost that only the other pattern finds."""
    asked = "{permissions: [android.permission.READ_CONTACTS]}"
    for lines, patterns in (
        ([f"0.5 permission_request {asked}", "agreed"], ["before_consent"]),
        (["agreed", f"60 permission_request {asked}"], ["no_function"]),
        (["0 data_kept", f"60 permission_request {asked}"], ["before_consent", "no_function"]),
    ):
        example = Example(name="once", expect="fires", packs=["cn"], events=raws(lines))
        assert [finding.pattern for finding in example_of(BY_ID["PRM-02"], example).findings] == patterns


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
    rule = BY_ID["COL-01"]
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


def test_a_mistake_in_a_rule_is_refused_in_one_line(tmp_path: Path) -> None:
    mistakes = [(old, MINIMAL.replace(old, new), says) for old, new, says in REFUSED["mistakes"]]
    filters = [
        (where, MINIMAL.replace("event: tap", f"event: {kinds}").replace("label == 'x'", where), says)
        for kinds, where, says in REFUSED["filters"]
    ]
    each(refused_with, ((tmp_path / "TST-01.yaml", *case) for case in (*mistakes, *filters)))


def refused_with(path: Path, _: str, text: str, says: str) -> None:
    assert text != MINIMAL
    path.write_text(text, "utf-8")
    try:
        read_rule(path)
    except InputError as refused:
        assert says and says in str(refused) and "\n" not in str(refused) and "TST-01.yaml" in str(refused), refused
    else:
        assert not says


def test_a_misspelt_data_type_of_an_example_is_refused() -> None:
    with pytest.raises(InputError, match=r"no such data type: imie .*did you mean"):
        event({"kind": "transmission", "matches": ["imie"]}, 1)


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
    path = tmp_path / "d.yaml"
    bad = [
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
