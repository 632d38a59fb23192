"""The custody log: every entry follows from the one before, is signed, and cannot be taken out or put in."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.base.errors import EvidenceDamaged
from monitor.evidence import custody
from monitor.evidence.bag import cut_torn
from monitor.evidence.keys import Signer
from monitor.evidence.standalone.verify import CUSTODY

FIRST, SECOND = Signer.generate(), Signer.generate()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    custody.note(tmp_path, FIRST, "created")
    custody.note(tmp_path, SECOND, "analysed", rules="3")
    custody.note(tmp_path, FIRST, "exported", without="private")
    return tmp_path


def lines(bundle: Path) -> list[bytes]:
    return (bundle / CUSTODY).read_bytes().splitlines(keepends=True)


def write(bundle: Path, changed: list[bytes]) -> None:
    (bundle / CUSTODY).write_bytes(b"".join(changed))


def test_who_did_what(kept: Path) -> None:
    found = custody.check(kept)
    assert [(entry.what, entry.key) for entry in found] == [
        ("created", FIRST.public.id), ("analysed", SECOND.public.id), ("exported", FIRST.public.id),
    ]  # fmt: skip
    assert found[1].detail == {"rules": "3"}
    assert custody.state(kept) == {"entries": 3, "head": found[-1].hash}


def test_none_at_all_is_an_empty_log(tmp_path: Path) -> None:
    assert custody.check(tmp_path) == [] and custody.state(tmp_path) == {"entries": 0, "head": "0" * 64}


def test_an_entry_cannot_be_left_out_moved_or_changed(kept: Path) -> None:
    one, two, three = lines(kept)
    for changed, number in (([two, three], 1), ([one, three], 2), ([two, one, three], 1), ([one, one, two], 2)):
        write(kept, changed)
        with pytest.raises(EvidenceDamaged, match=rf"custody.jsonl:{number}: the entry does not follow"):
            custody.check(kept)
    for old, new, says in (
        (b'"rules":"3"', b'"rules":"4"', "signature does not match"),
        (SECOND.public.raw.hex().encode(), FIRST.public.raw.hex().encode(), "signature does not match"),
        (b'"what":"analysed"', b'"what": "analysed"', "not an entry"),
        (b',"sig":', b', "sig":', "not an entry"),
        (b'"detail"', b'"retail"', "not an entry"),
    ):
        assert old in two
        write(kept, [one, two.replace(old, new), three])
        with pytest.raises(EvidenceDamaged, match=f"custody.jsonl:2: .*{says}"):
            custody.check(kept)


def test_a_truncated_entry_is_removed_and_the_log_goes_on(kept: Path) -> None:
    one, two, three = lines(kept)
    write(kept, [one, two, three[:50]])
    with pytest.raises(EvidenceDamaged, match=r"custody\.jsonl:3"):
        custody.check(kept)
    cut_torn(kept / CUSTODY)
    assert lines(kept) == [one, two]
    custody.note(kept, SECOND, "recovered")
    assert [entry.what for entry in custody.check(kept)] == ["created", "analysed", "recovered"]


def test_a_link_is_not_read(kept: Path, tmp_path: Path) -> None:
    (kept / CUSTODY).rename(tmp_path / "elsewhere")
    (kept / CUSTODY).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EvidenceDamaged, match="not a file"):
        custody.check(kept)
