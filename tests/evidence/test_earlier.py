"""Evidence that logs before schema 3 held as texts of ``health`` is read as the events of today."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from monitor.events import (
    AppSocket,
    DeviceCapability,
    Event,
    Health,
    HookGroup,
    HookOverloads,
    HookState,
    LateMatch,
    Match,
    Recovery,
)
from monitor.evidence.earlier import today

COMMON: dict[str, Any] = {"t": 5, "err": 1, "src": "runner", "app": "a.b", "pid": 7, "seq": 9}


def health(what: str, detail: dict[str, str], **more: Any) -> Health:
    return Health(**COMMON, what=what, detail=detail, **{"component": "x", **more})


HOOK = {"state": "hooked", "overloads": "2", "exercised": "3", "data_type": "imei", "process": "a.b:p", "final": "yes",
        "late": "no", "overloads_absent": "(int)void", "overloads_unlisted": "()void"}  # fmt: skip
LATE = {"flow": "f1", "flows": "f1 f2", "data_type": "imei", "form": "md5", "path": "body.form.k", "tag": "t1"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            health("hook", HOOK, hook="x.y", n=3),
            HookState(
                **COMMON, process="a.b:p", final=True, states=[HookGroup(state="hooked", hooks=["x.y"])],
                calls={"x.y": 3}, overloads={"x.y": 2},
                differing=[HookOverloads(hook="x.y", absent="(int)void", unlisted="()void")],
            ),
        ),
        (
            health("hook", {"state": "late", "why": "w", "final": "no", "late": "yes"}, hook="x.y"),
            HookState(**COMMON, late=True, states=[HookGroup(state="late", why="w", hooks=["x.y"])]),
        ),
        (
            health("hook", {}, hook="x.y"),
            HookState(**COMMON, states=[HookGroup(state="installed", hooks=["x.y"])]),
        ),
        (
            health("capability", {"capability": "system_ca", "state": "no", "why": "w"}),
            DeviceCapability(**COMMON, name="system_ca", state="no", why="w"),
        ),
        (
            health("socket", {"local_port": "4000", "uid": "10077", "own": "no"}),
            AppSocket(**COMMON, local_port=4000, uid=10077, own=False),
        ),
        (
            health("late_needle", LATE, n=2),
            LateMatch(
                **COMMON, flows=["f1", "f2"], n=2,
                match=Match(data_type="imei", form="md5", path="body.form.k", certainty="found", tag="t1"),
            ),
        ),
        (
            health("recovery", {"events": "4", "torn_bytes": "12", "torn_sha256": "ab"}),
            Recovery(**COMMON, events=4, torn_bytes=12, torn_sha256="ab"),
        ),
    ],
    ids=lambda event: event.what if isinstance(event, Health) else "",
)  # fmt: skip
def test_it_is_an_event_of_its_own(old: Health, new: Event) -> None:
    assert today(old) == new
    assert today(new) == new


@pytest.mark.parametrize(
    "event",
    [
        health("started", {"state": "x"}),
        health("hook", {"state": "hooked"}),
        health("hook", {"state": "hooked", "overloads": "9" * 400}, hook="x.y"),
        health("capability", {"state": "no"}),
        health("socket", {"local_port": "-1", "uid": "1", "own": "no"}),
        health("socket", {"local_port": "٣", "uid": "1", "own": "no"}),
        health("late_needle", {"flow": "f1"}),
        health("recovery", {"events": "many", "torn_bytes": "0"}),
    ],
)
def test_what_does_not_say_it_stays_as_it_was(event: Health) -> None:
    assert today(event) is event
    assert msgspec.json.encode(today(event))
