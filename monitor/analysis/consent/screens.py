"""What a window is about, by its title, texts and controls."""

import re
from collections.abc import Iterable
from functools import lru_cache

from monitor.analysis.consent.drawn import SENTENCE, ticked
from monitor.analysis.consent.explicit import explicitly, refers
from monitor.analysis.consent.labels import clearly, contrary, idle, label, sends
from monitor.analysis.consent.named import (
    named_in,
    purposes_named,
    topics_named,
    types_named,
    without_lists,
    without_works,
)
from monitor.analysis.consent.screen import Screen
from monitor.analysis.consent.words import pattern, plain, regex
from monitor.events import CheckBox, UiSnapshot, Window
from monitor.knowledge.prompts import component_title, system_prompt
from monitor.knowledge.wordlists import derived

_SHORT = 30
#: From this length on, in characters of plain text, a text says something in a full sentence.
PROSE = 10
_NAME = 15
_MARKS = re.compile("[。,;!?]")
_FEW = 3
_QUOTES = re.compile("[\"'“”‘’「」『』]")
#: What a permission of the system never asks for.
_FOR_OTHERS = frozenset({"share", "cross_border", "personalisation", "ai_training"})
#: What people type in, which no permission guards.
_TYPED = frozenset({"form", "account_pi", "user_profile"})


def _taken_for_consent(words: str) -> bool:
    """Whether a plain text says that signing in or going on is consent. A control that it names and that itself agrees
    (点击“同意并登录”即表示, by tapping "Accept" you agree) asks for consent."""
    words = _QUOTES.sub("", words)
    for match in pattern("login_consent").finditer(words):
        condition, told = regex("told_condition").fullmatch(match[0]), regex("agrees").findall(match[0])
        named = regex("agrees").search(condition[1]) if condition else len(told) > 1
        if not named and not regex("ends_in_agreement").search(words[: match.start()]):
            return True
    return False


def _bundle(texts: Iterable[str], links: Iterable[str], boxes: Iterable[str], buttons: Iterable[str]) -> set[str]:
    """Topics of the texts and of boxes for the whole policy, except those with their own control, the names of lists,
    and links that only lead to those who are given data."""
    whole = re.compile("|".join((pattern("policy").pattern, pattern("whole").pattern)))
    names = [plain(name) for name in boxes]
    alone = [name for name in (*names, *map(plain, buttons)) if not whole.search(name)]
    lead = {link for link in links if pattern("partners").fullmatch(plain(link))}
    said = (text for text in (*texts, *links) if text not in lead)
    every = plain("\n".join(said)), *(name for name in names if whole.search(name))
    return set().union(*map(topics_named, map(without_lists, every))) - set().union(*map(topics_named, alone))


def _agrees(words: str) -> bool:
    """Whether a box expresses agreement, not merely that something is enabled, as switches in settings do."""
    return label(words).meaning == "accept" and bool(regex("agrees").search(words))


