"""The agent's C: clean by other compilers on both processors, laid out as JavaScript believes, embedded whole."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.base.errors import EnvironmentFault
from monitor.base.paths import bundled
from monitor.collectors.agent_build import embedded

SOURCES = bundled("hooks") / "agent" / "src"
FILES = sorted((SOURCES / "c").glob("*.c"))
HEADERS = Path(__file__).parent / "headers"
"""What Frida's compiler brings: as much of it as is used."""
OPTIONS = [*"-std=gnu11 -fsyntax-only -Wall -Wextra -Wno-unused-parameter -Werror -isystem".split(), str(HEADERS)]
CLANG = [
    pytest.param(["clang", f"--target={processor}-linux-gnu"], id=processor, marks=pytest.mark.extra("clang"))
    for processor in ("x86_64", "aarch64")
]

#: TypeScript's tables of offsets: file, table, C file that has the structure, its name.
TABLES = [
    ("fast/entries.ts", "AT", "site.h", "Site"),
    ("fast/entries.ts", "CHOICE", "site.h", "Choice"),
    ("fast/entries.ts", "SELECT", "site.h", "Select"),
    ("fast/engine.ts", "SHARED", "engine.h", "Shared"),
    ("fast/layout.ts", "GATE", "art.h", "Gate"),
    ("fast/layout.ts", "ART", "art.h", "Art"),
    ("native.ts", "KEY", "native.c", "Key"),
    ("native.ts", "FILTER", "native.c", "Filter"),
    ("native.ts", "SHARED", "native.c", "Shared"),
]
#: Names that are not the C name in camel case.
OTHERWISE = {
    "filterCount": "n_filters", "keyCount": "n_keys", "KEY.ignore": "ignore", "FILTER.keys": "n_keys",
    "FILTER.at": "keys", "SHARED.ranges": "n_ranges", "SHARED.at": "ranges",
}  # fmt: skip


def compiled(command: list[str], *files: Path) -> None:
    done = subprocess.run([*command, *OPTIONS, *map(str, files)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", [CLANG[1], pytest.param(["gcc"], id="gcc", marks=pytest.mark.extra("gcc"))])
def test_each_file_is_clean_by_itself(command: list[str]) -> None:
    assert len(FILES) > 5
    compiled(command, *FILES)


@pytest.mark.parametrize("back", ["jvm.ts", "art.ts"])
@pytest.mark.parametrize("command", CLANG)
def test_the_engines_files_are_one_unit(command: list[str], back: str, tmp_path: Path) -> None:
    whole = re.search(r"new CModule\(source\((.*?)\)", (SOURCES / "fast" / "engine.ts").read_text("utf-8"))
    part = re.search(r"source: CFile\[\] = \[(.*?)\]", (SOURCES / "fast" / back).read_text("utf-8"))
    assert whole is not None and part is not None
    names = re.findall(r'"([\w.]+)"', whole[1].replace("...back.source", part[1]))
    assert len(names) > 5
    unit = tmp_path / "unit.c"
    unit.write_text("".join(f'#include "{SOURCES / "c" / name}"\n' for name in names), "utf-8")
    compiled(command, unit)


def offsets() -> Iterator[tuple[str, str, str]]:
    """File, structure and what must hold of it."""
    for place, table, file, structure in TABLES:
        text = (SOURCES / place).read_text("utf-8")
        found = re.search(rf"const {table} = {{(.*?)}};", text, re.DOTALL)
        assert found is not None, (place, table)
        for name, offset in re.findall(r"(\w+): (\d+)", found[1]):
            member = OTHERWISE.get(f"{table}.{name}", OTHERWISE.get(name, re.sub("([A-Z])", r"_\1", name).lower()))
            whole = name == "size" and structure != "Art"
            actual = f"sizeof ({structure})" if whole else f"__builtin_offsetof ({structure}, {member})"
            yield file, structure, f'_Static_assert ({actual} == {offset}, "{place}: {table}.{name}");'


@pytest.mark.parametrize("command", CLANG)
def test_javascript_knows_where_members_are(command: list[str], tmp_path: Path) -> None:
    claims: dict[str, list[str]] = {}
    for file, _, claim in offsets():
        claims.setdefault(file, []).append(claim)
    assert sum(map(len, claims.values())) > 60
    for file, lines in claims.items():
        check = tmp_path / f"{file}_layout.c"
        check.write_text("\n".join([f'#include "{SOURCES / "c" / file}"', *lines]), "utf-8")
        compiled(command, check)


def test_files_and_their_numbers_are_embedded(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "a.h").write_text("#define MOST 8192\n#define RING (1 << 19)\n#define FN(a) ((a))\n", "utf-8")
    (tmp_path / "c" / "a.c").write_text('#include "a.h"\nchar * quoted = "`${x}`\\n";\n', "utf-8")
    module = embedded(tmp_path)
    assert "export const DEFINED = {\n  MOST: 8192,\n  RING: (1 << 19),\n};" in module
    assert r'"a.c": "#include \"a.h\"\nchar * quoted = \"`${x}`\\n\";\n"' in module
    (tmp_path / "c" / "a.h").unlink()
    with pytest.raises(EnvironmentFault, match=r'c/a\.c includes "a\.h", which is not there'):
        embedded(tmp_path)


def test_what_asks_the_vm_runs_without_the_javascript_lock() -> None:
    """In the VM a thread can wait for a stop of all threads whose operation, when hooks go in, is JavaScript."""
    code = "\n".join(path.read_text("utf-8") for path in FILES)
    engine = (SOURCES / "fast" / "engine.ts").read_text("utf-8")
    made = re.findall(r'= fn\("(\w+)", "\w+", \[[^\]]*\](, cooperative)?\);', engine)
    assert len(made) == engine.count('= fn("')
    asks = {name: "env" in re.findall(rf"^\w+ \*?{name} \((.*?)\)\s*{{", code, re.M)[0] for name, _ in made}
    assert {name for name, free in made if free} == {name for name, env in asks.items() if env} != set()
