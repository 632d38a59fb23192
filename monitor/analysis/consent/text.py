"""Text as it is compared, the lexicon as patterns for it, and what the words on a control mean."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from monitor.knowledge.lexicon import Phrase, expanded
from monitor.knowledge.wordlists import derived, phrases, table

_MAX, _SHORT = 4000, 200
#: The controls of a question with two answers.
CHOICE: Final = 2
_SLOT, _SLOT_LATIN = r"[^。;；\n]{0,24}", r"[^.。;；\n]{0,80}"
_END = r"(?![a-z0-9'])"
#: What is said of one thing: 无需登录 of 无需登录，同意并继续 says nothing of the agreement.
CLAUSE: Final = re.compile(r"[,;|·]| [-–—] ")
#: Punctuation and arrows around a label.
_AROUND = " .。…>›»→!！:："
_SPACED = re.compile(r"(?<=[\u2e80-\u9fff]) (?=[\u2e80-\u9fff])")
#: A sentence that a box stands beside is no longer, in characters of plain text: a notice's own text is.
SENTENCE: Final = 120
#: Punctuation and symbols.
_SYMBOLS = re.compile(r"[\W_]")
#: Alone on a control, one of these sends something off.
_TICKS = "✓✔✅"
#: Between what a drawn box says of its state and what else it says.
_PARTS = re.compile(r"[,;:|·•\n]|\s-\s|(?<=[☑☐☒✓✔✅◉])")
#: Written before a sentence as a box: certain, or perhaps the point of a list; and the same that is not ticked.
_WRITTEN = re.compile(
    r"(?:(?P<on>\[[xv√✓✔*•●]\]|\([xv√✓✔*•●]\)|√)|(?P<perhaps>[●⬤■▣])|\[ ?\]|\( ?\)|[○◯□⬜]) ?(?P<words>.+)", re.DOTALL
)


def plain(text: str) -> str:
    """Text with width, case, quotes, invisible characters, spacing (entirely removed between Chinese characters) and
    traditional characters normalised, without the names of laws."""
    return _remembered(text) if len(text) <= _SHORT else _plain(text)


@derived
@lru_cache(4096)
def _remembered(text: str) -> str:
    """Labels and titles come again and again."""
    return _plain(text)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:_MAX]).casefold().replace("’", "'")
    text = _SPACED.sub("", " ".join(text.translate(_characters()).split()))
    return pattern("law").sub("", text) if "《" in text else text


class _Characters(dict[int, int | str | None]):
    """How each character is compared: as itself, simplified, or (None) not at all; looked up once."""

    def __missing__(self, code: int) -> int | None:
        found = self[code] = None if unicodedata.category(chr(code)) == "Cf" else code
        return found


@derived
@cache
def _characters() -> _Characters:
    """The traditional (and regional) characters of the words here become simplified ones."""
    return _Characters({ord(pair[0]): pair[1] for pair in table("characters")["traditional"].split()})


# Patterns -------------------------------------------------------------------------------------------------------------


def one_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all words; ``…`` in a word matches up to 24 characters (80 Latin ones) within one sentence, a
    Latin one that ends in ``*`` is the stem of longer ones, and the characters after ``¬`` must not follow it."""
    return re.compile("|".join(map(_alternative, words)) or r"(?!)")


def _alternative(given: str) -> str:
    word, _, others = given.partition("¬")
    unless = f"(?![{re.escape(plain(others))}])" if others else ""
    stem = word.endswith("*")
    word = word.removesuffix("*")
    latin = word.replace("…", "").isascii()
    escaped = (_SLOT_LATIN if latin else _SLOT).join(re.escape(plain(part)) for part in word.split("…"))
    return (rf"(?<![a-z0-9']){escaped}{'' if stem else _END}" if latin else escaped) + unless


@derived
@cache
def pattern(*place: str) -> re.Pattern[str]:
    """The phrases and expressions of an act, with its group or strength if it has any, as one pattern for ``plain``
    text."""
    return re.compile("|".join(map(_source, phrases()[place])) or r"(?!)")


