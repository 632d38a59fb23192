"""What a story shows of stacks, taps and notices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from monitor.analysis.consent.timelines import KeptMark, kept
from monitor.analysis.consent.tracker import read_consent
from monitor.analysis.correlate.findings import Finding
from monitor.analysis.explain import story
from monitor.analysis.explain.blocks import Lang
from monitor.analysis.explain.moments import Moments, without_repeats
from monitor.analysis.explain.sentences import Phrases, asked, readings
from monitor.analysis.rules.examples import event
from monitor.analysis.rules.load import Rule, load_rules
from monitor.events import Event, Frame
from monitor.knowledge.tables import Packages
from monitor.text import label, t
from tests.analysis.played import numbered, session
from tests.assess.samples import finding as sample

NOTICE = {"kind": "window", "title": "隐私政策", "texts": ["请阅读"], "buttons": ["同意", "不同意"]}
READ = {"kind": "api_call", "at": 5, "data_type": "imei"}


def frame(method: str, line: int) -> Frame:
    return Frame(cls="a.B", method=method, file="B.java", line=line)


def name(key: str, /, *, org: bool = False) -> str:
    """Of an SDK or an organisation: its ID."""
    return key


def account(item: Finding, moments: Moments, lang: Lang, heading: str = "", rule: Rule | None = None) -> list[str]:
    """The lines of a block of the account, of the first one without a heading."""
    blocks = story.finding(
        item, rule, moments, lang, name=name, packages=Packages({}), prefixes=[], scenario="", scenarios=[]
    )
    wanted = t(f"explain.{heading}", lang) if heading else blocks[0].heading
    return next((block.lines for block in blocks if block.heading == wanted), [])


def test_a_hooked_method_is_reported_once_and_recursion_stays() -> None:
    stack = [frame("get", 0), frame("get", 7), frame("run", 0), frame("run", 0), frame("main", 3)]
    assert without_repeats(stack) == [frame("get", 7), frame("run", 0), frame("main", 3)]
    recursion = [frame("walk", 5), frame("walk", 5), frame("walk", 9)]
    assert without_repeats(recursion) == recursion and without_repeats([]) == []


def about(events: Sequence[Event], /, **more: Any) -> Finding:
    """A finding that names all of these events."""
    named = {"app": events[0].app, "events": [e.seq for e in events], "first_seen": events[0].t}
    return sample(**{**named, **more})


def marks_of(events: Sequence[Event]) -> list[KeptMark]:
    return kept(events[0].app, read_consent(events).lines.scopes)


def around(*raws: dict[str, Any], of: dict[str, Any] = READ) -> tuple[list[Event], Moments]:
    """The moments of a finding about the one read."""
    raws = raws if of in raws else (of, *raws)
    events = numbered(raws)
    read = next(e for e, raw in zip(events, raws, strict=True) if raw is of)
    finding = about(events, first_seen=read.t, last_seen=read.t, events=[read.seq])
    return events, Moments(finding, events, marks_of(sorted(events, key=lambda e: (e.t, e.seq))))


def test_a_yes_to_something_else_is_not_the_agreement() -> None:
    later = {"kind": "tap", "at": 9, "label": "去授权", "window": 0}
    agreed = {"kind": "tap", "at": 2, "label": "同意", "window": 1}
    events, moments = around({**NOTICE, "at": 1}, agreed, READ, later)
    assert moments.decided is events[1] and moments.agreed is None and moments.settled
    events, moments = around({**NOTICE, "at": 1}, {**agreed, "label": "不同意"}, READ, {**agreed, "at": 9})
    assert moments.agreed is events[3] and not moments.settled
    assert around(READ, {**agreed, "at": 9, "label": "OK"})[1].agreed is None, "nothing was there to agree to"


@pytest.mark.parametrize("order", [1, -1])
def test_the_hook_gives_the_time_of_a_tap(order: int) -> None:
    """Beside the runner's error of some milliseconds, what followed at once would look uncertain."""
    runner = {"kind": "tap", "at": 4.99, "label": "同意", "window": 0, "via": "runner", "src": "runner"}
    hook = {"kind": "tap", "at": 4.995, "label": "同意", "window": 1, "via": "hook"}
    events, moments = around({**NOTICE, "at": 1}, *[runner, hook][::order], READ)
    assert moments.decided in events and getattr(moments.decided, "via", "") == "hook"
    late = [{**runner, "at": 8}, {**hook, "at": 8.01}][::order]
    assert getattr(around({**NOTICE, "at": 1}, READ, *late)[1].agreed, "via", "") == "hook"


