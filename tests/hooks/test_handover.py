"""A task with only framework frames is attributed to its submitter and marked as handed over."""

from itertools import batched
from typing import cast

import msgspec
import pytest

from monitor.analysis.correlate.attribution import Attribution
from monitor.events import ApiCall, Connection, Stack
from monitor.knowledge.catalogue import load_catalogue
from monitor.session.declaration import Declaration, DeclaredSdk
from tests.hooks.support import APP, Jvms, Memory, hooked, row, until

#: The rows that every session has, and one read.
ROWS = [one for one in load_catalogue() if one.family == "handover"]
WAYS = ("pool", "scheduled", "async", "fork", "thread")
READ = row("mac", "android.telephony.TelephonyManager", "getMac", data_type="mac", result="value")


@pytest.mark.parametrize(
    ("runtime", "entries"), [("jvm", True), ("jvm", False), pytest.param("art", True, marks=pytest.mark.art)]
)
def test_the_submitter_is_named_where_the_stack_shows_no_owner(entries: bool, jvm: Jvms, sink: Memory) -> None:
    app = jvm()
    with hooked(app, sink, [*ROWS, READ], rate=0, entries=entries):
        for done, way in enumerate(WAYS, 1):
            # Twice: the task is a method of the framework; then one of the app, whose own stack tells.
            for _ in range(6):
                assert app.do(f"handed {way}") == ["02:00:00:00:00:00"] * 2, way
            assert until(lambda done=done: len(sink.calls("mac")) == 12 * done), way
    for way, calls in zip(WAYS, batched(sink.calls("mac"), 12), strict=True):
        lent = [call for call in calls if call.args.get("handover") == "yes"]
        own = [call for call in calls if "handover" not in call.args]
        assert (len(lent), len(own)) == (6, 6), way
        for call in lent:
            assert "com.vendor.sdk.Tracker" in {frame.cls for frame in sink.stack(call.stack).frames}, way
        for call in own:
            names = {frame.cls for frame in sink.stack(call.stack).frames}
            assert "com.vendor.sdk.Tracker" not in names, way
            assert any(name.startswith(f"{APP}.Main") for name in names), way
    assert not sink.health("lost")
    assert not sink.health("failed")


def test_without_the_rows_no_owner_is_guessed(jvm: Jvms, sink: Memory) -> None:
    app = jvm()
    with hooked(app, sink, [READ], rate=0):
        app.do("handed pool")
        assert until(lambda: len(sink.calls("mac")) == 2)
    first = sink.stack(sink.calls("mac")[0].stack).frames
    assert not any(frame.cls.startswith(("com.example.", "com.vendor.")) for frame in first)
    assert not any("handover" in call.args for call in sink.calls("mac"))


def _owners(sink: Memory, calls: list[ApiCall]) -> list[str]:
    """Whose each call is, as the analysis sees it."""
    attribution = Attribution(
        Declaration(sdks=[DeclaredSdk(name="tracker", package_prefixes=["com.vendor.sdk"])]), {}, {}
    )
    for event in sink.of(Stack):
        attribution.feed(event)
    return [cast(ApiCall, attribution.feed(msgspec.structs.replace(call))).sdk for call in calls]


@pytest.mark.parametrize(
    ("runtime", "entries"), [("jvm", True), ("jvm", False), pytest.param("art", True, marks=pytest.mark.art)]
)
def test_callers_below_many_frames_of_the_platform_are_told_apart_or_unknown(
    entries: bool, jvm: Jvms, sink: Memory
) -> None:
    app = jvm()
    with hooked(app, sink, [*ROWS, READ], rate=0, entries=entries):
        ways = ("app 45", "sdk 45", "app 45", "sdk 45", "app 90", "sdk 90", "pool 90")
        for done, way in enumerate(ways, 1):
            assert app.do(f"deep {way}") == ["02:00:00:00:00:00"], way
            assert until(lambda done=done: len(sink.calls("mac")) == done), way
    calls = sink.calls("mac")
    assert _owners(sink, calls) == ["app", "tracker", "app", "tracker", "", "", ""]
    assert not any("handover" in call.args for call in calls)  # Who submitted a task need not be who calls in it.


def test_what_was_handed_over_has_its_owner_and_nothing_else(jvm: Jvms, sink: Memory) -> None:
    """A pool thread is started by the submitter of its first task; later tasks belong to their own submitters."""
    app = jvm()
    assert app.do("shared start") == ["02:00:00:00:00:00"]  # By the SDK, before anything is hooked.
    with hooked(app, sink, [*ROWS, READ], rate=0):
        assert app.do("shared unseen") == ["02:00:00:00:00:00"]
        assert app.do("shared next") == ["02:00:00:00:00:00"]
        app.do("handed connect")
        assert until(lambda: len(sink.calls("mac")) == 2 and bool(sink.of(Connection)))
    unseen, after = (sink.calls("mac")[n] for n in (0, 1))
    assert "handover" not in unseen.args  # Waited in the queue since before the hooks.
    assert after.args["handover"] == "yes"
    assert any(frame.cls == f"{APP}.Main" for frame in sink.stack(after.stack).frames)
    (one,) = (c for c in sink.of(Connection) if c.local_port)
    assert one.link == "handover"
    assert "com.vendor.sdk.Tracker" in {frame.cls for frame in sink.stack(one.stack).frames}


def test_an_app_without_end_in_its_tasks_can_be_left(jvm: Jvms, sink: Memory) -> None:
    """Threads, pools and loopers that never return block nothing."""
    app = jvm()
    with hooked(app, sink, ROWS):
        app.do("endless")
    assert app.do("sleep 1") == []
    assert not sink.health("failed")
