"""Which libraries of the tables an entry of an operator's list means."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.analysis.correlate.correlator import Analysis
from monitor.analysis.listed import identified
from monitor.analysis.rules.examples import event
from monitor.analysis.rules.load import load_rules
from monitor.knowledge.tables import load_sdks
from monitor.session.declaration import Declaration

SDKS = load_sdks()


def known(*entries: dict[str, Any]) -> Declaration:
    return identified(Declaration.model_validate({"collection": [], "sdks": list(entries)}), SDKS)


@pytest.mark.parametrize(
    ("entry", "observed", "listed"),
    [
        ({"package_prefixes": ["com.umeng"]}, "umeng_base", True),
        ({"package_prefixes": ["com.umeng"]}, "umeng_push", True),
        ({"package_prefixes": ["com.umeng.commonsdk"]}, "umeng_base", True),
        ({"package_prefixes": ["com.umeng.message.entity"]}, "umeng_push", True),
        ({"package_prefixes": ["com.umeng.message"]}, "umeng_analytics", False),
        ({"package_prefixes": ["com.adjust.sdk"]}, "adjust", True),
        ({"package_prefixes": ["com.adjust"]}, "adjust", True),
        ({"package_prefixes": ["com.adjusted"]}, "adjust", False),
        ({"hosts": ["ulogs.umeng.com"]}, "umeng_base", True),
        ({"hosts": ["app.adjust.com"]}, "adjust", True),
        ({"hosts": ["app.adjust.com"]}, "appsflyer", False),
        ({"package_prefixes": ["com.adjust.sdk"], "hosts": ["t.appsflyer.com"]}, "appsflyer", False),
        ({"package_prefixes": ["com.acme.shade.adj"], "hosts": ["app.adjust.com"]}, "adjust", True),
        ({"name": "adjust SDK"}, "adjust", True),
        ({"name": "Measuring", "vendor": "Adjust"}, "adjust", True),
        ({"name": "Measuring", "vendor": "Umeng"}, "umeng_base", False),
        ({"name": "Adjust", "package_prefixes": ["com.acme"]}, "appsflyer", False),
    ],
)
def test_an_entry_means_the_library_that_it_describes(entry: dict[str, Any], observed: str, listed: bool) -> None:
    assert (known({"name": "Statistics", **entry}).sdk(observed) is not None) is listed


def test_the_entry_that_says_most_is_the_librarys_own() -> None:
    both = [
        {"name": "Umeng", "package_prefixes": ["com.umeng"]}, {"name": "P", "package_prefixes": ["com.umeng.message"]}
    ]  # fmt: skip
    for entries in (both, both[::-1]):
        declaration = known(*entries)
        push, base = declaration.sdk("umeng_push"), declaration.sdk("umeng_base")
        assert push is not None and base is not None and (push.name, base.name) == ("P", "Umeng")


@pytest.mark.parametrize(("types", "found"), [(["gaid"], []), (["android_id"], ["COL-09"])])
def test_what_a_listed_library_reads_is_held_against_its_own_entry(types: list[str], found: list[str]) -> None:
    entry = {"name": "Adjust", "package_prefixes": ["com.adjust.sdk"], "data_types": types}
    declaration = Declaration.model_validate({"collection": [], "sdks": [entry]})
    rules = [rule for rule in load_rules() if rule.id in ("COL-09", "POL-04")]
    analysis = Analysis(rules, declaration, sdks=SDKS)
    analysis.feed(event({"kind": "api_call", "at": 5, "data_type": "gaid", "sdk": "adjust"}, 1))
    assert [one.rule for one in analysis.close().findings] == found
