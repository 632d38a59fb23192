"""The lexicon: what phrases on screens mean, a tab-separated file for each language (``analysis/consent/lexicon``).

A line is a phrase, its act (``acts.yaml`` has them all) and its strength. ``/…/`` is a regular expression; only this
version's count, as an expression from elsewhere may take any time to match.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from monitor.base import paths, yamlfile
from monitor.base.errors import InputError, nearest, printable

LEXICON: Final = paths.package_data("analysis") / "consent" / "lexicon"
ACTS: Final = "acts.yaml"
HEADER: Final = ("phrase", "act", "strength")
_MAX_PHRASES: Final = 20_000
_MAX_LENGTH: Final = 200


class Phrase(NamedTuple):
    """A line of the lexicon."""

    text: str
    act: str
    strength: str
    language: str
    """The name of its file: ``zh``, ``en`` …, ``any``."""

    @property
    def place(self) -> tuple[str, ...]:
        """Act, group and strength, as patterns are asked for."""
        return tuple(filter(None, (*self.act.split("."), self.strength)))

    @property
    def expression(self) -> str:
        """The regular expression that it is; empty = it is plain words."""
        return self.text[1:-1] if len(self.text) > 2 and self.text[0] == self.text[-1] == "/" else ""


@cache
def acts() -> Mapping[str, Mapping[str, Any]]:
    """Each act by name: what it ``means``, how it is ``matched``, its ``groups`` and ``strengths``."""
    found: Mapping[str, Mapping[str, Any]] = yamlfile.load(LEXICON / ACTS)
    return found


@cache
def places() -> tuple[tuple[str, ...], ...]:
    """Where phrases may stand: (act), (act, group) or (act, strength), in the order of ``acts.yaml``."""
    found: list[tuple[str, ...]] = []
    for name, act in acts().items():
        parts = [*act.get("groups", ()), *act.get("strengths", ())]
        found += [(name, part) for part in parts] or [(name,)]
    return tuple(found)


def read_phrases(path: Path, *, own: bool = False, lenient: bool = False) -> list[Phrase]:
    """The phrases of a file. ``own``: it may have regular expressions. ``lenient``: it is an earlier version's, so that
    lines with acts which are no more, and expressions, are left out. Raises ``InputError``."""
    lines = yamlfile.read_text(path).splitlines()
    if tuple(lines[:1]) != ("\t".join(HEADER),):
        raise InputError("the first line must be phrase, act, strength, with tabs between", where=str(path))
    if len(lines) > _MAX_PHRASES:
        raise InputError(f"more than {_MAX_PHRASES} phrases", where=str(path))
    known = set(places())
    found = []
    for number, line in enumerate(lines[1:], 2):
        where = f"{path}:{number}"
        text, _, rest = line.partition("\t")
        act, _, strength = rest.partition("\t")
        phrase = Phrase(text.strip(), act, strength, path.stem)
        if not phrase.text or len(line) > _MAX_LENGTH:
            raise InputError(f"a phrase of up to {_MAX_LENGTH} characters is expected", where=where)
        if phrase.place not in known or (phrase.expression and not own):
            if lenient:
                continue
            if phrase.expression:
                raise InputError("a regular expression: only phrases can be added", where=where)
            hint = nearest(act, [".".join(place) for place in known])
            raise InputError(f"no such act: {printable(' '.join(phrase.place), 60)}", where=where, hint=hint)
        found.append(phrase)
    return found


def read_lexicon(directory: Path) -> list[Phrase]:
    """All phrases of a directory with a file for each language. Raises ``InputError``."""
    own = directory == LEXICON
    return [
        phrase for path in sorted(directory.glob("*.tsv")) for phrase in read_phrases(path, own=own, lenient=not own)
    ]


def by_place(phrases: Iterable[Phrase]) -> dict[tuple[str, ...], list[Phrase]]:
    """Every place with its phrases, the longest first: an alternative that is longer is tried before its beginning."""
    found: dict[tuple[str, ...], list[Phrase]] = {place: [] for place in places()}
    for phrase in sorted(phrases, key=lambda one: (-len(one.text), one.text)):
        found[phrase.place].append(phrase)
    return found


def written(phrases: Iterable[Phrase]) -> str:
    """A file of these phrases, sorted by act, strength and text."""
    lines = sorted({(one.act, one.strength, one.text) for one in phrases})
    return "".join("\t".join(line) + "\n" for line in (HEADER, *((text, act, s) for act, s, text in lines)))


def expanded(text: str, parts: Mapping[str, Iterable[str]]) -> str:
    """An expression with each ``⟨act⟩`` replaced by the expressions of that act."""
    return re.sub("⟨(.+?)⟩", lambda other: f"(?:{'|'.join(expanded(one, parts) for one in parts[other[1]])})", text)
