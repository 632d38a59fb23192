"""The framework's interfaces (AIDL) as Java, by Debian's aidl 10.

That one knows no enums, unions, generics, nested types or most annotations of later AIDL: they are taken out first,
which leaves method names, their order and their types as they are. Parcelables of absent modules are declared.
"""

from __future__ import annotations

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from emulator.art.place import Place, environment

from .source import AIDL_ROOTS, files

HERE = Path(__file__).resolve().parent
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
_ANNOTATION = re.compile(r'@(?!nullable\b|utf8InCpp\b)[A-Za-z.]+\s*(\((?:[^()"]|"[^"]*"|\([^()]*\))*\))?')
_ENUM = re.compile(r"\benum\s+(\w+)\s*\{(.*?)\}", re.S)
#: What is taken out of a file: pattern, and what stands for it.
_PLAINER = (
    (r"@nullable\s*\([^)]*\)", "@nullable"),
    (r"(parcelable\s+\w+)\s*<[^>]*>\s*;", r"\1;"),
    (r"\b(ParceledListSlice|AndroidFuture|InfoStore|StringParceledListSlice)\s*<[\w.<>, ?]*>", r"\1"),
    (r"\bMap\s*<.*?>+(?=\s+\w)", "Map"),
    (r"\b(ndk_header|rust_type)\s+\"[^\"]*\"", ""),
    (r"List<ComponentEnabledSetting>", "List"),
    (r"IncidentManager\.IncidentReport", "IncidentReport"),
    (r"\b1 << 0\b", "1"),
)


def run(place: Place) -> None:
    """To ``work/aidl``; how many failed, and which, to the log."""
    plain, out = place.work / "aidl.in", place.work / "aidl"
    out.mkdir()
    sources = files(HERE, ".aidl", ("aidl",)) | files(place.work / "src", ".aidl", AIDL_ROOTS)
    texts = {name: _plain(path.read_text("utf-8")) for name, path in sources.items()}
    enums = {name: text for name, text in texts.items() if _ENUM.search(text) and not re.search(r"\binterface\b", text)}
    backing = {name: _enum(out, name, text, sources[name]) for name, text in enums.items()}
    texts = {name: _without(text, backing) for name, text in texts.items() if name not in enums}
    for name, text in texts.items():
        _write(plain / name, text)
    for imported in sorted(
        {one for text in texts.values() for one in re.findall(r"^\s*import\s+([\w.]+)\s*;", text, re.M)}
    ):
        path = plain / (imported.replace(".", "/") + ".aidl")
        if not path.exists():
            package, _, short = imported.rpartition(".")
            kind = f"interface {short} {{}}" if re.match(r"I[A-Z]", short) else f"parcelable {short};"
            _write(path, f"package {package};\n{kind}\n")
    todo = [name for name, text in texts.items() if re.search(r"\binterface\s+\w+|parcelable\s+\w+\s*\{", text)]

    def generate(name: str) -> str:
        words = ["aidl", "--lang=java", f"-I{plain}", "-o", str(out), str(plain / name)]
        done = subprocess.run(words, env=environment(), capture_output=True, text=True, timeout=60, check=False)
        return f"{name}: {(done.stderr or done.stdout).strip().splitlines()[:1]}" if done.returncode else ""

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        failed = [line for line in pool.map(generate, todo) if line]
    with place.log.open("a", encoding="utf-8") as log:
        log.write(f"aidl: {len(todo) - len(failed)} of {len(todo)}\n" + "".join(f"  {line}\n" for line in failed))
    assert len(failed) < len(todo) // 50, f"aidl takes only {len(todo) - len(failed)} of {len(todo)} files"


def _plain(text: str) -> str:
    text = _ANNOTATION.sub("", _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text))
    for pattern, plainer in _PLAINER:
        text = re.sub(pattern, plainer, text)
    if re.search(r"parcelable\s+\w+\s*\{", text):
        text = re.sub(r"^\s*const .*$", "", text, flags=re.M)
    return re.sub(r"\bunion\s+(\w+)\s*\{.*\}", r"parcelable \1;", text, flags=re.S)


def _enum(out: Path, name: str, text: str, source: Path) -> str:
    """Write an enum as the interface of constants that later aidl makes of it; its backing type."""
    found = _ENUM.search(text)
    package = re.search(r"package\s+([\w.]+)", text)
    assert found and package
    told = re.search(r'@Backing\(type\s*=\s*"(\w+)"\)\s*enum\s+' + found[1], source.read_text("utf-8"))
    kind, last, lines = told[1] if told else "byte", "-1", []
    for item in filter(None, (part.strip() for part in found[2].split(","))):
        constant, _, value = (part.strip() for part in item.partition("="))
        lines.append(f"  public static final {kind} {constant} = {value or f'{last} + 1'};\n")
        last = constant
    body = f"package {package[1]};\npublic @interface {found[1]} {{\n{''.join(lines)}}}\n"
    _write(out / name.replace(".aidl", ".java"), body)
    return kind


def _without(text: str, backing: dict[str, str]) -> str:
    """With the backing types of enums in their place; nested enums out."""
    text = _ENUM.sub("", text)
    for name, kind in backing.items():
        full = name.removesuffix(".aidl").replace("/", ".")
        short = full.rpartition(".")[2]
        if re.search(rf"\b{short}\b", text):
            text = re.sub(rf"import\s+{re.escape(full)}\s*;", "", text)
            text = re.sub(rf"\b(?:[\w.]+\.)?{short}\b(?=\s*(\[\])?\s+\w)", kind, text)
            text = re.sub(rf"=\s*(?:[\w.]+\.)?{short}\.\w+", "", text)
    return text


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
