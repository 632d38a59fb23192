"""The project file ``monitor.yaml``: what the options of ``monitor run`` and ``monitor sdk check`` would say.

Its keys are the options' names with ``_`` for ``-``; an option on the command line goes before it. Paths are relative
to the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

import typer
from pydantic import Field

from monitor.errors import InputError
from monitor.yamlfile import Strict, load, parse

NAME: Final = "monitor.yaml"
_PATHS: Final = frozenset(
    """declaration rules out baseline reports hooks key state identifiers recipients consent_words continue
    record""".split()
)
#: Names that are words of Python or of the commands' own code.
_PARAMETERS: Final = {"continue": "carry", "consent_words": "words", "record": "record_file"}


class RunOptions(Strict):
    """Options of ``monitor run``. Empty = not said."""

    scenario: str | None = None
    app: str | None = None
    device: str | None = None
    declaration: str | None = None
    pack: list[str] | None = None
    profile: str | None = None
    rules: list[str] | None = None
    out: str | None = None
    lang: Literal["en", "zh"] | None = None
    fail_on: str | None = None
    baseline: str | None = None
    reports: str | None = None
    proxy: Literal["sinkhole", "normal", "none"] | None = None
    unpin: Literal["none", "ca", "hooks"] | None = None
    hooks: list[str] | None = None
    hook: list[str] | None = None
    frida_port: int | None = Field(default=None, ge=1, le=65535)
    key: str | None = None
    allow_host: list[str] | None = None
    timestamp: str | None = None
    state: str | None = None
    runtime: Literal["jvm", "art"] | None = None
    uncontained: bool | None = None
    standin: str | None = None
    identifiers: str | None = None
    recipients: list[str] | None = None
    record: str | None = None
    continue_: str | None = Field(default=None, alias="continue")
    consent_words: str | None = None
    quiet: bool | None = None


class SdkOptions(Strict):
    """Options of ``monitor sdk check``."""

    library: str | None = None
    declaration: str | None = None
    sdk: str | None = None
    situation: list[str] | None = None
    watch: int | None = Field(default=None, ge=1, le=3600)
    device: str | None = None
    runtime: Literal["jvm", "art"] | None = None
    uncontained: bool | None = None
    out: str | None = None
    key: str | None = None
    lang: Literal["en", "zh"] | None = None
    quiet: bool | None = None


class Project(Strict):
    """The file."""

    run: RunOptions = RunOptions()
    sdk: SdkOptions = SdkOptions()


def use(context: typer.Context, file: Path | None) -> Path | None:
    """Let the file's values stand for options that are not given; without ``file`` that of the working directory.

    Returns the file that was used. Only commands that read it look at it, so that a faulty one is in nobody else's way.
    Raises ``InputError``.
    """
    if context.invoked_subcommand not in ("run", "sdk"):
        return None
    if file is None and not Path(NAME).is_file():
        return None
    path = file or Path(NAME)
    project = parse(Project, load(path) or {}, str(path))
    here = path.parent
    context.default_map = {
        "run": _values(project.run, here, {"app": here, "scenario": here}),
        "sdk": {"check": _values(project.sdk, here, {"library": here})},
    }
    return path


def _values(options: Strict, here: Path, either: dict[str, Path]) -> dict[str, Any]:
    """Parameters of a command. ``either``: a file beside the project file if there is one, else a name."""
    said = options.model_dump(by_alias=True, exclude_none=True)
    found: dict[str, Any] = {}
    for name, value in said.items():
        if name in _PATHS:
            value = [_placed(one, here) for one in value] if isinstance(value, list) else _placed(value, here)
        elif name in either and (here / value).is_file():
            value = str(here / value)
        found[_PARAMETERS.get(name, name)] = value
    return found


def _placed(path: str, here: Path) -> str:
    if not path:
        raise InputError("an empty path", where=NAME)
    return path if path == "none" else str(here / path)
