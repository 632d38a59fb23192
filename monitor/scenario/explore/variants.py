"""The variants of an exploration: bundled scenarios (``scenarios/explore``), set for an app."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from monitor.base import paths, yamlfile
from monitor.base.errors import InputError, printable
from monitor.base.output import write_out

#: In the order in which they are walked: each learns what the app does before the next allows more.
VARIANTS: Final = ("ignore", "refuse", "accept", "withdraw")


def chosen(text: str) -> list[str]:
    """Variants by their names, separated by commas. Raises ``InputError``."""
    names = [name.strip() for name in text.split(",")]
    if wrong := [name for name in names if name not in VARIANTS or names.count(name) > 1]:
        said = f"no such variant, or twice: {printable(wrong[0], 40)}"
        raise InputError(said, hint=f"use some of {','.join(VARIANTS)}")
    return [name for name in VARIANTS if name in names]


def written(variant: str, folder: Path, package: str, walk: Mapping[str, Any]) -> Path:
    """The scenario of a variant in a folder, with a package and arguments of the verb ``explore``."""
    template = paths.bundled("scenarios") / "explore" / f"{variant}.yaml"
    head, steps = yamlfile.load_all(yamlfile.read_text(template), str(template))
    head = {key: value for key, value in head.items() if key != "app"} | {"appId": package or head["appId"]}
    begin, explore = steps
    documents = [head, [begin, {"explore": {**explore["explore"], **walk}}]]
    text = yaml.safe_dump_all(documents, allow_unicode=True, sort_keys=False, width=120)
    write_out(folder / f"{variant}.yaml", text.encode())
    return folder / f"{variant}.yaml"
