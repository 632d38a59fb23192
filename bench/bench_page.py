"""The page of a session with 100,000 events: bytes, and seconds until it can be used in Chromium.

uv run python -m bench.bench_page [--events N] [--runs N]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from monitor.events import ApiCall, Event, Frame, Match, Stack, Transmission
from monitor.reports import render
from monitor.session.manifest import Session
from tests.pages import browser, opened
from tests.reports.conftest import T0, coverage, finding, make_view


def events(count: int) -> list[Event]:
    """Calls of 40 SDKs, every tenth a transmission, with a stack each a thousand."""
    made: list[Event] = []
    for n in range(1, count + 1):
        base = {"seq": n, "t": T0 + n * 6000, "err": 900, "app": "com.example.app"}
        if n % 1000 == 1:
            made.append(Stack(src="hooks:7", stack=n, frames=[Frame(cls=f"com.sdk{n}.A", method="b")], **base))
        elif n % 10 == 0:
            match = [Match(data_type="imei", form="md5", path="body.json.id", certainty="found", tag="a" * 32)]
            made.append(
                Transmission(src="proxy", flow=str(n), host=f"h{n % 50}.example", port=443, bytes=512, method="POST",
                             path=f"/c/{n}", matches=match, sdk=f"sdk{n % 40}", **base)
            )  # fmt: skip
        else:
            made.append(
                ApiCall(src="hooks:7", hook="telephony.imei", role="source", data_type="imei", cls="android.x.Y",
                        method="getImei", sig="()", outcome="value", sdk=f"sdk{n % 40}", stack=1, **base)
            )  # fmt: skip
    return made


def main() -> None:
    """Print the measurements as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    wanted = parser.parse_args()
    found = [{**finding(), "events": [n * 7 + 2, n * 7 + 3], "sdk": f"sdk{n % 40}"} for n in range(300)]
    listed = events(wanted.events)
    begun = time.perf_counter()
    session = Session(start=T0, end=T0 + wanted.events * 6000)
    data = render("html", make_view(session, listed, found, coverage()))
    rendered = time.perf_counter() - begun
    opening = []
    with tempfile.TemporaryDirectory() as place, browser() as driver:
        file = Path(place) / "report.html"
        file.write_bytes(data)
        for _ in range(wanted.runs):
            begun = time.perf_counter()
            with opened(driver, file.as_uri()) as page:
                page.page.wait_for_selector("#timeline svg")
                opening.append(round(time.perf_counter() - begun, 2))
    print(json.dumps({"events": wanted.events, "findings": len(found), "megabytes": round(len(data) / 1e6, 2),
                      "render_s": round(rendered, 2), "open_s": opening}))  # fmt: skip


if __name__ == "__main__":
    main()
