"""A change to a device that outlives the command that made it: how it is made and how it is undone."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

How = Literal["shell", "root", "reverse", "clock"]
HOWS: Final = frozenset(get_args(How))


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
