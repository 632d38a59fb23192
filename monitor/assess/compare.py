"""Differences between two assessments: new, gone, changed, and differences only because one did not test the rule.

Between assessments of one recording (with different tables) or of two sessions, apps or versions. Two findings are the
same if rule, pattern, data, code, recipient and permission are; time, version, obfuscated names and package do not
count. A new finding beside one of the same rule and code is described as more data or more recipients of that code.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from monitor.analysis.consent.timelines import read_marks
from monitor.analysis.correlate.findings import GRADES, LEVELS, STATUSES, Assessment, Finding

What = Literal["new", "gone", "changed", "new_untested", "gone_untested"]
_LOOKED: Final = frozenset({"fired", "silent", "inconclusive"})
#: A finding nearer to the consent than this (and the consent's own error) is not said to be before or after it.
_NEAR_US: Final = 50_000
_ORDER: Final = ("new", "changed", "gone", "new_untested", "gone_untested")


class Change(NamedTuple):
    """One difference. ``before``/``after``: the finding in A and in B. ``more`` and ``less``: what increased or
    decreased in B: ``status``, ``grade``, ``level``, ``count``, ``earlier`` (first seen before consent, and only after
    it in the other); for a new or gone finding, ``data`` or ``recipients`` if both sessions have findings of the same
    rule and code. ``…_untested``: the other session did not test the rule, so nothing follows."""

    what: What
    before: Finding | None
    after: Finding | None
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """The rule of the finding."""
        return self.finding.rule

    @property
    def finding(self) -> Finding:
        """The finding, from B if B has it."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def worse(self) -> bool:
        """Whether it makes B worse: a new finding, or a stronger one."""
        return self.what == "new" or (self.what == "changed" and bool(self.more))


class Side(NamedTuple):
    """One side: findings, and the state of each rule in its coverage."""

    findings: list[Finding]
    states: Mapping[str, str]
    granted: Mapping[str, tuple[int, int]] = {}
    """When the policy was first agreed to, by app: time and error in microseconds."""

    def before_consent(self, finding: Finding) -> bool | None:
        """Whether it was first seen before consent; None where that is too near, or there was none."""
        if finding.app not in self.granted or not finding.first_seen:
            return None
        t, err = self.granted[finding.app]
        gap = finding.first_seen - t
        return None if abs(gap) <= err + _NEAR_US else gap < 0


def side(assessment: Assessment) -> Side:
    """What ``difference`` compares."""
    granted: dict[str, tuple[int, int]] = {}
    for mark in read_marks(assessment.coverage):
        if mark.scope == "policy" and mark.state == "granted":
            granted[mark.app] = min((mark.t, mark.err), granted.get(mark.app, (mark.t, mark.err)))
    states = {line.id: line.state for line in assessment.coverage if line.line == "rule"}
    return Side(assessment.findings, states, granted)


def same(finding: Finding) -> tuple[str, ...]:
    """The key by which a finding is matched across sessions."""
    return (
        finding.rule, finding.pattern, finding.data_type, finding.sdk, finding.recipient, finding.permission,
    )  # fmt: skip


def difference(a: Side, b: Side, *, counts: bool = False) -> list[Change]:
    """From A to B, new ones first. ``counts``: a different number of matches also counts as a change; between two
    sessions it is mostly chance."""
    before = {same(finding): finding for finding in a.findings}
    after = {same(finding): finding for finding in b.findings}
    changes = []
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        rule = key[0]
        if old is None and new is not None:
            what: What = "new" if a.states.get(rule) in _LOOKED else "new_untested"
            changes.append(Change(what, None, new, more=_beside(new, before)))
        elif new is None and old is not None:
            what = "gone" if b.states.get(rule) in _LOOKED else "gone_untested"
            changes.append(Change(what, old, None, less=_beside(old, after)))
        elif old and new and (change := _changed(old, new, counts, (a.before_consent(old), b.before_consent(new)))):
            changes.append(change)
    return sorted(changes, key=lambda change: (_ORDER.index(change.what), _gravity(change.finding), change.rule))


def _beside(one: Finding, others: Mapping[tuple[str, ...], Finding]) -> tuple[str, ...]:
    """What sets it apart from the other side's findings of the same rule and code: ``data``, ``recipients``."""
    rule, _, data, code, recipient, _ = same(one)
    near = [key for key in others if key[0] == rule and key[3] == code]
    found = []
    if near and data and all(key[2] != data for key in near):
        found.append("data")
    if near and recipient and all(key[4] != recipient for key in near):
        found.append("recipients")
    return tuple(found)


def _changed(old: Finding, new: Finding, counts: bool, before: tuple[bool | None, bool | None]) -> Change | None:
    more: list[str] = []
    less: list[str] = []
    for name, scale in (("status", STATUSES), ("grade", GRADES), ("level", LEVELS)):
        was, now = scale.index(getattr(old, name)), scale.index(getattr(new, name))
        if now != was:
            (more if now > was else less).append(name)
    if before == (False, True):
        more.append("earlier")
    elif before == (True, False):
        less.append("earlier")
    if counts and old.count != new.count:
        (more if new.count > old.count else less).append("count")
    return Change("changed", old, new, tuple(more), tuple(less)) if more or less else None


def _gravity(finding: Finding) -> tuple[int, int]:
    return -STATUSES.index(finding.status), -LEVELS.index(finding.level)
