"""The agent's C as a TypeScript module: Frida's C compiler, in the app's process, gets text."""

import json
import re
from pathlib import Path

from monitor.errors import EnvironmentFault

MODULE = "c/embedded.ts"
"""Where the module goes, beside the files themselves."""
_INCLUDE = re.compile(r'^#include "([^"]+)"$', re.MULTILINE)
_NUMBER = re.compile(r"^#define ([A-Z][A-Z0-9_]*) (\d+|\(\d+ << \d+\))$", re.MULTILINE)


def embedded(sources: Path) -> str:
    """The module for the C files in ``sources``/c: ``FILES``, text by name, and ``DEFINED``, numeric macros by name.

    Raises ``EnvironmentFault`` where a file includes one that is not there.
    """
    files = {path.name: path.read_text("utf-8") for path in sorted((sources / "c").glob("*.[ch]"))}
    for name, text in files.items():
        for wanted in _INCLUDE.findall(text):
            if wanted not in files:
                raise EnvironmentFault(f'c/{name} includes "{wanted}", which is not there', where=str(sources))
    numbers = [pair for text in files.values() for pair in _NUMBER.findall(text)]
    defined = "".join(f"  {name}: {value},\n" for name, value in numbers)
    texts = "".join(f"  {json.dumps(name)}: {json.dumps(text)},\n" for name, text in files.items())
    return f"export const DEFINED = {{\n{defined}}};\nexport const FILES = {{\n{texts}}};\n"
