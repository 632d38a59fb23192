"""Standard output and error where they cannot show everything: a terminal in ASCII or another old coding."""

import codecs
import io
import sys
from typing import Final

_ERRORS: Final = "monitor-readable"
_PLAIN: Final = str.maketrans({
    "…": "...", "–": "-", "—": "-", "·": "|", "×": "x", "→": "->", "✓": "ok", "“": '"', "”": '"', "‘": "'", "’": "'",
    "：": ": ", "，": ", ", "。": ". ", "；": "; ", "（": " (", "）": ") ", "、": ", ",
})  # fmt: skip


def _readable(error: UnicodeError) -> tuple[str, int]:
    """What a terminal cannot show: punctuation by what comes close, all else by a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    said = error.object[error.start : error.end].translate(_PLAIN)
    return "".join(c if c.isascii() else "?" for c in said), error.end


def prepare() -> None:
    """Let nothing that is printed end the program because the terminal has no character for it."""
    codecs.register_error(_ERRORS, _readable)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.encoding.lower().startswith("utf"):
            stream.reconfigure(errors=_ERRORS)
