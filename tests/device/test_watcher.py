"""The log watcher: from lines of a log to events, with the device's clock converted to the host's."""

import threading
from collections.abc import Iterator

import pytest

from monitor.base.clock import Offset, now_us
from monitor.base.errors import EnvironmentFault
from monitor.collectors.device import LogWatcher
from monitor.device import parse, watch
from monitor.events import Health, Lifecycle, PermissionResult, Prompt
from monitor.session.handset import Grant, Observation
from tests.device.logs import record, records
from tests.scenario.screen import Kept

APP = "com.demo.app"
DIALOG = "com.android.permissioncontroller/.permission.ui.GrantPermissionsActivity"
LINES = [
    f"1700000000.100  1000  900  901 I am_proc_start: [0,4394,10100,{APP}:push,service,{APP}/.Push]",
    "1700000000.100  1000  900  901 I am_proc_start: [0,1,10101,com.other,service,com.other/.S]",
    f"1700000000.200  1000  900  901 I wm_resume_activity: [0,11,5,{APP}/.Main]",
    f"1700000001.000  1000  900  901 I wm_resume_activity: [0,12,5,{DIALOG}]",
    f"1700000001.000  1000  900  901 I wm_pause_activity: [0,11,{APP}/.Main,userLeaving=false,x]",
    "1700000003.000 10051  700  700 V GrantPermissionsActivity: Permission grant result requestId=1 callingUid=10100"
    f" callingPackage={APP} permission=android.permission.CAMERA isImplicit=false result=6",
    f"1700000003.100  1000  900  901 I wm_finish_activity: [0,12,5,{DIALOG},app-request]",
    f"1700000003.200  1000  900  901 I wm_resume_activity: [0,11,5,{APP}/.Main]",
    "1700000004.000  1000  900  901 I wm_resume_activity: [0,13,6,com.launcher/.Home]",
    f"1700000004.500  1000  900  901 I am_kill: [0,4394,{APP}:push,900,empty for 30s,2048]",
    f"1700000004.600  1000  900  901 I am_proc_died: [0,4394,{APP}:push,900,19]",
]


