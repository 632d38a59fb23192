"""Decisions of an earlier session precede the events of a later one."""

from pathlib import Path

import msgspec
import pytest

from monitor.analysis.correlate.correlator import Analysis
from monitor.analysis.rules.load import load_rules
from monitor.base.errors import EvidenceDamaged, InputError
from monitor.events import Consent, Event, Lifecycle, PermissionResult, Policy, Tap, Window
from monitor.evidence.bundle import Bundle
from monitor.record.inputs import carried
from monitor.session.declaration import Declaration, load_declaration
from monitor.session.manifest import App, Session

APP = "com.example.shop"
T0 = 1_790_000_000_000_000
HOUR = 3_600_000_000
HOOK = {"src": "hooks:7", "app": APP, "pid": 7, "err": 800}


def notice(t: int, number: int) -> Window:
    return Window(t=t, window=number, window_kind="dialog", action="shown", title="隐私政策提示",
                  texts=["请阅读并同意隐私政策"], buttons=["不同意", "同意"], **HOOK)  # fmt: skip


def bundle(path: Path, *events: Event, declaration: str = "") -> Path:
    made = Bundle.create(path)
    if declaration:
        made.add_input("declaration.yaml", declaration.encode())
    for event in events:
        made.log.append(event)
    made.seal(Session(start=T0, end=T0 + HOUR, app=App(package=APP)))
    made.attest({}, "0.1.0", {})
    return path


def refused(path: Path, *more: Event) -> Path:
    tap = Tap(t=T0 + 2_000_000, label="不同意", window=1, **HOOK)
    denied = PermissionResult(t=T0 + 4_000_000, permission="android.permission.CAMERA", result="denied", dialog="yes",
                              via="logcat", src="logcat", app=APP, err=900)  # fmt: skip
    return bundle(path, notice(T0, 1), tap, denied, *more)


def prm01(events: list[Event]) -> set[str]:
    analysis = Analysis(load_rules(), Declaration(), organisations={}, sdks={}, hooks=[])
    for number, event in enumerate(events, 1):
        analysis.feed(msgspec.structs.replace(event, seq=number))
    return {f.rule for f in analysis.close()[0] if f.status == "evidenced"} & {"PRM-01"}


def test_the_text_of_the_policy_is_carried_over(tmp_path: Path) -> None:
    """Of each address the last text; another one in the next session is a change that a person must review."""
    old, new = (
        Policy(t=T0 + n, err=1, src="runner", app=APP, url="https://p.example", status=200, sha256=text * 64, taps=7)
        for n, text in ((1, "a"), (2, "b"))
    )
    before: list[Event] = list(carried(refused(tmp_path / "b", old, new)))
    assert [(e.sha256, e.src, e.taps) for e in before if isinstance(e, Policy)] == [("b" * 64, "carried", 0)]

    def found(later: Policy) -> set[str]:
        analysis = Analysis(load_rules(), Declaration())
        for number, event in enumerate([*before, later], 1):
            analysis.feed(msgspec.structs.replace(event, seq=number))
        return {f.status for f in analysis.close().findings if f.rule == "CON-07"}

    assert found(msgspec.structs.replace(old, t=T0 + HOUR)) == {"review"}
    assert found(msgspec.structs.replace(new, t=T0 + HOUR)) == set()


def declared(*types: str) -> str:
    return f"app: {{package: {APP}}}\ncollection:\n" + "".join(
        f"- {{data_type: {t}, purpose: security}}\n" for t in types
    )


def test_what_was_declared_when_the_user_agreed_is_carried_over(tmp_path: Path) -> None:
    """More types declared since then, and no notice: for a person to review, also another session later."""
    tap = Tap(t=T0 + 2_000_000, label="同意", window=1, **HOOK)
    events: list[Event] = [notice(T0, 1), tap]
    for number, types in enumerate((["imei"], ["imei", "location"], ["imei", "location"])):
        path = bundle(tmp_path / str(number), *events, declaration=declared(*types))
        events = list(carried(path))
        (agreed,) = [event for event in events if isinstance(event, Consent) and event.scope == "policy"]
        assert agreed.detail["declared"] == "imei"

    def found(*types: str, later: tuple[Event, ...] = ()) -> set[str]:
        file = tmp_path / "declaration.yaml"
        file.write_text(declared(*types), "utf-8")
        analysis = Analysis(load_rules(), load_declaration(file))
        for number, event in enumerate([*events, *later], 1):
            analysis.feed(msgspec.structs.replace(event, seq=number))
        return {f.status for f in analysis.close().findings if f.rule == "CON-07"}

    assert found("imei", "location") == {"review"}
    assert found("imei", "location", later=(notice(T0 + HOUR, 2),)) == set()
    assert found("imei") == set()


def test_a_refusal_is_remembered_for_48_hours(tmp_path: Path) -> None:
    """Two notices a day later are repeated prompts only because of the refusal in the session before."""
    before: list[Event] = list(carried(refused(tmp_path / "b")))
    states = {(e.scope, e.state) for e in before}  # type: ignore[union-attr]
    assert ("policy", "denied") in states and ("permission:android.permission.CAMERA", "denied") in states
    day, week = 24 * HOUR, 7 * 24 * HOUR
    later = [notice(T0 + day, 2), notice(T0 + day + 60_000_000, 3)]
    assert prm01([*before, *later]) == {"PRM-01"} and prm01(list(later)) == set()
    assert prm01([*before, notice(T0 + week, 2), notice(T0 + week + 60_000_000, 3)]) == set()


def test_erased_data_carries_nothing(tmp_path: Path) -> None:
    gone = Lifecycle(t=T0 + HOUR, what="data_cleared", src="runner", app=APP, err=0)
    assert carried(refused(tmp_path / "b", gone)) == []


def test_only_from_a_verified_bundle(tmp_path: Path) -> None:
    """The record names the root of the earlier log; a changed one is refused."""
    path = refused(tmp_path / "b")
    assert all(len(event.detail["from"]) == 64 for event in carried(path))
    log = next((path / "data" / "events").iterdir())
    log.write_text(log.read_text("utf-8").replace("denied", "granted"), "utf-8")
    with pytest.raises(EvidenceDamaged):
        carried(path)
    for place, app in ((tmp_path / "none", ""), (refused(tmp_path / "c"), "com.example.other")):
        with pytest.raises(InputError):
            carried(place, app)
