"""What one window says: the speech acts of its title, texts and controls, each read when it is first asked for."""

import copy
import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Final

from monitor.analysis.consent.control import (
    SENTENCE,
    Meaning,
    clearly,
    contrary,
    idle,
    label,
    names_documents,
    sends,
    starts,
    ticked,
    undoing,
)  # fmt: skip
from monitor.analysis.consent.named import (
    explicitly,
    named_in,
    points_to_policy,
    purposes_named,
    topics_named,
    types_named,
    without_lists,
    without_works,
)  # fmt: skip
from monitor.analysis.consent.words import find, pattern, plain, regex
from monitor.events import CheckBox, UiSnapshot, Window
from monitor.knowledge.prompts import component_title, system_prompt
from monitor.knowledge.wordlists import derived

_SHORT: Final = 30
#: From this length on, in characters of plain text, a text says something in a full sentence.
PROSE: Final = 10
_NAME: Final = 15
_MARKS: Final = re.compile("[。,;!?]")
_FEW: Final = 3
#: The controls of a question with two answers.
CHOICE: Final = 2
_HEAD: Final = 60
_QUOTES: Final = re.compile("[\"'“”‘’「」『』]")
#: What a permission of the system never asks for.
_FOR_OTHERS: Final = frozenset({"share", "cross_border", "personalisation", "ai_training"})
#: What people type in, which no permission guards.
_TYPED: Final = frozenset({"form", "account_pi", "user_profile"})
ACCEPT: Final = Meaning("accept", True)


def _says(*terms: str) -> cached_property[bool]:
    """A property: whether a word of one of these terms stands anywhere in the window."""
    return cached_property(lambda window: bool(find(window.words, *terms)))


