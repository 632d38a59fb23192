"""What the commands share: options, JSON lines, language."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from monitor.errors import InputError

Lang = Annotated[str, typer.Option("--lang", help="Language of what is printed: en or zh.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines instead of a table.")]
BundlePath = Annotated[Path, typer.Argument(metavar="BUNDLE", help="Directory of a recorded session.")]
Packs = Annotated[
    list[str] | None, typer.Option("--pack", help="Clause pack: cn, gdpr, play or coppa. May be repeated.")
]

LEVELS = ("info", "low", "medium", "high", "critical")


def default_lang() -> str:
    """``zh`` if the locale says so, else ``en``."""
    return "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).lower().startswith("zh") else "en"


def language(wanted: str) -> str:
    """The language to print in. Raises ``InputError`` for anything but en and zh."""
    chosen = wanted or default_lang()
    if chosen not in ("en", "zh"):
        raise InputError(f"no such language: {chosen}", hint="use en or zh")
    return chosen


def level(wanted: str) -> str:
    """A finding level. Raises ``InputError``."""
    if wanted not in LEVELS:
        raise InputError(f"no such level: {wanted}", hint=f"use one of {', '.join(LEVELS)}")
    return wanted


def print_json_lines(items: Iterable[Any]) -> None:
    """One JSON object a line on standard output."""
    out = sys.stdout.buffer
    for item in items:
        out.write(msgspec.json.encode(item, order="sorted") + b"\n")
    out.flush()


@contextlib.contextmanager
def orderly_end() -> Iterator[threading.Event]:
    """Ctrl-C and SIGTERM set the event, until the block is left: what was recorded is sealed."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def existing_bundle(path: Path) -> Path:
    """``path`` if it looks like a bundle. Raises ``InputError``."""
    if not path.is_dir():
        raise InputError("no such bundle", where=str(path), hint="give the directory that monitor run made")
    if not (path / "data").is_dir():
        raise InputError("not a bundle: it has no data directory", where=str(path))
    return path