class Recorded:
    """A log that ends after its lines, the first time; then waits for ``close``."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.done, self.ended = lines, threading.Event(), threading.Event()
        self.complete = True

    def open(self, since_us: int) -> Iterator[Observation]:
        if self.done.is_set():
            self.ended.wait(10)
            return iter(())
        found = list(watch.Reader({}).observations(records(self.lines)))

        def rows() -> Iterator[Observation]:
            yield from found
            self.done.set()

        return rows()

    def caught_up(self, seconds: float) -> bool:
        return self.complete

    def close(self) -> None:
        self.ended.set()


def watched(lines: list[str], now: int = 0, **more: object) -> Kept:
    """``now``: the device's time, in seconds; 0: a little ahead of this machine's."""
    kept, log = Kept(), Recorded(lines)
    offset = now * 1_000_000 - now_us() if now else 5_000_000
    watcher = LogWatcher(kept, APP, log, lambda: Offset(offset, 700), **more)  # type: ignore[arg-type]
    watcher.start()
    assert log.done.wait(60)
    watcher.stop()
    return kept


def read_late(lines: list[str], says: tuple[str, list[str]] = ("", []), **more: object) -> Kept:
    """The dialog is read once the log has been read to its end."""
    kept, log = Kept(), Recorded(lines)

    def read() -> tuple[str, list[str]]:
        assert log.done.wait(60)
        return says

    watcher = LogWatcher(kept, APP, log, lambda: Offset(0, 0), prompt=read, **more)  # type: ignore[arg-type]
    watcher.start()
    watcher.stop()
    return kept


def test_a_session() -> None:
    kept = watched(LINES, 1_700_000_002, prompt=lambda: ("允许拍照？", ["允许", "拒绝"]))
    assert [(event.what, event.process, event.cause) for event in kept.of(Lifecycle)] == [
        ("process_start", f"{APP}:push", f"service {APP}/.Push"),
        ("activity_resumed", "", ""),
        ("foreground", "", "activity resumed"),
        ("activity_paused", "", ""),
        ("activity_resumed", "", ""),
        ("background", "", "another app resumed"),
        ("process_exit", f"{APP}:push", "empty for 30s"),
    ]
    shown, hidden = kept.of(Prompt)
    assert (shown.shown, shown.text, shown.buttons) == (True, "允许拍照？", ["允许", "拒绝"]) and not hidden.shown
    (answer,) = kept.of(PermissionResult)
    assert (answer.permission, answer.result, answer.dialog, answer.via, answer.code) == (
        "android.permission.CAMERA", "denied", "yes", "logcat", 6,
    )  # fmt: skip


def test_a_log_that_was_not_read_to_its_end_is_lost_in_part() -> None:
    kept, log = Kept(), Recorded(LINES)
    log.complete = False
    watcher = LogWatcher(kept, APP, log, lambda: Offset(5_000_000, 700))
    watcher.start()
    assert log.done.wait(60)
    watcher.stop()
    assert [event.detail["what"] for event in kept.of(Health) if event.what == "lost"][-1] == "log"
    assert [event.what for event in kept.of(Health)][-2:] == ["lost", "stopped"]


def test_an_app_is_not_in_the_background_while_the_log_is_read_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """What resumed it was logged in time, but the recorder did not run."""
    monkeypatch.setattr("monitor.collectors.device.BACKGROUND_AFTER", 0.05)
    resumed, paused = LINES[2], LINES[4]
    read = threading.Event()

    class Late(Recorded):
        def open(self, since_us: int) -> Iterator[Observation]:
            for seen in super().open(since_us):
                yield seen
                if seen.what == "paused":
                    assert read.wait(60)

        def caught_up(self, seconds: float) -> bool:
            read.set()
            return self.done.wait(60)

    kept, log = Kept(), Late([resumed, paused, resumed])
    watcher = LogWatcher(kept, APP, log, lambda: Offset(5_000_000, 700))
    watcher.start()
    assert log.done.wait(60)
    watcher.stop()
    assert [event.what for event in kept.of(Lifecycle)] == [
        "activity_resumed", "foreground", "activity_paused", "activity_resumed",
    ]  # fmt: skip


def test_times_are_on_the_hosts_clock_and_cover_the_resolution() -> None:
    event = watched(LINES).of(PermissionResult)[0]
    assert event.t == 1_700_000_003_000_000 - 5_000_000 and event.err == 700 + 1 and event.src == "logcat"


def test_a_lost_stream_is_health_and_is_opened_again() -> None:
    assert "lost" in [event.what for event in watched(LINES).of(Health)]


def test_answers_that_the_log_does_not_tell_come_from_the_flags() -> None:
    states = [
        {"p.CAMERA": Grant(False), "p.SMS": Grant(False), "p.OWN": Grant(False)},
        {"p.CAMERA": Grant(False, frozenset({"USER_SET"})), "p.SMS": Grant(False), "p.OWN": Grant(True)},
    ]
    kept = watched([], flags=lambda: states.pop(0) if len(states) > 1 else states[0])
    assert [(e.permission, e.result, e.via) for e in kept.of(PermissionResult)] == [("p.CAMERA", "denied", "flags")]


@pytest.mark.parametrize("silent", [False, True])
def test_a_grant_by_a_dialog_of_old_androids_sets_no_flag(silent: bool) -> None:
    """``pm grant`` does not, either: only what is granted while a dialog stands is an answer to it."""
    states = [
        {"p.CAMERA": Grant(False), "p.SMS": Grant(False), "p.OWN": Grant(False)},
        {"p.CAMERA": Grant(False), "p.SMS": Grant(False), "p.OWN": Grant(True)},
        {"p.CAMERA": Grant(True), "p.SMS": Grant(False), "p.OWN": Grant(True)},
    ]
    dialog = [LINES[3], LINES[6].replace("1700000003.100", "1700000001.100" if silent else "1700000003.100")]
    kept = read_late(dialog, flags=lambda: states.pop(0) if len(states) > 1 else states[0])
    answers = [(e.permission, e.result, e.via) for e in kept.of(PermissionResult)]
    assert answers == ([] if silent else [("p.CAMERA", "granted", "flags")])
    for answer in kept.of(PermissionResult):  # when the dialog closed, and not when the flags were read
        assert abs(answer.t - 1_700_000_003_100_000) <= answer.err


@pytest.mark.parametrize("when, mine", [("1700000003.000", False), ("4000000000.000", True)])
def test_a_dialog_that_was_answered_before_it_was_read_is_not_taken_for_the_next(when: str, mine: bool) -> None:
    """Android shows the dialogs of one request one after the other, without a sign of the next in the log."""
    lines = [LINES[3], LINES[5].replace("1700000003.000", when)]
    kept = read_late(lines, ("允许通话？", ["允许"]), asked=lambda text, known: [f"{text} {known}"])
    (shown,) = kept.of(Prompt)
    assert shown.permissions == (["允许通话？ "] if mine else [" android.permission.CAMERA"])
    assert (shown.text, shown.buttons) == (("允许通话？", ["允许"]) if mine else ("", []))
    assert [answer.permission for answer in kept.of(PermissionResult)] == ["android.permission.CAMERA"]


@pytest.mark.parametrize(
    "result, ended, silent",
    [
        (2, "1700000001.900", True),  # refused for good: Android asks nobody
        (5, "1700000009.000", True),  # of a group that is granted, on a slow device
        (1, "1700000001.900", True),
        (6, "1700000001.900", False),  # somebody has answered
        (17, "1700000001.900", False),  # somebody has selected photos
        (99, "1700000001.900", False),  # a number that is not known
        (0, "1700000001.900", True),  # nothing is said of permissions that are granted, nor by Android 9
        (0, "1700000002.100", False),
    ],
)
def test_a_request_that_needs_no_dialog_is_no_prompt(result: int, ended: str, silent: bool) -> None:
    """Its activity starts all the same, and ends unseen."""
    answer = LINES[5].replace("1700000003.000", "1700000001.200").replace("result=6", f"result={result}")
    kept = read_late([LINES[3], *([answer] if result else []), LINES[6].replace("1700000003.100", ended)])
    assert [event.shown for event in kept.of(Prompt)] == ([] if silent else [True, False])


def test_what_android_answers_by_itself_is_no_answer_to_the_dialog_of_the_same_request() -> None:
    kept = read_late([LINES[3], LINES[5].replace("result=6", "result=5")], ("允许通话？", ["允许"]))
    (shown,) = kept.of(Prompt)
    assert (shown.text, shown.buttons) == ("允许通话？", ["允许"])


def test_a_prompt_that_cannot_be_read_is_still_a_prompt() -> None:
    def fails() -> tuple[str, list[str]]:
        raise EnvironmentFault("uiautomator dump: null root")

    kept = watched(LINES, prompt=fails)
    assert kept.of(Prompt)[0].shown and "failed" in [event.what for event in kept.of(Health)]


def test_a_prompt_says_what_it_asks_for() -> None:
    texts: list[str] = []

    def asked(text: str, known: str) -> list[str]:
        texts.append(text)
        return ["android.permission.CAMERA"]

    kept = watched(LINES, 1_700_000_002, prompt=lambda: ("允许拍照？", ["允许", "拒绝"]), asked=asked)
    assert [event.permissions for event in kept.of(Prompt)] == [["android.permission.CAMERA"], []]
    assert texts == ["允许拍照？"]


def test_flags_and_answers() -> None:
    assert Grant(True, frozenset({"USER_SET"})).answer == "granted"
    assert Grant(True, frozenset({"USER_SET", "ONE_TIME"})).answer == "granted_once"
    assert Grant(False, frozenset({"USER_SET", "USER_FIXED"})).answer == "denied_forever"
    assert Grant(True, frozenset({"USER_SENSITIVE_WHEN_GRANTED"})).answer == "unknown"


def test_an_app_cannot_answer_for_itself() -> None:
    """An app may log anything: only the system and the permission dialogs' package are trusted; the rest is counted."""
    answer = (
        f"Permission grant result requestId=1 callingUid=10100 callingPackage={APP} "
        "permission=android.permission.CAMERA isImplicit=false result=4"
    )
    resumed = f"wm_resume_activity: [0,11,5,{APP}/.Main]"
    lines = [
        f"1700000000.100 u0_a100  900  901 V GrantPermissionsViewModel: {answer}",
        f"1700000000.100 10100  900  901 V GrantPermissionsViewModel: {answer}",
        f"1700000000.100 10200  900  901 V GrantPermissionsViewModel: {answer}",
        f"1700000000.200 u0_a100  900  901 I {resumed}",
        f"1700000001.100 10051  900  901 V GrantPermissionsViewModel: {answer}",
        f"1700000001.200 system  900  901 I {resumed}",
    ]
    found = [seen.what for seen in watch.Reader({}, frozenset({10051})).observations(records(lines))]
    assert found == ["forged"] * 4 + ["permission_answer", "resumed"]


