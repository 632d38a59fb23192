"""What only some systems have is in one room: ruff refuses the names (``banned-api``), this the keywords and places."""

from __future__ import annotations

import ast
import re
from pathlib import Path

MONITOR = Path(__file__).parents[2] / "monitor"
#: The room; and sockets, whose owners only Linux tells, and what Linux forbids a tracer, which is asked and not needed.
ROOM = {"base/host.py", "base/network.py", "collectors/check.py"}
KEYWORDS = {"start_new_session", "preexec_fn", "dir_fd", "process_group", "pass_fds", "creationflags"}
PLACES = re.compile(r"/proc/(self|sys|net)\b|\bwin32\b|\bdarwin\b")


def asks(tree: ast.AST) -> set[str]:
    """Keywords, and arguments of ``Path`` and ``open`` and names compared with ``sys.platform``, that are a host's."""
    found = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg in KEYWORDS}
    for node in ast.walk(tree):
        words = node.args if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Path", "open") else []
        words = [*words, *node.comparators] if isinstance(node, ast.Compare) else words
        texts = (word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str))
        found.update(text for text in texts if PLACES.search(text))
    return found


def test_no_other_room_asks_which_system_it_is_on() -> None:
    read = {path.relative_to(MONITOR).as_posix(): ast.parse(path.read_text("utf-8")) for path in MONITOR.rglob("*.py")}
    asking = {name for name, tree in read.items() if asks(tree)}
    assert asking - ROOM == {"device/wire/door.py"}  # it runs where a connection has an owner, and only there
    assert {"base/host.py", "collectors/check.py"} <= asking
