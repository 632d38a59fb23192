"""A Frida of another version, as phones have that were set up once: this machine's, built into a copy that says so.

Frida's parts tell each other their version in two ways: the names of their interfaces end in the major one, so that
another major version's calls are refused as unknown, and scripts read the whole one. Both lie in the library as text.
"""

import re
import shutil
from pathlib import Path

from emulator.standin.state.file import StateError


def build(version: str, into: Path) -> Path:
    """A directory to import ``frida`` from, of that version. StateError if this machine's cannot be made into it."""
    from importlib.metadata import version as installed
    from importlib.util import find_spec

    own, spec = installed("frida"), find_spec("frida")
    if spec is None or spec.origin is None:
        raise StateError("traits.frida: no frida here to make it of")
    if not re.fullmatch(r"\d+(\.\d+)+", version) or len(version) != len(own) or version[2] != ".":
        raise StateError(f"traits.frida: {version} (true, false, or a version as long as {own})")
    place = into / "frida"
    shutil.copytree(Path(spec.origin).parent, place, ignore=shutil.ignore_patterns("__pycache__"))
    for library in place.glob("_frida*"):
        if library.suffix in (".so", ".pyd"):
            data = library.read_bytes().replace(own.encode() + b"\0", version.encode() + b"\0")
            names = rb"\b(re\.frida\.[A-Z][A-Za-z]+)" + own[:2].encode() + rb"\b"
            library.write_bytes(re.sub(names, rb"\g<1>" + version[:2].encode(), data))
    return into
