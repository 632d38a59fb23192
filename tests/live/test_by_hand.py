"""Marks of a session by hand: from keys and from the page, checked; what contradicts the taps is shown. A terminal that
nobody reads."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.rules import examples, load
from monitor.base.errors import InputError
from monitor.cli._terminal import Keyboard, Terminal
from monitor.live.server import LivePage
from monitor.live.state import Watch
from monitor.scenario.marks import Mark, Marks

SAID = [
    {"kind": "lifecycle", "at": 0, "what": "installed"},
    {
        "kind": "window", "at": 1, "title": "隐私政策", "texts": ["请阅读并同意《隐私政策》"],
        "buttons": ["同意", "不同意"],
    },
    {"kind": "tap", "at": 3, "label": "不同意", "window": 1},
    {"kind": "step", "at": 5, "verb": "consent", "state": "started"},
]  # fmt: skip


@pytest.fixture
def marks() -> Marks:
    return Marks("Li Jian")


@pytest.fixture
def page(marks: Marks) -> Iterator[LivePage]:
    with LivePage(Watch("en"), lambda _: None, marks) as served:
        yield served


def taken(marks: Marks) -> list[Mark]:
    return list(iter(lambda: marks.take(0), None))  # type: ignore[arg-type]


def post(page: LivePage, body: str, kind: str = "application/json", token: str = "") -> tuple[int, str]:
    address = urlsplit(page.address)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    path = f"/{token}/mark" if token else address.path + "mark"
    connection.request("POST", path, body.encode(), {"Content-Type": kind})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


@pytest.mark.parametrize(
    ("state", "differs"), [("granted", True), ("denied", False)], ids=["contradicts the tap", "as tapped"]
)
def test_a_mark_that_contradicts_the_tap_is_shown(state: str, differs: bool) -> None:
    raws = [*SAID, {"kind": "consent", "at": 5.1, "scope": "policy", "state": state, "via": "person"}]
    found = analyse([examples.event(raw, number) for number, raw in enumerate(raws, 1)], load.load_rules())
    assert ("consent_hint_differs" in {line.id for line in found.coverage}) == differs
    (last,) = [line for line in found.coverage if line.line == "consent" and line.state in ("granted", "denied")]
    assert last.state == state


def test_keys_make_the_marks_that_the_page_makes(marks: Marks) -> None:
    keyboard = Keyboard(marks, Terminal(Watch("en"), quiet=True))
    for character in "sYnwf附近x\x7f\re附近\rt\x1bq?":
        keyboard.press(character)
    assert [(m.what, m.state or m.name, m.begins) for m in taken(marks)] == [
        ("consent", "shown", True), ("consent", "granted", True), ("consent", "denied", True),
        ("consent", "withdrawn", True), ("function", "附近", True), ("function", "附近", False), ("end", "", True),
    ]  # fmt: skip


def test_the_page_takes_marks(page: LivePage, marks: Marks) -> None:
    assert post(page, json.dumps({"what": "consent", "state": "granted"})) == (204, "")
    assert [(m.what, m.state) for m in taken(marks)] == [("consent", "granted")]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ('{"what": "end"}', "text/plain", 415),
        ('{"what": "end"}', "application/x-www-form-urlencoded", 415),
        ("{", "application/json", 400),
        ("[" * 4000, "application/json", 400),
        ('{"what": "format the disk"}', "application/json", 400),
        ('{"what": "consent"}', "application/json", 400),
        ('{"what": "tap", "x": -1}', "application/json", 400),
        ('{"what": "note", "text": "' + "x" * 5000 + '"}', "application/json", 413),
    ],
)
def test_other_marks_are_refused(page: LivePage, marks: Marks, body: str, kind: str, status: int) -> None:
    assert post(page, body, kind)[0] == status
    assert taken(marks) == []


def test_who_does_not_know_the_address_marks_nothing(page: LivePage, marks: Marks) -> None:
    assert post(page, '{"what": "end"}', token="x")[0] == 404
    with LivePage(Watch("en"), lambda _: None) as watched:  # a session that is not by hand
        assert post(watched, '{"what": "end"}')[0] == 404
    assert taken(marks) == []


def test_marks_that_nobody_takes_are_bounded(marks: Marks) -> None:
    for _ in range(200):
        marks.add({"what": "screenshot"})
    with pytest.raises(InputError, match="too many"):
        marks.add({"what": "end"})


@pytest.mark.parametrize("via", ["person", "scenario"])
def test_a_consent_marked_where_nothing_asks_for_one_is_noted(via: str) -> None:
    """A person marks that goods were put into the basket as an agreement to the policy."""
    page = {"kind": "window", "at": 1, "title": "首页", "texts": ["推荐商品"], "buttons": ["加入购物车"]}
    tap = {"kind": "tap", "at": 3, "label": "加入购物车", "window": 1}
    said = {"kind": "consent", "at": 5.1, "scope": "policy", "state": "granted", "via": via}
    found = analyse([examples.event(raw, n) for n, raw in enumerate([SAID[0], page, tap, said], 1)], load.load_rules())
    assert "stated_unasked" in {line.id for line in found.coverage}