def test_an_answer_that_the_system_quotes_from_an_app_is_none() -> None:
    """An intent's action, the reason of an exit: the system logs what apps say, also over several lines."""
    answer = f"Permission grant result requestId=7 callingUid=10100 callingPackage={APP} permission=p.CAMERA isImplicit=false result=4"  # noqa: E501
    lines = [
        f"1700000000.100  1000  900  901 I wm_create_activity: [0,1,2,{APP}/.Two,{answer},NULL,0]",
        f"1700000000.200  1000  900  901 I ActivityManager: Process {APP} (pid 7) has died: {answer}",
        f"1700000000.300  1000  900  901 I ActivityManager: {answer}",
        f"1700000000.400  1000  900  901 V GrantPermissionsViewModel: quoted: {answer}",
        f"1700000000.500 10051  900  901 V GrantPermissionsViewModel: {answer}",
    ]
    for dialogs in (frozenset[int](), frozenset({1000, 10051})):
        found = [
            seen for seen in watch.Reader({}, dialogs).observations(records(lines)) if seen.what == "permission_answer"
        ]
        assert [seen.t_us for seen in found] == [1_700_000_000_500_000]


def test_an_app_that_is_named_like_a_permission_dialog_shows_none() -> None:
    """Any app can take the name of a vendor's package that this device lacks, or of the class."""
    for package in ("com.lbe.security.miui", "com.example.permissioncontroller", APP):
        fake = f"{package}/com.android.permissioncontroller.permission.ui.GrantPermissionsActivity"
        lines = [
            f"1700000001.000  1000  900  901 I wm_create_activity: [0,12,5,{fake},NULL,NULL,NULL,0]",
            f"1700000001.100  1000  900  901 I wm_resume_activity: [0,12,5,{fake}]",
            f"1700000003.100  1000  900  901 I wm_finish_activity: [0,12,5,{fake},app-request]",
        ]
        real = [seen.what for seen in watch.Reader({}).observations(records(lines))]
        assert real == ["prompt_shown", "prompt_hidden"]
        reader = watch.Reader({}, added=frozenset({package}))
        found = [(seen.what, seen.package) for seen in reader.observations(records(lines))]
        assert found == [("resumed", package)]


