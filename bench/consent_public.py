"""How published dialogs and button texts (``tests/corpus/consent/public-*.yaml``) are read.

They were collected from consent platforms' translation files and from apps, and labelled by the key under which each
source has them, before any was read here. Half of them, chosen by a checksum of their words, is kept apart (``kept``):
what of it is read wrongly is counted and not shown. When first read, 505 of 866 answers were as labelled (kept: 273 of
451), 4 were reversed. The words were then extended after the open part by who had collected both; two reversed
answers of the kept part were looked at for their cause.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import yaml

from bench.bench_consent import CORPUS
from monitor.analysis.consent.tracker import read_consent
from monitor.analysis.rules.examples import event

PARTS: Final = ("open", "kept")
_GRANTED, _DENIED = "granted", "denied"
#: A notice in each language, to ask about a button by itself: title, text, a control that agrees, one that refuses.
_NOTICE: Final[dict[str, tuple[str, str, str, str]]] = {
    "en": ("Privacy", "We and our partners process personal data. See our Privacy Policy.", "Accept", "Decline"),
    "de": ("Datenschutz", "Wir und unsere Partner verarbeiten personenbezogene Daten.", "Akzeptieren", "Ablehnen"),
    "fr": ("Vie privée", "Nous et nos partenaires traitons vos données personnelles.", "Accepter", "Refuser"),
    "es": ("Privacidad", "Nosotros y nuestros socios tratamos tus datos personales.", "Aceptar", "Rechazar"),
    "ja": ("プライバシーポリシー", "個人情報の取り扱いについてご確認ください。", "同意する", "同意しない"),
    "ko": ("개인정보 처리방침", "개인정보를 처리합니다.", "동의", "거부"),
    "zh": ("隐私政策", "请阅读并同意《隐私政策》。", "同意", "不同意"),
    "zht": ("隱私權政策", "請閱讀並同意《隱私權政策》。", "同意", "不同意"),
}


class Result(NamedTuple):
    """One answer: language, what it was shown in, the words, what is right and what was read."""

    part: str
    language: str
    kind: str
    window: tuple[str, str]
    words: str
    right: str
    read: str

    @property
    def outcome(self) -> str:
        """right, reversed (an agreement read as a refusal or the other way round) or wrong."""
        if self.read == self.right or (self.right == "sent" and self.read in ("unread", _GRANTED, _DENIED)):
            return "right"
        return "reversed" if {self.read, self.right} == {_GRANTED, _DENIED} else "wrong"


def _load(name: str) -> Any:
    return yaml.load((CORPUS / f"public-{name}.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def _part(*words: str) -> str:
    return PARTS[zlib.crc32("\0".join(words).encode()) % 2]


_MEANS: Final = {"accept": _GRANTED, "reject": _DENIED, "leads": "nothing", "sends": "sent", "nothing": "nothing"}


def _read(window: dict[str, Any], label: str, before: list[dict[str, Any]] | None = None) -> str:
    """Where the policy stands after a tap on a control of a window: ``nothing`` if the tap decided nothing."""
    raws = [*(before or []), {"kind": "window", "at": 20, "window": 1, **window}]
    raws.append({"kind": "tap", "at": 25, "window": 1, "label": label})
    tracker = read_consent(event(raw, number) for number, raw in enumerate(raws, 1))
    if tracker.lines.unread:
        return "unread"
    if before:
        return tracker.lines.state("policy")
    marks = [(s, m) for s, line in tracker.lines.scopes.items() for m in line.marks if len(raws) in m.events]
    states = {m.state for _, m in marks if m.state != "shown"}
    return next(iter(states)) if len(states) == 1 else "nothing" if not states else "both"


def results() -> Iterator[Result]:
    """Every answer, read."""
    refused = [
        {"kind": "window", "at": 1, "window": 9, "title": "隐私政策", "texts": ["请阅读《隐私政策》"],
         "buttons": ["同意", "不同意"]},
        {"kind": "tap", "at": 3, "label": "不同意", "window": 9},
        {"kind": "window", "at": 3.1, "window": 9, "action": "hidden"},
    ]  # fmt: skip
    for rows in _load("dialogs").values():
        for language, kind, title, text, links, answers in rows:
            window = {"title": title, "texts": [text], "buttons": list(answers), "links": links}
            part = _part(title, text)
            for words, meant in answers.items():
                right = meant if kind == "second" else _MEANS[meant]
                before = refused if kind == "second" else None
                yield Result(part, language, kind, (title, text), words, right, _read(window, words, before))
    for languages in _load("buttons").values():
        for language, meanings in languages.items():
            title, text, yes, no = _NOTICE[language]
            for meant, texts in meanings.items():
                for words in texts:
                    beside = {"accept": [no], "reject": [yes], "sends": [yes, no]}.get(meant, [no, yes])
                    buttons = list(dict.fromkeys((*beside, words)))
                    read = _read({"title": title, "texts": [text], "buttons": buttons}, words)
                    yield Result(_part(language, words), language, "button", (title, text), words, _MEANS[meant], read)


class Score(NamedTuple):
    """Answers of a part: how many, how many right, how many reversed."""

    all: int
    right: int
    reversed: int


def measure() -> dict[tuple[str, str], Score]:
    """(part, kind) to its score."""
    counts: Counter[tuple[str, str, str]] = Counter((r.part, r.kind, r.outcome) for r in results())
    return {
        (part, kind): Score(
            sum(counts[part, kind, o] for o in ("right", "wrong", "reversed")),
            counts[part, kind, "right"],
            counts[part, kind, "reversed"],
        )
        for part in PARTS
        for kind in ("notice", "second", "everyday", "button")
    }


def main(verbose: bool = False) -> None:
    """Print the table; ``verbose`` also what of the open part was read otherwise."""
    for (part, kind), score in measure().items():
        print(f"published, {part}: {kind:9} {score.right}/{score.all} right, {score.reversed} reversed")
    if verbose:
        for r in results():
            if r.part == "open" and r.outcome != "right":
                print(r.language, r.kind, r.outcome, r.words, "|", *r.window, "|", r.right, "read:", r.read)
