"""What a verb needs, said in one line to who writes one."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.base.errors import InputError
from monitor.scenario.registry import VERBS, verb


def nothing(run: Any) -> None:
    """Do nothing."""


def undocumented(run: Any) -> None: ...


def test_a_verb_has_one_function() -> None:
    with pytest.raises(InputError, match="there is a verb tapOn already") as said:
        verb("tapOn")(nothing)
    assert said.value.where.endswith("test_registry.nothing")


def test_a_verb_says_what_it_does_and_what_a_bare_value_sets() -> None:
    for function, short in ((undocumented, ""), (nothing, "lable")):
        with pytest.raises(InputError, match="the verb shout needs a docstring"):
            verb("shout", short=short)(function)
    assert "shout" not in VERBS
