"""Two witnesses of one tap become one event, and two taps never do."""

from __future__ import annotations

from typing import Any

from monitor.analysis.consent.taps import PAIR_US, TapMerger
from monitor.analysis.rules.examples import START, event
from monitor.events import Event, Tap

HOOK = {"kind": "tap", "label": "同意", "window": 3}
RUNNER = {"kind": "tap", "label": "同意", "via": "runner", "src": "runner"}
STEP = {"kind": "step", "verb": "tapOn", "state": "ok", "src": "runner"}


def merged(*raws: dict[str, Any]) -> tuple[list[Event], dict[int, int]]:
    merger = TapMerger()
    out = [e for number, raw in enumerate(raws, 1) for e in merger.push(event(raw, number))]
    return [*out, *merger.release(None)], dict(merger.twins)


def test_the_hooks_view_is_kept_whichever_came_first() -> None:
    for raws in ([HOOK | {"at": 1}, RUNNER | {"at": 1.2}], [RUNNER | {"at": 1}, HOOK | {"at": 1.2}]):
        (tap,), twins = merged(*raws)
        assert isinstance(tap, Tap) and (tap.via, tap.window) == ("hook", 3)
        assert twins == {1: 2, 2: 1}


def test_an_icon_gets_the_words_that_the_runner_tapped() -> None:
    (tap,), _ = merged(HOOK | {"at": 1, "label": " "}, RUNNER | {"at": 1.2})
    assert isinstance(tap, Tap) and tap.label == "同意" and tap.t == START + 1_000_000


def test_a_switch_was_touched_when_the_first_of_both_witnesses_says() -> None:
    for runner, hook, wanted in (
        ({"at": 1, "err": 4}, {"at": 1.009}, (START + 1_000_000, 4000)),
        ({"at": 1.2, "err": 4}, {"at": 1, "err": 2}, (START + 1_000_000, 2000)),
    ):
        merger = TapMerger()
        for number, raw in enumerate((RUNNER | runner, HOOK | {"checked": "off"} | hook), 1):
            merger.push(event(raw, number))
        touched = merger.touches[2]
        assert (touched.t, touched.err) == wanted


def test_a_button_is_reported_before_its_listener() -> None:
    merger = TapMerger()
    for number, raw in enumerate((RUNNER | {"at": 1}, HOOK | {"at": 1.009}), 1):
        merger.push(event(raw, number))
    assert not merger.touches


def test_two_taps_stay_two() -> None:
    for one, other in (
        (HOOK | {"at": 1}, HOOK | {"at": 1.1}),  # one witness saw both
        (HOOK | {"at": 1}, RUNNER | {"at": 3.1}),  # too far apart
        (HOOK | {"at": 1}, RUNNER | {"at": 1.6, "label": "不同意"}),  # other words, not at once
    ):
        taps, twins = merged(one, other)
        assert len(taps) == 2 and not twins, (one, other)


def test_of_two_candidates_the_one_with_the_same_words_is_merged() -> None:
    taps, twins = merged(HOOK | {"at": 1, "label": "不同意"}, HOOK | {"at": 1.4}, RUNNER | {"at": 1.1})
    assert [tap.seq for tap in taps] == [1, 2] and twins == {2: 3, 3: 2}


def test_a_tap_is_merged_once() -> None:
    taps, _ = merged(HOOK | {"at": 1}, RUNNER | {"at": 1.1}, RUNNER | {"at": 1.2})
    assert len(taps) == 2


def test_events_come_out_in_order_and_none_is_held_forever() -> None:
    merger = TapMerger()
    assert merger.push(event({"kind": "window", "at": 0}, 1)) == []
    assert merger.push(event(RUNNER | {"at": 1}, 2)) == []
    assert merger.push(event(HOOK | {"at": 0.5}, 3)) == []
    out = merger.push(event({"kind": "window", "at": 1 + 2 * PAIR_US / 1e6}, 4))
    assert [e.seq for e in out] == [1, 3]
    assert [e.seq for e in merger.release(None)] == [4] and merger.release(None) == []


def doubted(*raws: dict[str, Any]) -> list[int]:
    merger = TapMerger()
    for number, raw in enumerate(raws, 1):
        merger.push(event(raw, number))
    merger.release(None)
    return list(merger.doubted)


