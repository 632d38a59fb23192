"""Whose code it is, by package names read from the class files of real libraries (the SDK files name each artefact)."""

from __future__ import annotations

import pytest

from monitor.knowledge.tables import Packages, load_sdks

PACKAGES = Packages(load_sdks())
#: Package of class files to the library that owns it.
MET = {
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
}  # fmt: skip


@pytest.mark.parametrize("package", MET)
def test_a_real_package_is_its_librarys(package: str) -> None:
    found = PACKAGES.sdk(f"{package}.a")
    assert found is not None and found.id == MET[package]


@pytest.mark.parametrize("package", ["cn.jpushing.app", "com.baidu.locationshop", "com.igexinlike", "com.umengine"])
def test_a_package_that_only_begins_alike_has_no_owner(package: str) -> None:
    assert PACKAGES.sdk(f"{package}.Main") is None
