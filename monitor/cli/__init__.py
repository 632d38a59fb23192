"""Commands: the only place that prints or exits."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli import (
    bundles,
    case,
    comparing,
    consent,
    declaration,
    device,
    doctor,
    emulator,
    evidence,
    explaining,
    importing,
    lists,
    run,
    sdk,
)
from monitor.cli._common import default_lang, fault_line
from monitor.cli.project import use
from monitor.errors import MonitorError, own_fault, printable
from monitor.text import t

app = typer.Typer(
    name="monitor",
    help="Dynamic privacy behaviour monitor for Android apps.",
    invoke_without_command=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _module in (
    run,
    sdk,
    importing,
    bundles,
    comparing,
    evidence,
    lists,
    explaining,
    declaration,
    case,
    consent,
    doctor,
    device,
    emulator,
):
    _module.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"monitor {version('app-privacy-monitor')}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    project: Annotated[
        Path | None,
        typer.Option("--project", help="Project file with options of run and sdk check; default: monitor.yaml here."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Dynamic privacy behaviour monitor for Android apps."""
    if context.invoked_subcommand is None:
        print(t("cli.begin", default_lang()))
        return
    if (used := use(context, project)) is not None:
        print(printable(t("cli.project", default_lang(), path=used)), file=sys.stderr)


def main() -> None:
    """Entry point. A ``MonitorError`` becomes one line and its exit code; no traceback is printed.

    With ``MONITOR_DEBUG=1`` an unexpected error prints one.
    """
    try:
        app()
    except MonitorError as error:
        print(f"monitor: {fault_line(error)}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("MONITOR_DEBUG"):
            raise
        fault = own_fault(error)
        print(f"monitor: {fault_line(fault)}", file=sys.stderr)
        sys.exit(fault.exit_code)