@derived
@lru_cache(512)
def _screen(title: str, texts: tuple[str, ...], buttons: tuple[str, ...], boxes: tuple[tuple[str, bool], ...],
            links: tuple[str, ...], layer: str) -> Screen:  # fmt: skip
    every = plain("\n".join((title, *texts, *links, *(name for name, _ in boxes))))
    name, controls = plain(title), list(map(plain, buttons))

    def says(*names: str) -> bool:
        return any(pattern(one).search(every) for one in names)

    head = name or plain("\n".join((*links, *texts[:1])))
    asked = _heading(name, texts)
    apart = asked != name or bool(pattern("separate").search(name) or pattern("separate_heading").match(name))
    by_purpose = bool(layer) or _by_purpose(every, boxes)
    senders = tuple(b for b in buttons if sends(b) or (by_purpose and pattern("confirms").fullmatch(plain(b))))
    agreeing = _agreeing(every, buttons)
    past = _going_past(every, buttons)
    against = contrary(buttons)
    agreed = tuple(b for b in buttons if label(b).meaning == "accept" or plain(b) in agreeing)
    accepts = tuple(b for b in agreed if b not in (*senders, *past) and plain(b) not in against)
    rejects = (*(b for b in buttons if label(b).meaning == "reject" or plain(b) in against), *past)
    rejects += tuple(link for link in links if label(link) == ("reject", True))
    clear = [plain(b) for b in accepts if label(b) == ("accept", True)]
    agrees = bool(clear)
    # What a control agrees to is what the text names, in whatever words.
    types = types_named("\n".join((every, *clear)))
    platform = says("processing") or (agrees and says("cookies"))
    platform = platform or bool(senders and (layer == "platform" if layer else by_purpose))
    topics = topics_named(without_lists(every))
    explicit = explicitly(name, texts, platform)
    separate = says("separate") or bool(explicit)
    if separate:
        topics.add("sensitive")
    bundle = _bundle((title, *texts), links, (name for name, _ in boxes), buttons)
    if "sensitive" in topics:
        bundle.add("sensitive")
    unknown = tuple(
        b
        for b in buttons
        if not label(b).meaning and not idle(b) and b not in (*senders, *accepts, *rejects) and plain(b)
    )
    pieces = [plain(text) for text in (title, *texts, *(name for name, _ in boxes))]
    named = frozenset(controls)  # a picture of the screen has them among its texts
    short = [text for text in (*pieces, *controls) if len(text) <= _SHORT]
    speaks = (
        bool(links) or bool(pattern("document").search(without_works(every))) or any(map(_speaks, (*pieces, *controls)))
    )
    notice = (
        platform
        or bool(layer)
        or says("policy")
        or (says("document") and says("personal"))
        or bool(agrees and clearly("reject", rejects) and pattern("personal").search(name))
    )
    sells = (
        not (platform or topics or apart)
        and any(pattern("buys").search(words) for words in controls)
        and not pattern("personal").search(regex("names_of_terms").sub("", every))
    )
    asked_clearly = platform or layer or any(label(b).clear for b in (*accepts, *rejects))
    pointing = not asked_clearly and refers(map(plain, (title, *texts, *links)), (plain(box) for box, _ in boxes))
    answered = bool(
        accepts or against or any(label(b).clear for b in rejects) or (notice and len(unknown) == 1 and not rejects)
    )
    consent_boxes = [
        checked for name, checked in boxes if pattern("policy").search(plain(name)) or _agrees(plain(name))
    ]
    return Screen(
        policy=notice,
        titled=bool(pattern("policy").search(head)),
        separate=separate,
        explicit=explicit,
        accepts=accepts,
        rejects=rejects,
        topics=frozenset(topics),
        types=types | explicit,
        asks=bool(accepts or rejects or (notice and unknown and len(buttons) <= _FEW)) or bool(boxes and senders),
        prechecked=any(consent_boxes),
        refers=pointing,
        login_consent=not (agreeing or pointing) and not clearly("accept", accepts) and _taken_for_consent(every),
        vague=says("vague"),
        reward=says("reward"),
        reasons=says("necessity"),
        head_topics=frozenset(topics_named(asked)),
        head_types=named_in(asked, "types"),  # what is typed in is listed in the text; a title only sums it up
        head_separate=apart,
        clear_accept=bool(agreeing) or any(label(b).clear for b in accepts),
        bundle=frozenset(bundle) if answered else frozenset(),
        words=every,
        unknown=unknown,
        withdraws=(
            bool(pattern("consent_noun").search(plain("\n".join((title, *texts, *buttons)))))
            and any(pattern("withdraw").search(text) and not regex("promised").search(text) for text in short)
        )
        or bool(regex("stops_use").search(name) and not regex("promised").search(name)),
        rationale=says("permission")
        and not separate
        and not topics & _FOR_OTHERS
        and not (types and types <= _TYPED)
        and not any(regex("agrees").search(words) for words in controls),
        speaks=speaks,
        requests=speaks
        or says("asks_for")
        or any(regex("agrees").search(words) or pattern("asks_for").search(words) for words in controls),
        everyday=sells or (not speaks and any(map(_offers, (name, *controls)))),
        relates=any(map(_relates, pieces)),
        prose=max((_length(text) for text in pieces if text not in named), default=0),
        links=frozenset(map(plain, links)),
        controls=named - {""},
        platform=platform,
        insists=says("insists", "leaving"),
        leaving=says("leaving"),
        senders=senders,
        choices=tuple((plain(box), on) for box, on in boxes if not pattern("needed").search(plain(box))),
        told=any(_length(text) >= PROSE and _of_notice(text) for text in pieces[1:]),
        proposed=not platform and _proposed(name, pieces, every),
        purchase=sells,
        agreeing=agreeing,
        contrary=against,
        ticked="" if any(consent_boxes) else ticked((title, *texts), buttons, boxes, notice),
        texts=sum(bool(text) and text not in named for text in pieces[1:]),
        layer=layer,
        headed=bool(pattern("policy").search(name)),
        agreement=_agreement(map(plain, texts)),
    )


def _heading(name: str, texts: Iterable[str]) -> str:
    """The title; where it is none of a request, the only heading of one in the texts, as of a sheet in a page."""
    found = [text for text in map(plain, texts) if len(text) <= SENTENCE and pattern("separate_heading").match(text)]
    return found[0] if len(found) == 1 and not pattern("separate").search(name) else name


def _agreement(texts: Iterable[str]) -> str:
    """The one of plain texts that a box for the policy stands beside."""
    said = [t for t in texts if len(t) <= SENTENCE and pattern("states").search(t) and pattern("policy").search(t)]
    return said[0] if len(said) == 1 else ""


def _agreeing(every: str, buttons: Iterable[str]) -> frozenset[str]:
    """Controls of which the text says that a tap on them agrees. Not those that sign in or only go on: that these are
    taken for consent is another matter."""
    words = _QUOTES.sub("", every)
    ends = [
        end for tap in regex("tapping").finditer(words) for end in range(tap.start() + 1, tap.end() + 1)
        if regex("tapping").fullmatch(words, tap.start(), end)
    ]  # fmt: skip
    if not ends:
        return frozenset()
    after = regex("then_agrees")

    def named(name: str) -> bool:
        return name in words and any(
            words.startswith(name, end) and after.match(words, end + len(name)) for end in ends
        )

    names = {plain(b) for b in buttons if label(b).meaning in ("accept", "") and not idle(b)} - {""}
    return frozenset(
        name
        for name in names
        if named(_QUOTES.sub("", name))
        and not (pattern("signs_in").search(name) or pattern("confirms").fullmatch(name))
    )


