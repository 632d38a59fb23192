"""What a story shows of stacks."""

from __future__ import annotations

from monitor.analysis.moments import told
from monitor.events import Frame


def frame(method: str, line: int) -> Frame:
    return Frame(cls="a.B", method=method, file="B.java", line=line)


def test_a_hooked_method_is_told_once() -> None:
    stack = [frame("get", 0), frame("get", 7), frame("run", 0), frame("run", 0), frame("main", 3)]
    assert told(stack) == [frame("get", 7), frame("run", 0), frame("main", 3)]


def test_recursion_stays() -> None:
    stack = [frame("walk", 5), frame("walk", 5), frame("walk", 9)]
    assert told(stack) == stack
    assert told([]) == []
