"""Text of a shell script to a tree. Anything outside the small language is a ShellSyntaxError."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_TEXT = 200_000
_ASSIGN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_OPERATORS = ("&&", "||", ";;", ">>", "&>", "|", ";", "&", "(", ")", "<", ">", "\n")
_RESERVED_END = {"then", "elif", "else", "fi", "do", "done", "}", ")"}
_SPECIAL = "?$#!"


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

    body: list[Item]
    subshell: bool
    redirects: list[Redirect] = field(default_factory=list)


@dataclass
class IfClause:
    """Branches of (condition, body)."""

    branches: list[tuple[list[Item], list[Item]]]
    otherwise: list[Item]
    redirects: list[Redirect] = field(default_factory=list)


@dataclass
class ForLoop:
    """``for name in words; do …; done``."""

    name: str
    words: list[Word]
    body: list[Item]
    redirects: list[Redirect] = field(default_factory=list)


@dataclass
class WhileLoop:
    """``while`` or ``until``."""

    condition: list[Item]
    body: list[Item]
    until: bool
    redirects: list[Redirect] = field(default_factory=list)


Command = Simple | Group | IfClause | ForLoop | WhileLoop


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


@dataclass
class Item:
    """One list element, perhaps in the background."""

    what: AndOr
    background: bool = False


Token = Word | str | tuple[int, str]
"""A word, an operator, or (fd, redirection operator)."""


def parse(text: str) -> list[Item]:
    """The script's list of commands."""
    if len(text) > MAX_TEXT:
        raise ShellSyntaxError("script too long")
    if "\0" in text:
        raise ShellSyntaxError("unexpected NUL")
    parser = _Parser(_tokens(text))
    items = parser.items(set())
    if parser.peek() is not None:
        raise ShellSyntaxError(f"unexpected '{parser.name()}'")
    return items


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char in " \t\r":
            at += 1
        elif text.startswith("\\\n", at):
            at += 2
        elif char == "#" and (at == 0 or text[at - 1] in " \t\n;"):
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        elif redirect := re.compile(r"([012])?(>>|>&|<&|<<|<|>\||>)|&>").match(text, at):
            at = redirect.end()
            operator = redirect.group(0).lstrip("012")
            if operator in ("<<", "<&", ">|"):
                raise ShellSyntaxError(f"'{operator}' is not supported")
            default = 3 if operator == "&>" else 0 if operator.startswith("<") else 1
            tokens.append((int(redirect.group(1)) if redirect.group(1) else default, operator.replace("&>", ">")))
        elif operator_text := next((op for op in _OPERATORS if text.startswith(op, at)), None):
            tokens.append(operator_text)
            at += len(operator_text)
        else:
            word, at = _word(text, at)
            tokens.append(word)
    return tokens


def _word(text: str, at: int) -> tuple[Word, int]:
    word = Word()
    while at < len(text) and text[at] not in " \t\r\n;&|<>()":
        char = text[at]
        if char == "'":
            end = text.find("'", at + 1)
            if end < 0:
                raise ShellSyntaxError("no closing quote")
            word.parts.append((text[at + 1 : end], True, "text"))
            at = end + 1
        elif char == '"':
            at = _double(text, at + 1, word)
        elif char == "\\":
            if at + 1 < len(text) and text[at + 1] != "\n":
                word.parts.append((text[at + 1], True, "text"))
            at += 2
        elif char == "$":
            at = _dollar(text, at, word, quoted=False)
        elif char == "`":
            raise ShellSyntaxError("'`' is not supported, use $(…)")
        else:
            end = at
            while end < len(text) and text[end] not in " \t\r\n;&|<>()'\"\\$`":
                end += 1
            word.parts.append((text[at:end], False, "text"))
            at = end
    return word, at


def _double(text: str, at: int, word: Word) -> int:
    word.parts.append(("", True, "text"))
    while at < len(text):
        char = text[at]
        if char == '"':
            return at + 1
        if char == "\\" and at + 1 < len(text) and text[at + 1] in '"\\$`\n':
            word.parts.append(("" if text[at + 1] == "\n" else text[at + 1], True, "text"))
            at += 2
        elif char == "$":
            at = _dollar(text, at, word, quoted=True)
        elif char == "`":
            raise ShellSyntaxError("'`' is not supported, use $(…)")
        else:
            word.parts.append((char, True, "text"))
            at += 1
    raise ShellSyntaxError("no closing quote")


def _dollar(text: str, at: int, word: Word, quoted: bool) -> int:
    rest = text[at + 1 : at + 2]
    if text.startswith("$((", at):
        raise ShellSyntaxError("'$((' is not supported")
    if rest == "(":
        end = _closing(text, at + 2)
        word.parts.append((text[at + 2 : end], quoted, "command"))
        return end + 1
    if rest == "{":
        end = text.find("}", at)
        if end < 0:
            raise ShellSyntaxError("no closing '}'")
        inner = text[at + 2 : end]
        if not re.match(r"(\w+|[?$#!])((:-|:=|:\+|#|%)[^*?\[]*)?\Z", inner):
            raise ShellSyntaxError(f"'${{{inner}}}' is not supported")
        word.parts.append((inner, quoted, "var"))
        return end + 1
    if rest and rest in _SPECIAL:
        word.parts.append((rest, quoted, "var"))
        return at + 2
    name = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]").match(text, at + 1)
    if name:
        word.parts.append((name.group(0), quoted, "var"))
        return name.end()
    word.parts.append(("$", True, "text"))
    return at + 1


