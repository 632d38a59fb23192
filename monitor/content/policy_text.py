"""What a privacy policy's text contains and omits: sections, rights, channel, promised time, libraries. Pure.

The check is by words (``policy_words.yaml``), so what is reported missing is for a person to confirm. Only the names of
libraries are kept from the text.
"""

import codecs
import re
from typing import Final, NamedTuple

from monitor.content.html_text import Document, read_document
from monitor.content.sdk_table import data_types, listed, patterns, plain, read_sdks, regex, simplified, words
from monitor.knowledge.wordlists import number

_FEW_SECTIONS: Final = 3
_FEW_TYPES: Final = 2
_SENTENCE: Final = re.compile(r"[。;!?]|\. ")
TACIT: Final = "tacit_change"
"""Among the sections: going on using the app is taken for an agreement to changes."""
MIN_CHARS: Final = 300
"""A shorter text is not a policy."""
_SOFT: Final = 3_000
_NATURAL: Final = 5 / 7
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_LATIN: Final = re.compile(r"[a-z]{2,40}", re.IGNORECASE)
#: Those in which pages are written. Python has other codecs, of which some never end on a large text (punycode) or make
#: what cannot be written again (unicode_escape).
_CHARSET: Final = re.compile(
    r"utf-(?:8|8-sig|16|16-le|16-be)|ascii|latin_?1|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|tis-620"
    r"|gb\w+|hz|big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|johab"
)
_KANA: Final = re.compile(r"[\u3041-\u30fa]")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]")
_CLAUSE: Final = re.compile("[,、。;!?]|[.] ")
_CLAUSE_END: Final = re.compile("[,。;!?]|[.] ")
_LED: Final = 90
#: Elements of which it is not enough that the text names them: it may say that there is no such way.
_GRANTED: Final = frozenset({"withdrawal", "cancel_account", "complaints"})
#: Elements by how they are written.
_WRITTEN: Final = frozenset({"effective_date", "sdk_list", "contact", "purpose"})


class PolicyText(NamedTuple):
    """The result. ``missing``: required sections, ``right:<name>``, ``channel``; ``deadline``: working days."""

    language: str
    chars: int
    title: str
    sections: list[str]
    missing: list[str]
    sdks: list[str]
    deadline: int
    """Longest promised time for an answer in working days (calendar days at 5/7), 0 = none found."""
    soft_404: bool
    """The page reports that it does not exist, or is too short to be a policy."""


def decode(data: bytes, charset: str = "") -> str:
    """Bytes of a document as text: the named character set, UTF-8, then GB 18030. Never raises."""
    for name in (charset, "utf-8", "gb18030"):
        try:
            if _CHARSET.fullmatch(codecs.lookup(name).name):
                return data.decode(name)
        except (LookupError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def examine(text: str, stated: bool = False) -> PolicyText:
    """The whole text of a policy: HTML, Markdown or plain. ``stated``: it is one, even if it is very short."""
    document = read_document(text)
    body = simplified(plain(document.text))
    sections = [name for name, named in patterns("sections").items() if _has(name, named, body)]
    if _tacit(body):
        sections.append(TACIT)
    missing = [name for name, entry in words()["sections"].items() if entry["must"] and name not in sections]
    missing += [f"right:{name}" for name, one in patterns("rights").items() if not _granted(one, body)]
    if not regex("channel").search(body):
        missing.append("channel")
    return PolicyText(
        language=language(document),
        chars=len(document.text),
        title=document.title or (document.lines[0][:200] if document.lines else ""),
        sections=sections,
        missing=missing,
        sdks=[str(entry["name"])[:100] for entry in read_sdks(text).sdks][:200],
        deadline=deadline(body),
        soft_404=not stated and _nothing_there(document, body, len(sections)),
    )


def _has(name: str, named: re.Pattern[str], body: str) -> bool:
    """Whether the text has a section."""
    if (name == "types" and _collected(body) >= _FEW_TYPES) or (name in _WRITTEN and regex(name).search(body)):
        return True
    return _granted(named, body) if name in _GRANTED else named.search(body) is not None


def _nothing_there(document: Document, body: str, sections: int) -> bool:
    """A page that says so, or that is nearly empty (as is a page rendered by script, so a person must check). A short
    text with several sections of a policy is a short policy."""
    if len(body) < MIN_CHARS:
        return sections < _FEW_SECTIONS
    return len(body) < _SOFT and bool(listed("missing_page").search(plain(document.title) + " " + body[:300]))


def _granted(named: re.Pattern[str], body: str) -> bool:
    """Whether the text names something in a clause that does not deny it before."""
    return any(
        not regex("denied").search(_CLAUSE_END.split(body[max(0, found.start() - _LED) : found.start()])[-1])
        for found in named.finditer(body)
    )


def _tacit(body: str) -> bool:
    """Whether going on is taken for an agreement, in a clause that does not deny it."""
    clauses = (
        _CLAUSE.split(body[max(0, found.start() - 40) : found.start()])[-1] + found[0]
        + _CLAUSE.split(body[found.end() : found.end() + 40])[0]
        for found in listed("tacit").finditer(body)
    )  # fmt: skip
    return any(not regex("not_so").search(clause) for clause in clauses)


def language(document: Document) -> str:
    """``zh``, ``zh-Hant``, ``ja``, ``ko``, ``en``, ``de``, ``fr``, ``es`` or empty: by its characters and frequent
    words, not by the page's own declaration."""
    text = document.text[:200_000]
    chinese, latin = len(_CHINESE.findall(text)), len(_LATIN.findall(text))
    kana, hangul = len(_KANA.findall(text)), len(_HANGUL.findall(text))
    if chinese + latin + kana + hangul < 20:
        return ""
    if kana * 4 > chinese and kana > latin:
        return "ja"
    if hangul > chinese + latin:
        return "ko"
    if chinese > latin:
        return "zh-Hant" if len(regex("traditional").findall(text)) > len(regex("simplified").findall(text)) else "zh"
    if chinese * 10 >= latin:
        return ""
    return max(("en", "de", "fr", "es"), key=lambda name: len(regex(name).findall(text)))


def deadline(body: str) -> int:
    """The longest time promised for an answer, in working days; numbers far from a word about answering do not
    count."""
    longest = 0
    for found in regex("promise").finditer(body):
        around = body[max(0, found.start() - 60) : found.end() + 40]
        unit = found["unit"] or found["of"]
        months = unit in ("月", "month")
        if not (regex("answer_late") if months else regex("answer")).search(around):
            continue
        english = found["en"] or ""
        days = number(found["n"]) if found["n"] else words()["number_words"].get(english, english)
        share = 1.0 if found["work"] else words()["working_days"].get(unit, _NATURAL)
        longest = max(longest, round(int(days if str(days).isdigit() else 0) * share))
    return longest


def _collected(body: str) -> int:
    """How many kinds of information the text names in sentences that say that they are collected."""
    said = (sentence for sentence in _SENTENCE.split(body) if listed("collects").search(sentence))
    return len({name for sentence in said for name in data_types(sentence)})
