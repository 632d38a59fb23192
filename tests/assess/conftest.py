"""Bundles to assess: one recorded by an early version, and one made from a small capture."""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path

import pytest

from monitor.importing.bundle import import_bundle
from monitor.session.options import ImportOptions

HERE = Path(__file__).parent
APP = "com.example.shop"
HAR = {
    "log": {
        "version": "1.2",
        "entries": [
            {
                "startedDateTime": "2026-05-01T08:00:00Z",
                "request": {
                    "method": "POST", "url": "https://ulogs.umeng.com/unify_logs", "httpVersion": "HTTP/1.1",
                    "headers": [{"name": "Content-Type", "value": "application/json"}],
                    "postData": {"mimeType": "application/json", "text": '{"imei": "490154203237518"}'},
                },
                "response": {"status": 200, "content": {"size": 2}},
            }
        ],
    }
}  # fmt: skip


@pytest.fixture(scope="session")
def v1(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public part of a quickstart session as the version of schema 1 recorded it (read only)."""
    path = tmp_path_factory.mktemp("v1") / "bundle"
    path.mkdir()
    with tarfile.open(HERE / "v1.tar.xz") as archive:
        archive.extractall(path, filter="data")
    return path


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A capture made into a bundle, with findings of known values."""
    home = tmp_path_factory.mktemp("kept")
    (home / "x.har").write_text(json.dumps(HAR))
    (home / "ids.yaml").write_text("- {data_type: imei, value: '490154203237518'}\n")
    (home / "d.yaml").write_text("app: {package: com.example.shop}\ncollection: []\nrecipients: []\nsdks: []\n")
    options = ImportOptions(
        file=home / "x.har", app=APP, out=home / "bundle", identifiers=home / "ids.yaml", declaration=home / "d.yaml"
    )
    assert import_bundle(options).assessment.findings
    return home / "bundle"


@pytest.fixture
def bundle(recorded: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(recorded, tmp_path / "bundle"))
