"""Shared by the commands: options, JSON lines, language."""

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

from monitor.analysis.correlate.findings import LEVELS
from monitor.errors import EnvironmentFault, EvidenceDamaged, InputError, MonitorError, printable
from monitor.evidence.keeping import sweep
from monitor.evidence.verify import verify
from monitor.output import inert_json
from monitor.text import aside, pair, t
from monitor.text.retold import retold

Lang = Annotated[str, typer.Option("--lang", help="Language of what is printed: en or zh; default: the system's.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines instead of a table.")]
BundlePath = Annotated[Path, typer.Argument(metavar="BUNDLE", help="Directory of a recorded session.")]
Packs = Annotated[
    list[str] | None,
    typer.Option("--pack", help="Clause pack: cn, gdpr, play or coppa; default: all. May be repeated."),
]

Force = Annotated[bool, typer.Option("--force", help="Proceed even if the evidence is damaged; every output says so.")]


def default_lang() -> str:
    """``zh`` if the locale says so, else ``en``."""
    return "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).lower().startswith("zh") else "en"


#: The languages that the command was asked for, the last of which its errors are told in.
_spoken: list[str] = []


def language(wanted: str) -> str:
    """The language to print in. Raises ``InputError`` for anything other than en and zh."""
    chosen = wanted or default_lang()
    if chosen not in ("en", "zh"):
        raise InputError(f"no such language: {chosen}", hint="use en or zh")
    _spoken.append(chosen)
    return chosen


def fault_line(error: MonitorError) -> str:
    """An error as the line to print, in the language of the command. The commonest are told in it; others keep their
    English, which is what a search finds."""
    lang = _spoken[-1] if _spoken else default_lang()
    told = retold("said", error.message, lang)
    what = pair(error.where, told, lang) if error.where else told
    what = aside(what, retold("said", error.hint, lang), lang)
    return printable(t(f"fault.{error.exit_code}", lang, what=what) if 2 <= error.exit_code <= 4 else what)


def level(wanted: str) -> str:
    """A finding level. Raises ``InputError``."""
    if wanted not in LEVELS:
        raise InputError(f"no such level: {wanted}", hint=f"use one of {', '.join(LEVELS)}")
    return wanted


def print_json_lines(items: Iterable[Any], evidence: str = "") -> None:
    """One JSON object per line on standard output, each with ``evidence`` if there is a note on its state."""
    out = sys.stdout.buffer
    for item in items:
        if evidence:
            item = msgspec.to_builtins(item) | {"evidence": evidence}
        out.write(inert_json(msgspec.json.encode(item, order="sorted")) + b"\n")
    out.flush()


@contextlib.contextmanager
def orderly_end() -> Iterator[threading.Event]:
    """Within the block, Ctrl-C and SIGTERM set the event, so that what was recorded is sealed."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def recording_parts() -> Iterator[None]:
    """For importing the recording code, which needs packages that reading bundles does not. Raises ``EnvironmentFault``
    where one of them is missing or the system refuses to load it."""
    try:
        yield
    except ImportError as error:
        name = (error.name or "").partition(".")[0].lstrip("_")
        if name not in ("frida", "mitmproxy", "adbutils"):
            raise
        hint = "pip install app-privacy-monitor; commands that only read bundles work without it"
        raise EnvironmentFault(f"recording needs {name}, which cannot be loaded", hint=hint) from None


def existing_bundle(path: Path) -> Path:
    """``path`` if it looks like a bundle. Raises ``InputError``."""
    if not path.is_dir():
        raise InputError("no such bundle", where=str(path), hint="give the directory that monitor run created")
    if not (path / "data").is_dir():
        raise InputError("not an evidence bundle", where=str(path), hint="give the directory that was named with --out")
    return path


def whole_bundle(path: Path, lang: str, force: bool = False, *, results: bool = True, token: bool = True) -> str:
    """Refuse a bundle that is not as it was recorded: raises ``EvidenceDamaged`` or ``InputError``.

    With ``force`` the damage is printed and returned instead. ``results=False``: results are not checked, because they
    will be rewritten; ``token=False``: nor is the time-stamp. What an interruption left of either is removed then.
    """
    if not (results and token) and existing_bundle(path):
        sweep(path)
    try:
        verify(existing_bundle(path), results=results, token=token)
    except EvidenceDamaged as damage:
        if not force:
            raise
        status = t("cli.damaged", lang, why=damage)
        print(status, file=sys.stderr)
        return status
    return ""
