"""Commands whose modules load when they are used: listing them must not load what only one of them needs.

Their own texts are English; what ``--help`` says is Chinese where that is asked for.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperGroup

from monitor.cli._spoken import lang


class Listed(NamedTuple):
    """A command: the module that has it in ``COMMANDS``, its line in the list, and what its help adds to that."""

    module: str
    line: str
    more: str = ""


#: In the order of the list. A test compares the lines with the commands' own descriptions.
COMMANDS: Final = {
    "run": Listed("run", "Record a session and assess it."),
    "app": Listed("app_file", "Show what is in an app's file, without a session."),
    "import": Listed("importing", "Make a bundle from traffic captured elsewhere and assess it."),
    "analyse": Listed("bundles", "Re-run the rules on a recorded bundle."),
    "findings": Listed("bundles", "Show the findings of a bundle."),
    "events": Listed("bundles", "Show the events of a bundle as recorded."),
    "coverage": Listed("bundles", "Show what was tested, and what was not and why."),
    "report": Listed("bundles", "Write a report on a bundle."),
    "diff": Listed("comparing", "Show what is new, gone or changed between two sessions."),
    "verify": Listed("evidence", "Verify a bundle."),
    "recover": Listed("evidence", "Repair, seal and assess an interrupted recording."),
    "redact": Listed("evidence", "Make a copy without the private part for others."),
    "timestamp": Listed("evidence", "Obtain an RFC 3161 time-stamp for the recording."),
    "prove": Listed("evidence", "Prove that an event is in a recording, or check a proof."),
    "explain": Listed("explaining", "Explain a rule, a hook or how a finding came about."),
    "doctor": Listed("doctor", "Report what works here, what does not, and how to fix it."),
    "sdk": Listed("sdk", "Check a library against what its vendor declares."),
    "baseline": Listed("comparing", "Accept findings, so that a pipeline fails on new ones only."),
    "fleet": Listed("fleet", "A plan of sessions on many devices; results go to an archive."),
    "archive": Listed("archive", "Many sessions: archive bundles, and ask what they show."),
    "key": Listed("evidence", "Create and show signing keys.", " Keep the private half secret."),
    "rules": Listed("lists", "List and check rules."),
    "hooks": Listed("lists", "Show the hook catalogue: what is hooked, and why."),
    "scenarios": Listed("lists", "List scenarios and their steps."),
    "declaration": Listed("declaration", "Declarations: draft, check, compare, import."),
    "case": Listed("case", "Track data-subject requests: dates, due dates, answers."),
    "consent": Listed("consent", "List unreadable dialogs; record a person's reading of them."),
    "device": Listed("device", "Prepare, test and restore a phone or emulator."),
    "emulator": Listed("emulator", "Manage Android emulators with your own SDK tools."),
}


class _Commands(Mapping[str, Any]):
    """The commands by name, each loaded when it is asked for."""

    def __getitem__(self, name: str) -> Any:
        translate(made := _made(name))
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)

    def __contains__(self, name: object) -> bool:
        return name in COMMANDS


@cache
def _made(name: str) -> Any:
    """A command, or a group of them, of what its module has under this name."""
    module = typer.Typer(rich_markup_mode=None)
    found = import_module(f"monitor.cli.{COMMANDS[name].module}").COMMANDS[name]
    if isinstance(found, dict):
        group = typer.Typer(help=COMMANDS[name].line + COMMANDS[name].more, no_args_is_help=True)
        group.callback()(lambda: None)  # or one command alone would be no group
        for word, function in found.items():
            group.command(word)(function)
        module.add_typer(group, name=name)
    else:
        module.command(name)(found)
    return typer.main.get_group(module).commands[name]


class LazyGroup(TyperGroup):
    """The group of all of them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()  # type: ignore[assignment]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line(listed.line)) for name, listed in COMMANDS.items()])


@cache
def _table() -> Mapping[str, str]:
    import yaml

    from monitor.base.paths import package_data

    text = (package_data("text") / "help_zh.yaml").read_text("utf-8")
    return {str(key): str(value) for key, value in yaml.load(text, Loader=yaml.CSafeLoader).items()}


def told(text: str) -> str:
    """A help text in the reader's language; one that is not in the table stays English."""
    if lang() != "zh":
        return text
    found = _table().get(" ".join(text.split()))
    return text if found is None else found.replace("|", "\n\n")


def line(text: str) -> str:
    """The line of a command in a list, which is the first sentence of its help."""
    if lang() != "zh":
        return text
    found = next((zh for en, zh in _table().items() if en == text or en.startswith(f"{text} ")), text)
    return found.replace("|", "").partition("。")[0]


def translate(command: Any) -> None:
    """Give a command, its options and its subcommands their texts in the reader's language; may be called again."""
    for one in (command, *getattr(command, "params", ())):
        english = one.__dict__.setdefault("_english", getattr(one, "help", None))
        if english:
            one.help = told(english)
    for sub in (getattr(command, "commands", None) or {}).values():
        translate(sub)
