"""Calls that nobody asks about are only counted: with the same result, and what is wrong with one is found."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench import bench_analysis
from monitor.analysis.correlate.findings import Assessment
from monitor.analysis.correlate.kinds import CUT
from monitor.analysis.rules.load import load_rules
from monitor.assess.evaluate import reanalyse
from monitor.assess.evaluation import Evaluation
from monitor.assess.opened import Opened
from monitor.base.errors import EvidenceDamaged
from monitor.events import ApiCall, Event, Frame, Glance, Stack, decode
from monitor.evidence.bundle import Bundle
from monitor.evidence.lines import Lines, read_events
from monitor.evidence.verify import CheckedLog
from monitor.session.manifest import App, Session
from tests.evidence.test_lines import chained

BASE = {"src": "hooks:7", "app": "com.example.app", "pid": 7}
CODE = ("com.example.app.Main", "com.umeng.commonsdk.Config", "java.lang.Thread", "org.other.Lib")


def mixed() -> Iterator[Event]:
    """Calls of a few hooks, no two alike for long: stacks change their owners, clocks their errors, some come late, and
    some say what is wanted whoever asks."""
    dice, t = random.Random(5), 1_700_000_000_000_000
    for number in range(1, 5001):
        t += dice.choice((300, 40_000))
        if number < 9 or dice.random() < 0.01:
            stack = number if number < 9 else dice.randrange(1, 9)
            frames = [Frame(cls=dice.choice(CODE), method="run")]
            yield Stack(seq=number, t=t, err=0, stack=stack, frames=frames, **BASE)  # type: ignore[arg-type]
            continue
        stack = dice.randrange(9)
        kind = stack if dice.random() < 0.9 else dice.randrange(9)
        role, data_type = (("context", "prefs"), ("sink", "log"), ("context", "ipc"), ("source", "imei"))[kind % 4]
        args = dice.choices(
            ({}, {"key": "x"}, {"query": "all"}, {CUT: "3"}, {"component": "org.other/.A"}), (20, 5, 1, 1, 2)
        )
        yield ApiCall(
            seq=number, t=t - (dice.random() < 0.05) * 3_000_000, err=dice.choice((0, 900, 900_000)),
            hook=f"hook.{kind % 3}", role=role, data_type=data_type, cls="a.B", method="c", sig="()V",
            outcome="value" if dice.random() < 0.9 else "null", stack=stack, count=dice.choice((1, 1, 7)),
            aggregated=dice.random() < 0.1, args=args[0], **BASE,  # type: ignore[arg-type]
        )  # fmt: skip


def assessed(bundle: Path, way: str, opened: Opened | None = None) -> Assessment:
    """The result with calls counted at a glance, whole but without a look at all, or with every call taken alike."""
    rules = opened.tables.rules(opened.session.packs) if opened else load_rules()
    tables = (
        (opened.declaration, opened.organisations, opened.sdks, opened.rows)
        if opened
        else (bench_analysis.declaration(), bench_analysis.load_organisations(), bench_analysis.load_sdks(), [])
    )
    evaluation = Evaluation(rules, *tables, stage=opened.stage() if opened else None)
    counts: Counter[str] = Counter()

    def looked(calls: Iterator[Glance]) -> Iterator[Glance]:
        for call in calls:
            counts["looked"] += 1
            yield call

    def counted(calls: Iterator[Glance], lines: Lines) -> Glance | None:
        fed = evaluation.counted(looked(calls), lines)
        counts["fed"] += fed is not None
        return fed

    if way == "each":
        evaluation._latest = {}
    evaluation.feed(CheckedLog(bundle).events(counted if way == "glance" else None))
    assert way != "glance" or opened or counts["looked"] - counts["fed"] > 500
    return evaluation.close()


def log(path: Path, events: Iterator[Event]) -> Path:
    bundle = Bundle.create(path)
    for event in events:
        bundle.log.append(msgspec.structs.replace(event, seq=0))
    bundle.seal(Session(app=App(package="com.example.app")))
    return path


@pytest.mark.parametrize("source", ["mixed", "bench"])
def test_the_result_is_the_same(tmp_path: Path, source: str) -> None:
    events = mixed() if source == "mixed" else map(decode, itertools.islice(bench_analysis.lines(6000), 6000))
    bundle = log(tmp_path / "bundle", events)
    slow, whole, fast = (assessed(bundle, way) for way in ("each", "whole", "glance"))
    assert slow.findings and fast == whole == slow


def test_the_result_of_an_old_recording_is_the_same(v1: Path) -> None:
    with Opened(v1) as opened:
        slow, fast = (assessed(v1, way, opened) for way in ("each", "glance"))
    assert slow.findings and fast == slow


def test_what_is_wrong_with_a_counted_call_is_found(tmp_path: Path) -> None:
    """Of a field that was not looked at, too, before any result is written."""
    lines = list(itertools.islice(bench_analysis.lines(3000), 3000))
    bad = next(n for n in range(2000, 3000) if b'"data_type":"prefs"' in lines[n])
    lines[bad] = lines[bad].replace(b'"pid":', b'"pid":"x","tid":')
    bundle = Bundle.create(tmp_path / "bundle")
    bundle.log.close()
    del bundle.log
    (bundle.path / "data/events/000001.jsonl").unlink()
    (bundle.path / "data/events").rmdir()
    chained(bundle.path, *lines)
    bundle.seal(Session(app=App(package="com.example.app")))
    said: Any
    with pytest.raises(EvidenceDamaged, match="not an event: Expected `int`, got `str`") as said:
        list(read_events(bundle.path))
    with pytest.raises(EvidenceDamaged) as again:
        reanalyse(bundle.path)
    assert (again.value.message, again.value.where) == (said.value.message, said.value.where)
    assert not {"findings.jsonl", "coverage.jsonl", "report.html"} & {path.name for path in bundle.path.iterdir()}


def test_a_rule_may_ask_for_what_a_glance_does_not_show() -> None:
    """Then the call is decoded, whatever the answer is."""
    tables = (bench_analysis.declaration(), bench_analysis.load_organisations(), bench_analysis.load_sdks(), [])
    evaluation = Evaluation(load_rules(), *tables)
    calls = [call for call in map(decode, itertools.islice(bench_analysis.lines(9000), 9000)) if type(call) is ApiCall]
    asked = [call for call in calls if call.data_type == "ipc"]
    call = asked[len(asked) // 2]
    evaluation.feed(calls[: calls.index(call)])
    shown = set(Glance.__struct_fields__) - {"kind", "values"}
    glance = Glance(kind="api_call", **{name: getattr(call, name) for name in shown})
    assert evaluation.counted([glance]) is None
    kind = evaluation._met
    assert kind is not None and kind.route.early
    kind.route.early = (lambda e, c, s: e.method == "no such",)
    assert evaluation.counted([glance]) is glance and evaluation._met is kind
