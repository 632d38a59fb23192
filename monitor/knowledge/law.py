"""The provisions that rules cite: one file per law or guideline in ``clauses/``, with the text where it was read.

Where the text was not read it is empty; the ``summary`` is then printed as a summary, never as a quotation.
"""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from monitor.base import errors, paths
from monitor.base.yamlfile import Named, Strict, folder

NUMERALS: Final = "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五".split()
_ITEMS: Final = {f"SZ({numeral})": number for number, numeral in enumerate(NUMERALS, 1)}
#: What a clause that says nothing of it has from its law.
_INHERITED: Final = ("issuer", "number", "effective", "status", "source", "rank")


class Words(Strict):
    """The same in Chinese and English; ``fr`` is official wording where a French text is cited."""

    zh: str = ""
    en: str = ""
    fr: str = ""

    def get(self, lang: str) -> str:
        """The text in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


class Origin(Strict):
    """Where a text was read."""

    where: str
    kind: str = ""


Day = Annotated[str, Field(pattern=r"^(\d{4}-\d\d-\d\d)?$")]


class Entry(Strict):
    """A clause as in its file; what is missing is inherited from the law."""

    ref: str = Field(min_length=1)
    article: Words
    text: Words = Words()
    summary: Words = Words()
    practice: Words = Words()
    """How test laboratories apply it; not the issuer's words."""
    issuer: Words | None = None
    number: str = ""
    effective: Day = ""
    status: str = ""
    rank: int = Field(0, ge=0, le=8)
    confidence: Literal["seen", "secondary", "unverified"]
    source: Origin | None = None
    note: str = ""


class Law(Named):
    """A law, regulation, standard, guide or store policy. Rank 1 law … 7 store rule, 8 court or authority abroad."""

    law: Words
    issuer: Words = Words()
    number: str = ""
    effective: Day = ""
    status: str = ""
    rank: int = Field(0, ge=0, le=8)
    source: Origin = Origin(where="")
    clauses: list[Entry] = Field(min_length=1)


class Provision(Entry):
    """A clause with everything inherited; ``ref`` is the short name that rules and findings use."""

    law: Words
    issuer: Words
    rank: int = Field(ge=1, le=8)
    source: Origin

    @property
    def draft(self) -> bool:
        """Whether it is not in force: published for comments only."""
        return self.status.startswith("draft")

    @property
    def checked(self) -> str:
        """How the words are known: ``seen`` in what the issuer published, ``mirror``: read in a copy elsewhere, which
        is not the original, ``secondary`` or ``unverified``."""
        own = self.source.kind.startswith("official")
        return "mirror" if self.confidence == "seen" and not own else self.confidence

    @property
    def order(self) -> tuple[bool, tuple[int, ...], str]:
        """Its place within the law: by the numbers of the article, annexes and recitals after the articles."""
        article = self.article.en
        last = article.startswith(("Annex", "Appendix", "Recital"))
        return last, tuple(int(number) for number in re.findall(r"\d+", article)), article

    def name(self, lang: str) -> str:
        """Law and article in full, as a report prints them."""
        return f"{self.law.get(lang)}{self.article.get(lang)}" if lang == "zh" else f"{self.law.en}, {self.article.en}"


def item_of(ref: str) -> int:
    """The number of an item of the Shenzhen guideline by its clause, 0 for any other clause."""
    return _ITEMS.get(ref, 0)


def load_clauses(directory: Path | None = None) -> dict[str, Provision]:
    """All provisions by ``ref``. Raises ``InputError``."""
    return dict(_provisions(directory or paths.package_data("clauses")))


@cache
def _provisions(directory: Path) -> dict[str, Provision]:
    found: dict[str, Provision] = {}
    for name, law in folder(Law, directory).items():
        for entry in law.clauses:
            worded = entry.text.zh or entry.text.en or entry.summary.zh or entry.summary.en
            fault = "" if worded else "neither a text nor a summary"
            fault = "duplicate" if entry.ref in found else fault
            inherited = {name: getattr(entry, name) or getattr(law, name) for name in _INHERITED}
            if not inherited["rank"]:
                fault = "neither the clause nor its law has a rank"
            if fault:
                raise errors.InputError(f"{entry.ref}: {fault}", where=str(directory / f"{name}.yaml"))
            found[entry.ref] = Provision.model_validate({**dict(entry), **inherited, "law": law.law})
    return found
