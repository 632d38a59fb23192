"""What one window says: the speech acts of its title, texts and controls, each read when it is first asked for."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from monitor.analysis.consent import named
from monitor.analysis.consent import text as controls
from monitor.analysis.consent.text import ACCEPT, CHOICE, REJECT, SENTENCE, Drawn, find, label, pattern, plain
from monitor.events import CheckBox, Event, UiSnapshot, Window
from monitor.knowledge.prompts import component_title, system_prompt
from monitor.knowledge.wordlists import derived, table

#: Characters of the texts and controls of one screen that are read, all of an ordinary one; of each text at least.
_MOST, _LEAST = 60_000, 40
#: Lengths in characters of plain text, Latin ones counted half: from this one on, a text is a full sentence; a name is
#: shorter. Lengths in characters: of short texts, and of those that may stand at a head.
PROSE: Final = 10
_NAME, _SHORT, _HEAD = 15, 30, 60
SENTENCES: Final = re.compile(r"[.。;；!?！？\n]+")
_QUOTES: Final = re.compile("[\"'“”‘’「」『』]")
#: What a permission of the system never asks for.
_FOR_OTHERS: Final = frozenset({"share", "cross_border", "personalisation", "ai_training"})
#: What people type in, which no permission guards.
_TYPED: Final = frozenset({"form", "account_pi", "user_profile"})
#: What those who are named in a notice of their own do with the data: beside it, the notice is about nothing else.
GIVING: Final = frozenset({"share", "personalisation", "cross_border"})


class Facts:
    """What has conditions of the tables: those that are an expression by name in ``facts``, each found once, when it is
    asked for."""

    facts: ClassVar[Mapping[str, Callable[[Any], object]]] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in self.facts:
            raise AttributeError(name)
        self.__dict__[name] = found = self.facts[name](self)
        return found


class WindowText(Facts):
    """What the words of one window say. ``layer``: of what it is the second layer, see ``Layers``."""

    policy: bool
    reasons: bool
    asks_back: bool
    """Asks for confirmation before it withdraws an agreement or cancels an account, at its head: a list of settings has
    such controls and requests nothing."""

    def __init__(
        self, title: str, texts: tuple[str, ...], buttons: tuple[str, ...], boxes: tuple[tuple[str, bool], ...],
        links: tuple[str, ...], layer: str,
    ) -> None:  # fmt: skip
        self.given = title, texts, buttons, boxes, links, layer
        # Beside a control that clearly agrees, one named as a document is a link to it; in a menu, an entry.
        if controls.clearly("accept", buttons):
            links = (*links, *filter(controls.names_document, buttons))
            buttons = tuple(button for button in buttons if button not in links)
        self.title, self.layer = plain(title), layer
        self.shown, self.buttons, self.all_links = (title, *texts), buttons, links
        self.plain_texts = tuple(map(plain, texts))
        self.boxes = tuple((plain(words), on) for words, on in boxes)
        self.checks = [words for words, _ in self.boxes]
        self.pieces = (self.title, *self.plain_texts, *self.checks)
        self.words = plain("\n".join((title, *texts, *links, *(words for words, _ in boxes))))
        self.controls = frozenset(map(plain, buttons)) - {""}
        self.links = frozenset(map(plain, links))
        self.acts: dict[str, str] = {}
        """Speech act to the words that make it (``yes`` where another property does), as far as asked for."""

    def __getattr__(self, name: str) -> Any:
        """One of ``facts``, or whether it makes a speech act of the table."""
        if name in self.facts:
            return super().__getattr__(name)
        if name.startswith("_") or name not in table("consent_decisions")["acts"]:
            raise AttributeError(name)
        words = next(filter(None, map(self._made, table("consent_decisions")["acts"][name])), "")
        self.acts[name], self.__dict__[name] = words, bool(words)
        return bool(words)

    def _made(self, way: Mapping[str, Any]) -> str:
        """The words that make a speech act in one of its ways; empty if none do."""
        if any(getattr(self, other) for other in way.get("not", ())):
            return ""
        if not all(getattr(self, other) for other in way.get("with", ())):
            return ""
        if "act" in way:
            return "yes" if any(getattr(self, other) for other in way["act"]) else ""
        texts = (text for place in way.get("in", ("words",)) for text in _PLACES[place](self))
        return next(filter(None, (controls.spoken(way, text) for text in texts)), "")

    # What its controls do ---------------------------------------------------------------------------------------

    def act(self, text: str) -> str:
        """What a tapped control says, which need be none of its own: ``accept``, ``reject``, ``withdraw``,
        ``cancel_account``, ``unknown`` or ``idle``, as a link or a document's name is, and what stands beside a control
        that agrees and one that refuses."""
        words = plain(text)
        if words in self.contrary or words in self.going_past:
            return "reject"
        if words in self.agreeing:
            return "accept"
        besides = words and words not in self.controls and self.accepts and self.rejects
        answers_nothing = controls.idle(text) or besides or words in self.links or find(words, "=documents")
        return label(text).meaning or ("idle" if answers_nothing else "unknown")

    def that(self, act: str) -> tuple[str, ...]:
        """Its controls that do this: ``sends`` (off what its boxes say), or as ``act``."""
        return tuple(button for button in self.buttons if self.does[button] == act)

    @cached_property
    def does(self) -> dict[str, str]:
        """Control to what it does; one without words (a picture), nothing that is known of before it is tapped."""
        sending = {b for b in self.buttons if controls.sends(b) or (self.by_purpose and find(plain(b), "=confirms"))}
        meanings = {button: self.act(button) if plain(button) else "idle" for button in self.buttons}
        return meanings | dict.fromkeys(sending, "sends")

    @cached_property
    def agreeing(self) -> frozenset[str]:
        """Controls of which the text says that a tap on them agrees. Not those that sign in or only go on: that these
        are taken for consent is another matter."""
        words = _QUOTES.sub("", self.words)
        ends = [
            end for tap in pattern("tapping").finditer(words) for end in range(tap.start() + 1, tap.end() + 1)
            if pattern("tapping").fullmatch(words, tap.start(), end)
        ]  # fmt: skip
        return frozenset(
            name for name in self.controls if ends and not find(name, "signs_in", "=confirms")
            and any(
                words.startswith(bare := _QUOTES.sub("", name), end)
                and pattern("then_agrees").match(words, end + len(bare)) for end in ends
            )
        )  # fmt: skip

    # What it is about -------------------------------------------------------------------------------------------

    @cached_property
    def bundle(self) -> frozenset[str]:
        """Topics also covered by its agreement to the policy: named in its texts or in a box for the whole, and without
        their own box or switch here. Not the names of lists, nor links that only lead to those who are given data."""
        if not (self.accepts or self.unknown or self.clear_answer):
            return frozenset()
        alone = [words for words in self.checks if not find(words, "policy", "whole")]
        texts = (text for text in self.shown if not find(plain(text), "=partners"))
        every = plain("\n".join(texts)), *(words for words in self.checks if words not in alone)
        topics = set().union(*map(named.topics_named, map(named.without_lists, every)))
        return frozenset((topics | (self.topics & {"sensitive"})) - set().union(*map(named.topics_named, alone)))

    @cached_property
    def ticked(self) -> str:
        """Whether a box that is drawn, or only says that something was read, is ticked: ``agrees``, ``perhaps`` or
        empty. It is certain only of a single one, beside a single sentence of agreement: of several (a choice between
        languages, say) each may be about another thing."""
        if self.prechecked:
            return ""
        if self.policy and any(on and find(words, "states") for words, on in self.boxes):
            return "perhaps"
        boxes, agreed = self._drawn_boxes
        about = self.policy or any(find(words, "policy") for words in agreed)
        ticks = [box for box in boxes if box.on]
        if not (about and agreed and ticks):
            return ""
        certain = len(boxes) == len(agreed) == 1 and not ticks[0].perhaps and find(agreed[0], "agreement")
        return "agrees" if certain else "perhaps"

    @property
    def drawn_left(self) -> bool:
        """Whether its only box is drawn beside its only sentence of agreement to the policy, and not ticked."""
        boxes, agreed = self._drawn_boxes
        return len(boxes) == len(agreed) == 1 and not boxes[0].on and bool(self.policy or find(agreed[0], "policy"))

    @property
    def _drawn_boxes(self) -> tuple[list[Drawn], list[str]]:
        """The boxes that are drawn, and the sentences that say that somebody agrees, beside a box or not."""
        texts = [text for text in self.shown if text not in self.buttons]  # a picture of the screen has both
        found = {text: controls.written(text) or controls.drawn(text) for text in (*texts, *self.buttons)}
        boxes = [box for text in (*texts, *self.buttons) if (box := found[text]) is not None]
        sentences = [box.words for box in boxes] + [plain(text) for text in texts if found[text] is None]
        return boxes, [words for words in sentences if len(words) <= SENTENCE and find(words, "states")]

    @cached_property
    def agreement(self) -> str:
        """The one sentence that says that somebody agrees to the policy, beside which a box may stand."""
        agreed = [t for t in self.plain_texts if len(t) <= SENTENCE and find(t, "states") and find(t, "policy")]
        return agreed[0] if len(agreed) == 1 else ""

    # What it asks besides a consent --------------------------------------------------------------------------------

    def asks_whether(self, page: bool) -> bool:
        """Whether what a control that takes something back has opened asks no more than whether to: it offers to go on,
        to leave it, and nothing else. A whole ``page`` must say so on the control that goes on."""
        answers = {control: controls.undoing(control) for control in self.controls}
        kept = {c for c, answer in answers.items() if answer == "no" or (not answer and label(c).meaning == "reject")}
        plainly = not page or "no" in answers.values()  # a page that offers to keep it asks, too
        goes_on = all(answers[c] in ("yes", "verb") or (plainly and label(c).meaning) for c in self.controls - kept)
        return len(self.controls) == CHOICE and len(kept) == 1 and goes_on and not self.reports_done

    @cached_property
    def taken_for_consent(self) -> bool:
        """Says that signing in or going on is consent. A control that it names and that itself agrees (点击“同意并登录”
        即表示, by tapping "Accept" you agree) asks for consent."""
        words = _QUOTES.sub("", self.words)
        return any(
            len(pattern("agrees").findall(match[0])) <= 1 and not find(words[: match.start()], "ends_in_agreement")
            for match in pattern("login_consent").finditer(words)
        )

    @cached_property
    def asks_off(self) -> bool:
        """Asks to turn something off or to leave it on, nothing else. It must say so: yes and no may answer anything, a
        request for data among them."""
        kept = {control for control in self.controls if keeps_on(control)}
        off = {control for control in self.controls - kept if find(control, "off", "^affirms")}
        if not (kept and off and self.controls == kept | off):
            return False
        return self.may_turn_off and (any(find(control, "off") for control in off) or self.asks_whether_off)

    def known(self) -> "WindowText":
        """The same where the policy was asked for once: what refers to it only tells where to read it."""
        other = WindowText(*self.given)  # afresh: what was asked of this one so far must not matter
        other.__dict__["policy"] = False
        return other

    facts: ClassVar[Mapping[str, Callable[[Any], object]]] = {
        "every": lambda w: "\n".join((w.words, *w.controls)),
        # Its controls; what refuses may be a clearly worded link. Boxes and switches that can be left out, by their
        # words, and where they stood at first.
        "accepts": lambda w: w.that("accept"),
        "unknown": lambda w: w.that("unknown"),
        "senders": lambda w: w.that("sends"),
        "rejects": lambda w: (*w.that("reject"), *(link for link in w.all_links if label(link) == REJECT)),
        "contrary": lambda w: controls.contrary(w.buttons),
        "choices": lambda w: tuple((words, on) for words, on in w.boxes if not find(words, "needed")),
        "answers": lambda w: (*w.accepts, *w.unknown),
        # What goes on without agreeing (继续浏览); what only leads back elsewhere, where a function needs it (再看看).
        "going_past": lambda w: frozenset(filter(None, map(plain, w.past))) if w.may_go_past else frozenset(),
        "past": lambda w: [
            b for b in w.buttons if find(plain(b), "=goes_past") and (w.function_needs or not controls.idle(b))
        ],
        "all_go_past": lambda w: len(w.past) == len(w.buttons),
        "refused_by_label": lambda w: any(label(b).meaning == "reject" for b in w.buttons),
        "offers_agreement": lambda w: controls.clearly("accept", w.buttons),
        "single": lambda w: len(w.controls) == 1,
        "several": lambda w: len(w.controls) > CHOICE,
        "few": lambda w: len(w.buttons) <= CHOICE + 1,
        "one_answer": lambda w: len(w.answers) == 1,
        "agrees_by_label": lambda w: controls.clearly("accept", w.accepts),
        "refuses_clearly": lambda w: controls.clearly("reject", w.rejects),
        "clear_answer": lambda w: w.agrees_by_label or any(label(b).clear for b in w.rejects),
        # A control refuses in clear words, or does more than close the window.
        "declines": lambda w: any(
            not find(plain(b), "=shuts") for b in w.rejects if label(b).clear or controls.closes(b)
        ),
        # Its one control that may agree only goes on to what comes next; others lead back, or to the same without a
        # permission (手动输入).
        "on": lambda w: [b for b in map(plain, (*w.accepts, *w.unknown)) if not find(b, "by_hand")],
        "only_goes_on": lambda w: len(w.on) == 1 and bool(find(w.on[0], "=goes_on")),
        # The second layer of a notice: boxes for purposes, and what is needed in any case or why it is asked. No page
        # to sign in, which may offer a newsletter.
        "by_purpose": lambda w: bool(w.layer) or w.boxes_by_purpose,
        "names_purposes": lambda w: any(named.purposes_named(words) for words in w.checks),
        "layer_of_platform": lambda w: bool(w.senders) and (w.layer == "platform" if w.layer else w.by_purpose),
        # A box that agrees, to the policy or in so many words, is ticked.
        "prechecked": lambda w: any(
            on and (find(words, "policy") or (label(words).meaning == "accept" and find(words, "agrees")))
            for words, on in w.boxes
        ),
        # Its texts: the length of the longest one, and how many; a full sentence, or one besides the names of its
        # controls. A picture of the screen has its buttons among the texts.
        "prose": lambda w: max((_length(text) for text in w.pieces if text not in w.controls), default=0),
        "texts": lambda w: sum(bool(text) and text not in w.controls for text in w.pieces[1:]),
        "wordless": lambda w: not w.texts,
        "says_prose": lambda w: w.prose >= PROSE,
        # It only points to the policy, and agrees to terms at most.
        "points": lambda w: named.points_to_policy((w.title, *w.plain_texts, *map(plain, w.all_links)), w.checks),
        # Special categories of data to which alone it asks to agree; kinds of data and topics of its title alone, which
        # sums up what the text lists; all of them, what its control clearly agrees to among them.
        "explicit": lambda w: named.explicitly(w.title, w.plain_texts, w.platform),
        "head_types": lambda w: named.named_in(w.title, "types"),
        "topics": lambda w: (
            named.topics_named(named.without_lists(w.words)) | (frozenset({"sensitive"}) if w.separate else set())
        ),
        "types": lambda w: (
            w.explicit | named.types_named("\n".join((w.words, *(plain(b) for b in w.accepts if label(b) == ACCEPT))))
        ),
        "names_types": lambda w: bool(w.types),
        "guardian": lambda w: "guardian_words" in w.topics,
        "abroad": lambda w: "cross_border" in w.topics,
        # A topic in its heading or on a control ("Allow personalised ads"); what no permission asks for; what is typed.
        "topical": lambda w: any(map(named.topics_named, (w.title, *w.controls))),
        "for_others": lambda w: bool(w.topics & _FOR_OTHERS),
        "only_typed": lambda w: bool(w.types) and w.types <= _TYPED,
    }


def keeps_on(control: str) -> bool:
    """Whether a control leaves a switch on, where a window asks whether to turn it off."""
    return not pattern("off").fullmatch(control) and (
        controls.undoing(control) == "no" or bool(find(control, "=shuts"))
    )


def names(text: str) -> bool:
    """Whether a plain text is short enough to be the name of something."""
    return _length(text) < _NAME


def sentence(text: str) -> bool:
    """Whether a plain text is long enough to say something in a full sentence."""
    return _length(text) >= PROSE


def _length(text: str) -> int:
    """Characters, Latin ones counted half."""
    return sum(2 if c > "\u2e7f" else 1 for c in text) // 2


def _beside_choices(window: WindowText) -> str:
    """What it says besides the names of its boxes and switches."""
    rest: str = window.words
    names: list[str] = [words for words, _ in window.choices if words]
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, "")
    return rest


#: Where the words of a speech act stand, by its name in the table.
_PLACES: Final[dict[str, Callable[[WindowText], Iterable[str]]]] = {
    "words": lambda w: [w.words],
    "every": lambda w: [w.every],
    "title": lambda w: [w.title],
    "head": lambda w: [w.title or plain("\n".join((*w.all_links, *w.shown[1:2])))],
    "heads": lambda w: (w.title, *(text for text in w.plain_texts[:2] if len(text) <= _HEAD)),
    "own": lambda w: ["\n".join((w.title, *w.plain_texts, *w.controls))],
    "pieces": lambda w: w.pieces,
    "accepts": lambda w: map(plain, w.accepts),
    "controls": lambda w: w.controls,
    "parts": lambda w: (*w.pieces, *w.controls),
    "names": lambda w: (w.title, *w.controls),
    "prose": lambda w: filter(sentence, w.pieces),
    "besides_boxes": lambda w: [_beside_choices(w)],
    "sentences": lambda w: SENTENCES.split(w.every),
    "told": lambda w: filter(sentence, w.pieces[1:]),
    "short": lambda w: (text for text in (*w.pieces, *(w.controls - w.contrary)) if len(text) <= _SHORT),
}


_window: Final = derived(lru_cache(512)(WindowText))


def window(
    title: str, texts: Iterable[str], buttons: Iterable[str], boxes: Iterable[CheckBox] = (), links: Iterable[str] = (),
    layer: str = "",
) -> WindowText:  # fmt: skip
    """What the texts of a window say; texts beyond the first 4000 characters are not read. ``layer``: what ``Layers``
    knows of it."""
    checked = tuple((box.label, box.checked) for box in boxes)
    return _window("" if component_title(title) else title, tuple(texts), tuple(buttons), checked, tuple(links), layer)


def seen(event: Window | UiSnapshot, layer: str = "") -> WindowText:
    """What a window or snapshot says; a system permission prompt does not count as the app's text. ``layer``: as for
    ``window``."""
    if isinstance(event, UiSnapshot) and system_prompt(event.focus, event.app):
        return window("", (), ())
    title, links = (event.title, event.links) if isinstance(event, Window) else ("", [])
    return window(title, event.texts, event.buttons, event.boxes, links, layer)


def bounded(event: Event) -> Event:
    """A window or a picture of the screen as far as it is read; any other event as it is. Of one with more text than
    in any that a person reads, the longest texts are shortened, as an app may show more than can be read in time."""
    if not isinstance(event, Window | UiSnapshot):
        return event
    fields = {"texts": event.texts, "buttons": event.buttons, "boxes": [box.label for box in event.boxes]}
    if isinstance(event, Window):
        fields["links"] = event.links
    lengths = [len(text) for texts in fields.values() for text in texts]
    if sum(lengths) <= _MOST:
        return event
    fit = bisect_right(range(_MOST), _MOST, key=lambda most: sum(min(length, most) for length in lengths))
    most = max(_LEAST, fit - 1)
    cut: dict[str, Any] = {name: [text[:most] for text in texts] for name, texts in fields.items()}
    boxes = [replace(box, label=label) for box, label in zip(event.boxes, cut["boxes"], strict=True)]
    return replace(event, **{**cut, "boxes": boxes})
