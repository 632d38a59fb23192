"""Every hookable row, called by an app made for it: right data type and outcome, and the app unchanged."""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import adbutils
import msgspec
import pytest
import yaml

from monitor.assess.opened import Opened
from monitor.device.wire.server import AdbServer
from monitor.events import ApiCall, Consent, HookState, PermissionResult, Tap
from monitor.knowledge.catalogue import Row, load_catalogue
from monitor.record import record
from monitor.record.inputs import Options
from monitor.scenario.apps import bundled_app
from tests.runtimes import RUNTIMES, require
from tests.session.conftest import Quiet
from tests.standin.handset import Handset

pytestmark = pytest.mark.device
ROOT = Path(__file__).resolve().parents[2]
JAVA = ROOT / "emulator" / "java"
PACKAGE = "com.example.exerciser"
ONE_SIDED: dict[str, dict[str, str]] = yaml.load(
    (Path(__file__).parent / "runtimes.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
)
NOTES: dict[str, dict[str, Any]] = yaml.load((JAVA / "exerciser.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
ROWS = [row for row in load_catalogue() if row.enabled]
#: What the exerciser's arguments mean, for rows that look at an argument; all other providers are asked for contacts.
_SELECTED = {
    "health": "gatt gatt_callback",
    "phone_no": "phone_state_listener",
    "android_id": "settings settings.system_get",
    "sensors": "sensors.direct_configure",
    "hw_fp": "sensors.list settings_global.get_string files.new_input_stream libc_so",
    "serial": "system_properties",
    "apps": "application_package_manager apps libc_so.stat",
    "exec": "process_builder runtime.exec",
    "oaid": "ipc.bind_service",
    "exif_gps": "exif_interface media_exif_interface media_metadata_retriever",
    "ext_files": "os file files",
    "ip": "libc_so.ioctl",
}
SELECTED = {row: {kind} for kind, rows in _SELECTED.items() for row in rows.split()}
#: What the device's state says of classes that are generated from the catalogue.
STATE = {"generated": {"telecom_manager.get_line1_number": "denied", "user_manager.get_user_name": "null"}}
#: Libraries that the app does not carry; tests/hooks/test_followed.py calls them.
EMBEDDED = "org.bouncycastle."
#: At most so many rows of Java methods that this runtime cannot call.
UNCALLED = 7
#: Functions that a libc has elsewhere than on Android, too.
LIBC = set("open openat fopen opendir access faccessat stat ioctl getifaddrs posix_spawn popen system".split())
#: The bed's libc.so has this one, for Frida's bridge.
BED_LIBC = ("__system_property_get", "art")


class Both(msgspec.Struct):
    """What one app did without the monitor and with it."""

    runtime: str
    plain: list[str]
    watched: list[str]
    calls: dict[str, list[ApiCall]]
    health: dict[str, int]
    coverage: dict[str, dict[str, Any]]
    truth: list[dict[str, Any]]
    answers: list[tuple[int, str]]
    """Code and result of the permission requests that were told as answered."""
    turned: list[tuple[str, str]]
    """What was told of a switch, in order: its taps and what its listener stored."""
    bundle: Path


def play(handset: Handset, directory: Path) -> list[str]:
    """The scenario's steps over plain adb, without the monitor."""
    handset.adb("install", str(bundled_app("exerciser", directory)))
    manifest = (JAVA / "apps" / "exerciser" / "AndroidManifest.xml").read_text("utf-8")
    script = "; ".join(
        f"pm grant {PACKAGE} {name} 2>/dev/null" for name in re.findall(r'permission android:name="([\w.]+)"', manifest)
    )
    handset.shell(f"{script}; true")
    handset.shell(f"am start -n {PACKAGE}/.MainActivity")
    handset.wait("done", 60)
    handset.shell("input keyevent 4")
    return handset.wait_log("ExerciserOut", "exit.finish_affinity")


@pytest.fixture(scope="module", params=RUNTIMES)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    require(request.param)
    home = tmp_path_factory.mktemp("exerciser")
    server = AdbServer.private(home / "adb")
    try:
        env = {**os.environ, "HOME": str(home)}
        for name in ("a", "b"):
            (home / name).mkdir()
        state = home / "state.yaml"
        state.write_text(yaml.safe_dump(STATE), "utf-8")
        options = ("--runtime", request.param, "--state", str(state))
        alone, handset = (Handset(adbutils.adb_path(), env, home / name, *options) for name in ("a", "b"))
        # The app requests its own server on loopback, which the proxy never connects to: only a sinkhole answers.
        how = Options(scenario="exerciser", out=home / "bundle", device=handset.serial, proxy="sinkhole")
        with ThreadPoolExecutor() as beside:  # one waits for its app while the other works
            playing = beside.submit(play, alone, home)
            outcome = record(how, Quiet())
            plain = playing.result()
        assert outcome.fault is None, outcome.fault
        watched = handset.wait_log("ExerciserOut", "exit.finish_affinity")
        truth = handset.truth()
        alone.close()
        handset.close()
    finally:
        server.stop()
    calls: dict[str, list[ApiCall]] = defaultdict(list)
    health: Counter[str] = Counter()
    answers, turned = [], []
    with Opened(home / "bundle") as opened:
        for event in opened.events():
            if isinstance(event, Tap) and event.label == "turns":
                turned.append(("tap", event.checked))
            elif isinstance(event, Consent) and event.detail.get("key") == "privacy_of_switch":
                turned.append(("stored", event.detail["value"]))
            elif isinstance(event, PermissionResult) and event.via == "hook":
                answers.append((event.code, event.result))
            elif isinstance(event, ApiCall):
                calls[event.hook].append(event)
            elif isinstance(event, HookState) and event.final:
                health.update(event.calls)
    lines = map(msgspec.json.decode, (home / "bundle" / "coverage.jsonl").read_bytes().splitlines())
    coverage = {line["id"]: line for line in lines if line["line"] == "hook"}
    yield Both(request.param, plain, watched, calls, health, coverage, truth, answers, turned, home / "bundle")


def uncalled(row: Row, runtime: str) -> str:
    """Why the exerciser does not reach a row on a runtime; empty if it does."""
    if row.id in ONE_SIDED:
        return "" if ONE_SIDED[row.id]["seen"] == runtime else ONE_SIDED[row.id]["why"]
    return str(NOTES.get(row.id, {}).get("reason", ""))


def test_each_difference_between_the_runtimes_is_of_a_row_and_has_its_reason() -> None:
    assert set(ONE_SIDED) <= {row.id for row in ROWS}
    for entry in ONE_SIDED.values():
        assert entry.keys() == {"seen", "why"} and entry["seen"] in ("jvm", "art") and len(entry["why"]) > 20


def silent(row: Row) -> bool:
    """Rows that report windows, taps, consent … instead of a call."""
    return row.observer == "request" or (row.observer != "" and row.role not in ("source", "sink", "transform"))


def test_the_app_does_the_same_with_and_without_the_monitor(both: Both) -> None:
    assert both.watched == both.plain
    assert len(both.plain) > 700


def test_every_hookable_row_is_exercised(both: Both) -> None:
    never = {row.id for row in ROWS if not both.health.get(row.id)}
    assert never == {row.id for row in ROWS if uncalled(row, both.runtime)}
    unreachable = [
        row
        for row in ROWS
        if row.id in never and row.kind != "native" and row.id not in ONE_SIDED and not row.cls.startswith(EMBEDDED)
    ]
    assert len(unreachable) <= UNCALLED


def test_coverage_says_so(both: Both) -> None:
    for row in load_catalogue():
        line = both.coverage[row.id]
        if not row.enabled:
            assert line["state"] == "not_observable" and row.reason[:40] in line["why"], line
        elif not uncalled(row, both.runtime):
            assert line["state"] == "fired", line
        elif row.kind == "native" and row.method not in LIBC and (row.method, both.runtime) != BED_LIBC:
            assert line["state"] == "not_observable", line
            assert row.cls in line["why"], line
        elif row.kind == "native":
            assert (line["state"], line["why"]) == ("silent", "installed, never called")


def test_each_call_has_the_data_type_that_its_arguments_say(both: Both) -> None:
    wrong = {}
    inner = {name[name.rindex(".") :] for calls in both.calls.values() for call in calls for name in call.inner}
    for row in ROWS:
        if uncalled(row, both.runtime) or silent(row):
            continue
        expected = {row.data_type}
        if row.select:
            expected = SELECTED.get(row.id) or SELECTED.get(row.id.split(".")[0]) or {"contacts"}
        found = {call.data_type for call in both.calls[row.id]}
        if row.observer == "cursor" and row.role == "context":
            expected = {"contacts"}
        if not found and (f".{row.method}" in inner or row.role == "lifecycle"):
            continue  # Inside another call of its data type, reported once: with its name, or as a lifecycle event.
        if not expected <= found:
            wrong[row.id] = (expected, found)
    assert wrong == {}


#: Getters that ask another overload of themselves, as AOSP's do (API 33).
NESTED = """telephony.get_imei telephony.get_meid telephony.get_subscriber_id telephony.get_sim_serial_number
telephony.get_line1_number telephony.get_network_country_iso telephony.get_type_allocation_code
telephony_manager.get_manufacturer_code location.last_known""".split()


def test_a_getter_that_asks_its_other_overload_is_one_read(both: Both) -> None:
    rows = {row.id: row for row in ROWS}
    for name in NESTED:
        outer = [call for call in both.calls[name] if call.sig in ("()", "(java.lang.String)") or call.inner]
        within = f"{rows[name].cls}.{rows[name].method}"
        assert outer and all(call.inner == [within] for call in outer), (name, [(c.sig, c.inner) for c in outer])


def test_what_asks_which_interface_has_an_address_is_one_read(both: Both) -> None:
    """On ART it asks the system for all addresses, then each interface for its own."""
    calls = both.calls["network_interface.get_by_inet_address"]
    parts = {"libcore.io.Linux.getifaddrs", "java.net.NetworkInterface.getInetAddresses"}
    assert calls and all(both.runtime != "art" or parts <= set(call.inner) for call in calls), calls


def said(line: str) -> tuple[str, str]:
    """Row and outcome of one line of the app's own output."""
    _, row, _, *words = line.split()
    kind = " ".join(words)
    if kind.startswith("throws"):
        return row, "denied" if kind.endswith("SecurityException") else "exception"
    if kind == "empty collection":  # Counted as nothing where the row counts, else it is an object.
        return row, "empty"
    return row, "null" if kind in ("null", "empty text", "empty array") else "value"


def test_each_outcome_is_what_the_app_got(both: Both) -> None:
    rows = {row.id: row for row in ROWS}
    wrong = set()
    for line in both.watched:
        name, outcome = said(line)
        row = rows.get(name)
        if row is None or row.hot or silent(row) or row.role in ("popup", "lifecycle") or uncalled(row, both.runtime):
            continue
        found = {call.outcome for call in both.calls[name]}
        if row.kind == "native" and (not found or row.method == "ioctl"):
            continue  # A part of the call of a Java row; or reported before its outcome is known.
        allowed = {"value": {"value", "constant"}, "empty": {"value", "null"}}.get(outcome, {outcome})
        if row.result == "point":  # there is no position in the exerciser's photo, whatever says so
            allowed = {"null"}
        if not found & allowed:
            wrong.add((name, outcome, tuple(sorted(found))))
    assert wrong == set()


def test_an_answer_that_the_app_gives_itself_is_none(both: Both) -> None:
    """It calls ``onRequestPermissionsResult`` with the code 9; 7 is the request that the device answered."""
    assert {code for code, _ in both.answers} == {7}


def test_the_click_of_a_switch_is_told_before_what_its_listener_does(both: Both) -> None:
    """And where that turns it back, so is this."""
    kept = [("tap", "on"), ("stored", "true")]
    assert both.turned == [*kept, *kept, ("tap", "off")]


def test_what_a_pool_reads_is_of_the_sdk_that_gave_it_the_task(both: Both) -> None:
    lent = [call for call in both.calls["telephony.get_meid"] if call.args.get("handover") == "yes"]
    ways = [line.split()[2] for line in both.watched if line.split()[1] == "handover"]
    assert len(ways) == 7
    own = [call for call in both.calls["telephony.get_meid"] if call not in lent]
    if both.runtime == "art":
        # A method reference is a class of the SDK there: it is on the stack itself when the pool runs it.
        assert not lent
        assert {call.sdk for call in own} == {"app", "example_beacon"}
        assert sum(call.sdk == "example_beacon" for call in own) == 7
        return
    assert [(call.sdk, call.outcome) for call in lent] == [("example_beacon", "value")] * 7
    assert len({call.tid for call in lent}) > 1
    assert own and {call.sdk for call in own} == {"app"}


def test_outcomes_agree_with_the_device(both: Both) -> None:
    """Where the device logged what it returned, the recorded outcome is of the same kind."""
    kinds = {"value": "value", "empty": "null", "null": "null", "constant": "constant", "denied": "denied"}
    truth: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for line in both.truth:
        if line["what"] == "api" and line["process"] == PACKAGE:
            truth[line["data_type"], line["cls"], line["method"]].add(kinds.get(line["outcome"], "exception"))
    agreed, wrong = 0, []
    for row in ROWS:
        if row.role != "source" or row.hot or row.overrides:
            continue
        for call in both.calls[row.id]:
            given = truth.get((call.data_type, call.cls, call.method))
            if not given:
                continue
            agreed += 1
            same = call.outcome in given or {call.outcome, *given} <= {"value", "constant", "null"}
            if not same:
                wrong.append((row.id, call.outcome, given))
    assert wrong == []
    assert agreed > 200


def test_a_changed_signature_makes_them_stale() -> None:
    from emulator.java import generate

    rows = load_catalogue()
    changed = next(n for n, row in enumerate(rows) if row.cls == "android.telecom.TelecomManager")
    rows[changed] = rows[changed].model_copy(update={"overloads": ["(int)int"]})
    path = generate.GENERATED / "android" / "telecom" / "TelecomManager.java"
    assert generate.sources(rows)[path] != path.read_text("utf-8")


def test_a_generated_class_gives_what_the_device_state_says(both: Both) -> None:
    wanted = {**STATE["generated"], "telecom_manager.get_call_capable_phone_accounts": "value"}
    assert {name: {call.outcome for call in both.calls[name]} for name in wanted} == {
        name: {outcome} for name, outcome in wanted.items()
    }
