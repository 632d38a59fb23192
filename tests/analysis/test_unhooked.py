"""Without hooks, or with late ones, what depends on values and on the app's own dialogs is never called clean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from monitor.analysis.consent.timelines import KeptMark
from monitor.analysis.correlate.correlator import Analysis
from monitor.analysis.correlate.findings import Finding
from monitor.analysis.coverage.lines import SILENT, hook_lines, rule_line
from monitor.analysis.coverage.needs import Situation
from monitor.analysis.coverage.seen import Seen
from monitor.analysis.coverage.verdict import NOT_EXERCISED, NOT_OBSERVABLE
from monitor.analysis.coverage.witnesses import WITNESSES
from monitor.analysis.rules.load import PACKS, load_rules
from monitor.session.declaration import Declaration
from monitor.text import label
from monitor.text.reasons import Coverage
from tests.analysis.played import numbered, raws, session


def seen(*hooks: str, then: Sequence[str | dict[str, Any]] = ()) -> Seen:
    """What is seen of a session with hooks of these states, a request, a prompt, and what came then."""
    states = [{"state": state, "hooks": [f"h.{number}"]} for number, state in enumerate(hooks)]
    installed = [{"kind": "hook_state", "at": 1, "process": "a", "states": states}] if hooks else []
    found = Seen()
    for event in session("2 transmission {bytes: 1}", "3 prompt", *installed, *then):
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
    line = rule_line(
        rule, [], Situation(seen("hooked", then=["4 permission_request {permissions: [p]}"]), Declaration())
    )
    assert line.state == SILENT
    said = [one.params["names"].split(", ") for one in line.reasons if one.code == "left_out"]
    assert said == ([left_out] if left_out else [])
    assert ("no function in use that needs it" in line.why) == ("no_function" in left_out)


def test_hooks_in_time() -> None:
    for witness in ("traffic", "prompts_observable"):
        assert WITNESSES[witness](Situation(seen("hooked"), Declaration())) is None


def test_late_hooks() -> None:
    rule = next(rule for rule in load_rules() if rule.id == "SHR-03")
    line = rule_line(rule, [], Situation(seen("hooked", then=["1 health {what: late}"]), Declaration()))
    assert (line.state, [one.code for one in line.reasons]) == (NOT_OBSERVABLE, ["hooks_late"])


SESSION = raws([
    "1 process_start {pid: 1, process: a, src: logcat}",
    "1.1 health {what: started, pid: 1}",
    "1.2 hook_state {states: [{state: hooked, hooks: [telephony.get_imei]}]}",
    "4 reads misc {role: context}",
    "2 dialog 隐私政策 | 请阅读并同意《隐私政策》 | 同意 / 不同意",
    "20 process_start {pid: 2, process: 'a:push', src: logcat}",
    "21.5 health {what: late, pid: 2, detail: {process: 'a:push'}}",
    "21.5 health {what: started, pid: 2}",
    "40 reads android_id {pid: 1}",
])  # fmt: skip


def lines(*more: str) -> dict[str, Coverage]:
    evaluator = Analysis(load_rules())
    for event in numbered(sorted((*SESSION, *raws(more)), key=lambda raw: float(raw["at"]))):
        evaluator.feed(event)
    return {line.id: line for line in evaluator.close().coverage if line.line == "rule"}


def test_a_late_process_leaves_open_what_may_have_been_in_it() -> None:
    """Once there is consent, nothing before consent; without a refusal, nothing after one."""
    found = lines("10 tap @1 同意")
    assert found["COL-01"].state == SILENT
    assert [one.code for one in found["COL-05"].reasons] == ["nothing_withdrawn"]
    (why,) = found["COL-08"].reasons
    assert (why.code, why.params) == ("hooks_late_in", {"names": "a:push (1.5 s)"})
    assert [one.code for one in lines("30 tap @1 同意")["COL-01"].reasons] == ["hooks_late_in"]
    refused = "12 permission_result {permission: android.permission.CAMERA, result: denied}"
    assert [one.code for one in lines("10 tap @1 同意", refused)["COL-06"].reasons] == ["hooks_late_in"]


def test_traffic_of_an_app_that_is_not_known() -> None:
    found = seen("hooked", then=["4 transmission {attribution: unattributed, unowned: true}"])
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
    sent = {"kind": "transmission", "at": 4, "scheme": "https", "decoded": "no", **more}
    found = seen("hooked", then=[sent, sent | {"decoded": "yes"}])
    declared = Declaration.model_validate(
        {"recipients": [{"org": "Push", "hosts": ["push.example"]}],
         "sdks": [{"name": "Library", "hosts": ["in.library.example"]}]}
    )  # fmt: skip
    situation = Situation(found, declared)
    names = ("traffic", "traffic_to_others", "traffic_to_known", "traffic_of_ai", "addresses")
    assert {name for name in names if WITNESSES[name](situation) is not None} == missing


def test_a_connection_that_failed_hides_its_address_as_well() -> None:
    found = seen("hooked", then=["4 tls_failure {host: y.example, sni: y.example}"])
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


def stalled(asleep: str) -> str:
    detail = f"since_us: '3'{f', asleep_us: {asleep!r}' if asleep else ''}"
    return f"9 health {{component: recorder, what: stalled, n: 6000, detail: {{{detail}}}}}"


@pytest.mark.parametrize("asleep, lost", [("0", False), ("6000000", True), ("", True)])
def test_only_a_machine_that_may_have_been_asleep_loses_what_is_queued_for_the_recorder(
    asleep: str, lost: bool
) -> None:
    found = seen("hooked", then=[stalled(asleep)])
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
    window = {"kind": "window", "at": 3, "texts": texts}
    then = [window, f"4 step {verb} started", stalled("0"), f"4 step {verb} ok"]
    found = seen("hooked", then=then)
    gap = WITNESSES["windows_observable"](Situation(found, Declaration()))
    assert [one.code for one in gap.reasons] == ["stalled"] if gap else not missed


CRASH = "4 process_exit {process: a, cause: java.lang.IllegalStateException}"


@pytest.mark.parametrize(
    ("between", "restarted"),
    [
        ([CRASH], False),
        ([CRASH, "4 step launchApp started"], True),
        (["4 process_exit {process: a, cause: stop}"], True),
        ([CRASH, "4 step tapOn started"], False),
    ],
)
def test_a_restart_by_a_crash_is_none_by_the_scenario(between: list[str], restarted: bool) -> None:
    start = "4 process_start {process: a}"
    found = seen("hooked", then=["4 step launchApp started", start, *between, start])
    gap = WITNESSES["relaunch"](Situation(found, Declaration()))
    assert (gap is None) is restarted and (gap is None or gap.state == NOT_EXERCISED)


#: An app with hooks, which sends something readable after the user's agreement.
SENT = ["1.2 hook_state {states: [{state: hooked, hooks: [h.1]}]}", "agreed", "5 transmission {bytes: 1, scheme: http}"]


@pytest.mark.parametrize(
    ("known", "nothing_known"),
    [
        (["4 reads imei"], ["COL-03", "SHR-03"]),  # none of its calls gave a value
        (["4 reads net_state {values: [v1]}"], ["COL-03", "SHR-03"]),  # not of a type that the rules ask about
        (["4 reads imei {values: [v1]}"], []),
        (["4 known_values {known: [{data_type: serial, tag: v1, commit: c, size: 32}]}"], []),
        (["4 sends imei"], []),
    ],
)
def test_traffic_in_which_nothing_could_be_recognised_was_not_tested(
    known: Sequence[str], nothing_known: Sequence[str]
) -> None:
    evaluator = Analysis(load_rules())
    for event in session(*SENT[:2], *known, SENT[2]):
        evaluator.feed(event)
    found = {line.id: [one.code for one in line.reasons] for line in evaluator.close().coverage if line.line == "rule"}
    assert [rule for rule in ("COL-03", "SHR-03") if found[rule] == ["nothing_known"]] == nothing_known


def test_a_rule_that_looks_for_no_value_needs_none_to_be_known() -> None:
    evaluator = Analysis(load_rules(), Declaration.model_validate({"recipients": [{"org": "Push"}]}))
    for event in session(*SENT):
        evaluator.feed(event)
    codes = {line.id: [one.code for one in line.reasons] for line in evaluator.close().coverage if line.line == "rule"}
    assert "nothing_known" not in codes["AI-02"] and codes["SHR-05"] == ["nothing_known"]


#: The device told the app's Android ID before the app sent it in clear; nothing was asked of the user yet.
TOLD = "0.1 known_values {known: [{data_type: android_id, tag: v1, commit: c, size: 32}], way: a command}"
LEFT = "5 transmission {bytes: 1, scheme: http, matches: [{data_type: android_id, tag: v1}]}"
ASKED = ["6 dialog @1 隐私政策 | 请阅读 | 同意 / 不同意", "7 tap @1 同意"]


def assessed(*known: str, kind: str = "android_id") -> tuple[dict[str, Finding], dict[str, list[str]]]:
    """The findings about what is sent, and the codes of each rule's reasons."""
    began = ["0 health {what: ready}", SENT[0].replace("1.2", "0"), "0.2 application_created"]
    evaluator = Analysis(load_rules())
    for event in session(*began, *known, LEFT.replace("android_id", kind), *ASKED, "8 reads imei {values: [v2]}"):
        evaluator.feed(event)
    result = evaluator.close()
    codes = {line.id: [one.code for one in line.reasons] for line in result.coverage if line.line == "rule"}
    return {one.rule: one for one in result.findings if one.data_type == kind}, codes


