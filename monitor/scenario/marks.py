"""What a person marks in a session by hand, on its way from the page or the terminal to the step that waits for it."""

import queue
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from monitor.base import errors, yamlfile
from monitor.knowledge.vocabulary import checked_scope

_WAITING: Final = 200
_NAME: Final = 100
_FAR: Final = 100_000

What = Literal[
    "consent", "function", "screenshot", "note", "tap", "home", "back", "open", "restart", "policy", "end"
]  # fmt: skip


class Mark(yamlfile.Strict):
    """One mark. ``state``: of a consent in ``scope``; ``name``: of a function, which ``begins`` or ends; ``text``: of a
    note, or the address of a policy; ``x``, ``y``: pixels of the screen."""

    what: What
    scope: Annotated[str, AfterValidator(checked_scope)] = "policy"
    state: Literal["", "shown", "granted", "denied", "withdrawn"] = ""
    name: str = Field("", max_length=_NAME)
    begins: bool = True
    text: str = Field("", max_length=500)
    x: int = Field(0, ge=0, le=_FAR)
    y: int = Field(0, ge=0, le=_FAR)


class Marks:
    """Marks of one session, made ``by`` a person who is named. Filled from any thread."""

    def __init__(self, by: str) -> None:
        self.by = errors.printable(by, _NAME)
        self._waiting: queue.Queue[Mark] = queue.Queue(_WAITING)

    def add(self, data: object) -> Mark:
        """Take a mark. Raises ``InputError`` for one that says too little or too much."""
        mark = yamlfile.parse(Mark, data, "mark")
        if mark.what == "consent" and not mark.state:
            raise errors.InputError("a consent is marked with its state", where="mark")
        if mark.what in ("function", "note", "policy") and not (mark.name or mark.text).strip():
            raise errors.InputError("a name or text is missing", where="mark")
        try:
            self._waiting.put_nowait(mark)
        except queue.Full:
            raise errors.InputError("too many marks are waiting", where="mark") from None
        return mark

    def take(self, seconds: float) -> Mark | None:
        """The next mark; None if there is none within so many seconds."""
        try:
            return self._waiting.get(timeout=seconds)
        except queue.Empty:
            return None
