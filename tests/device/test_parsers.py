"""Every parser on outputs of real devices, compared as a whole with golden files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.device import parse, watch
from monitor.session.handset import Component
from tests.device.logs import record, records

Outputs = Callable[[str], dict[str, str]]
Golden = Callable[[str, str], None]
FIXTURES = Path(__file__).parents[1] / "fixtures" / "device"


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str, sort_keys=True) + "\n"


def named(rows: list[Any]) -> list[Any]:
    return [row._asdict() if hasattr(row, "_asdict") else row for row in rows]


def test_every_fixture_has_an_origin_and_a_permissive_licence() -> None:
    rows = [line.split("\t") for line in (FIXTURES / "INDEX.tsv").read_text("utf-8").splitlines()[1:]]
    files = {path.relative_to(FIXTURES).as_posix() for path in FIXTURES.rglob("*") if path.is_file()}
    assert {row[0] for row in rows} == files - {"INDEX.tsv"}
    assert {row[5] for row in rows} <= {"Apache-2.0", "MIT", "BSD-3-Clause", "0BSD"}
    assert all(row[4] for row in rows)


def test_getprop(outputs: Outputs, golden: Golden) -> None:
    keys = ("ro.build.version.sdk", "ro.build.version.release", "ro.product.cpu.abi", "ro.product.manufacturer")
    found = {name: parse.system.getprop(text) for name, text in outputs("getprop").items()}
    assert all(props.get("ro.build.version.sdk", "").isdigit() for props in found.values())
    golden("getprop.json", as_json({name: [len(p), *(p.get(k) for k in keys)] for name, p in found.items()}))


def test_a_property_may_span_lines_and_lines_may_end_with_cr() -> None:
    text = "[a.b]: [one]\r\n[boot.history]: [reboot,1\nshutdown,2\n]\r\n[c]: []\r\n[d]: [x [y] z]\r\n"
    assert parse.system.getprop(text) == {"a.b": "one", "boot.history": "reboot,1\nshutdown,2", "c": "", "d": "x [y] z"}


def test_focus(outputs: Outputs, golden: Golden) -> None:
    golden("focus.json", as_json({n: parse.screen.focused(t) for n, t in outputs("dumpsys-window").items()}))


@pytest.mark.parametrize(
    "line",
    [
        "    mResumedActivity: ActivityRecord{1e44eb8 u0 com.a.b/.view.Home t653}",
        "    ResumedActivity: ActivityRecord{1e44eb8 u0 com.a.b/com.a.b.view.Home t653}",
        "  Resumed: ActivityRecord{1e44eb8 u0 com.a.b/.view.Home t653}",
        "    topResumedActivity=ActivityRecord{723ebbb u0 com.a.b/.view.Home t1082}",
    ],
)
def test_all_spellings_of_the_resumed_activity(line: str) -> None:
    assert parse.screen.resumed(line) == [Component("com.a.b", "com.a.b.view.Home")]


@pytest.mark.parametrize(
    "owner", ["com.android.permissioncontroller", "com.lbe.security.miui", "com.google.android.packageinstaller"]
)
def test_the_permission_dialog_is_known_by_the_end_of_its_name(owner: str) -> None:
    text = f"  mCurrentFocus=Window{{72459d u0 {owner}/com.android.packageinstaller.permission.ui.GrantPermissionsActivity}}"  # noqa: E501
    focused = parse.screen.focused(text)
    assert focused is not None and focused.cls.endswith("GrantPermissionsActivity")


def test_ps(outputs: Outputs, golden: Golden) -> None:
    rows = {name: parse.system.ps(text) for name, text in outputs("ps").items()}
    golden("ps.json", as_json({name: [{"name": p.name, "pid": p.pid} for p in found] for name, found in rows.items()}))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("0::/uid_10190/pid_4711\n", "/uid_10190/pid_4711"),
        ("3:cpuset:/top-app\n0::/apps/uid_10190/pid_4711\n", "/apps/uid_10190/pid_4711"),
        ("0::/\n", ""),
        ("0::/a/../../etc\n", ""),
        ("0::/a$(reboot)\n", ""),
        ("cat: /proc/1/cgroup: Permission denied\n", ""),
    ],
)
def test_the_group_of_a_process_is_a_path_that_a_command_may_name(text: str, path: str) -> None:
    assert parse.system.cgroup(text) == path


def test_sockets(outputs: Outputs, golden: Golden) -> None:
    golden(
        "sockets.json", as_json({name: named(parse.system.sockets(text)) for name, text in outputs("proc-net").items()})
    )


def test_a_closed_socket_has_no_known_owner(outputs: Outputs) -> None:
    (row,) = parse.system.sockets(outputs("proc-net")["9-unknown-1.txt"])
    assert row.uid is None and row.remote_port == 443


def test_am_start(outputs: Outputs, golden: Golden) -> None:
    golden(
        "am-start.json",
        as_json({name: parse.packages.start_fault(text) for name, text in outputs("am-start").items()}),
    )


def test_a_start_that_timed_out_may_have_worked(outputs: Outputs) -> None:
    assert parse.packages.start_fault(outputs("am-start")["14-unknown-1.txt"]) == ""


def test_a_task_brought_to_front_is_no_error() -> None:
    text = "Starting: Intent { cmp=a.b/.C }\nWarning: Activity not started, its current task has been brought to the front\n"  # noqa: E501
    assert parse.packages.start_fault(text) == ""


def test_install(outputs: Outputs, golden: Golden) -> None:
    golden(
        "install.json",
        as_json({name: parse.packages.install_fault(text) for name, text in outputs("pm-install").items()}),
    )


def test_a_later_success_counts() -> None:
    text = "Failure [INSTALL_FAILED_VERSION_DOWNGRADE]\nPerforming Streamed Install\nSuccess\n"
    assert parse.packages.install_fault(text) is None


@pytest.mark.parametrize("command", ["pm-grant", "pm-clear", "input", "settings-put"])
def test_refusals_are_recognised(outputs: Outputs, golden: Golden, command: str) -> None:
    found = {name: parse.packages.failure(text) for name, text in outputs(command).items()}
    assert all(found.values())
    golden(f"refused-{command}.json", as_json(found))


def test_a_quiet_command_did_not_fail() -> None:
    assert parse.packages.failure("") == "" == parse.packages.failure("Success\n")


def test_permission_answers(outputs: Outputs, golden: Golden) -> None:
    text = outputs("logcat-main")
    lines = {name: map(parse.log.permission_answer, text.splitlines()) for name, text in text.items()}
    found = {
        name: [[uid, implicit, a._asdict()] for uid, implicit, a in filter(None, rows)] for name, rows in lines.items()
    }
    golden("permission-answers.json", as_json(found))


def test_a_line_truncated_in_the_source_yields_nothing(outputs: Outputs) -> None:
    assert parse.log.permission_answer(outputs("logcat-main")["15-google-2.txt"]) is None


@pytest.mark.parametrize(
    ("code", "result", "dialog"),
    [(4, "granted", "yes"), (5, "granted", "no"), (6, "denied", "yes"), (7, "denied_forever", "yes"), (8, "denied", "no"),  # noqa: E501
     (10, "granted_once", "yes"), (2, "ignored", "no"), (12, "granted", "unknown"), (15, "unknown", "unknown"),
     (17, "unknown", "yes"), (99, "unknown", "unknown")],
)  # fmt: skip
def test_the_result_number_tells_answer_and_dialog(code: int, result: str, dialog: str) -> None:
    line = f"Permission grant result requestId=-7 callingUid=10100 callingPackage=a.b permission=p.CAMERA isImplicit=false result={code}"  # noqa: E501
    answer = parse.log.permission_answer(line)
    assert answer is not None and (answer[2].result, answer[2].dialog) == (result, dialog)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("1711184858.167  1000  1446  1886 I wm_restart_activity: [User=0]", "wm_restart_activity"),
        ("1711184854.065  wifi  1078  1101 I WifiHAL : Creating", "WifiHAL"),
        ("03-22 01:31:47.471   800  3573 I am_task_to_front: [0,3783]", "am_task_to_front"),
        ("09-06 16:18:46.197 1632 2405 I notification_panel_hidden:", "notification_panel_hidden"),
    ],
)
def test_log_lines(text: str, tag: str) -> None:
    line = parse.log.line(text)
    assert line is not None and line.tag == tag


@pytest.mark.parametrize("text", ["--------- switch to main", "--------- beginning of events", "", "nonsense"])
def test_dividers_are_no_lines(text: str) -> None:
    assert parse.log.line(text) is None


def test_events_log(outputs: Outputs) -> None:
    lines = [line for line in map(parse.log.line, outputs("logcat-events")["15-grapheneos-1.txt"].splitlines()) if line]
    assert len(lines) == 8
    assert lines[-2].message == "window=ViewRootImpl focus=true for uk.gov.onelogin/uk.gov.onelogin.MainActivity"


def test_the_devices_own_schema_goes_first() -> None:
    text = "# comment\n30014 am_proc_start (User|1|5),(Extra|1),(PID|1|5),(Process Name|3)\n"
    (entry,) = parse.log.entries([record(30014, 0, 9, 77, "a.b:push")])
    assert parse.log.event(entry, parse.log.schema(text))[1]["pid"] == "77"
    assert parse.log.event(entry, {}) == (
        "am_proc_start", {"user": "0", "pid": "9", "uid": "77", "process name": "a.b:push"},
    )  # fmt: skip


@pytest.mark.parametrize("cut", [1, 7, 30, 1000])
def test_records_of_the_log_however_they_arrive(cut: int) -> None:
    old = bytearray(record("Old", "a"))
    old[2:4] = (24).to_bytes(2, "little")  # before Android 7: without the user
    data = b"".join([
        record(30007, 0, 168122248, 4199, "a.b/.C", uid=1000, pid=7, t_us=1_700_000_000_000_001),
        b"--------- switch to main\n",
        record("Tag\n", "one\ntwo", uid=10100),
        bytes(old[:24] + old[28:]),
        record(30007, 0, 5),
    ])  # fmt: skip
    found = list(parse.log.entries(data[at : at + cut] for at in range(0, len(data) - 1, cut)))[:3]
    assert found == [
        (1_700_000_000_000_001, 1000, 7, 30007, ("0", "168122248", "4199", "a.b/.C")),
        (0, 10100, 900, "Tag\n", ("one\ntwo",)),
        (0, None, 900, "Old", ("a",)),
    ]


@pytest.mark.parametrize(
    "data", [b"--------- " * 2 + b"logcat: unknown option -B, see its help", b"Usage: logcat [options]\n"]
)
def test_what_is_no_record_is_said(data: bytes) -> None:
    with pytest.raises(ValueError, match="a record of"):
        list(parse.log.entries([data + bytes(100)]))


def test_a_truncated_event_keeps_its_first_values() -> None:
    whole = record(30007, 0, 5, 6, "a.b/.C")
    for size in range(len(whole) - 28):
        cut = size.to_bytes(2, "little") + whole[2 : 28 + size]
        (entry,) = parse.log.entries([cut])
        assert entry.values[:3] == ("0", "5", "6")[: len(entry.values)]


def test_a_session_in_the_log() -> None:
    """Shapes of the events buffer, in lines of our own."""
    dialog = "com.android.permissioncontroller/.permission.ui.GrantPermissionsActivity"
    lines = [
        "1700000000.100  1000  900  901 I am_proc_start: [0,4394,10100,a.b,activity,a.b/.Main]",
        "1700000000.200  1000  900  901 I wm_resume_activity: [0,11,5,a.b/.Main]",
        f"1700000001.000  1000  900  901 I wm_create_activity: [0,12,5,{dialog},android.content.pm.action.REQUEST_PERMISSIONS,NULL,NULL,0]",  # noqa: E501
        f"1700000001.100  1000  900  901 I wm_resume_activity: [0,12,5,{dialog}]",
        "1700000003.000 10051  700  700 V GrantPermissionsActivity: Permission grant result requestId=1 callingUid=10100 "  # noqa: E501
        "callingPackage=a.b permission=android.permission.CAMERA isImplicit=false result=6",
        "1700000003.050 10051  700  700 V GrantPermissionsActivity: Permission grant result requestId=1 callingUid=10100 "  # noqa: E501
        "callingPackage=a.b permission=android.permission.RECORD_AUDIO isImplicit=true result=6",
        f"1700000003.100  1000  900  901 I wm_finish_activity: [0,12,5,{dialog},app-request]",
        "1700000004.000  1000  900  901 I am_kill: [0,4394,a.b,900,stop a.b due to from pid 1,2048]",
        "1700000004.100  1000  900  901 I am_proc_died: [0,4394,a.b,900,19]",
        "1700000005.000  1000  900  901 I screen_toggled: 0",
    ]
    found = [seen.what for seen in watch.Reader({}).observations(records(lines))]
    assert found == [
        "process_start", "resumed", "prompt_shown", "permission_answer", "prompt_hidden", "process_kill", "process_exit",  # noqa: E501
        "screen_off",
    ]  # fmt: skip


def test_uiautomator_messages(outputs: Outputs, golden: Golden) -> None:
    text = outputs("uiautomator-messages")
    golden("ui-messages.json", as_json({n: parse.screen.dump_error(t) for n, t in text.items()}))


def dump(*nodes: str, head: str = "") -> bytes:
    return f"<?xml version='1.0' encoding='UTF-8'?>{head}<hierarchy rotation='0'>{''.join(nodes)}</hierarchy>".encode()


def test_a_dump_of_a_permission_dialog() -> None:
    """Attributes as on 16 (drawing-order, hint, typographic apostrophe), in a dump of our own."""
    rid = "com.android.permissioncontroller:id/permission_deny_button"
    owner = "com.google.android.permissioncontroller"
    xml = dump(
        f"<node index='0' text='' package='{owner}' bounds='[28,540][1052,1962]' drawing-order='0' hint=''>"
        f"<node text='Don’t allow' resource-id='{rid}' class='android.widget.Button' package='{owner}' clickable='true'"
        " enabled='true' checkable='false' checked='false' bounds='[84,1700][996,1840]' drawing-order='3' hint=''/></node>"  # noqa: E501
    )
    outer, button = parse.screen.nodes(xml)
    assert outer.parent == -1 and button.parent == 0
    assert button.rid == rid and button.bounds == (84, 1700, 996, 1840) and button.clickable and not button.checkable


def test_emoji_as_surrogate_references_are_read() -> None:
    (node,) = parse.screen.nodes(dump("<node text='a&#55357;&#56832;b&#0;' bounds='[0,0][1,1]'/>"))
    assert node.text == "a\U0001f600b\ufffd"


@pytest.mark.parametrize(
    "data",
    [
        dump(head="<!DOCTYPE x [<!ENTITY a 'aaaa'>]>"),
        dump(head="<!DOCTYPE x SYSTEM 'file:///etc/passwd'>"),
        b"<?xml version='1.0'?><hierarchy><node",
        b"",
        dump("<node>" * 300 + "</node>" * 300),
        dump("<node/>" * 20_001),
        b" " * (parse.screen.MAX_BYTES + 1),
    ],
    ids=["entities", "external", "cut", "empty", "deep", "many", "large"],
)
def test_hostile_dumps_are_refused(data: bytes) -> None:
    with pytest.raises(parse.screen.BadTree):
        parse.screen.nodes(data)


def test_date() -> None:
    assert parse.system.date_us("1711184858.167000123\n") == 1711184858167000
    assert parse.system.date_us("1711184858.%N\n") is None


def test_the_activity_to_start_is_the_apps_own() -> None:
    """With several on the home screen, the system names its chooser, and only the list names them."""
    match = "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=false"
    one = f"{match}\ncom.a.b/.Main\n"
    assert parse.screen.launcher(one, "com.a.b") == Component("com.a.b", "com.a.b.Main")
    assert parse.screen.launcher(f"{match}\nandroid/com.android.internal.app.ResolverActivity\n", "com.a.b") is None
    several = "2 activities found:\n" + "".join(
        f"  Activity #{number}:\n    {match}\n    com.a.b/{name}\n" for number, name in enumerate((".Main", ".Two"))
    )
    assert parse.screen.launcher(several, "com.a.b") == Component("com.a.b", "com.a.b.Main")
    assert parse.screen.launcher("No activities found\n", "com.a.b") is None


def test_the_time_of_androids_shell_is_read_too() -> None:
    assert parse.system.date_us("1711184858.N\n") is None
    assert parse.system.date_us("1711184858.123456\n") == 1_711_184_858_123_456