def test_what_the_device_told_is_evidence_where_it_is_sent() -> None:
    assert assessed(TOLD.replace("0.1", "7.5"))[1]["COL-01"] == ["read_unseen"]  # known only later
    found, codes = assessed(TOLD)
    for rule in ("COL-03", "SHR-03"):
        one = found[rule]
        assert (one.status, one.grade, one.detail["known_from"]) == ("evidenced", "collection", "a command")
        assert 4 in one.events, "the event in which the device told it"
    assert "COL-01" not in found and codes["COL-01"] == codes["COL-02"] == ["read_unseen"]
    assert "read_unseen" not in codes["COL-14"], "it is not about identifiers"


@pytest.mark.parametrize(
    "known",
    [
        [TOLD, "4 reads android_id {values: [v1]}"],
        [TOLD.replace(", way: a command", "")],  # given by the tester, who may have typed it
        [TOLD, "0.1 data_kept"],  # the app may have kept it
        [TOLD.replace("android_id", "accounts")],  # its user may have entered it
    ],
)
def test_nothing_is_doubted_where_the_value_may_have_come_another_way(known: list[str]) -> None:
    found, codes = assessed(*known, kind="accounts" if "accounts" in known[0] else "android_id")
    assert not [rule for rule, every in codes.items() if "read_unseen" in every]
    assert ("known_from" in found["SHR-03"].detail) == ("a command" in known[0] and "reads" not in known[-1])


