"""States over time with errors: what a timeline answers, against every moment at which things can have happened."""

from __future__ import annotations

from itertools import product

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.timeline import Mark, Moment, Timeline, before, gap
from monitor.events import Transmission

STATES = ("shown", "granted", "denied")
MARKS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2), st.sampled_from(STATES)), max_size=4)


def timeline(marks: list[tuple[int, int, str]]) -> Timeline:
    line = Timeline()
    for number, (t, err, state) in enumerate(marks, 1):
        line.add(Mark(t, err, f"clock {number}", number, state))
    return line


@given(MARKS, st.integers(0, 14), st.integers(0, 2))
def test_no_possible_state_is_left_out(marks: list[tuple[int, int, str]], at: int, err: int) -> None:
    """Wherever the marks and the event lie within their errors, the state at the event is among the answers."""
    line, event = timeline(marks), Moment(at, err, "asker", 99)
    answered = line.states(event, "unknown")
    spans = [range(t - e, t + e + 1) for t, e, _ in marks]
    for *times, now in product(*spans, range(at - err, at + err + 1)):
        past = [(t, place) for place, t in enumerate(times) if t < now]
        state = marks[max(past)[1]][2] if past else "unknown"
        assert state in answered, (marks, times, now)


@given(MARKS, st.integers(0, 14))
def test_without_errors_there_is_one_answer(marks: list[tuple[int, int, str]], at: int) -> None:
    """Marks at distinct times, and an event at none of them."""
    exact = {2 * t: state for t, _, state in marks}
    line = timeline([(t, 0, state) for t, state in exact.items()])
    past = [t for t in exact if t < 2 * at + 1]
    assert line.states(Moment(2 * at + 1, 0, "asker", 99)) == {exact[max(past)] if past else "unknown"}


def test_one_clock_needs_no_error() -> None:
    first, then = Moment(5, 900, "hooks:1", 1), Moment(6, 900, "hooks:1", 2)
    assert before(first, then) and not before(then, first)
    assert gap(first, then) == (1, 1)
    other = Moment(6, 900, "hooks:2", 2)
    assert not before(first, other) and not before(other, first)
    assert gap(first, other) == (1 - 1800, 1 + 1800)


def test_what_is_sent_comes_after_its_making() -> None:
    """The proxy saw it 30 ms after the tap, by a clock that may be 40 ms wrong; the app's own says that it was asked
    for after the tap."""
    tap, by_another = Moment(1_000_000, 40_000, "hooks:1", 7), Moment(1_000_000, 40_000, "runner", 7)
    sent = Transmission(t=1_030_000, err=1_000, src="proxy", app="a.b", flow="1", host="x.cn", port=443, seq=20)
    made = msgspec.structs.replace(sent, made=(1_020_000, 40_000, "hooks:1", 9))
    assert not before(tap, sent) and before(tap, made) and not before(by_another, made)
    assert gap(tap, sent) == (-11_000, 71_000) and gap(tap, made) == (20_000, 71_000)
    assert not before(tap, msgspec.structs.replace(sent, made=(990_000, 40_000, "hooks:1", 9)))  # asked for before
    line = Timeline()
    line.add(Mark(1_000_000, 40_000, "hooks:1", 7, "denied"))
    assert line.states(sent) == {"unknown", "denied"} and line.states(made) == {"denied"}


def test_what_perhaps_changed_nothing_leaves_what_stood() -> None:
    line = timeline([(1, 0, "granted")])
    line.add(Mark(5, 0, "clock 2", 2, "denied", perhaps=True))
    event = Moment(9, 0, "asker", 99)
    assert line.states(event) == {"granted", "denied"}
    alone = Timeline()
    alone.add(Mark(5, 0, "clock 2", 2, "denied", perhaps=True))
    assert alone.states(event) == {"unknown", "denied"}


