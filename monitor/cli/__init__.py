"""Commands: the only place that prints or exits."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from monitor.cli import bundles, case, declaration, doctor, explaining, importing, lists, run
from monitor.errors import MonitorError, own_fault

app = typer.Typer(
    name="monitor",
    help="Dynamic privacy behaviour monitor for Android apps.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _module in (run, importing, bundles, lists, explaining, declaration, case, doctor):
    _module.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"monitor {version('app-privacy-monitor')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Dynamic privacy behaviour monitor for Android apps."""


def main() -> None:
    """Entry point. A ``MonitorError`` becomes one line and its exit code; nobody sees a traceback.

    With ``MONITOR_DEBUG=1`` an unexpected fault shows one.
    """
    try:
        app()
    except MonitorError as error:
        print(f"monitor: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("MONITOR_DEBUG"):
            raise
        print(f"monitor: {own_fault(error)}", file=sys.stderr)
        sys.exit(3)
