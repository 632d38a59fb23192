"""What a control does, by the words on it, and where a box stands that an app draws itself."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from monitor.analysis.consent.text import CLAUSE, find, pattern, plain, spoken
from monitor.knowledge.wordlists import derived, table

#: A sentence that a box stands beside is no longer, in characters of plain text: a notice's own text is.
SENTENCE: Final = 120
_TITLE = re.compile(r"《[^》]*》|<[^>]*>|https?://\S*")
#: A countdown, punctuation and symbols.
_SECONDARY = re.compile(r"\d+ ?(?:s\b|秒)?|[\W_]")
#: Alone on a control, one of these sends something off.
_TICKS = "✓✔✅"
#: Between what a drawn box says of its state and what else it says.
_PARTS = re.compile(r"[,;:|·•\n]|\s-\s|(?<=[☑☐☒✓✔✅◉])")
#: Written before a sentence as a box: certain, or perhaps the point of a list; and the same that is not ticked.
_WRITTEN = re.compile(
    r"(?:(?P<on>\[[xv√✓✔*•●]\]|\([xv√✓✔*•●]\)|√)|(?P<perhaps>[●⬤■▣])|\[ ?\]|\( ?\)|[○◯□⬜]) ?(?P<words>.+)", re.DOTALL
)


class Meaning(NamedTuple):
    """What a control does: ``accept, reject, withdraw, cancel_account`` or empty; ``clear`` or not."""

    meaning: str
    clear: bool


@derived
@lru_cache(4096)
def act(text: str) -> tuple[Meaning, str]:
    """What a control's label means, by the table of labels: the first row that holds, and the words that make it."""
    words = plain(text)
    if not words or drawn(text):
        return Meaning("", False), ""
    then = pattern("then_leaves").fullmatch(words)  # agrees, and then leaves
    agrees = then[then.lastindex or 0] if then else ""
    if agrees and label(agrees) == ("accept", True):
        words = agrees
    for row in table("consent_decisions")["labels"]:
        if said := spoken(row, words):
            return Meaning("".join(row["means"]), row["clear"] == ["yes"]), said
    return Meaning("", False), ""


def label(text: str) -> Meaning:
    """The meaning of a control's label. A negated agreement is a refusal."""
    return act(text)[0]


def clearly(meaning: str, controls: Iterable[str]) -> bool:
    """Whether one of the controls means that without ambiguity."""
    return any(label(control) == (meaning, True) for control in controls)


def contrary(controls: Iterable[str]) -> frozenset[str]:
    """Of the controls of a window, in plain words, those that say nothing clear and are another one's words with a
    negation: 不答应 beside 答应, "Don't count me in" beside "Count me in". They refuse what that one agrees to."""
    words = [plain(control) for control in controls]
    begun = [pattern("says_yes_first").sub("", text) for text in words]
    negations = set()
    for control, text in zip(controls, words, strict=True):
        known = label(control).clear or idle(control)
        negation = None if known else pattern("contrary").match(text)
        rest = CLAUSE.split(text[negation.end() :])[0].strip(" .!") if negation else ""
        same = re.compile(re.escape(rest) + ("$" if len(rest) == 1 else r"(?![a-z0-9'])"))
        if rest and any(map(same.match, begun)):
            negations.add(text)
    return frozenset(negations)


def starts(text: str) -> bool:
    """Whether a control starts a function of the device by its name: "Open camera"."""
    return bool(find(plain(text), "=functions"))


@derived
@lru_cache(1024)
def goes_to_agree(text: str, refused: bool) -> bool:
    """Whether a control only goes to where one agrees, if a notice comes up then (去同意). One that may as well agree
    itself (阅读并同意) goes there only after a refusal (``refused``): on the notice, it agrees."""
    words = plain(text)
    if not find(words, "goes_to_agree") or find(words, "has_read"):
        return False
    return refused or bool(find(words, "^goes_elsewhere")) or label(text) != ("accept", True)


@derived
@lru_cache(1024)
def undoing(text: str) -> str:
    """What a control answers where a window asks whether to take something back: ``yes``, ``verb`` (yes, in the verb of
    the question: 继续撤销, "Yes, take it back"), ``no`` or empty. What its words mean elsewhere does not count."""
    words = plain(text)
    answers = {"no": ("kept", "keeps", "leaves_on"), "verb": ("undo",), "yes": ("^affirms", "undoes", "at_once")}
    return next((answer for answer, terms in answers.items() if find(words, *terms)), "")


