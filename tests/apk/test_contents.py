"""What is in an app's file: references with their owners, libraries, hosts, certificates. Presence is not behaviour."""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import zipfile
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.correlate.owner import Owners
from monitor.analysis.coverage.reference import Reference, reference_lines
from monitor.apk.contents import Contents, contents
from monitor.apk.dex import Dex
from monitor.apk.identity import read_manifest, signers
from monitor.apk.parts import Parts, opened
from monitor.apk.references import references
from monitor.base.errors import InputError
from monitor.base.paths import bundled
from monitor.device import appfiles
from monitor.knowledge.catalogue import load_catalogue
from monitor.knowledge.tables import UNLISTED, Packages, load_organisations, load_sdks
from monitor.scenario.apps import bundled_app, bundled_apps, bundled_library
from tests.apk.making import Call, Class, dex, packed, signed, signing_block, zipped
from tests.command import run
from tests.device.test_manifest import binary

#: A class of the stand-in's framework, as a compiler made it.
CLASS = zipfile.ZipFile(bundled("emulator") / "java" / "standin.jar").read(
    "apps/shop/classes/cn/beacon/analytics/Beacon.class"
)
STRING = "Ljava/lang/String;"
TELEPHONY = "android.telephony.TelephonyManager"
IMEI = Call("invoke", TELEPHONY, "getImei", (), STRING)
SERIAL = Call("read", "android.os.Build", "SERIAL", (), STRING)
SETTING = Call("invoke", "android.provider.Settings$Secure", "getString",
               ("Landroid/content/ContentResolver;", STRING), STRING)  # fmt: skip
ASKS = Call("invoke", "com.example.app.Screen", "requestPermissions", ("[Ljava/lang/String;", "I"))
MANIFEST = binary(
    ("manifest", {"package": "com.example.app"}),
    ("uses-permission", {"name": "android.permission.READ_PHONE_STATE"}),
    ("uses-permission", {"name": "com.example.app.OWN"}),
    ("application", {"name": ".App"}),
    ("activity", {"name": ".Screen"}),
    ("receiver", {"name": "com.umeng.message.Woken"}),
)
APP = (
    Class("com.example.app.Screen", "android.app.Activity", {
        "ask": [ASKS], "id": [Call("text", name="android_id"), SETTING],
        "other": [Call("text", name="volume"), SETTING],
    }),
    Class("com.umeng.analytics.Device", methods={
        "a": [IMEI, SERIAL], "b": [Call("text", name="https://ulogs.umeng.com/x")],
    }),
    # Its bytes look like a call, as the number that an instruction loads.
    Class("com.acme.push.Decoy", methods={"x": [Call("", units=(0x0014, 0x0071, 0))]}),
    Class("com.acme.push.More"), Class("com.acme.push.Most"),
)  # fmt: skip
FILES = {"AndroidManifest.xml": MANIFEST, "classes.dex": dex(APP)}


@cache
def read(path: Path) -> Contents:
    return contents(path, load_catalogue(), load_sdks(), load_organisations())


@pytest.fixture
def apk(tmp_path: Path) -> Path:
    return packed(tmp_path / "app.apk", FILES)


def named(found: Contents) -> dict[tuple[str, str], tuple[list[str], bool]]:
    return {(one.owner, one.hook): (one.data_types, one.open) for one in found.references}


def test_references_have_their_owner_and_permissions_their_level(apk: Path) -> None:
    levels = {one.name: one.level for one in read(apk).manifest.permissions}
    assert levels == {"android.permission.READ_PHONE_STATE": "dangerous", "com.example.app.OWN": ""}
    found = named(read(apk))
    assert found["umeng_analytics", "telephony.get_imei"] == (["imei", "meid"], False)
    assert found["umeng_analytics", "build.serial"] == (["serial"], False)
    # One call beside the name of a setting that identifies, another beside a name that is none.
    assert found["app", "settings.secure_get"] == (["android_id"], True)
    # The code names its own class: the member is the platform's.
    assert found["app", "permission.request"] == (["permission"], False)
    assert {owner for owner, _ in found} == {"umeng_analytics", "app"}  # Decoy calls nothing


