"""Boxes that an app draws itself: a picture or text whose description says whether it is ticked (已勾选, checked)."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from monitor.analysis.consent.words import one_pattern, pattern, plain
from monitor.knowledge.wordlists import derived, table

#: A sentence that a box stands beside is no longer, in characters of plain text: a notice's own text is.
SENTENCE = 120
#: By itself a button that goes on; before words it says that their box is ticked.
_TICKS = "✓✔✅"


#: Written before a sentence as a box: certain, or perhaps the point of a list; and the same that is not ticked.
_WRITTEN = re.compile(
    r"(?:(?P<on>\[[xv√✓✔*•●]\]|\([xv√✓✔*•●]\)|√)|(?P<perhaps>[●⬤■▣])|\[ ?\]|\( ?\)|[○◯□⬜]) ?(?P<words>.+)", re.DOTALL
)


class Drawn(NamedTuple):
    """A control that says that it is ticked or not, and what else it says."""

    on: bool
    words: str


@derived
@cache
def _stands() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Off and on; longer words first, as 未勾选 holds 勾选."""
    states = table("consent_words")["drawn"]
    off, on = (one_pattern(sorted(states[name], key=len, reverse=True)) for name in ("off", "on"))
    return off, on


@derived
@lru_cache(4096)
def drawn(text: str) -> Drawn | None:
    """Read a control's words, None = it says nothing of the kind. The state is all that it says, or a part of its own
    before or after the rest: 已选中的商品 is no box."""
    words = plain(text)
    for on, states in enumerate(_stands()):
        parts = [part.strip(" .。!！[]()\ufe0f") for part in re.split(r"[,;:|·•\n]|\s-\s|(?<=[☑☐☒✓✔✅◉])", words)]
        kept = [part for part in parts if part]
        for number in {0, len(kept) - 1} if kept else ():
            if states.fullmatch(kept[number]) and not (len(kept) == 1 and kept[0] in _TICKS):
                return Drawn(bool(on), " ".join(kept[:number] + kept[number + 1 :]))
    return None


def written(text: str) -> tuple[str, str] | None:
    """Of a sentence of agreement with a box in characters before it ([x], ●, ○): ``on``, ``perhaps`` or ``off``, and
    the sentence; None = it is no such. By itself such a character is the point of a list, or closes something."""
    found = _WRITTEN.match(plain(text))
    if found is None or len(found["words"]) > SENTENCE or not pattern("states").match(found["words"]):
        return None
    return "on" if found["on"] else "perhaps" if found["perhaps"] else "off", found["words"]


def ticked(texts: Iterable[str], buttons: Sequence[str], boxes: Iterable[tuple[str, bool]], policy: bool) -> str:
    """Whether a box of a notice is ticked that is drawn, or only says that something was read: ``agrees``, ``perhaps``
    or empty. It is certain only of a single one, beside a single sentence of agreement: of several (a choice between
    languages, say) each may be about another thing."""
    texts = [text for text in texts if text not in buttons]  # a picture of the screen has both
    controls = [found for b in (*texts, *buttons) if (found := drawn(b)) is not None]
    sentences = [found.words for found in controls if found.words]
    sentences += [words for text in texts if (words := plain(text)) and drawn(text) is None]
    said = [words for words in sentences if len(words) <= SENTENCE and pattern("states").search(words)]
    real = [(plain(name), on) for name, on in boxes]
    if any(on and policy and pattern("states").search(name) for name, on in real):
        return "perhaps"
    about = policy or any(pattern(name).search(words) for words in said for name in ("policy", "document"))
    marks = [mark for mark in map(written, (*texts, *buttons)) if mark is not None]
    on = [mark for mark in marks if mark[0] != "off"]
    if on and (about or any(pattern("policy").search(words) for _, words in on)):
        return "agrees" if len(marks) == 1 and not controls and on[0][0] == "on" else "perhaps"
    if not said or not about or not any(found.on for found in controls):
        return ""
    others = any(pattern(name).search(name_) for name in ("states", "policy") for name_, _ in real)
    if others:
        return ""  # the box that agrees is another one
    agrees = pattern("agreement").search(said[0]) or pattern("policy").search(said[0])
    return "agrees" if len(controls) == len(said) == 1 and agrees else "perhaps"
