"""YAML that people write: safe, bounded, no duplicate keys; errors name file and line."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from monitor.errors import InputError, nearest, printable, unreadable

MAX_BYTES = 4_000_000
MAX_DEPTH = 100
SWITCH: Final = "true | false"


class Strict(BaseModel):
    """Base class of every model read from a file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Loader(yaml.CSafeLoader):
    """libyaml's safe loader with duplicate keys refused and with ``on``/``yes``/dates left as text."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int | bool):
                raise yaml.MarkedYAMLError(None, None, "a key must be plain text", key_node.start_mark)
            if key in seen:
                raise yaml.MarkedYAMLError(None, None, f"duplicate key {key!r}", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag not in ("tag:yaml.org,2002:timestamp",)]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
#: Numbers to base 60 (12:34:56) are left as text: nobody means them, and long ones take quadratic time.
_BASE_60: Final = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
for _first, _resolvers in _Loader.yaml_implicit_resolvers.items():
    _Loader.yaml_implicit_resolvers[_first] = [
        (tag, re.compile(f"(?!.*:)(?:{regexp.pattern})", re.X) if tag in _BASE_60 else regexp)
        for tag, regexp in _resolvers
    ]
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
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}", where=str(path), hint="save it as UTF-8") from None
    except OSError as error:
        raise unreadable(error, path) from None


def _refused(problem: str, mark: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(None, None, problem, mark)


def _bounded(text: str) -> None:
    """Refuse aliases (expansion bombs) and deep nesting, which libyaml composes by recursion."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.events.AliasEvent):
            raise _refused("aliases are not supported", event.start_mark)
        if isinstance(event, yaml.events.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _refused(f"nested deeper than {MAX_DEPTH}", event.start_mark)
        elif isinstance(event, yaml.events.CollectionEndEvent):
            depth -= 1


def load_all(text: str, where: str) -> list[Any]:
    """All documents of a YAML text. Raises ``InputError`` with line and column."""
    try:
        _bounded(text)
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
        hint = "put all keys in one document: a line --- begins another" if documents else "the file is empty"
        raise InputError(f"expected one YAML document, found {len(documents)}", where=str(path), hint=hint)
    return documents[0]


#: Faults in words for a file that people write.
_SAID: Final = {
    "missing": "missing",
    "model_type": "must be a map (key: value)",
    "dict_type": "must be a map (key: value)",
    "list_type": "must be a list",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
}


def parse[Model: BaseModel](model: type[Model], data: Any, where: str) -> Model:
    """``data`` as ``model``; the faults as one line, the first with its place and a hint. Raises ``InputError``."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        # A key that is misspelt is also one that is missing: the wrong one is what there is to see.
        faults = sorted(found, key=lambda fault: fault["type"] != "extra_forbidden")
        first, hint = faults[0], ""
        path = [str(part) for part in first["loc"]]
        said, _, help_ = first["msg"].removeprefix("Value error, ").partition(": did you mean ")
        said = _SAID.get(first["type"], said)
        hint = f"did you mean {help_}" if help_ else ""
        if first["type"] == "extra_forbidden":
            key = path.pop()
            said = f"unknown key {printable(key, 60)!r}"
            hint = _keys(model, path, key)
        others = [printable(".".join(map(str, fault["loc"])), 60) for fault in faults[1:4]]
        more = ", …" if len(faults) > 4 else ""
        tail = f" (and {len(faults) - 1} more: {', '.join(others)}{more})" if others else ""
        place = f"{where}: {printable('.'.join(path), 200)}" if path else where
        raise InputError(f"{said}{tail}", where=place, hint=hint) from None


def _keys(model: type[BaseModel], path: Sequence[str], wrong: str) -> str:
    """The keys that are known at a place, or the one that was probably meant."""
    models = [model]
    for part in path:
        inside = [found for one in models if part in one.model_fields for found in _models(one.model_fields[part])]
        models = inside or models  # the number of an entry, or the kind of a choice
    return nearest(wrong, {field.alias or name for one in models for name, field in one.model_fields.items()})


def keys(model: type[BaseModel], place: str = "") -> Iterator[tuple[str, str, str]]:
    """Each key of a model as place, type and what it is about."""
    about = described(model)
    for name, field in model.model_fields.items():
        inside = _models(field)
        one = f"{place}{field.alias or name}"
        shape = str(field.annotation)
        many = "[]" if "list[" in shape else ".*" if "dict[" in shape else ""
        block = (inside[0].__doc__ or "") if inside else ""
        yield one + many, "" if inside else _type(field.annotation), about.get(name, block.replace("``", ""))
        for part in inside:
            yield from keys(part, f"{one}{many}.")


def described(model: type[BaseModel]) -> dict[str, str]:
    """The texts that stand below the fields of a model in its source."""
    found: dict[str, str] = {}
    for one in reversed([cls for cls in model.__mro__ if issubclass(cls, BaseModel) and cls is not BaseModel]):
        body = ast.parse(textwrap.dedent(inspect.getsource(one))).body[0]
        assert isinstance(body, ast.ClassDef)
        for field, text in itertools.pairwise(body.body):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                said = text.value if isinstance(text, ast.Expr) else None
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    found[field.target.id] = " ".join(said.value.replace("``", "").split())
    return found


def fields(model: type[BaseModel]) -> Iterator[tuple[str, bool, str, str]]:
    """The keys of a model itself: name in the file, whether it is required, type, what it is about."""
    about = described(model)
    for name, field in model.model_fields.items():
        kind = "" if _models(field) else _type(field.annotation)
        yield field.alias or name, field.is_required(), kind, about.get(name, "")


def _type(kind: Any) -> str:
    """A type in the words of a YAML file."""
    parts = get_args(getattr(kind, "__value__", kind))
    if get_origin(kind) is Literal:
        return " | ".join(str(part) or "(empty)" for part in parts)
    names = {str: "text", bool: SWITCH, int: "number", float: "number", list: "list", dict: "map"}
    base = get_origin(kind) or kind
    return names.get(base) or next((_type(part) for part in parts if part is not type(None)), "text")


def _models(field: FieldInfo) -> list[type[BaseModel]]:
    found, waiting = [], [field.annotation]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found.append(kind)
        waiting += get_args(getattr(kind, "__value__", kind))
    return found
