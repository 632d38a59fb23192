"""The library that is checked: what is read of it, what is refused, how it gets into the host."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from monitor.base.errors import InputError
from monitor.base.yamlfile import parse
from monitor.knowledge.entry_points import EntryPoint
from monitor.record.sdk import check, situations
from monitor.record.sdk.library import ANDROID, completed, open_library, require_declared, unnamed
from monitor.scenario import apps, model
from monitor.session.declaration import Declaration, DeclaredSdk, load_declaration
from monitor.session.options import SdkOptions
from tests.session.conftest import Quiet

CLASS = b"\xca\xfe\xba\xbe rest \x01\x00\x05start"
MANIFEST = """<manifest xmlns:android="http://schemas.android.com/apk/res/android"
 xmlns:tools="http://schemas.android.com/tools" package="org.lib">
 <uses-permission android:name="android.permission.CAMERA"/>
 <application><provider android:name=".Init" android:authorities="${applicationId}.init" tools:node="merge"/>
 </application></manifest>"""
ENTRY: dict[str, Any] = {"class": "org.lib.Api", "method": "start"}


def archive(path: Path, **files: bytes | str) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        for name, data in files.items():
            out.writestr(name.replace("__", "/"), data)
    return path


def jar(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in {"org/lib/Api.class": CLASS, **files}.items():
            made.writestr(name, data)
    return out.getvalue()


def aar(path: Path, manifest: str = MANIFEST) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("AndroidManifest.xml", manifest)
        out.writestr("classes.jar", jar())
        out.writestr("libs/more.jar", jar(**{"org/more/B.class": CLASS, "org/more/b.txt": b"b"}))
        out.writestr("assets/x.bin", b"x")
    return path


def sdk(**more: Any) -> DeclaredSdk:
    return parse(DeclaredSdk, {"name": "Lib", "package_prefixes": ["org.lib"], "entry_points": [ENTRY], **more}, "x")


def test_an_aar_brings_its_jars_assets_and_permissions(tmp_path: Path) -> None:
    library = open_library(aar(tmp_path / "lib.aar"))
    assert library.kind == "aar" and set(library.classes) == {"org/lib/Api.class", "org/more/B.class"}
    assert library.resources == {"org/more/b.txt": b"b"} and library.assets == {"assets/x.bin": b"x"}
    assert library.permissions == ["android.permission.CAMERA"]


def test_its_manifest_becomes_part_of_the_hosts(tmp_path: Path) -> None:
    library = open_library(aar(tmp_path / "lib.aar"))
    made = situations.make_host(library, {"early": []}, ["android.permission.INTERNET"], tmp_path / "host.apk")
    with zipfile.ZipFile(made) as app:
        root = ElementTree.fromstring(app.read("AndroidManifest.xml"))
        names = set(app.namelist())
        assert json.loads(app.read("assets/plan.json")) == {"early": []}
    asked = [one.get(f"{ANDROID}name") for one in root.findall("uses-permission")]
    assert asked.count("android.permission.INTERNET") == 1 and "android.permission.CAMERA" in asked
    (provider,) = root.findall("application/provider")
    assert provider.attrib == {f"{ANDROID}name": "org.lib.Init", f"{ANDROID}authorities": "com.example.sdkhost.init"}
    assert {"classes/org/lib/Api.class", "classes/com/example/sdkhost/Plan.class", "assets/x.bin"} <= names


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"readme.txt": "x"}, "no class files inside"),
        ({"org__Api.class": "x"}, "not a class file: org/Api.class"),
        ({"..__x.class": CLASS}, "leaves the archive"),
        ({"classes.jar": "x", "AndroidManifest.xml": MANIFEST}, "cannot be read as a jar, AAR or APK"),
        ({"classes.jar": jar(), "AndroidManifest.xml": "<!DOCTYPE x>" + MANIFEST}, "cannot be used"),
        ({"classes.jar": jar(), "AndroidManifest.xml": "<manifest"}, "cannot be read"),
    ],
)
def test_what_is_no_library_is_refused_in_one_line(tmp_path: Path, files: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        open_library(archive(tmp_path / "lib", **files))
    assert "\n" not in str(caught.value) and "lib" in caught.value.where


def test_a_file_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    (tmp_path / "torn.jar").write_bytes(jar()[:-30])
    for name in ("torn.jar", "absent.jar"):
        with pytest.raises(InputError):
            open_library(tmp_path / name)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_entry_is_refused_in_one_line(method: int, tmp_path: Path) -> None:
    path = tmp_path / "x.jar"
    with zipfile.ZipFile(path, "w", method) as out:
        out.writestr("org/lib/Api.class", CLASS * 50)
    data = bytearray(path.read_bytes())
    data[60:90] = bytes(255 - byte for byte in data[60:90])
    path.write_bytes(data)
    with pytest.raises(InputError, match="cannot be read as a jar"):
        open_library(path)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (MANIFEST.replace("<application>", "<a>" * 60 + "</a>" * 60 + "<application>"), "nested deeper than 50"),
        ('<?xml version="1.0" encoding="nonesuch"?><manifest/>', "cannot be read"),
    ],
)
def test_a_hostile_manifest_is_refused_in_one_line(manifest: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        open_library(aar(tmp_path / "x.aar", manifest))


def test_a_declaration_of_another_library_or_class_is_refused(tmp_path: Path) -> None:
    library = open_library(aar(tmp_path / "lib.aar"))
    require_declared(library, sdk(), tmp_path / "d.yaml")
    with pytest.raises(InputError, match="is of another library"):
        require_declared(library, sdk(package_prefixes=["org.other"]), tmp_path / "d.yaml")
    with pytest.raises(InputError, match=r"entry point start: no class org\.lib\.Absent"):
        require_declared(library, sdk(entry_points=[{**ENTRY, "class": "org.lib.Absent"}]), tmp_path / "d.yaml")
    with pytest.raises(InputError, match=r"entry point halt: no method halt in org\.lib\.Api"):
        require_declared(library, sdk(entry_points=[{**ENTRY, "method": "halt"}]), tmp_path / "d.yaml")
    with pytest.raises(InputError, match="has no entry points"):
        require_declared(library, sdk(entry_points=[]), tmp_path / "d.yaml")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["$context"], "unknown variable"),
        ([{"new": "a.B", "get": "a.C"}], "one of new, get, field or listener"),
        ([{"build": "a.B"}], "unknown key 'build'"),
        ([{"get": "a.B"}], "method the static method"),
        ([{"new": "a.B", "then": [{"args": [1]}]}], "then is a list"),
        ([["a"]], "a value is text"),
    ],
)
def test_an_argument_that_cannot_be_made_is_refused(args: list[Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse(EntryPoint, {**ENTRY, "args": args}, "x")


def test_each_situation_is_a_scenario_that_can_be_read(tmp_path: Path) -> None:
    permissions = ["android.permission.CAMERA", "android.permission.READ_PHONE_STATE"]
    trials = situations.trials(sdk(), permissions, "aar")
    assert [trial.name for trial in trials][-2:] == ["with:CAMERA", "with:READ_PHONE_STATE"]
    assert not [trial.name for trial in trials if trial.skip]
    for trial in trials:
        for package in (situations.PACKAGE, "org.app"):
            file = tmp_path / "s.yaml"
            file.write_text(situations.scenario(trial, Declaration(), package, 5), "utf-8")
            assert model.load_scenario(file).header.appId == package


def test_of_a_jar_nothing_runs_that_is_not_called() -> None:
    late, early = sdk(), sdk(entry_points=[{**ENTRY, "when": "before_consent"}])
    assert {t.name: t.skip for t in situations.trials(late, [], "jar") if t.skip} == {
        "before_consent": "no_call", "refused": "no_call",
    }  # fmt: skip
    assert {t.name: t.skip for t in situations.trials(early, [], "jar") if t.skip} == {"too_early": "no_after"}


def test_entry_points_are_called_when_the_situation_says() -> None:
    calls = [
        {**ENTRY, "name": when, "when": when} for when in ("before_consent", "after_consent", "refusal", "withdrawal")
    ]
    one = sdk(entry_points=calls)
    plans = {trial.name: situations.plan(trial, one) for trial in situations.trials(one, [], "jar")}
    names = {key: [call["name"] for call in calls] for key, calls in plans["after_consent"].items() if key != "second"}
    assert names == {"early": ["before_consent"], "agreed": ["after_consent"], "refused": ["refusal"],
                     "withdrawn": ["withdrawal"]}  # fmt: skip
    assert [call["name"] for call in plans["too_early"]["early"]] == ["before_consent", "after_consent"]
    assert plans["too_early"]["agreed"] == [] and plans["second_process"]["second"]


@pytest.mark.parametrize(
    ("declaration", "more", "said"),
    [
        ("sdks: []", {}, "declares no SDK"),
        ("sdks: [{name: A}, {name: B}]", {}, "declares several SDKs.*--sdk A | B"),
        ("sdks: [{name: A}]", {"sdk": "C"}, "no SDK 'C'.*there are: A"),
        (
            "sdks: [{name: A, entry_points: [{class: cn.beacon.analytics.Beacon, method: stop}]}]",
            {"device": "emulator-5554"},
            "on a device a library runs in an app only",
        ),
        (
            "sdks: [{name: A, entry_points: [{class: cn.beacon.analytics.Beacon, method: stop}]}]",
            {"situation": ("sideways",)},
            "no such situation: sideways.*before_consent",
        ),
    ],
)
def test_bad_input_is_named_before_anything_starts(
    tmp_path: Path, declaration: str, more: dict[str, Any], said: str
) -> None:
    file = tmp_path / "d.yaml"
    file.write_text(declaration, "utf-8")
    library = apps.bundled_library("beacon", tmp_path)
    with pytest.raises(InputError, match=said):
        check(SdkOptions(library=str(library), declaration=file, out=tmp_path / "out", **more), Quiet())
    assert not (tmp_path / "out").exists()


def test_packages_that_only_the_file_names_are_the_librarys_own(tmp_path: Path) -> None:
    lib = archive(
        tmp_path / "lib.jar",
        **{name: CLASS for name in (
            "org/lib/Api.class", "org/lib/in/B.class", "q0/a.class", "q0/a/b.class", "a/b/c.class", "Bare.class",
            "okhttp3/Call.class", "kotlin/Unit.class", "com/umeng/A.class", "net/other/C.class", "netty/D.class",
            "META-INF/versions/9/x/D.class", "7up/E.class", "x y/F.class",
        )},
    )  # fmt: skip
    text = (
        "# kept by hand\nsdks:\n  - {name: Lib, package_prefixes: [org.lib], data_types: [android_id]}\n"
        "  - {name: Other, package_prefixes: [net.other]}\npolicy: {date: 2026-01-31}\n"
    )
    (tmp_path / "own.yaml").write_text(text, "utf-8")
    declaration = load_declaration(tmp_path / "own.yaml")
    library = open_library(lib)
    assert unnamed(library, declaration) == ["Bare", "a.b", "netty", "q0"]

    made = load_declaration(completed(tmp_path / "own.yaml", sdk(), unnamed(library, declaration), tmp_path))
    assert declaration.sdks and made.sdks
    assert made.sdks[0].package_prefixes == ["org.lib", "Bare", "a.b", "netty", "q0"]
    assert made.sdks[0].data_types == declaration.sdks[0].data_types and made.sdks[1] == declaration.sdks[1]
    assert made.policy == declaration.policy
    assert unnamed(library, made) == []


def test_of_an_app_no_package_is_taken_for_the_librarys(tmp_path: Path) -> None:
    app = archive(tmp_path / "app.apk", **{"AndroidManifest.xml": "", "classes/q0/a.class": CLASS})
    assert unnamed(open_library(app), Declaration(sdks=[sdk()])) == []


def test_the_host_has_a_second_process_only_where_it_is_called_there(tmp_path: Path) -> None:
    library = open_library(aar(tmp_path / "lib.aar"))
    for plan, services in (({"second": True}, [":second"]), ({"second": False}, [])):
        with zipfile.ZipFile(situations.make_host(library, plan, [], tmp_path / "host.apk")) as app:
            root = ElementTree.fromstring(app.read("AndroidManifest.xml"))
        assert [one.get(f"{ANDROID}process") for one in root.findall("application/service")] == services
