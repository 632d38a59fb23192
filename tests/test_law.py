"""The provisions that rules cite."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.analysis.rules.load import load_rules
from monitor.base.errors import InputError
from monitor.events import SENSITIVE
from monitor.knowledge.law import item_of, load_clauses
from tests.codes import bare_codes

LAW = """
id: {id}
law: {{zh: 《例》, en: Example Act}}
rank: 1
clauses:
- ref: EX 1
  article: {{zh: 第一条, en: Article 1}}
  {words}
  confidence: seen
"""


def test_every_clause_names_law_and_article_in_both_languages_and_is_cited() -> None:
    for ref, clause in load_clauses().items():
        for lang in ("en", "zh"):
            assert clause.law.get(lang) and clause.article.get(lang), ref
            assert clause.text.get(lang) or clause.summary.get(lang), ref
        assert clause.name("en") != ref
        assert clause.confidence != "unverified" or not clause.text.zh, f"{ref}: a quotation of what was not read"
    assert {provision.ref for rule in load_rules() for _, provision in rule.clauses} == set(load_clauses())


def test_the_words_of_a_rule_name_a_law_in_full() -> None:
    words = "title title_zh description description_zh advice advice_zh limits limits_zh".split()
    for rule in load_rules():
        for text in (
            *(getattr(rule.text, name) for name in words),
            *rule.text.mistakes("en"),
            *rule.text.mistakes("zh"),
        ):
            assert not bare_codes(text), (rule.id, text)


def test_all_fifteen_items_of_the_guideline() -> None:
    assert {item_of(ref) for ref in load_clauses()} - {0} == set(range(1, 16))


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("other", "text: {en: Words}", "must be named"),
        ("example", "status: draft", "neither a text nor a summary"),
        ("example", "wording: x", "unknown key 'wording'"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, name: str, words: str, said: str) -> None:
    (tmp_path / "example.yaml").write_text(LAW.format(id=name, words=words), "utf-8")
    with pytest.raises(InputError, match=said):
        load_clauses(tmp_path)


def test_a_rule_cites_only_what_is_there(tmp_path: Path) -> None:
    text = Path("monitor/rules/COL-01.yaml").read_text("utf-8").replace("- PIPL 13", "- PIPL 130")
    (tmp_path / "COL-01.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError, match="no such clause: 'PIPL 130'"):
        load_rules(directory=tmp_path)


@pytest.mark.parametrize(
    ("name", "pattern", "data_type", "first"),
    [
        ("COL-05", "read", "android_id", ["PIPL 15", "SZ(六)"]),
        ("COL-11", "read", "contacts", ["PIPL 29", "NDSR 22(2)"]),
        ("CON-02", "ticked", "", ["PIPL 14", "191-三-4"]),
        ("PRM-02", "before_consent", "", ["191-三-1", "164-2.1 scene 7"]),
        ("PRM-02", "no_function", "", ["164-2.1 scene 7", "SZ(八)"]),
        ("PRM-03", "burst", "", ["SZ(八)", "26(10)"]),
        ("SHR-03", "cleartext", "android_id", ["PIPL 51(3)", "CSL 44"]),
        ("SHR-04", "", "android_id", ["PIPL 39", "PIPL 38"]),
    ],
)
def test_the_best_fitting_clauses_come_first(name: str, pattern: str, data_type: str, first: list[str]) -> None:
    rule = next(rule for rule in load_rules(("cn",)) if rule.id == name)
    assert [p.ref for _, p in rule.cited((), pattern, data_type)][:2] == first


def test_a_clause_is_cited_for_the_data_types_and_patterns_that_it_is_for() -> None:
    rules = {rule.id: rule for rule in load_rules()}
    pattern = rules["COL-11"].text.match[0].name
    health, location = ({p.ref for _, p in rules["COL-11"].cited((), pattern, kind)} for kind in ("health", "location"))
    assert "GDPR 9(2)(a)" in health - location
    cited = next(one for one in rules["SHR-03"].text.clauses["cn"] if one.ref == "GB35273 6.3")
    assert set(cited.types) == SENSITIVE
    for rule in rules.values():
        named = {pattern.name for pattern in rule.text.match}
        for citations in rule.text.clauses.values():
            assert {name for one in citations for name in one.patterns} <= named, rule.id
