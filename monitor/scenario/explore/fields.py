"""What an exploration types into a field: the data of a test person, by what the field asks for. Pure."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from monitor.base import paths, yamlfile
from monitor.base.errors import InputError
from monitor.scenario.typed import asked
from monitor.session.handset import Node

Persons = Mapping[str, str]
_LONGEST: Final = 200


@cache
def words() -> Mapping[str, Any]:
    """The table ``words.yaml``: lists of expressions as one, and the bundled test person."""
    table = yamlfile.load(paths.package_data("scenario") / "explore" / "words.yaml")
    return {
        name: re.compile("|".join(entry), re.I) if isinstance(entry, list) else entry for name, entry in table.items()
    }


def persons(persons: str = "", account: str = "") -> Persons:
    """What is typed, by kind of field: the bundled person's, with what a file says instead, and a prepared account
    (``user``, ``password``, ``code``). Raises ``InputError``."""
    known: dict[str, str] = dict(words()["persons"])
    for path, kinds in ((persons, frozenset(known)), (account, frozenset(("user", "password", "code")))):
        data = yamlfile.load(Path(path)) if path else {}
        if not isinstance(data, dict) or not all(
            key in kinds and isinstance(value, str) and value.isprintable() and 0 < len(value) <= _LONGEST
            for key, value in data.items()
        ):
            hint = f"a mapping of printable texts, each in quotes, by: {', '.join(sorted(kinds))}"
            raise InputError("not what is typed into fields", where=path, hint=hint)
        known |= data
    return known


def kind_of(field: Node, nodes: Sequence[Node], signs_in: bool = False) -> str:
    """Which of the person's data a field takes. ``signs_in``: a password is asked for beside it, so that what nothing
    else is known of is a user's name."""
    if field.password:
        return "password"
    if words()["captcha"].search(f"{field.text} {field.desc} {field.rid}"):
        return "code"
    kind = asked(field, nodes)
    return "user" if signs_in and kind in ("", "phone", "email", "name") else kind or "other"