def _going_past(every: str, buttons: tuple[str, ...]) -> tuple[str, ...]:
    """The control that goes on without agreeing (继续浏览): where a function needs that, or beside one that clearly
    agrees. Not where another one refuses, or going on is taken for consent. What only leads back elsewhere goes past
    where a function needs it (再看看)."""
    needs = bool(pattern("function_needs").search(every))
    past = tuple(b for b in buttons if pattern("goes_past").fullmatch(plain(b)) and (needs or not idle(b)))
    if not past or len(past) == len(buttons) or any(label(b).meaning == "reject" for b in buttons):
        return ()
    beside = clearly("accept", buttons)
    return past if (needs or beside or pattern("insists").search(every)) and not _taken_for_consent(every) else ()


def names(text: str) -> bool:
    """Whether a plain text may be the name of something: it is short, and no sentence."""
    return _length(text) < _NAME and not _MARKS.search(text)


def sentence(text: str) -> bool:
    """Whether a plain text is long enough to say something in a full sentence."""
    return _length(text) >= PROSE


def _length(text: str) -> int:
    """Characters, Latin ones counted half."""
    return sum(2 if c > "\u2e7f" else 1 for c in text) // 2


def _of_notice(words: str) -> bool:
    """Whether a plain text speaks as a notice does: of a policy, of personal data, of processing."""
    return any(pattern(name).search(words) for name in ("policy", "personal", "processing"))


def _by_purpose(every: str, boxes: Iterable[tuple[str, bool]]) -> bool:
    """Whether it is the second layer of a notice: boxes for purposes, and what is needed in any case or why it is
    asked. No page to sign in, which may offer a newsletter."""
    named = any(purposes_named(plain(box)) for box, _ in boxes) and not pattern("signs_in").search(every)
    return named and bool(pattern("needed").search(every) or pattern("per_purpose").search(every))


def _proposed(title: str, pieces: Iterable[str], every: str) -> bool:
    """Whether somebody else offers something: by what a text says, or by its title where the app itself asks for
    nothing. Not where the window is the policy's notice, or agrees to the policy in a sentence."""
    notice = pattern("policy").search(title) or pattern("separate").search(every) or regex("terms_agreed").search(every)
    if notice or pattern("proposes_itself").search(every):
        return False
    if pattern("proposal").search(every):
        return True
    titled = any(pattern("proposals").fullmatch(text.strip(" .…!！")) for text in pieces)
    return titled and not any(pattern(name).search(every) for name in ("we", "permission")) and "需要" not in every


def _offers(words: str) -> bool:
    """Whether a plain text is about something else: an update, a rating, an order, a reward."""
    return bool(pattern("everyday").search(words) or pattern("offers").search(words))


def _relates(words: str) -> bool:
    if _length(words) < PROSE or _offers(words):
        return False
    both = pattern("we").search(words) and pattern("you").search(words)
    return bool(both or pattern("pleads").search(words))


def _speaks(words: str) -> bool:
    """Whether a plain text is about personal data, or about terms."""
    if pattern("data").search(words):
        return True
    return bool(pattern("handled").search(words) and pattern("handling").search(words))


def screen(
    title: str,
    texts: Iterable[str],
    buttons: Iterable[str],
    boxes: Iterable[CheckBox],
    links: Iterable[str] = (),
    layer: str = "",
) -> Screen:
    """What the texts of a window say; texts beyond the first 4000 characters are not read. ``layer``: what ``Layers``
    knows of it."""
    return _screen(
        "" if component_title(title) else title,
        tuple(texts),
        tuple(buttons),
        tuple((b.label, b.checked) for b in boxes),
        tuple(links),
        layer,
    )


def seen(e: Window | UiSnapshot, layer: str = "") -> Screen:
    """What a window or snapshot says; a system permission prompt does not count as the app's text. ``layer``: as for
    ``screen``."""
    if isinstance(e, Window):
        return screen(e.title, e.texts, e.buttons, e.boxes, e.links, layer)
    return (
        screen("", (), (), ()) if system_prompt(e.focus, e.app) else screen("", e.texts, e.buttons, e.boxes, (), layer)
    )


def to_agree(words: str) -> bool:
    """Whether a plain text speaks of agreeing, and not only of what needs no agreement."""
    return bool(pattern("agreement").search(regex("no_need").sub("", words)))


def only_informs(seen: Screen) -> bool:
    """Whether a window says that the policy has changed, asks for no agreement in so many words and gives no choice."""
    asks = seen.rejects or seen.choices or seen.insists or seen.login_consent or seen.withdraws
    said = to_agree("\n".join((seen.words, *seen.controls)))
    return not (asks or said) and bool(pattern("updated").search(seen.words))
