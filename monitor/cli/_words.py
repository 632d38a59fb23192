"""The words of ``monitor.text`` in the language of the command line."""

from collections.abc import Callable

from monitor import text
from monitor.cli._lazy import current_lang


def _translated(function: Callable[..., str]) -> Callable[..., str]:
    """A function whose last positional argument is the language, without it."""
    return lambda *given, **values: function(*given, current_lang(), **values)


t, label, pair = _translated(text.t), _translated(text.label), _translated(text.pair)
aside, listed, parts = _translated(text.aside), _translated(text.listed), _translated(text.parts)
retold = _translated(text.retold)


def columns(prefix: str, names: str) -> list[str]:
    """Headings of a table by their keys."""
    return [t(f"{prefix}.{name}") for name in names.split()]