def test_what_the_bytes_look_like_is_no_reference() -> None:
    targets = range(4)  # among them the number of the method
    decoys = [(0x0014, 0x0071, n) for n in targets] + [(0x0018, 0x0071, n, 0, 0) for n in targets]
    for units in decoys + [(0x0300, 2, 4, 0, 0x0071, n, 0, 0) for n in targets]:
        data = dex([Class("a.Real", methods={"r": [IMEI]}), Class("a.Decoy", methods={"d": [Call("", units=units)]})])
        uses = {use.cls for _, use in Dex(data).uses({"getImei"}, lambda cls, name, _: cls + name)}
        assert uses == {"a.Real"}


def test_libraries_are_recognised_by_classes_and_components(apk: Path) -> None:
    found = {one.sdk: one for one in read(apk).libraries}
    assert (found["umeng_analytics"].classes, found["umeng_analytics"].prefixes) == (1, ["com.umeng.analytics"])
    assert (found["umeng_push"].classes, found["umeng_push"].components) == (0, ["com.umeng.message.Woken"])
    assert found["lib:com.acme"].classes == 3
    assert set(found) == {"umeng_analytics", "umeng_push", "lib:com.acme"}


def test_hosts_and_policies_are_found_in_every_coding(tmp_path: Path) -> None:
    wide = "https://www.example.cn/privacy.html".encode("utf-16-le")
    script = b'go("wss://push.example.cn:443/x"); h = "plbslog.umeng.com"; p = "com.acme.push"'
    more = {"resources.arsc": b"\0\0" + wide + b"\0\0", "assets/a.js": script}
    found = read(packed(tmp_path / "a.apk", FILES | more))
    assert {one.host: one.org for one in found.hosts} == {
        "ulogs.umeng.com": "umeng", "plbslog.umeng.com": "umeng", "push.example.cn": "", "www.example.cn": "",
    }  # fmt: skip
    assert found.policies == ["https://www.example.cn/privacy.html"]


def certificate(name_: str = "Example") -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name_)])
    now = datetime.datetime(2026, 1, 1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=9))
    return key, made.sign(key, hashes.SHA256())


def v1(key: ec.EllipticCurvePrivateKey, signer: x509.Certificate, *carried: x509.Certificate) -> bytes:
    """A signature file. ``carried``: further certificates in it."""
    made = pkcs7.PKCS7SignatureBuilder().set_data(b"x")
    made = made.add_signer(signer, key, hashes.SHA256())
    for one in carried:
        made = made.add_certificate(one)
    return made.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature])


def test_certificates_of_every_scheme_are_named(tmp_path: Path) -> None:
    key, made = certificate()
    der = made.public_bytes(serialization.Encoding.DER)
    block = v1(key, made)
    path = packed(tmp_path / "a.apk", FILES | {"META-INF/X.EC": block})
    path.write_bytes(signed(path.read_bytes(), der))
    (one,) = read(path).signers
    assert (one.sha256, one.subject, one.until, one.schemes) == (
        sha256(der).hexdigest(), "CN=Example", "2026-01-10", ["v1", "v2"],
    )  # fmt: skip


def test_a_certificate_that_is_only_carried_along_is_not_the_signers(tmp_path: Path) -> None:
    """Of the certificates in a signature file, Android takes the one that the signature names."""
    key, signer = certificate("Somebody")
    _, vendor = certificate("V")
    block = v1(key, signer, vendor)
    assert pkcs7.load_der_pkcs7_certificates(block)[0] == vendor
    path = packed(tmp_path / "a.apk", FILES | {"META-INF/X.EC": block})
    assert [one.subject for one in read(path).signers] == ["CN=Somebody"]


