"""Manifests in Android's binary form, made here; and the files of split apps."""

import struct
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.base.errors import InputError
from monitor.device import parse
from monitor.device.appfiles import kind, unpack
from monitor.device.parse.manifest import Manifest, manifest

IDS = {"name": 0x01010003, "process": 0x01010011}


def binary(
    *tags: tuple[str, Mapping[str | int, str] | Mapping[str, str]],
    utf8: bool = False,
    ids: Iterable[tuple[str, int]] = IDS.items(),
) -> bytes:
    """Start tags as aapt2 writes them: attribute names with a resource ID first, all values text. An attribute is said
    by its name, or by the place of its name and ID in ``ids``."""
    known, numbers = zip(*ids, strict=True)
    said = {w for name, attrs in tags for w in (name, *attrs, *attrs.values()) if isinstance(w, str)}
    words = [*known, *sorted(said - set(known))]
    texts, offsets = b"", []
    for word in words:
        offsets.append(len(texts))
        data = word.encode("utf-8" if utf8 else "utf-16-le")
        size = bytes([len(word), len(data)]) if utf8 else struct.pack("<H", len(word))
        texts += size + data + (b"\0" if utf8 else b"\0\0")
    texts += bytes(-len(texts) % 4)
    start = 28 + 4 * len(words)
    head = struct.pack("<HHIIIIII", 1, 28, start + len(texts), len(words), 0, 256 if utf8 else 0, start, 0)
    body = head + struct.pack(f"<{len(words)}I", *offsets) + texts
    body += struct.pack(f"<HHI{len(numbers)}I", 0x0180, 8, 8 + 4 * len(numbers), *numbers)
    for name, attrs in tags:
        rows = b"".join(
            struct.pack("<iIiHBBI", -1, key, value, 8, 0, 3, value)
            for key, value in ((k if isinstance(k, int) else words.index(k), words.index(v)) for k, v in attrs.items())
        )
        rest = struct.pack("<IIiIHHHHHH", 1, 0xFFFFFFFF, -1, words.index(name), 20, 20, len(attrs), 0, 0, 0)
        body += struct.pack("<HHI", 0x0102, 16, 8 + len(rest) + len(rows)) + rest + rows
    return struct.pack("<HHI", 3, 8, 8 + len(body)) + body


APP = (
    ("manifest", {"package": "com.example.app"}),
    ("application", {"name": ".App"}),
    ("service", {"name": ".Push", "process": ":push"}),
    ("activity", {"name": ".Other", "process": "com.example.other"}),
    ("meta-data", {"name": ":not_a_process"}),
)


def apk(path: Path, data: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("AndroidManifest.xml", data)
    return path


@pytest.mark.parametrize("utf8", [True, False])
def test_package_and_processes_are_read_by_their_places(tmp_path: Path, utf8: bool) -> None:
    """A string that only looks like a process name is not one."""
    found = manifest(apk(tmp_path / "a.apk", binary(*APP, utf8=utf8)))
    assert found == Manifest(
        "com.example.app", "", ("com.example.app:push", "com.example.other"), ("com.example.app.App",)
    )


@given(st.binary(max_size=400))
def test_noise_is_refused_or_read_never_more(noise: bytes) -> None:
    for data in (noise, binary(*APP)[: len(noise) * 3] + noise):
        try:
            list(parse.manifest.start_tags(data))
        except ValueError:
            continue


def container(path: Path, **splits: str) -> Path:
    """File name to name of split; the base has an empty one."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, split in splits.items():
            inner = apk(
                path.parent / "inner",
                binary(("manifest", {"package": "com.a.b"} | ({"split": split} if split else {}))),
            )
            archive.write(inner, f"{name}.apk")
    return path


def test_the_splits_of_the_devices_processor_are_taken(tmp_path: Path) -> None:
    file = container(tmp_path / "x.apks", base="", arm="config.arm64_v8a", intel="config.x86_64", zh="config.zh")
    assert kind(file) == "container"
    names = [path.name.partition("-")[2] for path in unpack(file, tmp_path, ["x86_64", "arm64-v8a"])]
    assert names == ["base.apk", "intel.apk", "zh.apk"]
    with pytest.raises(InputError, match="processor"):
        unpack(file, tmp_path, ["x86"])


def test_two_bases_are_two_apps(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2 base APKs"):
        unpack(container(tmp_path / "x.xapk", one="", two=""), tmp_path, [])


def test_an_app_is_no_container(tmp_path: Path) -> None:
    assert kind(apk(tmp_path / "a.apk", b"")) == "app"
