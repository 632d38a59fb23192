"""Reading a tap: what follows from its words, its window and the current state by the decision table."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

import msgspec

from monitor.analysis.consent.answering import (
    OPEN,
    beside_agreement,
    of_something_else,
    of_taking_back,
    only_notes,
    only_signs_in,
    refused_again,
    second,
)
from monitor.analysis.consent.choices import Choices
from monitor.analysis.consent.decisions import Facts, Row, decide
from monitor.analysis.consent.drawn import drawn
from monitor.analysis.consent.explicit import boxed
from monitor.analysis.consent.labels import closes, idle, label, names_documents, sends, starts
from monitor.analysis.consent.named import ANALYTICS, SWITCHES, switched, toggle_scope
from monitor.analysis.consent.notices import SCREEN, Key, Notices, Shown
from monitor.analysis.consent.optout import opted_out
from monitor.analysis.consent.reconfirm import Questions
from monitor.analysis.consent.requests import settings
from monitor.analysis.consent.screen import Screen
from monitor.analysis.consent.timeline import Mark, Moment, before, moment
from monitor.analysis.consent.timelines import Timelines
from monitor.analysis.consent.unread import UNREAD, Dialog
from monitor.analysis.consent.words import pattern, plain
from monitor.events import Event, Tap

#: A touch on one of these asks for the keyboard, whatever the window asks.
_FIELDS: Final = ("EditText", "AutoCompleteTextView")


class TapReader:
    """Turns taps into marks."""

    def __init__(
        self, lines: Timelines, notices: Notices, questions: Questions, touches: Mapping[int, Moment],
        switches: frozenset[str] = frozenset(), doubted: Collection[int] = (),
    ) -> None:  # fmt: skip
        """``touches``: number of a tap to when the decision was made, where the tap was reported later. ``switches``:
        as for ``toggle_scope``. ``doubted``: taps that decide nothing clearly, as nobody may have made them."""
        self._lines, self._notices, self._questions, self._touches = lines, notices, questions, touches
        self._switches, self._doubted = switches, doubted
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
        asked = self._questions.scopes(event)
        shown = self._notices.visible(event)
        under = shown if shown is not None and shown.scopes else self._notices.under(event)
        event = _worded(event, under)
        if event.view.endswith(_FIELDS) and under is not None:
            self._filled = (under.key, under.screen.controls)
        perhaps = self._perhaps(under, event)
        facts = self._facts(event, shown, under, asked is not None, bool(perhaps))
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
        if shown is not None and "policy" in shown.scopes and (row is None or row.state in ("nothing", UNREAD)):
            self._notices.layers.led(moment(event), shown.screen, event.label)
        made = self._made(event)
        marks = self._choices.changed(event, self._touched(event), shown or under, taps, made)
        marks += self._choices.apart(event, self._touched(event), taps, made)
        if row is not None and row.state == UNREAD:
            self._not_read(event, under or shown, perhaps or frozenset(shown.scopes if shown else ()), taps)
            if shown is not None and _sends(event, shown):
                marks += self._choices.sent_off(event, shown, (shown.seen.seq, *taps), made)
        elif row is not None and row.state != "nothing":
            marks += self._apply(row, event, shown, under, asked or (), taps)
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

    def _facts(self, event: Tap, shown: Shown | None, under: Shown | None, asked: bool, strange: bool) -> Facts:
        meaning = label(event.label)
        words = plain(event.label)
        sent = _sends(event, shown or under)
        says = meaning.meaning or ("idle" if idle(event.label) or self._link(event, shown or under) else "unknown")
        if shown is not None and not event.checked and words in shown.screen.agreeing:
            says, meaning = "accept", meaning._replace(meaning="accept", clear=True)
        if event.view.endswith(_FIELDS):
            says = "idle"  # it only puts the cursor there
        if says == "accept" and shown is not None and words in map(plain, shown.screen.rejects):
            says = "reject"  # goes on without agreeing
        if sent:
            says = self._choices.sent(shown or under)
        elif event.checked and (about := shown or under) is not None and about.screen.sends:
            says = "idle"  # a box that is sent off with the others
        if says == "accept" and not meaning.clear and shown is not None and only_notes(self._lines, event, shown):
            says = "idle"
        if says == "accept" and not meaning.clear and shown is not None and only_signs_in(self._lines, event, shown):
            says = "idle"
        if says == "withdraw" and not pattern("consent_noun").search(words):
            about = shown or under
            if about is None or not pattern("consent_noun").search(about.screen.words):
                says = "idle"  # a message or money
        out = self._opted_out(event, shown, under) if not asked else ""
        if out:
            says = "withdraw"
        ticked = self._ticked is not None and self._ticked == (event.src, event.window) and not event.checked
        if says == "reject" and ticked and self._stood and not meaning.clear:
            says = "idle"  # who leaves that page (返回首页) takes back nothing that was agreed to elsewhere
        if says == "reject" and not ticked and shown is not None and of_something_else(self._lines, words, shown):
            says = "idle"
        again = False
        if says in ("accept", "unknown", "reject") and not meaning.clear and shown is not None:
            again = refused_again(self._lines, says, words, shown)
            says = second(self._lines, says, shown.screen)
        if says == "unknown" and not asked and beside_agreement(self._lines, event, shown, under):
            says = "idle"
        policy = self._lines.state("policy")
        refuses = shown is not None and shown.screen.leaving and policy != "denied"
        refuses &= not asked and not (shown and shown.screen.withdraws)
        if refuses := refuses and says == "accept" and not meaning.clear:
            says = "unknown"  # perhaps yes to the question whether to refuse
        if shown is not None and shown.scopes and "policy" not in shown.scopes and not shown.screen.insists:
            policy = "open"  # where it stands says nothing of what is asked for besides it
        named = meaning == ("accept", True) and pattern("policy").search(words) is not None
        window = "none" if under is None else "strange" if strange else "plain"
        if shown is not None:
            back = shown.screen.withdraws and self._lines.state("policy") in ("granted", "withdrawn")
            back &= not shown.page  # a page of settings has such an entry, and others that answer nothing
            window = "withdraws" if back else "asks" if shown.scopes else window
        if (asked or window == "withdraws") and not event.checked:
            says = of_taking_back(says, event.label, asked, shown)
        return Facts(
            says=says,
            control={"on": "ticked", "off": "unticked"}.get(event.checked, "button"),
            question="open" if asked else "no",
            switch="yes" if out in SWITCHES or (event.checked and self._switch(event, shown or under)) else "no",
            names="policy" if named else "no",
            box="ticked" if ticked else "no",
            window=window,
            beside="others" if shown is None or refuses or sent else _beside(event, shown.screen),
            policy=OPEN.get(policy, policy),
            again="yes" if again else "no",
        )

    def _opted_out(self, event: Tap, shown: Shown | None, under: Shown | None) -> str:
        """What a button ends where nothing is asked; empty if nothing."""
        if event.checked or (shown is not None and shown.scopes):
            return ""
        about = shown or under
        return opted_out(event.label, about.screen if about is not None else None, self._switches)

    def _touched(self, event: Tap) -> Event | Moment:
        return self._touches.get(event.seq, event)

    def _switch(self, event: Tap, shown: Shown | None) -> bool:
        """Whether it is the switch of a scope, by its words. A box that is sent off with others is none, nor is one for
        statistics in a dialog, which says to what its button agrees."""
        scope = toggle_scope(event.label, self._switches)
        asked = shown is not None and bool(shown.scopes)
        if shown is not None and ((asked and shown.screen.sends) or (scope == ANALYTICS and asked)):
            return False
        return scope in SWITCHES and not (scope == ANALYTICS and shown is not None and shown.screen.sends)

    @staticmethod
    def _link(event: Tap, shown: Shown | None) -> bool:
        """Whether a tap was on a link or a document's name, or outside the controls of a window that has one to agree
        and one to refuse."""
        words = plain(event.label)
        if not event.checked and names_documents(words):
            return True
        if shown is None or not words:
            return False
        seen = shown.screen
        beside = all(plain(b) != words for b in (*seen.accepts, *seen.rejects, *seen.unknown))
        return words in seen.links or (beside and bool(seen.accepts and seen.rejects) and not event.checked)

    def _made(self, event: Tap) -> bool:
        """Whether a tap is a user's, who saw what it may answer."""
        unseen = [plain(text) for text in event.unseen]
        hidden = any(pattern(name).search(text) for text in unseen for name in ("policy", "agreement"))
        return event.seq not in self._doubted and not hidden

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
        events = (*((shown.seen.seq,) if shown else ()), *taps)
        mark = Mark(*moment(event), UNREAD, False, events, False, "read")
        title = shown.screen.words[:80] if shown else ""
        seen = shown.screen if shown else None
        aside = self._lines.state("policy") == "denied" and seen is not None
        aside = aside and seen is not None and not (seen.speaks or seen.links or seen.policy or seen.types)
        self._lines.not_read(Dialog(mark, covers, title, event.label, bool(event.checked), aside))

    def _apply(
        self,
        row: Row,
        event: Tap,
        shown: Shown | None,
        under: Shown | None,
        asked: tuple[str, ...],
        taps: tuple[int, ...],
    ) -> list[tuple[str, Mark]]:
        meaning = label(event.label)
        # What is sent off is told by the boxes; with one of them on, to what it agrees is not known.
        named = starts(event.label) and shown is not None and not shown.screen.policy  # clear for that function alone
        sent = _sends(event, shown)
        named |= shown is not None and plain(event.label) in shown.screen.agreeing
        said = row.state == "denied" if sent else meaning.clear or named
        made = self._made(event)
        clear = made and (row.clear == "yes" or (row.clear == "said" and said))
        at = self._touched(event)
        if row.scopes == "switched" and not event.checked:
            return [(out := self._opted_out(event, shown, under), self.turn(out, at, False, "tap", taps, clear))]
        if row.scopes == "switched":
            scope, told = switched(event.label, self._switches)
            return [(scope, self.turn(scope, at, event.checked == "on", "tap", taps, told and made))]
        if row.scopes in ("questioned", "account", "policy", "standing"):
            standing = [s for s in (shown.scopes if shown else ()) if self._lines.state(s) == "granted"] or ["policy"]
            scopes = {"questioned": asked, "account": ("account", "policy"), "policy": ("policy",),
                      "standing": tuple(standing)}[row.scopes]  # fmt: skip
            if row.state == "granted" and row.scopes == "questioned":
                scopes = tuple(scope for scope in asked if self._lines.state(scope) == "withdrawn")
            window = row.when.get("window")
            events = (shown.seen.seq, *taps) if window and shown else taps
            return [(s, self._lines.add(s, at, row.state, clear, events)) for s in scopes]
        if shown is None:
            return []
        clear = (clear or (row.state == "denied" and self._stood_refused(shown.scopes))) and not shown.doubtful
        chosen = self._choices.sent_off(event, shown, (shown.seen.seq, *taps), made) if sent else []
        perhaps = row.state == "denied" and (shown.doubtful or not before(shown.seen, event))
        self._choices.together(shown.scopes)
        stood = "policy" in shown.scopes and self._refused_at_large()  # and is so once more
        moved = [s for s in shown.scopes if clear or self._lines.state(s) != "granted"]
        marks = []
        for scope in moved:
            back = row.state == "denied" and shown.screen.platform and self._lines.state(scope) == "granted"
            state = "withdrawn" if back else row.state
            marks.append((scope, self._lines.add(scope, at, state, clear, (shown.seen.seq, *taps), perhaps)))
            if scope == "policy" and state == "granted":
                self._notices.requests.agreed(shown.screen)
        if shown.screen.platform and clear and not sent and not event.checked:
            chosen = self._choices.all(row.state == "granted", at, (shown.seen.seq, *taps))
        marks += chosen
        if row.state == "denied" and (shown.screen.platform or stood):
            self._lines.platforms.add(event.seq)
        if shown.key != SCREEN and not event.checked:
            self._notices.answered(shown, event)
        return marks

    def _refused_at_large(self) -> bool:
        """Whether the policy stands refused in a consent platform's notice."""
        line = self._lines.scopes.get("policy")
        last = line.marks[-1] if line and line.marks else None
        return last is not None and last.state == "denied" and not self._lines.platforms.isdisjoint(last.events)

    def _stood_refused(self, scopes: Iterable[str]) -> bool:
        """Whether all of it had been refused or withdrawn without ambiguity: what is put off now stays so."""
        lines = [self._lines.scopes.get(scope) for scope in scopes]
        last = [line.marks[-1] if line and line.marks else None for line in lines]
        return all(mark is not None and mark.clear and mark.state in ("denied", "withdrawn") for mark in last)

    def turn(
        self, scope: str, event: Event | Moment, on: bool, via: str, events: tuple[int, ...] = (), told: bool = True
    ) -> Mark:
        """A switch of a scope was set. ``told``: its words clearly say which."""
        stood = ("granted", "unknown", "shown", UNREAD, *(("withdrawn",) if scope == ANALYTICS else ()))
        off = "withdrawn" if self._lines.state(scope) in stood else "denied"
        basis = "read" if via == "tap" else "stated"
        return self._lines.add(scope, event, "granted" if on else off, told, events or (event.seq,), basis=basis)


def _worded(event: Tap, under: Shown | None) -> Tap:
    """A tap on a box without words: it stands beside the one sentence of agreement in its window."""
    if under is None or not event.checked or plain(event.label) or not under.screen.agreement:
        return event
    alone = [words for words, _ in under.screen.choices] == [""]
    return msgspec.structs.replace(event, label=under.screen.agreement) if alone else event


def _sends(event: Tap, shown: Shown | None) -> bool:
    """Whether a tapped control sends off what the boxes of its window say: by its words, or by those beside it."""
    if shown is None or not shown.screen.senders:
        return sends(event.label)
    return plain(event.label) in map(plain, shown.screen.senders)


def _beside(event: Tap, seen: Screen) -> str:
    """The text beside a tapped control."""
    others = [b for b in seen.answers if plain(b) != plain(event.label)]
    if others or event.checked:
        return "others"
    if seen.rejects:
        return "refusal"
    return "alone" if len(seen.answers) == 1 else "others"