@pytest.mark.parametrize("at", [1, 7])
def test_the_notice_is_recognised_wherever_it_was(at: int) -> None:
    """A late notice is not a missing one: the finding must show it."""
    shown = [{**NOTICE, "at": at}, {**NOTICE, "at": 8}]
    events, moments = around(*sorted([*shown, READ], key=lambda raw: raw["at"]))
    assert moments.notice is next(e for e in events if e.t == event({**NOTICE, "at": at}, 9).t)


@pytest.mark.parametrize(("lang", "said"), [("en", "×3, the last at +2.000 s"), ("zh", "连续 3 次，末次 +2.000 s")])
def test_equal_events_in_a_row_are_one_line(lang: Lang, said: str) -> None:
    events = session("5 reads imei", "6 reads imei", "7 reads imei", "8 reads oaid", "9 reads imei")
    found = about(events, count=5)
    lines = account(found, Moments(found, events, []), lang, "story")
    assert len(lines) == 4 and said in lines[0] and "#1 " in lines[0] and "#3" in lines[0]
    assert "#4 " in lines[1] and "#5 " in lines[2]


def test_a_tap_that_two_witnesses_saw_is_told_once() -> None:
    """The scenario's view and the hook's view of one tap are one tap; what no witness read has no grade."""
    events = session("5 tap @0 不同意 {via: runner, view: 'android:id/button2'}", "5.003 tap @2 不同意 {via: hook}")
    found = about(events, data_type="", grade="attempted")
    blocks = story.finding(
        found, None, Moments(found, events, []), "en", name=name,
        packages=Packages({}), prefixes=[], scenario="", scenarios=[],
    )  # fmt: skip
    assert [line.partition("  ")[2] for line in blocks[1].lines] == ["#2  the user tapped “不同意” — refuses"]
    assert "attempted" not in blocks[0].lines[0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_another_sent_is_told_with_a_read_that_was_not(lang: Lang) -> None:
    """The story of a read says that the value was not seen leaving only where no message held it."""
    read = {"kind": "api_call", "at": 5, "data_type": "imei", "values": ["own"]}
    sent = {"kind": "transmission", "at": 7, "sdk": "jpush", "host": "x.example"}

    def told(*more: dict[str, Any]) -> list[str]:
        _, moments = around(*more, of=read)
        item = msgspec.structs.replace(sample(), data_type="imei", grade="access")
        return account(item, moments, lang, "to_whom")

    not_sent = [t("explain.not_sent", lang)]
    assert told() == not_sent
    assert told(sent | {"matches": ["mac"]}) == not_sent
    assert told(sent | {"matches": [{"data_type": "imei", "certainty": "possible", "tag": "own"}]}) == not_sent
    assert told({**sent, "at": 2, "matches": [{"data_type": "imei", "tag": "own"}]}) == not_sent, "before it was read"
    same = told(sent | {"matches": [{"data_type": "imei", "tag": "own"}]})
    assert same[0] == t("explain.sent_by_others", lang, who="jpush") and "x.example" in same[1]
    other = told(sent | {"matches": [{"data_type": "imei", "tag": "other"}]})
    assert other[0] == t("explain.others_sent", lang, who="jpush")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_message_of_other_code_is_not_told_as_sent_by_who_read(lang: Lang) -> None:
    read, mine, others = (
        "5 reads imei", "6 sends imei {sdk: app, host: own.example}", "7 sends imei {sdk: '', host: other.example}",
    )  # fmt: skip

    def told(*lines: str) -> list[str]:
        events = session(*lines)
        item = about(events, sdk="app", data_type="imei", grade="collection")
        return account(item, Moments(item, events, []), lang, "to_whom")

    unknown = t("sdk.none", lang)
    own, head, other = told(read, mine, others)
    assert "own.example" in own and "other.example" in other
    assert head == t("explain.also_sent_by", lang, who=unknown)
    head, other = told(read, others)
    assert head == t("explain.sent_by_others", lang, who=unknown) and "other.example" in other
    assert [("own.example" in line) for line in told(read, mine)] == [True]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_message_with_other_data_that_only_shows_the_time_is_no_recipient(lang: Lang) -> None:
    """A microphone was still on when a library sent something else: nobody was sent what it recorded."""
    events = session("5 reads mic", "9 sends android_id {sdk: ads, host: ads.example}")
    item = about(events, sdk="app", data_type="mic", grade="access")
    told = account(item, Moments(item, events, []), lang, "to_whom")
    assert told == [t("explain.not_sent", lang)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_refusal_in_between_is_told(lang: Lang) -> None:
    """The first of a finding's events came before any answer, later ones after a refusal: both are said."""
    again = {**READ, "at": 30}
    raws = (READ, {**NOTICE, "at": 8}, {"kind": "tap", "at": 9, "label": "不同意", "window": 1}, again)
    events, moments = around(*raws)
    item = about(events, data_type="imei")
    said = account(item, Moments(item, events, marks_of(events)), lang, "consent")
    assert said[0] == t("explain.consent.no_earlier", lang)
    assert said[1] == t("explain.consent.between", lang, n=1, seq=3, what=Phrases(lang, name).sentence(events[2]))
    early = account(item, moments, lang, "consent")
    assert said[1] not in early and early[0] == said[0], "the finding ends before the refusal"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_read_value_is_as_good_as_is_told(lang: Lang) -> None:
    told = [
        account(item := sample(rule="COL-06", data_type="drm_id", detail=detail), Moments(item, [], []), lang)
        for detail in ({"equivalent_of": "imei"}, {})
    ]
    assert len(told[0]) == len(told[1]) + 1
    assert label("detail", "equivalent_of", lang) in told[0][2] and label("data_type", "imei", lang) in told[0][2]


@pytest.mark.parametrize("word, told", [("暂不", True), ("不同意", False)])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_for_review_names_the_tap_whose_words_leave_it_open(lang: Lang, word: str, told: bool) -> None:
    events = session(f"1 dialog @1 隐私政策 | 请阅读 | 同意 / {word}", f"2 tap @1 {word}", "5 reads imei")
    for status, kept_open in (("review", told), ("evidenced", False)):
        found = about(events, rule="COL-04", status=status, first_seen=events[2].t)
        change = account(found, Moments(found, events, marks_of(events)), lang, "change")
        line = t("explain.change.unclear", lang, label=word, seq=2)
        assert (line in change) is kept_open


WITHDRAWN = (
    {"kind": "window", "at": 2.1, "window": 1, "action": "hidden"},
    {"kind": "tap", "at": 2.5, "label": "撤回同意", "window": 9},
    {"kind": "window", "at": 3, "window": 2, "title": "撤回同意", "texts": ["请确认"], "buttons": ["确定", "取消"]},
    {"kind": "tap", "at": 4, "label": "确定", "window": 2},
)
READINGS: list[tuple[Lang, str, tuple[dict[str, Any], ...], list[str]]] = [
    ("en", "暂不", (), [
        "tap #2, row refused of the decision table: A consent that the window asks for was refused.",
        "on the control: “暂不” (phrase “暂不” of the act reject/ambiguous, in zh.tsv)",
        "in the window: “隐私政策” (phrase “隐私政策” of the act policy, in zh.tsv)",
    ]),
    ("zh", "后会有期", (), [
        "点击 #2，判定表 agreed_beside_refusal 行：窗口中除拒绝外的唯一选项：无论用词如何，均为同意。",
        "窗口文字：“隐私政策”（词条“隐私政策”，言语行为 policy，词库文件 zh.tsv）",
    ]),
    ("en", "同意", WITHDRAWN, [
        "tap #6, row taken_back of the decision table: Asked whether to take something back, the control says yes.",
        "tap #6, row withdrawal_confirmed of the decision table: The question whether to take it back was answered"
        " with yes.",
        "on the control: “确定” (phrase “确定” of the act accept/ambiguous, in zh.tsv)",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "word", "more", "said"), READINGS)
def test_the_row_and_the_words_by_which_a_tap_was_read_are_told(
    lang: Lang, word: str, more: tuple[dict[str, Any], ...], said: list[str]
) -> None:
    notice = {**NOTICE, "at": 1, "buttons": [word, "不同意"]}
    events, moments = around(notice, {"kind": "tap", "at": 2, "label": word, "window": 1}, *more, READ)
    assert [*readings(sorted(moments.read), read_consent(events).records, lang)] == said


def test_what_rests_on_no_tap_that_was_read_has_no_reading() -> None:
    stated = {"kind": "consent", "at": 2, "scope": "policy", "state": "denied", "via": "operator"}
    assert not around({**NOTICE, "at": 1}, stated, READ)[1].read


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("detail", [{"lured_by": "红包"}, {"bundled_words": "与第三方共享"}])
def test_the_words_on_the_screen_that_decided_are_told(lang: Lang, detail: dict[str, str]) -> None:
    events = session("1 dialog | 开启定位即可领取红包")
    found = about(events, rule="PRM-04", status="review", detail=detail)
    lines = account(found, Moments(found, events, []), lang)
    ((key, words),) = detail.items()
    assert any(t(f"detail.{key}", lang) in line and words in line for line in lines)


def test_going_on_with_a_withdrawal_is_not_told_as_an_agreement() -> None:
    words = ("继续撤销", "同意并继续", "撤回同意", "Continue")
    said = [Phrases("en", name).sentence(tap) for tap in session(*(f"1 tap {word}" for word in words))]
    assert [t("story.tap.accept", "en") in line for line in said] == [False, True, False, False]
    assert t("story.tap.withdraw", "en") in said[2]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_would_change_a_finding_is_said_for_the_pattern_that_matched(lang: Lang) -> None:
    (rule,) = [rule for rule in load_rules() if rule.text.id == "AI-02"]
    events = session("5 toggle {name: 训练, value: true}")
    kinds = {"preset": "before_consent", "flag": "after_refusal", "sent_again": "value_flow"}
    lines = {kind: t(f"explain.change.type.{kind}", lang) for kind in kinds.values()}
    for pattern, kind in kinds.items():
        item = about(events, rule="AI-02", pattern=pattern)
        change = account(item, Moments(item, events, []), lang, "change", rule)
        assert [one for one, line in lines.items() if line in change] == [kind]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_policy_lacks_is_named_as_the_law_of_the_finding_names_it(lang: Lang) -> None:
    (policy,) = session("2 policy {examined: true, missing: [method, 'right:copy', sharing, retention]}")
    names = {pattern: Phrases(lang, name).sentence(asked(pattern, policy)) for pattern in ("sections", "information")}
    assert (
        label("policy", "sharing", lang) in names["sections"] and label("policy", "method", lang) in names["sections"]
    )
    assert label("policy", "gdpr_sharing", lang) in names["information"]
    assert label("policy", "gdpr_retention", lang) in names["information"]
    assert label("policy", "method", lang) not in names["information"]


def test_a_screen_is_named_in_the_language_of_the_account() -> None:
    (before,) = session("5 ui_snapshot {name: before 同意}")
    assert t("shot.before", "zh", what="同意") in Phrases("zh", name).sentence(before)
