"""The commands, each loaded when it is used: listing them must not load what only one of them needs.

Their own texts are English (docstrings, and ``monitor/text/options.yaml``); ``--help`` is Chinese where that is asked
for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, Final, NamedTuple, get_origin

import typer
from typer.core import TyperGroup

from monitor.cli._words import current_lang, language

#: Commands that print what is the same in every language.
_WITHOUT_LANGUAGE: Final = ("events", "emulator")


class Command(NamedTuple):
    """The module that has a command in ``COMMANDS``, and its help, whose first sentence is its line in the list."""

    module: str
    summary: str


#: In the order of the list. A test compares the lines with the commands' own descriptions.
COMMANDS: Final = {
    "run": Command("run", "Record a session and assess it."),
    "app": Command("app_file", "Show what is in an app's file, without a session."),
    "import": Command("importing", "Make a bundle from traffic captured elsewhere and assess it."),
    "analyse": Command("bundles", "Re-run the rules on a recorded bundle."),
    "findings": Command("bundles", "Show the findings of a bundle."),
    "events": Command("bundles", "Show the events of a bundle as recorded."),
    "coverage": Command("bundles", "Show what was tested, and what was not and why."),
    "report": Command("bundles", "Write a report on a bundle."),
    "diff": Command("comparing", "Show what is new, gone or changed between two sessions."),
    "verify": Command("evidence", "Verify a bundle."),
    "recover": Command("evidence", "Repair, seal and assess an interrupted recording."),
    "redact": Command("evidence", "Make a copy without the private part for others."),
    "timestamp": Command("evidence", "Obtain an RFC 3161 time-stamp for the recording."),
    "prove": Command("evidence", "Prove that an event is in a recording, or check a proof."),
    "explain": Command("explaining", "Explain a rule, a hook or how a finding came about."),
    "doctor": Command("device", "Report what works here, what does not, and how to fix it."),
    "sdk": Command("sdk", "Check a library against what its vendor declares."),
    "baseline": Command("comparing", "Accept findings, so that a pipeline fails on new ones only."),
    "fleet": Command("fleet", "A plan of sessions on many devices; results go to an archive."),
    "archive": Command("archive", "Many sessions: archive bundles, and ask what they show."),
    "key": Command("evidence", "Create and show signing keys. Keep the private half secret."),
    "rules": Command("lists", "List and check rules."),
    "hooks": Command("lists", "Show the hook catalogue: what is hooked, and why."),
    "scenarios": Command("lists", "List scenarios and their steps."),
    "declaration": Command("declaration", "Declarations: draft, check, compare, import."),
    "case": Command("case", "Track data-subject requests: dates, due dates, answers."),
    "consent": Command("bundles", "List unreadable dialogs; record a person's reading of them."),
    "device": Command("device", "Prepare, test and restore a phone or emulator."),
    "emulator": Command("device", "Manage Android emulators with your own SDK tools."),
}


class _Commands(Mapping[str, Any]):
    """The commands by name, each loaded when it is asked for."""

    def __getitem__(self, name: str) -> Any:
        translate(command := _load(name))
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


@cache
def _load(name: str) -> Any:
    """A command, or a group of them, of what its module has under this name."""
    module = typer.Typer(rich_markup_mode=None)
    content = import_module(f"monitor.cli.{COMMANDS[name].module}").COMMANDS[name]
    if isinstance(content, dict):
        group = typer.Typer(help=COMMANDS[name].summary, no_args_is_help=True)
        group.callback()(lambda: None)  # or one command alone would be no group
        for word, function in content.items():
            group.command(word)(with_options(function, name, f"{name} {word}"))
        module.add_typer(group, name=name)
    else:
        module.command(name)(with_options(content, name))
    return typer.main.get_group(module).commands[name]


def with_options(function: Callable[..., None], *paths: str) -> Callable[..., None]:
    """The function as typer takes it: positional parameters are arguments, keyword-only ones are options named after
    them; last comes ``--lang``. ``paths`` of the command: sections of the table of options, the last of which goes
    before the others. A function with a signature of its own (``_options.command``) is left as it is."""
    if hasattr(function, "__signature__"):
        return function

    def call(lang: str = "", **values: Any) -> None:
        function(**values)

    parameters = [*signature(function, eval_str=True).parameters.values()]
    if paths[0] not in _WITHOUT_LANGUAGE:
        parameters.append(Parameter("lang", Parameter.KEYWORD_ONLY, default="", annotation=str))
    call.__signature__ = Signature([_parameter(one, paths) for one in parameters])  # type: ignore[attr-defined]
    call.__annotations__, call.__doc__ = {}, function.__doc__
    return call


def _parameter(parameter: Parameter, paths: Sequence[str]) -> Parameter:
    name, kind = parameter.name.removeprefix("as_").rstrip("_"), parameter.annotation
    if get_origin(kind) is not Annotated:
        details: dict[str, Any] = {}
        for path in ("common", *paths):
            own = option_texts().get(path, {}).get(parameter.name, {})
            details |= {"help": own} if isinstance(own, str) else own
        if parameter.kind == Parameter.KEYWORD_ONLY:
            switch = f"--{name.replace('_', '-')}"
            # A switch that is on by default also has --no-NAME.
            flags = details.pop("flags", () if parameter.default is True else (switch,))
            callback = language if name == "lang" else None
            kind = Annotated[kind, typer.Option(*flags, callback=callback, **details)]
        else:
            kind = Annotated[kind, typer.Argument(**{"metavar": name.upper(), **details})]
    return parameter.replace(kind=Parameter.KEYWORD_ONLY, annotation=kind)


class LazyGroup(TyperGroup):
    """The group of all commands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()  # type: ignore[assignment]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list from the table, which loads no command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _line(command.summary)) for name, command in COMMANDS.items()])


@cache
def _table(file: str) -> Any:
    import yaml

    from monitor.base.paths import package_data

    return yaml.load((package_data("text") / file).read_text("utf-8"), Loader=yaml.CSafeLoader)


def option_texts() -> dict[str, dict[str, Any]]:
    """What help says of options and arguments, by section and parameter."""
    return _table("options.yaml")  # type: ignore[no-any-return]


def chinese_help() -> dict[str, str]:
    """English help texts, their spaces joined, to the Chinese ones."""
    return _table("help_zh.yaml")  # type: ignore[no-any-return]


def _line(summary: str) -> str:
    """The line of a command in a list, in the reader's language."""
    english = summary.partition(". ")[0].removesuffix(".") + "."
    if current_lang() != "zh":
        return english
    found = next((zh for en, zh in chinese_help().items() if en == summary or en.startswith(f"{summary} ")), english)
    return found.replace("|", "").partition("。")[0]


def translate(command: Any) -> None:
    """Give a command, its options and its subcommands their help in the reader's language; may be called again. A text
    that is not in the table stays English."""
    for one in (command, *getattr(command, "params", ())):
        english = one.__dict__.setdefault("_english", getattr(one, "help", None))
        if english:
            found = chinese_help().get(" ".join(english.split())) if current_lang() == "zh" else None
            one.help = english if found is None else found.replace("|", "\n\n")
    for sub in (getattr(command, "commands", None) or {}).values():
        translate(sub)
