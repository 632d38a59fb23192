"""Reading a tap: its control, its window and the current state as conditions of the tables, and what they decide."""

from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property
from typing import Final

import msgspec

from monitor.analysis.consent.choices import Choices
from monitor.analysis.consent.control import act, clearly, closes, drawn, label, sends, starts, undoing
from monitor.analysis.consent.decisions import Record, Row, first, value
from monitor.analysis.consent.dialogue import INSISTS_US, Key, Notices, Questions, Shown
from monitor.analysis.consent.named import ANALYTICS, SWITCHES, boxed, switched, toggle_scope
from monitor.analysis.consent.taps import TapMerger
from monitor.analysis.consent.timelines import UNREAD, Dialog, Timelines
from monitor.analysis.consent.window import ACCEPT, WindowText, window
from monitor.analysis.consent.words import find, plain
from monitor.analysis.timeline import AGAINST, Mark, Moment, before, gap, moment
from monitor.events import Event, Tap

#: A touch on one of these asks for the keyboard, whatever the window asks.
_FIELDS: Final = ("EditText", "AutoCompleteTextView")
_OPEN: Final = {"unknown": "open", "shown": "open"}
_ONE_TOPIC: Final = frozenset({"personalisation", "ai_training"})
_Marks = list[tuple[str, Mark]]


