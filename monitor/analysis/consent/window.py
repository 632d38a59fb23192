"""What one window says: the speech acts of its title, texts and controls, each read when it is first asked for."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any, Final

from msgspec.structs import replace

from monitor.analysis.consent.named import (
    explicitly,
    named_in,
    points_to_policy,
    purposes_named,
    topics_named,
    types_named,
    without_lists,
)
from monitor.analysis.consent.text import (
    ACCEPT,
    REJECT,
    SENTENCE,
    clearly,
    closes,
    contrary,
    drawn,
    find,
    idle,
    label,
    pattern,
    plain,
    sends,
    spoken,
    undoing,
    written,
)
from monitor.events import CheckBox, Event, UiSnapshot, Window
from monitor.knowledge.prompts import component_title, system_prompt
from monitor.knowledge.wordlists import derived, table

#: Characters of the texts and controls of one screen that are read, all of an ordinary one; of each text at least.
_MOST, _LEAST = 60_000, 40
_SHORT: Final = 30
#: From this length on, in characters of plain text, a text says something in a full sentence.
PROSE: Final = 10
_NAME: Final = 15
_MARKS: Final = re.compile("[。,;!?]")
_FEW: Final = 3
#: The controls of a question with two answers.
CHOICE: Final = 2
_HEAD: Final = 60
_SENTENCE: Final = re.compile(r"[.。;；!?！？\n]+")
_QUOTES: Final = re.compile("[\"'“”‘’「」『』]")
#: What a permission of the system never asks for.
_FOR_OTHERS: Final = frozenset({"share", "cross_border", "personalisation", "ai_training"})
#: What people type in, which no permission guards.
_TYPED: Final = frozenset({"form", "account_pi", "user_profile"})
#: What those who are named in a notice of their own do with the data: beside it, the notice is about nothing else.
_GIVING: Final = frozenset({"share", "personalisation", "cross_border"})


class WindowText:
    """What the words of one window say. ``layer``: of what it is the second layer, see ``Layers``."""

    def __init__(
        self, title: str, texts: tuple[str, ...], buttons: tuple[str, ...], boxes: tuple[tuple[str, bool], ...],
        links: tuple[str, ...], layer: str,
    ) -> None:  # fmt: skip
        self._given = title, texts, buttons, boxes, links, layer
        self.title, self.layer = plain(title), layer
        self._shown, self._buttons, self._links = (title, *texts), buttons, links
        self._texts = tuple(map(plain, texts))
        self._boxes = tuple((plain(words), on) for words, on in boxes)
        self._checks = [words for words, _ in self._boxes]
        self.words = plain("\n".join((title, *texts, *links, *(words for words, _ in boxes))))
        self.controls = frozenset(map(plain, buttons)) - {""}
        self.acts: dict[str, str] = {}
        """Speech act to the words that make it (``yes`` where another property does), as far as asked for."""
        self.links = frozenset(map(plain, links))

    @cached_property
    def every(self) -> str:
        """Its words and those of its controls."""
        return "\n".join((self.words, *self.controls))

    @cached_property
    def _pieces(self) -> tuple[str, ...]:
        """Its title, texts and boxes."""
        return (self.title, *self._texts, *self._checks)

    def __getattr__(self, name: str) -> bool:
        """Whether it makes a speech act of the table, or is as ``_MEASURES`` says."""
        if name in _MEASURES:
            self.__dict__[name] = measured = bool(_MEASURES[name](self))
            return measured
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
        return next(filter(None, (spoken(way, text) for text in texts)), "")

    # What its controls do ---------------------------------------------------------------------------------------

    @cached_property
    def _acts(self) -> dict[str, str]:
        """Control to what it does: ``sends``, or as ``act``."""
        return {button: "sends" if self._sends(button) else self.act(button) for button in self._buttons}

    def _sends(self, button: str) -> bool:
        return sends(button) or (self._by_purpose and bool(find(plain(button), "=confirms")))

    def act(self, text: str, box: bool = False) -> str:
        """What a tapped control says, which need be none of its own: ``accept``, ``reject``, ``withdraw``,
        ``cancel_account``, ``unknown`` or ``idle``, as a document's name is, and what stands beside a control that
        agrees and one that refuses. ``box``: it is a box or switch."""
        words, meaning = plain(text), label(text).meaning
        if not box and (words in self.contrary or words in self.going_past):
            return "reject"
        if not box and words in self.agreeing:
            return "accept"
        if meaning or idle(text) or not words:
            return meaning or "idle"
        besides = words not in self.controls and self.accepts and self.rejects
        return "idle" if not box and (besides or find(words, "=documents")) else "unknown"

    def _that(self, act: str) -> tuple[str, ...]:
        return tuple(button for button in self._buttons if self._acts[button] == act)

    accepts = cached_property(lambda window: window._that("accept"))
    unknown = cached_property(lambda window: window._that("unknown"))
    senders = cached_property(lambda window: window._that("sends"))
    """Its controls that send off what its boxes say."""

    @cached_property
    def rejects(self) -> tuple[str, ...]:
        """Its controls, and clearly worded links, that refuse."""
        return (*self._that("reject"), *(link for link in self._links if label(link) == REJECT))

    @cached_property
    def contrary(self) -> frozenset[str]:
        """Of its controls those that are the contrary of another, in words that are not known."""
        return contrary(self._buttons)

    @cached_property
    def agreeing(self) -> frozenset[str]:
        """Controls of which the text says that a tap on them agrees. Not those that sign in or only go on: that these
        are taken for consent is another matter."""
        words = _QUOTES.sub("", self.words)
        ends = [
            end for tap in pattern("tapping").finditer(words) for end in range(tap.start() + 1, tap.end() + 1)
            if pattern("tapping").fullmatch(words, tap.start(), end)
        ]  # fmt: skip
        candidates = (plain(b) for b in self._buttons if ends and label(b).meaning in ("accept", "") and not idle(b))
        return frozenset(
            name for name in candidates if name and not find(name, "signs_in", "=confirms")
            and any(
                words.startswith(bare := _QUOTES.sub("", name), end)
                and pattern("then_agrees").match(words, end + len(bare)) for end in ends
            )
        )  # fmt: skip

    @cached_property
    def going_past(self) -> frozenset[str]:
        """The control that goes on without agreeing (继续浏览): where a function needs that, or beside one that clearly
        agrees. Not where another one refuses, or going on is taken for consent. What only leads back elsewhere goes
        past where a function needs it (再看看)."""
        needs = bool(find(self.words, "function_needs"))
        past = [b for b in self._buttons if find(plain(b), "=goes_past") and (needs or not idle(b))]
        if not past or len(past) == len(self._buttons) or any(label(b).meaning == "reject" for b in self._buttons):
            return frozenset()
        asked = needs or clearly("accept", self._buttons) or find(self.words, "insists")
        return frozenset(map(plain, past)) if asked and not self.taken_for_consent else frozenset()

    @cached_property
    def choices(self) -> tuple[tuple[str, bool], ...]:
        """Its boxes and switches that can be left out, by their words, and where they stood at first."""
        return tuple((words, on) for words, on in self._boxes if not find(words, "needed"))

    @property
    def answers(self) -> tuple[str, ...]:
        """Its controls that may agree. Beside one that does, and an explicit request, those in other words are of the
        page that it is drawn into."""
        return self.accepts if self.explicit and self.accepts else (*self.accepts, *self.unknown)

    # What it is about -------------------------------------------------------------------------------------------

    @cached_property
    def _by_purpose(self) -> bool:
        """Is the second layer of a notice: boxes for purposes, and what is needed in any case or why it is asked. No
        page to sign in, which may offer a newsletter."""
        if self.layer:
            return True
        named = any(purposes_named(words) for words, _ in self._boxes) and not find(self.words, "signs_in")
        return named and bool(find(self.words, "needed", "per_purpose"))

    @cached_property
    def explicit(self) -> frozenset[str]:
        """Special categories of data to which alone it asks to agree."""
        return explicitly(self.title, self._texts, self.platform)

    @cached_property
    def _heading(self) -> str:
        """The title; where it is none of a request, the only heading of one in the texts, as of a sheet in a page."""
        headings = [text for text in self._texts if len(text) <= SENTENCE and find(text, "^separate_heading")]
        return headings[0] if len(headings) == 1 and not find(self.title, "separate") else self.title

    @cached_property
    def head_topics(self) -> frozenset[str]:
        """Topics of its heading alone."""
        return frozenset(topics_named(self._heading))

    @cached_property
    def head_types(self) -> frozenset[str]:
        """Data types of its heading: what is typed in is listed in the text, a title only sums it up."""
        return named_in(self._heading, "types")

    @cached_property
    def topics(self) -> frozenset[str]:
        """``share``, ``personalisation``, ``ai_training``, ``marketing``, ``cross_border``, ``guardian_words``,
        ``sensitive`` as far as named."""
        return frozenset(topics_named(without_lists(self.words)) | ({"sensitive"} if self.separate else set()))

    @cached_property
    def types(self) -> frozenset[str]:
        """Data types that it names, what its control clearly agrees to among them."""
        clear = (plain(b) for b in self.accepts if label(b) == ACCEPT)
        return types_named("\n".join((self.words, *clear))) | self.explicit

    @cached_property
    def bundle(self) -> frozenset[str]:
        """Topics also covered by its agreement to the policy: named in its texts or in a box for the whole, and without
        their own box or switch here. Not the names of lists, nor links that only lead to those who are given data."""
        lone = self.policy and len(self.unknown) == 1 and not self.rejects
        if not (self.accepts or self.contrary or self.clear_answer or lone):
            return frozenset()
        alone = [words for words in (*self._checks, *map(plain, self._buttons)) if not find(words, "policy", "whole")]
        texts = (text for text in (*self._shown, *self._links) if not find(plain(text), "=partners"))
        every = plain("\n".join(texts)), *(words for words in self._checks if words not in alone)
        topics = set().union(*map(topics_named, map(without_lists, every)))
        return frozenset((topics | (self.topics & {"sensitive"})) - set().union(*map(topics_named, alone)))

    @cached_property
    def taken_for_consent(self) -> bool:
        """Says that signing in or going on is consent. A control that it names and that itself agrees (点击“同意并登录”
        即表示, by tapping "Accept" you agree) asks for consent."""
        words = _QUOTES.sub("", self.words)
        for match in pattern("login_consent").finditer(words):
            condition, agreed = pattern("told_condition").fullmatch(match[0]), pattern("agrees").findall(match[0])
            named = find(condition[1], "agrees") if condition else len(agreed) > 1
            if not named and not find(words[: match.start()], "ends_in_agreement"):
                return True
        return False

    @cached_property
    def prechecked(self) -> bool:
        """A box that agrees, to the policy or in so many words, is ticked."""
        return any(
            on and (find(words, "policy") or (label(words).meaning == "accept" and find(words, "agrees")))
            for words, on in self._boxes
        )

    @cached_property
    def ticked(self) -> str:
        """Whether a box that is drawn, or only says that something was read, is ticked: ``agrees``, ``perhaps`` or
        empty. It is certain only of a single one, beside a single sentence of agreement: of several (a choice between
        languages, say) each may be about another thing."""
        texts = [text for text in self._shown if text not in self._buttons]  # a picture of the screen has both
        boxes = [box for text in (*texts, *self._buttons) if (box := written(text) or drawn(text)) is not None]
        sentences = [
            *(box.words for box in boxes),
            *(plain(text) for text in texts if not (drawn(text) or written(text))),
        ]
        agreed = [words for words in sentences if len(words) <= SENTENCE and find(words, "states")]
        about = self.policy or any(find(words, "policy", "document") for words in agreed)
        ticks = [box for box in boxes if box.on]
        if self.policy and any(on and find(words, "states") for words, on in self._boxes):
            return "" if self.prechecked else "perhaps"
        other = any(find(words, "states", "policy") for words in self._checks)  # it is that one which agrees
        if self.prechecked or other or not (about and agreed and ticks):
            return ""
        certain = len(boxes) == len(agreed) == 1 and not ticks[0].perhaps and find(agreed[0], "agreement", "policy")
        return "agrees" if certain else "perhaps"

    @cached_property
    def agreement(self) -> str:
        """The one sentence that says that somebody agrees to the policy, beside which a box may stand."""
        agreed = [t for t in self._texts if len(t) <= SENTENCE and find(t, "states") and find(t, "policy")]
        return agreed[0] if len(agreed) == 1 else ""

    @cached_property
    def prose(self) -> int:
        """Length of its longest text, in characters of plain text (a Latin one counts half)."""
        return max((_length(text) for text in self._pieces if text not in self.controls), default=0)

    @cached_property
    def texts(self) -> int:
        """Number of texts it shows besides its title and its buttons: a picture of the screen has these among them."""
        return sum(bool(text) and text not in self.controls for text in self._pieces[1:])

    # What it asks besides a consent --------------------------------------------------------------------------------

    def asks_again(self, page: bool) -> bool:
        """Whether it asks for confirmation before it withdraws an agreement or cancels an account. A whole ``page``
        must say so at its head: a list of settings has such controls and requests nothing."""
        return self.asks_back_at_head if page else self.asks_back

    def asks_whether(self, page: bool) -> bool:
        """Whether what a control that takes something back has opened asks no more than whether to: it offers to go on,
        to leave it, and nothing else. A whole ``page`` must say so on the control that goes on."""
        if self.policy or find(self.words, "undone") or len(self.controls) != CHOICE:
            return False
        declined = {c for c in self.controls if label(c).meaning == "reject" and not undoing(c)}
        kept = declined | {c for c in self.controls if find(c, "=shuts") or undoing(c) == "no"}
        dialog = not page or any(undoing(c) == "no" for c in kept)  # a page that offers to keep it asks, too
        on = self.controls - kept
        return len(kept) == 1 and all(undoing(c) in ("yes", "verb") or (label(c).meaning and dialog) for c in on)

    @cached_property
    def asks_off(self) -> bool:
        """Asks to turn something off or to leave it on, nothing else. It must say so: yes and no may answer anything, a
        request for data among them."""
        off = [c for c in self.controls if not keeps_on(c) and find(c, "off", "^affirms")]
        kept = [c for c in self.controls if keeps_on(c)]
        if self.policy or not (off and kept) or len(off) + len(kept) != len(self.controls):
            return False
        if find(self.every, "already_off"):
            return False
        once = find(self.words, "once_off") and not (self.separate or self.types)
        asked = (find(self.words, "whether_off") or once) and not find(self.words, "on_again")
        return any(find(c, "off") for c in off) or bool(asked)

    def known(self) -> "WindowText":
        """The same where the policy was asked for once: what refers to it only tells where to read it."""
        other = WindowText(*self._given)  # afresh: what was asked of this one so far must not matter
        other.__dict__["policy"] = False
        return other


def keeps_on(control: str) -> bool:
    """Whether a control leaves a switch on, where a window asks whether to turn it off."""
    return not pattern("off").fullmatch(control) and (undoing(control) == "no" or bool(find(control, "=shuts")))


def names(text: str) -> bool:
    """Whether a plain text may be the name of something: it is short, and no sentence."""
    return _length(text) < _NAME and not _MARKS.search(text)


def sentence(text: str) -> bool:
    """Whether a plain text is long enough to say something in a full sentence."""
    return _length(text) >= PROSE


def _length(text: str) -> int:
    """Characters, Latin ones counted half."""
    return sum(2 if c > "\u2e7f" else 1 for c in text) // 2


def _rest(window: WindowText, controls: Iterable[str]) -> str:
    """What it says besides the names of its switches and of these controls."""
    rest = window.words
    for name in sorted((*(words for words, _ in window.choices), *controls), key=len, reverse=True):
        rest = rest.replace(name, "") if name else rest
    return rest


def _declines(window: WindowText) -> bool:
    """Whether a control refuses in clear words, or does more than close the window."""
    refusals = (plain(b) for b in window.rejects if label(b).clear or closes(b))
    return any(not find(words, "=shuts") for words in refusals)


def _only_goes_on(window: WindowText) -> bool:
    """Whether its one control that may agree only goes on to what comes next; others lead back, or to the same without
    a permission (手动输入)."""
    on = [words for words in map(plain, (*window.accepts, *window.unknown)) if not find(words, "by_hand")]
    return len(on) == 1 and bool(find(on[0], "=goes_on"))


#: What the table of speech acts asks of a window besides words, by name.
_MEASURES: Final[dict[str, Callable[[WindowText], object]]] = {
    # Its controls: how many, and how clear.
    "boxes": lambda w: w._boxes,
    "single": lambda w: len(w.controls) == 1,
    "few": lambda w: len(w._buttons) <= _FEW,
    "two_or_more": lambda w: len(w._buttons) >= CHOICE,
    "several": lambda w: len(w.controls) > CHOICE,
    "one_answer": lambda w: len(w.answers) == 1,
    "agrees_by_label": lambda w: clearly("accept", w.accepts),
    "refuses_clearly": lambda w: clearly("reject", w.rejects),
    "clear_answer": lambda w: w.agrees_by_label or any(label(b).clear for b in w.rejects),
    "declines": _declines,
    "only_goes_on": _only_goes_on,
    # It has the second layer's boxes for purposes, and a control that sends them off.
    "layer_of_platform": lambda w: w.senders and (w.layer == "platform" if w.layer else w._by_purpose),
    # Its texts: a full sentence, one besides the names of its controls, a request's own heading.
    "says_prose": lambda w: w.prose >= PROSE,
    "says_more": lambda w: sentence(_rest(w, w.controls)),
    "own_heading": lambda w: w._heading != w.title,
    # It only points to the policy, and agrees to terms at most.
    "points": lambda w: points_to_policy((*w._pieces[: len(w._texts) + 1], *map(plain, w._links)), w._checks),
    # A topic in its heading or on a control ("Allow personalised ads"); what no permission asks for; what people type.
    "topical": lambda w: w.head_topics or any(map(topics_named, w.controls)),
    "guardian": lambda w: "guardian_words" in w.topics,
    "abroad": lambda w: "cross_border" in w.topics,
    "names_types": lambda w: w.types,
    "heads_types": lambda w: w.head_types,
    "wordless": lambda w: not w.texts,
    "for_others": lambda w: w.topics & _FOR_OTHERS,
    "only_typed": lambda w: w.types and w.types <= _TYPED,
    # Its agreement covers more than what those who are given data do with it.
    "bundles_more": lambda w: w.bundle - _GIVING,
}
#: Where the words of a speech act stand, by its name in the table.
_PLACES: Final[dict[str, Callable[[WindowText], Iterable[str]]]] = {
    "words": lambda w: [w.words],
    "every": lambda w: [w.every],
    "title": lambda w: [w.title],
    "head": lambda w: [w.title or plain("\n".join((*w._links, *w._shown[1:2])))],
    "heads": lambda w: (w.title, *(text for text in w._texts[:2] if len(text) <= _HEAD)),
    "own": lambda w: ["\n".join((w.title, *w._texts, *w.controls))],
    "pieces": lambda w: w._pieces,
    "accepts": lambda w: map(plain, w.accepts),
    "controls": lambda w: w.controls,
    "parts": lambda w: (*w._pieces, *w.controls),
    "names": lambda w: (w.title, *w.controls),
    "prose": lambda w: filter(sentence, w._pieces),
    "besides_boxes": lambda w: [_rest(w, ())],
    "sentences": lambda w: _SENTENCE.split(w.every),
    "told": lambda w: filter(sentence, w._pieces[1:]),
    "short": lambda w: (text for text in (*w._pieces, *w.controls) if len(text) <= _SHORT),
}


@derived
@lru_cache(512)
def _window(title: str, texts: tuple[str, ...], buttons: tuple[str, ...], boxes: tuple[tuple[str, bool], ...],
            links: tuple[str, ...], layer: str) -> WindowText:  # fmt: skip
    return WindowText(title, texts, buttons, boxes, links, layer)


def window(
    title: str, texts: Iterable[str], buttons: Iterable[str], boxes: Iterable[CheckBox] = (), links: Iterable[str] = (),
    layer: str = "",
) -> WindowText:  # fmt: skip
    """What the texts of a window say; texts beyond the first 4000 characters are not read. ``layer``: what ``Layers``
    knows of it."""
    title = "" if component_title(title) else title
    checked = tuple((box.label, box.checked) for box in boxes)
    return _window(title, tuple(texts), tuple(buttons), checked, tuple(links), layer)


def seen(event: Window | UiSnapshot, layer: str = "") -> WindowText:
    """What a window or snapshot says; a system permission prompt does not count as the app's text. ``layer``: as for
    ``window``."""
    if isinstance(event, Window):
        return window(event.title, event.texts, event.buttons, event.boxes, event.links, layer)
    if system_prompt(event.focus, event.app):
        return window("", (), ())
    return window("", event.texts, event.buttons, event.boxes, (), layer)


def bounded(event: Event) -> Event:
    """A window or a picture of the screen as far as it is read; any other event as it is. Of one with more text than
    in any that a person reads, the longest texts are shortened, as an app may show more than can be read in time."""
    if not isinstance(event, Window | UiSnapshot):
        return event
    boxes, links = [box.label for box in event.boxes], event.links if isinstance(event, Window) else []
    lengths = sorted(map(len, (*event.texts, *event.buttons, *links, *boxes)))
    if sum(lengths) <= _MOST:
        return event
    most, left = _LEAST, _MOST
    for place, length in enumerate(lengths):
        most = max(_LEAST, left // (len(lengths) - place))
        if length > most:
            break
        left -= length

    def cut(texts: list[str]) -> list[str]:
        return [text[:most] for text in texts]

    checks = [replace(box, label=label) for box, label in zip(event.boxes, cut(boxes), strict=True)]
    event = replace(event, texts=cut(event.texts), buttons=cut(event.buttons), boxes=checks)
    return replace(event, links=cut(links)) if isinstance(event, Window) else event
