"""Reading a tap by the tables (``consent_decisions.yaml``): its control, its window and the state before are the
conditions of their rows; the marks are what the rows decide."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import chain
from typing import Any, ClassVar, Final, NamedTuple

from msgspec.structs import replace

from monitor.analysis.consent import named
from monitor.analysis.consent.requests import Row, Says, holding, standing, value
from monitor.analysis.consent.screen import INSISTS_US, POLICY, Key, Notices, Shown
from monitor.analysis.consent.taps import TapMerger
from monitor.analysis.consent.text import ACCEPT, act, clearly, drawn, find, label, plain, sends, undoing
from monitor.analysis.consent.timelines import UNREAD, Bounded, Dialog, Timelines
from monitor.analysis.consent.window import Facts, window
from monitor.analysis.timeline import AGAINST, Mark, before, gap, moment
from monitor.events import Tap

#: A touch on one of these asks for the keyboard, whatever the window asks.
_FIELDS: Final = ("EditText", "AutoCompleteTextView")
_ONE_TOPIC: Final = frozenset({"personalisation", "ai_training"})
_KEEP: Final = 256
#: What a box says that is sent off, the strongest last.
_SAYS: Final = ("off", "again", "on")
#: Where a box or switch stands after the tap; and one that turns off what it names.
_STANDS: Final = ({"on": "ticked", "off": "unticked"}, {"on": "unticked", "off": "ticked"})
_Marks = list[tuple[str, Mark]]


class Record(NamedTuple):
    """How a tap was read: the rows that held, the values of their conditions, the words on the control that count, and
    the speech acts of its window with the words that make them (empty: it does not make it)."""

    meaning: str
    row: str
    conditions: dict[str, str]
    words: str
    acts: dict[str, str]


class Tapped(Facts):
    """A tap in its window: conditions and scopes of the tables ``meanings``, ``decisions`` and ``besides``."""

    meaning: str
    decided = ""
    """The scopes of the row that decided."""
    agreed = False
    """Whether that agreed to the policy."""
    sure = False
    """Whether what the window asks for is decided without doubt."""

    def __init__(self, reader: "TapReader", event: Tap, taps: tuple[int, ...]) -> None:
        notices, self.lines, self.reader, self.taps = reader.notices, reader.lines, reader, taps
        self.shown: Shown | None = notices.visible(event)
        """The requesting window to which it belongs."""
        below = notices.under(event)
        self.under = self.shown or below
        """The window in which it was made, whatever that says."""
        self.questions = below.question.scopes if below is not None and below.question is not None else None
        """What confirming there withdraws; None = nothing asks whether to."""
        # A box without words stands beside the one sentence of agreement in its window.
        bare = self.under is not None and event.checked and not plain(event.label)
        self.event = replace(event, label=self.under.screen.agreement) if self.under and bare else event
        self.seen = self.shown.screen if self.shown else window("", (), ())
        """What the requesting window says; without one, nothing."""
        self.page = self.under.screen if self.under else self.seen
        self.asked = self.shown.scopes if self.shown else ()
        self.events: tuple[int, ...] = (self.shown.seen.seq, *taps) if self.shown else taps
        """The witnesses of an answer to the requesting window."""
        self.label = Says(plain(self.event.label))
        self.words = self.label.words
        self.literally = label(self.event.label)
        self.stands = standing(self.lines.state("policy"))
        self.first = notices.requests.first
        self.large = bool(notices.requests.by_platform or self.lines.platforms)
        self.before = {scope: self.lines.state(scope) for scope in self.lines.scopes}
        """The states, without what this tap decides, and (``large``) whether a platform's notice was answered."""
        self.switched, self.names_switch = named.switched(self.event.label, reader.switches)

    @cached_property
    def literal_meaning(self) -> str:
        """What its words mean in its window; of what is sent off, the boxes tell: ``unknown`` if none is known, or if
        the choices of a policy's notice, which can be left out, all were."""
        if not self.submits_boxes:
            # A box that is sent off with the others says nothing yet.
            later = self.event.checked and self.page.sends
            return "idle" if later else self.page.act(self.event.label)
        boxes = self.reader.boxes(self.under)
        # Beside boxes for purposes, one that names nothing, and that nobody touched, is needed in any case.
        touched = {words for key, words in self.reader.turned if self.under and key == self.under.key}
        by_words = self.reader.named_by
        names = [by_words(words) or named.topics_named(words) or find(words, "partners") for words, _ in boxes]
        offered = [on for (words, on), name in zip(boxes, names, strict=True) if name or words in touched]
        if any(offered or [on for _, on in boxes]):
            return "accept"
        return "unknown" if not boxes or self.page.layer == POLICY else "reject"

    @cached_property
    def agrees_to_policy(self) -> bool:
        """Whether it says that somebody agrees to it, or sends off the drawn box, which the user has ticked."""
        if self.literally == ACCEPT and find(self.words, "policy"):
            return True
        if self.under is None or self.reader.drawn != self.under.key:
            return False
        return self.meaning in ("accept", "unknown") and self.under.screen.ticked == "agrees"

    @cached_property
    def opted(self) -> str:
        """What a button in the settings, such as "Opt out of personalised ads" or 退出个性化推荐, ends where nothing is
        asked: the scope of a switch that it names, ``policy`` for data processing at large, or else the only purpose
        that its page is about; otherwise empty."""
        opts = find(self.words, "opts_out")
        turns = opts or (find(self.words, "^turns_off") and not find(self.words, "what_shows_it"))
        if self.event.checked or self.asked or self.questions is not None or not turns:
            return ""
        if self.switched in named.SWITCHES or not opts:
            return self.switched if self.switched in named.SWITCHES else ""
        if left := self.words.replace(opts, "").strip(" .!…"):
            return "policy" if find(left, "=at_large") else ""
        return min(self.page.topics & _ONE_TOPIC, default="")

    @cached_property
    def rivals(self) -> str:
        """What stands beside it."""
        scopes = self.under.scopes if self.under else ("policy",)
        apart = "policy" not in scopes and (scopes or self.stands == "granted")
        if apart and clearly("accept", self.page.accepts):
            return "agreement"
        if self.submits_boxes or any(plain(b) != self.words for b in self.seen.answers):
            return "others"
        return "refusal" if self.seen.rejects else "alone" if len(self.seen.answers) == 1 else "others"

    @cached_property
    def box_left(self) -> bool:
        """Whether the box for the policy is there, and not ticked: a drawn one that nobody touched, too."""
        if self.under is None:
            return False
        key, page = self.under.key, self.page
        boxes = [(words or page.agreement, on) for words, on in page.boxes]
        about = [(words, on) for words, on in boxes if find(words, "policy") and find(words, "states", "agrees")]
        left = any(not self.reader.turned.get((key, words), on) for words, on in about)
        return left or (not about and page.drawn_left and self.reader.drawn != key)

    @cached_property
    def boxes_decide(self) -> bool:
        """Whether all that the window asks for are its boxes, each of which agrees to something of its own, and one was
        ticked: a button that goes on adds nothing to that."""
        words = [words for words, _ in self.page.choices]
        ticked = self.under is not None and any(self.reader.turned.get((self.under.key, one)) for one in words)
        return ticked and all(find(one, "agreement") and not find(one, "policy") for one in words)

    @cached_property
    def put_off(self) -> bool:
        """Whether the window came up at a refusal of the policy without a clear word (暂不)."""
        last = self.lines.last("policy")
        if self.shown is None or last is None or last.state != "denied" or last.clear:
            return False
        return 0 <= gap(last, self.shown.seen)[0] <= INSISTS_US

    @cached_property
    def at_large(self) -> bool:
        """Whether it answers a consent platform's notice, or once more what was refused in one."""
        last = self.lines.last("policy")
        refused = last is not None and last.state == "denied" and not self.lines.platforms.isdisjoint(last.events)
        return self.seen.platform or ("policy" in self.asked and refused)

    @cached_property
    def perhaps(self) -> frozenset[str]:
        """What its window requests, or may request in unknown words."""
        under = self.under
        if under is None or under.scopes:
            return frozenset(under.scopes if under else ())
        unlabelled = self.words not in under.screen.controls
        return frozenset(self.reader.notices.requests.asked("perhaps", under.screen, under.page, unlabelled))

    @property
    def turned_purposes(self) -> set[str]:
        """Purposes that a notice let one choose, of which a switch, as in the settings, is for another choice."""
        asked = named.purposes_named(self.words) & self.lines.scopes.keys()
        shares = set(self.reader.notices.requests.named(self.words))
        return (asked - named.SWITCHES) | shares.union(*(self.reader.shares.get(one, ()) for one in asked))

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """The scopes of the boxes that are sent off, purposes and recipients, by what they say: of several for the
        same, one that is on counts. ``again``: ticked beforehand, of what was refused: that ends unclearly."""
        chosen: dict[str, int] = {}
        for words, on in self.reader.boxes(self.shown):
            touched = self.shown is not None and (self.shown.key, words) in self.reader.turned
            for scope in self.reader.named_by(words):
                again = not touched and self.stood(scope) in AGAINST
                chosen[scope] = max(chosen.get(scope, 0), on * (1 if again else 2))
        return {what: [scope for scope, says in chosen.items() if _SAYS[says] == what] for what in _SAYS}

    @property
    def stood_refused(self) -> bool:
        """Whether all of what its window asks for had been refused or withdrawn without ambiguity: what is put off now
        stays so."""
        return all(mark and mark.clear and mark.state in AGAINST for mark in map(self.lines.last, self.asked))

    def stood(self, scope: str) -> str:
        """Where a scope stood: one of which nothing is known, as the policy."""
        return self.before.get(scope, self.stands)

    def state(self, state: str, scope: str) -> str:
        """The state of a scope from then on: ``off`` is withdrawn if it stood, ``turned_off`` as a switch is."""
        if state != "off":
            return self.lines.turned_off(scope) if state == "turned_off" else state
        # Who agreed to a policy of the app's own has not agreed to what was never asked.
        stood = self.before.get(scope, self.stands if self.large else "unknown")
        return "withdrawn" if stood in ("granted", "withdrawn") else "denied"

    facts: ClassVar[Mapping[str, Callable[[Any], object]]] = {
        # The control. A box or switch is where it stands after the tap; what sends off boxes does so by its words, or
        # by those beside it; what its words mean is literal unless a row of the meanings holds.
        "control": lambda on: _STANDS[on.turned[0] in named.SWITCHES and named.turns_off(on.event.label)].get(
            on.event.checked, "button"
        ),
        "field": lambda on: on.event.view.endswith(_FIELDS),
        "submits_boxes": lambda on: (
            on.words in map(plain, on.page.senders) if on.page.senders else sends(on.event.label)
        ),
        "meaning": lambda on: on.literal_meaning,
        "names_itself": lambda on: on.words in on.page.agreeing,
        "clear": lambda on: on.literally.clear or on.names_itself or on.words in on.page.contrary,
        # What is sent off is told by the boxes; with one of them on, to what it agrees is not known. What starts a
        # function agrees to that alone.
        "answer_is_clear": lambda on: (
            on.literal_meaning == "reject"
            if on.submits_boxes
            else on.clear or bool(on.shown and not on.seen.policy and find(on.words, "=functions"))
        ),
        "opts_out": lambda on: bool(on.opted),
        "undo": lambda on: undoing(on.event.label) if on.asks_back else "",
        "consent": lambda on: bool(find(on.said, "consent_noun") or find(on.words, "stops_use")),
        "signs_in": lambda on: bool(find(f"{on.seen.words}\n{on.words}", "signs_in")),
        "departs": lambda on: on.literal_meaning == "accept" or bool(find(on.words, "departs")),
        # The switch of a scope, by its words; no box that is sent off with others, nor one for statistics in a window
        # that asks for something, which says to what its button agrees.
        "switch": lambda on: (
            on.turned[0] in named.SWITCHES
            and not (on.event.checked and bool(on.asked) + bool(on.page.sends) + (on.turned[0] == named.ANALYTICS) > 1)
        ),
        "special_box": lambda on: bool(on.special),
        # Its window, and what it asks. A page of settings has an entry to withdraw, and others that answer nothing.
        "withdraws": lambda on: on.seen.withdraws and on.stands in ("granted", "withdrawn") and on.dialog,
        "window": lambda on: (
            "withdraws" if on.withdraws else "asks" if on.asked else "strange" if on.perhaps else "plain"
        ),
        "said": lambda on: f"{on.words}\n{on.page.words}",
        "asks_back": lambda on: on.questions is not None or on.withdraws,
        "dialog": lambda on: not (on.shown and on.shown.page),
        "asks_policy": lambda on: on.asked == ("policy",) and not on.seen.platform,
        "filled": lambda on: on.under is not None and on.reader.filled == (on.under.key, on.under.screen.controls),
        "turns_purposes": lambda on: on.under is None or not (on.under.scopes or on.page.sends),
        "doubtful": lambda on: on.shown is not None and on.shown.doubtful,
        "early": lambda on: on.doubtful or not before(on.shown.seen, on.event),
        # What went before: where the policy stands is of no account where something is asked for besides it. Whether
        # the box for the policy was ticked in the window, and whether that changed anything. A box is touched before it
        # is clicked. Nobody sees what a tap may answer where that is hidden.
        "policy": lambda on: "open" if on.asked and "policy" not in on.asked and not on.seen.insists else on.stands,
        "ticked": lambda on: on.reader.ticked == (on.event.src, on.event.window),
        "box": lambda on: "no" if not on.ticked else "again" if on.reader.stood else "ticked",
        "made": lambda on: (
            on.event.seq not in on.reader.merger.doubted
            and not any(find(plain(text), "policy", "agreement") for text in on.event.unseen)
        ),
        "question": lambda on: "no" if on.questions is None else "open",
        "account_before": lambda on: on.lines.state("account"),
        "at": lambda on: on.reader.merger.touches.get(on.event.seq, on.event),
        # Scopes: of the window those that were agreed to, else the policy; of a question, what stands withdrawn.
        "policy_alone": lambda on: ("policy",),
        "account": lambda on: ("account",),
        "account_and_policy": lambda on: ("account", "policy"),
        "standing": lambda on: (
            [scope for scope in on.asked if on.lines.state(scope) == "granted"]
            or ([f"sensitive:{kind}" for kind in named.types_named(on.words)] or ["policy"])
        ),
        "questioned": lambda on: on.questions,
        "kept": lambda on: [scope for scope in on.questions if on.lines.state(scope) == "withdrawn"],
        "turned": lambda on: (on.switched if on.event.checked else on.opted,),
        # The purposes chosen before, and what was asked for with them.
        "purposes": lambda on: {
            *(scope for scope in on.lines.scopes if scope.startswith("purpose:") or scope == "personalisation"),
            *chain.from_iterable(on.reader.shares.values()),
        },
        # A box or switch for a special category of data alone decides by itself, wherever it stands.
        "special": lambda on: [f"sensitive:{kind}" for kind in named.boxed(on.event.label)],
        "boxes_on": lambda on: on.chosen["on"],
        "boxes_off": lambda on: on.chosen["off"],
        "boxes_again": lambda on: on.chosen["again"],
        "boxes_ticked": lambda on: [
            scope
            for words, up in on.reader.boxes(on.shown)
            for scope in on.reader.named_by(words)
            if up and on.shown and (on.shown.key, words) in on.reader.turned
        ],
    }


