"""The ledger: which hits make one finding, what softens it, and what raises it when a value leaves."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.correlate.draft import Draft, Key
from monitor.analysis.correlate.findings import LEVELS, Finding, at_least, fingerprint
from monitor.analysis.correlate.ledger import Ledger
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.examples import event
from monitor.analysis.rules.given import Facts, Subject
from monitor.analysis.rules.load import load_rules
from monitor.analysis.rules.matching import Hit
from monitor.events import Event, Transmission
from monitor.knowledge.tables import Hosts
from monitor.session.declaration import Declaration

RULES = {rule.id: rule for rule in load_rules()}


class Book:
    """A ledger with one rule's pattern."""

    def __init__(self, rule: str, pattern: str, declaration: dict[str, Any] | None = None) -> None:
        facts = Facts(Declaration.model_validate(declaration or {}), {}, {}, Hosts({}))
        self.ledger, self.context, self.rule = Ledger(facts), Context(facts), RULES[rule]
        (self.matcher,) = [m for m in self.rule.matchers() if m.check.pattern.name == pattern]
        self.count = 0

    def event(self, **raw: Any) -> Event:
        self.count += 1
        return event({"kind": "api_call", "data_type": "imei", "role": "source", "sdk": "app", **raw}, self.count)

    def hit(self, status: str = "evidenced", certainty: str = "found", **raw: Any) -> Event:
        made = self.event(**raw)
        data_type = getattr(made, "data_type", "") or raw["matches"][0]["data_type"]
        subject = Subject(data_type, certainty)
        self.ledger.add(self.rule, self.matcher, Hit(made, subject, status), self.context)
        return made

    def sent(self, tag: str, sdk: str = "", readers: tuple[str, ...] = (), host: str = "x.com") -> Transmission:
        matches = [{"data_type": "imei", "tag": tag}]
        made = self.event(kind="transmission", matches=matches, host=host, sdk=sdk)
        assert isinstance(made, Transmission)
        self.context.values.readers[tag] = dict.fromkeys(readers, 1)
        self.ledger.left(tag, made, (made.seq,), self.context)
        return made

    def only(self) -> Finding:
        (found,) = self.ledger.findings()
        return found


class Sent(Book):
    """As above, for hits of transmissions."""

    def event(self, **raw: Any) -> Event:
        self.count += 1
        return event(raw, self.count)


def collection(**more: Any) -> Book:
    return Book("COL-01", "main", more)


def test_hits_with_one_subject_are_one_finding_and_others_are_others() -> None:
    book = collection()
    first = book.hit(cls="a.A", method="one", hook="row.one")
    book.hit(count=5, cls="a.B", method="two", hook="row.two")
    book.hit(data_type="mac")
    book.hit(sdk="framework")
    book.hit(sdk="")
    found = {(f.data_type, f.sdk): f for f in book.ledger.findings()}
    assert set(found) == {("imei", "app"), ("mac", "app"), ("imei", "framework"), ("imei", "")}
    own, unknown, framework = found["imei", "app"], found["imei", ""], found["imei", "framework"]
    assert own.count == 6 and own.events == [1, 2] and own.first_seen == first.t
    assert (own.detail["api"], own.detail["hook"]) == ("a.A.one", "row.one"), "those of the first call"
    assert "caller_unknown" in unknown.assumptions and "not_read" not in unknown.guards
    assert "caller_unknown" not in own.assumptions
    assert (framework.level, framework.status) == ("low", "review")


def test_an_attempt_becomes_an_access_once_a_value_is_returned_and_its_level_rises() -> None:
    book = collection()
    book.hit(outcome="denied")
    assert (book.only().grade, book.only().level) == ("attempted", RULES["COL-01"].text.level_attempted)
    book.hit(outcome="value", values=["t1"])
    assert (book.only().grade, book.only().level) == ("access", "critical")


def test_what_comes_again_is_counted_and_not_weighed_anew() -> None:
    """Of a pattern whose matches come to the same whenever they happen."""
    settling = Book("COL-09", "read"), Book("POL-04", "code"), Book("COL-08", "one_line")
    for book in settling:
        for _ in range(50):
            book.hit(sdk="Tide")
        (alike,) = book.ledger._calls.values()
        assert alike.came == ("evidenced", False), book.rule.id
        before = book.only()
        last = book.hit(sdk="Tide", count=7)
        assert book.only() == msgspec.structs.replace(before, count=before.count + 7, last_seen=last.t)
    others = Book("COL-01", "main"), Book("COL-12", "apps_early")
    for book in others:
        for _ in range(50):
            book.hit(sdk="Tide")
        assert not any(alike.came for alike in book.ledger._calls.values()), book.rule.id


def test_news_are_new_or_changed_findings_by_subject() -> None:
    book = collection()
    book.hit(data_type="mac")
    book.hit(data_type="imei")
    assert [f.data_type for f in book.ledger.news()] == ["imei", "mac"]
    book.hit(data_type="imei")
    assert book.ledger.news() == [], "one more of the same changes nothing that is shown"
    book.hit("evidenced", data_type="imei", outcome="denied")
    assert book.ledger.news() == []