def test_the_newest_scheme_names_the_signer_first_and_the_first_block_of_it_counts() -> None:
    """A new Android does not look at what older schemes say, nor at a second block of one."""
    ders = {name: certificate(name)[1].public_bytes(serialization.Encoding.DER) for name in "ABCD"}
    pairs = ((0x7109871A, "A"), (0xF05368C0, "B"), (0xF05368C0, "C"), (0x1B93AD61, "D"))
    body = b"".join(signing_block(ders[name], scheme)[8:-24] for scheme, name in pairs)
    size = (len(body) + 24).to_bytes(8, "little")
    found = signers(size + body + size + b"APK Sig Block 42", [])
    assert [(one.subject, one.schemes) for one in found] == [("CN=D", ["v3.1"]), ("CN=B", ["v3"]), ("CN=A", ["v2"])]


@pytest.mark.parametrize("name", bundled_apps())
def test_every_sample_app_can_be_read(name: str, tmp_path: Path) -> None:
    found = read(bundled_app(name, tmp_path))
    assert found.limits == [] and found.kind == "standin" and "." in found.manifest.package
    assert found.classes > 1 and bool(found.references) == (name != "sdkhost")  # which runs the code of others


def test_every_public_source_that_an_app_calls_is_found(tmp_path: Path) -> None:
    """The exerciser calls one overload of each row that can be called, by its public name."""
    rows = [row for row in load_catalogue() if row.enabled and row.role == "source" and row.public == "public"]
    found = {one.hook for one in read(bundled_app("exerciser", tmp_path)).references}
    missing = {row.id for row in rows if not row.overrides and row.kind != "native"} - found
    assert missing == {"location.get_current"}  # whose second overload is called


def test_a_library_is_read_alone_in_an_aar_and_in_a_container(tmp_path: Path) -> None:
    jar = bundled_library("beacon", tmp_path)
    wanted = {hook for owner, hook in named(read(jar)) if owner == "example_beacon"}
    assert {"telephony.get_imei", "apps.installed_packages", "settings.secure_get"} <= wanted
    aar = packed(
        tmp_path / "b.aar", {"AndroidManifest.xml": b"<manifest package='cn.beacon'/>", "classes.jar": jar.read_bytes()}
    )
    assert {hook for _, hook in named(read(aar))} == wanted and read(aar).kind == "aar"
    base = packed(tmp_path / "base.apk", FILES)
    split = binary(("manifest", {"package": "com.example.app", "split": "config.de"}))
    other = packed(tmp_path / "split.apk", {"AndroidManifest.xml": split})
    apks = packed(tmp_path / "a.apks", {"split.apk": other.read_bytes(), "base.apk": base.read_bytes()})
    assert named(read(apks)) == named(read(base)) and read(apks).manifest.package == "com.example.app"


# Hostile files --------------------------------------------------------------------------------------------------------


