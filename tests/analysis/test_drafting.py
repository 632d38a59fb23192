"""Drafts: what a session showed becomes entries, what it cannot know stays open and is named as such."""

from __future__ import annotations

from typing import Any

import yaml

from monitor.analysis.declaration.drafting import Drafted, draft, open_points
from monitor.analysis.declaration.observed import observe
from monitor.knowledge.tables import load_organisations, load_sdks
from monitor.session.declaration import Declaration
from tests.analysis.played import session

SDKS, ORGANISATIONS = load_sdks(), load_organisations()
UMENG = "umeng_analytics"
OBSERVED = observe(
    session(
        f"1 reads imei {{sdk: {UMENG}}}",
        "2 reads location",
        "3 reads android_id {outcome: denied}",
        "4 permission_request {permissions: [android.permission.CAMERA]}",
        f"5 sends imei {{host: ulogs.umeng.com, org: umeng, party: third, sdk: {UMENG}}}",
        "6 sends location {host: api.shop.cn, party: first}",
        "7 transmission {host: blob.example.com, decoded: 'no'}",
    )
)
MANIFEST = ["android.permission.CAMERA", "android.permission.READ_CONTACTS"]


def drafted() -> Drafted:
    return Drafted(OBSERVED, MANIFEST, SDKS, ORGANISATIONS)


def test_each_block_has_an_entry_for_what_was_seen_and_no_other() -> None:
    made = drafted()
    assert [one["data_type"] for one in made.block("collection")] == ["android_id", "imei", "location"]
    assert [one["name"] for one in made.block("permissions")] == MANIFEST
    assert [one["id"] for one in made.block("sdks")] == [UMENG]
    assert [one["org"] for one in made.block("recipients")] == ["blob.example.com", "umeng"]


def test_an_entry_holds_what_was_observed_and_leaves_the_rest_to_the_operator() -> None:
    made = drafted()
    assert made.entry("data_type", "location") == {
        "data_type": "location", "purpose": "", "legal_basis": "13(1)", "sensitive": True,
    }  # fmt: skip
    assert made.entry("data_type", "imei")["method"] == f"SDK: {UMENG}"
    sdk = made.entry("sdk", UMENG)
    assert sdk["name"] == SDKS[UMENG].name and sdk["package_prefixes"] == list(SDKS[UMENG].packages)
    assert sdk["data_types"] == ["imei"] and sdk["hosts"] == ["ulogs.umeng.com"] and sdk["purposes"] == []
    recipient = made.entry("recipient", "umeng")
    assert recipient["role"] == "unknown" and recipient["data_types"] == ["imei"]
    assert recipient["region"] == ORGANISATIONS["umeng"].country
    assert "region" not in made.entry("recipient", "blob.example.com")
    assert made.entry("permission", "CAMERA")["name"] == "android.permission.CAMERA"
    assert made.entry("permission", "NEW")["name"] == "NEW"


def test_a_library_that_no_table_has_keeps_its_id_and_claims_nothing() -> None:
    entry = Drafted(observe(session("1 reads imei {sdk: maker}")), [], {}, {}).entry("sdk", "maker")
    assert (entry["name"], entry["id"], entry["vendor"], entry["package_prefixes"]) == ("maker", "", "", [])


def test_names_by_which_an_entry_is_recognised() -> None:
    made = drafted()
    assert {UMENG, SDKS[UMENG].name.casefold(), *SDKS[UMENG].packages} <= made.known("sdk", UMENG)
    assert {"umeng", "ulogs.umeng.com"} <= made.known("recipient", "umeng")
    assert made.known("recipient", "nowhere") == {"nowhere"}
    assert made.known("sdk", "maker") == {"maker"}


def test_a_draft_is_valid_marked_and_names_what_could_not_be_read() -> None:
    own = Declaration.model_validate({"operator": {"name": "Shop Ltd", "domains": ["shop.cn"]}})
    app = {"package": "cn.shop", "version": "1.2"}
    text = draft(OBSERVED, app, MANIFEST, own, sdks=SDKS, organisations=ORGANISATIONS)
    assert text.startswith("# DRAFT") and "草稿" in text and "# Unreadable (no statement about it here): blob" in text
    made = Declaration.model_validate(yaml.safe_load(text))
    assert (made.app.package, made.operator.name, made.operator.domains) == ("cn.shop", "Shop Ltd", ["shop.cn"])
    assert set(made.entries) == {"android_id", "imei", "location"} and made.sensitive >= {"location"}


def test_without_an_earlier_declaration_the_operators_hosts_are_those_that_were_seen_as_its_own() -> None:
    text = draft(OBSERVED, {}, [], Declaration(), sdks={}, organisations={})
    assert yaml.safe_load(text)["operator"]["domains"] == ["api.shop.cn"]


def test_everything_open_is_named_and_nothing_else() -> None:
    whole = {
        "app": {"type_39": 6}, "operator": {"name": "x", "domains": ["x.cn"]}, "policy": {"url": "https://x.cn/p"},
        "complaints": {"channels": ["tel"]}, "withdrawal": {"paths": [["我的"]]}, "rights": {"access": ["我的"]},
        "collection": [{"data_type": "location", "purpose": "map", "sensitive": True}],
        "permissions": [{"name": "a.CAMERA", "function": "scan"}],
        "sdks": [{"name": "S", "id": "s", "purposes": ["push"]}],
        "recipients": [{"org": "o", "role": "processor", "purpose": "push"}],
    }  # fmt: skip
    assert open_points(Declaration.model_validate(whole)) == []
    holes: list[tuple[str, Any, tuple[str, str]]] = [
        ("collection", [{"data_type": "location", "sensitive": True}], ("collection.location", "purpose")),
        ("collection", [{"data_type": "location", "purpose": "map"}], ("collection.location", "sensitive")),
        ("permissions", [{"name": "a.CAMERA"}], ("permissions.CAMERA", "purpose")),
        ("sdks", [{"name": "S", "id": "s"}], ("sdks.S", "purpose")),
        ("sdks", [{"name": "S", "purposes": ["push"]}], ("sdks.S", "prefixes")),
        ("recipients", [{"org": "o", "purpose": "push"}], ("recipients.o", "role")),
        ("recipients", [{"org": "o", "role": "processor"}], ("recipients.o", "purpose")),
        ("collection", None, ("collection", "block")),
        ("rights", {}, ("rights", "empty")),
        ("app", {}, ("app.type_39", "empty")),
    ]
    for block, value, point in holes:
        assert open_points(Declaration.model_validate(whole | {block: value})) == [point], block
