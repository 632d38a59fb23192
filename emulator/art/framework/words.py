"""What the framework's source mentions: read once, for everything that is generated from it."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from .source import files

_NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"', re.S)
_R = (
    "anim animator array attr bool color dimen drawable fraction id integer interpolator layout menu mipmap plurals raw"
    " string style styleable transition xml font"
)
_RESOURCE = re.compile(rf"(com\.android\.internal\.|android\.)?\bR\s*\.\s*({'|'.join(_R.split())})\s*\.\s*(\w+)")
_QUALIFIED = re.compile(r"(?<![\w.])((?:[a-z_][a-z_0-9]*\.)+(?:V\d_\d\.)?[A-Z]\w*(?:\.\w+)*)")
_IMPORT = re.compile(r"^import\s+(static\s+)?([\w.]+?)(\.\*)?\s*;", re.M)
_CONSTANT = re.compile(r"\b([A-Z]\w*)\s*\.\s*([A-Z][A-Z0-9_]+)\b(?!\s*[.(])")
_CALL = re.compile(r"\b([A-Z]\w*(?:Properties|Initializer\w*))\s*\.\s*([a-z]\w*)\(")
_ORDER = re.compile(r"\b(\w+ProtoEnums)\s*\.\s*([A-Z][A-Z0-9_]+)\s*[;,]?(?:\s*// = (\d+))?")
_KINDS = re.compile(r"\b(new|implements|extends|@)\s*([A-Z]\w*(?:\s*,\s*[A-Z]\w*)*)")


@dataclass
class Words:
    """``types``: qualified names; ``constants``: by simple name of their class, in order; ``internal`` and ``public``:
    resources (type, name); ``calls``: methods of generated property classes and of modules' initialisers; ``kinds``:
    simple names after a word."""

    types: set[str] = field(default_factory=set)
    constants: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    internal: set[tuple[str, str]] = field(default_factory=set)
    public: set[tuple[str, str]] = field(default_factory=set)
    calls: set[tuple[str, str]] = field(default_factory=set)
    kinds: set[tuple[str, str]] = field(default_factory=set)
    permissions: set[str] = field(default_factory=set)

    def add(self, other: Words) -> None:
        for cls, names in other.constants.items():
            for name, value in names.items():
                self.constants[cls].setdefault(name, value)
        for name in ("types", "internal", "public", "calls", "kinds", "permissions"):
            getattr(self, name).update(getattr(other, name))


def java(tree: Path) -> dict[str, Path]:
    """The framework's Java files, and those made of its interfaces and protocol buffers, by their paths."""
    found = files(tree / "src", ".java")
    for made in ("aidl", "protos"):
        found = {
            path.relative_to(tree / made).as_posix(): path for path in sorted((tree / made).rglob("*.java"))
        } | found
    return {name: path for name, path in found.items() if not name.endswith(("package-info.java", "module-info.java"))}


def read(paths: list[Path]) -> Words:
    """All words of these files."""
    found, parts = Words(), [paths[at::16] for at in range(16)]
    with ProcessPoolExecutor(os.cpu_count() or 1) as pool:
        for words in pool.map(_some, parts):
            found.add(words)
    return found


def _some(paths: list[Path]) -> Words:
    found = Words(constants={})
    for path in paths:
        raw = path.read_text("utf-8")
        package = re.search(r"^package\s+([\w.]+)", raw, re.M)
        for cls, name, value in _ORDER.findall(raw):
            found.constants.setdefault(cls, {})[name] = value
            if package and f".{cls};" not in raw:
                found.types.add(f"{package[1]}.{cls}")
        text = _NOT_CODE.sub(" ", raw)
        imports = _IMPORT.findall(text)
        for static, name, wildcard in imports:
            if static and not wildcard:
                cls, _, member = name.rpartition(".")
                found.types.add(cls)
                if member.isupper():
                    found.constants.setdefault(cls.rpartition(".")[2], {}).setdefault(member, "")
            elif static or not wildcard:
                found.types.add(name)
        found.types.update(_QUALIFIED.findall(re.sub(r"^(import|package)\b.*", "", text, flags=re.M)))
        for cls, name in _CONSTANT.findall(text):
            found.constants.setdefault(cls, {}).setdefault(name, "")
        internal = "import com.android.internal.R;" in text
        for owner, kind, name in _RESOURCE.findall(text):
            if owner == "android." or (not owner and not internal):
                found.public.add((kind, name))
            found.internal.add((kind, name))
        found.calls.update(_CALL.findall(text))
        found.permissions.update(re.findall(r"\bpermission\.([A-Z_0-9]+)\b", text))
        for word, names in _KINDS.findall(text):
            found.kinds.update((word, name.strip()) for name in names.split(","))
        for names in re.findall(r"\bimplements\s+([\w.,<>\s]+?)\{", text):
            found.kinds.update(("implements", name) for name in re.findall(r"\w+", names))
    return found
