"""A scenario file: two YAML documents as in Maestro, a header and a list of commands."""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field

from monitor.base import paths, yamlfile
from monitor.base.errors import InputError, nearest, printable
from monitor.base.yamlfile import Strict
from monitor.content.guard import HIDDEN
from monitor.scenario import verbs  # noqa: F401  (fills the registry)
from monitor.scenario.apps import bundled_apps
from monitor.scenario.registry import VERBS, Args, Duration

MAX_COMMANDS: Final = 2000
_MAX_DEPTH: Final = 8
_MAX_TEXT: Final = 10_000
_PACKAGE: Final = r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+"
_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w{0,63})\}")


class Title(Strict):
    """The scenario's display name."""

    zh: str = ""
    en: str = ""


class Expect(Strict):
    """IDs of rules that must fire (``fires``), or be tested and not (``silent``); only evidenced findings count."""

    fires: list[str] = []
    silent: list[str] = []


class Header(Strict):
    """The first document."""

    appId: Annotated[str, yamlfile.matching(_PACKAGE, "not a package name such as com.example.shop")]
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
    """Values for ${NAME} in the steps."""
    declaration: str = ""
    """File of the operator's declaration, relative to the scenario; also with ``--app``, if that is the app."""
    duration: Duration = 0
    """Estimated duration, for progress."""
    expect: Expect = Expect()


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
    def name(self) -> str:
        """Name in the header, else of the file."""
        return self.header.name or self.path.stem

    @property
    def steps(self) -> list[Command]:
        """All commands, nested ones included."""
        return [step for command in self.commands for step in command.flat()]

    @property
    def files(self) -> list[str]:
        """Files beside it that its steps name."""
        return [file for step in self.steps for file in step.args.files(dict(step.args)).values()]

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
    return sorted(path.stem for path in paths.bundled("scenarios").glob("*.yaml"))


def bundled_scenarios() -> list[Scenario]:
    """Every bundled scenario, by name. Raises ``InputError`` for the first that cannot be read."""
    return [load_scenario(name) for name in names()]


def find(name: str) -> Path:
    """A path, or the file of a bundled scenario. Raises ``InputError``."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or "/" in name or path.is_file():
        return path
    if name in names():
        return paths.bundled("scenarios") / f"{name}.yaml"
    if path.is_dir():
        raise InputError("a directory, not a scenario", where=name[:80])
    if name in bundled_apps():
        hint = f"monitor run SCENARIO --app {name}; scenarios: {', '.join(names())}"
        raise InputError("an app, not a scenario", where=name, hint=hint)
    near = nearest(name[:80], names())
    hint = near if near.startswith("did you mean") else f"a file, or one of: {', '.join(names())}"
    raise InputError("no such scenario", where=name[:80], hint=hint)


def load_scenario(name: str | Path, *, app: str = "") -> Scenario:
    """Read a scenario by path or bundled name. ``app`` replaces the header's package. Raises ``InputError`` with file
    and line."""
    path = find(str(name))
    if path.is_file() and zipfile.is_zipfile(path):
        hint = "name the app with --app: monitor run SCENARIO --app FILE"
        raise InputError("an app, not a scenario", where=str(path), hint=hint)
    text = yamlfile.read_text(path)
    header, commands = _Reader(path, {}, itertools.count(1)).read(text, app)
    if not commands:
        raise InputError("the list of commands is empty", where=str(path))
    return Scenario(path, header, commands, text)


@dataclass(frozen=True)
class _Reader:
    """Reads the commands of a file, which may name others: ``env`` has the values of variables, ``numbers`` those of
    the commands, ``depth`` is that of the nesting."""

    path: Path
    env: Mapping[str, str]
    numbers: Iterator[int]
    depth: int = 0

    def read(self, text: str, app: str = "") -> tuple[Header, tuple[Command, ...]]:
        """Both documents."""
        where = str(self.path)
        documents = yamlfile.load_all(text, where)
        if len(documents) != 2:
            hint = "a header, a line with ---, then a list of commands"
            raise InputError(f"expected two YAML documents, found {len(documents)}", where=where, hint=hint)
        if app and isinstance(documents[0], dict):
            documents[0]["appId"] = app
        header = yamlfile.parse(Header, documents[0], where)
        values = {**header.env, **self.env, "APP_ID": header.appId}
        return header, replace(self, env=values).commands(documents[1], where)

    def commands(self, items: Any, place: str) -> tuple[Command, ...]:
        """A list of commands, which is named at ``place``."""
        if not isinstance(items, yamlfile.Items):
            raise InputError("expected a list of commands", where=place, hint="- tapOn: 同意")
        if self.depth > _MAX_DEPTH:
            raise InputError(f"commands nested deeper than {_MAX_DEPTH}", where=place)
        return tuple(self._command(item, f"{self.path}:{line}") for item, line in zip(items, items.lines, strict=True))

    def _command(self, data: Any, place: str) -> Command:
        """One item: ``verb`` alone, ``verb: value`` or ``verb: {…}``."""
        if isinstance(data, str):
            data = {data: None}
        if not isinstance(data, dict) or len(data) != 1:
            raise InputError("a command is one verb with its arguments", where=place, hint="- tapOn: {text: 同意}")
        ((name, value),) = data.items()
        known = VERBS.get(str(name))
        if known is None:
            raise InputError(f"unknown command {str(name)[:40]!r}", where=place, hint=nearest(str(name)[:40], VERBS))
        if (number := next(self.numbers)) > MAX_COMMANDS:
            raise InputError(f"more than {MAX_COMMANDS} commands", where=place)
        value = {} if value is None else _substitute(value, self.env, place)
        if not isinstance(value, dict):
            if not known.short:
                raise InputError(f"{name} takes a mapping, not a bare value", where=place)
            value = {known.short: value}
        nested: tuple[Command, ...] = ()
        names = known.args.model_fields
        if "commands" in value and "commands" in names:
            nested = replace(self, depth=self.depth + 1).commands(value["commands"], place)
        beside = {one: _beside(name, self.path, place) for one, name in known.args.files(value).items()}
        value = {**value, **{one: str(path) for one, path in beside.items()}}
        if "file" in beside and "commands" in names and not nested:
            if self.depth == _MAX_DEPTH:
                raise InputError(f"files nested deeper than {_MAX_DEPTH}", where=place)
            inside = replace(self, path=beside["file"], depth=self.depth + 1)
            nested = inside.read(yamlfile.read_text(beside["file"]))[1]
        return Command(number, known.name, yamlfile.parse(known.args, value, f"{place}: {name}"), place, nested)


def _beside(name: str, scenario: Path, place: str) -> Path:
    """A file beside the scenario or below, as a scenario names it, links followed: a stranger's folder may hold one
    that leads to a file of the user's, and what is read goes into the bundle. Raises ``InputError``."""
    here = scenario.parent
    plain = bool(name) and not Path(name).is_absolute() and ".." not in Path(name).parts
    if not plain or not (here / name).resolve().is_relative_to(here.resolve()):
        raise InputError("the file must be beside the scenario", where=place)
    if not (here / name).is_file():
        raise InputError(f"no such file beside the scenario: {printable(name, 80)}", where=place)
    return here / name


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
