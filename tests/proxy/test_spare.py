"""What the worker changes in mitmproxy changes nothing that an addon sees."""

import asyncio
import logging
import os
import signal
from pathlib import Path

import pytest
from mitmproxy import exceptions, options
from mitmproxy.master import Master
from mitmproxy.proxy.layers.http import HttpRequestHook
from mitmproxy.test import tflow

from monitor.collectors.proxy.addons import Addons

from .conftest import running


def test_a_fault_of_an_addon_is_logged_and_the_next_is_told(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []

    class Faulty:
        def request(self, flow: object) -> None:
            raise ValueError("odd")

    class Told:
        async def request(self, flow: object) -> None:
            told.append("request")

        def update(self, flows: object) -> None:
            told.append("update")

    class Last:
        def request(self, flow: object) -> None:
            raise exceptions.AddonHalt

    class Never(Told):
        pass

    async def main() -> object:
        master = Master(options.Options())
        master.addons = Addons(master)
        master.addons.add(Faulty(), Told(), Last(), Never())
        return await master.addons.handle_lifecycle(HttpRequestHook(flow))

    flow = tflow.tflow()
    with caplog.at_level(logging.ERROR):
        assert asyncio.run(main()) is flow
    assert told == ["request", "update", "update"]
    assert [record.message for record in caplog.records] == ["Addon error: odd"]


@pytest.mark.proxy
def test_the_search_ends_with_its_worker_and_the_worker_with_its_search(tmp_path: Path) -> None:
    for number, killed in enumerate(("worker", "search")):
        with running(tmp_path / killed) as bench:
            bench.curl("http://first.invalid/")
            bench.kept.wait(lambda kept: kept.sent)
            worker = bench.worker.pid
            (search,) = map(int, Path(f"/proc/{worker}/task/{worker}/children").read_text().split())
            os.kill((worker, search)[number], signal.SIGKILL)
            if killed == "search":
                bench.curl("http://second.invalid/")
                (said,) = bench.kept.wait(lambda kept: kept.health("failed"))
                assert said.detail["exit_code"] == "1"
                assert bench.kept.sent[-1].host == "second.invalid" and bench.kept.sent[-1].decoded == "no"
            bench.kept.wait(lambda _, one=(search, worker)[number]: _gone(one))


def _gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return True
