"""A hook that was lost, or did not prove itself, takes the silence of those rules that rest on it, and of no other."""

from __future__ import annotations

import pytest

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.coverage.needs import Situation
from monitor.analysis.coverage.seen import Seen
from monitor.analysis.coverage.verdict import NOT_OBSERVABLE
from monitor.analysis.rules.load import load_rules
from monitor.events import ApiCall, HookGroup, HookState
from monitor.knowledge.catalogue import load_catalogue
from monitor.session.declaration import Declaration
from monitor.text.reasons import Coverage
from tests.rules.examples import examples_of

RULES = [rule for rule in load_rules() if not rule.text.documentary]
ROWS = {row.id: row for row in load_catalogue()}


def needing(hook: str, declaration: Declaration | None = None) -> set[str]:
    situation = Situation(Seen(), declaration or Declaration())
    return {rule.id for rule in RULES if situation.needs(rule, ROWS[hook])}


@pytest.mark.parametrize(
    ("hook", "some", "none_of"),
    [
        # By what the row reads: an identifier, installed apps, the microphone, something impersonal.
        ("telephony.get_imei", "COL-01 COL-08 COL-13 SHR-01", "COL-11 COL-12 COL-14 PRM-01 CON-03 LIF-02"),
        ("apps.installed_packages", "COL-01 COL-12 SHR-01", "COL-11 COL-14 PRM-01"),
        ("recorder.start", "COL-01 COL-14", "COL-12 COL-13 LIF-02"),
        ("google_analytics.get_instance", "LIF-02", "COL-01 COL-02 SHR-01 PRM-01"),
        # By an argument: any of its types may be read.
        ("content.query", "COL-11 COL-13", "COL-14 PRM-01"),
        # What is followed when it leaves in another form.
        ("digest.digest", "COL-03 SHR-01", "COL-01 COL-08 PRM-01"),
        ("message_digest.update", "COL-03 SHR-01", "COL-01 COL-08 PRM-01"),
        ("cipher.update", "COL-03 SHR-01", "COL-01 COL-08 PRM-01"),
        # What every rule rests on that asks what was on the screen, or who called.
        ("tap.view", "COL-01 CON-03 PRM-02", "POL-01"),
        ("thread.start", "COL-01 CON-03 LIF-02 POL-01 PRM-01", ""),
    ],
)
def test_a_row_is_needed_by_rules_that_its_calls_could_change(hook: str, some: str, none_of: str) -> None:
    found = needing(hook)
    assert set(some.split()) <= found
    assert not set(none_of.split()) & found


def test_what_the_declaration_says_counts() -> None:
    sensitive = Declaration.model_validate({"collection": [{"data_type": "apps", "sensitive": True}]})
    assert "COL-11" not in needing("apps.installed_packages")
    assert "COL-11" in needing("apps.installed_packages", sensitive)


def test_an_event_that_fires_a_rule_is_of_a_row_that_it_needs() -> None:
    """Where calls alone decide an example that fires, one of their rows is needed by the rule."""
    checked = 0
    for rule in RULES:
        for example in examples_of(rule):
            calls = [raw for raw in example.events if raw["kind"] == "api_call"]
            kinds = {(raw.get("role", "source"), raw["data_type"]) for raw in calls}
            rows = [row for row in ROWS.values() if not row.observer and (row.role, row.data_type) in kinds]
            others = {raw["kind"] for raw in example.events} & {kind for p in rule.text.match for kind in p.kinds}
            if example.expect not in ("fires", "review") or not rows or others - {"api_call"}:
                continue
            situation = Situation(Seen(), Declaration.model_validate(example.declaration))
            assert any(situation.needs(rule, row) for row in rows), (rule.id, example.name)
            checked += 1
    assert checked > 60


def lines(*states: tuple[str, str]) -> dict[str, Coverage]:
    """Coverage of a session in which hooks had these states."""
    events = [
        HookState(
            t=number, err=0, seq=number, src="hooks:1", app="a", states=[HookGroup(state=state, hooks=[hook])]
        )
        for number, (hook, state) in enumerate([("telephony.get_meid", "hooked"), *states], 1)
    ]  # fmt: skip
    return {line.id: line for line in analyse(events, RULES, Declaration(), hooks=ROWS.values()).coverage}


