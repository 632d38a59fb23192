"""Names and manifests of a bundle: nothing leads out of it, nothing is listed twice, nothing special is in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from monitor.base.errors import EvidenceDamaged, InputError
from monitor.evidence import bag

DIGEST = "ab" * 32


@pytest.mark.parametrize("name", ["a", "inputs/scenario.yaml", "a/b/c/d", "A-1_2.json", "a..b"])
def test_names_that_can_be_kept(name: str) -> None:
    assert bag.safe_name(name) == name


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/../b", "/a", "a/", "a//b", "a b", "a\n", "-a", ".a", "a/b/c/d/e", "é", "a" * 122]
)
def test_names_that_cannot(name: str) -> None:
    with pytest.raises(InputError):
        bag.safe_name(name)


@pytest.mark.parametrize(
    ("line", "good"),
    [
        (f"{DIGEST}  data/a", True),
        (f"{DIGEST} data/a", False),
        (f"{DIGEST.upper()}  data/a", False),
        (f"{DIGEST[:-1]}  data/a", False),
        (f"{DIGEST}  ../a", False),
        (f"{DIGEST}  data/../../a", False),
        (f"{DIGEST}  /etc/passwd", False),
        (f"{DIGEST}  data/a\r", False),
        ("", False),
    ],
)
def test_lines_of_a_manifest(tmp_path: Path, line: str, good: bool) -> None:
    path = tmp_path / bag.MANIFEST
    path.write_text(f"{DIGEST}  data/first\n{line}\n", "utf-8", newline="")
    if good:
        assert bag.read_manifest(path) == {"data/first": DIGEST, "data/a": DIGEST}
    else:
        with pytest.raises(EvidenceDamaged, match=f"{bag.MANIFEST}:2: not a valid manifest line"):
            bag.read_manifest(path)


def test_a_file_listed_twice_is_no_manifest(tmp_path: Path) -> None:
    (tmp_path / bag.MANIFEST).write_text(f"{DIGEST}  data/a\n{'cd' * 32}  data/a\n")
    with pytest.raises(EvidenceDamaged, match=":2"):
        bag.read_manifest(tmp_path / bag.MANIFEST)


def test_the_survey_finds_what_does_not_belong(tmp_path: Path) -> None:
    (tmp_path / "data" / "events").mkdir(parents=True)
    (tmp_path / "data" / "events" / "000001.jsonl").touch()
    bag.survey(tmp_path, complete=True)
    (tmp_path / "notes.txt").touch()
    bag.survey(tmp_path)
    with pytest.raises(EvidenceDamaged, match=r"notes\.txt: a file that was not recorded"):
        bag.survey(tmp_path, complete=True)
    (tmp_path / "notes.txt").unlink()
    (tmp_path / "data" / "new").mkdir()
    with pytest.raises(EvidenceDamaged, match="data/new: an empty folder"):
        bag.survey(tmp_path, complete=True)
    os.mkfifo(tmp_path / "data" / "new" / "pipe")
    with pytest.raises(EvidenceDamaged, match="data/new/pipe: neither a file nor a directory"):
        bag.survey(tmp_path)


def test_a_bottomless_bundle_ends(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(12):
        deep = deep / "d"
    deep.mkdir(parents=True)
    with pytest.raises(EvidenceDamaged, match="too many files or folders"):
        bag.survey(tmp_path)


def test_the_manifest_counts_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name, text in (("b", "12"), ("a", "345")):
        (tmp_path / "data" / name).write_text(text)
    text, octets, count = bag.manifest(tmp_path)
    assert [line.split()[1] for line in text.decode().splitlines()] == ["data/a", "data/b"]
    assert (octets, count) == (5, 2)
    (tmp_path / "data" / "c").symlink_to(tmp_path / "data" / "a")
    with pytest.raises(EvidenceDamaged, match="data/c"):
        bag.manifest(tmp_path)
