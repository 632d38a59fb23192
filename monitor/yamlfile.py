"""YAML that people write: safe, bounded, no duplicate keys; errors name file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from monitor.errors import InputError, printable

MAX_BYTES = 4_000_000
MAX_ALIASES = 0


class Strict(BaseModel):
    """Base of every model read from a file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Loader(yaml.SafeLoader):
    """SafeLoader without anchors and aliases (expansion bombs) and with ``on``/``yes``/dates left as text."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(None, None, "aliases are not supported", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int | bool):
                raise yaml.MarkedYAMLError(None, None, "a key must be plain text", key_node.start_mark)
            if key in seen:
                raise yaml.MarkedYAMLError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag not in ("tag:yaml.org,2002:timestamp",)]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _first in "yYnNoO":
    _Loader.yaml_implicit_resolvers[_first] = [
        (tag, regexp)
        for tag, regexp in _Loader.yaml_implicit_resolvers.get(_first, [])
        if tag != "tag:yaml.org,2002:bool"
    ]


def read_text(path: Path) -> str:
    """The text of a UTF-8 file of at most ``MAX_BYTES``. Raises ``InputError``."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"larger than {MAX_BYTES} bytes", where=str(path), hint="split the file")
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise InputError("no such file", where=str(path)) from None
    except IsADirectoryError:
        raise InputError("a directory, not a file", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}", where=str(path), hint="save it as UTF-8") from None
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", where=str(path)) from None


def load_all(text: str, where: str) -> list[Any]:
    """All documents of a YAML text. Raises ``InputError`` with line and column."""
    try:
        return list(yaml.load_all(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
        raise InputError(f"not valid YAML: {error.problem}", where=place) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"not valid YAML: {type(error).__name__}", where=where) from None


def load(path: Path) -> Any:
    """The one document of a YAML file. Raises ``InputError``."""
    documents = load_all(read_text(path), str(path))
    if len(documents) != 1:
        raise InputError(f"expected one YAML document, found {len(documents)}", where=str(path))
    return documents[0]


def parse[Model: BaseModel](model: type[Model], data: Any, where: str) -> Model:
    """``data`` as ``model``; the first fault as one line with its place. Raises ``InputError``."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = [str(part) for part in first["loc"]]
        said = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            said = f"unknown key {printable(path.pop(), 60)!r}"
        more = error.error_count() - 1
        tail = f" (and {more} more)" if more else ""
        place = f"{printable('.'.join(path), 200)}: " if path else ""
        raise InputError(f"{place}{said}{tail}", where=where) from None