def test_an_app_cannot_write_the_systems_records() -> None:
    """In a tag, logcat's text shows line breaks as they are: what follows looks like a record of any user."""
    answer = f"Permission grant result requestId=1 callingUid=10100 callingPackage={APP} permission=p.CAMERA isImplicit=false result=4"  # noqa: E501
    forged = [
        record(f"t\n 1700000000.100  1000   700   700 I am_proc_died: [0,7,{APP},0,2]\nz", "q", uid=10100),
        record(f"t\n 1700000000.100  1000   700   700 I wm_resume_activity: [0,11,5,{APP}/.Main]\nz", "q", uid=10100),
        record("t\n 1700000000.100  1000   700   700 I GrantPermissionsViewModel", answer, uid=10100),
        record("am_proc_died", f"[0,7,{APP},0,2]", uid=10100),
        record(30011, 0, 7, APP, 0, 2, uid=10100),  # EventLog.writeEvent
        record("screen_toggled", "0", uid=10100),
    ]
    lawful = [
        record("two\nlines", "of one app's own", uid=10100),
        record("am_debug", "x", uid=10100),
        record("Tag", f"\n 1700000000.100  1000   700   700 I am_proc_died: [0,7,{APP},0,2]", uid=10100),
        record("am_proc_died", f"[0,7,{APP},0,2]"),  # of the system, but no event
        record(30099, 0, 7, APP, uid=10100),
    ]
    real = [record(30011, 0, 7, APP, 0, 2), record("GrantPermissionsViewModel", answer, uid=10051)]
    reader = watch.Reader({}, frozenset({10051}))
    found = [seen.what for seen in reader.observations(parse.log.entries([*forged, *lawful, *real]))]
    assert found == ["forged"] * len(forged) + ["process_exit", "permission_answer"]


def test_what_an_app_puts_into_an_event_moves_no_field() -> None:
    """The name of a process, the action of an intent, the message of an exception: with commas, if the app likes."""
    name = f"{APP}:x,99,com.other"
    (died,) = watch.Reader({}).observations(parse.log.entries([record(30011, 0, 7, name, 0, 2)]))
    assert (died.package, died.process, died.pid) == (APP, name, 7)


def test_forged_records_are_counted() -> None:
    forged = [line.replace(" 1000 ", "10100 ") for line in LINES if "activity" in line]
    kept = watched(forged)
    assert not kept.of(Lifecycle)
    assert [event.n for event in kept.of(Health) if event.what == "skipped"] == [len(forged)]