WHOLE = zipped(*FILES.items())


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=12), st.booleans())
def test_a_changed_file_is_read_or_refused(changes: list[tuple[int, int]], cut: bool) -> None:
    data = bytearray(WHOLE[: len(WHOLE) // 2 if cut else len(WHOLE)])
    for place, value in changes:
        data[place % len(data)] = value
    parts = Parts()
    try:
        parts.read(io.BytesIO(bytes(data)), "x")
    except InputError:
        return
    whole_of(parts.manifest, [one for _, one in parts.dex], parts.classes)


@settings(max_examples=200)
@given(st.data())
def test_changed_code_is_read_or_noted(data: st.DataObject) -> None:
    changed = bytearray(data.draw(st.sampled_from([FILES["classes.dex"], CLASS])))
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    whole_of(MANIFEST, [bytes(changed)], [bytes(changed)])


@cache
def owners() -> Owners:
    return Owners(Packages(load_sdks()), ["com.example.app"])


def whole_of(manifest: bytes, dexes: list[bytes], classes: list[bytes]) -> None:
    """Everything that is done with a file's parts, in memory."""
    with contextlib.suppress(ValueError):
        read_manifest(manifest)
    parts = Parts()
    parts.dex, parts.classes = [("classes.dex", data) for data in dexes], classes
    references(parts, load_catalogue(), owners())


def test_what_unpacks_to_too_much_is_noted_and_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.apk.parts.MAX_BYTES", 3_000_000)
    more = {"classes2.dex": b"dex\n035\0" + bytes(50_000_000), "classes3.dex": bytes(2_000_000)}
    found = contents(packed(tmp_path / "bomb.apk", FILES | more), load_catalogue(), load_sdks(), load_organisations())
    assert [line.partition(":")[0] for line in found.limits] == ["classes2.dex", "classes3.dex"]
    assert ("umeng_analytics", "telephony.get_imei") in named(found)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"BundleConfig.pb": b"", "base/dex/classes.dex": b""}, "an app bundle"),
        ({"readme.txt": b"hello"}, "no manifest and no code"),
    ],
)
def test_what_is_no_app_is_refused_with_the_reason(files: dict[str, bytes], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        read(packed(tmp_path / "x.apk", files))


def test_what_an_app_puts_beside_its_code_makes_it_nothing_else(tmp_path: Path) -> None:
    """Android installs it all the same: a name of a library's, a bundle's or a stand-in app's file hides nothing."""
    plain = packed(tmp_path / "app.apk", FILES)
    odd = packed(tmp_path / "odd.apk", {**FILES, **dict.fromkeys(("classes.jar", "BundleConfig.pb", "classes/a"), b"")})
    assert (read(odd).kind, named(read(odd))) == ("apk", named(read(plain))) and appfiles.kind(odd) != "library"
    aar = packed(tmp_path / "b.aar", {"AndroidManifest.xml": b"<manifest package='cn.beacon'/>", "classes.jar": b""})
    assert appfiles.kind(aar) == "library"


def test_a_directory_and_a_text_are_refused_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "a.apk").write_text("hello")
    for name, said in ((".", "a directory"), ("a.apk", "not an archive"), ("none.apk", "no such file")):
        with pytest.raises(InputError, match=said):
            opened(tmp_path / name)


# What a session makes of it -------------------------------------------------------------------------------------------


def test_what_is_referenced_and_never_called_is_listed_with_its_owner() -> None:
    """Half of the sources that the code names were called by it; one was called by another's code only."""
    hooks = [row.id for row in load_catalogue() if row.enabled and row.role == "source" and row.data_type == "imei"][:2]
    both = {"app": hooks, "umeng": hooks}
    references = [
        Reference(hook=hook, cls="a.B", member="m", role="source", owner=owner, data_types=["imei"], classes=["x.Y"])
        for owner, named_ in both.items() for hook in named_
    ]  # fmt: skip
    states = dict.fromkeys(hooks, "silent") | {hooks[0]: "fired"}
    lines = reference_lines(references, {(hooks[0], "app")}, states, {"umeng": "Umeng"})
    assert [(one.id, one.state) for one in lines if one.line == "reference"] == [
        (f"app:{hooks[1]}", "not_exercised"),
        (f"umeng:{hooks[0]}", "not_exercised"),
        (f"umeng:{hooks[1]}", "not_exercised"),
    ]  # fmt: skip
    assert [one.detail["count"] for one in lines if one.line == "note"] == ["2", "1"]
    # A call of nobody known may have been anyone's; what could not be observed is not said to be silent.
    assert reference_lines(references[:1], {(hooks[0], "")}, states, {}) == []
    (unseen,) = reference_lines(references[1:2], set(), {hooks[1]: "not_observable"}, {})
    assert unseen.state == "not_observable"


def test_code_that_references_something_is_in_a_library_that_is_named(tmp_path: Path) -> None:
    """However few classes it has: who reads in the table of references is no stranger in that of libraries."""
    found = read(bundled_app("ride", tmp_path))
    owners = {one.owner for one in found.references if one.owner.startswith(UNLISTED)}
    assert owners and owners <= {one.sdk for one in found.libraries}


# One app in four builds: an SDK under its own names, renamed, in the one dex of the app, and in a further dex ---------

OWN = Class("com.example.app.Screen", "android.app.Activity", {"show": [Call("text", name="volume")]})
HOST = Call("text", name="https://api.mixpanel.com/track")
ACTION = Call("text", name="com.mixpanel.android.MPConfig.EventsEndpoint")


