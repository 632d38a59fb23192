"""The report on the walks of one exploration, and the graph of places."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from monitor.events import Decision, Event, Explored, Missed, PlaceSeen, Step, UiSnapshot
from monitor.reports import Log, View, render, walks
from monitor.reports._places import graph
from monitor.text.reasons import Coverage
from tests.reports.conftest import HOSTILE, T0, finding, session

BASE: dict[str, Any] = {"err": 0, "src": "runner", "app": "com.example.shop"}


def walked(word: str = "", why: str = "login_wall") -> list[Event]:
    """Two places and a tap between them; what was not reached."""

    def step(seq: int, at: int, label: str) -> Step:
        return Step(seq=seq, t=T0 + at, index=seq, verb="tapOn", state="ok", label=label, **BASE)

    return [
        UiSnapshot(seq=1, t=T0, name="explore", sizes={"同意": [0, 100, 1080, 300]}, **BASE),
        PlaceSeen(seq=2, t=T0, place="a", activity=f"x.Home{word}", title=f"首页{word}", controls=2, **BASE),
        Decision(seq=3, t=T0 + 10, step=1, place="a", verb="tapOn", control=f"我的{word}", **BASE),
        step(4, 10, f"我的{word}"),
        PlaceSeen(seq=5, t=T0 + 20, place="b", activity="x.Mine", controls=1, **BASE),
        Decision(seq=6, t=T0 + 30, step=2, place="b", verb="back", **BASE),
        step(7, 900_000, "后来"),
        Explored(
            seq=8, t=T0 + 40, why="steps", steps=2, places=2, withdrawal="not_found", activities_reached=["x.Home"],
            activities_missed=[Missed(name=f"x.Paid{word}", why=why)], activities_missed_total=1,
            controls_missed=[Missed(place="a", label=word, why="risky")], controls_missed_total=1, **BASE,
        ),
    ]  # fmt: skip


def view(found: list[dict[str, Any]], *lines: tuple[str, str], lang: str = "en", word: str = "") -> View:
    covering = [Coverage(line="rule", id=rule, state=state, why="") for rule, state in lines]
    return View(session(), Log(walked(word)), found, covering, lang)


def test_each_rule_is_that_of_the_session_in_which_it_fares_worst() -> None:
    early = finding() | {"status": "review", "first_seen": T0 + 35}
    late = finding() | {"first_seen": T0 + 35, "count": 9}
    other = finding() | {"data_type": "android_id", "status": "review"}
    found = walks.document({
        "refuse": view([early, other], ("COL-01", "fired"), ("COL-05", "not_exercised"), ("COL-03", "silent")),
        "accept": view([late], ("COL-01", "fired"), ("COL-05", "silent"), ("COL-03", "not_observable")),
    })  # fmt: skip
    rules = {one["rule"]: one for one in found["rules"]}
    worst = rules["COL-01"]
    assert (worst["variant"], worst["verdict"]) == ("accept", "evidenced") and found["rules"][0] is worst
    assert [(one["variant"], one["status"]) for one in worst["findings"]] == [
        ("accept", "evidenced"), ("refuse", "review"),
    ]  # fmt: skip
    assert [step for step in worst["steps"] if "我的" in step] and not [s for s in worst["steps"] if "后来" in s]
    # A rule that one session tested was tested.
    assert (rules["COL-05"]["verdict"], rules["COL-05"]["variant"]) == ("silent", "accept")
    assert rules["COL-05"]["verdicts"] == {"refuse": "not_exercised", "accept": "silent"}
    assert (rules["COL-03"]["verdict"], rules["COL-03"]["variant"]) == ("silent", "refuse")
    assert found["verdicts"]["silent"] == 2 and found["walks"][0]["activities_missed"][0]["why"] == "login_wall"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_was_not_reached_is_said_with_its_reason(lang: str) -> None:
    (walk,) = walks.document({"withdraw": view([], lang=lang)})["walks"]
    said = " ".join([walk["said"], *walk["missed"]])
    for word in {"en": ("behind a log-in", "risky", "consent was found until then", "Paid", "2 steps"),
                 "zh": ("需登录", "有风险", "遍历未完成", "Paid", "2 步")}[lang]:  # fmt: skip
        assert word in said


def test_hostile_names_do_nothing_on_the_page() -> None:
    views = {"refuse": view([finding(HOSTILE) | {"first_seen": T0 + 35}], ("COL-01", "fired"), word=HOSTILE)}
    found = walks.document(views)
    page, data = walks.page(found, views).decode(), walks.data(found)
    assert "<script" not in page and "<img" not in page and "\u202e" not in page and "\x1b" not in page
    assert json.loads(data)["walks"][0]["why"] == "steps" and b"\x1b" not in data


def test_places_are_drawn_with_the_taps_between_them_and_what_fired_there() -> None:
    shown = view([finding() | {"first_seen": T0 + 15}, finding() | {"first_seen": T0 + 35, "rule": "COL-03"}])
    svg = ElementTree.fromstring(str(graph(shown)))
    groups = svg.findall("g")
    texts = [["".join(text.itertext()) for text in group.iter("text")] for group in groups]
    assert "COL-01" in texts[0][-1] and "COL-03" in texts[1][-1] and "首页" in "".join(texts[0])
    assert [line.findtext("title") for line in svg.findall("path")] == ["我的"]
    assert len([rect for rect in groups[0].iter("rect") if rect.get("class") == "control"]) == 1
    assert 'id="places"' in render("html", shown).decode()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_whatever_the_page_leads_to_is_there(tmp_path: Path, lang: str) -> None:
    """Each link leads to an element of a page on disk; nothing is shown that only a session's own page has."""
    found = [finding() | {"first_seen": T0 + 15}, finding() | {"first_seen": T0 + 35, "rule": "COL-03"}]
    lines = ("COL-01", "fired"), ("COL-03", "fired")
    views = {name: view(found, *lines, lang=lang) for name in ("refuse", "accept")}
    for name, one in views.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.html").write_bytes(render("html", one))
    text = walks.page(walks.document(views), views).decode()
    (tmp_path / "report.html").write_text(text, "utf-8")
    links = re.findall(r'(?:href|src)="([^"]*)"', text)
    assert {"refuse/report.html#shot-1", "accept/report.html#f1", "accept/report.html"} <= {*links}
    assert "data-shot" not in text and "<image" not in text
    for file, _, place in (link.partition("#") for link in links if link != "data:,"):
        page = tmp_path / (file or "report.html")
        assert page.is_file() and (not place or f'id="{place}"' in page.read_text("utf-8")), (file, place)