def test_the_legal_basis_is_that_of_what_the_library_is_declared_for() -> None:
    two = [("usage analytics", "6(1)(a)"), ("fraud prevention at sign-in", "6(1)(f)")]
    book = collection(
        collection=[{"data_type": "imei", "purpose": purpose, "legal_basis": basis} for purpose, basis in two],
        sdks=[{"name": "Sentry", "purposes": ["fraud prevention"]}, {"name": "Tide", "purposes": ["usage analytics"]}],
    )
    for sdk in ("Sentry", "Tide", "app"):
        book.hit(sdk=sdk)
    found = {f.sdk: f.status for f in book.ledger.findings()}
    assert found == {"Sentry": "review", "Tide": "evidenced", "app": "evidenced"}


def test_the_strongest_status_is_reported_with_its_own_count_times_and_first_events() -> None:
    draft = Draft(Key("COL-01", "main", "a", "imei", "app", "", ""), RULES["COL-01"], RULES["COL-01"].plan[0])
    inconclusive, evidenced = draft.tallies[0], draft.tallies[2]
    assert draft.add(0, 0, 50, 3, (1,)) and draft.add(2, 1, 90, 1, (7, 8, 2))
    assert not draft.add(0, 0, 10, 1, (3,)), "nothing that is said has changed"
    assert [tally.count for tally in draft.tallies] == [4, 0, 1] and draft.status == 2
    assert (evidenced.first, evidenced.last, *evidenced.events) == (90, 90, 7, 8, 2)
    assert (inconclusive.first, inconclusive.last) == (10, 50)
    assert draft.add(2, 2, 91, 1, ()), "a higher grade"
    assert not draft.raise_grade((9,)) and 9 in evidenced.events, "the value was seen leaving before"
    for seq in range(100, 200):
        draft.add(2, 0, seq, 1, (seq,))
    assert (evidenced.count, len(evidenced.events)) == (102, 40)


def test_another_legal_basis_makes_it_a_case_for_review() -> None:
    bases = {"imei": "13(2)", "mac": " 13(1) ", "gaid": "6(1)(f)", "oaid": "GDPR 6(1)(a)"}
    book = collection(collection=[{"data_type": name, "legal_basis": basis} for name, basis in bases.items()])
    book.hit()
    for name in ("mac", "gaid", "oaid"):
        book.hit(data_type=name)
    found = {f.data_type: f for f in book.ledger.findings()}
    assert found["imei"].status == "review" and "legal_basis:13(2)" in found["imei"].guards
    assert found["mac"].status == "evidenced", "13(1) is consent, which was not given"
    assert (found["gaid"].status, found["oaid"].status) == (
        "review",
        "evidenced",
    )  # by GDPR numbers


def test_cases_for_review_are_counted_beside_the_evidenced_ones_and_lend_them_no_guard() -> None:
    book = collection()
    book.hit("inconclusive")
    assert book.only().status == "inconclusive"
    book.hit(certainty="possible")
    assert book.only().status == "review" and "possible_value" in book.only().guards
    assert "review" not in book.only().detail
    book.hit()
    found = book.only()
    assert (found.status, found.count, "possible_value" in found.guards) == ("evidenced", 1, False)
    assert (found.detail["inconclusive"], found.detail["review"]) == ("1", "1")


def test_a_device_that_was_not_observed_is_for_review_until_the_consent_is_stated() -> None:
    book = collection()
    book.context.consent.unseen = True
    book.hit()
    assert (book.only().status, "consent_unseen" in book.only().guards) == ("review", True)
    book.context.consent.stated = True
    book.hit()
    assert book.only().status == "evidenced" and "consent_stated" in book.only().assumptions


def test_a_value_that_leaves_raises_the_findings_about_reading_it() -> None:
    book = collection()
    book.hit(values=["t1"])
    book.hit(data_type="mac", values=["t2"])
    book.ledger.news()
    sent = Sent("COL-01", "main")
    sent.ledger, sent.count = book.ledger, book.count
    message = sent.sent("t1", host="x.com")
    found = {f.data_type: f for f in book.ledger.findings()}
    assert (found["imei"].grade, found["mac"].grade) == ("collection", "access")
    assert found["imei"].detail["sent_to_host"] == "x.com" and message.seq in found["imei"].events
    assert [f.data_type for f in book.ledger.news()] == ["imei"]
    sent.sent("t9")
    assert book.ledger.news() == [], "a value of no finding"


def test_who_sends_what_it_read_itself_says_nothing_of_others_reads() -> None:
    book = collection()
    book.hit(values=["t1"], sdk="app")
    book.hit(values=["t1"], sdk="")
    sent = Sent("COL-01", "main")
    sent.ledger = book.ledger
    sent.sent("t1", sdk="example_beacon", readers=("example_beacon", "app", ""))
    found = {f.sdk: f.grade for f in book.ledger.findings()}
    assert found == {"app": "access", "": "collection"}, "unknown code may be the library's"
    sent.sent("t1", sdk="example_beacon", readers=("app",))
    assert {f.grade for f in book.ledger.findings()} == {"collection"}, "it has the value from another's read"


