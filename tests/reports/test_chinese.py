"""What a reader of the Chinese report must find: its own punctuation, one time zone, names instead of ids."""

from __future__ import annotations

import html
import re
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from monitor.analysis.consent.timelines import KeptMark, line
from monitor.assess.render import holdings
from monitor.events import Transmission
from monitor.reports._annex import electronic_data
from monitor.reports._blocks import Table
from monitor.reports._inspection import inspection
from monitor.reports._story import against
from monitor.reports._words import frequency
from monitor.session.manifest import Record

from .conftest import T0, Sample, coverage, finding, make_view, recording, render, session


def page(sample: Sample) -> str:
    """The words of the page, without markup and scripts."""
    text = render("html", *sample, "zh", root="ab" * 32).decode()
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def test_a_hook_is_called_or_not(sample: Sample) -> None:
    """A hook that nobody called is no clean result, and one that was called is no finding."""
    lines = [*coverage(), {"line": "hook", "id": "x.y", "state": "silent", "why": ""}]
    view = make_view(sample[0], sample[1], sample[2], lines, "zh")
    assert [row.state_name for row in view.covered("hook")] == ["已调用", "未调用（已监测）"]
    assert "未检出" in [row.state_name for row in view.covered("rule")]


@pytest.mark.parametrize(("offset", "zone", "at"), [(0, "UTC", "14:13:20.400"), (480, "UTC+08:00", "22:13:20.400")])
def test_one_zone(sample: Sample, offset: int, zone: str, at: str) -> None:
    """Times of day are those of the recording machine, and the page says the zone."""
    text = page((sample[0].model_copy(update={"utc_offset": offset}), *sample[1:]))
    assert at in text and f"未另行注明的时刻均为 {zone}。" in text


def test_setting_in_words(sample: Sample) -> None:
    """How traffic was captured and the app was instrumented, in words; the ID is shown as well. A verb without a name
    in the catalogue is shown as the file has it."""
    text = page(sample)
    assert "隔离应答模式" in text and "应用代码执行前注入（held）" in text and "启动应用（launchApp）" in text
    step = msgspec.structs.replace(sample[1][0], verb="conjure", label="")
    assert "1. conjure" in page((sample[0], [step, *sample[1][1:]], *sample[2:]))


@pytest.mark.parametrize(("pages", "zh"), [("without their scripts", "网页脚本不执行"), ("by X", "网页由 X 呈现")])
def test_what_ran_the_app_and_its_pages(sample: Sample, pages: str, zh: str) -> None:
    device = sample[0].device.model_copy(update={"runtime": f"HotSpot 17, x86-64, on Linux; web pages {pages}"})
    assert f"HotSpot 17，x86-64 Linux；{zh}" in page((sample[0].model_copy(update={"device": device}), *sample[1:]))


def test_the_log_in_the_list_of_data() -> None:
    """The log is listed with its number of events and the root, neither of which is a size or a digest of a file."""
    view = make_view(session().model_copy(update={"record": Record()}), recording(), [], [], "zh", root="ab" * 32)
    first = electronic_data(view)[0]
    assert first == ["1", "事件记录（共 9 条）", "日志", "JSON Lines", "见证据包清单", f"Merkle 根值：{'ab' * 32}"]


def test_every_part_of_the_bundle_is_in_the_list_of_data(tmp_path: Path) -> None:
    """Each file with its bytes and its own digest; then the manifest itself."""
    lines = {"data/events/000001.jsonl": b"{}", "data/events/000002.jsonl": b"{}{}", "data/inputs/scenario.yaml": b"a"}
    for name, content in lines.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    listed = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in lines.items()).encode()
    (tmp_path / "manifest-sha256.txt").write_bytes(listed)
    whole = sha256(listed).hexdigest()
    view = make_view(session(), recording(), [], [], "zh", root="ab" * 32, held=holdings(tmp_path))
    view.session.record.items.clear()
    assert [row[1:] for row in electronic_data(view)][:4] == [
        ["事件记录（data/events/000001.jsonl）", "文件 1 个", "jsonl", "2", sha256(b"{}").hexdigest()],
        ["事件记录（data/events/000002.jsonl）", "文件 1 个", "jsonl", "4", sha256(b"{}{}").hexdigest()],
        ["测试脚本（data/inputs/scenario.yaml）", "文件 1 个", "yaml", "1", sha256(b"a").hexdigest()],
        ["证据包清单（全部）（manifest-sha256.txt）", "文件 1 个", "txt", str(len(listed)), whole],
    ]
    assert "ab" * 32 in electronic_data(view)[4][-1]  # to which the annex on verification refers


