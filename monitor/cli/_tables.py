"""Tables on standard output: whole in every terminal, and one line a row where they are piped."""

import os
import sys
from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from monitor.base.errors import printable

#: Colours of what is known of a finding.
TONES: Final = {"evidenced": "bold red", "review": "magenta", "inconclusive": "yellow"}
#: Columns of what is not read in a terminal.
_UNWRAPPED: Final = 1_000


def console() -> Console:
    """Standard output. A terminal wraps at its width, or at ``COLUMNS``; what is piped is not wrapped, so that it can
    be searched by line."""
    free = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(highlight=False, width=_UNWRAPPED if free else None)


def table(headings: Iterable[str]) -> Table:
    """A table whose cells are folded where they are wider than their column: nothing is cut."""
    return Table(*(Column(heading, overflow="fold") for heading in headings))


def show(headings: Iterable[str], rows: Iterable[Iterable[object]], longest: int = 300) -> None:
    """Print such a table, with at most ``longest`` characters of each cell."""
    made = table(headings)
    for row in rows:
        made.add_row(*(escape(printable(str(cell), longest)) for cell in row))
    console().print(made)
