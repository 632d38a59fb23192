"""Commands: the only place that prints or exits."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from monitor.base.errors import MonitorError, own_fault, printable
from monitor.cli._lazy import LazyGroup
from monitor.cli._spoken import begin
from monitor.cli._streams import prepare
from monitor.cli._usage import is_usage, refusal

app = typer.Typer(
    name="monitor",
    cls=LazyGroup,
    help="Dynamic privacy behaviour monitor for Android apps.",
    invoke_without_command=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


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
    from monitor.cli._common import default_lang
    from monitor.text import t

    if context.invoked_subcommand is None:
        print(t("cli.begin", default_lang()))
    elif context.invoked_subcommand in ("run", "sdk"):
        from monitor.cli._options import use

        if (used := use(context, project)) is not None:
            print(printable(t("cli.project", default_lang(), path=used)), file=sys.stderr)


def main() -> None:
    """Entry point. A ``MonitorError`` becomes one line and its exit code; no traceback is printed.

    With ``MONITOR_DEBUG=1`` an unexpected error prints one.
    """
    prepare()
    begin(sys.argv[1:])
    try:
        code = app(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except MonitorError as error:
        _end(error)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if is_usage(error):
            _refuse(error)
        if os.environ.get("MONITOR_DEBUG"):
            raise
        _end(own_fault(error))


def _refuse(error: Any) -> NoReturn:
    """What the parser refuses; a group without a command shows its help."""
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        sys.exit(error.exit_code)
    _end(refusal(error))


def _end(error: MonitorError) -> NoReturn:
    from monitor.cli._common import fault_line

    print(f"monitor: {fault_line(error)}", file=sys.stderr)
    sys.exit(error.exit_code)
