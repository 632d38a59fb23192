"""Text of a shell script to words and operators."""

import re

from .tree import ShellSyntaxError, Word

_OPERATORS = ("&&", "||", ";;", ">>", "&>", "|", ";", "&", "(", ")", "<", ">", "\n")
_SPECIAL = "?$#!"

Token = Word | str | tuple[int, str]
"""A word, an operator, or (fd, redirection operator)."""


def tokens(text: str) -> list[Token]:
    """Comments and line joints are dropped; newlines are operators."""
    found: list[Token] = []
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
            found.append((int(redirect.group(1)) if redirect.group(1) else default, operator.replace("&>", ">")))
        elif operator_text := next((op for op in _OPERATORS if text.startswith(op, at)), None):
            found.append(operator_text)
            at += len(operator_text)
        else:
            word, at = _word(text, at)
            found.append(word)
    return found


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
        if not re.match(r"(\w+|[?$#!])(:-[^*?\[]*)?\Z", inner):
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
