"""Updating a declaration's text: additions go where they belong, and every other character stays."""

from __future__ import annotations

import pytest
import yaml

from monitor.analysis.declaration.compare import compare
from monitor.analysis.declaration.drafting import Drafted
from monitor.analysis.declaration.observed import observe
from monitor.analysis.declaration.updating import Updated, updated
from monitor.base.errors import InputError
from monitor.knowledge.tables import load_sdks
from monitor.session.declaration import Declaration
from tests.analysis.played import session

SDKS = load_sdks()
UMENG = "umeng_analytics"
OBSERVED = observe(
    session(
        f"1 reads imei {{sdk: {UMENG}}}",
        "2 reads android_id",
        f"3 sends imei {{host: ulogs.umeng.com, org: umeng, party: third, sdk: {UMENG}}}",
    )
)


def update(text: str) -> Updated:
    declaration = Declaration.model_validate(yaml.safe_load(text) or {})
    drafted = Drafted(OBSERVED, [], SDKS, {})
    made = updated(text, compare(OBSERVED, declaration, sdks=SDKS), drafted, "d.yaml")
    after = Declaration.model_validate(yaml.safe_load(made.text))
    left = [one for one in compare(OBSERVED, after, sdks=SDKS).differences if one.only == "observed"]
    assert left == [], "what was added closes every difference"
    return made


def without_additions(before: str, after: str) -> None:
    """Every character but blanks is still there, in order."""
    rest = iter(after)
    assert all(character in rest for character in "".join(before.split()))


def test_missing_blocks_are_appended_and_named() -> None:
    made = update("app: {package: x}  # ours\n")
    assert made.text.startswith("app: {package: x}  # ours\ncollection:\n")
    assert [kind for kind, _ in made.added] == ["block", "block", "block"]
    assert [name for _, name in made.added] == ["collection", "sdks", "recipients"], "permissions were never seen"


def test_an_empty_text_becomes_a_declaration() -> None:
    assert {name for _, name in update("# nothing yet\n").added} == {"collection", "sdks", "recipients"}


REST = "sdks: [{name: U, id: umeng_analytics, data_types: [imei]}]\nrecipients: [{org: umeng, data_types: [imei]}]\n"


@pytest.mark.parametrize(
    "collection",
    [
        "collection: []\n",
        "collection: []  # none so far\n",
        "collection:\n- data_type: contacts   # kept\n\n# the end\n",
        "collection:\n    - {data_type: contacts, purpose: 'a: b'}\n",
        "collection: [{data_type: contacts}]  # one line\n",
        "collection:\n  - data_type: contacts\n    purpose: |\n      中文，\n      第二行\n",
    ],
)
def test_an_entry_goes_to_the_end_of_its_block(collection: str) -> None:
    made = update(collection + REST)
    assert made.added == [("data_type", "android_id")]
    without_additions((collection + REST).replace("[]", ""), made.text)
    listed = yaml.safe_load(made.text)["collection"]
    assert listed[-1]["data_type"] == "android_id" and len(listed) == 1 + collection.count("contacts")


@pytest.mark.parametrize(
    "sdks",
    [
        "sdks: [{name: U, id: umeng_analytics}]\n",
        "sdks: [{name: U, id: umeng_analytics, data_types: []}]\n",
        "sdks: [{name: U, id: umeng_analytics, data_types: [mac]}]\n",
        "sdks:\n- name: U\n  id: umeng_analytics   # theirs\n",
        "sdks:\n- name: U\n  id: umeng_analytics\n  data_types:\n  - mac   # why\n- name: Other\n",
        f"sdks:\n- name: Other\n- name: U\n  package_prefixes: [{SDKS[UMENG].packages[0]}]\n",
    ],
)
def test_a_data_type_goes_into_the_entry_that_is_meant(sdks: str) -> None:
    collection = "collection: [{data_type: android_id}, {data_type: imei}]\n"
    text = f"{collection}{sdks}recipients: [{{org: umeng, data_types: [imei]}}]\n"
    made = update(text)
    assert made.added == [("sdk_type", "umeng_analytics: imei")]
    without_additions(text, made.text)
    entries = {one["name"]: one.get("data_types", []) for one in yaml.safe_load(made.text)["sdks"]}
    assert "imei" in entries["U"] and entries.get("Other", []) == []
    assert ("mac" in entries["U"]) == ("mac" in sdks)


def test_what_is_declared_and_was_not_seen_stays() -> None:
    text = "collection: [{data_type: imei}, {data_type: android_id}, {data_type: camera}]\n" + REST
    assert update(text) == Updated(text, [])


def test_a_text_that_is_no_mapping_is_refused() -> None:
    drafted = Drafted(OBSERVED, [], SDKS, {})
    with pytest.raises(InputError, match=r"d\.yaml: a mapping is wanted|a mapping is wanted"):
        updated("- a\n", compare(OBSERVED, Declaration()), drafted, "d.yaml")
