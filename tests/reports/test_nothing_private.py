"""Private values planted wherever an app can write: none is in any public file, in any report, or on the terminal."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import urllib.parse
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.assess.evaluate import reanalyse
from monitor.assess.handover import redact
from monitor.events import (
    ApiCall,
    Connection,
    Event,
    Frame,
    Health,
    Lifecycle,
    Match,
    Stack,
    Step,
    Tap,
    TlsFailure,
    Transmission,
    UiSnapshot,
    Window,
)
from monitor.evidence import bag
from monitor.evidence.bundle import Bundle
from monitor.evidence.standalone import verify
from monitor.record.bus import Bus
from monitor.reports import formats
from monitor.session.manifest import App, Device, Session
from monitor.session.observe import RawValue
from tests import command
from tests.documents import pdf_pages

APP = "com.example.shop"
T0 = 1_790_000_000_000_000
PHONE, IMEI, TOKEN = "13912345678", "863301048722415", "tk_9f8Q2xLr7VbN4mZs"
NAME, ADDRESS, POSITION = "欧阳若兰", "杭州市西湖区文三路478号6幢302室", "30.274085,120.155070"
VALUES = {
    "phone_no": PHONE, "imei": IMEI, "account_pi": TOKEN, "contacts": NAME, "form": ADDRESS, "location": POSITION,
}  # fmt: skip
FORMATS = sorted(formats())


def dresses(value: str) -> Iterator[str]:
    """The value as a reader or a reader's program would recognise it."""
    raw = value.encode()
    yield from (value, raw.hex(), base64.b64encode(raw).decode().rstrip("="), urllib.parse.quote(value, safe=""))
    yield from (json.dumps(value)[1:-1], html.escape(value), "".join(f"&#{ord(c)};" for c in value))
    if value.isdigit():
        yield f"{value[:3]}-{value[3:7]}-{value[7:]}"
        yield f"{value[:3]}****{value[-4:]}"


def _observed() -> list[Event]:
    """A session in which the app writes the values into every text of its own, each time dressed differently."""
    hook = {"src": "hooks:7", "app": APP, "pid": 7, "err": 800}
    host = {"src": "runner", "app": APP, "err": 0}
    proxy = {"src": "proxy", "app": APP, "err": 1000}
    read = {"hook": "telephony.imei", "role": "source", "cls": "android.telephony.TelephonyManager", "sig": "()",
            "outcome": "value", "method": "getImei"}  # fmt: skip
    events: list[Event] = [
        Health(t=T0 + 1000, component="hooks", what="ready", **host),
        Lifecycle(t=T0 + 2000, what="process_start", process=APP, **host),
        Stack(t=T0 + 500_000, stack=1, **hook, frames=[
            Frame(cls="android.telephony.TelephonyManager", method="getImei"),
            Frame(cls="cn.beacon.analytics.Beacon", method="start", file=f"{IMEI}.java", line=35)]),
        ApiCall(t=T0 + 500_000, data_type="imei", stack=1, call=1, args={"key": PHONE}, **read, **hook),
        Connection(t=T0 + 4_900_000, address="192.0.2.1", port=443, local_port=4001, stack=1, **hook),
    ]  # fmt: skip
    at = T0 + 600_000
    for value in VALUES.values():
        label = re.sub(r"[^0-9a-z]", "", value.lower()) or "x"
        for number, text in enumerate(dresses(value)):
            at += 10_000
            events += [
                Step(t=at, index=1, verb="inputText", state="ok", label=f"输入 {text}", **host),
                Window(t=at, window=number + 1, window_kind="dialog", action="shown", title=f"您好，{text}",
                       texts=[f"请阅读并同意隐私政策 {text}", text],
                       buttons=["不同意", "同意并继续", text], links=[text],
                       **hook),
                Tap(t=at + 1000, label=text, window=number + 1, **hook),
                Transmission(t=at + 2000, flow=f"f{number}", host=f"{label}.beacon-analytics.cn", port=443,
                             client_port=4001, bytes=len(text), method=text[:40], path=f"/u/{text}",
                             content_type=f"text/{text}", reason=text,
                             matches=[Match(data_type="imei", form="plain", path=f"body.json.{text}",
                                            certainty="found", tag="ab" * 16)], **proxy),
                TlsFailure(t=at + 3000, sni=f"{label}.pin.example", host=f"{label}.pin.example", port=443,
                           client_port=9, alert=text, reading="pinning", **proxy),
                UiSnapshot(t=at + 4000, name=text, texts=[text], buttons=[text], focus=text,
                           sizes={text: [0, 0, 9, 9]}, **host),
                Health(t=at + 5000, component="hooks", what="lost", n=1, detail={"why": text}, **host),
            ]  # fmt: skip
    return events


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recorded, sealed and assessed as a session is."""
    path = tmp_path_factory.mktemp("planted") / "bundle"
    bundle = Bundle.create(path)
    faults: list[Exception] = []
    bus = Bus(
        app=APP, log=bundle.log, vault=bundle.vault, on_fault=faults.append,
        keep=lambda data, private: bundle.blob(data, private=private),
    )  # fmt: skip
    values = [RawValue(data_type, text) for data_type, text in VALUES.items()]
    bus.register_values(values[:2])
    bus.start()
    first, *rest = _observed()
    bus.emit(first)
    for value in values[2:]:
        call = ApiCall(
            t=T0 + 1500, err=0, src="hooks:7", app=APP, pid=7, data_type=value.data_type, hook="x.y", role="source",
            cls="android.x.Y", method="get", sig="()", outcome="value",
        )  # fmt: skip
        bus.emit(call, [value])
    for event in rest:
        bus.emit(event)
    bus.close()
    assert not faults
    session = Session(scenario="quickstart", start=T0, end=T0 + 9_000_000, app=App(package=APP, version="1.2.0"))
    session.device = Device(model="stand-in")
    session.counters = dict(bus.counts)
    bundle.seal(session)
    reanalyse(path, ("cn", "gdpr"), lang="zh", key=bundle.signer())
    return path


def readable(data: bytes) -> str:
    """Everything in a file that a reader can see: of an archive its parts, of a PDF its pages."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if data.startswith(b"%PDF"):
        return "\n".join(pdf_pages(data))
    return data.decode("utf-8", "replace")