@derived
@lru_cache(4096)
def closes(text: str) -> bool:
    """Whether a whole label only refuses or closes something. What says more (返回商家) may request something."""
    return label(text).meaning == "reject" and not _SECONDARY.sub("", pattern("closes").sub("", plain(text)))


@derived
@lru_cache(4096)
def sends(text: str) -> bool:
    """Whether a control sends off what the boxes of its window say."""
    return bool(find(plain(text), "=sends", "saves"))


@derived
@lru_cache(4096)
def idle(text: str) -> bool:
    """Whether a control decides nothing by its words: it signs out, goes back, shows a text or selects a language."""
    words = plain(text)
    if find(words, "=leads", "neutral", "idle") or drawn(text) or _TITLE.fullmatch(words):
        return True
    return not label(text).meaning and not sends(text) and bool(find(words, "^leads_on", "layer"))


class Drawn(NamedTuple):
    """A control that says that it is ticked or not, and what else it says."""

    on: bool
    words: str


@derived
@lru_cache(4096)
def drawn(text: str) -> Drawn | None:
    """Read a picture's or text's words as those of a box, None = it says nothing of the kind. The state is all that it
    says, or a part of its own before or after the rest: 已选中的商品 is no box."""
    parts = [part for part in (part.strip(" .。!！[]()\ufe0f") for part in _PARTS.split(plain(text))) if part]
    if not parts or (len(parts) == 1 and parts[0] in _TICKS):
        return None
    for on, states in enumerate((pattern("drawn", "off"), pattern("drawn", "on"))):
        for number in {0, len(parts) - 1}:
            if states.fullmatch(parts[number]):
                return Drawn(bool(on), " ".join(parts[:number] + parts[number + 1 :]))
    return None


def written(text: str) -> tuple[str, str] | None:
    """Of a sentence of agreement with a box in characters before it ([x], ●, ○): ``on``, ``perhaps`` or ``off``, and
    the sentence; None = it is no such. By itself such a character is the point of a list, or closes something."""
    box = _WRITTEN.match(plain(text))
    if box is None or len(box["words"]) > SENTENCE or not find(box["words"], "^states"):
        return None
    return "on" if box["on"] else "perhaps" if box["perhaps"] else "off", box["words"]


def ticked(texts: Iterable[str], buttons: Sequence[str], boxes: Iterable[str], policy: bool) -> str:
    """Whether a box of a notice is ticked that is drawn, or only says that something was read: ``agrees``, ``perhaps``
    or empty. It is certain only of a single one, beside a single sentence of agreement: of several (a choice between
    languages, say) each may be about another thing. ``boxes``: the plain words of the boxes that are none of these."""
    texts = [text for text in texts if text not in buttons]  # a picture of the screen has both
    controls = [box for text in (*texts, *buttons) if (box := drawn(text)) is not None]
    sentences = [box.words for box in controls]
    sentences += [words for text in texts if (words := plain(text)) and drawn(text) is None]
    agreed = [words for words in sentences if len(words) <= SENTENCE and find(words, "states")]
    about = policy or any(find(words, "policy", "document") for words in agreed)
    if certainty := _written_ticked((*texts, *buttons), about):
        return "perhaps" if controls else certainty
    if not (agreed and about and any(box.on for box in controls)) or any(find(b, "states", "policy") for b in boxes):
        return ""  # the box that agrees is another one
    agrees = find(agreed[0], "agreement", "policy")
    return "agrees" if len(controls) == len(agreed) == 1 and agrees else "perhaps"


def _written_ticked(texts: Iterable[str], about: bool) -> str:
    """The same of boxes in characters. ``about``: the notice is about the policy, whatever stands beside them."""
    marks = [mark for mark in map(written, texts) if mark is not None]
    on = [state for state, words in marks if state != "off" and (about or find(words, "policy"))]
    return "" if not on else "agrees" if len(marks) == 1 and on[0] == "on" else "perhaps"


def names_documents(text: str) -> bool:
    """Whether a control only names documents, which it shows: 服务协议与规则, "Terms and conditions"."""
    return bool(pattern("documents").fullmatch(plain(text)))
