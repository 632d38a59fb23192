"""What an agent tells late is waited for, as long as the recording says that it may come late."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from monitor.analysis.rules.examples import event
from monitor.assess.evaluate import evaluate
from monitor.assess.opened import Opened
from monitor.base.clock import Lateness
from monitor.events import Event, Transmission
from monitor.evidence.bundle import Bundle
from monitor.session.manifest import App, Session

#: A request before any notice; the agent tells nine seconds later whose it was.
LATE: list[dict[str, Any]] = [
    {"kind": "stack", "at": 1, "stack": 1, "frames": [{"cls": "com.umeng.commonsdk.A", "method": "m"}]},
    {"kind": "transmission", "at": 2, "client_port": 4001, "matches": ["imei"], "stack": 0, "sdk": ""},
    {"kind": "step", "at": 11, "verb": "idle", "label": "", "state": "ok"},
    {"kind": "connection", "at": 1.9, "link": "connect", "address": "127.0.0.1", "port": 8080, "local_port": 4001,
     "stack": 1, "host": "example.com"},
]  # fmt: skip


def events() -> list[Event]:
    return [event(raw, number) for number, raw in enumerate(LATE, 1)]


def recorded(path: Path, lateness_us: int) -> Path:
    bundle = Bundle.create(path)
    for one in events():
        bundle.log.append(one)
    bundle.seal(Session(app=App(package=events()[0].app), lateness_us=lateness_us, packs=["cn"]))
    return path


def test_a_late_account_names_the_sender_where_the_recording_says_that_it_was_late(tmp_path: Path) -> None:
    lateness = Lateness()
    for one in events():
        lateness.met(one.t)
    assert lateness.most_us == 9_100_000
    senders = {}
    for name, most in (("known", lateness.most_us), ("unknown", 0)):
        with Opened(recorded(tmp_path / name, most), current=True) as opened:
            (sent,) = (one for one in opened.events() if isinstance(one, Transmission))
            findings = [one.sdk for one in evaluate(opened).findings if one.rule == "COL-03"]
        senders[name] = sent.attribution, findings
    assert senders["known"] == ("port", ["umeng_base"])
    assert senders["unknown"] == ("none", [""])
