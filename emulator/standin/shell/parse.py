"""Words and operators of a shell script to a tree. Anything outside the small language is a ShellSyntaxError."""

import re

from .tokens import Token, tokens
from .tree import (
    AndOr,
    Command,
    ForLoop,
    Group,
    Pipeline,
    Redirect,
    ShellSyntaxError,
    Simple,
    Word,
)

_MAX_TEXT = 200_000
_ASSIGN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_RESERVED_END = {"do", "done", "}", ")"}


def parse(text: str) -> list[AndOr]:
    """The script's list of commands."""
    if len(text) > _MAX_TEXT:
        raise ShellSyntaxError("script too long")
    if "\0" in text:
        raise ShellSyntaxError("unexpected NUL")
    parser = _Parser(tokens(text))
    items = parser.items(set())
    if parser.peek() is not None:
        raise ShellSyntaxError(f"unexpected '{parser.name()}'")
    return items


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

    def items(self, ends: set[str]) -> list[AndOr]:
        self._depth += 1
        if self._depth > 50:
            raise ShellSyntaxError("too deeply nested")
        done: list[AndOr] = []
        while True:
            while self.peek() in ("\n", ";") and (done or self.peek() == "\n"):
                self._at += 1
            token = self.peek()
            if token is None or self._reserved() in ends:
                break
            if self._reserved() in _RESERVED_END:
                raise ShellSyntaxError(f"unexpected '{self.name()}'")
            done.append(self._and_or())
            if self.peek() not in (";", "\n"):
                break
            self._at += 1
        self._depth -= 1
        return done

    def _body(self, *ends: str) -> list[AndOr]:
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
        elif word == "for":
            command = self._for()
        elif word in ("if", "while", "until", "case", "function", "select", "[["):
            raise ShellSyntaxError(f"'{word}' is not supported")
        else:
            return self._simple()
        while isinstance(self.peek(), tuple):
            command.redirects.append(self._redirect())
        return command

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
