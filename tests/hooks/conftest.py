"""Fixtures of the hook tests."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from monitor.collectors.hooks import HookCollector
from monitor.knowledge.catalogue import Row
from tests.hooks.support import Jvm, Jvms, Memory, hooked
from tests.runtimes import launcher


@pytest.fixture
def runtime() -> str:
    """What runs the test apps; modules that run on both runtimes override it."""
    return "jvm"


@pytest.fixture
def java(runtime: str) -> str:
    return launcher(runtime)


@pytest.fixture
def jvm(java: str) -> Iterator[Callable[..., Jvm]]:
    """Starts test apps and kills them at the end."""
    started: list[Jvm] = []

    def start(*args: str, ready: bool = True, program: str = java, **options: Any) -> Jvm:
        one = Jvm(program, *args, **options)
        started.append(one)
        if ready:
            one.read("ready")
        return one

    yield start
    for one in started:
        one.kill()


@pytest.fixture
def start(jvm: Jvms, sink: Memory) -> Iterator[Callable[..., tuple[Jvm, HookCollector]]]:
    """Starts test apps with hooks, which are removed at the end."""
    with contextlib.ExitStack() as stack:

        def begin(rows: list[Row], **options: Any) -> tuple[Jvm, HookCollector]:
            app = jvm()
            return app, stack.enter_context(hooked(app, sink, rows, **options))

        yield begin


@pytest.fixture
def sink() -> Memory:
    return Memory()
