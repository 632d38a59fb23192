"""The verbs of a scenario: one function per verb, whose parameters are the verb's arguments."""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, NamedTuple, Self, get_type_hints

from pydantic import BeforeValidator, Field, create_model, model_validator

from monitor.base import errors, yamlfile

if TYPE_CHECKING:
    from monitor.scenario.context import Run

MAX_WAIT_MS: Final = 24 * 3600 * 1000
TAP_MS: Final = 1200
"""What a tap with its two snapshots of the screen takes."""
_UNITS: Final = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d)")


def duration_ms(value: object) -> int:
    """``30s``, ``500ms``, ``2m``, ``48h``, ``1d`` or a number of milliseconds, as milliseconds."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError("not a duration such as 500ms, 30s, 2m or 48h")
    return round(float(match[1]) * _UNITS[match[2]])


Duration = Annotated[int, BeforeValidator(duration_ms), Field(ge=0, le=365 * 86_400_000)]
"""Milliseconds in the program, a text with a unit in the file."""
Wait = Annotated[int, BeforeValidator(duration_ms), Field(ge=0, le=MAX_WAIT_MS)]
"""A duration actually waited for: at most a day."""
Called = str | Callable[[Any], str]


class Beside(NamedTuple):
    """Marks an argument that names a file beside the scenario, or says ``word``."""

    word: str = ""


class Args(yamlfile.Strict):
    """Arguments common to all verbs."""

    called: ClassVar[Called] = ""
    """How a step without a label is called, by its arguments (``{0.name}``); never a typed value."""
    takes_ms: ClassVar[int] = 300
    """The step's own duration, as far as it is known in advance, beside that of the argument ``waits``."""
    waits: ClassVar[str] = ""
    one_of: ClassVar[tuple[str, ...]] = ()
    """Arguments of which exactly one is needed."""
    optional: bool = False
    """A step that cannot be done is skipped instead of ending the scenario."""
    label: str = Field("", max_length=200)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if self.one_of and [bool(getattr(self, name)) for name in self.one_of].count(True) != 1:
            raise ValueError(f"needs one of {', '.join(self.one_of)}, and only one")
        return self

    @classmethod
    def files(cls, given: Mapping[str, Any]) -> dict[str, str]:
        """Of what is given for arguments, the names of files beside the scenario."""
        about = [(name, mark) for name, field in cls.model_fields.items() for mark in field.metadata]
        marks = {name: mark.word for name, mark in about if isinstance(mark, Beside)}
        return {name: str(given[name]) for name in marks if given.get(name, "") not in ("", marks[name])}

    def title(self) -> str:
        """What to show for the step; never a typed value."""
        called = type(self).called
        return self.label or (called if callable(called) else called.format)(self).strip()

    def planned_ms(self) -> int:
        """The step's own duration, as far as it is known in advance."""
        return self.takes_ms + (getattr(self, self.waits) if self.waits else 0)


@dataclass(frozen=True)
class Verb:
    """A verb: its name in the file, its arguments, its function; ``short`` is the field that a bare value sets."""

    name: str
    args: type[Args]
    run: Callable[["Run", Any], None]
    short: str
    doc: str


VERBS: Final[dict[str, Verb]] = {}


def verb[Body: Callable[..., None]](
    name: str, base: type[Args] = Args, *, short: str = "", **about: Any
) -> Callable[[Body], Body]:
    """Register a function as the verb ``name``. The first line of its docstring is the manual's entry.

    Its keyword-only parameters are the verb's arguments beside those of ``base``, checked by their annotations; a
    second positional parameter is given all arguments as one ``base``. ``about``: class variables of ``Args``.
    """

    def register(function: Body) -> Body:
        doc, where = " ".join((function.__doc__ or "").split()), f"{function.__module__}.{function.__qualname__}"
        if name in VERBS:
            raise errors.InputError(f"there is a verb {name} already", where=where)
        kinds = get_type_hints(function, include_extras=True)
        _, *parameters = inspect.signature(function).parameters.values()
        own = {each.name: each.default for each in parameters if each.kind is each.KEYWORD_ONLY}
        fields: dict[str, Any] = {
            argument: (kinds[argument], ... if default is inspect.Parameter.empty else default)
            for argument, default in own.items()
            if argument not in base.model_fields
        }
        args = create_model(name, __base__=base, **fields)
        for variable, value in about.items():
            setattr(args, variable, value)
        if not doc or (short and short not in args.model_fields):
            raise errors.InputError(
                f"the verb {name} needs a docstring, and among its arguments what short names", where=where
            )

        def run(run: "Run", given: Args) -> None:
            whole = [given] if len(parameters) > len(own) else []
            function(run, *whole, **{argument: getattr(given, argument) for argument in own})

        VERBS[name] = Verb(name, args, run, short, doc)
        return function

    return register