def planted(text: str) -> list[str]:
    """The planted values that can be read in a text, in any dress; line breaks of a layout do not hide one."""
    joined = re.sub(r"\s+", "", text)
    return [d for value in VALUES.values() for d in dresses(value) if d in text or re.sub(r"\s+", "", d) in joined]


def test_the_search_finds_what_is_there(recorded: Path) -> None:
    """The values are where they belong, and the search sees each of them."""
    openings = (recorded / "private/disclosures.jsonl").read_text()
    opened = [base64.urlsafe_b64decode(json.loads(line)["disclosure"] + "==") for line in openings.splitlines()]
    assert {json.loads(item)[2] for item in opened} == set(VALUES.values())
    for value in VALUES.values():
        for dress in dresses(value):
            assert planted(f"<b>{dress}</b>"), dress


def test_no_public_file(recorded: Path, tmp_path: Path) -> None:
    """Nor a copy for others, which could not be made otherwise."""
    names = [n for n in sorted(verify.FILES) if (recorded / n).is_file()] + list(bag.files(recorded, "data"))
    assert len(names) > 8
    for name in names:
        assert not planted(readable((recorded / name).read_bytes())), name
    redact(recorded, tmp_path / "copy")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("form", FORMATS)
def test_no_report(recorded: Path, tmp_path: Path, form: str, lang: str) -> None:
    out = tmp_path / "report"
    done = command.run("report", recorded, "--format", form, "-o", out, "--lang", lang, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = readable(out.read_bytes())
    assert len(text) > 100 and not planted(text + done.stdout + done.stderr)


def test_no_terminal(recorded: Path, tmp_path: Path) -> None:
    """Nor in what commands print about it, for people and for programs."""
    finding = json.loads((recorded / "findings.jsonl").read_text("utf-8").splitlines()[0])["fingerprint"]
    commands: list[tuple[object, ...]] = [
        ("findings", recorded), ("findings", recorded, "--json"), ("events", recorded, "--all"),
        ("events", recorded, "--all", "--json"),
        ("coverage", recorded), ("coverage", recorded, "--json"), ("verify", recorded), ("consent", "list", recorded),
        ("explain", finding, "--bundle", recorded), ("prove", recorded, 9), ("diff", recorded, recorded),
        ("declaration", "init", recorded), ("analyse", recorded),
    ]  # fmt: skip
    for words in commands:
        for lang in ("en", "zh"):
            extra = () if words[0] in ("declaration", "events", "prove") else ("--lang", lang)
            done = command.run(*words, *extra, cwd=tmp_path, LC_ALL=f"{lang}.UTF-8", COLUMNS="400")
            assert done.returncode in (0, 1), (words, done.stderr)
            assert not planted(done.stdout + done.stderr), words
