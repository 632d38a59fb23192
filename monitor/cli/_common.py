"""Shared by the commands: options, JSON lines, language."""

import contextlib
import re
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import msgspec
import typer

from monitor.analysis.correlate.findings import LEVELS
from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError, MonitorError, ResultsOfAnother, printable
from monitor.base.output import inert_json
from monitor.base.paths import install_command
from monitor.cli._own_keys import mine
from monitor.cli._spoken import SPOKEN
from monitor.cli._spoken import default_lang as default_lang
from monitor.cli._spoken import lang as spoken
from monitor.evidence.attested import Results, results_of
from monitor.evidence.checked import CheckedLog
from monitor.evidence.keeping import sweep
from monitor.evidence.keys import key_id
from monitor.evidence.verify import verify
from monitor.text import aside, pair, retold, t


def language(wanted: str) -> str:
    """The language to print in. Raises ``InputError`` for anything other than en and zh."""
    chosen = wanted or default_lang()
    if chosen not in ("en", "zh"):
        raise InputError(f"no such language: {chosen}", hint="use en or zh")
    SPOKEN.append(chosen)
    return chosen


Lang = Annotated[
    str,
    typer.Option("--lang", callback=language, help="Language of what is printed: en or zh; default: the system's."),
]
"""Whatever was said, a command is given one of the two."""
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines instead of a table.")]
BundlePath = Annotated[Path, typer.Argument(metavar="BUNDLE", help="Directory of a recorded session.")]
ResultsKey = Annotated[
    list[str] | None,
    typer.Option(
        "--results-key",
        metavar="FILE|ID",
        help="Key whose results count besides the recorder's: a PEM file, or its ID. May be repeated.",
    ),
]
HookFiles = Annotated[list[Path] | None, typer.Option("--hooks", help="Your own catalogue file. May be repeated.")]
FridaPort = Annotated[int, typer.Option("--frida-port", min=1, max=65535, help="Port of frida-server on the device.")]
Force = Annotated[bool, typer.Option("--force", help="Proceed even if the evidence is damaged; every output says so.")]


class Checked(NamedTuple):
    """A bundle that was verified: its damage, if ``--force`` was given, and whose results it has."""

    damage: str = ""
    results: Results = Results()
    log: CheckedLog | None = None
    """As it was verified; None: it was not."""


def named_keys(keys: Iterable[str] | None) -> frozenset[str]:
    """The IDs of the keys of ``--results-key``, and of the user's own analyses. Raises ``InputError``."""
    return frozenset(key_id(key) for key in keys or ()) | mine()


def whose(results: Results, lang: str) -> str:
    """Whose results are shown, in one line."""
    return t(f"results.{results.whose}", lang, key=results.key or "–")


#: What a message says of further faults: how many, and where.
_MORE: Final = re.compile(r" \(and (\d+) more: (.+)\)$")


def fault_line(error: MonitorError) -> str:
    """An error as the line to print, in the language of the command. The commonest are told in it; others keep their
    English, which is what a search finds."""
    lang = spoken()
    first, *others = _MORE.split(error.message, maxsplit=1)
    told = retold("said", first, lang)
    if others:
        told += t("fault.more", lang, n=others[0], names=others[1])
    what = pair(error.where, told, lang) if error.where else told
    what = aside(what, retold("said", error.hint, lang), lang)
    if isinstance(error, ResultsOfAnother):
        return printable(t("fault.results", lang, what=what))
    return printable(t(f"fault.{error.exit_code}", lang, what=what) if 2 <= error.exit_code <= 4 else what)


def level(wanted: str) -> str:
    """A finding level. Raises ``InputError``."""
    if wanted not in LEVELS:
        raise InputError(f"no such level: {wanted}", hint=f"use one of {', '.join(LEVELS)}")
    return wanted


def print_json_lines(items: Iterable[Any], checked: Checked | None = None) -> None:
    """One JSON object per line on standard output. Of a bundle that was checked each says whose results they are
    (``results_by``) and, if there is damage, what it is (``evidence``)."""
    out = sys.stdout.buffer
    for item in items:
        if checked:
            item = msgspec.to_builtins(item) | {"results_by": checked.results._asdict()}
            item |= {"evidence": checked.damage} if checked.damage else {}
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
        hint = f"pip install {name}; commands that only read bundles work without it"
        raise EnvironmentFault(f"recording needs {name}, which cannot be loaded", hint=hint) from None


def existing_bundle(path: Path) -> Path:
    """``path`` if it looks like a bundle. Raises ``InputError``."""
    if path.is_file():
        raise InputError("a file, not an evidence bundle", where=str(path), hint="give the directory that it is in")
    if not path.is_dir():
        raise InputError("no such bundle", where=str(path), hint="give the directory that monitor run created")
    if not (path / "data").is_dir():
        raise InputError("not an evidence bundle", where=str(path), hint="give the directory that was named with --out")
    return path


def whole_bundle(
    path: Path, lang: str, force: bool = False, *, results: bool = True, token: bool = True,
    keys: Iterable[str] | None = (), anyones: bool = False,
) -> Checked:  # fmt: skip
    """Refuse a bundle that is not as it was recorded, or whose results are by a key that is neither the recorder's nor
    one of ``keys`` (``--results-key``): raises ``EvidenceDamaged`` or ``InputError``. ``anyones``: results are not
    used, and may be anyone's.

    With ``force`` the damage is printed and returned instead. ``results=False``: results are not checked, because they
    will be rewritten; ``token=False``: nor is the time-stamp. What an interruption left of either is removed then.
    """
    if not (results and token) and existing_bundle(path):
        sweep(path)
    named = named_keys(keys)
    status, log = "", None
    try:
        log = verify(existing_bundle(path), results=results, token=token, results_keys=None if anyones else named).log
    except EvidenceDamaged as damage:
        if not force:
            raise
        said = fault_line(damage) if isinstance(damage, ResultsOfAnother) else t("cli.damaged", lang, why=damage)
        print(status := said, file=sys.stderr)
    return Checked(status, results_of(path, named) if results else Results(), log)


StoreArgument = Annotated[
    str, typer.Argument(metavar="ARCHIVE", help="A folder, or an object store such as s3://BUCKET/PREFIX.")
]


@contextmanager
def scale_parts() -> Iterator[None]:
    """For importing what the extra ``scale`` brings. Raises ``EnvironmentFault`` where it is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if name not in ("dask", "distributed", "duckdb", "fsspec", "pyarrow"):
            raise
        raise EnvironmentFault(f"archives and fleets need {name}", hint=install_command("scale")) from None