def _source(phrase: Phrase) -> str:
    return expanded(phrase.expression, _expressions()) if phrase.expression else _alternative(phrase.text)


@derived
@cache
def _expressions() -> dict[str, list[str]]:
    return {place[0]: [one.expression for one in found] for place, found in phrases().items()}


def spoken(way: Mapping[str, Any], text: str) -> str:
    """The words that make a speech act in one of its ways in a plain text, empty if none do: of ``any`` of its terms,
    where one of ``and`` is there as well and none of ``unless``; what is ``without`` is left out of the text first."""
    for name in way.get("without", ()):
        text = pattern(name).sub("", text)
    words = find(text, *way["any"])
    return "" if ("and" in way and not find(text, *way["and"])) or find(text, *way.get("unless", ())) else words


def find(text: str, *terms: str) -> str:
    """The words in a plain text that are the first of these terms to be found in it; empty if none is. A term is an
    act with its group or strength (``reject/clear``), and its first character may say where: ``^`` at the
    beginning, ``$`` at the end, ``=`` nothing else is said, ``,`` within one clause."""
    return next((match[0] for term in terms if (match := _search(term)(text))), "")


@derived
@cache
def _search(term: str) -> Callable[[str], re.Match[str] | None]:
    known = pattern(*term.lstrip("^$=,").split("/"))
    if term[0] == "=":
        return lambda text: known.fullmatch(text.strip(_AROUND))
    if term[0] == "$":
        return re.compile(f"(?:{known.pattern})[ .!]*$").search
    if term[0] == ",":
        return lambda text: next(filter(None, map(known.search, CLAUSE.split(text))), None)
    return known.match if term[0] == "^" else known.search


def phrase_behind(words: str, ways: Iterable[Mapping[str, Any]]) -> Phrase | None:
    """The phrase of the lexicon by which one of these ways (as for ``spoken``) finds exactly these words; the first."""
    terms = (term for way in ways for term in way.get("any", ()) if find(words, term) == words)
    places = (tuple(term.lstrip("^$=,").split("/")) for term in terms)
    return next((one for place in places for one in phrases()[place] if re.fullmatch(_source(one), words)), None)


# Controls -------------------------------------------------------------------------------------------------------------


class Meaning(NamedTuple):
    """What a control does: ``accept, reject, withdraw, cancel_account`` or empty; ``clear`` or not."""

    meaning: str
    clear: bool


ACCEPT: Final = Meaning("accept", True)
REJECT: Final = Meaning("reject", True)


@derived
@lru_cache(4096)
def act(text: str) -> tuple[Meaning, str]:
    """What a control's label means, by the table of labels: the first row that holds, and the words that make it."""
    words = plain(text)
    if not words or drawn(text):
        return Meaning("", False), ""
    then = pattern("then_leaves").fullmatch(words)  # agrees, and then leaves
    if then and label(agrees := then[then.lastindex or 0]) == ACCEPT:
        words = agrees
    rows = ((row, spoken(row, words)) for row in table("consent_decisions")["labels"])
    row, said = next((found for found in rows if found[1]), ({"means": [], "clear": []}, ""))
    return Meaning("".join(row["means"]), row["clear"] == ["yes"]), said


def label(text: str) -> Meaning:
    """The meaning of a control's label. A negated agreement is a refusal."""
    return act(text)[0]


def clearly(meaning: str, controls: Iterable[str]) -> bool:
    """Whether one of the controls means that without ambiguity."""
    return any(label(control) == (meaning, True) for control in controls)


def contrary(controls: Iterable[str]) -> frozenset[str]:
    """Of the controls of a window, in plain words, those that say nothing clear and are another one's words with a
    negation: 不答应 beside 答应, "Don't count me in" beside "Count me in". They refuse what that one agrees to. So does
    one of two that cancels: 取消授权 beside 确认授权 takes nothing back."""
    begun = [pattern("says_yes_first").sub("", plain(control)) for control in controls]
    offered = len(begun) == CHOICE and clearly("accept", controls)

    def negates(control: str) -> bool:
        if offered and label(control).meaning == "withdraw":
            return bool(find(plain(control), "^cancels"))
        negation = None if label(control).clear or idle(control) else pattern("contrary").match(plain(control))
        rest = CLAUSE.split(plain(control)[negation.end() :])[0].strip(" .!") if negation else ""
        same = re.compile(re.escape(rest) + ("$" if len(rest) == 1 else _END))
        return bool(rest) and any(map(same.match, begun))

    return frozenset(plain(control) for control in controls if negates(control))


