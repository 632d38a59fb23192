"""One app in four builds: an SDK under its own names, renamed, moved into the app's one dex, and in a further dex."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from monitor.apk.contents import Contents, contents
from monitor.knowledge.catalogue import load_catalogue
from monitor.knowledge.tables import load_organisations, load_sdks
from tests.apk.making import Call, Class, dex
from tests.command import run
from tests.device.test_manifest import binary

STRING = "Ljava/lang/String;"
SETTING = Call("invoke", "android.provider.Settings$Secure", "getString",
               ("Landroid/content/ContentResolver;", STRING), STRING)  # fmt: skip
MANIFEST = binary(("manifest", {"package": "com.example.app"}), ("application", {}), ("activity", {"name": ".Screen"}))
OWN = Class("com.example.app.Screen", "android.app.Activity", {"show": [Call("text", name="volume")]})
HOST = Call("text", name="https://api.mixpanel.com/track")
ACTION = Call("text", name="com.mixpanel.android.MPConfig.EventsEndpoint")


def sdk(package: str, *texts: Call) -> Class:
    """A class of the SDK in a package."""
    return Class(f"{package}.A", methods={"a": [*texts, Call("text", name="android_id"), SETTING]})


def read(path: Path, *dexes: bytes) -> Contents:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("AndroidManifest.xml", MANIFEST)
        for number, data in enumerate(dexes, 1):
            archive.writestr(f"classes{'' if number == 1 else number}.dex", data)
    return contents(path, load_catalogue(), load_sdks(), load_organisations())


@pytest.mark.parametrize("package", ["com.mixpanel.android", "a.b", "com.acme.tracking"])
@pytest.mark.parametrize("dexes", [1, 2])
def test_the_code_is_the_sdks_or_said_to_be_perhaps(tmp_path: Path, package: str, dexes: int) -> None:
    classes = [[OWN, sdk(package, HOST, ACTION)]] if dexes == 1 else [[OWN], [sdk(package, HOST, ACTION)]]
    found = read(tmp_path / "app.apk", *map(dex, classes))
    owners = {one.owner for one in found.references if "android_id" in one.data_types}
    if package == "com.mixpanel.android":
        assert owners == {"mixpanel"} and found.renamed == []
        return
    assert "mixpanel" not in owners  # a likeness gives no owner
    (one,) = found.renamed
    tree = {"a.b": "lib:a.b", "com.acme.tracking": "lib:com.acme"}[package]
    assert (one.tree, one.sdk, one.certainty) == (tree, "mixpanel", "likely")
    assert one.reasons == ["api.mixpanel.com", "com.mixpanel.android.MPConfig.EventsEndpoint"]


def test_one_string_is_no_more_than_possible(tmp_path: Path) -> None:
    (one,) = read(tmp_path / "app.apk", dex([OWN, sdk("a.b", HOST)])).renamed
    assert (one.certainty, one.reasons) == ("possible", ["api.mixpanel.com"])


@pytest.mark.parametrize(
    "classes",
    [
        [OWN, sdk("com.mixpanel.android"), sdk("a.b", HOST, ACTION)],  # it is there itself: others may name it
        [Class(OWN.name, OWN.parent, {"show": [HOST, ACTION]})],  # the app's own code
        [OWN, sdk("a.b", Call("text", name="https://www.example.org/x"), Call("text", name="java.util.Locale.ROOT"))],
    ],
)
def test_what_tells_of_no_other_code_is_not_listed(tmp_path: Path, classes: list[Class]) -> None:
    assert read(tmp_path / "app.apk", dex(classes)).renamed == []


@pytest.mark.parametrize("name", ["com.paypal.android.p2pmobile", "com.paypal.merchant.client", "com.paypal.Wallet"])
def test_the_name_of_another_app_for_which_code_looks_is_no_trace_of_an_sdk(tmp_path: Path, name: str) -> None:
    assert read(tmp_path / "app.apk", dex([OWN, sdk("a.b", Call("text", name=name))])).renamed == []


@pytest.mark.parametrize(
    ("name", "sdk_id"),
    [("com.paypal.checkout.PayPalCheckout", "paypal"), ("com.umeng.analytics.process", "umeng_analytics")],
)
def test_a_class_or_a_name_in_a_librarys_own_package_is_one(tmp_path: Path, name: str, sdk_id: str) -> None:
    (one,) = read(tmp_path / "app.apk", dex([OWN, sdk("a.b", Call("text", name=name))])).renamed
    assert (one.sdk, one.certainty) == (sdk_id, "possible")


def test_the_command_says_the_reasons(tmp_path: Path) -> None:
    path = tmp_path / "app.apk"
    read(path, dex([OWN, sdk("a.b", HOST, ACTION)]))
    done = run("app", path, "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "may be a known library" in done.stdout and "api.mixpanel.com" in done.stdout and "likely" in done.stdout
