"""Small recordings made the way the monitor makes them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monitor.events import ApiCall, Consent, Event, ValueRef
from monitor.evidence.bundle import Bundle
from monitor.evidence.log import Policy
from monitor.session.manifest import App, Session
from monitor.session.observe import RawValue

T0 = 1_790_000_000_000_000


def call(n: int, values: list[ValueRef] | None = None) -> ApiCall:
    return ApiCall(
        t=T0 + n, err=1500, src="hooks:7", app="com.example.shop", pid=7, hook="telephony.imei", role="source",
        data_type="imei", cls="android.telephony.TelephonyManager", method="getImei", sig="()Ljava/lang/String;",
        outcome="value", values=values or [],
    )  # fmt: skip


def consent(n: int) -> Event:
    return Consent(t=T0 + n, err=0, src="runner", app="com.example.shop", scope="policy", state="granted", via="tap")


@pytest.fixture(scope="session")
def _once_sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sealed(tmp_path_factory.mktemp("sealed") / "bundle")


@pytest.fixture
def sealed(_once_sealed: Path, tmp_path: Path) -> Path:
    """A sealed bundle of twelve events with a public and a private blob and attested findings: a copy of its own."""
    return Path(shutil.copytree(_once_sealed, tmp_path / "bundle"))


def make_sealed(path: Path, events: int = 12, key: Path | None = None) -> Path:
    bundle = Bundle.create(path, key, policy=Policy(checkpoint_events=events // 2 + 1))
    value = bundle.vault.redact(RawValue("imei", "490154203237518"))
    for n in range(events):
        bundle.log.append(call(n, [value]))
        if n == events // 2:
            bundle.log.flush()
    bundle.blob(b"public blob", private=False)
    bundle.blob(b"private blob", private=True)
    bundle.add_input("scenario.yaml", b"name: x\n")
    bundle.seal(Session(start=T0, end=T0 + 99, app=App(package="com.example.shop", apk_sha256="ab" * 32)))
    bundle.write("findings.jsonl", b'{"rule":"COL-01"}\n')
    bundle.write("coverage.jsonl", b"{}\n")
    bundle.write("report.html", b"<p>report</p>\n")
    bundle.attest({"COL-01.yaml": "cd" * 32}, "0.1.0", {"evidenced": 1})
    return path