def sdk(package: str, *texts: Call) -> Class:
    """A class of the SDK in a package."""
    return Class(f"{package}.A", methods={"a": [*texts, Call("text", name="android_id"), SETTING]})


def built(path: Path, *dexes: bytes) -> Contents:
    codes = {f"classes{'' if number == 1 else number}.dex": data for number, data in enumerate(dexes, 1)}
    return read(packed(path, {"AndroidManifest.xml": MANIFEST, **codes}))


@pytest.mark.parametrize("package", ["com.mixpanel.android", "a.b", "com.acme.tracking"])
@pytest.mark.parametrize("dexes", [1, 2])
def test_the_code_is_the_sdks_or_said_to_be_perhaps(tmp_path: Path, package: str, dexes: int) -> None:
    classes = [[OWN, sdk(package, HOST, ACTION)]] if dexes == 1 else [[OWN], [sdk(package, HOST, ACTION)]]
    found = built(tmp_path / "app.apk", *map(dex, classes))
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
    (one,) = built(tmp_path / "app.apk", dex([OWN, sdk("a.b", HOST)])).renamed
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
    assert built(tmp_path / "app.apk", dex(classes)).renamed == []


@pytest.mark.parametrize("name", ["com.paypal.android.p2pmobile", "com.paypal.merchant.client", "com.paypal.Wallet"])
def test_the_name_of_another_app_for_which_code_looks_is_no_trace_of_an_sdk(tmp_path: Path, name: str) -> None:
    assert built(tmp_path / "app.apk", dex([OWN, sdk("a.b", Call("text", name=name))])).renamed == []


@pytest.mark.parametrize(
    ("name", "sdk_id"),
    [("com.paypal.checkout.PayPalCheckout", "paypal"), ("com.umeng.analytics.process", "umeng_analytics")],
)
def test_a_class_or_a_name_in_a_librarys_own_package_is_one(tmp_path: Path, name: str, sdk_id: str) -> None:
    (one,) = built(tmp_path / "app.apk", dex([OWN, sdk("a.b", Call("text", name=name))])).renamed
    assert (one.sdk, one.certainty) == (sdk_id, "possible")


def test_classes_with_names_of_the_platforms_are_named(tmp_path: Path) -> None:
    """… if they are hooked ones; not those that apps bring as libraries."""
    brought = (
        "android.provider.Settings$Secure", "javax.inject.Inject", "org.json.JSONObject", "j$.util.Optional",
        "org.apache.http.impl.client.AbstractHttpClient", "android.support.v4.app.ActivityCompat",
        "androidx.core.app.ActivityCompat",
    )  # fmt: skip
    path = packed(tmp_path / "app.apk", FILES | {"classes2.dex": dex([Class(name) for name in brought])})
    assert read(path).platform == ["android.provider.Settings$Secure"]
    shown = run("app", path, "--lang", "zh", cwd=tmp_path).stdout
    assert "android.provider.Settings$Secure" in shown.replace("\n", "")
    kinds = [json.loads(line)["line"] for line in run("app", path, "--json", cwd=tmp_path).stdout.splitlines()]
    assert kinds.count("platform") == 1


def test_the_command_says_everything_in_both_languages(tmp_path: Path) -> None:
    path = packed(tmp_path / "app.apk", FILES | {"classes2.dex": dex([sdk("a.b", HOST, ACTION)])})
    renamed = ("may be a known library", "api.mixpanel.com", "likely")
    words = {"en": ("Presence is not behaviour", "in code of", "Umeng", *renamed), "zh": ("存在不等于行为", "代码归属")}
    for lang, wanted in words.items():
        shown = run("app", path, "--lang", lang, cwd=tmp_path)
        assert shown.returncode == 0 and not shown.stderr
        assert all(word in shown.stdout for word in wanted), shown.stdout
    lines = [json.loads(line) for line in run("app", path, "--json", cwd=tmp_path).stdout.splitlines()]
    kinds = {"app", "permission", "component", "library", "renamed", "reference", "host"}
    assert {one["line"] for one in lines} == kinds