class TapReader:
    """Turns taps into marks."""

    def __init__(
        self, lines: Timelines, notices: Notices, merger: TapMerger, switches: frozenset[str] = frozenset()
    ) -> None:
        """``merger``: knows when boxes were touched, and which taps nobody may have made: these decide nothing clearly.
        ``switches``: as for ``switched``."""
        self.lines, self.notices, self.merger = lines, notices, merger
        self.switches = switches
        self.turned: Bounded[tuple[Key, str], bool] = Bounded(_KEEP)
        """Boxes and switches that were tapped, by window and words."""
        self.shares: defaultdict[str, set[str]] = defaultdict(set)
        """Purpose to what was asked for with it: who is given data for it, by the words of its box, or which data."""
        self.records: Bounded[int, Record] = Bounded(_KEEP)
        """Tap to how it was read, of the last taps."""
        self.forget()

    def forget(self) -> None:
        """The app lost its record of the user's answers."""
        self.notices.requests.forget()
        self.ticked: Key | None = None
        """The window whose box for the policy was ticked last, until one of its buttons answers."""
        self.stood = False
        """Whether the policy had been agreed to before that box was ticked."""
        self.drawn: Key | None = None
        """The window in which a box that the app draws was tapped last."""
        self.filled: tuple[Key, frozenset[str]] | None = None
        """The window, with its controls, in which the user put the cursor into a field last."""
        self.turned.clear()
        self.shares.clear()

    def _read(self, event: Tap, taps: tuple[int, ...]) -> tuple[Tapped, Row | None, Row | None]:
        """A tap, and the rows of the tables that say what it means and decides."""
        on = Tapped(self, event, taps)
        meaning = next(holding("meanings", on), None)
        on.meaning = meaning.meaning if meaning else on.literal_meaning
        return on, meaning, next(holding("decisions", on), None)

    def foresee(self, event: Tap) -> tuple[Tapped, list[tuple[str, str]]]:
        """What a tap would mean if it were made now, and the states of scopes that it would decide; nothing is kept."""
        on, _, row = self._read(event, ())
        found = [row] if row and row.state else []
        on.decided = row.scopes if row else ""
        on.sure = bool(found) and not on.doubtful
        found += [more for more in holding("besides", on) if more.state]
        return on, [(scope, on.state(one.state, scope)) for one in found for scope in sorted(getattr(on, one.scopes))]

    def decide(self, event: Tap, taps: tuple[int, ...]) -> tuple[_Marks, str]:
        """The marks that follow from a tap by the tables, and what it means."""
        on, meaning, row = self._read(event, taps)
        names = sorted({name for one in (meaning, row) if one for name in one.when})
        self.records[event.seq] = Record(
            meaning.id if meaning else on.literal_meaning, row.id if row else "", {n: value(on, n) for n in names},
            act(on.event.label)[1], dict(on.seen.acts),
        )  # fmt: skip
        self._remember(on, row)
        marks = self._write(row, on) if row and row.state else []
        on.decided = row.scopes if row else ""
        on.agreed = any(scope == "policy" and mark.state == "granted" for scope, mark in marks)
        for more in holding("besides", on):
            marks += self._write(more, on)
        return marks, on.meaning

    def _remember(self, on: Tapped, row: Row | None) -> None:
        """Keep what later taps and windows ask about this one."""
        event, under = on.event, on.under
        goes_on = on.control == "button" and on.meaning in ("accept", "unknown")
        if under is not None:
            self.filled = (under.key, under.screen.controls) if on.field else self.filled
            self.drawn = under.key if drawn(event.label) is not None else None if goes_on else self.drawn
            if event.checked:
                self.turned[under.key, on.words] = event.checked == "on"
        if on.box != "no" and on.meaning not in ("unknown", "idle"):
            self.ticked = None
        if on.agrees_to_policy:
            self.ticked = (event.src, event.window) if event.checked == "on" and event.window else None
            self.stood = self.lines.state("policy") == "granted"
        if "policy" in on.asked and (row is None or row.state in ("", UNREAD)):
            self.notices.layers.led(moment(event), on.seen, event.label)

    def _write(self, row: Row, on: Tapped) -> _Marks:
        """The marks of a row. An answer in doubt leaves standing what was agreed to."""
        if row.state == UNREAD:
            return self._not_read(on)
        sure = {"yes": True, "no": False, "said": on.answer_is_clear, "named": on.names_switch, "sure": not on.doubtful}
        clear, scopes, perhaps = on.made and sure[row.clear], sorted(getattr(on, row.scopes)), False
        if row.window == "answered":
            refused = row.state in ("denied", "off")
            clear = on.sure = (clear or (refused and on.stood_refused)) and not on.doubtful
            perhaps = refused and on.early
            scopes = [scope for scope in on.asked if clear or self.lines.state(scope) != "granted"]
            self._together(on, row.state == "off")
        events = on.taps if row.window == "no" else on.events
        states = [(scope, on.state(row.state, scope)) for scope in scopes]
        marks = [(scope, self.lines.add(scope, on.at, state, clear, events, perhaps)) for scope, state in states]
        if row.window == "answered":
            self.notices.answered(on.shown, on.event, ("policy", "granted") in states)
        return marks

    def _together(self, on: Tapped, at_large: bool) -> None:
        """One answer was given to all that is asked: what was asked for with a purpose goes with it."""
        if at_large:
            self.lines.platforms.add(on.event.seq)
        for purpose in (scope for scope in on.asked if scope.startswith("purpose:")):
            self.shares[purpose].update(scope for scope in on.asked if scope.startswith(("share:", "sensitive:")))

    def _not_read(self, on: Tapped) -> _Marks:
        """An answer in words that are not known, to what its window may ask for: no mark of a scope alone."""
        if on.under is None:
            return []
        screen = on.under.screen
        aside = self.lines.state("policy") == "denied" and not (screen.speaks or screen.types)
        mark = Mark(*moment(on.event), UNREAD, False, (on.under.seen.seq, *on.taps), False, "read")
        self.lines.not_read(Dialog(mark, on.perhaps, screen.words[:80], on.event.label, aside))
        return []

    def boxes(self, shown: Shown | None) -> list[tuple[str, bool]]:
        """The boxes of a window that can be left out, and where they stand."""
        if shown is None:
            return []
        return [(words, self.turned.get((shown.key, words), at_first)) for words, at_first in shown.screen.choices]

    def named_by(self, words: str) -> set[str]:
        """The scopes for which a box is by its words."""
        purposes, recipients = named.purposes_named(words), self.notices.requests.named(words)
        for purpose in purposes:
            self.shares[purpose].update(recipients)
        return purposes.union(recipients, {named.switched(words, self.switches)[0]} & named.SWITCHES)
