"""An archive in an object store: a real S3 interface in a process of its own, credentials from the environment only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.archive import archive, sql
from monitor.archive.store import Store
from monitor.base.errors import EnvironmentFault

from .conftest import Run
from .samples import object_store


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, str]]:
    with object_store() as environment:
        yield environment


@pytest.fixture
def environment(s3: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("environment")
def test_an_archive_in_an_object_store(monitor: Run, bundle: Path, key: Path, tmp_path: Path) -> None:
    place = "s3://quarter/archive"
    done = monitor("archive", "add", place, bundle, "--key", key)
    assert done.returncode == 0, done.stderr
    assert "already" in monitor("archive", "add", place, bundle, "--key", key).stdout
    assert "example_beacon" in monitor("archive", "query", place, "early-reads").stdout
    assert monitor("archive", "verify", place).returncode == 0
    with sql.Tables(archive.Archive(place).parts) as tables:
        assert tables.ask("SELECT count(*), min(month) FROM sessions").rows == [(1, "2026-09")]
        assert tables.ask("SELECT count(*) > 5 FROM coverage").rows == [(True,)]
    store = Store(place)
    (name,) = store.names("bundles")
    was = store.get(name)
    assert not store.put_new(name, b"other") and store.get(name) == was  # never overwritten
    assert not store.put_new(name, key) and store.get(name) == was
    store.put(name, b"changed")
    assert monitor("archive", "verify", place).returncode == 4
    assert archive.Archive(place).parts.join(least=1) == 0


@pytest.mark.usefixtures("environment")
def test_a_store_that_refuses(monitor: Run, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = monitor("archive", "add", "s3://no-such-bucket/archive", bundle)
    assert done.returncode == 3 and "the store refuses" in done.stderr and "hidden-words" not in done.stderr
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(EnvironmentFault, match="the store refuses"):
        Store("s3://quarter/archive").get("archive.json")
