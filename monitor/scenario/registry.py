"""The verbs of a scenario: one function per verb, with its arguments as a strict model."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from pydantic import BeforeValidator, Field

from monitor.base.errors import InputError
from monitor.base.yamlfile import Strict

if TYPE_CHECKING:
    from monitor.scenario.context import Run

MAX_WAIT_MS: Final = 24 * 3600 * 1000
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


class Args(Strict):
    """Arguments common to all verbs."""

    called: ClassVar[str] = ""
    """How a step without a label is called, by its arguments (``{0.name}``); never a typed value."""
    takes_ms: ClassVar[int] = 300
    """The step's own duration, as far as it is known in advance."""
    optional: bool = False
    """A step that cannot be done is skipped instead of ending the scenario."""
    label: str = Field("", max_length=200)

    def title(self) -> str:
        """What to show for the step; never a typed value."""
        return self.label or self.called.format(self)

    def planned_ms(self) -> int:
        """The step's own duration, as far as it is known in advance."""
        return self.takes_ms


Body = Callable[["Run", Any], None]


@dataclass(frozen=True)
class Verb:
    """A verb: its name in the file, its arguments, its function; ``short`` is the field that a bare value sets."""

    name: str
    args: type[Args]
    run: Body
    short: str
    doc: str


VERBS: Final[dict[str, Verb]] = {}


def verb(name: str, args: type[Args], *, short: str = "") -> Callable[[Body], Body]:
    """Register a function as the verb ``name``. The first line of its docstring is the manual's entry."""

    def register(function: Body) -> Body:
        doc, where = " ".join((function.__doc__ or "").split()), f"{function.__module__}.{function.__qualname__}"
        if name in VERBS:
            raise InputError(f"there is a verb {name} already", where=where)
        if not doc or not issubclass(args, Args) or (short and short not in args.model_fields):
            raise InputError(
                f"the verb {name} needs a docstring, arguments that are Args, and among them what short names",
                where=where,
            )
        VERBS[name] = Verb(name, args, function, short, doc)
        return function

    return register
