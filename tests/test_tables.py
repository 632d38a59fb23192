"""The tables of organisations and SDKs: loadable, sourced, consistent, and looked up by the longest match."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from monitor.base.errors import InputError, nearest
from monitor.knowledge.tables import Hosts, Packages, Sdk, load_organisations, load_sdks

ORGANISATIONS = load_organisations()
SDKS = load_sdks()


def shared(owned: Iterable[tuple[str, str]]) -> list[str]:
    """What has two owners, each with them."""
    owners: dict[str, list[str]] = {}
    for name, owner in owned:
        owners.setdefault(name, []).append(owner)
    return [f"{name}: {', '.join(who)}" for name, who in owners.items() if len(who) > 1]


def strangers(sdks: Iterable[Sdk]) -> list[str]:
    """The SDKs whose organisation has no file."""
    return [
        f"{sdk.id}: no file monitor/recipients/{sdk.org}.yaml: {nearest(sdk.org, ORGANISATIONS)}"
        for sdk in sdks
        if sdk.org and sdk.org not in ORGANISATIONS
    ]


def test_there_are_enough_and_each_file_is_named_by_its_id() -> None:
    assert len(ORGANISATIONS) >= 250
    assert len(SDKS) >= 150


def test_no_domain_has_two_owners_and_no_package_two_sdks() -> None:
    assert shared((d.name, o.id) for o in ORGANISATIONS.values() for d in o.domains) == []
    assert shared((p, s.id) for s in SDKS.values() for p in s.packages) == []
    assert shared([("x.example", "a"), ("y.example", "a"), ("x.example", "b")]) == ["x.example: a, b"]


def test_every_sdk_names_an_organisation_that_exists() -> None:
    assert strangers(SDKS.values()) == []
    one = SDKS["umeng_push"].model_copy(update={"org": "umengg"})
    assert strangers([one]) == ["umeng_push: no file monitor/recipients/umengg.yaml: did you mean umeng?"]


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("ulogs.umeng.com", "umeng"),
        ("sdk.e.qq.com", "tencent_ads"),
        ("www.qq.com", "tencent"),
        ("android.bugly.qq.com", "bugly"),
        ("UMENG.COM.", "umeng"),
        ("api.bidmachine.io", "bidmachine"),
        ("toblog.ctobsnssdk.com", "bytedance_rangers"),
        ("log.ctobsnssdk.com", "pangle"),
        ("s.easytomessage.com", "jiguang"),
        ("notumeng.com", None),
        ("example.org", None),
        ("10.0.0.1", None),
    ],
)
def test_a_host_belongs_to_the_longest_listed_suffix(host: str, owner: str | None) -> None:
    found = Hosts(ORGANISATIONS).owner(host)
    assert (found.id if found else None) == owner


@pytest.mark.parametrize(
    ("cls", "sdk"),
    [
        ("com.umeng.analytics.MobclickAgent", "umeng_analytics"),
        ("com.umeng.message.PushAgent$1", "umeng_push"),
        ("com.umeng.other.Thing", "umeng_base"),
        ("io.bidmachine.core.Logger", "bidmachine"),
        ("ms.bd.c.a", "bytedance_risk"),
        ("anet.channel.SessionCenter", "taobao_anet"),
        ("com.umengineering.Thing", None),
        ("com.bytedance.sdk.openadsdk.TTAdSdk", "pangle"),
        ("com.google.android.gms.ads.AdView", "admob"),
        ("com.google.android.gms.ads.identifier.AdvertisingIdClient", "play_services"),
        ("com.google.android.gms.common.api.Api", "play_services"),
    ],
)
def test_a_class_belongs_to_the_longest_listed_prefix(cls: str, sdk: str | None) -> None:
    found = Packages(SDKS).sdk(cls)
    assert (found.id if found else None) == sdk


def test_a_bad_table_is_one_line_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("id: x\nname: X\ncountry: china\ndomains: []\nsources: []\n", "utf-8")
    with pytest.raises(InputError, match=r"x\.yaml.*country"):
        load_organisations(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("com.x", "io", "io is of many libraries"),
        ("com.x", "com", "com is of many libraries"),
        ("com.x", "com.x.", "not a package"),
        ("2026-11-25", "29.11.2026", "date"),
        ("2026-11-25", "2026-13-25", "date"),
        ("id: x", "id: y", "id y is not the file's name"),
    ],
)
def test_a_wrong_entry_is_refused_with_what_is_wrong(tmp_path: Path, old: str, new: str, words: str) -> None:
    good = "id: x\nname: X\nvendor: X\npurposes: []\npackages: [com.x, okio]\nsources: [{text: a, date: 2026-11-25}]\n"
    file = tmp_path / "x.yaml"
    file.write_text(good, "utf-8")
    assert load_sdks(tmp_path)["x"].packages == ["com.x", "okio"]
    file.write_text(good.replace(old, new), "utf-8")
    with pytest.raises(InputError, match=rf"x\.yaml.*{words}"):
        load_sdks(tmp_path)
