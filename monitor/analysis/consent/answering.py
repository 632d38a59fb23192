"""What an answer says where its window, or what was answered before, gives its words another meaning."""

from typing import Final

import msgspec

from monitor.analysis.consent.labels import clearly, names_documents, sends, undoing
from monitor.analysis.consent.named import SWITCHES, toggle_scope
from monitor.analysis.consent.notices import INSISTS_US, Shown
from monitor.analysis.consent.screen import Screen
from monitor.analysis.consent.screens import only_informs
from monitor.analysis.consent.timeline import AGAINST, gap
from monitor.analysis.consent.timelines import Timelines
from monitor.analysis.consent.words import pattern, plain, regex
from monitor.events import Tap

OPEN: Final = {"unknown": "open", "shown": "open"}
_ONE_TOPIC: Final = frozenset({"personalisation", "ai_training"})


def of_taking_back(says: str, text: str, asked: bool, shown: Shown | None) -> str:
    """What an answer says to the question whether to take something back. In a window that no known tap opened,
    only the verb of the question itself is as clear: a page of settings has other things to delete."""
    answer = undoing(text)
    if answer == "no":
        kept = says in ("accept", "withdraw", "unknown") or (asked and says == "idle")
        return "reject" if kept else says
    if says == "cancel_account" or not answer:
        return says
    if asked:
        return "accept"
    dialog = shown is not None and not shown.page
    return "withdraw" if answer == "verb" and dialog else says


def of_something_else(lines: Timelines, words: str, shown: Shown) -> bool:
    """Whether a refusal is none of the policy: who does not sign in where that is taken for consent refuses the
    sign-in. Once the policy was agreed to, neither that nor leaving a window that only refers to it takes anything
    back; before, an offer that refers to it (a trial, a newsletter) does not ask for it."""
    seen, state = shown.screen, lines.state("policy")
    if shown.scopes != ("policy",) or seen.platform or seen.withdraws:
        return False
    granted = state == "granted"
    if seen.login_consent and not pattern("agreement").search(words):
        return True
    if granted and (seen.login_consent or any(pattern("signs_in").search(plain(b)) for b in seen.accepts)):
        return True
    asks = seen.titled or seen.clear_accept or pattern("agreement").search(f"{words}\n{seen.words}")
    return not asks and (granted or (OPEN.get(state) == "open" and bool(pattern("offers").search(seen.words))))


def only_signs_in(lines: Timelines, event: Tap, shown: Shown) -> bool:
    """Whether a control of a page to sign in goes on after a refusal, and no text there says that it, or a box that
    nobody knows of, agrees to the policy: it ends no refusal, whatever boxes were ticked beforehand."""
    seen = shown.screen
    if lines.state("policy") not in AGAINST or event.checked or seen.layer:
        return False
    if seen.login_consent or seen.ticked or not pattern("signs_in").search(f"{seen.words}\n{plain(event.label)}"):
        return False
    words = seen.words
    for box, _ in seen.choices:
        words = words.replace(box, "")
    return not (pattern("agreement").search(words) and pattern("policy").search(words))


def beside_agreement(lines: Timelines, event: Tap, about: Shown | None) -> bool:
    """Whether a control stands beside one that clearly agrees, where a consent apart from the policy is asked for:
    whatever its words (去网点办理, 其他方式), it is none that agrees."""
    if about is None or event.checked or "policy" in about.scopes:
        return False
    if not about.scopes and lines.state("policy") != "granted":
        return False  # it may be the policy's notice, in words that are not known
    return clearly("accept", about.screen.accepts)


def only_notes(lines: Timelines, event: Tap, shown: Shown) -> bool:
    """Whether an OK after a refusal only closes a message that the policy has changed."""
    if lines.state("policy") not in AGAINST or event.checked or shown.scopes != ("policy",):
        return False
    return only_informs(shown.screen)


def second(lines: Timelines, says: str, seen: Screen) -> str:
    """What an answer without a clear word says in a question that follows a refusal. That one means to leave, goes
    back, or (its only control) has read the text changes nothing: the refusal stands as clearly as it was given."""
    if not seen.insists or lines.state("policy") != "denied":
        return says
    clear = clearly("reject", seen.rejects)
    if says == "reject" or (seen.leaving and not clear):
        return "idle"
    return says if seen.refuses else "idle"


def refused_again(lines: Timelines, says: str, words: str, shown: Shown) -> bool:
    """Whether the question that came up at a refusal without a clear word (暂不) was answered with another one: who
    is told what refusing means, and leaves or puts it off again, refuses. Not who only closes the window."""
    last = lines.last("policy")
    if last is None or last.state != "denied" or last.clear or not shown.screen.insists:
        return False
    if not 0 <= gap(last, shown.seen)[0] <= INSISTS_US:
        return False
    if shown.screen.leaving and (says == "accept" or pattern("departs").search(words)):
        return True
    return says == "reject" and not shown.screen.leaving and not pattern("shuts").fullmatch(words)


def opted_out(text: str, about: Screen | None, declared: frozenset[str] = frozenset()) -> str:
    """What a button in the settings, such as "Opt out of personalised ads" or 退出个性化推荐, ends where there is no
    switch: the scope of a switch that it names, or else the only one that its page
    (``about``) is about; ``policy`` for data processing at large, or where the page says of nothing else that consent
    can be withdrawn; otherwise empty. ``declared``: as for ``toggle_scope``."""
    words = plain(text)
    opts = pattern("opts_out").search(words)
    if not opts and (not pattern("turns_off").match(words) or regex("what_shows_it").search(words)):
        return ""
    if (scope := toggle_scope(words, declared)) in SWITCHES:
        return scope
    if not opts:
        return ""
    if left := words.replace(opts[0], "").strip(" .!…"):
        return "policy" if pattern("at_large").fullmatch(left) else ""
    if about is None:
        return ""
    if not about.topics and pattern("withdraw").search(about.words):
        return "policy" if pattern("consent_noun").search(about.words) else ""
    named = about.topics & _ONE_TOPIC
    return min(named) if len(named) == 1 else ""


def worded(event: Tap, under: Shown | None) -> Tap:
    """A tap on a box without words: it stands beside the one sentence of agreement in its window."""
    if under is None or not event.checked or plain(event.label) or not under.screen.agreement:
        return event
    alone = [words for words, _ in under.screen.choices] == [""]
    return msgspec.structs.replace(event, label=under.screen.agreement) if alone else event


def sends_off(event: Tap, shown: Shown | None) -> bool:
    """Whether a tapped control sends off what the boxes of its window say: by its words, or by those beside it."""
    if shown is None or not shown.screen.senders:
        return sends(event.label)
    return plain(event.label) in map(plain, shown.screen.senders)


def beside(event: Tap, seen: Screen) -> str:
    """The text beside a tapped control."""
    others = [b for b in seen.answers if plain(b) != plain(event.label)]
    if others or event.checked:
        return "others"
    if seen.rejects:
        return "refusal"
    return "alone" if len(seen.answers) == 1 else "others"


def links(event: Tap, shown: Shown | None) -> bool:
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
