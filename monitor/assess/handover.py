"""A copy of a bundle for others: without the private part, and checked to hold none of its values."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from monitor.base.errors import EvidenceDamaged, InputError
from monitor.content.guard import HIDDEN, SHARED, Guard
from monitor.evidence import bag, keeping, keys, redaction
from monitor.evidence.bundle import Bundle
from monitor.evidence.standalone.verify import FILES

_STEP: Final = re.compile(r'(?<=[.\["])[^.\[\]"]+')
_SHORTEST_STEP: Final = 3


def redact(path: Path, out: Path, key: Path | keys.Signer | None = None) -> str:
    """Copy the bundle to the new or empty directory ``out`` without its private part, then search the copy for every
    value in the private part, in every encoding. Returns the ID of the key that attests the copy.

    Raises ``InputError`` with the place if one is found, and leaves no copy; also ``EnvironmentFault``.
    """
    bundle = Bundle.open(path, key)
    guard = _guard(bundle, redaction.openings(path / "private"))
    signer = keeping.export(bundle, out)
    names = [name for name in sorted(FILES) if (out / name).is_file()]
    names += [name for top in ("data", "earlier") if (out / top).is_dir() for name in bag.files(out, top)]
    for name in names:
        if place := _holds(guard, out / name):
            shutil.rmtree(out, ignore_errors=True)
            raise InputError(
                f"no copy was made: it would hold a known value ({place[1]})",
                where=f"{name}:{place[0]}",
                hint="the line was written before the value was known; hand over the findings instead",
            )
    return signer.public.id


def hiding(bundle: Bundle) -> Callable[[str], str]:
    """A function that takes the known values out of the path of a field; as a whole step also those that are too
    short, or too much like a word, to be searched for. Raises ``EvidenceDamaged``."""
    known = list(redaction.openings(bundle.path / "private"))
    guard = _guard(bundle, known)
    words = {one.text.casefold() for one in known if one.data_type not in SHARED and len(one.text) >= _SHORTEST_STEP}

    def hide(path: str) -> str:
        return guard.hide(_STEP.sub(lambda step: HIDDEN if step[0].casefold() in words else step[0], path))

    return hide


def _guard(bundle: Bundle, known: Iterable[redaction.Opening]) -> Guard:
    guard = Guard(bundle.session().app.package)
    guard.learn((one.data_type, one.commit[:32], one.text) for one in known)
    return guard


def _holds(guard: Guard, path: Path) -> tuple[int, str] | None:
    """The first line of a file that holds a known value, and which it is. Of a JSON file its strings are examined."""
    known: set[str] = set()
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            texts = [text for text in dict.fromkeys(_strings(line)) if text not in known]
            known.update(texts)
            for text in texts:
                if found := guard.matches(text):
                    return number, found
    return None


def _strings(line: bytes) -> Iterator[str]:
    if line[:1] not in (b"{", b"["):
        yield line.decode("utf-8", "replace")
        return
    try:
        waiting: list[Any] = [msgspec.json.decode(line)]
    except (msgspec.DecodeError, RecursionError, EvidenceDamaged):
        yield line.decode("utf-8", "replace")
        return
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            waiting += item
