"""Commands whose options are the fields of a model (``monitor.session.options``), and ``monitor.yaml``, which has the
same keys.

The file's keys are the fields' names; what the command line says goes before it. Paths are relative to the file.
"""

from collections.abc import Callable
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_origin

import typer
from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo

from monitor.base.errors import InputError, printable
from monitor.base.yamlfile import Strict, described, load, parse
from monitor.session.options import OnDevice, RunOptions, Said, SdkOptions

NAME: Final = "monitor.yaml"


class Project(Strict):
    """The file: options of ``monitor run`` and of ``monitor sdk check``."""

    run: RunOptions = Field(default_factory=RunOptions)
    sdk: SdkOptions = Field(default_factory=SdkOptions)


def command[M: Strict](model: type[M], body: Callable[[M], None]) -> Callable[..., None]:
    """``body`` as a command whose options are the model's fields. Raises ``InputError`` for a value that is none."""

    def call(**values: Any) -> None:
        try:
            options = model.model_validate({name: value for name, value in values.items() if value is not None})
        except ValidationError as error:
            raise _refused(model, error) from None
        body(options)

    about = described(model)
    fields = [_parameter(name, field, about.get(name, "")) for name, field in model.model_fields.items()]
    call.__signature__ = Signature(fields)  # type: ignore[attr-defined]
    call.__annotations__, call.__doc__ = {}, body.__doc__
    return call


def _said(field: FieldInfo) -> Said:
    return next((one for one in field.metadata if isinstance(one, Said)), Said())


def _option(name: str, field: FieldInfo) -> str:
    return f"--{(field.alias or name).replace('_', '-')}"


def _parameter(name: str, field: FieldInfo, about: str) -> Parameter:
    """A field as typer reads it. None = not said: the model has the default."""
    spec, kind = _said(field), _kind(field.annotation)
    if spec.argument:
        info: Any = typer.Argument(metavar=spec.argument, help=about, show_default=False)
    else:
        limits = {type(one).__name__: one for one in field.metadata}
        info = typer.Option(
            _option(name, field), metavar=spec.shown, help=about or None, hidden=spec.rare,
            min=getattr(limits.get("Ge"), "ge", None), max=getattr(limits.get("Le"), "le", None),
        )  # fmt: skip
    default = Parameter.empty if spec.needed else field.default if kind is int else None
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind | None, info])


def _kind(annotation: Any) -> Any:
    """A field's type as typer knows it: several values are a list, of choices the model decides."""
    if get_origin(annotation) is Literal:
        return str
    parts = [part for part in get_args(annotation) if part not in (type(None), ...)]
    if get_origin(annotation) is tuple:
        return list[parts[0]]  # type: ignore[valid-type]
    return parts[0] if parts else annotation


def _refused(model: type[Strict], error: ValidationError) -> InputError:
    """The first fault, as the command line says it."""
    fault = error.errors(include_url=False)[0]
    names = {key: name for name, field in model.model_fields.items() for key in (name, field.alias) if key}
    name = names[str(fault["loc"][0])]
    field = model.model_fields[name]
    choices = [one for one in get_args(field.annotation) if one]
    if fault["type"] == "literal_error" and (choice := _said(field).choice):
        message = f"{choice} {printable(str(fault['input']), 40)}"
        return InputError(message, hint=f"use {', '.join(choices[:-1])} or {choices[-1]}")
    return InputError(printable(fault["msg"].removeprefix("Value error, "), 200), where=_option(name, field))


def use(context: typer.Context, file: Path | None) -> Path | None:
    """Let the file's values stand for options that are not given; without ``file`` that of the working directory.

    Returns the file that was used. Raises ``InputError``.
    """
    path = file or Path(NAME)
    if file is None and not path.is_file():
        return None
    project = parse(Project, load(path) or {}, str(path))
    sdk = {"check": _values(project.sdk, path.parent)}
    context.default_map = {"run": _values(project.run, path.parent), "sdk": sdk}
    return path


def _values(options: OnDevice, here: Path) -> dict[str, Any]:
    """Parameters of a command, with the file's paths."""
    return {name: _placed(name, getattr(options, name), here, _said(type(options).model_fields[name]))
            for name in options.model_fields_set}  # fmt: skip


def _placed(name: str, value: Any, here: Path, spec: Said) -> Any:
    if isinstance(value, tuple):
        return [_placed(name, one, here, spec) for one in value]
    if value == Path():
        raise InputError("an empty path", where=f"{NAME}: {name}")
    if isinstance(value, Path):
        return str(value) if str(value) == "none" else str(here / value)
    if name == "device" and "state=" in value:
        head, _, state = value.partition("state=")
        return f"{head}state={here / state}"
    return str(here / value) if spec.beside and (here / value).is_file() else value
