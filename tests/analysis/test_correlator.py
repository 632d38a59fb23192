"""Order, timing uncertainty, agreement of stream and batch, against brute force."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.analysis.correlate.correlator import LATENESS_US, Analysis, analyse
from monitor.analysis.correlate.findings import Assessment, decode, encode
from monitor.analysis.rules.load import Rule, load_rules
from monitor.events import Event
from monitor.knowledge.tables import load_sdks
from monitor.session.declaration import Declaration
from tests.analysis.played import Raw, numbered, raws, session

RULES = load_rules()
BY_ID = {rule.id: rule for rule in RULES}
COL1, PRM1 = [BY_ID["COL-01"]], [BY_ID["PRM-01"]]
READ_EARLY = [BY_ID["COL-01"], BY_ID["COL-02"]]
TYPES = ("imei", "android_id", "location", "contacts", "net_state")
CONTACTS = "android.permission.READ_CONTACTS"


def lines(result: Assessment) -> list[bytes]:
    return [encode(f) for f in result.findings] + [msgspec.json.encode(c) for c in result.coverage]


def statuses(lines: Sequence[str | Raw], rules: list[Rule]) -> list[str]:
    return [f.status for f in analyse(session(*lines), rules).findings]


def test_the_named_near_tie_case() -> None:
    """Access at 10.0 s (error 0.2), consent at 10.3 s (error 0.2) arriving 1.9 s late: both ways inconclusive."""
    notice = "1 dialog @1 隐私政策 | | 同意 / 不同意 {src: runner}"
    access, consent = "10 reads imei {err: 200}", "10.3 touch 同意 {err: 200}"
    other = "12.2 reads net_state"
    for order in itertools.permutations([access, consent, other]):
        evaluator = Analysis(COL1, lateness_us=2_000_000)
        for one in session(notice, *order):
            evaluator.feed(one)
        assert [f.status for f in evaluator.close().findings] == ["inconclusive"]


def test_a_withdrawal_of_what_may_have_been_refused_leaves_both_open() -> None:
    """Agreed and refused within timing uncertainty, then withdrawn: a matter for COL-05, or a read without consent."""
    notice = "7 dialog @1 隐私政策 | | 同意 / 不同意 {src: runner}"
    answers = ["12 tap 同意 {err: 90, src: 'hooks:1'}", "12.02 tap 不同意 {src: 'hooks:2'}"]
    back, read = "43.6 tap 撤回同意 {src: 'hooks:3'}", "50 reads android_id {src: 'hooks:4'}"
    assert statuses([notice, *answers, back, read], COL1) == ["inconclusive"]
    assert statuses([notice, answers[0], back, read], COL1) == []
    assert statuses([notice, answers[1], back, read], COL1) == ["evidenced"]


def read(at: float, sdk: str, data_type: str = "oaid") -> Raw:
    return {"kind": "api_call", "at": at, "data_type": data_type, "values": ["tag"], "sdk": sdk}


def sent(data_type: str = "oaid", **more: Any) -> Raw:
    matches = [{"data_type": data_type, "tag": "tag"}]
    return {"kind": "transmission", "at": 9, "matches": matches, "host": "h.example", **more}


def test_what_leaves_of_a_cursor_makes_its_query_a_collection() -> None:
    """A query returns no value; what any code reads from its cursor and sends is what was queried."""
    query = {"kind": "api_call", "at": 1, "data_type": "oaid", "call": 7, "args": {"authority": "cn.nubia.identity"}}
    taken = read(1.1, "example_beacon") | {"role": "context", "args": {"query": "7"}, "call": 9}
    for order in itertools.permutations([query, taken, sent(at=2)]):
        (found,) = analyse(numbered(order), COL1).findings
        assert (found.data_type, found.grade, found.detail.get("sent_to_host")) == ("oaid", "collection", "h.example")
    for other in ({**taken, "args": {"query": "8"}}, {**taken, "pid": 101}, {**taken, "values": ["another"]}):
        assert [f.grade for f in analyse(numbered([query, other, sent(at=2)]), COL1).findings] == ["access"]


HELPER = {"sdk": "lib:com.helper"}
EVERY = {"app", "jpush", "adcolony"}


@pytest.mark.parametrize(
    ("readers", "more", "raised", "named"),
    [
        # The app and two libraries read the same value: whose read a message carries on.
        (("app", "jpush", "adcolony"), {"sdk": "jpush"}, {"jpush"}, {"jpush"}),
        (("app", "jpush", "adcolony"), {"sdk": "app", "party": "first"}, {"app"}, {"app"}),
        (("app", "jpush", "adcolony"), HELPER | {"party": "first"}, {"app"}, {"app"}),
        (("app", "jpush", "adcolony"), HELPER, EVERY, {"adcolony"}),
        (("app", "jpush", "adcolony"), {"sdk": ""}, EVERY, {"adcolony"}),
        (("app", "jpush", "adcolony"), HELPER | {"host": "ads.adcolony.com"}, {"adcolony"}, {"adcolony"}),
        (("app", "jpush", "adcolony"), {"sdk": "app", "host": "ads.adcolony.com"}, {"app", "adcolony"},
         {"app", "adcolony"}),
        # What unknown code sent is credited to no library if unknown code read it.
        (("", "adcolony"), {"sdk": ""}, {"", "adcolony"}, {""}),
        (("", "adcolony"), {"sdk": "adcolony"}, {"", "adcolony"}, {"adcolony"}),
        # What a library read itself and sent is no sending of code that nobody knows.
        (("", "umeng"), {"sdk": "umeng"}, {"", "umeng"}, {"umeng"}),
        (("",), {"sdk": "umeng"}, {""}, {""}),
        (("umeng",), {"sdk": "umeng"}, {"umeng"}, {"umeng"}),
    ],
)  # fmt: skip
def test_what_was_sent_is_the_read_of_who_sent_it_or_owns_the_host(
    readers: tuple[str, ...], more: dict[str, Any], raised: set[str], named: set[str]
) -> None:
    reads = [read(at, sdk) for at, sdk in enumerate(readers, 1)]
    found = analyse(numbered([*reads, sent(**more)]), READ_EARLY, sdks=load_sdks()).findings
    assert {f.sdk for f in found if f.grade == "collection"} == raised
    assert {f.sdk for f in found if "sent_to_host" in f.detail} == named


def test_what_is_found_late_is_credited_as_what_is_found_at_once() -> None:
    match = {"data_type": "oaid", "form": "plain", "path": "body", "certainty": "found", "tag": "tag"}
    late = {"kind": "late_match", "at": 10, "match": match, "flows": ["f1"], "n": 1}
    message = sent(sdk="umeng", flow="f1") | {"matches": []}
    found = analyse(numbered([read(1, "app"), read(2, "umeng"), message, late]), READ_EARLY).findings
    assert {f.sdk: f.grade for f in found} == {"app": "access", "umeng": "collection"}


def test_a_flow_names_the_read_of_its_sender() -> None:
    reads = [read(at, sdk, "prompt") for at, sdk in ((1, "app"), (2, "umeng"), (3, "app"))]
    declaration = Declaration.model_validate({"app": {"genai": True}, "ai": {"hosts": ["ai.example"]}})
    for sdk, seq in (("umeng", 2), ("app", 3), ("lib:com.other", 3)):
        found = analyse(numbered([*reads, sent("prompt", sdk=sdk)]), RULES, declaration).findings
        assert [f.events for f in found if f.rule == "AI-01"] == [[seq, 4]], sdk


def scene(rng: random.Random, size: int) -> list[Raw]:
    """A random log of one app: notices, taps, reads, traffic, prompts, with errors."""
    raws: list[Raw] = [{"kind": "lifecycle", "at": 0, "what": "data_cleared"}]
    at = 1.0
    for _ in range(size):
        at += rng.choice([0.01, 0.2, 1.0, 5.0])
        err = rng.choice([0, 1, 20, 90])
        pick = rng.random()
        if pick < 0.15:
            raws.append({"kind": "window", "at": at, "title": "隐私政策", "buttons": ["同意", "不同意"], "err": err})
        elif pick < 0.3:
            label = rng.choice(["同意", "不同意", "撤回同意", "首页"])
            raws.append(
                {"kind": "tap", "at": at, "label": label, "err": err, "src": rng.choice(["runner", "hooks:100"])}
            )
        elif pick < 0.65:
            raws.append({"kind": "api_call", "at": at, "data_type": rng.choice(TYPES), "err": err,
                         "outcome": rng.choice(["value", "denied"]),
                         "sdk": rng.choice(["app", "umeng", ""])})  # fmt: skip
        elif pick < 0.8:
            raws.append({"kind": "transmission", "at": at, "matches": [rng.choice(TYPES)], "err": 1})
        elif pick < 0.9:
            raws.append({"kind": "prompt", "at": at, "permissions": [CONTACTS], "err": err})
        else:
            raws.append({"kind": "permission_result", "at": at, "permission": CONTACTS, "err": err,
                         "result": rng.choice(["denied", "granted"])})  # fmt: skip
    return raws


@settings(max_examples=20)
@given(st.integers(0, 10**9), st.integers(5, 40))
def test_bounded_disorder_changes_nothing(seed: int, size: int) -> None:
    rng = random.Random(seed)
    log = numbered(scene(rng, size))
    expected = analyse(log, RULES)
    shuffled = sorted(log, key=lambda e: e.t + rng.uniform(0, LATENESS_US * 0.9))
    found = analyse(shuffled, RULES)
    assert [encode(f) for f in found.findings] == [encode(f) for f in expected.findings]
    assert lines(analyse(log, RULES)) == lines(expected)


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.integers(5, 60))
def test_larger_errors_never_turn_inconclusive_into_evidenced(seed: int, size: int) -> None:
    log = numbered(scene(random.Random(seed), size))
    apart = [msgspec.structs.replace(e, src=f"clock{n}") for n, e in enumerate(log)]
    wider = [msgspec.structs.replace(e, err=e.err * 3 + 1000) for e in apart]
    sharp = {f.fingerprint: f for f in analyse(apart, COL1).findings}
    for finding in analyse(wider, COL1).findings:
        if finding.status == "evidenced":
            assert sharp[finding.fingerprint].status == "evidenced"


@settings(max_examples=60)
@example(10**9, 24)
@example(215, 24)
@example(34380, 24)
@example(89983, 24)
@given(st.integers(0, 10**9), st.integers(3, 25))
def test_what_is_evidenced_holds_wherever_in_the_errors_things_happened(seed: int, size: int) -> None:
    rng = random.Random(seed)
    raws = [r for r in scene(rng, size) if r["kind"] in ("window", "tap", "api_call")]
    log = [msgspec.structs.replace(e, src=f"clock{n}") for n, e in enumerate(numbered(raws))]
    claimed = {f.fingerprint for f in analyse(log, COL1).findings if f.status == "evidenced"}
    quiet = {f.fingerprint for f in analyse(log, COL1).findings}
    exact = [msgspec.structs.replace(e, t=e.t + rng.randint(-e.err, e.err), err=0) for e in log]
    # Windows keep their place: which notice a tap answers is not what this property is about.
    exact = [e if type(e).__name__ != "Window" else o for e, o in zip(exact, log, strict=True)]
    truth = {f.fingerprint for f in analyse(exact, COL1).findings}
    assert claimed <= truth or not quiet


def oracle_before_consent(log: list[Event]) -> set[tuple[str, str]]:
    """Brute force on exact times: (data type, sdk) of reads with no agreement standing, one clock source.

    An agreement that was taken back is another rule's matter (COL-05), until it is refused anew.
    """
    state, shown = "none", False
    found: set[tuple[str, str]] = set()
    for one in sorted(log, key=lambda e: (e.t, e.seq)):
        kind = type(one).__name__
        if kind == "Window":
            shown = True
        elif kind == "Tap":
            label = one.label  # type: ignore[union-attr]
            if label == "撤回同意":
                state = "none" if state == "none" else "given up"
            elif label in ("同意", "不同意") and shown:
                state = "agreed" if label == "同意" else "none"
        elif kind == "ApiCall" and state == "none" and one.data_type != "net_state":  # type: ignore[union-attr]
            found.add((one.data_type, one.sdk))  # type: ignore[union-attr]
    return found


@settings(max_examples=80)
@given(st.integers(0, 10**9), st.integers(1, 40))
def test_before_consent_against_brute_force(seed: int, size: int) -> None:
    rng = random.Random(seed)
    raws: list[Raw] = []
    for number in range(size):
        kind = rng.choice(["window", "tap", "api_call", "api_call"])
        raw: dict[str, Any] = {"kind": kind, "at": 1 + number * 4, "err": 0, "src": "hooks:100"}
        if kind == "window":
            raw |= {"title": "隐私政策", "buttons": ["同意", "不同意"], "window": number + 1}
        elif kind == "tap":
            raw |= {"label": rng.choice(["同意", "不同意", "撤回同意", "首页"]), "window": 0}
        else:
            raw |= {"data_type": rng.choice(TYPES), "sdk": "app"}
        raws.append(raw)
        if kind == "tap":  # every tap meets a notice that was just shown, so that both sides agree what it answers
            raws.insert(-1, {"kind": "window", "at": raw["at"] - 1, "err": 0, "src": "hooks:100", "title": "隐私政策",
                             "buttons": ["同意", "不同意"], "window": 1000 + number})  # fmt: skip
    log = numbered(raws)
    found = {(f.data_type, f.sdk) for f in analyse(log, COL1).findings if f.status == "evidenced"}
    assert found == oracle_before_consent(log)


@settings(max_examples=80)
@given(st.lists(st.sampled_from(["ask", "deny", "grant", "wait"]), max_size=30))
def test_repeat_after_against_brute_force(moves: list[str]) -> None:
    raws: list[Raw] = []
    at, refused, repeats, worst = 1.0, False, 0, 0
    open_dialog = False
    for move in moves:
        at += 10
        if move == "ask":
            raws.append({"kind": "prompt", "at": at, "permissions": [CONTACTS], "err": 0})
            open_dialog = True
            if refused:
                repeats += 1
                worst = max(worst, repeats)
        elif move in ("deny", "grant") and open_dialog:
            raws.append({"kind": "permission_result", "at": at, "permission": CONTACTS, "err": 0,
                         "result": "denied" if move == "deny" else "granted"})  # fmt: skip
            open_dialog, refused = False, move == "deny"
            if not refused:
                repeats = 0
    expected = worst >= 2
    # After a grant the count begins again only when the next prompt shows that it stood: the oracle does the same.
    assert bool(statuses(raws, PRM1)) == expected


def test_a_late_consent_is_noted_and_late_accesses_are_assessed() -> None:
    notice, agreed, read, *far, last = session(
        "agreed", "2 reads imei {src: y}", *(f"{at} reads imei {{src: x}}" for at in (60, 61, 62, 99))
    )
    evaluator = Analysis(COL1)
    for one in (notice, agreed, *far, read):
        evaluator.feed(one)
    result = evaluator.close()
    assert [(f.status, f.count) for f in result.findings] == [("evidenced", 1)]
    evaluator = Analysis(COL1)
    for one in (notice, *far, last, agreed):
        evaluator.feed(one)
    assert "late_events" in {line.id for line in evaluator.close().coverage}


def test_live_findings_come_while_the_session_runs_and_end_as_the_result() -> None:
    evaluator, live = Analysis(COL1), []
    for one in session(*(f"{at} reads imei" for at in range(1, 60))):
        live += evaluator.feed(one)
    assert live
    result = evaluator.close()
    assert live[0].fingerprint == result.findings[0].fingerprint
    assert result.findings[0].count == 59
    assert len(result.findings[0].events) <= 40
    assert evaluator.close() is result
    assert decode(encode(result.findings[0])) == result.findings[0]


def test_a_clean_log_is_silent() -> None:
    own = {"org": "own", "role": "processor", "hosts": ["api.example.com"], "data_types": ["android_id"]}
    declaration = Declaration.model_validate({
        "collection": [{"data_type": "android_id"}, {"data_type": "imei"}], "recipients": [own], "sdks": [],
        "permissions": [{"name": CONTACTS}], "operator": {"domains": ["example.com"]},
    })  # fmt: skip
    lines = [
        "0 health {what: ready}",
        "0 data_cleared",
        "0.2 process_start {cause: next-top-activity x}",
        "0.5 activity_resumed",
        "agreed",
        "5 reads android_id {values: [t]}",
        "7 transmission {matches: [{data_type: android_id, tag: t}], party: first}",
        "20 tap @0 通讯录",
        "21 page @2 | 为查找好友，需要通讯录",
        f"23 permission_request {{permissions: [{CONTACTS}]}}",
        f"23.2 prompt {{permissions: [{CONTACTS}]}}",
        f"25 permission_result {{permission: {CONTACTS}, result: denied}}",
    ]
    result = analyse(session(*lines), RULES, declaration)
    assert result.findings == []
    states = {line.id: line.state for line in result.coverage if line.line == "rule"}
    for rule in ("COL-01", "COL-02", "COL-03", "SHR-01", "PRM-01", "COL-09"):
        assert states[rule] == "silent", (rule, [c for c in result.coverage if c.id == rule])
    assert states["COL-05"] == "not_exercised"


@pytest.mark.parametrize(("end", "state", "why"), [(75, "not_exercised", "withdrawn_late"), (90, "silent", "watched")])
def test_nothing_after_a_withdrawal_says_something_only_where_the_grace_was_over(
    end: int, state: str, why: str
) -> None:
    log = session(
        "0 health {what: ready}",
        "0.2 process_start {cause: next-top-activity x}",
        "agreed",
        "5 reads android_id {values: [t]}",
        "19 dialog @2 设置 | | 撤回同意 / 帮助",
        "20 tap @2 撤回同意",
        f"{end} background",
    )
    line = next(c for c in analyse(log, RULES).coverage if (c.line, c.id) == ("rule", "COL-05"))
    assert (line.state, line.reasons[0].code) == (state, why)


def test_a_count_of_few_calls_is_no_rate() -> None:
    """Calls that were only counted (two of them, the rule wants five) lead to no finding and to no error."""
    rate = [BY_ID["COL-08"]]
    reads = raws(f"{at} reads android_id {{aggregated: true, count: 2}}" for at in (1, 2, 9, 30))
    assert statuses(reads, rate) == []
    assert statuses([*reads[:3], {**reads[3], "count": 50}], rate) != []


def test_a_hook_that_is_lost_in_one_process_leaves_no_witness() -> None:
    """Hooked again elsewhere: what it would have seen is not known."""
    states = [
        f"{at} hook_state {{states: [{{state: {state}, hooks: [telephony.get_imei]}}]}}"
        for at, state in enumerate(("hooked", "lost", "hooked"))
    ]
    coverage = {line.id: line for line in analyse(session(*states), COL1).coverage}
    assert coverage["telephony.get_imei"].state == "not_observable"
    assert coverage["COL-01"].state == "not_observable"
    assert "telephony.get_imei" in coverage["COL-01"].why
    hooked = {line.id: line.state for line in analyse(session(states[0], states[2]), COL1).coverage}
    assert hooked["telephony.get_imei"] == "silent"