@pytest.mark.parametrize(("lang", "said"), [
    ("en", ("2 of 3 variants were walked. 3 rules", "evidenced 1", "for review 1", "not exercised 1",
            "1 activity was not reached: behind a log-in 1", "risky: not touched 1", "COL-01", "refused", "我的")),
    ("zh", ("共 3 种应答方式，已遍历 2 种。3 条规则", "检出 1", "待复核 1", "未检测 1",
            "未到达的 Activity 1 个：需登录 1", "有风险，未触碰 1", "COL-01", "拒绝", "我的")),
])  # fmt: skip
def test_the_conclusion_says_what_came_of_it(lang: str, said: tuple[str, ...]) -> None:
    found = [finding() | {"first_seen": T0 + 35}]
    doubt = [finding() | {"rule": "COL-03", "status": "review", "first_seen": T0 + 35}]
    untested = ("COL-05", "not_exercised")
    document = walks.document({
        "refuse": view(found, ("COL-01", "fired"), untested, lang=lang),
        "accept": view(doubt, ("COL-03", "fired"), untested, lang=lang),
    }, {"withdraw": "x"})  # fmt: skip
    for words in said:
        assert words in " ".join(document["conclusion"]), document["conclusion"]
    assert "COL-03" not in " ".join(document["conclusion"])  # it is for review


def test_a_session_without_a_walk_has_no_graph() -> None:
    shown = View(session(), Log([]), [], [], "en")
    assert graph(shown) == "" and 'id="places"' not in render("html", shown).decode()
    assert walks.document({"refuse": shown})["walks"][0]["missed"] == []


def test_what_is_cut_is_counted() -> None:
    events = [one for one in walked() if not isinstance(one, Explored | PlaceSeen)]
    events += [PlaceSeen(seq=n, t=T0 + n, place=f"p{n}", activity="x.A", **BASE) for n in range(10, 330)]
    listed = [Missed(place="a", label="x", why="risky")] * 3
    events.append(
        Explored(
            seq=900, t=T0 + 900, why="steps", controls_missed=listed, controls_missed_total=50,
            activities_missed=[Missed(name="x.A", why="budget")], activities_missed_total=9,
            rows_missed=["log.i"] * 200, rows_missed_total=250, **BASE,
        )
    )  # fmt: skip
    shown = View(session(), Log(events), [], [], "en")
    assert str(graph(shown)).count("<g ") == 300 and "20 more" in graph(shown)
    (walk,) = walks.document({"refuse": shown})["walks"]
    assert "47 more" in walk["missed"][0] and "8 more" in walk["missed"][1]
    assert walk["missed"][2].startswith("250 APIs") and walk["rows_missed_total"] == 250
