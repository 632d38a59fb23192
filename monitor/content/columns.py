"""Fields of a container format in columns, with places that become text only when somebody asks for them."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

_LONGEST_KEY: Final = 64
_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_\-$:@]{1,64}")


class TooDeep(ValueError):
    """Nested deeper than anything that an app means to send."""


class TooMany(ValueError):
    """More elements than a message may have."""


class Columns(NamedTuple):
    """Fields, one per row: bytes, name in lower case (empty = none), and the last step of the place below the path of
    what they were found in: a text such as ``.data[3]``, or the number of an element."""

    data: list[bytes]
    keys: list[str]
    steps: list[str | int]
    within: list[int] | None = None
    """The container of each; None = there are none but the whole."""
    containers: Containers | None = None


class Containers(NamedTuple):
    """Containers in containers: the one around each (itself = the whole), and the step from there."""

    within: list[int]
    steps: list[str | int]

    def place(self, number: int) -> str:
        """Where a container is, as text."""
        steps: list[str] = []
        while self.within[number] != number:
            steps.append(step_text(self.steps[number]))
            number = self.within[number]
        return "".join(reversed(steps))


class Item(NamedTuple):
    """A field of a container format. ``suffix`` continues the path: ``.data[3]``."""

    suffix: str
    key: str
    data: bytes


def columns(items: Iterable[Item]) -> Columns:
    """Fields given one by one."""
    rows = list(items)
    return Columns([row.data for row in rows], [row.key.lower() for row in rows], [row.suffix for row in rows])


def one(data: bytes) -> Columns:
    """A value without a name: what an encoding yields."""
    return Columns([data], [""], [""])


def key_step(key: str) -> str:
    """``.key`` for an ordinary name; anything else quoted as in JSON, truncated to 64 characters (keys are hostile
    input)."""
    return _key_step(key if len(key) <= _LONGEST_KEY else key[: _LONGEST_KEY + 1])


@functools.lru_cache(4096)
def _key_step(key: str) -> str:
    if _PLAIN_KEY.fullmatch(key):
        return f".{key}"
    return f"[{json.dumps(key[:_LONGEST_KEY])}]"


def step_text(step: str | int) -> str:
    """A step as text: the number of an element in brackets."""
    return f"[{step}]" if isinstance(step, int) else step