def _closing(text: str, at: int) -> int:
    """Index of the `)` that ends a `$(`."""
    depth = 1
    quote = ""
    while at < len(text):
        char = text[at]
        if char == "\\" and quote != "'":
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if not depth:
                return at
        at += 1
    raise ShellSyntaxError("no closing ')'")


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def name(self) -> str:
        token = self.peek()
        if token is None:
            return "end of input"
        return token if isinstance(token, str) else token.plain or "word" if isinstance(token, Word) else token[1]

    def _next(self) -> Token:
        token = self.peek()
        if token is None:
            raise ShellSyntaxError("unexpected end of input")
        self._at += 1
        return token

    def _reserved(self) -> str | None:
        token = self.peek()
        return token.plain if isinstance(token, Word) else token if token == ")" else None

    def _expect(self, word: str) -> None:
        if self._reserved() != word and self.peek() != word:
            raise ShellSyntaxError(f"unexpected '{self.name()}', '{word}' expected")
        self._at += 1

    def items(self, ends: set[str]) -> list[Item]:
        self._depth += 1
        if self._depth > 50:
            raise ShellSyntaxError("too deeply nested")
        done: list[Item] = []
        while True:
            while self.peek() in ("\n", ";") and (done or self.peek() == "\n"):
                self._at += 1
            token = self.peek()
            if token is None or self._reserved() in ends:
                break
            if self._reserved() in _RESERVED_END:
                raise ShellSyntaxError(f"unexpected '{self.name()}'")
            item = Item(self._and_or())
            done.append(item)
            separator = self.peek()
            if separator == "&":
                item.background = True
                self._at += 1
            elif separator in (";", "\n"):
                self._at += 1
            else:
                break
        self._depth -= 1
        return done

    def _body(self, *ends: str) -> list[Item]:
        items = self.items(set(ends))
        if not items:
            raise ShellSyntaxError(f"unexpected '{self.name()}'")
        return items

    def _and_or(self) -> AndOr:
        what = AndOr(self._pipeline())
        while self.peek() in ("&&", "||"):
            operator = str(self._next())
            self._newlines()
            what.rest.append((operator, self._pipeline()))
        return what

    def _newlines(self) -> None:
        while self.peek() == "\n":
            self._at += 1

    def _pipeline(self) -> Pipeline:
        negate = self._reserved() == "!"
        if negate:
            self._at += 1
        pipeline = Pipeline([self._command()], negate)
        while self.peek() == "|":
            self._at += 1
            self._newlines()
            pipeline.commands.append(self._command())
        return pipeline

    def _command(self) -> Command:
        token = self.peek()
        word = self._reserved()
        command: Command
        if token == "(":
            self._at += 1
            command = Group(self._body(")"), True)
            self._expect(")")
        elif word == "{":
            self._at += 1
            command = Group(self._body("}"), False)
            self._expect("}")
        elif word == "if":
            command = self._if()
        elif word == "for":
            command = self._for()
        elif word in ("while", "until"):
            self._at += 1
            condition = self._body("do")
            self._expect("do")
            command = WhileLoop(condition, self._body("done"), word == "until")
            self._expect("done")
        elif word in ("case", "function", "select", "[["):
            raise ShellSyntaxError(f"'{word}' is not supported")
        else:
            return self._simple()
        while isinstance(self.peek(), tuple):
            command.redirects.append(self._redirect())
        return command

    def _if(self) -> IfClause:
        branches = []
        otherwise: list[Item] = []
        self._at += 1
        while True:
            condition = self._body("then")
            self._expect("then")
            branches.append((condition, self._body("elif", "else", "fi")))
            word = self._reserved()
            self._at += 1
            if word == "elif":
                continue
            if word == "else":
                otherwise = self._body("fi")
                self._expect("fi")
            elif word != "fi":
                raise ShellSyntaxError("'fi' expected")
            return IfClause(branches, otherwise)

    def _for(self) -> ForLoop:
        self._at += 1
        token = self._next()
        name = token.plain if isinstance(token, Word) else None
        if not name or not name.isidentifier():
            raise ShellSyntaxError("bad name after 'for'")
        self._expect("in")
        words: list[Word] = []
        while isinstance(word := self.peek(), Word):
            words.append(word)
            self._at += 1
        if self.peek() not in (";", "\n"):
            raise ShellSyntaxError(f"unexpected '{self.name()}'")
        while self.peek() in (";", "\n"):
            self._at += 1
        self._expect("do")
        body = self._body("done")
        self._expect("done")
        return ForLoop(name, words, body)

    def _redirect(self) -> Redirect:
        token = self._next()
        assert isinstance(token, tuple)
        fd, operator = token
        target = self._next()
        if not isinstance(target, Word):
            raise ShellSyntaxError(f"unexpected '{self.name()}' after '{operator}'")
        if operator == ">&":
            if target.plain not in ("1", "2"):
                raise ShellSyntaxError(f"'>&{target.plain}' is not supported")
            return Redirect(fd, "dup", target, str(target.plain))
        return Redirect(fd, operator, target)

    def _simple(self) -> Simple:
        simple = Simple()
        while True:
            token = self.peek()
            if isinstance(token, tuple):
                simple.redirects.append(self._redirect())
            elif isinstance(token, Word):
                self._at += 1
                assign = None if simple.words else _assignment(token)
                if assign:
                    simple.assigns.append(assign)
                else:
                    simple.words.append(token)
            else:
                break
        if not (simple.words or simple.assigns or simple.redirects):
            raise ShellSyntaxError(f"unexpected '{self.name()}'")
        return simple


def _assignment(word: Word) -> tuple[str, Word] | None:
    if not word.parts:
        return None
    text, quoted, kind = word.parts[0]
    if kind != "text" or quoted or not _ASSIGN.match(text):
        return None
    name, _, rest = text.partition("=")
    return name, Word([(rest, True, "text"), *word.parts[1:]])
