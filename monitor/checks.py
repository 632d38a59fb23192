"""One line of ``monitor doctor``: something that was tried here, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from monitor.errors import MonitorError, printable

State = Literal["ok", "warn", "fail"]


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """``name`` has a text ``doctor.<name>`` and a mend ``doctor.mend.<name>``. ``needed``: no session without it."""

    name: str
    state: State
    detail: str
    needed: bool = True
    hint: str = ""
    """A mend that the fault itself named; empty = the general one of ``name``."""


def tried(name: str, attempt: Callable[[], str], *, needed: bool = True) -> Check:
    """Run ``attempt``, which returns the detail of success; a ``MonitorError`` of it is the detail of failure.

    What is not ``needed`` warns instead of failing.
    """
    try:
        return Check(name=name, state="ok", detail=printable(attempt(), 300), needed=needed)
    except MonitorError as error:
        what = f"{error.where}: {error.message}" if error.where else error.message
        state: State = "fail" if needed else "warn"
        return Check(
            name=name, state=state, detail=printable(what, 300), needed=needed, hint=printable(error.hint, 200)
        )
