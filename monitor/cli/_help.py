"""What ``--help`` says, in Chinese where that is asked for: the commands' own texts are English."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from monitor.cli._spoken import lang


@cache
def _table() -> Mapping[str, str]:
    import yaml

    from monitor.paths import package_data

    text = (package_data("text") / "help_zh.yaml").read_text("utf-8")
    return {str(key): str(value) for key, value in yaml.load(text, Loader=yaml.CSafeLoader).items()}


def told(text: str) -> str:
    """A help text in the reader's language; one that is not in the table stays English."""
    if lang() != "zh":
        return text
    found = _table().get(" ".join(text.split()))
    return text if found is None else found.replace("|", "\n\n")


def line(text: str) -> str:
    """The line of a command in a list, which is the first sentence of its help."""
    if lang() != "zh":
        return text
    found = next((zh for en, zh in _table().items() if en == text or en.startswith(f"{text} ")), text)
    return found.replace("|", "").partition("。")[0]


def translate(command: Any) -> None:
    """Give a command, its options and its subcommands their texts in the reader's language; may be called again."""
    for one in (command, *getattr(command, "params", ())):
        english = one.__dict__.setdefault("_english", getattr(one, "help", None))
        if english:
            one.help = told(english)
    for sub in (getattr(command, "commands", None) or {}).values():
        translate(sub)
