"""How a window was read: the rows of the decision table that decided a tap, and the phrases that made them hold."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from monitor.analysis.consent.decide import Record
from monitor.analysis.consent.requests import rows
from monitor.analysis.consent.text import phrase_behind
from monitor.base.errors import printable
from monitor.knowledge.wordlists import table
from monitor.text import t

#: What a window asks, as a condition of the table, to the speech acts by which it does.
_ASKS: Final = {"asks": ("policy", "separate", "login_consent"), "withdraws": ("withdraws",)}


def readings(taps: Iterable[int], records: Mapping[int, Record], lang: str) -> Iterator[str]:
    """Of each tap that a row of the table decided: its rows with their meaning, and the words that made them hold."""
    for seq in (seq for seq in taps if seq in records and records[seq].row):
        for row in (*rows("meanings"), *rows("decisions")):
            if row.id == (records[seq].meaning if row.meaning else records[seq].row):
                yield printable(t("explain.reading.row", lang, seq=seq, id=row.id, means=row.means[lang]), 400)
        for where, words, ways in _words(records[seq]):
            said = t(f"explain.reading.{where}", lang, words=words)
            if phrase := phrase_behind(words, ways):  # else they make a phrase only in their text
                named = {"phrase": phrase.text, "act": "/".join(phrase.place), "file": f"{phrase.language}.tsv"}
                said += t("explain.reading.phrase", lang, **named)
            yield printable(said, 400)


def _words(record: Record) -> Iterator[tuple[str, str, Iterable[Mapping[str, object]]]]:
    """The words on the control, then those of its window that the rows asked for: where, which, and their ways."""
    if record.words:
        yield "control", record.words, table("consent_decisions")["labels"]
    named = [name.removeprefix("seen.") for name, held in record.conditions.items() if held == "yes"]
    named += _ASKS.get(record.conditions.get("window", ""), ())
    for act in dict.fromkeys(filter(None, (_spoken(name, record.acts) for name in named))):
        yield "window", record.acts[act], table("consent_decisions")["acts"][act]


def _spoken(name: str, acts: Mapping[str, str]) -> str:
    """The speech act whose words make this one; empty if none do."""
    if acts.get(name) != "yes":
        return name if acts.get(name) else ""
    others = (other for way in table("consent_decisions")["acts"][name] for other in way.get("act", ()))
    return next(filter(None, (_spoken(other, acts) for other in others)), "")
