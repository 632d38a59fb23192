"""One line of ``monitor doctor``: something that was tried here, and the result."""

from collections.abc import Callable
from typing import Literal

import msgspec

from monitor.base.errors import MonitorError, printable

State = Literal["ok", "warn", "fail"]


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """``name`` has a text ``doctor.<name>`` and a fix ``doctor.fix.<name>``. ``needed``: no session can run without
    it."""

    name: str
    state: State
    detail: str
    needed: bool = True
    hint: str = ""
    """A fix named by the error itself; empty = the general one of ``name``."""


def tried(name: str, attempt: Callable[[], str], *, needed: bool = True) -> Check:
    """Run ``attempt``, which returns the detail on success; a ``MonitorError`` becomes the detail on failure.

    A check that is not ``needed`` warns instead of failing.
    """
    try:
        return Check(name=name, state="ok", detail=printable(attempt(), 300), needed=needed)
    except MonitorError as error:
        return failed(name, error, needed=needed)


def failed(name: str, error: MonitorError, *, needed: bool = True) -> Check:
    """A check that ended with this error."""
    what = printable(f"{error.where}: {error.message}" if error.where else error.message, 300)
    state: State = "fail" if needed else "warn"
    return Check(name=name, state=state, detail=what, needed=needed, hint=printable(error.hint, 200))
