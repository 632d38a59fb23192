"""Each row agrees with the public API; wrong rows are found."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from hooks.signatures import framework, nesting
from hooks.signatures.check import problems, read_table
from hooks.signatures.java_source import Sources
from monitor.base.errors import InputError
from monitor.knowledge.catalogue import Levels, load_catalogue
from tests import command

ROOT = Path(__file__).resolve().parents[2]


ROWS = load_catalogue()
TABLE = read_table()
SOURCE = framework.read()


def test_no_row_contradicts_the_public_api() -> None:
    assert list(problems(ROWS, TABLE, framework.signatures(SOURCE))) == []


def test_every_row_is_complete() -> None:
    for row in ROWS:
        assert row.enabled or row.reason, f"{row.id}: off without a reason"
        assert row.kind != "field" or not row.enabled, f"{row.id}: cannot be hooked"
        if row.kind not in ("field", "native") and row.public in ("public", "hidden"):
            assert row.overloads or row.confidence != "confirmed", f"{row.id}: no signature"
        if row.data_type == "content_uri" and row.role == "source" and row.enabled and not row.observer:
            assert row.select or "authority" in row.why or row.method == "call", (
                f"{row.id}: does not resolve by authority"
            )


def test_native_rows_name_library_and_symbol() -> None:
    """Rows outside the Java API name a symbol of a library, and a path or key where calls are frequent."""
    native = [row for row in ROWS if row.native or row.kind == "native" or ".so" in row.cls]
    assert len(native) >= 20
    for row in native:
        assert row.kind == "native" and row.native and row.public == "hidden" and not row.overloads, row.id
        assert re.fullmatch(r"lib[a-z0-9]+\.so", row.cls), row.id
        assert re.fullmatch(r"[A-Za-z_]\w*", row.method), row.id
        assert row.observer == "" and not row.implementation and not row.receiver, row.id
        assert row.confidence in ("secondary", "unverified"), f"{row.id}: nothing here confirms it"
    for symbol in "open openat fopen opendir access faccessat stat ioctl __system_property_get".split():
        (row,) = (one for one in native if one.method == symbol)
        assert row.select and row.select.otherwise == "ignore", f"{row.id}: every call of the process passes here"
    assert [row.method for row in native if not row.enabled] == ["execve"]


def test_files_of_the_app_itself_are_not_counted() -> None:
    rows = [row for row in ROWS if row.select and "ext_files" in row.select.map.values() and row.enabled]
    assert len(rows) >= 16
    for row in rows:
        keys = list(row.select.map.items()) if row.select else []
        own = [n for n, (key, kind) in enumerate(keys) if "$own" in key and kind == "ignore"]
        others = [n for n, (key, kind) in enumerate(keys) if kind in ("apps", "ext_files")]
        assert own and max(own) < min(others), f"{row.id}: the app's own folders come first"


def test_methods_are_hooked_once() -> None:
    seen = Counter((row.cls, row.method) for row in ROWS if row.enabled)
    assert [target for target, n in seen.items() if n > 1] == []


PUBLIC = next(row for row in ROWS if row.id == "telephony.get_imei")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cls": "android.telephony.TelephonyManger"}, "is not in android.tsv"),
        ({"method": "getImeis"}, "no public member"),
        ({"overloads": ["(int)int"]}, "no public overload"),
        ({"overloads": ["(java.lang.String)java.lang.String"]}, "no public overload"),
        ({"overloads": ["()java.lang.String[]"]}, "no public overload"),
        ({"kind": "static"}, "is an instance method"),
        ({"kind": "field"}, "is a method"),
        ({"public": "hidden"}, "is public"),
        ({"public": "library"}, "not library"),
        ({"levels": Levels(since=26, deprecated=26)}, "deprecated by the level that it came with"),
    ],
)
def test_a_wrong_row_is_found(change: dict[str, object], words: str) -> None:
    assert list(problems([PUBLIC], TABLE)) == []
    found = list(problems([PUBLIC.model_copy(update=change)], TABLE))
    assert len(found) == 1 and words in found[0] and found[0].startswith("telephony.get_imei: ")


def test_every_signature_matters() -> None:
    """A result of another type is found in each public row that has a typed result (``any`` stands for all types)."""
    missed = []
    for row in ROWS:
        if row.public != "public" or row.kind in ("field", "constructor") or "." in row.method:
            continue
        for signature in row.overloads:
            broken = signature.rsplit(")", 1)[0] + ")no.such.Type"
            members = TABLE.get(row.cls, {}).get(row.method, [])
            if not list(
                problems([row.model_copy(update={"overloads": [broken]})], TABLE, framework.signatures(SOURCE))
            ):
                missed.append(row.id)
                assert any(one.result == "any" for one in members)
    assert len(missed) < 20


HIDDEN = next(row for row in ROWS if row.id == "settings.cache_get")


def test_no_row_contradicts_androids_source() -> None:
    assert list(framework.problems(ROWS, SOURCE, framework.left_out())) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"method": "getStringsForUser"}, "no source has"),
        ({"overloads": ["(int)int"]}, "no known level has getStringForUser(int)int"),
        ({"overloads": ["()java.lang.String"]}, "level 34 has also getStringForUser(android.content.ContentResolver"),
        ({"kind": "static"}, "is an instance method, not static"),
    ],
)
def test_a_row_that_the_source_contradicts_is_found(change: dict[str, object], words: str) -> None:
    assert list(framework.problems([HIDDEN], SOURCE, {})) == []
    found = list(framework.problems([HIDDEN.model_copy(update=change)], SOURCE, {}))
    assert any(words in line and line.startswith("settings.cache_get: ") for line in found)


def test_a_method_that_the_table_has_not_yet_is_no_fault() -> None:
    """Nor are the calls of it by others; anything else that differs is."""
    caller = next(one for one in SOURCE if one.calls)
    target = next(one for one in SOURCE if f"{one.cls}.{one.name}" in caller.calls)
    name = f"{target.cls}.{target.name}"
    less = [one for one in SOURCE if (one.cls, one.name) != (target.cls, target.name)]
    filed = [one._replace(calls=tuple(call for call in one.calls if call != name)) for one in less]
    assert framework.added(SOURCE, SOURCE) == ([], True)
    assert framework.added(SOURCE, filed) == ([name], True)
    assert framework.added(SOURCE, [one._replace(access="hidden") for one in filed]) == ([name], False)
    assert framework.added(filed, SOURCE) == ([], False)


def test_hooked_methods_nest_in_the_stand_in_as_in_android(tmp_path: Path) -> None:
    known = nesting.reasons()
    assert list(nesting.problems(ROWS, SOURCE, known)) == []
    assert (
        "android.content.ContentResolver.openInputStream",
        "android.content.ContentResolver.openAssetFileDescriptor",
    ) in (nesting.pairs(SOURCE))
    telephony = tmp_path / "android" / "telephony" / "TelephonyManager.java"
    telephony.parent.mkdir(parents=True)
    telephony.write_text(
        "package android.telephony; public class TelephonyManager { public String getImei() { return getMeid(); } }",
        "utf-8",
    )
    flat = list(nesting.problems(ROWS, SOURCE, {}, [tmp_path]))
    cls = "android.telephony.TelephonyManager"
    assert f"only Android's {cls}.getImei calls {cls}.getImei" in flat
    assert f"only the stand-in's {cls}.getImei calls {cls}.getMeid" in flat
    assert (
        "its reason in nesting.yaml is not needed"
        in list(nesting.problems(ROWS, SOURCE, known | {("a.B.c", "a.B.d"): "old"}))[-1]
    )


def test_a_reason_that_nothing_needs_is_found() -> None:
    found = list(framework.problems(ROWS, SOURCE, framework.left_out() | {("settings.cache_get", "(int)int"): "old"}))
    assert found == ["settings.cache_get: the reason for (int)int in left_out.yaml is not needed"]


def test_the_source_is_read_as_java_reads_it(tmp_path: Path) -> None:
    """Nested and inherited types, type variables, arrays, ``@hide``, and calls on fields, parameters and classes."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "Base.java").write_text("package a; class Base { static class Key {} void up() {} }", "utf-8")
    (tmp_path / "a" / "Reader.java").write_text(
        """package a;
import java.util.List;
import b.Other.Inner;
public class Reader<T extends CharSequence> extends Base {
    private final Other mOther = null;
    /** @hide */
    public static native <S> List<S> read(Key key, T[] texts, Inner inner, int... more);
    protected T first(Param given) { Local here = null; here.one(); given.two(); mOther.three(); up(); return null; }
    Reader(long at[]) { new Thread(() -> Elsewhere.four()); }
}
""",
        "utf-8",
    )
    sources = Sources([tmp_path])
    init, first, read = sorted(sources.members("a.Reader"), key=lambda one: one.name)
    assert read.signature == "(a.Base$Key,java.lang.CharSequence[],b.Other$Inner,int[])java.util.List"
    assert read.static and read.native and read.access == "hidden"
    assert first.signature == "(Param)java.lang.CharSequence" and first.access == "protected"
    assert {("Local", "one"), ("Param", "two"), ("Other", "three"), ("a.Base", "up")} <= first.calls
    assert init.name == "$init" and init.signature == "(long[])void" and init.access == "package"
    assert sources.supers("a.Reader") == ["a.Base"] and not sources.has("a.Missing")


