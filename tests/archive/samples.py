"""Sealed and assessed bundles of small sessions, made by the recorder's own code for events, seal and results."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.assess.evaluate import reanalyse
from monitor.events import ApiCall, Event, Frame, Health, Lifecycle, Match, Stack, Step, Tap, Transmission, Window
from monitor.evidence.bundle import Bundle
from monitor.session import manifest, observe

T0 = 1_790_000_000_000_000
QUARTER = 92 * 86_400 * 1_000_000
#: What the sample device holds: to be searched for wherever it must not be.
VALUES = {"android_id": "9f2c4e6a8b1d3f57", "imei": "867530901234567", "clipboard": "my-secret-note 4711"}


def make(
    path: Path,
    *,
    app: str = "com.example.shop",
    version: int = 1,
    start: int = T0,
    sends: bool = True,
    host: str = "collect.beacon-analytics.cn",
    key: Path | None = None,
    cls: str = "cn.beacon.analytics.Beacon",
    reads: str = "clipboard",
    apk: str = "",
    scenario: bytes = b"",
    declaration: str = "",
) -> Path:
    """A session in which a library reads (and sends) before the notice is answered. ``apk``, ``declaration``: digests
    of files; ``scenario``: its file."""
    made = Bundle.create(path, key)
    if scenario:
        made.add_input("scenario.yaml", scenario)
    values = {name: made.vault.redact(observe.RawValue(name, text)) for name, text in VALUES.items()}
    hook = {"src": "hooks:7", "app": app, "pid": 7, "err": 800}
    runner = {"src": "runner", "app": app, "err": 0}
    call = {"hook": "clipboard.get_primary", "role": "source", "cls": "android.content.ClipboardManager",
            "method": "getPrimaryClip", "sig": "()", "outcome": "value"}  # fmt: skip
    apk = apk or f"{version:064x}"
    events: list[Event] = [
        Lifecycle(t=start, what="installed", detail={"version": f"1.{version}", "sha256": apk}, **runner),
        Step(t=start, index=1, verb="launchApp", state="started", **runner),
        Health(t=start + 1000, component="hooks", what="ready", **runner),
        Lifecycle(t=start + 2000, what="process_start", process=app, **runner),
        Stack(t=start + 500_000, stack=1, frames=[Frame(cls=cls, method="start")], **hook),
        ApiCall(t=start + 500_000, data_type=reads, stack=1, call=1, values=[values["clipboard"]], **call, **hook),
        ApiCall(t=start + 510_000, data_type=reads, stack=1, call=2, **call, **hook),
        Window(t=start + 900_000, window=1, window_kind="dialog", action="shown", title="隐私政策提示",
               texts=["请阅读并同意隐私政策"], buttons=["不同意", "同意并继续"], **hook),
        Tap(t=start + 3_000_000, label="同意并继续", window=1, **hook),
        ApiCall(t=start + 4_000_000, data_type="android_id", stack=1, call=3, values=[values["android_id"]],
                **call, **hook),
    ]  # fmt: skip
    if sends:
        match = Match(data_type="android_id", form="md5", path="body.json.did", certainty="found", tag="ab" * 16)
        events.append(Transmission(t=start + 1_000_000, flow="a", host=host, port=443, bytes=90, matches=[match],
                                   src="proxy", app=app, err=1000))  # fmt: skip
    for event in events:
        made.log.append(event)
    about = manifest.App(package=app, version=f"1.{version}", version_code=version, apk_sha256=apk)
    made.seal(
        manifest.Session(
            scenario="quickstart", declaration_sha256=declaration, start=start, end=start + 9_000_000, ended="done",
            app=about, versions=manifest.Versions(monitor="0.1.0"),
            device=manifest.Device(hardware="standin", model="Stand-in", api_level=33),
        )
    )  # fmt: skip
    reanalyse(path, key=made.signer())
    return path


#: A real S3 interface: ``app`` is asked. It says its port, then serves.
STORE = """
from moto.moto_server.werkzeug_app import DomainDispatcherApplication as App, create_backend_app
from werkzeug.serving import make_server
app = inner = App(create_backend_app)
{more}
server = make_server("127.0.0.1", 0, app, threaded=True)
print("port", server.port, flush=True)
server.serve_forever()
"""


@contextmanager
def object_store(more: str = "") -> Iterator[dict[str, str]]:
    """The environment of an object store in a process of its own, with one bucket, ``quarter``."""
    words = [sys.executable, "-c", STORE.replace("{more}", more)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        found = re.fullmatch(r"port (\d+)\n", process.stdout.readline())
        assert found, "the server did not start"
        address = f"http://127.0.0.1:{found[1]}"
        urllib.request.urlopen(urllib.request.Request(f"{address}/quarter", method="PUT"), timeout=60).close()
        yield {
            "AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "hidden-words",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true",
        }  # fmt: skip
        process.kill()