class Tapped:
    """A tap in its window. Its properties that are texts or truths are the conditions of the tables."""

    def __init__(self, reader: "TapReader", event: Tap, taps: tuple[int, ...]) -> None:
        notices, self._lines = reader.notices, reader.lines
        self.reader, self.taps = reader, taps
        self.shown: Shown | None = notices.visible(event)
        """The requesting window to which it belongs."""
        self.under = self.shown if self.shown and self.shown.scopes else notices.under(event)
        """The window in which it was made, whatever that says."""
        self.event: Tap = _worded(event, self.under)
        self.about = self.shown or self.under
        self.seen = self.shown.screen if self.shown else window("", (), ())
        """What the requesting window says; without one, nothing."""
        self.page = self.about.screen if self.about else self.seen
        self.scopes = self.shown.scopes if self.shown else ()
        self.events: tuple[int, ...] = (self.shown.seen.seq, *taps) if self.shown else taps
        """The witnesses of an answer to the requesting window."""
        self.questioned: tuple[str, ...] | None = reader.questions.scopes(event)
        """What confirming there withdraws; None = nothing asks whether to."""
        self.words = plain(self.event.label)
        self._state = self._lines.state("policy")
        self.perhaps = reader.perhaps(self.under, self.event)
        """What its window may have requested in unknown words."""

    # The control --------------------------------------------------------------------------------------------------

    @cached_property
    def control(self) -> str:
        """Whether it is a button, or where a box or switch stands after the tap."""
        return {"on": "ticked", "off": "unticked"}.get(self.event.checked, "button")

    @cached_property
    def field(self) -> bool:
        """Whether it is a field to type in."""
        return self.event.view.endswith(_FIELDS)

    @cached_property
    def sent(self) -> bool:
        """Whether it sends off what the boxes of its window say: by its words, or by those beside it."""
        senders = self.page.senders
        return self.words in map(plain, senders) if senders else sends(self.event.label)

    @cached_property
    def act(self) -> str:
        """What its words mean in its window; of what is sent off, the boxes tell."""
        if self.sent:
            return self.reader.choices.sent(self.about)
        if self.event.checked and self.page.sends:
            return "idle"  # a box that is sent off with the others
        return self.page.act(self.event.label, bool(self.event.checked))

    @cached_property
    def says(self) -> str:
        """What it says there: its act, unless a row of the meanings holds."""
        return self.act

    @cached_property
    def clear(self) -> bool:
        """Whether its words mean that without ambiguity."""
        told = self.words in self.page.agreeing | self.page.contrary
        return label(self.event.label).clear or (told and not self.event.checked)

    @cached_property
    def said(self) -> bool:
        """Whether the answer is clear: one that starts a function agrees to that alone. What is sent off is told by the
        boxes; with one of them on, to what it agrees is not known."""
        if self.sent:
            return self.act == "reject"
        return self.clear or (starts(self.event.label) and self.shown is not None and not self.seen.policy)

    @cached_property
    def names(self) -> str:
        """``policy``: it says that somebody agrees to it, or sends off the drawn box, which the user has ticked."""
        told = not self.event.checked and self.words in self.page.agreeing
        agrees = (told or label(self.event.label) == ACCEPT) and find(self.words, "policy")
        return "policy" if agrees or self._sends_drawn else ""

    @cached_property
    def _sends_drawn(self) -> bool:
        drawn_there = self.under is not None and self.reader.drawn == self.under.key
        return (
            drawn_there
            and self.control == "button"
            and self.says in ("accept", "unknown")
            and bool(self.under and self.under.screen.agreement and self.under.screen.ticked == "agrees")
        )

    @cached_property
    def opted(self) -> str:
        """The scope that a button ends where nothing is asked; empty = none."""
        if self.event.checked or self.scopes or self.questioned is not None:
            return ""
        return opted_out(self.event.label, self.about.screen if self.about else None, self.reader.switches)

    @property
    def opts_out(self) -> bool:
        """Whether it ends something where nothing is asked."""
        return bool(self.opted)

    @cached_property
    def switch(self) -> bool:
        """Whether it is the switch of a scope, by its words, or opts out of one. A box that is sent off with others is
        none, nor is one for statistics in a dialog, which says to what its button agrees."""
        scope, shown = toggle_scope(self.event.label, self.reader.switches), self.about
        if not self.event.checked:
            return self.opted in SWITCHES
        if shown is None or scope not in SWITCHES:
            return scope in SWITCHES
        sent = shown.screen.sends and (bool(shown.scopes) or scope == ANALYTICS)
        return not (sent or (scope == ANALYTICS and shown.scopes))

    @cached_property
    def undo(self) -> str:
        """What it answers where the window asks whether to take something back."""
        asked = self.questioned is not None or self.window == "withdraws"
        return undoing(self.event.label) if asked and not self.event.checked else ""

    @cached_property
    def consent(self) -> bool:
        """Whether it, or its window, speaks of a consent."""
        return bool(find(f"{self.words}\n{self.page.words}", "consent_noun") or find(self.words, "stops_use"))

    @cached_property
    def beside(self) -> str:
        """What stands beside it."""
        about = self.about
        apart = about is not None and "policy" not in about.scopes and (about.scopes or self._state == "granted")
        if apart and not self.event.checked and clearly("accept", self.page.accepts):
            return "agreement"
        others = [b for b in self.seen.answers if plain(b) != self.words]
        if self.shown is None or others or self.event.checked or self.sent:
            return "others"
        return "refusal" if self.seen.rejects else "alone" if len(self.seen.answers) == 1 else "others"

    # Its window ---------------------------------------------------------------------------------------------------

    @cached_property
    def window(self) -> str:
        """What its window asks."""
        # A page of settings has an entry to withdraw, and others that answer nothing.
        if self.seen.withdraws and self._state in ("granted", "withdrawn") and self.dialog:
            return "withdraws"
        if self.scopes:
            return "asks"
        return "none" if self.under is None else "strange" if self.perhaps else "plain"

    @cached_property
    def dialog(self) -> bool:
        """Whether the requesting window is no whole page."""
        return not (self.shown and self.shown.page)

    @cached_property
    def signs_in(self) -> bool:
        """Whether, after a refusal, it goes on at a page to sign in, and no text there says that it, or a box that
        nobody knows of, agrees to the policy: whatever boxes were ticked beforehand."""
        seen, words = self.seen, self.seen.words
        if self._state not in AGAINST or self.shown is None or seen.layer or seen.login_consent or seen.ticked:
            return False
        for box, _ in seen.choices:
            words = words.replace(box, "")
        agrees = find(words, "agreement") and find(words, "policy")
        return bool(find(f"{seen.words}\n{self.words}", "signs_in")) and not agrees

    @property
    def asks_policy(self) -> bool:
        """Whether a notice of the app's own asks for the policy alone."""
        return self.scopes == ("policy",) and not self.seen.platform and not self.seen.withdraws

    @property
    def agrees(self) -> bool:
        """Whether its words speak of agreeing."""
        return bool(find(self.words, "agreement"))

    # What went before ---------------------------------------------------------------------------------------------

    @cached_property
    def question(self) -> str:
        """Whether the window asks once more before something is taken back."""
        return "no" if self.questioned is None else "open"

    @cached_property
    def box(self) -> str:
        """Whether the box for the policy was ticked there before, and whether that changed anything."""
        ticked = self.reader.ticked is not None and self.reader.ticked == (self.event.src, self.event.window)
        return "no" if not ticked or self.event.checked else "again" if self.reader.stood else "ticked"

    @cached_property
    def again(self) -> bool:
        """Whether the question that came up at a refusal without a clear word (暂不) was answered with another one: who
        is told what refusing means, and leaves or puts it off again, refuses. Not who only closes the window."""
        last = self._lines.last("policy")
        if last is None or last.state != "denied" or last.clear or not self.seen.insists or self.clear:
            return False
        if self.shown is None or not 0 <= gap(last, self.shown.seen)[0] <= INSISTS_US:
            return False
        if self.seen.leaving:
            return self.act == "accept" or bool(find(self.words, "departs"))
        return self.act == "reject" and not find(self.words, "=shuts")

    @cached_property
    def policy(self) -> str:
        """Where the policy stands; of no account where something is asked for besides it."""
        besides = self.scopes and "policy" not in self.scopes and not self.seen.insists
        return "open" if besides else _OPEN.get(self._state, self._state)

    # What it decides ----------------------------------------------------------------------------------------------

    @cached_property
    def made(self) -> bool:
        """Whether it is a user's, who saw what it may answer."""
        hidden = any(find(plain(text), "policy", "agreement") for text in self.event.unseen)
        return self.event.seq not in self.reader.merger.doubted and not hidden

    @cached_property
    def at(self) -> Event | Moment:
        """When it was made: of a box, when it was touched."""
        return self.reader.merger.touches.get(self.event.seq, self.event)

    sure = False
    """Whether what the window asks for is decided without doubt: known once the table has decided."""

    @property
    def kept(self) -> tuple[str, ...]:
        """Of what confirming would withdraw, what stands withdrawn."""
        return tuple(scope for scope in self.questioned or () if self._lines.state(scope) == "withdrawn")

    @property
    def at_large(self) -> bool:
        """Whether it answers a consent platform's notice, or once more what was refused in one."""
        last = self._lines.last("policy")
        refused = last is not None and last.state == "denied" and not self._lines.platforms.isdisjoint(last.events)
        return self.seen.platform or ("policy" in self.scopes and refused)

    @property
    def stood_refused(self) -> bool:
        """Whether all of what its window asks for had been refused or withdrawn without ambiguity: what is put off now
        stays so."""
        return all(mark and mark.clear and mark.state in AGAINST for mark in map(self._lines.last, self.scopes))

    @property
    def doubtful(self) -> bool:
        """Whether its window may have been answered or closed already."""
        return self.shown is not None and self.shown.doubtful

    @property
    def early(self) -> bool:
        """Whether it may have been made before its window was shown, or after that was closed."""
        return self.shown is not None and (self.shown.doubtful or not before(self.shown.seen, self.event))

    @cached_property
    def standing(self) -> tuple[str, ...]:
        """The scopes of its window that were agreed to, else the policy."""
        return tuple(scope for scope in self.scopes if self._lines.state(scope) == "granted") or ("policy",)


