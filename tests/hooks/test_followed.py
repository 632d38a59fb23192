"""What an app makes of a value is followed, way by way, on both runtimes; what misses narrowly is not."""

import json
from pathlib import Path

import pytest

from monitor.base.yamlfile import load
from monitor.content import Searcher
from monitor.content.decode import Message, decode
from monitor.events import ApiCall, ValueRef
from monitor.knowledge.catalogue import load_catalogue
from monitor.record.transforms import Transforms
from monitor.session.observe import RawValue
from tests.hooks.support import APP, Jvms, Memory, hooked
from tests.runtimes import RUNTIMES

pytestmark = [pytest.mark.jvm, pytest.mark.parametrize("runtime", RUNTIMES)]
IMEI = "490154203237518"
MISS = "490154203237519"
REF = ValueRef(data_type="imei", tag="t", commit="c", size=15)
WAYS = {way: row["form"] for way, row in load(Path(__file__).parents[1] / "followed.yaml")["calls"].items()}
#: Ways whose result does not hold the value: it went in before they began anew, or after they were copied.
GIVEN_UP = ("digest_given_up", "cipher_again", "hmac_again", "copy_without")


class Following(Memory):
    """A sink that follows what is transformed, as the bus does."""

    def __init__(self) -> None:
        super().__init__()
        self.transforms = Transforms(APP)
        self.transforms.register([RawValue("imei", IMEI)], [REF])
        self.searcher = Searcher(APP)

    def emit(self, event: object, values: object = ()) -> None:
        super().emit(event, values)  # type: ignore[arg-type]
        if isinstance(event, ApiCall) and event.role == "transform" and values:
            self.searcher.add(self.transforms.made(event, list(values)).needles)  # type: ignore[call-overload]

    def found(self, sent: str) -> set[str]:
        body = json.dumps({"v": sent}).encode()
        return {m.form for m in self.searcher.search(decode(Message(body=body))) if m.certainty == "found"}


@pytest.mark.parametrize("eager", [0, 1000], ids=["below", "script"])
def test_each_way_is_followed_and_its_near_miss_is_not(jvm: Jvms, eager: int, runtime: str) -> None:
    sink = Following()
    rows = [row for row in load_catalogue() if row.family == "transforms" and row.data_type == "crypto"]
    app = jvm()
    sent: dict[tuple[str, str], str] = {}
    with hooked(app, sink, rows, rate=0, eager=eager):
        for _ in range(3):  # the third is one of stacks that are known
            for way in [*WAYS, *GIVEN_UP]:
                for value in (MISS, IMEI):
                    (sent[way, value],) = app.do(f"transform {way} {value}")
    assert {way: sink.found(sent[way, IMEI]) for way in WAYS} == {way: {form} for way, form in WAYS.items()}
    assert {way: sink.found(sent[way, MISS]) for way in WAYS} == {way: set() for way in WAYS}
    assert {way: sink.found(sent[way, IMEI]) for way in GIVEN_UP} == {way: set() for way in GIVEN_UP}
    assert not sink.health("lost") and not sink.health("failed")


@pytest.mark.parametrize("eager", [0, 1000], ids=["below", "script"])
def test_of_more_objects_at_once_than_are_followed_no_input_is_made_up(jvm: Jvms, eager: int, runtime: str) -> None:
    """Those that had to make room are counted as faults, also where more goes in afterwards; the others have the input
    that went in."""
    rows = [row for row in load_catalogue() if row.id in ("digest.digest", "message_digest.update")]
    app = jvm()
    for way, more in (("digest_crowd", ""), ("digest_crowd_in_parts", "pepper-and-salt:")):
        sink = Memory()
        with hooked(app, sink, rows, rate=0, credits=10_000, eager=eager):
            app.do(f"transform {way} {IMEI}")
        calls = [call for call in sink.calls("digest.digest") if not call.aggregated]
        assert {call.args["input"] for call in calls} == {str(len(IMEI + more))}
        (lost,) = [health.n for health in sink.health("lost")]
        assert 500 < len(calls) <= 2048 and len(calls) + lost == 4000