def test_a_match_is_named_once() -> None:
    """The same type in the same place is listed once per request."""
    events = recording()
    sent = next(event for event in events if isinstance(event, Transmission))
    events[events.index(sent)] = msgspec.structs.replace(sent, matches=[*sent.matches] * 3)
    view = make_view(session(), events, [finding()], coverage(), "zh")
    cells = [cell for block in inspection(view) if isinstance(block, Table) for row in block.rows for cell in row]
    assert sum(cell.count("IMEI：body.json.id（MD5）") for cell in cells) == 1


@pytest.mark.parametrize("form", ["html", "markdown", "junit", "csv"])
def test_full_width_punctuation(sample: Sample, form: str) -> None:
    """No half-width colon, comma or semicolon follows a Chinese character."""
    text = page(sample) if form == "html" else render(form, *sample, "zh", root="ab" * 32).decode("utf-8-sig")
    found = re.findall(r".{0,12}[\u4e00-\u9fff][:;,](?:\s.{0,12}|$)", text)
    assert not found, found


@pytest.mark.parametrize(
    ("us", "en", "zh"),
    [
        (0, "3 times", "3 次"),
        (300, "3 times within 1 ms", "3 次（1 毫秒内）"),
        (40_000, "3 times within 40 ms", "3 次（40 毫秒内）"),
        (12_340_000, "3 times within 12.3 s", "3 次（12.3 秒内）"),
    ],
)
def test_a_short_time_is_not_zero(us: int, en: str, zh: str) -> None:
    item = {**finding(), "rule": "X-1", "count": 3, "first_seen": T0, "last_seen": T0 + us}
    for lang, said in (("en", en), ("zh", zh)):
        view = make_view(session(), recording(), [item], coverage(), lang)
        assert frequency(view, view.findings[0], named=False) == said


@pytest.mark.parametrize(
    ("state", "zh", "en"),
    [
        ("granted", "授予该权限后 0.500 秒（±0.0 毫秒）", "0.500 s after the permission was granted (±0.0 ms)"),
        ("denied", "拒绝授予该权限后 0.500 秒（±0.0 毫秒）", "0.500 s after the permission was refused (±0.0 ms)"),
    ],
)
def test_the_answer_to_a_system_dialog_is_no_consent(state: str, zh: str, en: str) -> None:
    """Nor is its refusal one of the privacy policy: both are told as what they are."""
    camera = "android.permission.CAMERA"
    answer = KeptMark("a", f"permission:{camera}", state, T0 + 100_000, 0, "runner", 3, True, "prompt", ())
    item = {**finding(), "data_type": "", "permission": camera, "first_seen": T0 + 600_000, "events": []}
    for lang, said in (("zh", zh), ("en", en)):
        view = make_view(session(), recording(), [item], [*coverage(), line(answer)], lang)
        assert against(view, view.findings[0]) == said


def test_what_the_laboratory_states() -> None:
    """Report number, client, laboratory and source of the sample, from the file of ``run --record``."""
    record = Record(report_no="JC-1", client="甲", laboratory="乙", source="丙", place="丁")
    view = make_view(session().model_copy(update={"record": record}), recording(), [finding()], coverage(), "zh")
    tables = [block for block in inspection(view) if isinstance(block, Table)]
    assert [row[1] for row in tables[0].rows if row[1] in ("JC-1", "甲", "乙")] == ["JC-1", "甲", "乙"]
    rows = [row for table in tables for row in table.rows]
    assert [view.t("inspection.source"), "丙"] in rows and [view.t("inspection.place"), "丁"] in rows