class WindowText:
    """What the words of one window say. ``layer``: of what it is the second layer, see ``Layers``."""

    def __init__(
        self, title: str, texts: tuple[str, ...], buttons: tuple[str, ...], boxes: tuple[tuple[str, bool], ...],
        links: tuple[str, ...], layer: str,
    ) -> None:  # fmt: skip
        self.title, self.layer = plain(title), layer
        self._shown, self._buttons, self._links = (title, *texts), buttons, links
        self._texts = tuple(map(plain, texts))
        self._boxes = tuple((plain(words), on) for words, on in boxes)
        self.words = plain("\n".join((title, *texts, *links, *(words for words, _ in boxes))))
        self.controls = frozenset(map(plain, buttons)) - {""}
        self.links = frozenset(map(plain, links))

    vague = _says("vague")
    """Names a purpose in words that say nothing of it."""
    reward = _says("reward")
    """Offers something for an answer."""
    reasons = _says("necessity")
    """States what something is for."""
    insists = _says("insists", "leaving")
    """Says what cannot be done without agreeing, or asks whether somebody who refuses means to leave."""
    leaving = _says("leaving")
    """Asks whether somebody means to leave, or to refuse: an affirmative answer refuses."""
    to_agree = cached_property(lambda window: bool(find(regex("no_need").sub("", window.every), "agreement")))
    """Speaks of agreeing, and not only of what needs no agreement."""

    @cached_property
    def every(self) -> str:
        """Its words and those of its controls."""
        return "\n".join((self.words, *self.controls))

    @cached_property
    def _pieces(self) -> tuple[str, ...]:
        """Its title, texts and boxes."""
        return (self.title, *self._texts, *(words for words, _ in self._boxes))

    # What its controls do ---------------------------------------------------------------------------------------

    @cached_property
    def _acts(self) -> dict[str, str]:
        """Control to what it does: ``sends`` or what a label means, ``unknown`` (words that are not known here) or
        ``idle``."""
        return {button: self._act(button, plain(button)) for button in self._buttons}

    def _act(self, button: str, words: str) -> str:
        if sends(button) or (self._by_purpose and find(words, "=confirms")):
            return "sends"
        if words in self.going_past:
            return "reject"
        meaning = label(button).meaning
        if meaning == "reject" or words in self.contrary:
            return "reject"
        if meaning == "accept" or words in self.agreeing:
            return "accept"
        return meaning or ("idle" if not words or idle(button) else "unknown")

    def act(self, text: str, box: bool = False) -> str:
        """What a tapped control says, which need be none of its own: ``accept``, ``reject``, ``withdraw``,
        ``cancel_account``, ``unknown`` or ``idle``, as a link or a document's name is, and what stands beside a control
        that agrees and one that refuses. ``box``: it is a box or switch."""
        words, meaning = plain(text), label(text).meaning
        if not box and words in self.contrary:
            return "reject"
        if not box and words in self.agreeing:
            return "accept"
        if meaning:
            return "reject" if meaning == "accept" and words in self.going_past else meaning
        if idle(text) or words in self.links:
            return "idle"
        besides = self.accepts and self.rejects and words and words not in self.controls
        return "idle" if not box and (names_documents(text) or besides) else "unknown"

    def _that(self, act: str) -> tuple[str, ...]:
        return tuple(button for button in self._buttons if self._acts[button] == act)

    accepts = cached_property(lambda window: window._that("accept"))
    unknown = cached_property(lambda window: window._that("unknown"))
    senders = cached_property(lambda window: window._that("sends"))
    """Its controls that send off what its boxes say."""

    @cached_property
    def rejects(self) -> tuple[str, ...]:
        """Its controls, and clearly worded links, that refuse."""
        return (*self._that("reject"), *(link for link in self._links if label(link) == ("reject", True)))

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
            end for tap in regex("tapping").finditer(words) for end in range(tap.start() + 1, tap.end() + 1)
            if regex("tapping").fullmatch(words, tap.start(), end)
        ]  # fmt: skip
        candidates = (plain(b) for b in self._buttons if ends and label(b).meaning in ("accept", "") and not idle(b))
        return frozenset(
            name for name in candidates if name and not find(name, "signs_in", "=confirms")
            and any(
                words.startswith(bare := _QUOTES.sub("", name), end)
                and regex("then_agrees").match(words, end + len(bare)) for end in ends
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
        return frozenset(map(plain, past)) if asked and not self._taken_for_consent else frozenset()

    @cached_property
    def clear_accept(self) -> bool:
        """Has a control that agrees without ambiguity."""
        return bool(self.agreeing) or clearly("accept", self.accepts)

    @cached_property
    def choices(self) -> tuple[tuple[str, bool], ...]:
        """Its boxes and switches that can be left out, by their words, and where they stood at first."""
        return tuple((words, on) for words, on in self._boxes if not find(words, "needed"))

    @property
    def sends(self) -> bool:
        """Has a control that sends off what its boxes say."""
        return bool(self.senders)

    @property
    def refuses(self) -> bool:
        """Has a control that refuses, or boxes that can be left out and are sent off."""
        return bool(self.rejects or (self.sends and self.choices))

    @property
    def answers(self) -> tuple[str, ...]:
        """Its controls that may agree. Beside one that does, and an explicit request, those in other words are of the
        page that it is drawn into."""
        return self.accepts if self.explicit and self.accepts else (*self.accepts, *self.unknown)

    @property
    def lone(self) -> bool:
        """Has a single control besides those that lead elsewhere, and it does not refuse: no other answer is offered,
        whatever its words."""
        return not self.refuses and not self.choices and len(self.answers) == 1

    @property
    def goes_on(self) -> bool:
        """Has a control that agrees, or one that is taken for it as there is no other."""
        return bool(self.accepts) or self.lone

    @property
    def refusable(self) -> bool:
        """Has exactly one control besides those that refuse or lead elsewhere."""
        return bool(self.rejects) and len(self.answers) == 1

    @cached_property
    def asks(self) -> bool:
        """Has a control that agrees or refuses, or is a notice with few controls, whatever their words."""
        strange = self.policy and self.unknown and len(self._buttons) <= _FEW
        return bool(self.accepts or self.rejects or strange or (self._boxes and self.senders))

    @cached_property
    def starts(self) -> bool:
        """Has a control that starts a function of the device by its name, as the explanation before a permission's
        prompt does: what is tapped there answers nothing else."""
        return any(map(starts, self.controls))

    # What it is about -------------------------------------------------------------------------------------------

    @cached_property
    def policy(self) -> bool:
        """Names a privacy policy, or asks for the consent to processing at large."""
        if self.platform or self.layer or find(self.words, "policy"):
            return True
        if find(self.words, "document") and find(self.words, "personal"):
            return True
        clear = clearly("accept", self.accepts) and clearly("reject", self.rejects)
        return clear and bool(find(self.title, "personal"))

    @cached_property
    def headed(self) -> bool:
        """Names the policy in its title."""
        return bool(find(self.title, "policy"))

    @cached_property
    def titled(self) -> bool:
        """Names it in its title; without one, in its links or first text."""
        return bool(find(self.title or plain("\n".join((*self._links, *self._shown[1:2]))), "policy"))

    @cached_property
    def platform(self) -> bool:
        """Speaks as a consent platform does: it asks for what rests on consent (advertising, measurement), not for what
        a function needs that the user asks for."""
        if find(self.words, "processing") or (clearly("accept", self.accepts) and find(self.words, "cookies")):
            return True
        return bool(self.senders) and (self.layer == "platform" if self.layer else self._by_purpose)

    @cached_property
    def _by_purpose(self) -> bool:
        """Is the second layer of a notice: boxes for purposes, and what is needed in any case or why it is asked. No
        page to sign in, which may offer a newsletter."""
        if self.layer:
            return True
        named = any(purposes_named(words) for words, _ in self._boxes) and not find(self.words, "signs_in")
        return named and bool(find(self.words, "needed", "per_purpose"))

    @cached_property
    def separate(self) -> bool:
        """Says that it requests one thing separately."""
        return bool(find(self.words, "separate") or self.explicit)

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
    def head_separate(self) -> bool:
        """Its heading says that it requests one thing separately."""
        return self._heading != self.title or bool(find(self.title, "separate", "^separate_heading"))

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
        clear = any(label(b).clear for b in self.rejects)
        lone = self.policy and len(self.unknown) == 1 and not self.rejects
        if not (self.accepts or self.contrary or clear or lone):
            return frozenset()
        boxes = [words for words, _ in self._boxes]
        alone = [words for words in (*boxes, *map(plain, self._buttons)) if not find(words, "policy", "whole")]
        texts = (text for text in (*self._shown, *self._links) if not find(plain(text), "=partners"))
        every = plain("\n".join(texts)), *(words for words in boxes if words not in alone)
        topics = set().union(*map(topics_named, map(without_lists, every)))
        return frozenset((topics | (self.topics & {"sensitive"})) - set().union(*map(topics_named, alone)))

    @cached_property
    def speaks(self) -> bool:
        """Speaks of data or terms, names a document or has a link: may ask for a consent in unknown words."""
        if self.links or find(without_works(self.words), "document"):
            return True
        every = (*self._pieces, *self.controls)
        return any(find(text, "data") or (find(text, "handled") and find(text, "handling")) for text in every)

    @cached_property
    def relates(self) -> bool:
        """Says what the app does with what is the user's, or asks for something of it, and offers nothing."""
        prose = (text for text in self._pieces if sentence(text) and not find(text, "everyday", "offers"))
        return any((find(text, "we") and find(text, "you")) or find(text, "pleads") for text in prose)

    @cached_property
    def requests(self) -> bool:
        """Says what is done with the kinds of data that it names, or speaks of data otherwise."""
        asks = find(self.words, "asks_for") or any(find(words, "agrees", "asks_for") for words in self.controls)
        return self.speaks or bool(asks)

    @cached_property
    def purchase(self) -> bool:
        """Sells something (a subscription, a trial): its answer is about that, unless it asks for data as well."""
        if self.platform or self.topics or self.head_separate:
            return False
        buys = any(find(words, "buys") for words in self.controls)
        return buys and not find(regex("names_of_terms").sub("", self.words), "personal")

    @cached_property
    def everyday(self) -> bool:
        """Is about something else (an update, a rating, an order) by its title or controls, and does not mention data
        or terms."""
        other = any(find(words, "everyday", "offers") for words in (self.title, *self.controls))
        return self.purchase or (other and not self.speaks)

    @cached_property
    def proposed(self) -> bool:
        """Somebody else offers something (a friend, a caller, a group): its answer is about that, whatever it names.
        Not where it is the policy's notice, or agrees to the policy in a sentence."""
        notice = self.platform or self.headed or find(self.words, "separate", "terms_agreed", "proposes_itself")
        if notice:
            return False
        titled = any(find(text, "=proposals") for text in self._pieces) and not find(self.words, "we", "permission")
        return titled or bool(find(self.words, "proposal"))

    @cached_property
    def minors(self) -> bool:
        """Offers a mode for minors, as large apps do at every start."""
        return bool(find(self.every, "minors_mode")) and not (self.clear_accept or self.policy)

    @cached_property
    def rationale(self) -> bool:
        """Only states what a permission is for, before the system asks."""
        if not find(self.words, "permission") or self.separate or self.topics & _FOR_OTHERS:
            return False
        typed = self.types and self.types <= _TYPED
        return not typed and not any(find(words, "agrees") for words in self.controls)

    @cached_property
    def refers(self) -> bool:
        """Only points to the policy, and agrees to terms at most."""
        if self.platform or self.layer or any(label(b).clear for b in (*self.accepts, *self.rejects)):
            return False
        boxes = [words for words, _ in self._boxes]
        return points_to_policy((self.title, *self._texts, *map(plain, self._links)), boxes)

    @cached_property
    def _taken_for_consent(self) -> bool:
        """Says that signing in or going on is consent. A control that it names and that itself agrees (点击“同意并登录”
        即表示, by tapping "Accept" you agree) asks for consent."""
        words = _QUOTES.sub("", self.words)
        for match in pattern("login_consent").finditer(words):
            condition, agreed = regex("told_condition").fullmatch(match[0]), regex("agrees").findall(match[0])
            named = find(condition[1], "agrees") if condition else len(agreed) > 1
            if not named and not find(words[: match.start()], "ends_in_agreement"):
                return True
        return False

    @cached_property
    def login_consent(self) -> bool:
        """Says that signing in or going on is consent, and has no control that agrees without ambiguity."""
        clear = self.agreeing or self.refers or clearly("accept", self.accepts)
        return not clear and self._taken_for_consent

    @cached_property
    def prechecked(self) -> bool:
        """A box that agrees, to the policy or in so many words, is ticked."""
        return any(
            on and (find(words, "policy") or (label(words).meaning == "accept" and find(words, "agrees")))
            for words, on in self._boxes
        )

    @cached_property
    def ticked(self) -> str:
        """Whether a box that is drawn, or only says that something was read, is ticked: as ``control.ticked``."""
        if self.prechecked:
            return ""
        if self.policy and any(on and find(words, "states") for words, on in self._boxes):
            return "perhaps"
        return ticked(self._shown, self._buttons, [words for words, _ in self._boxes], self.policy)

    @cached_property
    def agreement(self) -> str:
        """The one sentence that says that somebody agrees to the policy, beside which a box may stand."""
        agreed = [t for t in self._texts if len(t) <= SENTENCE and find(t, "states") and find(t, "policy")]
        return agreed[0] if len(agreed) == 1 else ""

    @cached_property
    def told(self) -> bool:
        """Says so of the policy or of personal data in a sentence, not by a link alone."""
        return any(sentence(text) and find(text, "policy", "personal", "processing") for text in self._pieces[1:])

    @cached_property
    def prose(self) -> int:
        """Length of its longest text, in characters of plain text (a Latin one counts half)."""
        return max((_length(text) for text in self._pieces if text not in self.controls), default=0)

    @cached_property
    def texts(self) -> int:
        """Number of texts it shows besides its title and its buttons: a picture of the screen has these among them."""
        return sum(bool(text) and text not in self.controls for text in self._pieces[1:])

    # What it asks besides a consent --------------------------------------------------------------------------------

    @cached_property
    def withdraws(self) -> bool:
        """Asks whether to withdraw a consent: in its title, a short text or on a button."""
        if find(self.title, "stops_use") and not find(self.title, "promised"):
            return True
        named = find("\n".join((self.title, *self._texts, *self.controls)), "consent_noun")
        short = (text for text in (*self._pieces, *self.controls) if len(text) <= _SHORT)
        return bool(named) and any(find(text, "withdraw") and not find(text, "promised") for text in short)

    @cached_property
    def informs(self) -> bool:
        """Says that the policy has changed, asks for no agreement in so many words and gives no choice."""
        asks = self.rejects or self.choices or self.insists or self.login_consent or self.withdraws or self.to_agree
        return not asks and bool(find(self.words, "updated"))

    @cached_property
    def settings(self) -> bool:
        """Is a page of switches, with more entries than a choice has, that says nothing: none of these answers."""
        rest = self.words
        for name in sorted((*(words for words, _ in self.choices), *self.controls), key=len, reverse=True):
            rest = rest.replace(name, "") if name else rest
        answers = self.accepts or any(label(words).clear for words in self.rejects)
        says = sentence(rest) or self.links or self.agreement or self.insists or self.sends or answers
        return bool(self.choices) and len(self.controls) > CHOICE and not says

    def asks_again(self, page: bool) -> bool:
        """Whether it asks for confirmation before it withdraws an agreement or cancels an account: it says so in its
        title, its first texts or on a control, offers a choice, and does not report it as done. A whole ``page`` must
        say so at its head: a list of settings has such controls and requests nothing."""
        heads = [text for text in (self.title, *(t for t in self._texts[:2] if len(t) <= _HEAD)) if text]
        controls = [plain(button) for button in self._buttons]
        asked = heads if page else heads + controls
        if not any(find(text, "undo", "withdraw", "cancel_account", "stops_use") for text in asked):
            return False
        if len(controls) < CHOICE and not any(find(words, "files") for words in controls):
            return False
        goes_on = any(undoing(b) in ("yes", "verb") or not (label(b).meaning == "reject" or idle(b)) for b in controls)
        return goes_on and not any(find(text, "undone") for text in heads)

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
        other = copy.copy(self)
        other.__dict__["policy"] = False
        return other


def keeps_on(control: str) -> bool:
    """Whether a control leaves a switch on, where a window asks whether to turn it off."""
    return not regex("off").fullmatch(control) and (undoing(control) == "no" or bool(find(control, "=shuts")))


def names(text: str) -> bool:
    """Whether a plain text may be the name of something: it is short, and no sentence."""
    return _length(text) < _NAME and not _MARKS.search(text)


def sentence(text: str) -> bool:
    """Whether a plain text is long enough to say something in a full sentence."""
    return _length(text) >= PROSE


def _length(text: str) -> int:
    """Characters, Latin ones counted half."""
    return sum(2 if c > "\u2e7f" else 1 for c in text) // 2


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
