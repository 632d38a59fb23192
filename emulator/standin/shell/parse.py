"""The shell's language: a script as a list of steps. Anything outside this small language is a ShellSyntaxError.

Known: words with '…', "…" and backslash, `$VAR`, `${VAR}`, `$?`, `$$`, `$(…)`, globs; `;` `&&` `||` `|` `!`;
`>` `>>` `<` `2>` `2>&1` `>&2`; assignments; `( … )`; `for`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MAX_TEXT = 200_000
_MAX_DEPTH = 50
_BLANK = r"(?:[ \t\r]|\\\n|#[^\n]*)*"
_LINES = r"(?:\s|\\\n|#[^\n]*)*"
_NAME = r"[A-Za-z_]\w*"
_VARIABLE = r"\$(?:\{([A-Za-z_]\w*|[?$])\}|([A-Za-z_]\w*|[?$]))"
_UNSUPPORTED = r"\$\(\(|\$[\w{@*#!-]|`|&>"
_UNKNOWN_WORDS = ("if", "while", "until", "case", "function", "select", "[[", "{")


class ShellSyntaxError(ValueError):
    """The script is not in the language; the message says what was met."""


@dataclass
class Part:
    """A part of a word: text, the name of a variable, or the script of a `$(…)`."""

    text: str = ""
    quoted: bool = False
    variable: bool = False
    script: Script | None = None


Word = list[Part]


@dataclass
class Redirect:
    """``operator``: ``>``, ``>>``, ``<`` (to or from ``word``), or ``1`` or ``2``, the output that ``fd`` becomes."""

    fd: int
    operator: str
    word: Word


@dataclass
class Command:
    """A simple command, a subshell (``body``), or a loop over ``words`` (``body`` with the name of its variable)."""

    assigns: list[tuple[str, Word]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)
    body: Script | None = None
    variable: str = ""


@dataclass
class Step:
    """A pipeline, and when it runs: ``;`` always, ``&&`` and ``||`` by how the step before it ended."""

    when: str
    negate: bool
    commands: list[Command]


Script = list[Step]


def parse(text: str) -> Script:
    """The steps of a script."""
    if len(text) > _MAX_TEXT:
        raise ShellSyntaxError("script too long")
    if "\0" in text:
        raise ShellSyntaxError("unexpected NUL")
    parser = _Parser(text)
    script = parser.script()
    if parser.at < len(text):
        raise parser.unexpected()
    return script


class _Parser:
    """Recursive descent over the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0
        self._depth = 0

    def _sees(self, pattern: str) -> re.Match[str] | None:
        return re.compile(pattern).match(self._text, self.at)

    def _match(self, pattern: str) -> re.Match[str] | None:
        """Takes what stands right here, if it is that."""
        if found := self._sees(pattern):
            self.at = found.end()
        return found

    def _next(self, operator: str) -> bool:
        """Takes an operator, after blanks."""
        self._match(_BLANK)
        return bool(self._match(re.escape(operator)))

    def _reserved(self, *words: str) -> str:
        """The reserved word that stands here, which is not taken."""
        self._match(_BLANK)
        return next((word for word in words if self._sees(re.escape(word) + r"(?![^\s;&|<>()])")), "")

    def _expect(self, word: str) -> None:
        if not self._reserved(word):
            raise ShellSyntaxError(f"{self.unexpected()}, '{word}' expected")
        self.at += len(word)

    def unexpected(self) -> ShellSyntaxError:
        """The error that what stands here is."""
        found = self._sees(r"\s*(\w+|&&|\|\||\S)")
        return ShellSyntaxError(f"unexpected '{found[1]}'" if found else "unexpected end of input")

    def script(self) -> Script:
        """Steps, up to what is none."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ShellSyntaxError("too deeply nested")
        steps: Script = []
        when = ";"
        while step := self._step(when):
            steps.append(step)
            when = next((each for each in ("&&", "||", ";", "\n") if self._next(each)), "")
            if not when:
                break
            when = when.replace("\n", ";")
        if when in ("&&", "||"):
            raise self.unexpected()
        self._depth -= 1
        return steps

    def _body(self) -> Script:
        if steps := self.script():
            return steps
        raise self.unexpected()

    def _step(self, when: str) -> Step | None:
        self._match(_LINES)
        negate = bool(self._reserved("!"))
        self.at += negate
        commands: list[Command] = []
        while command := self._command():
            commands.append(command)
            self._match(_BLANK)
            if not self._match(r"\|(?!\|)"):
                return Step(when, negate, commands)
            self._match(_LINES)
        if commands or negate:
            raise self.unexpected()
        return None

    def _command(self) -> Command | None:
        """The next command, None where none begins."""
        if unknown := self._reserved(*_UNKNOWN_WORDS):
            raise ShellSyntaxError(f"'{unknown}' is not supported")
        command = Command()
        if self._next("("):
            command.body = self._body()
            if not self._next(")"):
                raise ShellSyntaxError(f"{self.unexpected()}, ')' expected")
        elif self._reserved("for"):
            self._loop(command)
        elif self._reserved("do", "done"):
            return None
        while True:
            if redirect := self._redirect():
                command.redirects.append(redirect)
            elif command.body is not None:
                break
            elif not command.words and (found := self._match(rf"({_NAME})=")):
                command.assigns.append((found[1], self._word()))
            elif word := self._word():
                command.words.append(word)
            else:
                break
            self._match(_BLANK)
        return command if command != Command() else None

    def _loop(self, command: Command) -> None:
        self._expect("for")
        self._match(_BLANK)
        if not (name := self._match(_NAME)):
            raise ShellSyntaxError("bad name after 'for'")
        self._expect("in")
        self._match(_BLANK)
        while word := self._word():
            command.words.append(word)
            self._match(_BLANK)
        if not (self._next(";") or self._next("\n")):
            raise self.unexpected()
        self._match(_LINES)
        self._expect("do")
        command.variable, command.body = name[0], self._body()
        self._expect("done")

    def _redirect(self) -> Redirect | None:
        self._match(_BLANK)
        if not (found := self._match(r"([012])?(>>|>&|<<|<&|>\||<|>)")):
            return None
        operator = found[2]
        if operator in ("<<", "<&", ">|"):
            raise ShellSyntaxError(f"'{operator}' is not supported")
        fd = int(found[1] or not operator.startswith("<"))
        self._match(_BLANK)
        if not (word := self._word()):
            raise self.unexpected()
        if operator != ">&":
            return Redirect(fd, operator, word)
        if (target := word[0].text) not in ("1", "2"):
            raise ShellSyntaxError(f"'>&{target}' is not supported")
        return Redirect(fd, target, word)

    def _word(self) -> Word:
        """The parts of the word that begins right here; none where no word does."""
        word: Word = []
        while True:
            if found := self._match(r"[^\s;&|<>()'\"\\$`]+"):
                word.append(Part(found[0]))
            elif found := self._match(r"'([^']*)'"):
                word.append(Part(found[1], quoted=True))
            elif found := self._match(r"\\([^\n]|\n|\Z)"):
                word.append(Part(found[1].replace("\n", ""), quoted=True))
            elif self._match('"'):
                self._double(word)
            elif part := self._expansion(quoted=False):
                word.append(part)
            elif self._text.startswith("'", self.at):
                raise ShellSyntaxError("no closing quote")
            else:
                return word

    def _double(self, word: Word) -> None:
        word.append(Part(quoted=True))
        while not self._match('"'):
            if found := self._match(r"[^\"\\$`]+"):
                word.append(Part(found[0], quoted=True))
            elif found := self._match(r"\\([\"\\$`\n])|\\"):
                word.append(Part((found[1] or found[0]).replace("\n", ""), quoted=True))
            elif part := self._expansion(quoted=True):
                word.append(part)
            else:
                raise ShellSyntaxError("no closing quote")

    def _expansion(self, *, quoted: bool) -> Part | None:
        """What stands for a value: a variable or a command. A dollar sign before anything else is itself."""
        if found := self._match(_VARIABLE):
            return Part(found[1] or found[2], quoted, variable=True)
        if found := self._sees(_UNSUPPORTED):
            raise ShellSyntaxError(f"'{found[0]}' is not supported")
        if not self._text.startswith("$", self.at):
            return None
        self.at += 1
        if not self._text.startswith("(", self.at):
            return Part("$", quoted=True)
        self.at += 1
        part = Part("", quoted, script=self.script())
        if not self._next(")"):
            raise ShellSyntaxError("no closing ')'")
        return part
