"""YAML that people write: safe, bounded, no duplicate keys; errors name file and line."""

import ast
import inspect
import itertools
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from monitor.base.errors import InputError, nearest, printable, unreadable

MAX_BYTES = 4_000_000
_MAX_DEPTH = 100
SWITCH: Final = "true | false"


def matching(pattern: str, fault: str) -> AfterValidator:
    """A validator of texts that match a pattern as a whole. ``fault`` is the message about another text: ``{!r}``."""
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(fault.format(text[:100]))
        return text

    return AfterValidator(check)


class Strict(BaseModel):
    """Base class of every model read from a file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Strict):
    """Base class of a model that is alone in its file."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")


#: What plain words may mean, by their first letter. Dates, ``on`` and ``yes`` are left as text, and so are numbers to
#: base 60 (12:34:56): nobody means them, and long ones take quadratic time.
_PLAIN: Final = {
    first: [
        (tag, re.compile(f"(?!.*:)(?:{regexp.pattern})", re.X) if tag.endswith((":int", ":float")) else regexp)
        for tag, regexp in resolvers
        if not tag.endswith(":timestamp") and not (tag.endswith(":bool") and first in "yYnNoO")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_SAFE: Final = yaml.constructor.SafeConstructor()


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


def _scalar(event: Any) -> Any:
    """Text, unless it is plain and looks like something else, or has a tag."""
    tag, value = event.tag, event.value
    if tag is None or tag == "!":
        plain = _PLAIN.get(value[:1], ()) if event.implicit[0] else ()
        tag = next((tag for tag, regexp in plain if regexp.match(value)), None)
    return _SAFE.construct_object(yaml.ScalarNode(tag, value, event.start_mark, event.end_mark)) if tag else value


class Items(list[Any]):
    """A list; ``lines`` has the number of the line at which each of its items begins."""

    def __init__(self) -> None:
        self.lines: list[int] = []


yaml.SafeDumper.add_representer(Items, yaml.SafeDumper.represent_list)


def _value(event: Any, events: Iterator[Any], depth: int = 0) -> Any:
    """What begins with an event. Aliases (expansion bombs), deep nesting and repeated keys are refused."""
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.AliasEvent):
        raise _refused("aliases are not supported", event.start_mark)
    if depth == _MAX_DEPTH:
        raise _refused(f"nested deeper than {_MAX_DEPTH}", event.start_mark)
    listed = isinstance(event, yaml.SequenceStartEvent)
    if event.tag not in (None, "!", f"tag:yaml.org,2002:{'seq' if listed else 'map'}"):
        raise _refused(f"could not determine a constructor for the tag {event.tag!r}", event.start_mark)
    values = Items()
    pairs: dict[Any, Any] = {}
    while not isinstance(event := next(events), yaml.CollectionEndEvent):
        line = event.start_mark.line + 1
        value = _value(event, events, depth + 1)
        if listed:
            values.append(value)
            values.lines.append(line)
            continue
        if not isinstance(value, str | int | bool):
            raise _refused("a key must be plain text", event.start_mark)
        if value in pairs:
            raise _refused(f"duplicate key {value!r}", event.start_mark)
        pairs[value] = _value(next(events), events, depth + 1)
    return values if listed else pairs


def load_all(text: str, where: str) -> list[Any]:
    """All documents of a YAML text. Raises ``InputError`` with line and column."""
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        return [_value(next(events), events) for event in events if isinstance(event, yaml.DocumentStartEvent)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
        raise InputError(f"not valid YAML: {error.problem}", where=place) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"not valid YAML: {type(error).__name__}", where=where) from None


def load(path: Path) -> Any:
    """The one document of a YAML file. Raises ``InputError``."""
    return loaded(read_text(path), str(path))


def loaded(text: str, where: str) -> Any:
    """The one document of a YAML text. Raises ``InputError``."""
    documents = load_all(text, where)
    if len(documents) != 1:
        hint = "put all keys in one document: a line --- begins another" if documents else "the file is empty"
        raise InputError(f"expected one YAML document, found {len(documents)}", where=where, hint=hint)
    return documents[0]


@cache
def own_table(path: Path) -> Mapping[str, Any]:
    """A map that comes with this version, read once."""
    data = load(path)
    assert isinstance(data, dict)
    return data


@cache
def regex(path: Path, name: str) -> re.Pattern[str]:
    """A regular expression, or a list of alternatives, in such a map; ``⟨name⟩`` in one stands for another."""
    given = own_table(path)[name]
    text = given if isinstance(given, str) else "|".join(given)
    return re.compile(re.sub("⟨(.+?)⟩", lambda other: regex(path, other[1]).pattern, text))


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


def folder[Model: Named](model: type[Model], directory: Path) -> dict[str, Model]:
    """The models of the YAML files in a directory by their ``id``, which is the name of the file. Raises
    ``InputError``."""
    found: dict[str, Model] = {}
    for path in sorted(directory.glob("*.yaml")):
        item = found[path.stem] = parse(model, load(path), str(path))
        if item.id != path.stem:
            raise InputError(f"the file of {item.id} must be named {item.id}.yaml", where=str(path))
    return found


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
        yield one + many, "" if inside else type_words(field.annotation), about.get(name, block.replace("``", ""))
        for part in inside:
            yield from keys(part, f"{one}{many}.")


def described(model: type[BaseModel]) -> dict[str, str]:
    """The texts that stand below the fields of a model in its source."""
    found: dict[str, str] = {}
    for one in reversed([cls for cls in model.__mro__ if issubclass(cls, BaseModel) and cls is not BaseModel]):
        try:
            body = ast.parse(textwrap.dedent(inspect.getsource(one))).body[0]
        except OSError:  # made by a program, without a source
            continue
        assert isinstance(body, ast.ClassDef)
        for field, text in itertools.pairwise(body.body):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                said = text.value if isinstance(text, ast.Expr) else None
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    found[field.target.id] = " ".join(said.value.replace("``", "").split())
    return found


def type_words(kind: Any) -> str:
    """A type in the words of a YAML file; empty for a model."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return ""
    parts = get_args(getattr(kind, "__value__", kind))
    if get_origin(kind) is Literal:
        return " | ".join(str(part) or "(empty)" for part in parts)
    names = {str: "text", bool: SWITCH, int: "number", float: "number", list: "list", dict: "map"}
    base = get_origin(kind) or kind
    return names.get(base) or next((type_words(part) for part in parts if part is not type(None)), "text")


def _models(field: FieldInfo) -> list[type[BaseModel]]:
    found, waiting = [], [field.annotation]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found.append(kind)
        waiting += get_args(getattr(kind, "__value__", kind))
    return found
