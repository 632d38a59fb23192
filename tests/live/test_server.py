"""The page that follows a session: served on this machine only, to those who know its address."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.live import server
from monitor.live.server import LivePage
from monitor.live.state import Watch
from tests.reports.conftest import recording

PNG = b"\x89PNG\r\n\x1a\nxyz"
PATIENCE_S = 60


@pytest.fixture
def watch() -> Watch:
    return Watch("en")


@pytest.fixture
def page(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> Iterator[LivePage]:
    monkeypatch.setattr(server, "_EVERY_S", 0.05)
    with LivePage(watch, lambda digest: PNG if digest == "c" * 64 else None) as served:
        yield served


def get(page: LivePage, path: str = "", host: str = "") -> http.client.HTTPResponse:
    """The answer to a path after the token; ``host`` is the host name that the client sends."""
    address = urlsplit(page.address)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=PATIENCE_S)
    connection.request(
        "GET", address.path + path if not path.startswith("/") else path, headers={"Host": host or address.netloc}
    )
    return connection.getresponse()


def events(answer: http.client.HTTPResponse) -> Iterator[tuple[str, str]]:
    """Name and data of each server-sent event."""
    name = ""
    while line := answer.readline().decode().rstrip("\r\n") or " ":
        if line.startswith("event:"):
            name = line.removeprefix("event:").strip()
        elif line.startswith("data:"):
            yield name, line.removeprefix("data:").strip()
            if name == "end":
                return


def gone(one: socket.socket) -> bool:
    """Whether the page has closed a connection."""
    with contextlib.suppress(BlockingIOError):
        try:
            return one.recv(1) == b""
        except ConnectionResetError:
            return True
    return False


def test_connections_that_ask_for_nothing_keep_nobody_out(page: LivePage) -> None:
    """Whoever is on the machine can connect: only so many at a time are kept, and the page is served all the same."""
    address = (page._socket.getsockname()[0], page._socket.getsockname()[1])
    stream = events(get(page, "state"))
    next(stream)
    held: list[socket.socket] = []
    for number in range(1, 4):
        held += [socket.create_connection(address, PATIENCE_S) for _ in range(server._MOST)]
        for one in held[: server._MOST * (number - 1)]:
            one.settimeout(PATIENCE_S)
            assert gone(one)  # they made room, the oldest first
        assert get(page).status == 200
        assert next(stream)[0] == "state"  # and who looks goes on looking
    for one in held:
        one.close()


def test_who_asks_for_nothing_of_the_page_is_not_kept(page: LivePage) -> None:
    answer = get(page, "/x/")
    assert answer.status == 404 and answer.getheader("Connection") == "close"


def test_a_connection_that_asks_for_nothing_is_closed(page: LivePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_ASK_S", 0.1)
    with socket.create_connection(page._socket.getsockname()[:2], PATIENCE_S) as one:
        one.sendall(b"GET /")
        with contextlib.suppress(ConnectionResetError):
            assert one.recv(1) == b""


def test_it_listens_on_this_machine_only(page: LivePage) -> None:
    assert page._socket.getsockname()[0] == "127.0.0.1"
    assert get(page).status == 200


@pytest.mark.parametrize("path", ["/", "/x/", "/x/state", "/x/report", "/x/screen/" + "c" * 64])
def test_who_does_not_know_the_address_gets_nothing(page: LivePage, watch: Watch, path: str) -> None:
    for event in recording():
        watch.event(event)
    answer = get(page, path)
    assert answer.status == 404 and b"Session" not in answer.read()


def test_another_name_for_this_machine_is_refused(page: LivePage) -> None:
    """As a page elsewhere would, whose host name resolves to this machine."""
    assert get(page, host="evil.example").status == 400


def test_two_pages_have_two_addresses(watch: Watch) -> None:
    with LivePage(watch, lambda _: None) as one, LivePage(watch, lambda _: None) as other:
        assert one.address.rsplit("/", 2)[1] != other.address.rsplit("/", 2)[1]
        assert len(one.address.rsplit("/", 2)[1]) >= 30


def test_the_page_runs_its_own_script_only(page: LivePage) -> None:
    answer = get(page)
    policy = answer.getheader("Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    assert not re.search(r"(src|href)=(?!\"data:)", answer.read().decode())


def test_screens_that_the_session_took_are_given_and_nothing_else(page: LivePage, watch: Watch) -> None:
    assert get(page, "screen/" + "c" * 64).status == 404
    for event in recording():
        watch.event(event)
    answer = get(page, "screen/" + "c" * 64)
    assert (answer.status, answer.getheader("Content-Type"), answer.read()) == (200, "image/png", PNG)
    assert get(page, "screen/" + "d" * 64).status == 404


def test_it_follows_the_session_and_becomes_the_report(page: LivePage, watch: Watch, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    report.write_text("<p>the report</p>", "utf-8")
    assert get(page, "report").status == 404
    stream = events(get(page, "state"))
    assert json.loads(next(stream)[1])["events"] == 0
    for event in recording():
        watch.event(event)
    while json.loads(next(stream)[1])["events"] != len(recording()):
        pass
    closing = threading.Thread(target=page.close, args=(report,))
    closing.start()
    assert [name for name, _ in stream][-1] == "end"
    assert closing.is_alive()  # it waits for this one to go on to the report
    assert get(page, "report").read() == report.read_bytes()
    closing.join(PATIENCE_S)
    assert not closing.is_alive()


def test_the_end_waits_for_no_viewer(watch: Watch, tmp_path: Path) -> None:
    with LivePage(watch, lambda _: None) as page:
        get(page).read()
        page.close(tmp_path / "report.html")
        with pytest.raises(ConnectionError):
            get(page)


def test_who_reads_nothing_holds_up_nothing(page: LivePage, watch: Watch) -> None:
    """Connections that request and never read do not affect the session."""
    address = urlsplit(page.address)
    held = [socket.create_connection((str(address.hostname), address.port)) for _ in range(20)]
    for one in held:
        one.sendall(f"GET {address.path}state HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
    for event in recording() * 500:
        watch.event(event)
    assert watch.snapshot()["events"] == 500 * len(recording())
    for one in held:
        one.close()
    assert get(page).status == 200