def goes_to_agree(text: str, refused: bool) -> bool:
    """Whether a control only goes to where one agrees, if a notice comes up then (去同意). One that may as well agree
    itself (阅读并同意) goes there only after a refusal (``refused``): on the notice, it agrees."""
    words = plain(text)
    if not find(words, "goes_to_agree") or find(words, "has_read"):
        return False
    return refused or bool(find(words, "^goes_elsewhere")) or label(text) != ACCEPT


@derived
@lru_cache(1024)
def undoing(text: str) -> str:
    """What a control answers where a window asks whether to take something back: ``yes``, ``verb`` (yes, in the verb of
    the question: 继续撤销, "Yes, take it back"), ``no`` or empty. What its words mean elsewhere does not count."""
    answers = {"no": ("kept", "keeps", "leaves_on"), "verb": ("undo",), "yes": ("^affirms", "undoes", "at_once")}
    return next((answer for answer, terms in answers.items() if find(plain(text), *terms)), "")


@derived
@lru_cache(4096)
def closes(text: str) -> bool:
    """Whether a whole label only refuses or closes something. What says more (返回商家) may request something."""
    rest = pattern("countdown").sub("", pattern("closes").sub("", plain(text)))
    return label(text).meaning == "reject" and not _SYMBOLS.sub("", rest)


@derived
@lru_cache(4096)
def sends(text: str) -> bool:
    """Whether a control sends off what the boxes of its window say."""
    return bool(find(plain(text), "=sends", "saves"))


def names_document(text: str) -> bool:
    """Whether a control is a document's or a list's name: a link to it, beside one that agrees."""
    return bool(find(plain(text), "=documents", "=policy", "=titles"))


@derived
@lru_cache(4096)
def idle(text: str) -> bool:
    """Whether a control decides nothing by its words: it signs out, goes back, shows a text or selects a language."""
    words = plain(text)
    if find(words, "=leads", "neutral", "idle", "=titles") or drawn(text):
        return True
    return not label(text).meaning and not sends(text) and bool(find(words, "^leads_on", "layer"))


class Drawn(NamedTuple):
    """A control or a sentence that says that it is ticked (``on``, or ``perhaps``) or not, and what else it says."""

    on: bool
    words: str
    perhaps: bool = False


@derived
@lru_cache(4096)
def drawn(text: str) -> Drawn | None:
    """Read a picture's or text's words as those of a box, None = it says nothing of the kind. The state is all that it
    says, or a part of its own before or after the rest: 已选中的商品 is no box."""
    parts = [part for part in (part.strip(" .。!！[]()\ufe0f") for part in _PARTS.split(plain(text))) if part]
    if not parts or (len(parts) == 1 and parts[0] in _TICKS):
        return None
    if parts[0] in _TICKS and not find(parts[1], "states", "policy", "terms"):
        return None  # the picture of a button: ✅ 同意
    for on, states in enumerate((pattern("drawn", "off"), pattern("drawn", "on"))):
        for number in {0, len(parts) - 1}:
            if states.fullmatch(parts[number]):
                return Drawn(bool(on), " ".join(parts[:number] + parts[number + 1 :]))
    return None


def written(text: str) -> Drawn | None:
    """A sentence of agreement with a box in characters before it ([x], ●, ○); None = it is no such. By itself such a
    character is the point of a list, or closes something."""
    box = _WRITTEN.match(plain(text))
    if box is None or len(box["words"]) > SENTENCE or not find(box["words"], "^states"):
        return None
    return Drawn(bool(box["on"] or box["perhaps"]), box["words"], bool(box["perhaps"]))
