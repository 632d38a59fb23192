"""Shared by the commands: opening a bundle, JSON lines, faults as lines, and what only some installations have."""

import contextlib
import os
import re
import signal
import stat
import sys
import threading
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from monitor.analysis.correlate.findings import LEVELS, Finding, at_least, ordered
from monitor.base import host, output, paths
from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError, MonitorError, ResultsOfAnother, printable
from monitor.cli._words import aside, pair, retold, t
from monitor.evidence import attested, keeping
from monitor.evidence.keys import key_id
from monitor.evidence.verify import CheckedLog, verify
from monitor.text import has

#: What options take: a file, several, or several words such as the IDs of keys; None: not said.
File = Path | None
Files = list[Path] | None
Words = list[str] | None
#: What a message says of further faults: how many, and where.
_FURTHER: Final = re.compile(r" \(and (\d+) more: (.+)\)$")
_KEY_ID: Final = re.compile(r"[0-9a-f]{64}")
_KEY_FILE, _KEY_FILE_BYTES = "analyses", 1 << 20


class Checked(NamedTuple):
    """A bundle that was verified: its damage, if ``--force`` was given, and whose results it has."""

    damage: str = ""
    results: attested.Results = attested.Results()
    log: CheckedLog | None = None
    """As it was verified; None: it was not."""


def remember_key(key: str) -> None:
    """Keep the ID of the key of this user's analysis. Only IDs are kept: the key of an analysis without ``--key`` is
    gone with its process, so that nothing else can be signed with it. Where nothing can be kept, the user names it
    instead (``--results-key``)."""
    path = paths.state_home() / _KEY_FILE
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if key not in own_keys():
            with os.fdopen(host.opened(path, host.APPEND, 0o600), "wb") as file:
                file.write(f"{key}\n".encode())


def own_keys() -> frozenset[str]:
    """The IDs that were kept; none of a file that another user can write to."""
    try:
        fd = host.opened(paths.state_home() / _KEY_FILE, host.READ)
        with os.fdopen(fd, "rb") as file:
            status = os.fstat(fd)
            own = stat.S_ISREG(status.st_mode) and host.own(status) and not host.shared(status)
            lines = file.read(_KEY_FILE_BYTES).decode("ascii", "replace").splitlines() if own else []
    except OSError:
        return frozenset()
    return frozenset(filter(_KEY_ID.fullmatch, lines))


def trusted_keys(keys: Words) -> frozenset[str]:
    """The IDs of the keys of ``--results-key``, and of the user's own analyses. Raises ``InputError``."""
    return frozenset(key_id(key) for key in keys or ()) | own_keys()


def results_line(results: attested.Results) -> str:
    """Whose results are shown, in one line."""
    return t(f"results.{results.whose}", key=results.key or "–")


def fault_line(error: MonitorError) -> str:
    """An error as the line to print, in the language of the command. The commonest are translated; others keep their
    English, which is what a search finds."""
    message, *further = _FURTHER.split(error.message, maxsplit=1)
    said = retold("said", message)
    if further:
        said += t("fault.more", n=further[0], names=further[1])
    said = aside(pair(error.where, said) if error.where else said, retold("said", error.hint))
    key = "results" if isinstance(error, ResultsOfAnother) else error.exit_code
    return printable(t(f"fault.{key}", what=said) if has(f"fault.{key}") else said)


def check_level(level: str) -> None:
    """Refuse a level of ``--fail-on`` that is none; empty: not given. Raises ``InputError``."""
    if level and level not in LEVELS:
        raise InputError(f"no such level: {level}", hint=f"use one of {', '.join(LEVELS)}")


def day_of(text: str, where: str = "") -> date:
    """A day that the user names; empty: today. Raises ``InputError``."""
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise InputError(f"not a day: {printable(text, 40)}", where=where, hint="write YYYY-MM-DD") from None


def failing(findings: Iterable[Finding], floor: str) -> list[Finding]:
    """Findings with evidence at or above a level, for which the exit code is 1: the gravest first."""
    return ordered([f for f in findings if floor and f.status == "evidenced" and at_least(f.level, floor)])


def print_json_lines(items: Iterable[Any], checked: Checked | None = None) -> None:
    """One JSON object per line on standard output. Of a bundle that was checked each says whose results they are
    (``results_by``) and, if there is damage, what it is (``evidence``)."""
    out = sys.stdout.buffer
    for item in items:
        if checked:
            item = msgspec.to_builtins(item) | {"results_by": checked.results._asdict()}
            item |= {"evidence": checked.damage} if checked.damage else {}
        out.write(output.inert_json(msgspec.json.encode(item, order="sorted")) + b"\n")
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


def missing_package(error: Exception) -> EnvironmentFault | None:
    """The fault where a command needs a package that is missing or that the system refuses to load; None for any other
    error."""
    name = (getattr(error, "name", None) or "").partition(".")[0].lstrip("_") if isinstance(error, ImportError) else ""
    if name in ("frida", "mitmproxy", "adbutils"):
        hint = f"pip install {name}; commands that only read bundles work without it"
        return EnvironmentFault(f"recording needs {name}, which cannot be loaded", hint=hint)
    if name in ("dask", "distributed", "duckdb", "fsspec", "pyarrow"):
        return EnvironmentFault(f"archives and fleets need {name}", hint=paths.install_command("scale"))
    return None


def existing_bundle(path: Path) -> Path:
    """``path`` if it looks like a bundle. Raises ``InputError``."""
    for wrong, why, hint in (
        (path.is_file(), "a file, not an evidence bundle", "give the directory that it is in"),
        (not path.is_dir(), "no such bundle", "give the directory that monitor run created"),
        (not (path / "data").is_dir(), "not an evidence bundle", "give the directory that was named with --out"),
    ):
        if wrong:
            raise InputError(why, where=str(path), hint=hint)
    return path


def whole_bundle(
    path: Path, force: bool = False, *, results: bool = True, keys: Words = None, anyones: bool = False
) -> Checked:
    """Refuse a bundle that is not as it was recorded, or whose results are by a key that is neither the recorder's nor
    one of ``keys`` (``--results-key``): raises ``EvidenceDamaged`` or ``InputError``. ``anyones``: results are not
    used, and may be anyone's.

    With ``force`` the damage is printed and returned instead. ``results=False``: results are not checked, because they
    will be rewritten, and what an interruption left of them is removed.
    """
    existing_bundle(path)
    if not results:
        keeping.sweep(path)
    trusted = trusted_keys(keys)
    damage, log = "", None
    try:
        log = verify(path, results=results, results_keys=None if anyones else trusted).log
    except EvidenceDamaged as error:
        if not force:
            raise
        damage = fault_line(error) if isinstance(error, ResultsOfAnother) else t("cli.damaged", why=error)
        print(damage, file=sys.stderr)
    return Checked(damage, attested.results_of(path, trusted) if results else attested.Results(), log)
