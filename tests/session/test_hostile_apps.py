"""Sessions with generated hostile apps: each ends sealed, with its cause, and claims nothing that the app prevented."""

import re
import sys
from pathlib import Path

import pytest

from bench.hostile import Built, build, how_it_ended, packed, session
from monitor.events import Lifecycle

pytestmark = [
    pytest.mark.jvm,
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's"),
    pytest.mark.extra("javac", "gcc"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("hostile"))


#: What each app does, and the seconds that it has for it: a session ends earlier with its app's process.
PLANS = {
    "takes hooks out": (
        ["7", "wait:300 redirect:0 unhook:0 unhook:5 ids:50", "calls:200 log:500 detect:0", "net:3 wire:20"],
        3,
    ),
    "registers its own function": (["7", "wait:300 register:0 wait:1000"], 3),
    "cuts the agent off": (
        ["8", "spawn:9 shell:5 files:50 deep:300", "wait:500 close:20", "ids:100 wait:600 ids:100"],
        20,
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_hostile_app(built: Built, tmp_path: Path, name: str) -> None:
    lines, seconds = PLANS[name]
    one = session(packed(built, lines, tmp_path / "hostile.apk"), lines, tmp_path / "bundle", seconds=seconds)
    assert one.wrong == []
    if name == "takes hooks out":
        assert one.changed >= 2, one
    if name == "registers its own function":
        assert one.changed >= 1, one
    if name == "cuts the agent off":  # or its process does not survive that
        assert one.silenced or re.search("exited unexpectedly|process_exit by ", one.cause), one


def test_the_call_by_which_an_app_ended_is_named() -> None:
    """A process that loses its connection to the device ends itself."""

    def end(src: str, cause: str) -> Lifecycle:
        return Lifecycle(t=1, err=0, src=src, app="a.b", pid=7, what="process_exit", process="a.b", cause=cause)

    halted = [end("hooks:7", "java.lang.Runtime.halt"), end("logcat", "")]
    assert how_it_ended(halted) == "process_exit by java.lang.Runtime.halt"
    assert how_it_ended(halted[1:]) == "process_exit" and how_it_ended([]) == ""
