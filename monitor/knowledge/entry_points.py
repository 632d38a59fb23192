"""How an app calls a library, as its vendor declares it for ``monitor sdk check``: values and objects of a call."""

import itertools
import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from monitor.base.yamlfile import Strict, matching

_PREFIX: Final = r"[A-Za-z_]\w*(\.[A-Za-z_$][\w$]*)*"
#: Top-level domains that packages of many vendors begin with, and the parts of them where anybody gets a name.
_TOP: Final = frozenset(
    """com net org edu gov mil int info biz mobi app dev xyz top vip site tech online store shop club pro name io me
    tv cc ai co cn hk tw mo sg my th vn id ph in kr jp au nz us ca mx br ar cl de at ch fr be nl lu uk ie es
    pt it gr dk se no fi pl cz sk hu ro bg ua ru by kz tr il ae sa eg za ng ke eu im""".split()
)
_COMPANIES: Final = frozenset("com co net org gov edu ac ne or".split())
_OPEN: Final = frozenset("com.github io.github com.gitee io.gitee".split())
_OPEN_HOSTS: Final = frozenset("github.io gitee.io".split())
_CODE: Final = 2
_MADE_BY: Final = ("new", "get", "field", "listener")
_CALL_KEYS: Final = frozenset({*_MADE_BY, "method", "args", "then"})
_VARIABLES: Final = ("$application", "$activity")


def is_prefix(value: str) -> bool:
    """Whether a text can be a package or class name, or its beginning."""
    return re.fullmatch(_PREFIX, value) is not None


def is_everybodys(value: str) -> bool:
    """Whether everybody's packages may begin so: a top-level domain, or one below which anybody gets a name."""
    first, _, second = value.lower().partition(".")
    return first in _TOP and (
        not second or f"{first}.{second}" in _OPEN or (second in _COMPANIES and len(first) == _CODE)
    )


def is_everybodys_host(value: str) -> bool:
    """Whether the hosts of everybody may end so: the same for a domain."""
    rest, _, last = value.rpartition(".")
    return last in _TOP and (not rest or value in _OPEN_HOSTS or (rest in _COMPANIES and len(last) == _CODE))


def _own(value: str) -> str:
    if is_everybodys(value):
        raise ValueError(f"{value!r} covers packages of others; state the library's own, such as com.example.lib")
    return value


Prefix = Annotated[str, matching(_PREFIX, "not a package prefix: {!r}")]
"""A package or class name, or its beginning."""
Package = Annotated[Prefix, AfterValidator(_own)]
"""Such a beginning that may be one vendor's."""


def _value(value: Any, depth: int = 0) -> Any:
    """A value of an entry point's call: plain, ``$application``, ``$activity``, or how an object is made."""
    if depth > 5:
        raise ValueError("nested deeper than 5")
    if isinstance(value, str) and value.startswith("$") and value not in _VARIABLES:
        raise ValueError(f"unknown variable {value[:40]!r}, there are {' and '.join(_VARIABLES)}")
    if isinstance(value, dict):
        _check_made(value, depth)
    elif value is not None and not isinstance(value, str | bool | int | float):
        raise ValueError("a value is text, a number, true, false, null or {new|get|field|listener: …}")
    return value


def _check_made(value: dict[Any, Any], depth: int) -> None:
    """Check how an object is made. Raises ``ValueError``."""
    unknown = [str(key)[:40] for key in value if key not in _CALL_KEYS]
    made, steps = [str(value[key]) for key in _MADE_BY if key in value], value.get("then", [])
    calls = [value, *steps] if isinstance(steps, list) else [value]
    listed = [steps, *(call.get("args", []) for call in calls if isinstance(call, dict))]
    for fault, wrong in (
        (f"unknown key {min(unknown, default='')!r}, there are {', '.join(sorted(_CALL_KEYS))}", unknown),
        ("an object is made by one of new, get, field or listener", len(made) != 1),
        (
            "get names the class, method the static method that gives the object",
            "get" in value and not value.get("method"),
        ),
        (f"not a package prefix: {''.join(made)[:100]!r}", not is_prefix("".join(made))),
        ("then and args are lists of at most 20", not all(isinstance(one, list) and len(one) <= 20 for one in listed)),
        ("then is a list of {method: NAME, args: […]}", not all(map(_is_step, calls[1:]))),
    ):
        if wrong:
            raise ValueError(fault)
    for argument in itertools.chain(*listed[1:]):
        _value(argument, depth + 1)


def _is_step(step: Any) -> bool:
    return isinstance(step, dict) and step.keys() <= {"method", "args"} and bool(step.get("method"))


CallValue = Annotated[Any, AfterValidator(_value)]


class EntryPoint(Strict):
    """A call by which an app uses the library, for ``monitor sdk check``. A value is plain (text, number, true, false,
    null), ``$application``, ``$activity``, or an object: ``{new: CLASS, args: […], then: [{method:, args:}]}``,
    ``{get: CLASS, method: NAME, args: […]}`` (static), ``{field: CLASS.NAME}``, ``{listener: INTERFACE}``."""

    name: str = Field(default="", max_length=60)
    """What reports call it; empty = the method's name."""
    cls: Prefix = Field(alias="class")
    method: str = Field(pattern=r"^[A-Za-z_$][\w$]{0,100}$")
    args: list[CallValue] = Field(default=[], max_length=20)
    on: CallValue = None
    """The object that the method is called on; without it the method is static."""
    when: Literal["before_consent", "after_consent", "refusal", "withdrawal"] = "after_consent"
    """From when on the vendor lets an app call it; ``refusal`` and ``withdrawal``: what an app calls then."""

    @property
    def title(self) -> str:
        """Its name."""
        return self.name or self.method
