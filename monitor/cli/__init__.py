"""Commands: the only place that prints or exits."""

import codecs
import difflib
import io
import os
import re
import sys
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer

from monitor.base.errors import InputError, MonitorError, own_fault, printable
from monitor.cli._lazy import LazyGroup, begin, default_lang

app = typer.Typer(
    name="monitor",
    cls=LazyGroup,
    help="Dynamic privacy behaviour monitor for Android apps.",
    invoke_without_command=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
#: The error handler of output streams that cannot show every character, and what it writes for punctuation.
_READABLE: Final = "monitor-readable"
_PLAIN: Final = str.maketrans(
    dict(zip("…–—·×“”‘’", ("...", "-", "-", "|", "x", '"', '"', "'", "'"), strict=True))
    | dict(zip("：，。；（）、", (": ", ", ", ". ", "; ", " (", ") ", ", "), strict=True))
    | {"→": "->", "✓": "ok"}
)
#: Options that stand before the command.
_GLOBAL: Final = ("--project", "--version")
#: Messages of the command line's parser, and ours, with the matched text as ``{0}``.
_MESSAGES: Final = [
    (re.compile(pattern, re.DOTALL), message)
    for pattern, message in (
        (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", "unexpected argument: {0}"),
        (r"Option '?(\S+?)'? requires an argument", "{0} needs a value"),
    )
]
#: The same of a value, whose parameter is named beside it.
_VALUE_MESSAGES: Final = [
    (re.compile(pattern), message)
    for pattern, message in (
        (r"valid (int)", "not a whole number"),
        (r"greater than(?: or equal to)? (-?\d+)", "out of range: at least {0}"),
        (r"less than(?: or equal to)? (-?\d+)", "out of range: at most {0}"),
        (r"not in the range (.*)", "out of range: {0}"),
    )
]


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
    make_streams_readable()
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
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # the parser's, whose classes are vendored
            _refuse(error)
        from monitor.cli._common import missing_package

        if (fault := missing_package(error)) is not None:
            _end(fault)
        if os.environ.get("MONITOR_DEBUG"):
            raise
        _end(own_fault(error))


def _end(error: MonitorError) -> NoReturn:
    from monitor.cli._common import fault_line

    print(f"monitor: {fault_line(error)}", file=sys.stderr)
    sys.exit(error.exit_code)


def _refuse(error: Any) -> NoReturn:
    """What the parser refuses; a group without a command shows its help."""
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        sys.exit(error.exit_code)
    _end(usage_fault(error))


def usage_fault(error: Any) -> InputError:
    """What the command line's parser refuses, in one line as every other fault: what, and how to write it."""
    context, parameter = getattr(error, "ctx", None), getattr(error, "param", None)
    command = context.command if context is not None else None
    usage = f"{context.command_path if context is not None else 'monitor'} --help"
    message, option = str(error.format_message()), getattr(error, "option_name", "")
    if option and message.startswith("No such option"):
        if option in _GLOBAL:
            return InputError(f"{option} comes before the command", hint=f"monitor {option} FILE COMMAND …")
        params = command.get_params(context) if command is not None else ()
        known = [word for param in params for word in (*param.opts, *param.secondary_opts) if word.startswith("--")]
        return InputError(f"no such option: {printable(option, 60)}", hint=_nearest(option, known) or usage)
    if found := re.match(r"No such command '(.*?)'", message, re.DOTALL):
        near = _nearest(found[1], list(getattr(command, "commands", ())))
        return InputError(f"no such command: {printable(found[1], 60)}", hint=near or usage)
    for pattern, text in _MESSAGES:
        if found := pattern.match(message):
            return InputError(text.format(printable(found[1], 100)), hint=usage)
    name = "an argument" if parameter is None else _parameter_name(parameter)
    if message.startswith("Missing"):
        return InputError(f"{name} is missing", hint=usage)
    for pattern, text in _VALUE_MESSAGES if parameter is not None else ():
        if found := pattern.search(message):
            return InputError(text.format(found[1]), where=name, hint=usage)
    return InputError(printable(message, 200), hint=usage)


def _parameter_name(parameter: Any) -> str:
    """An option as it is typed, an argument as the usage shows it."""
    words = [word for word in getattr(parameter, "opts", ()) if word.startswith("--")]
    metavar = getattr(parameter, "metavar", None) or getattr(parameter, "human_readable_name", "") or parameter.name
    return str(words[0] if words else metavar)


def _nearest(wrong: str, known: list[str]) -> str:
    near = difflib.get_close_matches(wrong, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else ""


def _readable(error: UnicodeError) -> tuple[str, int]:
    """What a terminal cannot show: punctuation by what comes close, all else by a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(_PLAIN)
    return "".join(c if c.isascii() else "?" for c in text), error.end


def make_streams_readable() -> None:
    """Let nothing that is printed end the program because the terminal (ASCII or another old coding) has no character
    for it."""
    codecs.register_error(_READABLE, _readable)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.encoding.lower().startswith("utf"):
            stream.reconfigure(errors=_READABLE)