def test_what_a_cursor_gives_is_about_its_query_whichever_came_first() -> None:
    for early in (True, False):
        book = collection()
        taken = event({"kind": "api_call", "data_type": "imei", "role": "context", "args": {"query": "7"},
                       "values": ["t1"]}, 90)  # fmt: skip
        if early:
            book.ledger.taken(taken)  # type: ignore[arg-type]
        book.hit(args={"authority": "sms"}, call=7)
        if not early:
            book.ledger.taken(taken)  # type: ignore[arg-type]
        sent = Sent("COL-01", "main")
        sent.ledger = book.ledger
        sent.sent("t1")
        assert book.only().grade == "collection", early


def test_sensitive_data_raises_the_level_where_the_rule_says_so() -> None:
    pattern = RULES["SHR-01"].plan[0].pattern.name
    for sensitive, level in ((False, "high"), (True, "critical")):
        declared = [{"data_type": "imei", "sensitive": sensitive}]
        book = Sent("SHR-01", pattern, {"collection": declared})
        book.hit(kind="transmission", host="x.com", matches=[{"data_type": "imei"}])
        assert book.only().level == level


class Thorough(Ledger):
    """As above, but looks at all of each match."""

    def _settle(self, *_: Any) -> None:
        pass


CALLS = st.fixed_dictionaries({
    "status": st.sampled_from(["evidenced", "evidenced", "review", "inconclusive"]),
    "outcome": st.sampled_from(["value", "value", "denied"]), "sdk": st.sampled_from(["app", "app", "umeng", ""]),
    "certainty": st.sampled_from(["found", "found", "possible"]), "count": st.integers(1, 3),
    "values": st.lists(st.sampled_from("abc"), max_size=2), "at": st.integers(0, 99),
    "args": st.sampled_from([{}, {}, {"component": "com.a/.B"}, {"authority": "contacts"}]),
})  # fmt: skip
PATTERNS = [("COL-09", "read"), ("COL-08", "lifetime"), ("COL-13", "read"), ("COL-01", "main"), ("LIF-02", "starts")]


@given(st.lists(CALLS, max_size=30))
def test_a_match_like_the_last_one_is_counted_all_the_same(calls: list[dict[str, Any]]) -> None:
    found = []
    for pattern in PATTERNS:
        found = []
        for kind in (Ledger, Thorough):
            book = Book(*pattern)
            book.ledger = kind(book.context.facts)
            for number in range(60):  # so many that no more events are named
                book.hit(at=number, values=["a"])
            for one in calls:
                book.hit(**one)
            book.context.values.readers["b"] = {"app": 1}
            sent = event({"kind": "transmission", "matches": [{"data_type": "imei", "tag": "b"}], "sdk": "app"}, 999)
            assert isinstance(sent, Transmission)
            book.ledger.left("b", sent, (999,), book.context)
            found.append((book.ledger.findings(), book.ledger.news()))
        assert found[0] == found[1]


def test_permissions_are_findings_of_their_own() -> None:
    book = Sent("PRM-01", "permission")
    for name in ("a.CAMERA", "a.READ_SMS", "a.CAMERA"):
        made = book.event(kind="permission_result", permission=name, result="denied", dialog="yes", via="hook")
        hit = Hit(made, Subject(permission=name), "evidenced")
        book.ledger.add(book.rule, book.matcher, hit, book.context)
    found = {f.permission: f.count for f in book.ledger.findings()}
    assert found == {"a.CAMERA": 2, "a.READ_SMS": 1}
    assert {f.data_type for f in book.ledger.findings()} == {""}


def test_what_was_started_is_named_of_the_strongest_status_only() -> None:
    """A case for review beside an evidenced one does not lend it its target; hostile names stay in one line."""
    book = Book("LIF-02", "starts")
    common = {"data_type": "lifecycle", "role": "context"}
    for _ in "12":  # the rule needs two
        book.hit("review", args={"component": "com.google.android.gms/.Service"}, **common)
    assert book.only().detail["component"] == "com.google.android.gms/.Service"
    for component in ("com.a/.B", "com.a/.B", "com.c/.D;\n", *(f"com.more/.{n}" for n in range(9))):
        book.hit(args={"component": component}, **common)
    named = book.only().detail["component"].split("; ")
    assert named[:2] == ["com.a/.B", "com.c/.D,\\u000a"] and len(named) == 5


def test_levels_are_ordered() -> None:
    assert [at_least(level, "medium") for level in LEVELS] == [False, False, True, True, True]
    with pytest.raises(ValueError, match="not in tuple"):
        at_least("doom", "low")


def test_a_fingerprint_is_of_the_parts_not_of_their_joint() -> None:
    assert fingerprint("a", "bc") != fingerprint("ab", "c")
    assert fingerprint("a", "bc") == fingerprint("a", "bc") and len(fingerprint("")) == 16
