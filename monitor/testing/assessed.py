"""Assertions about a recorded and assessed session."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from monitor.analysis.consent.tracker import read_consent
from monitor.analysis.correlate.findings import Finding
from monitor.analysis.declaration.compare import OBSERVED, Difference, compare
from monitor.analysis.declaration.observed import observe
from monitor.assess import stored
from monitor.assess.opened import Opened
from monitor.base.errors import printable
from monitor.events import ApiCall, Event, Frame, Stack, TlsFailure, Transmission
from monitor.text import label, reasons

_LOOKED = frozenset({"fired", "silent", "inconclusive"})
_FRAMES = 5


def _carries(event: Transmission, data_type: str) -> bool:
    return any(match.data_type == data_type and match.certainty == "found" for match in event.matches)


class Assessed:
    """A recorded and assessed bundle. Each assertion raises ``AssertionError`` with what was observed; what could not
    be observed fails as well, since silence without a witness proves nothing. Raises ``InputError``,
    ``EvidenceDamaged``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def findings(self) -> list[Finding]:
        """All findings."""
        return stored.findings(self.path)

    @cached_property
    def coverage(self) -> list[reasons.Coverage]:
        """All lines of the coverage."""
        return stored.coverage(self.path)

    @cached_property
    def events(self) -> list[Event]:
        """All events in log order, with inferred fields."""
        with Opened(self.path) as opened:
            return list(opened.events())

    def assert_silent(self, *rules: str) -> None:
        """No finding with evidence from these rules, each of which was tested."""
        __tracebackhide__ = True
        states = {line.id: line for line in self.coverage if line.line == "rule"}
        for rule in rules:
            found = [f for f in self.findings if f.rule == rule and f.status == "evidenced"]
            if found:
                raise AssertionError(self._found(f"{rule} was expected to be silent", found))
            line = states.get(rule)
            if line is None or line.state not in _LOOKED:
                why = line.why if line else "there is no such rule"
                raise AssertionError(
                    f"{rule}: not tested, so the absence of a finding means nothing: {why}\n  {self.path}"
                )

    def assert_only_declared(self) -> None:
        """Every observed data type, library, recipient and permission is declared."""
        __tracebackhide__ = True
        with Opened(self.path) as opened:
            comparison = compare(
                observe(self.events), opened.declaration, opened.session.app.permissions,
                sdks=opened.sdks, organisations=opened.organisations,
            )  # fmt: skip
        if comparison.silent:
            blocks = ", ".join(comparison.silent)
            raise AssertionError(f"the declaration leaves out: {blocks}; these cannot be compared")
        extra = [one for one in comparison.differences if one.only == OBSERVED]
        if extra:
            lines = [f"  {one.kind} {one.name} {one.detail}{self._at(one)}" for one in extra]
            raise AssertionError("\n".join(["observed but not declared:", *lines, f"  {self.path}"]))

    def assert_not_sent(self, data_type: str, *, before: str = "") -> None:
        """The data did not leave: never, or not ``before="consent"`` to the policy."""
        __tracebackhide__ = True
        if before not in ("", "consent"):
            raise ValueError("before is 'consent' or empty")
        events = self._before_consent() if before else self.events
        if sent := [event for event in events if isinstance(event, Transmission) and _carries(event, data_type)]:
            when = " before consent" if before else ""
            lines = [f"  #{e.seq} {e.method} {e.scheme}://{e.host}{printable(e.path, 100)} ({e.sdk or 'code unknown'})"
                     for e in sent[:10]]  # fmt: skip
            raise AssertionError("\n".join([f"{label('data_type', data_type, 'en')} was sent{when}:", *lines]))
        if unread := sorted({str(getattr(event, "host", "")) for event in events if self._unread(event)}):
            hosts = ", ".join(unread[:10])
            raise AssertionError(f"unknown whether {data_type} was sent: traffic could not be read: {hosts}")

    @staticmethod
    def _unread(event: Event) -> bool:
        return (isinstance(event, TlsFailure) and not event.idle) or (
            isinstance(event, Transmission) and event.decoded in ("no", "opaque")
        )

    def _before_consent(self) -> list[Event]:
        """The events that may have come before the first agreement to the policy; all where there is none."""
        marks = read_consent(sorted(self.events, key=lambda e: (e.t, e.seq))).lines.scopes.get("policy")
        granted = [mark.t - mark.err for mark in (marks.marks if marks else ()) if mark.state == "granted"]
        first = min(granted, default=None)
        return [event for event in self.events if first is None or event.t - event.err < first]

    def _found(self, head: str, found: Iterable[Finding]) -> str:
        lines = [head + ":"]
        for f in list(found)[:10]:
            about = " · ".join(part for part in (f.data_type, f.sdk, f.recipient, f.permission) if part)
            lines.append(f"  {f.title}: {about} ({f.level}, {f.count} times, {f.fingerprint})")
            lines += [f"    at {frame.cls}.{frame.method}" for frame in self._stack(f.events)]
        return "\n".join([*lines, f"  {self.path}"])

    def _stack(self, seqs: Iterable[int]) -> list[Frame]:
        wanted = set(seqs)
        number = next((e.stack for e in self.events if e.seq in wanted and isinstance(e, ApiCall) and e.stack), 0)
        frames = next((e.frames for e in self.events if isinstance(e, Stack) and e.stack == number and number), [])
        return frames[:_FRAMES]

    def _at(self, one: Difference) -> str:
        frames = self._stack(one.events)
        return "".join(f"\n    at {frame.cls}.{frame.method}" for frame in frames)
