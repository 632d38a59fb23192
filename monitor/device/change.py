"""A change to a device that outlives the command that made it: how it is made and how it is undone."""

from __future__ import annotations

import shlex
from typing import Final, Literal, NamedTuple, get_args

How = Literal["shell", "root", "reverse", "clock"]
HOWS: Final = frozenset(get_args(How))


def put_back(namespace: str, key: str, *values: str | None, then: str = "") -> str:
    """A shell line that gives a setting its old value (``None`` = unset), the first of ``values``.

    It succeeds if one of them is there afterwards: a device that let nobody change it has nothing to undo. ``then``:
    more, right after it.
    """
    old = values[0]
    put = ["settings", "delete", namespace, key] if old is None else ["settings", "put", namespace, key, old]
    as_before = " || ".join(f'[ "$now" = {shlex.quote("null" if value is None else value)} ]' for value in values)
    return f'{shlex.join(put)}{then}; now="$(settings get {namespace} {key})"; {as_before}'


class Change(NamedTuple):
    """A description, the shell line that makes the change and the one that undoes it.

    ``how`` says as which user both run. For ``reverse`` they are ``DEVICE HOST``: a device port that is forwarded to a
    host port. For ``clock``, ``do`` is the description for users and ``undo`` the number of seconds by which the
    device's clock was ahead of the host's before.

    An ``undo`` line succeeds if nothing is left of the change, whatever removed it (a reboot, a person), so that a
    journal never keeps what can no longer be undone.
    """

    name: str
    how: How
    do: str
    undo: str
