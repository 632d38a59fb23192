"""A shell script as a tree: what the parser makes and the shell runs."""

from __future__ import annotations

from dataclasses import dataclass, field


class ShellSyntaxError(ValueError):
    """The script is not in the language; the message says what was met."""


@dataclass
class Word:
    """Parts: (text, quoted, kind) with kind ``text``, ``var`` or ``command``."""

    parts: list[tuple[str, bool, str]] = field(default_factory=list)

    @property
    def plain(self) -> str | None:
        """The text if nothing is quoted or expanded (reserved words, operators)."""
        if all(kind == "text" and not quoted for _, quoted, kind in self.parts):
            return "".join(text for text, _, _ in self.parts)
        return None

    @property
    def has_command(self) -> bool:
        return any(kind == "command" for _, _, kind in self.parts)


@dataclass
class Redirect:
    """``kind``: ``>``, ``>>``, ``<`` (to/from ``word``) or ``dup``. ``fd`` 3 means both outputs."""

    fd: int
    kind: str
    word: Word
    target: str = ""


@dataclass
class Simple:
    """Assignments, words, redirections."""

    assigns: list[tuple[str, Word]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)


@dataclass
class Group:
    """``( … )`` or ``{ …; }``."""

    body: list[AndOr]
    subshell: bool
    redirects: list[Redirect] = field(default_factory=list)


@dataclass
class ForLoop:
    """``for name in words; do …; done``."""

    name: str
    words: list[Word]
    body: list[AndOr]
    redirects: list[Redirect] = field(default_factory=list)


Command = Simple | Group | ForLoop


@dataclass
class Pipeline:
    """Commands joined by ``|``; ``!`` negates."""

    commands: list[Command]
    negate: bool = False


@dataclass
class AndOr:
    """Pipelines joined by ``&&`` and ``||``."""

    first: Pipeline
    rest: list[tuple[str, Pipeline]] = field(default_factory=list)
