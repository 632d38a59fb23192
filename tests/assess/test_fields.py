"""The fields of bodies in a HAR: listed from the private part alone, and no known value among their names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from monitor.assess.render import render_bundle
from monitor.importing.bundle import import_bundle
from monitor.session.options import ImportOptions
from tests import command

APP, IMEI = "com.example.shop", "490154203237518"
BODY = {"id": IMEI, "model": "x", "zhangwei": {"since": 1}, "friends": {"ZhangWei": 2}, f"k{IMEI}": 3, "王小明": 4}
SHOWN = ["body.json.id", "body.json.model", "body.json.….since", "body.json.friends.…", "body.json.k…", "body.json…"]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A capture whose bodies have known values among the names of their fields; one is an ordinary word by its form."""
    home = tmp_path_factory.mktemp("fields")
    sent = {
        "method": "POST", "url": "https://ulogs.umeng.com/x", "httpVersion": "HTTP/1.1", "headers": [],
        "postData": {"mimeType": "application/json", "text": json.dumps(BODY)},
    }  # fmt: skip
    entry = {"startedDateTime": "2026-05-01T08:00:00Z", "request": sent, "response": {"status": 200}}
    (home / "x.har").write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}))
    (home / "ids.yaml").write_text(
        f"- {{data_type: imei, value: '{IMEI}'}}\n- {{data_type: contacts, value: zhangwei}}\n"
    )
    import_bundle(ImportOptions(file=home / "x.har", app=APP, out=home / "bundle", identifiers=home / "ids.yaml"))
    return home / "bundle"


def _names(har: bytes) -> list[str]:
    assert IMEI.encode() not in har and b"zhangwei" not in har.lower()
    (entry,) = json.loads(har)["log"]["entries"]
    return [field["name"] for field in entry["request"]["postData"]["params"]]


def test_fields_are_listed_without_known_values(bundle: Path) -> None:
    assert _names(render_bundle("har", bundle, "en", fields=True)) == SHOWN


def test_only_what_was_found_without_the_switch_or_the_private_part(bundle: Path, tmp_path: Path) -> None:
    """Whether screens are asked for makes no difference."""
    found = ["body.json.id"]
    assert _names(render_bundle("har", bundle, "en", screenshots=True)) == found
    public = tmp_path / "public"
    shutil.copytree(bundle, public, ignore=shutil.ignore_patterns("private"))
    assert _names(render_bundle("har", public, "en", fields=True)) == found


@pytest.mark.parametrize("switch", ["--no-fields", "--no-screenshots"])
def test_the_command_has_a_switch_of_its_own(bundle: Path, tmp_path: Path, switch: str) -> None:
    out = tmp_path / "out.har"
    done = command.run("report", bundle, "--format", "har", "-o", out, switch, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert _names(out.read_bytes()) == (SHOWN[:1] if switch == "--no-fields" else SHOWN)
