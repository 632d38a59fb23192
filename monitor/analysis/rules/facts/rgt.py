"""Facts of RGT-01: what a window on closing an account demands, how long it takes, and what stays."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from monitor.analysis.consent.text import find, plain
from monitor.analysis.consent.window import seen
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.facts import Shown
from monitor.analysis.rules.facts.purpose import SENTENCE_END, spoken_texts
from monitor.knowledge.wordlists import number

#: The text of a policy names closing an account among much else; so long at most is the name of a document.
_HEAD, _LONG, _NAME = 80, 200, 30
#: Controls of a page that closes an account: to do so, to go back, to ask somebody.
_FEW = 3
#: Working days of each unit; of a time told in Chinese fifteen are allowed (191 六.3), otherwise a month (GDPR 12(3)).
_DAY: Final = 5 / 7
_ALLOWED, _ALLOWED_CHINESE = 23, 15
_UNITS: Final = {
    r"个?(?:工作日|营业日)": 1, r"(?:自然日|天|日)(?![期常])": _DAY, r"个?(?:星期|周)": 5, r"个月": 21.7,
    r"(?:working|business) days?": 1, r"(?:calendar )?days?\b": _DAY, r"weeks?\b": 5, r"months?\b": 21.7,
    r"(?:werktage|arbeitstage)n?\b": 1, r"tagen?\b": _DAY, r"wochen\b": 5, r"monaten?\b": 21.7,
    r"jours (?:ouvrables|ouvrés)": 1, r"jours\b": _DAY, r"semaines\b": 5, r"mois\b": 21.7,
    r"días (?:hábiles|laborables)": 1, r"días\b": _DAY, r"semanas\b": 5, r"meses\b": 21.7,
    r"営[業业]日": 1, r"[週周][間间]": 5, r"[かヶカ]月": 21.7, r"영업일": 1, r"일": _DAY, r"주": 5, r"개월": 21.7,
}  # fmt: skip
_TIME: Final = re.compile(
    r"(?<![月年\d./-])(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3}) ?(?:"
    + "|".join(f"({unit})" for unit in _UNITS)
    + ")"
)
_CHINESE: Final = 4


def cancels_account(e: Shown, c: Context) -> bool:
    """Whether it is about closing an account, and not the text of a policy: of a sheet in a page, the sheet. Nor where
    nothing but one of several entries of a page speaks of it, which leads there."""
    shown = c.consent.sheets.seen.get(e.seq, e)
    wording = seen(shown)
    said = [wording.title, *spoken_texts(shown)]
    entry = len(wording.controls) > _FEW and not any(_closes(words) or "注销" in words for words in said)
    if entry or not _closes(wording.words) or _document(shown):
        return False
    return not any(len(text) > _LONG and find(plain(text[:_HEAD]), "policy") for text in e.texts)


def _closes(words: str) -> bool:
    return bool(find(words, "cancel_account", "closing/account"))


def _document(e: Shown) -> bool:
    """Whether it shows a policy or an agreement: under its name, and without a control to close the account, or one
    that goes on (下一步) from where all that is said is about closing it."""
    controls, texts = seen(e).controls, spoken_texts(e)
    head = seen(e).title or next(filter(None, texts), "")
    if len(head) > _NAME or not find(head, "policy", "document"):
        return False
    said = [words for words in texts if words not in ("", head)]
    step = any(find(control, "=goes_on") for control in controls) and said and all(map(_closes, said))
    return not (step or any(map(_closes, (head, *controls))))


def odd_demand(e: Shown) -> bool:
    """Whether it demands what goes beyond telling who one is: a photo with the identity card, a letter, copies, a
    fee."""
    demands = (said for said in _sentences(e) if find(said, "recruit", "closing/conditions"))
    return any(not find(said, "not_demanded") or find(said, "not_without") for said in demands)


def closing_slow(e: Shown) -> bool:
    """Whether handling the request takes longer than the law allows: fifteen working days, in another language than
    Chinese a month."""
    handled = (said for said in _sentences(e) if find(said, "handles") and not find(said, "taken_back"))
    for time in (time for said in handled for time in _TIME.finditer(said)):
        which = next(i for i, unit in enumerate(time.groups()[1:]) if unit)
        allowed = _ALLOWED_CHINESE if which < _CHINESE else _ALLOWED
        long = number(time["n"]) * list(_UNITS.values())[which] > allowed
        if long and not find(time.string[: time.start()], "since"):
            return True
    return False


def closing_keeps(e: Shown) -> bool:
    """Whether data stays after the account is closed, and no law is named for it."""
    return any(find(said, "closing/kept") and not find(said, "closing/excused") for said in _sentences(e))


def _sentences(e: Shown) -> Iterator[str]:
    """Of a help page's questions and answers, only those about closing the account."""
    wording = seen(e)
    asked = [n for n, text in enumerate(e.texts) if text.rstrip().endswith(("?", "？"))]
    words = [wording.words]
    if len(asked) > 1 and not any(map(_closes, (*map(plain, e.texts[: asked[0] + 1]), *wording.controls))):
        parts = (plain("\n".join(e.texts[n:end])) for n, end in pairwise((*asked, len(e.texts))))
        words = [part for part in parts if _closes(part)]
    return (said for part in words for said in SENTENCE_END.split(part) if said)
