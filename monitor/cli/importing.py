"""``monitor import``: turns a capture made elsewhere into a bundle."""

import sys
from typing import Final

import typer
from rich.console import Console
from rich.markup import escape

from monitor.base.errors import printable
from monitor.cli import _common, _options, _show, bundles
from monitor.cli._words import label, language, t
from monitor.importing.bundle import import_bundle
from monitor.session.options import ImportOptions
from monitor.text.reasons import Skip


def import_capture(options: ImportOptions) -> None:
    """Make a bundle from traffic captured elsewhere and assess it. The device was not observed, and coverage says
    so."""
    lang = language(options.lang)
    _common.check_level(options.fail_on)
    console = Console(stderr=True, highlight=False, quiet=not sys.stderr.isatty())
    with _common.orderly_end() as stop:
        with console.status("") as status:
            options = options.model_copy(update={"lang": lang})
            outcome = import_bundle(options, lambda n: status.update(escape(t("cli.imported", n=n))), stop)
        _show.show_assessment(outcome.assessment, bundles.names_in(outcome.bundle))
        print(t("cli.imported", n=outcome.transmissions))
        if redacted := outcome.skipped.pop(Skip.REDACTED, 0):
            print(t("cli.imported.redacted", n=redacted))
        if outcome.guessed:
            print(t("cli.imported.guessed", n=outcome.guessed))
        for why, count in outcome.skipped.items():
            key = "cli.skipped" if count else "cli.skipped.rest"
            print(printable(t(key, n=count, why=label("skip", why)), 300), file=sys.stderr)
        if outcome.interrupted:
            print(t("cli.interrupted"), file=sys.stderr)
        print(t("cli.bundle", path=outcome.bundle))
        print(t("cli.report", path=outcome.bundle / "report.html"))
        print(t("cli.key.sealed", key=outcome.session.key))
    raise typer.Exit(1 if _common.failing(outcome.assessment.findings, options.fail_on) else 0)


COMMANDS: Final = {"import": _options.command(ImportOptions, import_capture)}
