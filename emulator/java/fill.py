"""Members that rows of the catalogue name and a hand-written class of ``framework/`` does not have.

Such a class is compiled once more from a copy with these members added. They answer as generated classes do
(``standin.Canary``) until somebody writes them by hand. A class lacks a member where it has none of a row's overloads:
that one release has an overload and another has not is meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from emulator.java import generate
from emulator.java.missing import Member, Platform
from monitor.knowledge.catalogue import Row, load_catalogue

_LETTERS = {"void": "V", "boolean": "Z", "byte": "B", "char": "C", "short": "S", "int": "I", "long": "J", "float": "F",
            "double": "D"}  # fmt: skip


def descriptor(name: str) -> str:
    """A type of a catalogue's signature as class files name it: ``int[]`` is ``[I``."""
    if name.endswith("[]"):
        return "[" + descriptor(name[:-2])
    return _LETTERS.get(name) or f"L{name.replace('.', '/')};"


def lacking(rows: Iterable[Row], platform: Platform) -> Iterator[Row]:
    """Rows of which a hand-written class has no overload."""
    for row in rows:
        if not row.overloads or not generate.hookable(row) or not generate.in_framework(row.cls):
            continue
        name = "<init>" if row.method == "$init" else row.method
        if not any(platform.has(Member(row.cls.replace(".", "/"), name, _of(one))) for one in row.overloads):
            yield row


def filled(classes: Path, into: Path, whole: Path) -> list[Path]:
    """Copies below ``into`` of the sources that lack members, with these added; none where nothing is missing.

    ``classes``: the compiled framework; ``whole``: copies of sources that stand in their place. Raises ``ValueError``
    for a member of a nested class.
    """
    wanted: dict[str, list[Row]] = defaultdict(list)
    for row in lacking(load_catalogue(), Platform(classes)):
        if "$" in row.cls:
            raise ValueError(f"{row.id}: {row.cls} is written by hand and has no {row.method}: add it to its source")
        wanted[row.cls].append(row)
    return [_copy(cls, rows, into, whole) for cls, rows in sorted(wanted.items())]


def _of(signature: str) -> str:
    params, result = generate.split(signature)
    return f"({''.join(map(descriptor, params))}){descriptor(result)}"


def _copy(cls: str, rows: list[Row], into: Path, whole: Path) -> Path:
    relative = Path(f"{cls.replace('.', '/')}.java")
    source = whole / relative if (whole / relative).exists() else generate.FRAMEWORK / relative
    head, _, tail = source.read_text("utf-8").rpartition("}")
    made = generate.Made(cls)
    lines = [f"    {generate.member(made, row, one)}" for row in rows for one in row.overloads]
    path = into / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([head.rstrip(), *lines, "}" + tail]), "utf-8")
    return path
