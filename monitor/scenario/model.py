"""A scenario file: two YAML documents as in Maestro, a header and a list of commands."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import Field, field_validator

from monitor.base import yamlfile
from monitor.base.errors import InputError, nearest
from monitor.base.paths import bundled
from monitor.base.yamlfile import Strict
from monitor.content.guard import HIDDEN
from monitor.scenario import verbs  # noqa: F401  (fills the registry)
from monitor.scenario.apps import bundled_apps
from monitor.scenario.registry import VERBS, Args, Duration

MAX_COMMANDS: Final = 2000
_MAX_DEPTH: Final = 8
_MAX_TEXT: Final = 10_000
_PACKAGE = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+")
_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w{0,63})\}")


class Title(Strict):
    """The scenario's display name."""

    zh: str = ""
    en: str = ""


class Expect(Strict):
    """IDs of rules that must fire (``fires``) or stay silent (``silent``); only evidenced findings count."""

    fires: list[str] = []
    silent: list[str] = []


class Header(Strict):
    """The first document."""

    appId: str
    """The package under test; steps name it as ${APP_ID}."""
    app: str = ""
    """What to install: a bundled app's name or a file beside the scenario; empty = the installed package."""
    name: str = Field("", max_length=100)
    """Empty = the file's."""
    title: Title = Title()
    description: Title = Title()
    tags: list[str] = []
    """For the author: nothing reads them."""
    env: dict[str, str] = {}
    """Values for ${NAME} in the steps; those of the command line win."""
    declaration: str = ""
    """File of the operator's declaration, relative to the scenario; also with ``--app``, if that is the app."""
    duration: Duration = 0
    """Estimated duration, for progress."""
    expect: Expect = Expect()

    @field_validator("appId")
    @classmethod
    def _package(cls, value: str) -> str:
        if not _PACKAGE.fullmatch(value):
            raise ValueError("not a package name such as com.example.shop")
        return value


@dataclass(frozen=True)
class Command:
    """One step: its number in the file (from 1, nested ones counted), verb, arguments and nested commands."""

    index: int
    verb: str
    args: Args
    where: str
    children: tuple[Command, ...] = ()

    def flat(self) -> Iterator[Command]:
        """This command and all below it, in the order of their numbers."""
        yield self
        for child in self.children:
            yield from child.flat()


@dataclass(frozen=True)
class Scenario:
    """A scenario ready to run. ``text`` is the file as it was read, for the bundle."""

    path: Path
    header: Header
    commands: tuple[Command, ...]
    text: str

    @property
    def app_id(self) -> str:
        """Package under test."""
        return self.header.appId

    @property
    def name(self) -> str:
        """Name in the header, else of the file."""
        return self.header.name or self.path.stem

    @property
    def steps(self) -> list[Command]:
        """All commands, nested ones included."""
        return [step for command in self.commands for step in command.flat()]

    @property
    def waits_ms(self) -> int:
        """Known waits of all steps together, milliseconds."""
        return sum(step.args.planned_ms() for step in self.steps)

    def expects(self) -> list[str]:
        """Rules of which the header or a step says that they fire or stay silent."""
        stated: list[Any] = [self.header.expect, *(step.args for step in self.steps if step.verb == "expect")]
        return [rule for expect in stated for rule in (*expect.fires, *expect.silent)]

    @property
    def declaration_path(self) -> Path | None:
        """The declaration that the header names, relative to the file; ``None`` if it names none."""
        return self.path.parent / self.header.declaration if self.header.declaration else None

    def public(self) -> bytes:
        """The file as a bundle shows it: without the texts to type, which are a test person's data and must not appear
        in anything public."""
        words = {str(getattr(step.args, "text", "")) for step in self.steps if step.verb == "inputText"}
        text = self.text
        for word in sorted(words, key=len, reverse=True):
            if len(word) > 3 or not word.isascii():
                text = text.replace(word, HIDDEN)
        return text.encode()

    def title(self, lang: str) -> str:
        """Title in ``zh`` or ``en``, otherwise in the other language, otherwise the name."""
        title = self.header.title
        return (title.zh or title.en if lang == "zh" else title.en or title.zh) or self.name


def names() -> list[str]:
    """Names of the bundled scenarios."""
    return sorted(path.stem for path in bundled("scenarios").glob("*.yaml"))


def bundled_scenarios() -> list[Scenario]:
    """Every bundled scenario, by name. Raises ``InputError`` for the first that cannot be read."""
    return [load_scenario(name) for name in names()]


