"""Without hooks, or with late ones, what depends on values and on the app's own dialogs is never called clean."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from monitor.analysis.consent.timelines import KeptMark
from monitor.analysis.correlate.correlator import Analysis
from monitor.analysis.coverage.lines import SILENT, hook_lines, rule_line
from monitor.analysis.coverage.needs import Situation
from monitor.analysis.coverage.seen import Seen
from monitor.analysis.coverage.verdict import NOT_EXERCISED, NOT_OBSERVABLE
from monitor.analysis.coverage.witnesses import WITNESSES
from monitor.analysis.rules.examples import event as made
from monitor.analysis.rules.load import PACKS, load_rules
from monitor.events import (
    Event,
    Health,
    HookGroup,
    HookState,
    Lifecycle,
    PermissionRequest,
    Prompt,
    Step,
    TlsFailure,
    Transmission,
    Window,
)
from monitor.session.declaration import Declaration
from monitor.text.reasons import Coverage


def seen(*hooks: str, what: str = "hook") -> Seen:
    found = Seen()
    events: list[Event] = [
        Transmission(t=2, err=0, src="proxy", app="a", host="h.example", port=80, client_port=1, bytes=1, flow="1"),
        Prompt(t=3, err=0, src="device", app="a", prompt_kind="permission", shown=True),
    ]
    if what != "hook":
        events += [Health(t=1, err=0, src="runner", app="a", component="hooks", what=what) for _ in hooks]
    elif hooks:
        groups = [HookGroup(state=state, hooks=[f"h.{number}"]) for number, state in enumerate(hooks)]
        events.append(HookState(t=1, err=0, src="runner", app="a", process="a", states=groups))
    for event in events:
        found.other(event)
    return found


@pytest.mark.parametrize("witness", ["traffic", "prompts_observable", "windows_observable", "lifecycle", "relaunch"])
def test_no_hooks(witness: str) -> None:
    gap = WITNESSES[witness](Situation(seen("off", "off"), Declaration()))
    assert gap is not None and gap.state == NOT_OBSERVABLE


def test_one_cause_is_told_once() -> None:
    rule = next(rule for rule in load_rules() if rule.id == "COL-11")
    line = rule_line(rule, [], Situation(seen("off", "off"), Declaration()))
    assert line.state == NOT_OBSERVABLE
    codes = [one.code for one in line.reasons]
    assert "no_hooks" in codes and len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("packs", "left_out"),
    [(("gdpr", "play"), ["before_consent", "no_function"]), (("cn",), ["before_choice"]), ((), [])],
)
def test_silence_claims_nothing_of_what_the_packs_leave_out(packs: tuple[str, ...], left_out: list[str]) -> None:
    rule = next(rule for rule in load_rules(packs or PACKS) if rule.id == "PRM-02")
    found = seen("hooked")
    found.other(PermissionRequest(t=4, err=0, src="hooks:1", app="a", permissions=["p"], via="hook"))
    line = rule_line(rule, [], Situation(found, Declaration()))
    assert line.state == SILENT
    said = [one.params["names"].split(", ") for one in line.reasons if one.code == "left_out"]
    assert said == ([left_out] if left_out else [])
    assert ("no function in use that needs it" in line.why) == ("no_function" in left_out)


def test_hooks_in_time() -> None:
    for witness in ("traffic", "prompts_observable"):
        assert WITNESSES[witness](Situation(seen("hooked"), Declaration())) is None


def test_late_hooks() -> None:
    rule = next(rule for rule in load_rules() if rule.id == "SHR-03")
    found = seen("hooked")
    found.other(Health(t=1, err=0, src="runner", app="a", component="hooks", what="late"))
    line = rule_line(rule, [], Situation(found, Declaration()))
    assert (line.state, [one.code for one in line.reasons]) == (NOT_OBSERVABLE, ["hooks_late"])


SESSION: list[dict[str, Any]] = [
    {"kind": "lifecycle", "at": 1, "what": "process_start", "pid": 1, "process": "a", "src": "logcat"},
    {"kind": "health", "at": 1.1, "component": "hooks", "what": "started", "pid": 1, "src": "runner"},
    {"kind": "hook_state", "at": 1.2, "states": [{"state": "hooked", "hooks": ["telephony.get_imei"]}]},
    {"kind": "api_call", "at": 4, "data_type": "misc", "role": "context"},
    {"kind": "window", "at": 2, "title": "隐私政策", "texts": ["请阅读并同意《隐私政策》"],
     "buttons": ["同意", "不同意"]},
    {"kind": "lifecycle", "at": 20, "what": "process_start", "pid": 2, "process": "a:push", "src": "logcat"},
    {"kind": "health", "at": 21.5, "component": "hooks", "what": "late", "pid": 2, "src": "runner",
     "detail": {"process": "a:push"}},
    {"kind": "health", "at": 21.5, "component": "hooks", "what": "started", "pid": 2, "src": "runner"},
    {"kind": "api_call", "at": 40, "data_type": "android_id", "pid": 1},
]  # fmt: skip


def lines(*more: dict[str, Any]) -> dict[str, Coverage]:
    evaluator = Analysis(load_rules())
    for number, raw in enumerate(sorted((*SESSION, *more), key=lambda raw: float(raw["at"])), 1):
        evaluator.feed(made(raw, number))
    return {line.id: line for line in evaluator.close().coverage if line.line == "rule"}


def test_a_late_process_leaves_open_what_may_have_been_in_it() -> None:
    """Once there is consent, nothing before consent; without a refusal, nothing after one."""
    agree = {"kind": "tap", "label": "同意", "window": 1}
    found = lines({**agree, "at": 10})
    assert found["COL-01"].state == SILENT
    assert [one.code for one in found["COL-05"].reasons] == ["nothing_withdrawn"]
    (why,) = found["COL-08"].reasons
    assert (why.code, why.params) == ("hooks_late_in", {"names": "a:push (1.5 s)"})
    assert [one.code for one in lines({**agree, "at": 30})["COL-01"].reasons] == ["hooks_late_in"]
    refused = {"kind": "permission_result", "at": 12, "permission": "android.permission.CAMERA", "result": "denied"}
    assert [one.code for one in lines({**agree, "at": 10}, refused)["COL-06"].reasons] == ["hooks_late_in"]


def test_traffic_of_an_app_that_is_not_known() -> None:
    found = seen("hooked")
    found.other(
        Transmission(
            t=4, err=0, src="proxy", app="a", host="h.example", port=80, client_port=0, bytes=1, flow="2",
            attribution="unattributed", unowned=True,
        )
    )  # fmt: skip
    gap = WITNESSES["traffic"](Situation(found, Declaration()))
    assert gap is not None and [one.code for one in gap.reasons] == ["unattributed"]


@pytest.mark.parametrize(
    "more, missing",
    [
        ({"host": "x.push.example"}, {"traffic"}),  # a body that nobody can read, to a declared recipient
        ({"host": "in.library.example"}, {"traffic"}),
        ({"host": "y.example"}, {"traffic", "traffic_to_others"}),
        ({"host": "y.example", "org": "adjust"}, {"traffic", "traffic_to_others", "traffic_to_known"}),
        ({"host": "x.push.example", "scheme": "http"}, {"traffic", "addresses"}),
        ({"host": "y.example", "decoded": "yes"}, set()),
    ],
)
def test_what_cannot_be_read_matters_only_to_rules_that_it_may_have_broken(
    more: dict[str, str], missing: set[str]
) -> None:
    found = seen("hooked")
    raw = {"kind": "transmission", "at": 4, "scheme": "https", "decoded": "no", **more}
    flow = made(raw, 4)
    assert isinstance(flow, Transmission)
    found.other(flow)
    found.other(msgspec.structs.replace(flow, decoded="yes"))
    declared = Declaration.model_validate(
        {"recipients": [{"org": "Push", "hosts": ["push.example"]}],
         "sdks": [{"name": "Library", "hosts": ["in.library.example"]}]}
    )  # fmt: skip
    situation = Situation(found, declared)
    names = ("traffic", "traffic_to_others", "traffic_to_known", "traffic_of_ai", "addresses")
    assert {name for name in names if WITNESSES[name](situation) is not None} == missing


def test_a_connection_that_failed_hides_its_address_as_well() -> None:
    found = seen("hooked")
    failed = TlsFailure(
        t=4, err=0, src="proxy", app="a", host="y.example", sni="y.example", port=443, client_port=0, alert="",
        reading="unknown",
    )  # fmt: skip
    found.other(failed)
    assert WITNESSES["addresses"](Situation(found, Declaration())) is not None


def test_a_switch_that_was_turned_off_is_no_withdrawal() -> None:
    """Only what was withdrawn is claimed as watched: of the policy for the way there, of what ends collection else."""
    for scopes, watched in (
        (["personalisation", "ai_training"], []),
        (["sensitive:location"], ["withdrawal"]),
        (["policy"], ["withdrawal", "policy_withdrawal"]),
    ):
        marks = [KeptMark("a", scope, "withdrawn", 1, 0, "runner", 1, True, "read", ()) for scope in scopes]
        situation = Situation(seen("hooked"), Declaration(), marks, newest=90_000_001)
        assert [name for name in ("withdrawal", "policy_withdrawal") if WITNESSES[name](situation) is None] == watched


def test_no_hook_was_observable_where_none_was_installed() -> None:
    assert [line.state for line in hook_lines(seen(), ["h.9"], {})] == [NOT_OBSERVABLE]
    assert [line.state for line in hook_lines(seen("hooked"), ["h.9"], {})][1:] == [NOT_EXERCISED]


def stalled(asleep: str) -> Event:
    detail = {"since_us": "3", "asleep_us": asleep} if asleep else {"since_us": "3"}
    return Health(t=9, err=0, src="runner", app="a", component="recorder", what="stalled", n=6000, detail=detail)


@pytest.mark.parametrize("asleep, lost", [("0", False), ("6000000", True), ("", True)])
def test_only_a_machine_that_may_have_been_asleep_loses_what_is_queued_for_the_recorder(
    asleep: str, lost: bool
) -> None:
    found = seen("hooked")
    found.other(stalled(asleep))
    gap = WITNESSES["nothing_lost"](Situation(found, Declaration()))
    assert [one.code for one in gap.reasons if one.params == {"n": "6000"}] == ["stalled"] if gap else not lost
    assert [line.state for line in hook_lines(found, [], {})] == [NOT_OBSERVABLE if lost else SILENT]


@pytest.mark.parametrize(
    "verb, texts, missed",
    [("manual", [], True), ("manual", ["隐私政策"], False), ("idle", [], False)],
    ids=["by hand, windows not read", "by hand", "the recorder itself acts"],
)
def test_a_recorder_that_stood_still_misses_screens_of_a_person_that_hooks_do_not_read(
    verb: str, texts: list[str], missed: bool
) -> None:
    found = seen("hooked")
    for event in (
        Window(t=3, err=0, src="hooks:1", app="a", window=1, window_kind="dialog", action="shown", texts=texts),
        step(verb),
        stalled("0"),
        msgspec.structs.replace(step(verb), state="ok"),
    ):
        found.other(event)
    gap = WITNESSES["windows_observable"](Situation(found, Declaration()))
    assert [one.code for one in gap.reasons] == ["stalled"] if gap else not missed


def life(what: str, cause: str = "") -> Event:
    return Lifecycle(t=4, err=0, src="device", app="a", what=what, process="a", cause=cause)


def step(verb: str) -> Event:
    return Step(t=4, err=0, src="runner", app="a", index=1, verb=verb, state="started")


CRASH = life("process_exit", "java.lang.IllegalStateException")


@pytest.mark.parametrize(
    ("between", "restarted"),
    [
        ([CRASH], False),
        ([CRASH, step("launchApp")], True),
        ([life("process_exit", "stop")], True),
        ([CRASH, step("tapOn")], False),
    ],
)
def test_a_restart_by_a_crash_is_none_by_the_scenario(between: list[Event], restarted: bool) -> None:
    found = seen("hooked")
    for event in (step("launchApp"), life("process_start"), *between, life("process_start")):
        found.other(event)
    gap = WITNESSES["relaunch"](Situation(found, Declaration()))
    assert (gap is None) is restarted and (gap is None or gap.state == NOT_EXERCISED)