def test_a_click_by_the_apps_own_code_that_no_touch_led_to_is_doubted() -> None:
    own = HOOK | {"own": True}
    assert doubted(own | {"at": 1}) == [1]
    assert doubted(RUNNER | {"at": 1}, HOOK | {"at": 1.01}, own | {"at": 1.5}) == [3], "one touch, one click"
    assert not doubted(RUNNER | {"at": 1, "label": "图标"}, own | {"at": 2.5}), "a busy app"
    assert not doubted(own | {"at": 1}, RUNNER | {"at": 2.5, "label": "图标"})
    assert not doubted(HOOK | {"at": 1}), "while a touch was delivered, the runner's or a person's"


def test_where_a_scenario_touches_a_click_that_no_touch_led_to_is_doubted() -> None:
    touched = RUNNER | {"at": 1}, HOOK | {"at": 1.01}
    assert doubted(STEP | {"at": 0.9}, HOOK | {"at": 1}) == [2], "of a touch that the app makes up the platform clicks"
    assert doubted(STEP | {"at": 0.9}, *touched, HOOK | {"at": 1.5}) == [4], "one touch, one click"
    assert not doubted(STEP | {"at": 0.9}, *touched)
    assert not doubted(STEP | {"at": 0.9}, RUNNER | {"at": 1, "label": "图标"}, HOOK | {"at": 2.5}), "a busy app"
    assert not doubted(STEP | {"at": 0.9}, HOOK | {"at": 1}, RUNNER | {"at": 2.5, "label": "图标"})


def test_keys_and_persons_click_without_a_touch_of_the_runners() -> None:
    for verb in ("pressKey", "manual"):
        began = STEP | {"at": 1, "verb": verb, "state": "started"}
        assert not doubted(began, HOOK | {"at": 9})
        assert not doubted(began, STEP | {"at": 8, "verb": verb}, HOOK | {"at": 9})
        assert doubted(began, STEP | {"at": 8, "verb": verb}, HOOK | {"at": 11}) == [3]
        assert doubted(began, HOOK | {"at": 9, "own": True}) == [2], "the app's own code"


def test_words_that_turned_under_the_finger_are_doubted() -> None:
    assert doubted(RUNNER | {"at": 1, "label": "不同意"}, HOOK | {"at": 1.01}) == [2]
    assert doubted(RUNNER | {"at": 1, "label": "不同意"}, HOOK | {"at": 2.5}) == [2], "while the app let wait"
    assert not doubted(RUNNER | {"at": 1, "label": "同意并继续"}, HOOK | {"at": 1.01})
    other = RUNNER | {"at": 1, "label": "搜索", "view": "a.b:id/go"}
    assert doubted(other, HOOK | {"at": 1.01}) == [2], "it clicked for the user what was not touched"
    assert not doubted(other, HOOK | {"at": 1.01, "label": "附近"}), "which decides nothing"
    assert not doubted(other | {"label": "go"}, HOOK | {"at": 1.01}), "a control without words"
    assert not doubted(other | {"view": ""}, HOOK | {"at": 1.01}), "a point"


def test_what_no_hook_tells_of_was_tapped_when_its_window_was_touched() -> None:
    wide = RUNNER | {"err": 300}
    for raws, tap, touch in (
        ([{"at": 1.1}, wide | {"at": 1.2}], 2, 1),
        ([wide | {"at": 1}, {"at": 1.1}, {"at": 1.2}], 1, 3),  # the app's own before it
        ([wide | {"at": 1}, {"at": 1.4}, {"at": 1.5}], 1, 2),  # the command was back before it was delivered
        ([wide | {"at": 1}, {"at": 1.9}], 1, 0),  # another one's
        ([wide | {"at": 1}, RUNNER | {"at": 1.4}, {"at": 1.41}], 1, 0),  # the next tap's
        ([{"at": 1}, HOOK | {"at": 1.1}, wide | {"at": 1.2}], 3, 0),  # a hook has told of it
    ):
        merger = TapMerger()
        for number, raw in enumerate(raws, 1):
            merger.push(event({"kind": "touch"} | raw, number))
        merger.release(None)
        at = merger.touches.get(tap)
        assert (at.seq if at else 0) == touch, raws
