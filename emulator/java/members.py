"""Members without behaviour, from the lines of ``members.txt``: constants, and properties that are kept and given back.

    android.view.View                      a class of ``framework/``, or a new one (``extends …`` may follow)
      int: ALPHA=3 BETA=4                  constants
      float: alpha=1f rotation             properties: field, setter and getter; of ``-name`` the setter only
      boolean: clickable                   its getter is ``isClickable``; of ``boolean+`` it is ``getClickable``
      int: >color                          a builder's setter, of which nothing is kept

A ``+`` in a value is a space. A class that has a source is compiled from a copy that has its members.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLE = HERE / "members.txt"
_ROOTS = (HERE / "framework", HERE / "generated")
_CONSTANT = re.compile(r"[A-Z][A-Za-z0-9_]*=")


def table(text: str) -> dict[str, tuple[str, list[str]]]:
    """Class to what follows its name, and its members in Java. Raises ``ValueError`` for a line out of place."""
    found: dict[str, tuple[str, list[str]]] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith(" "):
            name, _, rest = line.partition(" ")
            found.setdefault(name, (rest, []))
            continue
        kind, colon, words = line.strip().partition(": ")
        if not name or not colon:
            raise ValueError(f"members.txt: {line.strip()[:60]!r} names no type")
        for word in words.split():
            found[name][1].extend(_member(kind, word, name))
    return found


def _simple(name: str) -> str:
    return re.split(r"[.$]", name)[-1]


def _member(kind: str, word: str, owner: str) -> Iterator[str]:
    name, given, value = word.lstrip("->").partition("=")
    value = f'"{value}"' if kind == "String" else value.replace("+", " ")
    get = "is" if kind == "boolean" else "get"
    kind, big = kind.rstrip("+"), name[0].upper() + name[1:]
    if _CONSTANT.match(word) or owner.startswith("android.R$"):
        yield f"public static final {kind} {name} = {value};"
    elif word.startswith(">"):
        yield f"public {_simple(owner)} set{big}({kind} v) {{ return this; }}"
    elif word.startswith("-"):
        yield f"public void set{big}({kind} v) {{}}"
    else:
        yield f"private {kind} _{name}{' = ' + value if given else ''};"
        yield f"public void set{big}({kind} v) {{ _{name} = v; }}"
        yield f"public {kind} {get}{big}() {{ return _{name}; }}"


def expanded(sources: list[Path], into: Path) -> list[Path]:
    """The sources, with copies below ``into`` for those that get members and for new classes."""
    tops: dict[str, dict[str, tuple[str, list[str]]]] = {}
    for name, entry in table(TABLE.read_text("utf-8")).items():
        tops.setdefault(name.split("$")[0], {})[name] = entry
    left = {path: path for path in sources}
    for top, entries in tops.items():
        relative = Path(f"{top.replace('.', '/')}.java")
        original = next((root / relative for root in _ROOTS if root / relative in left), into / relative)
        if original in left:
            text = original.read_text("utf-8")
        else:
            text = f"package {top.rpartition('.')[0]};\n\npublic class {_simple(top)} {entries[top][0]} {{\n}}\n"
        for name, (rest, lines) in entries.items():
            text = _put(text, name, rest, lines)
        left[original] = into / relative
        left[original].parent.mkdir(parents=True, exist_ok=True)
        left[original].write_text(text, "utf-8")
    return list(left.values())


def _put(text: str, name: str, rest: str, lines: list[str]) -> str:
    """The source with the members behind the head of their class, in its line: the lines after keep their numbers."""
    body = " ".join(lines)
    head = re.compile(rf"^.*\b(?:class|interface)\s+{_simple(name)}\b[^{{;]*\{{", re.M)
    if not head.search(text):
        outer = re.compile(rf"^.*\b(?:class|interface)\s+{_simple(name.rpartition('$')[0])}\b[^{{;]*\{{", re.M)
        return outer.sub(lambda m: f"{m[0]} public static class {_simple(name)} {rest} {{ {body} }}", text, 1)
    return head.sub(lambda m: f"{m[0]} {body}", text, 1)
