"""``monitor import``: turns a capture made elsewhere into a bundle."""

import sys
from typing import Final

import typer
from rich.console import Console
from rich.markup import escape

from monitor.base.errors import printable
from monitor.cli._common import check_level, failing, orderly_end
from monitor.cli._lazy import language
from monitor.cli._options import command
from monitor.cli._show import show_assessment
from monitor.cli.bundles import names_in
from monitor.importing.bundle import ImportOutcome, import_bundle
from monitor.session.options import ImportOptions
from monitor.text import label, t
from monitor.text.reasons import Skip


def import_capture(options: ImportOptions) -> None:
    """Make a bundle from traffic captured elsewhere and assess it. The device was not observed, and coverage says
    so."""
    lang = language(options.lang)
    check_level(options.fail_on)
    options = options.model_copy(update={"lang": lang})
    console = Console(stderr=True, highlight=False, quiet=not sys.stderr.isatty())
    with orderly_end() as stop:
        with console.status("") as status:
            outcome = import_bundle(options, lambda n: status.update(escape(t("cli.imported", lang, n=n))), stop)
        _report(outcome, lang)
    raise typer.Exit(1 if failing(outcome.assessment.findings, options.fail_on) else 0)


def _report(outcome: ImportOutcome, lang: str) -> None:
    show_assessment(outcome.assessment, lang, names_in(outcome.bundle, lang))
    print(t("cli.imported", lang, n=outcome.transmissions))
    if redacted := outcome.skipped.get(Skip.REDACTED, 0):
        print(t("cli.imported.redacted", lang, n=redacted))
    if outcome.guessed:
        print(t("cli.imported.guessed", lang, n=outcome.guessed))
    for why, count in outcome.skipped.items():
        if why != Skip.REDACTED:
            key = "cli.skipped" if count else "cli.skipped.rest"
            print(printable(t(key, lang, n=count, why=label("skip", why, lang)), 300), file=sys.stderr)
    if outcome.interrupted:
        print(t("cli.interrupted", lang), file=sys.stderr)
    print(t("cli.bundle", lang, path=outcome.bundle))
    print(t("cli.report", lang, path=outcome.bundle / "report.html"))
    print(t("cli.key.sealed", lang, key=outcome.session.key))


COMMANDS: Final = {"import": command(ImportOptions, import_capture)}
