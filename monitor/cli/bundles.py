"""Commands on a recorded bundle: analyse, findings, events, coverage, verify, report, recover, redact."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor.analysis import findings as findings_file
from monitor.cli._common import (
    AsJson,
    BundlePath,
    Lang,
    Packs,
    default_lang,
    existing_bundle,
    language,
    print_json_lines,
)
from monitor.cli._show import UNSEEN, show_findings, show_judgement
from monitor.errors import EvidenceDamaged, InputError, printable
from monitor.events import KINDS, encode
from monitor.evidence.bundle import Bundle, recover_bundle
from monitor.evidence.lines import read_events
from monitor.evidence.verify import verify as verify_bundle
from monitor.record import reanalyse, render_bundle
from monitor.reports import formats
from monitor.text import label, reasons, t

MAX_LINE = 8_000_000


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (analyse, findings, events, coverage, verify, report, recover, redact):
        app.command()(command)


def analyse(
    bundle: BundlePath,
    pack: Packs = None,
    profile: Annotated[str, typer.Option("--profile", help="Thresholds: guide, lab or store.")] = "guide",
    declaration: Annotated[Path | None, typer.Option("--declaration", help="Instead of the recorded one.")] = None,
    recipients: Annotated[
        list[Path] | None,
        typer.Option("--recipients", help="Your own list of hosts or trackers. May be repeated."),
    ] = None,
    lang: Lang = "",
) -> None:
    """Run the rules again on a recorded bundle; findings, coverage and report are written anew."""
    chosen = language(lang or default_lang())
    judgement = reanalyse(
        existing_bundle(bundle), tuple(pack or ()), profile, declaration, chosen, recipients=tuple(recipients or ())
    )
    show_judgement(judgement, chosen)
    print(t("cli.report", chosen, path=bundle / "report.html"))


def derived(bundle: Path, name: str) -> Iterator[bytes]:
    """The lines of a derived file of a bundle. Raises ``InputError`` if it is not there."""
    path = existing_bundle(bundle) / name
    if not path.is_file():
        raise InputError(f"there is no {name}", where=str(bundle), hint="run: monitor analyse BUNDLE")
    with path.open("rb") as lines:
        while line := lines.readline(MAX_LINE):
            yield line


def decoded(lines: Iterable[bytes], decode: Any, where: str) -> Iterator[Any]:
    """Each line by ``decode``. Raises ``EvidenceDamaged`` with its place for one that is not ours."""
    for number, line in enumerate(lines, 1):
        try:
            yield decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            hint = "run: monitor analyse BUNDLE"
            raise EvidenceDamaged("not a line of ours", where=f"{where}:{number}", hint=hint) from None


def findings(bundle: BundlePath, as_json: AsJson = False, lang: Lang = "") -> None:
    """The findings of a bundle."""
    chosen = language(lang or default_lang())
    found = list(decoded(derived(bundle, "findings.jsonl"), findings_file.decode, "findings.jsonl"))
    if as_json:
        print_json_lines(found)
    elif found:
        show_findings(Console(highlight=False), found, chosen)
    else:
        print(t("report.no_findings", chosen))


def events(
    bundle: BundlePath,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only events of this kind. May be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """The events of a bundle, as recorded."""
    for name in kind or ():
        if name not in KINDS:
            raise InputError(f"no such kind: {printable(name, 40)}", hint=f"kinds: {', '.join(sorted(KINDS))}")
    wanted = tuple(KINDS[name] for name in kind) if kind else tuple(KINDS.values())
    out = sys.stdout.buffer
    for event in read_events(existing_bundle(bundle)):
        if not isinstance(event, wanted):
            continue
        if as_json:
            out.write(encode(event) + b"\n")
        else:
            fields = msgspec.to_builtins(event)
            rest = " ".join(
                f"{k}={v}"
                for k, v in fields.items()
                if k not in ("seq", "t", "kind", "app") and v not in ("", 0, [], {})
            )
            out.write(printable(f"{event.seq} {event.t} {fields['kind']} {rest}", 400).encode() + b"\n")
    out.flush()


def coverage(bundle: BundlePath, as_json: AsJson = False, lang: Lang = "") -> None:
    """What was looked at: a line a rule and a hook, with the reason where silence says nothing."""
    chosen = language(lang or default_lang())
    lines = list(decoded(derived(bundle, "coverage.jsonl"), msgspec.json.decode, "coverage.jsonl"))
    if as_json:
        print_json_lines(lines)
        return
    table = Table(*(t(f"cli.column.{name}", chosen) for name in ("what", "id", "state", "why")))
    for line in lines:
        why = reasons(line["why"], chosen) if line["state"] in UNSEEN else ""
        cells = (line["line"], line["id"], label("coverage", line["state"], chosen), why)
        table.add_row(*(escape(printable(str(cell), 200)) for cell in cells))
    Console().print(table)


def verify(
    bundle: BundlePath,
    key: Annotated[Path | None, typer.Option("--key", help="Public key (PEM) that must have signed.")] = None,
    lang: Lang = "",
) -> None:
    """Exit 0 only if nothing was changed since the recording."""
    chosen = language(lang or default_lang())
    if not bundle.is_dir():
        raise InputError("no such bundle", where=str(bundle))
    found = verify_bundle(bundle, key)
    print(t("cli.verified", chosen, events=found.events, files=found.files, root=found.root))
    print(t("cli.verified.trusted" if found.trusted else "cli.verified.untrusted", chosen, key=found.key))
    if not found.private:
        print(t("cli.verified.no_private", chosen))
    if found.findings == "unattested":
        print(t("cli.verified.unattested", chosen))
    if found.timestamp:
        print(t("cli.verified.timestamp", chosen, time=found.timestamp))


def report(
    bundle: BundlePath,
    format: Annotated[str, typer.Option("--format", help="Report format.")] = "html",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
    screenshots: Annotated[
        bool, typer.Option("--screenshots", help="With the app's screens (html): they may show personal values.")
    ] = False,
    lang: Lang = "",
) -> None:
    """Write a report of a bundle."""
    chosen = language(lang or default_lang())
    if format not in formats():
        raise InputError(f"no such format: {printable(format, 40)}", hint=f"formats: {', '.join(formats())}")
    data = render_bundle(format, existing_bundle(bundle), chosen, screenshots=screenshots)
    target = output or Path(f"report.{format}")
    try:
        target.write_bytes(data)
    except OSError as error:
        raise InputError(error.strerror or "cannot be written", where=str(target)) from None
    print(t("cli.report", chosen, path=target))


def recover(
    bundle: BundlePath,
    key: Annotated[Path | None, typer.Option("--key", help="Ed25519 private key (PEM) to seal with.")] = None,
    lang: Lang = "",
) -> None:
    """Mend and seal a recording that was broken off (power cut, kill -9), then judge it."""
    chosen = language(lang or default_lang())
    result = recover_bundle(existing_bundle(bundle), key)
    reanalyse(bundle, (), "", None, chosen, seal_as="recovered", key=key)
    print(t("cli.recovered", chosen, events=result.size, torn=result.torn_bytes))


def redact(
    bundle: BundlePath,
    output: Annotated[Path, typer.Option("-o", "--output", help="New directory for the copy.")],
    lang: Lang = "",
) -> None:
    """A copy without the private part, to be handed on. It still verifies."""
    chosen = language(lang or default_lang())
    Bundle.open(existing_bundle(bundle)).export(output)
    print(t("cli.done", chosen, path=output))
