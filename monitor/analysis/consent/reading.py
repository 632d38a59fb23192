"""Reading a tap: what follows from its words, its window and the current state by the decision table."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from monitor.analysis.consent.answering import (
    OPEN,
    beside,
    beside_agreement,
    links,
    of_something_else,
    of_taking_back,
    only_notes,
    only_signs_in,
    opted_out,
    refused_again,
    second,
    sends_off,
    worded,
)
from monitor.analysis.consent.choices import Choices
from monitor.analysis.consent.decisions import Conditions, Decision, decide
from monitor.analysis.consent.drawn import drawn
from monitor.analysis.consent.explicit import boxed
from monitor.analysis.consent.labels import closes, idle, label, starts
from monitor.analysis.consent.named import ANALYTICS, SWITCHES, switched, toggle_scope
from monitor.analysis.consent.notices import SCREEN, Key, Notices, Shown
from monitor.analysis.consent.reconfirm import Confirmations
from monitor.analysis.consent.requests import settings
from monitor.analysis.consent.screen import Screen
from monitor.analysis.consent.screens import screen
from monitor.analysis.consent.taps import TapMerger
from monitor.analysis.consent.timeline import AGAINST, Mark, Moment, before, moment
from monitor.analysis.consent.timelines import Timelines
from monitor.analysis.consent.unread import UNREAD, Dialog
from monitor.analysis.consent.words import pattern, plain, regex
from monitor.events import Event, Tap

#: A touch on one of these asks for the keyboard, whatever the window asks.
_FIELDS: Final = ("EditText", "AutoCompleteTextView")


class _Touched(NamedTuple):
    """A tap, with the requesting window to which it belongs and the one in which it was made, whatever that says."""

    event: Tap
    taps: tuple[int, ...]
    """Its number, and that of its other witness."""
    shown: Shown | None
    under: Shown | None
    asked: tuple[str, ...] | None
    """What confirming there withdraws; None = nothing asks whether to."""
    about: Shown | None
    """The first of the two that there is."""
    seen: Screen
    """What the requesting window says; without one, nothing."""
    scopes: tuple[str, ...]
    """What that requests."""
    events: tuple[int, ...]
    """The witnesses of an answer to it."""


class TapReader:
    """Turns taps into marks."""

    def __init__(
        self, lines: Timelines, notices: Notices, questions: Confirmations, merger: TapMerger,
        switches: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        """``merger``: knows when boxes were touched, and which taps nobody may have made: these decide nothing clearly.
        ``switches``: as for ``toggle_scope``."""
        self._lines, self._notices, self._questions, self._merger = lines, notices, questions, merger
        self._switches = switches
        self._ticked: Key | None = None
        """The window whose box for the policy was ticked last, until one of its buttons answers."""
        self._stood = False
        """Whether the policy had been agreed to before that box was ticked."""
        self._drawn: Key | None = None
        """The window in which a box that the app draws was tapped last."""
        self._filled: tuple[Key, frozenset[str]] | None = None
        """The window, with its controls, in which the user put the cursor into a field last."""
        self._choices = Choices(lines, notices, switches)

    def decided(self, event: Tap, taps: tuple[int, ...]) -> list[tuple[str, Mark]]:
        """The marks that follow from a tap by the decision table."""
        shown = self._notices.visible(event)
        under = shown if shown is not None and shown.scopes else self._notices.under(event)
        event = worded(event, under)
        seen = shown.screen if shown else screen("", (), (), ())
        scopes, events = (shown.scopes, (shown.seen.seq, *taps)) if shown else ((), taps)
        on = _Touched(event, taps, shown, under, self._questions.scopes(event), shown or under, seen, scopes, events)
        if event.view.endswith(_FIELDS) and under is not None:
            self._filled = (under.key, under.screen.controls)
        perhaps = self._perhaps(under, event)
        facts = self._facts(on, bool(perhaps))
        if drawn(event.label) is not None and under is not None:
            self._drawn = under.key
        elif under is not None and facts.control == "button" and facts.says in ("accept", "unknown"):
            if self._drawn == under.key and under.screen.agreement and under.screen.ticked == "agrees":
                facts = facts._replace(names="policy")  # it sends off the box, which the user has ticked
            self._drawn = None
        row = decide(facts)
        if event.checked and under is not None:
            self._choices.turn(under.key, event)
        if facts.control == "button" and facts.box == "ticked" and facts.says not in ("unknown", "idle"):
            self._ticked = None
        if facts.names == "policy":
            self._ticked = (event.src, event.window) if event.checked == "on" and event.window else None
            self._stood = self._lines.state("policy") == "granted"
        elif facts.says == "accept" and label(event.label).clear:
            self._notices.agreed.append(event)
        elif facts.says == "reject":
            self._notices.refusals.append(event)
        if "policy" in on.scopes and (row is None or row.state in ("nothing", UNREAD)):
            self._notices.layers.led(moment(event), on.seen, event.label)
        made = self._made(event)
        marks = self._choices.changed(event, self._touched(event), on.about, taps, made)
        marks += self._choices.apart(event, self._touched(event), taps, made)
        if row is not None and row.state == UNREAD:
            self._not_read(event, under or shown, perhaps or frozenset(on.scopes), taps)
            if shown is not None and sends_off(event, shown):
                marks += self._choices.sent_off(event, shown, on.events, made)
        elif row is not None and row.state != "nothing":
            marks += self._apply(row, on)
        return marks + self._anew(event, marks, taps)

    def _anew(self, event: Tap, marks: Iterable[tuple[str, Mark]], taps: tuple[int, ...]) -> list[tuple[str, Mark]]:
        """After an account was cancelled: who signs in again, or agrees to the policy again, has another one. Whether
        the policy holds again as well is in doubt where nothing asked for it."""
        if self._lines.state("account") != "withdrawn" or any(mark.state == "withdrawn" for _, mark in marks):
            return []
        agreed = any(scope == "policy" and mark.state == "granted" for scope, mark in marks)
        means = label(event.label).meaning or ("" if idle(event.label) else "accept")
        signs = bool(pattern("signs_in").search(plain(event.label))) and means == "accept" and not event.checked
        if not (agreed or signs):
            return []
        at = self._touched(event)
        anew = [("account", self._lines.add("account", at, "unknown", self._made(event), taps))]
        if not agreed and self._lines.state("policy") == "withdrawn":
            anew.append(("policy", self._lines.add("policy", at, "granted", False, taps)))
        return anew

    def _facts(self, on: _Touched, strange: bool) -> Conditions:
        event, shown, seen, asked = on.event, on.shown, on.seen, on.asked is not None
        words, meaning = plain(event.label), label(event.label)
        page = on.about.screen if on.about else seen
        sent, policy = sends_off(event, on.about), self._lines.state("policy")
        says = meaning.meaning or ("idle" if idle(event.label) or links(event, on.about) else "unknown")
        if not event.checked and words in seen.agreeing:
            says, meaning = "accept", meaning._replace(meaning="accept", clear=True)
        if not event.checked and words in page.contrary:
            says, meaning = "reject", meaning._replace(meaning="reject", clear=True)
        if event.view.endswith(_FIELDS):
            says = "idle"  # it only puts the cursor there
        if says == "accept" and words in map(plain, seen.rejects):
            says = "reject"  # goes on without agreeing
        if sent:
            says = self._choices.sent(on.about)
        elif event.checked and page.sends:
            says = "idle"  # a box that is sent off with the others
        vague = shown if says == "accept" and not meaning.clear else None
        if vague and (only_notes(self._lines, event, vague) or only_signs_in(self._lines, event, vague)):
            says = "idle"
        ends = pattern("consent_noun").search(f"{words}\n{page.words}") or regex("stops_use").search(words)
        if says == "withdraw" and not ends:
            says = "idle"  # a message or money
        out = self._opted_out(on) if not asked else ""
        if out:
            says = "withdraw"
        ticked = self._ticked is not None and self._ticked == (event.src, event.window) and not event.checked
        if says == "reject" and ticked and self._stood and not meaning.clear:
            says = "idle"  # who leaves that page (返回首页) takes back nothing that was agreed to elsewhere
        if says == "reject" and not ticked and shown and of_something_else(self._lines, words, shown):
            says = "idle"
        again = False
        if says in ("accept", "unknown", "reject") and not meaning.clear and shown:
            again = refused_again(self._lines, says, words, shown)
            says = second(self._lines, says, seen)
        if says == "unknown" and not asked and beside_agreement(self._lines, event, on.about):
            says = "idle"
        refuses = seen.leaving and policy != "denied" and not asked and not seen.withdraws
        if refuses := refuses and says == "accept" and not meaning.clear:
            says = "unknown"  # perhaps yes to the question whether to refuse
        # A page of settings has such an entry, and others that answer nothing.
        back = seen.withdraws and policy in ("granted", "withdrawn") and not (shown and shown.page)
        window = "none" if on.under is None else "strange" if strange else "plain"
        window = "withdraws" if back else "asks" if on.scopes else window
        if (asked or back) and not event.checked:
            says = of_taking_back(says, event.label, asked, shown)
        if on.scopes and "policy" not in on.scopes and not seen.insists:
            policy = "open"  # where it stands says nothing of what is asked for besides it
        named = meaning == ("accept", True) and pattern("policy").search(words) is not None
        return Conditions(
            says=says,
            control={"on": "ticked", "off": "unticked"}.get(event.checked, "button"),
            question="open" if asked else "no",
            switch="yes" if out in SWITCHES or (event.checked and self._switch(event, on.about)) else "no",
            names="policy" if named else "no",
            box="ticked" if ticked else "no",
            window=window,
            beside="others" if shown is None or refuses or sent else beside(event, seen),
            policy=OPEN.get(policy, policy),
            again="yes" if again else "no",
        )

    def _opted_out(self, on: _Touched) -> str:
        """What a button ends where nothing is asked; empty if nothing."""
        if on.event.checked or on.scopes:
            return ""
        return opted_out(on.event.label, on.about.screen if on.about else None, self._switches)

    def _touched(self, event: Tap) -> Event | Moment:
        return self._merger.touches.get(event.seq, event)

    def _switch(self, event: Tap, shown: Shown | None) -> bool:
        """Whether it is the switch of a scope, by its words. A box that is sent off with others is none, nor is one for
        statistics in a dialog, which says to what its button agrees."""
        scope = toggle_scope(event.label, self._switches)
        asked = shown is not None and bool(shown.scopes)
        if shown is not None and ((asked and shown.screen.sends) or (scope == ANALYTICS and asked)):
            return False
        return scope in SWITCHES and not (scope == ANALYTICS and shown is not None and shown.screen.sends)

    def _made(self, event: Tap) -> bool:
        """Whether a tap is a user's, who saw what it may answer."""
        unseen = [plain(text) for text in event.unseen]
        hidden = any(pattern(name).search(text) for text in unseen for name in ("policy", "agreement"))
        return event.seq not in self._merger.doubted and not hidden

    def _perhaps(self, under: Shown | None, event: Tap) -> frozenset[str]:
        """What the window of a tap may have requested in unknown words."""
        if under is None:
            return frozenset()
        if under.scopes:
            return frozenset(under.scopes)
        if under.page and not event.checked and not self._notices.requests.first and settings(under.screen):
            return frozenset()
        if boxed(event.label) if event.checked else (self._form(under) or self._choices.decided(under)):
            return frozenset()
        if (
            event.checked
            and not pattern("data").search(plain(event.label))
            and self._lines.state("policy") == "granted"
        ):
            return frozenset()
        return self._notices.requests.perhaps(under.screen, under.page, plain(event.label) not in under.screen.controls)

    def _form(self, under: Shown) -> bool:
        """Whether a window is a form that the user filled in, which speaks of no agreement and can only be left: its
        button sends off what was typed, and decides nothing else."""
        seen = under.screen
        said = [plain(b) for b in seen.rejects if label(b).clear or closes(b)]
        refusals = [words for words in said if words == "no" or not pattern("shuts").fullmatch(words)]
        if self._filled != (under.key, seen.controls) or seen.policy or refusals:
            return False
        return not pattern("agreement").search("\n".join((seen.words, *seen.controls)))

    def _not_read(self, event: Tap, shown: Shown | None, covers: frozenset[str], taps: tuple[int, ...]) -> None:
        events, title, aside = taps, "", False
        if shown is not None:
            seen = shown.screen
            events, title = (shown.seen.seq, *taps), seen.words[:80]
            aside = self._lines.state("policy") == "denied"
            aside = aside and not (seen.speaks or seen.links or seen.policy or seen.types)
        mark = Mark(*moment(event), UNREAD, False, events, False, "read")
        self._lines.not_read(Dialog(mark, covers, title, event.label, bool(event.checked), aside))

    def _apply(self, row: Decision, on: _Touched) -> list[tuple[str, Mark]]:
        event, shown, seen, asked = on.event, on.shown, on.seen, on.asked or ()
        # What is sent off is told by the boxes; with one of them on, to what it agrees is not known.
        named = starts(event.label) and shown is not None and not seen.policy  # clear for that function alone
        sent = sends_off(event, shown)
        named |= plain(event.label) in seen.agreeing | seen.contrary
        said = row.state == "denied" if sent else label(event.label).clear or named
        made = self._made(event)
        clear = made and (row.clear == "yes" or (row.clear == "said" and said))
        at = self._touched(event)
        if row.scopes == "switched" and not event.checked:
            return [(out := self._opted_out(on), self.turn(out, at, False, "tap", on.taps, clear))]
        if row.scopes == "switched":
            scope, told = switched(event.label, self._switches)
            return [(scope, self.turn(scope, at, event.checked == "on", "tap", on.taps, told and made))]
        if row.scopes in ("questioned", "account", "policy", "standing"):
            standing = [s for s in on.scopes if self._lines.state(s) == "granted"] or ["policy"]
            scopes = {"questioned": asked, "account": ("account", "policy"), "policy": ("policy",),
                      "standing": tuple(standing)}[row.scopes]  # fmt: skip
            if row.state == "granted" and row.scopes == "questioned":
                scopes = tuple(scope for scope in asked if self._lines.state(scope) == "withdrawn")
            events = on.events if row.when.get("window") else on.taps
            return [(s, self._lines.add(s, at, row.state, clear, events)) for s in scopes]
        if shown is None:
            return []
        clear = (clear or (row.state == "denied" and self._stood_refused(shown.scopes))) and not shown.doubtful
        chosen = self._choices.sent_off(event, shown, on.events, made) if sent else []
        perhaps = row.state == "denied" and (shown.doubtful or not before(shown.seen, event))
        self._choices.together(shown.scopes)
        stood = "policy" in shown.scopes and self._refused_at_large()  # and is so once more
        moved = [s for s in shown.scopes if clear or self._lines.state(s) != "granted"]
        marks = []
        for scope in moved:
            back = row.state == "denied" and seen.platform and self._lines.state(scope) == "granted"
            state = "withdrawn" if back else row.state
            marks.append((scope, self._lines.add(scope, at, state, clear, on.events, perhaps)))
            if scope == "policy" and state == "granted":
                self._notices.requests.agreed(seen)
        if seen.platform and clear and not sent and not event.checked:
            chosen = self._choices.all(row.state == "granted", at, on.events)
        marks += chosen
        if row.state == "denied" and (seen.platform or stood):
            self._lines.platforms.add(event.seq)
        if shown.key != SCREEN and not event.checked:
            self._notices.answered(shown, event)
        return marks

    def _refused_at_large(self) -> bool:
        """Whether the policy stands refused in a consent platform's notice."""
        last = self._lines.last("policy")
        return last is not None and last.state == "denied" and not self._lines.platforms.isdisjoint(last.events)

    def _stood_refused(self, scopes: Iterable[str]) -> bool:
        """Whether all of it had been refused or withdrawn without ambiguity: what is put off now stays so."""
        last = map(self._lines.last, scopes)
        return all(mark is not None and mark.clear and mark.state in AGAINST for mark in last)

    def turn(
        self, scope: str, event: Event | Moment, on: bool, via: str, events: tuple[int, ...] = (), told: bool = True
    ) -> Mark:
        """A switch of a scope was set. ``told``: its words clearly say which."""
        stood = ("granted", "unknown", "shown", UNREAD, *(("withdrawn",) if scope == ANALYTICS else ()))
        off = "withdrawn" if self._lines.state(scope) in stood else "denied"
        basis = "read" if via == "tap" else "stated"
        return self._lines.add(scope, event, "granted" if on else off, told, events or (event.seq,), basis=basis)
