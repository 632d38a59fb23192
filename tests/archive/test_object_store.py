"""An archive in an object store: a real S3 interface in a process of its own, credentials from the environment only."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.archive.archive import Archive
from monitor.archive.sql import Tables
from monitor.archive.store import Store
from monitor.base.errors import EnvironmentFault

from .conftest import Run


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of the server; it has one bucket, named ``quarter``."""
    code = (
        "from moto.moto_server.werkzeug_app import DomainDispatcherApplication as App, create_backend_app\n"
        "from werkzeug.serving import make_server\n"
        "server = make_server('127.0.0.1', 0, App(create_backend_app), threaded=True)\n"
        "print('port', server.port, flush=True)\n"
        "server.serve_forever()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as p:
        assert p.stdout is not None
        found = re.fullmatch(r"port (\d+)\n", p.stdout.readline())
        assert found, "the server did not start"
        address = f"http://127.0.0.1:{found[1]}"
        urllib.request.urlopen(urllib.request.Request(f"{address}/quarter", method="PUT"), timeout=60).close()
        yield address
        p.kill()


@pytest.fixture
def environment(s3: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (
        ("AWS_ENDPOINT_URL", s3), ("AWS_ACCESS_KEY_ID", "testing"), ("AWS_SECRET_ACCESS_KEY", "hidden-words"),
        ("AWS_DEFAULT_REGION", "us-east-1"), ("AWS_CONFIG_FILE", str(tmp_path / "none")),
        ("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none")), ("AWS_EC2_METADATA_DISABLED", "true"),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("environment")
def test_an_archive_in_an_object_store(monitor: Run, bundle: Path, key: Path, tmp_path: Path) -> None:
    place = "s3://quarter/archive"
    done = monitor("archive", "add", place, bundle, "--key", key)
    assert done.returncode == 0, done.stderr
    assert "already" in monitor("archive", "add", place, bundle, "--key", key).stdout
    assert "example_beacon" in monitor("archive", "query", place, "early-reads").stdout
    assert monitor("archive", "verify", place).returncode == 0
    with Tables(Archive(place).parts) as tables:
        assert tables.ask("SELECT count(*), min(month) FROM sessions").rows == [(1, "2026-09")]
        assert tables.ask("SELECT count(*) > 5 FROM coverage").rows == [(True,)]
    store = Store(place)
    (name,) = store.names("bundles")
    was = store.get(name)
    assert not store.put_new(name, b"other") and store.get(name) == was  # never overwritten
    assert not store.put_new(name, key) and store.get(name) == was
    store.put(name, b"changed")
    assert monitor("archive", "verify", place).returncode == 4
    assert Archive(place).parts.join(least=1) == 0


@pytest.mark.usefixtures("environment")
def test_a_store_that_refuses(monitor: Run, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = monitor("archive", "add", "s3://no-such-bucket/archive", bundle)
    assert done.returncode == 3 and "the store refuses" in done.stderr and "hidden-words" not in done.stderr
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(EnvironmentFault, match="the store refuses"):
        Store("s3://quarter/archive").get("archive.json")
