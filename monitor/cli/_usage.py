"""What the command line's parser refuses, in one line as every other fault: what, and how to write it."""

import difflib
import re
from typing import Any, Final

from monitor.base.errors import InputError, printable

_EXTRA: Final = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", re.DOTALL)
_COMMAND: Final = re.compile(r"No such command '(.*?)'", re.DOTALL)
_NEEDS: Final = re.compile(r"Option '?(\S+?)'? requires an argument", re.DOTALL)
_INTEGER: Final = re.compile(r"valid integer|valid int")
_RANGE: Final = re.compile(r"(greater|less) than(?: or equal to)? (-?\d+)|not in the range (.*)")
#: Options that stand before the command.
_BEFORE: Final = ("--project", "--version")


def is_usage(error: BaseException) -> bool:
    """Whether the parser raised it."""
    return hasattr(error, "format_message") and hasattr(error, "exit_code")


def refusal(error: Any) -> InputError:
    """The fault as one line."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "monitor"
    how = f"{path} --help"
    said = str(error.format_message())
    option = getattr(error, "option_name", "")
    if option and said.startswith("No such option"):
        if option in _BEFORE:
            return InputError(f"{option} comes before the command", hint=f"monitor {option} FILE COMMAND …")
        return InputError(f"no such option: {printable(option, 60)}", hint=_near(option, _options(context), how))
    if found := _COMMAND.match(said):
        known = list(getattr(context.command, "commands", ())) if context is not None else []
        return InputError(f"no such command: {printable(found[1], 60)}", hint=_near(found[1], known, how))
    if found := _EXTRA.match(said):
        return InputError(f"unexpected argument: {printable(found[1], 100)}", hint=how)
    if found := _NEEDS.match(said):
        return InputError(f"{printable(found[1], 60)} needs a value", hint=how)
    param = getattr(error, "param", None)
    name = _name(param)
    if said.startswith("Missing"):
        return InputError(f"{name} is missing", hint=how)
    if param is not None and _INTEGER.search(said):
        return InputError("not a whole number", where=name, hint=how)
    if param is not None and (found := _RANGE.search(said)):
        if found[1] == "greater":
            return InputError(f"out of range: at least {found[2]}", where=name, hint=how)
        if found[1]:
            return InputError(f"out of range: at most {found[2]}", where=name, hint=how)
        return InputError(f"out of range: {found[3]}", where=name, hint=how)
    return InputError(printable(said, 200), hint=how)


def _name(param: Any) -> str:
    """An option as it is typed, an argument as the usage shows it."""
    if param is None:
        return "an argument"
    words = [word for word in getattr(param, "opts", ()) if word.startswith("--")]
    shown = getattr(param, "metavar", None) or getattr(param, "human_readable_name", "") or param.name
    return str(words[0] if words else shown)


def _options(context: Any) -> list[str]:
    params = context.command.get_params(context) if context is not None else ()
    return [word for param in params for word in (*param.opts, *param.secondary_opts) if word.startswith("--")]


def _near(wrong: str, known: list[str], how: str) -> str:
    near = difflib.get_close_matches(wrong, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else how
