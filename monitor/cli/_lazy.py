"""The commands, each loaded when it is used: listing them must not load what only one of them needs.

Their own texts are English (docstrings, and ``monitor/text/options.yaml``); ``--help`` is Chinese where that is asked
for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, Final, get_origin

import typer
from typer.core import TyperGroup

from monitor.cli._words import current_lang, language

#: In the order of the list: the module that has a command in its ``COMMANDS``, and the first sentence of its help, with
#: which a test compares it.
COMMANDS: Final = {
    "run": ("run", "Record a session and assess it."),
    "explore": ("explore", "Walk through an app that has no scenario, and assess it."),
    "app": ("app_file", "Show what is in an app's file, without a session."),
    "import": ("importing", "Make a bundle from traffic captured elsewhere and assess it."),
    "analyse": ("bundles", "Re-run the rules on a recorded bundle."),
    "findings": ("bundles", "Show the findings of a bundle."),
    "events": ("bundles", "Show the events of a bundle as recorded."),
    "coverage": ("bundles", "Show what was tested, and what was not and why."),
    "report": ("bundles", "Write a report on a bundle."),
    "diff": ("comparing", "Show what is new, gone or changed between two sessions."),
    "verify": ("evidence", "Verify a bundle."),
    "recover": ("evidence", "Repair, seal and assess an interrupted recording."),
    "redact": ("evidence", "Make a copy without the private part for others."),
    "timestamp": ("evidence", "Obtain an RFC 3161 time-stamp for the recording."),
    "prove": ("evidence", "Prove that an event is in a recording, or check a proof."),
    "explain": ("explaining", "Explain a rule, a hook or how a finding came about."),
    "doctor": ("device", "Report what works here, what does not, and how to fix it."),
    "sdk": ("sdk", "Check a library against what its vendor declares."),
    "baseline": ("comparing", "Accept findings, so that a pipeline fails on new ones only."),
    "fleet": ("fleet", "A plan of sessions on many devices; results go to an archive."),
    "archive": ("archive", "Many sessions: archive bundles, and ask what they show."),
    "key": ("evidence", "Create and show signing keys. Keep the private half secret."),
    "rules": ("lists", "List and check rules."),
    "tables": ("lists", "Show the digests of rules and tables."),
    "hooks": ("lists", "Show the hook catalogue: what is hooked, and why."),
    "scenarios": ("lists", "List scenarios and their steps."),
    "declaration": ("declaration", "Declarations: draft, check, compare, import."),
    "case": ("case", "Track data-subject requests: dates, due dates, answers."),
    "consent": ("bundles", "List unreadable dialogs; record a person's reading of them."),
    "device": ("device", "Prepare, test and restore a phone or emulator."),
    "emulator": ("device", "Manage Android emulators with your own SDK tools."),
}


class _Commands(Mapping[str, Any]):
    """The commands by name, each loaded when it is asked for."""

    def __getitem__(self, name: str) -> Any:
        command = _load(name)
        _translate(command)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


@cache
def _load(name: str) -> Any:
    """A command, or a group of them, of what its module has under this name."""
    module, summary = COMMANDS[name]
    content, loaded = import_module(f"monitor.cli.{module}").COMMANDS[name], typer.Typer(rich_markup_mode=None)
    if isinstance(content, dict):
        group = typer.Typer(help=summary, no_args_is_help=True)
        group.callback()(lambda: None)  # or one command alone would be no group
        for word, function in content.items():
            group.command(word)(with_options(function, name, f"{name} {word}"))
        loaded.add_typer(group, name=name)
    else:
        loaded.command(name)(with_options(content, name))
    return typer.main.get_group(loaded).commands[name]


def with_options(function: Callable[..., None], *paths: str) -> Callable[..., None]:
    """The function as typer takes it: positional parameters are arguments, keyword-only ones are options named after
    them; last comes ``--lang``. ``paths`` of the command: sections of the table of options, the last of which goes
    before the others. A function with a signature of its own (``_options.command``) is left as it is."""
    if hasattr(function, "__signature__"):
        return function

    def call(lang: str = "", **values: Any) -> None:
        function(**values)

    parameters = [*signature(function, eval_str=True).parameters.values()]
    parameters.append(Parameter("lang", Parameter.KEYWORD_ONLY, default="", annotation=str))
    call.__signature__ = Signature([_parameter(one, paths) for one in parameters])  # type: ignore[attr-defined]
    call.__annotations__, call.__doc__ = {}, function.__doc__
    return call


def _parameter(parameter: Parameter, paths: Sequence[str]) -> Parameter:
    name, kind = parameter.name.removeprefix("as_").rstrip("_"), parameter.annotation
    if get_origin(kind) is not Annotated:
        details: dict[str, Any] = {}
        for path in ("common", *paths):
            own = help_texts("options").get(path, {}).get(parameter.name, {})
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
            formatter.write_dl([(name, _line(summary)) for name, (_, summary) in COMMANDS.items()])


@cache
def help_texts(name: str) -> dict[str, Any]:
    """``options``: what help says of options and arguments, by section and parameter; ``help_zh``: the Chinese help by
    the English, whose spaces are joined."""
    import yaml

    from monitor.base.paths import package_data

    text = (package_data("text") / f"{name}.yaml").read_text("utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)  # type: ignore[no-any-return]


def _line(summary: str) -> str:
    """The line of a command in a list, in the reader's language."""
    english = summary.partition(". ")[0].removesuffix(".") + "."
    if current_lang() != "zh":
        return english
    known = help_texts("help_zh").items()
    found = next((zh for en, zh in known if en == summary or en.startswith(f"{summary} ")), english)
    return found.replace("|", "").partition("。")[0]


def translated(english: str) -> str:
    """A text of ``help_zh`` in the reader's language; one that is not in the table stays English."""
    found = help_texts("help_zh").get(" ".join(english.split())) if current_lang() == "zh" else None
    return english if found is None else found.replace("|", "\n\n")


def _translate(command: Any) -> None:
    """Give a command, its options and its subcommands their help in the reader's language; may be called again."""
    for one in (command, *getattr(command, "params", ())):
        english = one.__dict__.setdefault("_english", getattr(one, "help", None))
        if english:
            one.help = translated(english)
    for sub in (getattr(command, "commands", None) or {}).values():
        _translate(sub)
