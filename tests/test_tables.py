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


def test_a_host_belongs_to_the_longest_listed_suffix() -> None:
    owners = {
        "ulogs.umeng.com": "umeng", "UMENG.COM.": "umeng", "sdk.e.qq.com": "tencent_ads", "www.qq.com": "tencent",
        "android.bugly.qq.com": "bugly", "api.bidmachine.io": "bidmachine",
        "toblog.ctobsnssdk.com": "bytedance_rangers", "log.ctobsnssdk.com": "pangle", "s.easytomessage.com": "jiguang",
        "notumeng.com": None, "example.org": None, "10.0.0.1": None,
    }  # fmt: skip
    hosts = Hosts(ORGANISATIONS)
    assert {host: org and org.id for host in owners for org in [hosts.owner(host)]} == owners


#: Package to the library that owns it; of class files of real libraries, whose SDK files name the artefact.
OWNERS = {
    "cn.jpush.android.service": "jpush", "cn.jiguang.union.ads.core": "jpush", "cn.asus.push": "jpush",
    "cn.android.service": "jpush", "cn.jpush.im.android": "jmessage", "cn.jmessage.support": "jmessage",
    "cn.jiguang.common.app": "jiguang_core", "cn.jiguang.bq": "jiguang_core", "cn.jiguang.analytics": "janalytics",
    "cn.jiguang.share.wechat": "jshare", "cn.jiguang.verifysdk.api": "jverification", "com.cmic.gen.sdk": "cmcc_sso",
    "cn.com.chinatelecom.account": "telecom_sso", "com.unicom.online.account": "unicom_sso",
    "com.igexin.push.core": "getui", "com.igexin.b.a": "getui", "com.getui.gtc.base": "getui",
    "com.baidu.location.b": "baidu_location", "com.baidu.lbsapi.auth": "baidu_location",
    "com.baidu.android.bbalbs.common.util": "baidu_location", "com.baidu.mapapi.map": "baidu_map",
    "com.baidu.mapsdkvi": "baidu_map", "mapsdkvi.com.gdi.bgl": "baidu_map", "com.alipay.sdk.app": "alipay_sdk",
    "com.ta.utdid2.device": "alipay_sdk", "com.alipay.tscenter": "alipay_sdk", "org.json.alipay": "alipay_sdk",
    "com.alipay.security.mobile": "alipay_security", "com.alipay.mobilesecuritysdk": "alipay_security",
    "com.tencent.connect.auth": "tencent_qq_connect", "com.tencent.qqconnect": "tencent_qq_connect",
    "com.tencent.tauth": "tencent_qq_connect", "com.tencent.stat": "tencent_mta",
    "com.umeng.analytics.pro": "umeng_analytics", "com.umeng.commonsdk.proguard": "umeng_base",
    "com.umeng.socialize.media": "umeng_share", "com.umeng.weixin.handler": "umeng_share",
    "umeng_bolts": "umeng_share", "com.sina.weibo.sdk.auth": "weibo_sdk", "com.sina.sso": "weibo_sdk",
    "com.umeng.message": "umeng_push", "com.umeng.other": "umeng_base", "io.bidmachine.core": "bidmachine",
    "ms.bd.c": "bytedance_risk", "anet.channel": "taobao_anet", "com.bytedance.sdk.openadsdk": "pangle",
    "com.google.android.gms.ads": "admob", "com.google.android.gms.ads.identifier": "play_services",
    "com.google.android.gms.common.api": "play_services",
    "cn.jpushing.app": None, "com.baidu.locationshop": None, "com.igexinlike": None, "com.umengine": None,
}  # fmt: skip


def test_a_class_belongs_to_the_longest_listed_prefix() -> None:
    packages = Packages(SDKS)
    found = {package: sdk and sdk.id for package in OWNERS for sdk in [packages.sdk(f"{package}.Main$1")]}
    assert found == OWNERS


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("com.x", "io", "io is of many libraries"),
        ("com.x", "com", "com is of many libraries"),
        ("com.x", "com.x.", "not a package"),
        ("2026-11-25", "29.11.2026", "date"),
        ("2026-11-25", "2026-13-25", "date"),
        ("id: x", "id: y", "must be named y.yaml"),
    ],
)
def test_a_wrong_entry_is_refused_with_what_is_wrong(tmp_path: Path, old: str, new: str, words: str) -> None:
    good = "id: x\nname: X\nvendor: X\npurposes: []\npackages: [com.x, okio]\nsources: [{text: a, date: 2026-11-25}]\n"
    file = tmp_path / "x.yaml"
    file.write_text("id: x\nname: X\ncountry: china\ndomains: []\nsources: []\n", "utf-8")
    with pytest.raises(InputError, match=r"x\.yaml.*country"):
        load_organisations(tmp_path)
    file.write_text(good, "utf-8")
    assert load_sdks(tmp_path)["x"].packages == ["com.x", "okio"]
    file.write_text(good.replace(old, new), "utf-8")
    with pytest.raises(InputError, match=rf"x\.yaml.*{words}"):
        load_sdks(tmp_path)