def find(name: str) -> Path:
    """A path, or the file of a bundled scenario. Raises ``InputError``."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or "/" in name or path.is_file():
        return path
    if name in names():
        return bundled("scenarios") / f"{name}.yaml"
    if path.is_dir():
        raise InputError("a directory, not a scenario", where=name[:80])
    if name in bundled_apps():
        hint = f"monitor run SCENARIO --app {name}; scenarios: {', '.join(names())}"
        raise InputError("an app, not a scenario", where=name, hint=hint)
    near = nearest(name[:80], names())
    hint = near if near.startswith("did you mean") else f"a file, or one of: {', '.join(names())}"
    raise InputError("no such scenario", where=name[:80], hint=hint)


def load_scenario(name: str | Path, *, app: str = "", env: Mapping[str, str] | None = None) -> Scenario:
    """Read a scenario by path or bundled name. ``app`` replaces the header's package, ``env`` its variables.

    Raises ``InputError`` with file and line.
    """
    path = find(str(name))
    if path.is_file() and zipfile.is_zipfile(path):
        hint = "name the app with --app: monitor run SCENARIO --app FILE"
        raise InputError("an app, not a scenario", where=str(path), hint=hint)
    text = yamlfile.read_text(path)
    header, commands = _read(path, text, app, env or {}, depth=0)
    if not commands:
        raise InputError("the list of commands is empty", where=str(path))
    numbered, count = _number(commands, 1)
    if count > MAX_COMMANDS:
        raise InputError(f"more than {MAX_COMMANDS} commands", where=str(path))
    return Scenario(path, header, numbered, text)


def _read(path: Path, text: str, app: str, env: Mapping[str, str], depth: int) -> tuple[Header, tuple[Command, ...]]:
    where = str(path)
    documents = yamlfile.load_all(text, where)
    if len(documents) != 2:
        hint = "a header, a line with ---, then a list of commands"
        raise InputError(f"expected two YAML documents, found {len(documents)}", where=where, hint=hint)
    if app and isinstance(documents[0], dict):
        documents[0]["appId"] = app
    header = yamlfile.parse(Header, documents[0], where)
    values = {**header.env, **env, "APP_ID": header.appId}
    node = list(yaml.compose_all(text, Loader=yaml.CSafeLoader))[1]
    return header, _commands(documents[1], node, _Source(path, values), depth)


@dataclass(frozen=True)
class _Source:
    """Where commands come from: for locations in errors, variables and files named in them."""

    path: Path
    env: Mapping[str, str]

    def place(self, node: yaml.Node | None) -> str:
        return f"{self.path}:{node.start_mark.line + 1}" if node is not None else str(self.path)


def _commands(data: Any, node: yaml.Node | None, source: _Source, depth: int) -> tuple[Command, ...]:
    if not isinstance(data, list):
        raise InputError("expected a list of commands", where=source.place(node), hint="- tapOn: 同意")
    if depth > _MAX_DEPTH:
        raise InputError(f"commands nested deeper than {_MAX_DEPTH}", where=source.place(node))
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [None] * len(data)
    return tuple(_command(item, item_node, source, depth) for item, item_node in zip(data, nodes, strict=True))


def _command(data: Any, node: yaml.Node | None, source: _Source, depth: int) -> Command:
    """One item: ``verb`` alone, ``verb: value`` or ``verb: {…}``."""
    place = source.place(node)
    if isinstance(data, str):
        name, value, inner = data, None, None
    elif isinstance(data, dict) and len(data) == 1:
        name, value = next(iter(data.items()))
        inner = _value(node, str(name))
    else:
        raise InputError("a command is one verb with its arguments", where=place, hint="- tapOn: {text: 同意}")
    known = VERBS.get(str(name))
    if known is None:
        raise InputError(f"unknown command {str(name)[:40]!r}", where=place, hint=nearest(str(name)[:40], VERBS))
    value = {} if value is None else _substitute(value, source.env, place)
    if not isinstance(value, dict):
        if not known.short:
            raise InputError(f"{name} takes a mapping, not a bare value", where=place)
        value = {known.short: value}
    nested: tuple[Command, ...] = ()
    if "commands" in known.args.model_fields:
        if "commands" in value:
            nested = _commands(value["commands"], _value(inner, "commands"), source, depth + 1)
        elif "file" in value:
            if depth + 1 > _MAX_DEPTH:
                raise InputError(f"files nested deeper than {_MAX_DEPTH}", where=place)
            path = _beside(str(value["file"]), source, place)
            nested = _read(path, yamlfile.read_text(path), "", source.env, depth + 1)[1]
    elif "file" in value and "file" in known.args.model_fields:
        value = {**value, "file": str(_beside(str(value["file"]), source, place))}
    return Command(0, known.name, yamlfile.parse(known.args, value, f"{place}: {name}"), place, nested)


def _beside(name: str, source: _Source, place: str) -> Path:
    """A file beside the scenario or below, as a scenario names it, links followed: a stranger's folder may hold one
    that leads to a file of the user's, and what is read goes into the bundle. Raises ``InputError``."""
    here = source.path.parent
    plain = bool(name) and not Path(name).is_absolute() and ".." not in Path(name).parts
    if not plain or not (here / name).resolve().is_relative_to(here.resolve()):
        raise InputError("the file must be beside the scenario", where=place)
    return here / name


def _number(commands: tuple[Command, ...], index: int) -> tuple[tuple[Command, ...], int]:
    """Commands with their numbers; and the next free number."""
    numbered = []
    for command in commands:
        children, after = _number(command.children, index + 1)
        numbered.append(replace(command, index=index, children=children))
        index = after
    return tuple(numbered), index


def _substitute(data: Any, env: Mapping[str, str], place: str) -> Any:
    """``${NAME}`` in every text, once (values are not expanded again), never longer than ``_MAX_TEXT``."""
    if isinstance(data, dict):  # nested commands are substituted when they are reached
        return {key: item if key == "commands" else _substitute(item, env, place) for key, item in data.items()}
    if isinstance(data, list):
        return [_substitute(item, env, place) for item in data]
    if not isinstance(data, str) or "${" not in data:
        return data

    def value(match: re.Match[str]) -> str:
        if match[1] not in env:
            raise InputError(f"unknown variable {match[1]}", where=place, hint="set it under env in the header")
        return env[match[1]]

    text = _VARIABLE.sub(value, data)
    if len(text) > _MAX_TEXT:
        raise InputError(f"a text longer than {_MAX_TEXT} characters after substitution", where=place)
    return text


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)