def test_a_mark_that_is_taken_back_is_forgotten_at_once() -> None:
    line, event = timeline([(1, 0, "granted"), (5, 0, "denied")]), Moment(9, 0, "asker", 99)
    line.answers[False] = "kept from before"
    line.drop(line.marks[1])
    assert line.states(event) == {"granted"} and line.settled == 1 and not line.answers
    assert line.possible(Moment(0, 0, "asker", 99)) == []


MANY = st.lists(
    st.tuples(
        st.integers(0, 60), st.integers(0, 8), st.sampled_from("abc"), st.integers(0, 9), st.sampled_from(STATES),
        st.booleans(),
    ),
    max_size=70,
)  # fmt: skip
WHENS = st.lists(st.tuples(st.integers(0, 70), st.integers(0, 8), st.sampled_from("abc"), st.integers(0, 12)))


@given(MANY, st.sets(st.integers(0, 69), max_size=9), WHENS)
def test_what_may_be_the_latest_is_what_nothing_certain_follows(
    given_marks: list[tuple[int, int, str, int, str, bool]], dropped: set[int], whens: list[tuple[int, int, str, int]]
) -> None:
    """Against the definition, mark by mark: in whatever order many marks come and some are taken back again, and where
    a source has marks with and without a number."""
    line, kept = Timeline(), []
    for number, (*when, state, may) in enumerate(given_marks):
        mark = Mark(*when, state, perhaps=may)  # type: ignore[arg-type]
        line.add(mark)
        if number in dropped:
            line.drop(mark)
        else:
            kept.append(mark)
        if number == 20:
            line.without("shown")
    assert sorted(line.marks) == sorted(kept) and [m.t for m in line.marks] == sorted(m.t for m in kept)
    for when in whens:
        at = Moment(*when)
        for asked, marks in (
            (line, line.marks),
            (line.without("shown"), [m for m in line.marks if m.state != "shown"]),
        ):
            earlier = [m for m in marks if before(m, at)]
            sure = [m for m in earlier if not m.perhaps]
            near = [m for m in marks if not before(m, at) and not before(at, m)]
            last = [m for m in earlier if not any(before(m, other) for other in sure)] or earlier[-1:]
            assert asked.possible(at) == last + near
            assert asked.unsettled(at) == (not sure)
        until = at.t + 5
        possibly = [m for m in line.marks if at.t <= m.t + m.err and m.t - m.err <= until]
        assert set(line.between(at.t, until)) >= set(possibly)


@given(MANY, WHENS)
def test_marks_of_great_errors_are_never_left_out(
    given_marks: list[tuple[int, int, str, int, str, bool]], whens: list[tuple[int, int, str, int]]
) -> None:
    """Seconds, so that some errors are great: at most, one that only its number places is named besides."""
    second, line = 1_000_000, Timeline()
    for t, err, src, seq, state, may in given_marks:
        line.add(Mark(t * second, err * second, src, seq, state, perhaps=may))
    for t, err, src, seq in whens:
        at = Moment(t * second, err * second, src, seq)
        earlier = [m for m in line.marks if before(m, at)]
        last = [m for m in earlier if not any(before(m, other) for other in earlier if not other.perhaps)]
        found, near = line.possible(at), [m for m in line.marks if not before(m, at) and not before(at, m)]
        assert set(near) <= set(found) and (not last or set(last) <= set(found))
        assert not last or all(m.err > 5 * second for m in set(found) - {*last, *near})
        assert {m for m in line.marks if abs(m.t - at.t) <= m.err} <= set(line.between(at.t, at.t))


def test_a_call_that_is_told_late_was_when_it_was() -> None:
    """An identifier that comes through a callback is told behind the notice that followed its request."""
    read, notice = Moment(1_000, 5, "hooks:1", 423), Moment(250_000, 5, "hooks:1", 108)
    assert before(read, notice) and not before(notice, read)
    close = Moment(1_004, 5, "hooks:1", 20)
    assert before(close, read) and not before(read, close)
