"""A change to a device that outlives the command that made it: how it is made and how it is undone."""

from typing import NamedTuple

from monitor.device.changes.undo import How, Undo, shell_line


class Change(NamedTuple):
    """A description, the shell line that makes the change and the step that undoes it.

    ``how`` says as which user ``do`` runs. For ``reverse`` it is ``DEVICE HOST``: a device port that is forwarded to a
    host port. For ``clock`` it is the description for users; undone is the number of seconds by which the device's
    clock was ahead of the host's before.
    """

    name: str
    how: How
    do: str
    undo: Undo = ()

    @property
    def undone(self) -> str:
        """What undoes it, for display: the shell line, or the arguments of the step that no shell does."""
        return shell_line(self.undo) or " ".join(word or "" for word in self.undo[1:])