@pytest.mark.parametrize("state", ["lost", "unproven", "error"])
def test_only_the_rules_that_rest_on_it_say_that_they_could_not_see(state: str) -> None:
    hook = "telephony.get_imei"
    before, after = lines(), lines((hook, "hooked"), (hook, state), (hook, "hooked"))
    why = f"unreliable hooks: 1 ({hook})"
    for rule in RULES:
        said = why in after[rule.id].why
        assert said == (rule.id in needing(hook) and bool(rule.text.witness)), rule.id
        if said:
            assert after[rule.id].state == NOT_OBSERVABLE
        else:
            assert (after[rule.id].state, after[rule.id].why) == (before[rule.id].state, before[rule.id].why)


def test_a_hook_of_no_known_row_counts_for_every_rule() -> None:
    found = lines(("own.hook", "lost"))
    assert all("unreliable hooks: 1 (own.hook)" in found[rule.id].why for rule in RULES if rule.text.witness)


def counted(*calls: tuple[str, bool], sdk: str = "") -> dict[str, Coverage]:
    """Coverage of a session with these calls, told (False) or only counted (True)."""
    events = [
        ApiCall(
            t=number, err=0, seq=number, src="hooks:1", app="a", hook=hook, role=ROWS[hook].role, cls="c", method="m",
            data_type=ROWS[hook].data_type, sig="()", outcome="value", count=9 if only else 1, aggregated=only,
            sdk=sdk,
        )
        for number, (hook, only) in enumerate(calls, 1)
    ]  # fmt: skip
    return {line.id: line for line in analyse(events, RULES, Declaration(), hooks=ROWS.values()).coverage}


PLACES = "location.last_known"


@pytest.mark.parametrize(
    ("hook", "before", "gap"),
    [
        (PLACES, [], True),
        (PLACES, [(PLACES, False)], True),  # another place each time
        ("telephony.get_imei", [], True),
        ("telephony.get_imei", [("telephony.get_imei", False)], False),  # a device has one
        ("digest.digest", [("digest.digest", False)], True),
        ("content.query", [], False),  # it returns no value itself
        ("message_digest.update", [], False),  # what goes in is told with what comes out
        ("deflater.deflate", [], False),
    ],
)
def test_of_calls_that_were_only_counted_no_value_is_known(
    hook: str, before: list[tuple[str, bool]], gap: bool
) -> None:
    found = counted(*before, (hook, True))
    why = f"counted and no more, so that their values are not known: 9 calls of {hook}"
    assert (why in found["SHR-02"].why, why in found["SHR-03"].why) == (gap, gap)
    assert ("9 calls were only counted" in found[hook].why) == gap
    assert "counted" not in found["PRM-01"].why
    assert not gap or found["SHR-02"].state == NOT_OBSERVABLE
    assert "counted" not in counted((hook, False))["SHR-02"].why


def test_what_the_platform_digests_of_its_own_is_no_value_of_the_app() -> None:
    calls = ("digest.digest", True)
    assert "counted" in counted(calls, sdk="app")["SHR-02"].why
    assert "counted" not in counted(calls, sdk="framework")["SHR-02"].why
    assert "counted" in counted(("telephony.get_imei", True), sdk="framework")["SHR-02"].why


def test_a_call_with_more_values_than_are_kept_leaves_rules_open_that_search_for_them() -> None:
    call = ApiCall(
        t=1, err=0, seq=1, src="hooks:1", app="a", hook=PLACES, role="source", cls="c", method="m", sig="()",
        data_type="location", outcome="value", args={"values_cut": "6"},
    )  # fmt: skip
    found = {line.id: line for line in analyse([call], RULES, Declaration(), hooks=ROWS.values()).coverage}
    why = f"more values in one call than are kept, so that not all are searched for: 1 call of {PLACES}"
    assert why in found["SHR-02"].why and found["SHR-02"].state == NOT_OBSERVABLE
    assert "more values" not in found["PRM-01"].why
