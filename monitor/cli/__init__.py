"""Commands: the only place that prints or exits."""

import codecs
import difflib
import io
import os
import re
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from monitor.base import host
from monitor.base.errors import InputError, MonitorError, own_fault, printable
from monitor.cli import _lazy, _words

app = typer.Typer(
    name="monitor",
    cls=_lazy.LazyGroup,
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
#: What the command line's parser says, and what we say of it; ``{0}`` is the text that was matched.
_MESSAGES: Final = (
    (r"^Got unexpected extra arguments?(?:\(s\))? \((.*)\)", "unexpected argument: {0}"),
    (r"^Option '?(\S+?)'? requires an argument", "{0} needs a value"),
    (r"valid (int)", "not a whole number"),
    (r"greater than(?: or equal to)? (-?\d+)", "out of range: at least {0}"),
    (r"less than(?: or equal to)? (-?\d+)", "out of range: at most {0}"),
    (r"not in the range (.*)", "out of range: {0}"),
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"monitor {version('app-privacy-monitor')}")
        raise typer.Exit


@app.callback()
def _before(
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
        print(t("cli.begin", _words.current_lang()))
    elif context.invoked_subcommand in ("run", "sdk"):  # a faulty file is in no other command's way
        from monitor.cli._options import use

        if (used := use(context, project)) is not None:
            print(printable(t("cli.project", _words.current_lang(), path=used)), file=sys.stderr)


def main() -> None:
    """Entry point. A ``MonitorError`` becomes one line and its exit code; no traceback is printed.

    With ``MONITOR_DEBUG=1`` an unexpected error prints one.
    """
    make_streams_robust()
    _words.begin(sys.argv[1:])
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # a group without a command
            error.show()  # type: ignore[attr-defined]
            sys.exit(2)
        from monitor.cli._common import fault_line, missing_package

        parsers = hasattr(error, "format_message")  # whose classes are vendored
        fault = error if isinstance(error, MonitorError) else usage_fault(error) if parsers else missing_package(error)
        if fault is None and os.environ.get("MONITOR_DEBUG"):
            raise
        fault = fault or own_fault(error)
        print(f"monitor: {fault_line(fault)}", file=sys.stderr)
        sys.exit(fault.exit_code)


def usage_fault(error: Any) -> InputError:
    """What the command line's parser refuses, in one line as every other fault: what, and how to write it."""
    context, parameter = getattr(error, "ctx", None), getattr(error, "param", None)
    usage = f"{getattr(context, 'command_path', 'monitor')} --help"
    message, option = str(error.format_message()), getattr(error, "option_name", "")
    if option and message.startswith("No such option"):
        if option in _GLOBAL:
            return InputError(f"{option} comes before the command", hint=f"monitor {option} FILE COMMAND …")
        params = context.command.get_params(context) if context else ()
        known = [word for param in params for word in (*param.opts, *param.secondary_opts) if word.startswith("--")]
        after = f"options of a command come after it: monitor COMMAND {option}"
        return _unknown("option", option, known, after if context and context.parent is None else usage)
    if found := re.match(r"No such command '(.*?)'", message, re.DOTALL):
        return _unknown("command", found[1], list(getattr(context.command, "commands", ()) if context else ()), usage)
    where = _as_shown(parameter) if parameter is not None else ""
    if message.startswith("Missing"):
        return InputError(f"{where or 'an argument'} is missing", hint=usage)
    for pattern, text in _MESSAGES:
        if found := re.search(pattern, message, re.DOTALL):
            return InputError(text.format(printable(found[1], 100)), where=where, hint=usage)
    return InputError(printable(message, 200), hint=usage)


def _as_shown(parameter: Any) -> str:
    """An option as it is typed, an argument as the usage shows it."""
    shown = (*parameter.opts, parameter.metavar or getattr(parameter, "human_readable_name", parameter.name))
    return str(next((word for word in shown if word.startswith("--")), shown[-1]))


def _unknown(what: str, wrong: str, known: list[str], usage: str) -> InputError:
    near = difflib.get_close_matches(wrong, known, n=1, cutoff=0.6)
    return InputError(f"no such {what}: {printable(wrong, 60)}", hint=f"did you mean {near[0]}?" if near else usage)


def _readable(error: UnicodeError) -> tuple[str, int]:
    """What a terminal cannot show: punctuation by what comes close, all else by a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(_PLAIN)
    return "".join(c if c.isascii() else "?" for c in text), error.end


class _Output(io.FileIO):
    """What its reader does not wait for (``| head``) is dropped: the command goes on, as a session must be sealed, and
    its exit code is the same. What else fails is told once."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError as error:
            os.dup2(host.opened(Path(os.devnull), os.O_WRONLY), self.fileno())
            if error.errno in host.PIPE_CLOSED:
                return len(data)
            error.filename = "stdout"
            raise


def make_streams_robust() -> None:
    """Let nothing that is printed end the program: neither a character that the terminal (ASCII or another old coding)
    does not have, nor a pipe that was closed."""
    codecs.register_error(_READABLE, _readable)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if not stream.encoding.lower().startswith("utf"):
            stream.reconfigure(errors=_READABLE)
        if isinstance(getattr(stream.buffer, "raw", stream.buffer), io.FileIO):
            out = io.BufferedWriter(_Output(stream.fileno(), "wb", closefd=False))
            by_line = stream.line_buffering or stream.write_through
            setattr(sys, name, io.TextIOWrapper(out, stream.encoding, stream.errors, line_buffering=by_line))