@pytest.mark.parametrize(
    ("rule", "event", "said"),
    [
        ("COL-08", {}, []),
        ("COL-08", {"activities_missed": [{"name": "x.A", "why": "login_wall"}]}, ["not_explored"]),
        ("COL-08", {"controls_missed": [{"place": "p", "label": "x", "why": "risky"}]}, ["not_explored"]),
        ("COL-05", {"withdrawal": "not_found"}, ["no_way_to_withdraw"]),
        ("COL-05", {"withdrawal": "found"}, []),
        ("COL-05", {"withdrawal": "not_found", "why": "steps"}, []),
        # Nothing that an exploration could have done: it is not declared.
        ("SHR-05", {"activities_missed": [{"name": "x.A", "why": "captcha"}]}, []),
    ],
)
def test_what_an_exploration_did_not_reach_is_a_reason(rule: str, event: dict[str, Any], said: list[str]) -> None:
    then = [{"kind": "explored", "at": 5, "why": "nothing_new", **event}]
    (one,) = (one for one in load_rules() if one.id == rule)
    line = rule_line(one, [], Situation(seen("hooked", then=then), Declaration()))
    assert line.state == NOT_EXERCISED
    reasons = {reason.code: reason.params for reason in line.reasons}
    assert [code for code in reasons if code in ("not_explored", "no_way_to_withdraw")] == said
    if "not_explored" in reasons:
        why = reasons["not_explored"]["names"]
        assert why == next(iter(event.values()))[0]["why"] and label("missed", why, "en") in line.why
