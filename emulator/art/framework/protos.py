"""The constants that Android's build makes of protocol buffers for ``ProtoOutputStream``: field numbers with their
types, values of enums. They are what ``dump`` writes by; here they let the classes that have it compile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from emulator.art.place import Place

from .source import PROTOS

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
_TOKEN = re.compile(r'"[^"]*"|[\w.\-+]+|[{}=;<>,\[\]()]')
#: ``android.util.proto.ProtoOutputStream``.
_TYPES = {
    name: number
    for number, name in enumerate(
        "double float int64 uint64 int32 fixed64 fixed32 bool string group message bytes uint32 enum sfixed32 sfixed64"
        " sint32 sint64".split(),
        1,
    )
}
_COUNTS = {"optional": 1, "repeated": 2, "packed": 5}


def run(place: Place) -> None:
    """To ``work/protos``."""
    tree, out = place.work / "src" / PROTOS, place.work / "protos"
    out.mkdir()
    for path in sorted(tree.rglob("*.proto")):
        text = _COMMENT.sub("", path.read_text("utf-8"))
        package = re.search(r'option java_package\s*=\s*"([\w.]+)"', text) or re.search(
            r"^package\s+([\w.]+);", text, re.M
        )
        if package is None:
            continue
        several = re.search(r"option java_multiple_files\s*=\s*true", text)
        outer = re.search(r'option java_outer_classname\s*=\s*"(\w+)"', text)
        types = list(_types(iter(_TOKEN.findall(text)), _enums(text)))
        if not several:
            name = outer[1] if outer else "".join(word.title() for word in path.stem.split("_"))
            types = [(name, "".join(f"public static final class {one} {{\n{body}}}\n" for one, body in types))]
        for name, body in types:
            file = out / package[1].replace(".", "/") / f"{name}.java"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"package {package[1]};\npublic final class {name} {{\n{body}}}\n", "utf-8")


def _enums(text: str) -> set[str]:
    return set(re.findall(r"\benum\s+(\w+)", text))


def _types(tokens: Iterator[str], enums: set[str]) -> Iterator[tuple[str, str]]:
    """Messages at this level, and what is in them as Java; an enum's constants go to its surrounding message."""
    for token in tokens:
        if token == "message":
            name = next(tokens)
            next(tokens)
            yield name, "".join(_message(tokens, enums))
        elif token == "enum":
            name = next(tokens)
            next(tokens)
            yield name, "".join(_constants(tokens))
        elif token == "}":
            return


def _message(tokens: Iterator[str], enums: set[str]) -> Iterator[str]:
    words: list[str] = []
    for token in tokens:
        if token == "}":
            return
        if token in ("message", "enum") and not words:
            name = next(tokens)
            next(tokens)
            if token == "enum":
                yield from _constants(tokens)
            else:
                yield f"public static final class {name} {{\n{''.join(_message(tokens, enums))}}}\n"
        elif token == "oneof" and not words:
            next(tokens), next(tokens)
            yield from _message(tokens, enums)
        elif token == ";":
            yield from _field(words, enums)
            words = []
        else:
            words.append(token)


def _field(words: list[str], enums: set[str]) -> Iterator[str]:
    if "=" not in words[:5] or words[0] in ("option", "reserved", "extensions"):
        return
    at = words.index("=")
    packed = "packed" in words and words[words.index("packed") + 2 : words.index("packed") + 3] == ["true"]
    count = _COUNTS["packed" if packed else words[0] if words[0] in _COUNTS else "optional"]
    kind = words[at - 2]
    number = _TYPES.get(kind) or _TYPES["enum" if kind.rpartition(".")[2] in enums else "message"]
    value = count << 40 | number << 32 | int(words[at + 1])
    yield f"public static final long {words[at - 1].upper()} = 0x{value:x}L;\n"


def _constants(tokens: Iterator[str]) -> Iterator[str]:
    words: list[str] = []
    for token in tokens:
        if token == "}":
            return
        if token != ";":
            words.append(token)
            continue
        if len(words) >= 3 and words[1] == "=" and words[0] != "option":
            yield f"public static final int {words[0]} = {words[2]};\n"
        words = []