class TapReader:
    """Turns taps into marks."""

    def __init__(
        self, lines: Timelines, notices: Notices, questions: Questions, merger: TapMerger,
        switches: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        """``merger``: knows when boxes were touched, and which taps nobody may have made: these decide nothing clearly.
        ``switches``: as for ``toggle_scope``."""
        self.lines, self.notices, self.questions, self.merger = lines, notices, questions, merger
        self.switches = switches
        self.ticked: Key | None = None
        """The window whose box for the policy was ticked last, until one of its buttons answers."""
        self.stood = False
        """Whether the policy had been agreed to before that box was ticked."""
        self.drawn: Key | None = None
        """The window in which a box that the app draws was tapped last."""
        self._filled: tuple[Key, frozenset[str]] | None = None
        """The window, with its controls, in which the user put the cursor into a field last."""
        self.choices = Choices(lines, notices, switches)
        self.records: OrderedDict[int, Record] = OrderedDict()
        """Tap to how it was read, of the last ``most_records`` taps."""
        self.most_records = 256

    def decided(self, event: Tap, taps: tuple[int, ...]) -> _Marks:
        """The marks that follow from a tap by the decision table."""
        under = self.notices.under(event)
        if event.view.endswith(_FIELDS) and under is not None:
            self._filled = (under.key, under.screen.controls)
        on = Tapped(self, event, taps)
        meaning = first("meanings", on)
        on.says = meaning.says if meaning else on.act
        row = first("decisions", on)
        self._record(on, meaning, row)
        self._remember(on, row)
        marks = self.choices.changed(on.event, on.at, on.about, taps, on.made)
        marks += self.choices.apart(on.event, on.at, taps, on.made)
        if row is not None:
            clear = on.made and (row.clear == "yes" or (row.clear == "said" and on.said))
            marks += _SCOPES[row.scopes](self, row, on, clear)
        return marks + self._anew(on, marks)

    def _record(self, on: Tapped, meaning: Row | None, row: Row | None) -> None:
        names = sorted({name for one in (meaning, row) if one for name in one.when})
        known = {name: value(on, name) for name in names}
        self.records[on.event.seq] = Record(
            meaning.id if meaning else on.act, row.id if row else "", known, act(on.event.label)[1], dict(on.seen.acts)
        )
        while len(self.records) > self.most_records:
            self.records.popitem(last=False)

    def _remember(self, on: Tapped, row: Row | None) -> None:
        """Keep what later taps ask about this one."""
        event, under = on.event, on.under
        if under is not None and drawn(event.label) is not None:
            self.drawn = under.key
        elif under is not None and on.control == "button" and on.says in ("accept", "unknown"):
            self.drawn = None
        if event.checked and under is not None:
            self.choices.turn(under.key, event)
        if on.control == "button" and on.box != "no" and on.says not in ("unknown", "idle"):
            self.ticked = None
        if on.names == "policy":
            self.ticked = (event.src, event.window) if event.checked == "on" and event.window else None
            self.stood = self.lines.state("policy") == "granted"
        elif on.says == "accept" and label(event.label).clear:
            self.notices.agreed.append(event)
        elif on.says == "reject":
            self.notices.refusals.append(event)
        if "policy" in on.scopes and (row is None or row.state in ("nothing", UNREAD)):
            self.notices.layers.led(moment(event), on.seen, event.label)

    def _anew(self, on: Tapped, marks: _Marks) -> _Marks:
        """After an account was cancelled: who signs in again, or agrees to the policy again, has another one. Whether
        the policy holds again as well is in doubt where nothing asked for it."""
        if self.lines.state("account") != "withdrawn" or any(mark.state == "withdrawn" for _, mark in marks):
            return []
        agreed = any(scope == "policy" and mark.state == "granted" for scope, mark in marks)
        signs = find(on.words, "signs_in") and on.page.act(on.event.label) in ("accept", "unknown")
        if not agreed and (not signs or on.event.checked):
            return []
        anew = [("account", self.lines.add("account", on.at, "unknown", on.made, on.taps))]
        if not agreed and self.lines.state("policy") == "withdrawn":
            anew.append(("policy", self.lines.add("policy", on.at, "granted", False, on.taps)))
        return anew

    def perhaps(self, under: Shown | None, event: Tap) -> frozenset[str]:
        """What the window of a tap may have requested in unknown words."""
        if under is None or under.scopes:
            return frozenset(under.scopes if under else ())
        if under.page and not event.checked and not self.notices.requests.first and under.screen.settings:
            return frozenset()
        if boxed(event.label) if event.checked else (self._form(under) or self.choices.decided(under)):
            return frozenset()
        if event.checked and not find(plain(event.label), "data") and self.lines.state("policy") == "granted":
            return frozenset()
        unlabelled = plain(event.label) not in under.screen.controls
        return self.notices.requests.perhaps(under.screen, under.page, unlabelled)

    def _form(self, under: Shown) -> bool:
        """Whether a window is a form that the user filled in, which speaks of no agreement and can only be left: its
        button sends off what was typed, and decides nothing else."""
        seen = under.screen
        refusals = [plain(b) for b in seen.rejects if label(b).clear or closes(b)]
        if self._filled != (under.key, seen.controls) or seen.policy:
            return False
        return all(find(b, "=shuts") and b != "no" for b in refusals) and not find(seen.every, "agreement")

    # What a row decides -------------------------------------------------------------------------------------------

    def _nothing(self, row: Row, on: Tapped, clear: bool) -> _Marks:
        return []

    def _unread(self, row: Row, on: Tapped, clear: bool) -> _Marks:
        """An answer in words that are not known, to what its window may ask for."""
        shown = on.under or on.shown
        events, title = ((shown.seen.seq, *on.taps), shown.screen.words[:80]) if shown else (on.taps, "")
        about = shown.screen if shown else on.seen
        aside = bool(shown) and self.lines.state("policy") == "denied"
        aside = aside and not (about.speaks or about.links or about.policy or about.types)
        mark = Mark(*moment(on.event), UNREAD, False, events, False, "read")
        covers = on.perhaps or frozenset(on.scopes)
        self.lines.not_read(Dialog(mark, covers, title, on.event.label, bool(on.event.checked), aside))
        return self._besides(on)

    def _switched(self, row: Row, on: Tapped, clear: bool) -> _Marks:
        """A switch, or a button that opts out."""
        scope, told = switched(on.event.label, self.switches) if on.event.checked else (on.opted, clear)
        return [(scope, self.turn(scope, on.at, on.event.checked == "on", "tap", on.taps, told and on.made))]

    def _named(self, row: Row, on: Tapped, clear: bool) -> _Marks:
        """The scopes that the row names, whatever its window asks for."""
        events = on.events if row.when.get("window") else on.taps
        return [(s, self.lines.add(s, on.at, row.state, clear, events)) for s in _NAMED[row.scopes](on)]

    def _asked(self, row: Row, on: Tapped, clear: bool) -> _Marks:
        """What its window asks for. An answer in doubt leaves standing what was agreed to."""
        refused = row.state in _REFUSED
        on.sure = (clear or (refused and on.stood_refused)) and not on.doubtful
        perhaps, besides = refused and on.early, self._besides(on)
        self.choices.together(on.scopes)
        moved = [s for s in on.scopes if on.sure or self.lines.state(s) != "granted"]
        states = [(s, _OFF.get(self.lines.state(s), "denied") if row.state == "off" else row.state) for s in moved]
        marks = [(s, self.lines.add(s, on.at, state, on.sure, on.events, perhaps)) for s, state in states]
        self.notices.answered(on.shown, on.event, ("policy", "granted") in states)
        return marks + besides

    def _at_large(self, row: Row, on: Tapped, clear: bool) -> _Marks:
        """What a consent platform's notice asks for, which is refused at large."""
        self.lines.platforms.add(on.event.seq)
        return self._asked(row, on, clear)

    def _besides(self, on: Tapped) -> _Marks:
        """What an answer decides besides, by the table."""
        row = first("besides", on)
        return _BESIDES[row.scopes](self.choices, on) if row else []

    def turn(
        self, scope: str, event: Event | Moment, on: bool, via: str, events: tuple[int, ...] = (), told: bool = True
    ) -> Mark:
        """A switch of a scope was set. ``told``: its words clearly say which."""
        stood = ("granted", "unknown", "shown", UNREAD, *(("withdrawn",) if scope == ANALYTICS else ()))
        off = "withdrawn" if self.lines.state(scope) in stood else "denied"
        basis = "read" if via == "tap" else "stated"
        return self.lines.add(scope, event, "granted" if on else off, told, events or (event.seq,), basis=basis)


_REFUSED: Final = frozenset({"denied", "off"})
_OFF: Final = {"granted": "withdrawn"}
#: Whom the scopes of a row concern.
_SCOPES: Final[dict[str, Callable[[TapReader, Row, Tapped, bool], _Marks]]] = {
    "": TapReader._nothing, "perhaps": TapReader._unread, "switched": TapReader._switched, "asked": TapReader._asked,
    "at_large": TapReader._at_large,
    **dict.fromkeys(("questioned", "kept", "account", "policy", "standing"), TapReader._named),
}  # fmt: skip
_NAMED: Final[dict[str, Callable[[Tapped], tuple[str, ...]]]] = {
    "questioned": lambda on: on.questioned or (), "kept": lambda on: on.kept, "standing": lambda on: on.standing,
    "account": lambda on: ("account", "policy"), "policy": lambda on: ("policy",),
}  # fmt: skip
_BESIDES: Final[dict[str, Callable[[Choices, Tapped], _Marks]]] = {
    "boxes": lambda choices, on: choices.sent_off(on.event, on.shown, on.events, on.made),
    "purposes": lambda choices, on: choices.all(on.says == "accept", on.at, on.events),
}


def _worded(event: Tap, under: Shown | None) -> Tap:
    """A tap on a box without words: it stands beside the one sentence of agreement in its window."""
    if under is None or not event.checked or plain(event.label):
        return event
    alone = [words for words, _ in under.screen.choices] == [""] and under.screen.agreement
    return msgspec.structs.replace(event, label=under.screen.agreement) if alone else event


def opted_out(text: str, about: WindowText | None, declared: frozenset[str] = frozenset()) -> str:
    """What a button in the settings, such as "Opt out of personalised ads" or 退出个性化推荐, ends where there is no
    switch: the scope of a switch that it names, or else the only one that its page (``about``) is about; ``policy`` for
    data processing at large, or where the page says of nothing else that consent can be withdrawn; otherwise empty.
    ``declared``: as for ``toggle_scope``."""
    words = plain(text)
    opts, scope = find(words, "opts_out"), toggle_scope(text, declared)
    if not opts and (not find(words, "^turns_off") or find(words, "what_shows_it")):
        return ""
    if scope in SWITCHES or not opts:
        return scope if scope in SWITCHES else ""
    if left := words.replace(opts, "").strip(" .!…"):
        return "policy" if find(left, "=at_large") else ""
    if about is None:
        return ""
    if not about.topics and find(about.words, "withdraw"):
        return "policy" if find(about.words, "consent_noun") else ""
    named = about.topics & _ONE_TOPIC
    return min(named) if len(named) == 1 else ""
