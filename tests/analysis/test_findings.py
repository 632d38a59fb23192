"""One finding from many matches: the strongest status counts, with its own numbers and times."""

from __future__ import annotations

import pytest

from monitor.analysis.correlate.findings import LEVELS, at_least, fingerprint
from monitor.analysis.correlate.group import Group

INCONCLUSIVE, REVIEW, EVIDENCED = range(3)


def test_the_strongest_status_is_reported_with_its_own_count_and_times() -> None:
    group = Group()
    assert group.add(INCONCLUSIVE, 0, 50, 3, (), 1)
    assert group.add(EVIDENCED, 1, 90, 1, (7, 8), 2)
    assert not group.add(INCONCLUSIVE, 0, 10, 1, (), 3), "nothing that is said has changed"
    assert group.status == EVIDENCED and group.counts == [4, 0, 1]
    assert (group.first[EVIDENCED], group.last[EVIDENCED]) == (90, 90)
    assert (group.first[INCONCLUSIVE], group.last[INCONCLUSIVE]) == (10, 50)
    assert group.seqs() == [2, 7, 8]


def test_news_is_what_is_new_and_events_are_bounded() -> None:
    group = Group()
    assert group.add(REVIEW, 1, 1, 1, (), 1)
    assert not group.add(REVIEW, 1, 2, 1, (), 2)
    assert group.add(REVIEW, 2, 3, 1, (), 3), "a higher grade"
    assert not group.raise_grade((9,)), "the value was seen leaving before"
    assert 9 in group.seqs()
    for seq in range(1, 1000):
        group.add(EVIDENCED, 0, seq, 1, (), seq)
    assert group.seqs() == list(range(1, 41)) and group.counts[EVIDENCED] == 999


def test_levels_are_ordered() -> None:
    assert [at_least(level, "medium") for level in LEVELS] == [False, False, True, True, True]
    with pytest.raises(ValueError, match="not in tuple"):
        at_least("doom", "low")


def test_a_fingerprint_is_of_the_parts_not_of_their_joint() -> None:
    assert fingerprint("a", "bc") != fingerprint("ab", "c")
    assert fingerprint("a", "bc") == fingerprint("a", "bc") and len(fingerprint("")) == 16