def test_a_field_is_known_as_one() -> None:
    creator = next(row for row in ROWS if row.method == "CREATOR.createFromParcel")
    assert list(problems([creator], TABLE)) == []
    assert list(problems([creator.model_copy(update={"cls": "android.app.Dialog"})], TABLE)) != []


GOOD = """\
family: mine
description: A library of ours.
rows:
- id: mine.device_id
  class: com.example.lib.Ids
  method: deviceId
  role: source
  data_type: install_id
  public: library
  why: Our own identifier.
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("install_id", "shoe_size", "shoe_size"),
        ("role: source", "role: spring", "role"),
        ("  class: com.example.lib.Ids\n", "", "class"),
        ("com.example.lib.Ids", "com/example/Ids", "class"),
        ("  why:", "  wide: true\n  why:", "wide"),
        ("mine.device_id", "telephony.get_imei", "duplicate"),
        ("  method: deviceId", "  method: [deviceId", "YAML"),
        ("  method: deviceId", "  method: deviceId\n  overloads: [int foo()]", "signature"),
        ("rows:\n", "rows: none\nmore:\n", ""),
        ("family: mine\n", "", "family"),
    ],
)
def test_a_bad_file_gives_one_clear_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    mine = tmp_path / "mine.yaml"
    assert old in GOOD
    mine.write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(InputError) as caught:
        load_catalogue([mine])
    text = str(caught.value)
    assert words in text and "mine.yaml" in text and "Traceback" not in text and text.count("\n") <= 1


def test_the_reference_page_has_every_row() -> None:
    from hooks import page

    text = page.page()
    assert all(f"| `{row.id}` |" in text for row in ROWS)


def test_the_command_line_takes_own_rows_and_refuses_bad_ones(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    words = ("hooks", "list", "--json", "--hooks", mine)
    mine.write_text(GOOD, "utf-8")
    good = command.run(*words, cwd=tmp_path)
    assert good.returncode == 0 and json.loads(good.stdout.splitlines()[-1])["id"] == "mine.device_id"
    mine.write_text(GOOD.replace("role: source", "role: sauce"), "utf-8")
    bad = command.run(*words, cwd=tmp_path)
    assert bad.returncode == 2 and bad.stdout == "" and len(bad.stderr.splitlines()) == 1
    assert "mine.yaml: row 1 (mine.device_id): role" in bad.stderr


def test_what_only_makes_an_object_reads_nothing_and_what_starts_it_does() -> None:
    roles = {row.id: (row.role, row.data_type) for row in ROWS}
    for made, started, data_type in (
        ("sensors.direct_channel", "sensors.direct_configure", "sensors"),
        ("ranging_manager.create_ranging_session", "ranging_session.start", "nearby"),
        ("media_store.set_require_original", "exif_interface.get_lat_long", "exif_gps"),
        ("cell.listen", "phone_state_listener.on_cell_info_changed", "cell"),
        ("cell.register_callback", "telephony_callback_cell_info_listener.on_cell_info_changed", "cell"),
    ):
        assert (roles[made], roles[started]) == (("context", data_type), ("source", data_type))
    select = next(row.select for row in ROWS if row.id == "sensors.direct_configure")
    assert select is not None and select.map == {"0": "ignore"}  # RATE_STOP ends it
    select = next(row.select for row in ROWS if row.id == "phone_state_listener.on_call_state_changed")
    assert select is not None and (select.map, select.otherwise) == ({"*": "phone_no"}, "ignore")  # not an empty number
