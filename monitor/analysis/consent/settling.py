"""The operator's statements replace what was read from the screen."""

from typing import Final, NamedTuple

from monitor.analysis.consent.dialogue import Notices
from monitor.analysis.consent.statements import Answer, Statements
from monitor.analysis.consent.timelines import Timelines
from monitor.analysis.timeline import Mark, Moment
from monitor.events import Consent, Tap

_OPPOSED: Final = {"granted": ("denied", "withdrawn"), "denied": ("granted",), "withdrawn": ("granted",)}


class Note(NamedTuple):
    """Something a reader must know about the observation itself."""

    what: str
    detail: dict[str, str]
    events: tuple[int, ...]


class Settler:
    """Applies scenario steps and later labels to the marks. ``notes``: contradictions, and statements without a tap."""

    def __init__(self, lines: Timelines, notices: Notices, statements: Statements) -> None:
        self._lines, self._notices, self._statements = lines, notices, statements
        self.notes: list[Note] = []

    def stated(self, event: Consent) -> None:
        """The scenario's step states what its tap decided."""
        if event.scope.startswith("permission:") or event.state not in _OPPOSED:
            return  # the system's own answer is observed; "shown" decides nothing
        answer = self._statements.meant(event)
        if answer is None:
            start = min(self._statements.started or event.t, event.t)
            when = Moment((start + event.t) // 2, (event.t - start) // 2 + event.err, event.src, event.seq)
            self._lines.add(event.scope, when, event.state, True, (event.seq,), basis="stated")
            self.notes.append(Note("stated_without_tap", {"scope": event.scope, "stated": event.state}, (event.seq,)))
            return
        step = self._statements.since_step()
        read = tuple(pair for one in step or [answer] for pair in one.marks)
        for one in step:
            self._lines.unread.settle(set(one.events))
        self.settle(event.scope, event.state, answer, read, (event.seq,), "stated", {})

    def settle(
        self, scope: str, state: str, answer: Answer, read: tuple[tuple[str, Mark], ...], events: tuple[int, ...],
        basis: str, detail: dict[str, str],
    ) -> None:  # fmt: skip
        """Replace what was read from a tap by what was stated about it. A contradiction is noted and leaves the
        statement in doubt. Of what was read for other scopes, a refusal is dropped, but for what one tap decides as
        well; an agreement stays, in doubt unless the stated scope was read as well."""
        self._lines.unread.settle(set(answer.events))
        if scope == "policy" and answer.window:
            self._notices.known(answer.window)
        at: Tap | Moment = answer.tap
        witnesses = tuple(sorted({*answer.events, *events}))
        doubt = False
        # A screen that was read as requesting the stated scope was understood: its other requests were decided as well.
        agreed = any(name == scope and mark.state == state for name, mark in read)
        for name, mark in read:
            if name.startswith("permission:") or mark not in self._lines.scopes[name]:
                continue
            if name == scope:
                doubt |= mark.clear and mark.state in _OPPOSED.get(state, ())
                if mark.state == state:
                    at, witnesses = Moment(mark.t, mark.err, mark.src, mark.seq), tuple({*mark.events, *events})
                self._lines.drop(name, mark)
            elif mark.state != "granted":
                if not (mark.state == state and self._together(scope, name)):
                    self._lines.drop(name, mark)
            elif mark.clear and not agreed and not self._together(scope, name):
                self._lines.drop(name, mark)
                self._lines.scopes[name].add(mark._replace(clear=False))
        self._lines.add(scope, at, state, not doubt, tuple(sorted(witnesses)), basis=basis)
        self._lines.recheck()
        if doubt:
            seen = next(m.state for name, m in read if name == scope and m.state in _OPPOSED[state])
            self.notes.append(
                Note("consent_hint_differs", {"scope": scope, "stated": state, "observed": seen, **detail}, witnesses)
            )

    def nothing(self, answer: Answer) -> None:
        """A person states that a tap decided nothing."""
        self._lines.unread.settle(set(answer.events))
        self._notices.strange.pop(answer.window, None)
        for scope, mark in answer.marks:
            self._lines.drop(scope, mark)

    @staticmethod
    def _together(scope: str, name: str) -> bool:
        """Whether one tap necessarily decides both scopes."""
        return {scope, name} == {"account", "policy"}
