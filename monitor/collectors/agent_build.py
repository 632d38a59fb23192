"""Compiles the agent with the compiler in the frida wheel: no node, no npm, no network.

The Java bridge is the file that frida-tools ships, wrapped as a local ES module; neither it nor a bundle that holds it
is committed. A build is kept beside the sources (or in the user's cache when the tree is read-only), keyed by a digest
of all its inputs.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import frida

from monitor.base import output, paths
from monitor.base.errors import EnvironmentFault

ENTRY = "src/index.ts"
_PARTS = ("src", "types")
_KINDS = (".ts", ".c", ".h")
_FORMAT = "4"
"""Bumped when the build process changes without a source changing."""


class Agent(NamedTuple):
    """A compiled agent: its JavaScript and the digests that name it in the session manifest."""

    code: str
    key: str
    """SHA-256 over sources, frida version and bridge file."""
    sha256: str
    """SHA-256 of ``code``."""
    bridge: str
    """SHA-256 of the bridge file."""


def agent(root: Path | None = None) -> Agent:
    """The agent, compiled if no build with the right key exists. Raises ``EnvironmentFault`` when the bridge is missing
    or a type error stops the compiler (its first lines are in the message)."""
    root = root or paths.bundled("hooks") / "agent"
    bridge = bridge_file()
    bridge_sha = hashlib.sha256(bridge.read_bytes()).hexdigest()
    key = _key(root, bridge_sha)
    places = [root / "build", _cache()]
    code = next((code for place in places if (code := _read(place, key)) is not None), None)
    if code is None:
        code = compile_agent(root, bridge)
        any(_write(place, key, code) for place in places)  # the first that can be written
    return Agent(code, key, hashlib.sha256(code.encode()).hexdigest(), bridge_sha)


def bridge_file() -> Path:
    """The Java bridge in the installed frida-tools. Raises ``EnvironmentFault``."""
    spec = importlib.util.find_spec("frida_tools")
    for place in (spec.submodule_search_locations or []) if spec else []:
        path = Path(place) / "bridges" / "java.js"
        if path.is_file():
            return path
    raise EnvironmentFault("frida-tools with its Java bridge is not installed", hint="pip install 'frida-tools>=14.13'")


_FIELDS = "read_art_array (class_object, field_arrays[field_array_cursor], sizeof (guint32), &n)"
_METHODS = "elements = read_art_array (class_object, art_api.class_offset_methods, sizeof (gsize), NULL)"
_REPAIRS = {
    f"elements = {_FIELDS}": "elements = fields[field_array_cursor], n = n_fields[field_array_cursor]",
    _METHODS: "gpointer fields[2]; guint n_fields[2]; for (i = 0; i != 2; i++) if (field_arrays[i] != 0) fields[i] = "
    + _FIELDS.replace("field_array_cursor", "i").replace("&n", "&n_fields[i]")
    + f"; {_METHODS}",
}
"""Of the bridge's view of a class on ART: it asks for the name of each method, meanwhile a collector may move the
class, and then reads at the old place where the fields are (docs/upstream/moved-class.md). Here it reads that first."""
_EACH = "t.enumerateSymbols().reduce(function(e,t){return e[t.name]=t,e},s)"
_ASKED = """(e=>{const n=Object.keys({...r,...o});for(const r of n){const o=r in e?null:t.findSymbolByName(r);
null!==o&&(e[r]={address:o})}return n.every(t=>t in e||i.has(t))})(s)?s:"""
_SYMBOLS = {_EACH: _ASKED.replace("\n", "") + _EACH}
"""Of its way into a JVM: to find some fifty symbols it makes an object of each of 58,000, a tenth of a second of CPU in
every process. Here it asks for those, and lists all only where one is missing."""


def repaired(bridge: str) -> str:
    """The bridge's text without a fault of its own that ends apps, and with less work on a JVM. Another version's text
    stays as it is."""
    for changes in (_REPAIRS, _SYMBOLS):
        if all(bridge.count(wrong) == 1 for wrong in changes):
            for wrong, right in changes.items():
                bridge = bridge.replace(wrong, right)
    return bridge


def compile_agent(root: Path, bridge: Path) -> str:
    """Type-check and compile the agent in ``root``; minified, without source map. Raises ``EnvironmentFault``."""
    problems: list[str] = []

    def note(diagnostics: list[dict[str, Any]]) -> None:
        for found in diagnostics:
            file = found.get("file")
            place = f"{file['path']}:{file['line'] + 1}:{file['character'] + 1}: " if file else ""
            code = f"TS{found['code']}: " if found["code"] > 0 else ""
            problems.append(f"{place}{code}{found['text']}")

    with tempfile.TemporaryDirectory(prefix="agent-") as name:
        project = Path(name)
        for part in _PARTS:
            shutil.copytree(root / part, project / part)
        (project / "src" / MODULE).write_text(embedded(root / "src"), "utf-8")
        shutil.copy(root / "tsconfig.json", project)
        module = project / "node_modules" / "frida-java-bridge"
        module.mkdir(parents=True)
        source = repaired(bridge.read_text("utf-8"))
        (module / "index.js").write_text(f"{source}\nexport default bridge;\n", "utf-8")
        manifest = '{"name": "frida-java-bridge", "version": "0.0.0", "type": "module", "main": "index.js"}'
        (module / "package.json").write_text(manifest, "utf-8")
        compiler: Any = frida.Compiler()  # type: ignore[no-untyped-call]
        compiler.on("diagnostics", note)
        options = {"type_check": "full", "source_maps": "omitted", "compression": "terser"}
        try:
            return str(compiler.build(ENTRY, project_root=str(project), **options))
        except (frida.InvalidArgumentError, frida.InvalidOperationError, frida.NotSupportedError) as error:
            text = "; ".join(problems[:5]) or str(error)
            raise EnvironmentFault(f"the agent does not compile: {text}", where=str(root)) from None


def _key(root: Path, bridge_sha: str) -> str:
    if not (root / ENTRY).is_file():
        raise EnvironmentFault("the agent's sources are missing", where=str(root), hint="reinstall the package")
    digest = hashlib.sha256(f"{_FORMAT}\0{frida.__version__}\0{bridge_sha}\0".encode())
    inside = (path for part in _PARTS for path in (root / part).rglob("*") if path.suffix in _KINDS)
    for path in sorted([root / "tsconfig.json", *inside]):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path.home() / ".cache") / "app-privacy-monitor" / "agent"


def _read(place: Path, key: str) -> str | None:
    path = place / f"{key[:16]}.js"
    if place == _cache() and not output.trusted(path):
        return None  # with sudo the cache may be another user's: what runs in the app is then compiled again
    try:
        head, _, code = path.read_text("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return code if head == _head(key, code) else None


def _head(key: str, code: str) -> str:
    """The first line of a build that is kept."""
    return f"// {key} {hashlib.sha256(code.encode()).hexdigest()}"


def _write(place: Path, key: str, code: str) -> bool:
    """Keep a build; older ones in the same place are removed. A failure only means compiling again next time."""
    path = place / f"{key[:16]}.js"
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=place, suffix=".tmp", delete=False, encoding="utf-8") as out:
            out.write(f"{_head(key, code)}\n{code}")
        Path(out.name).replace(path)
        for old in place.glob("*.js"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError:
        return False
    return True


MODULE = "c/embedded.ts"
"""Where the module goes, beside the files themselves."""
_INCLUDE = re.compile(r'^#include "([^"]+)"$', re.MULTILINE)
_NUMBER = re.compile(r"^#define ([A-Z][A-Z0-9_]*) (\d+|\(\d+ << \d+\))$", re.MULTILINE)


def embedded(sources: Path) -> str:
    """The module for the C files in ``sources``/c: ``FILES``, text by name, and ``DEFINED``, numeric macros by name.
    Raises ``EnvironmentFault`` where a file includes one that is not there."""
    files = {path.name: path.read_text("utf-8") for path in sorted((sources / "c").glob("*.[ch]"))}
    for name, text in files.items():
        for wanted in _INCLUDE.findall(text):
            if wanted not in files:
                raise EnvironmentFault(f'c/{name} includes "{wanted}", which is not there', where=str(sources))
    numbers = [pair for text in files.values() for pair in _NUMBER.findall(text)]
    defined = "".join(f"  {name}: {value},\n" for name, value in numbers)
    texts = "".join(f"  {json.dumps(name)}: {json.dumps(text)},\n" for name, text in files.items())
    return f"export const DEFINED = {{\n{defined}}};\nexport const FILES = {{\n{texts}}};\n"
