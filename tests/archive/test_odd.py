"""A number, a name or a stray file of a kind that nobody expects ends no command of an archive, and loses no row."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitor.archive import parts
from monitor.archive.archive import Archive, migrated, verified
from monitor.archive.sql import Tables
from monitor.assess.evaluate import reanalyse
from monitor.base.errors import EnvironmentFault, EvidenceDamaged
from monitor.evidence.bundle import Bundle
from monitor.evidence.keys import Signer

from .samples import make
from .test_copies import as_interrupted

MONTH = "tables/v2/{table}/month=2026-09"


def asked(place: Path) -> int:
    with Tables(Archive(str(place)).parts) as tables:
        ((number,),) = tables.ask("SELECT count(*) FROM sessions").rows
        return int(number)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, bundle: Path) -> Path:
    """An archive of one session. Read only."""
    place = tmp_path_factory.mktemp("filled") / "a"
    assert Archive(str(place), make=True).add(bundle).how == "added"
    return place


@pytest.mark.parametrize("field", ["version_code", "start"])
def test_a_number_that_no_column_holds(filled: Path, tmp_path: Path, field: str) -> None:
    """Whoever seals a bundle chooses it: the bundle is refused, and nothing is written of it."""
    key = Signer.generate()
    key.save(tmp_path / "key.pem")
    whole = make(tmp_path / "whole", key=tmp_path / "key.pem", app="com.example.other")
    (whole / "seal.dsse.json").unlink()
    odd = Bundle.open(whole, tmp_path / "key.pem")
    session = odd.session()
    about = session.app.model_copy(update={"version_code": 1 << 70} if field == "version_code" else {})
    odd.seal(session.model_copy(update={"app": about, **({"start": 1 << 70} if field == "start" else {})}))
    reanalyse(whole, key=tmp_path / "key.pem")
    archive = Archive(str(shutil.copytree(filled, tmp_path / "a")), make=True)
    added = archive.add(whole)
    assert added.how == "rejected" and "what no table can hold" in added.why
    assert not verified(archive).faults and asked(tmp_path / "a") == 1


def test_the_row_of_a_copy_goes_once_the_new_one_is_there(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(str(tmp_path / "a"), make=True)
    assert archive.add(as_interrupted(bundle, tmp_path / "copy", 6)).how == "added"
    put = archive.store.put

    def full(name: str, data: bytes) -> None:
        if name.startswith("tables/v2/sessions"):
            raise EnvironmentFault("the store is full")
        put(name, data)

    monkeypatch.setattr(archive.store, "put", full)
    with pytest.raises(EnvironmentFault):
        archive.add(bundle)
    monkeypatch.undo()
    assert asked(tmp_path / "a") == 1
    assert archive.add(bundle).how == "replaced" and not verified(archive).faults and asked(tmp_path / "a") == 1


def test_nothing_is_removed_unless_all_rows_can_be_made(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(str(shutil.copytree(filled, tmp_path / "a")), migrating=True)
    monkeypatch.setattr("monitor.archive.archive.facts", lambda *_: _raise())
    with pytest.raises(EvidenceDamaged):
        migrated(archive)
    monkeypatch.undo()
    assert asked(tmp_path / "a") == 1


def _raise() -> None:
    raise EvidenceDamaged("cannot be read")


def other() -> bytes:
    data = io.BytesIO()
    pq.write_table(pa.table({"x": [1]}), data)
    return data.getvalue()


NAMES = (
    f"{MONTH}/stray.parquet", f"{MONTH}/joined-stray.parquet", "tables/v2/{table}/month=x/" + "a" * 64 + ".parquet",
    "tables/v2/{table}/stray", "recordings/ab/stray", "stray",
)  # fmt: skip


def test_a_stray_file_changes_no_answer(filled: Path, tmp_path: Path) -> None:
    archive = Path(shutil.copytree(filled, tmp_path / "a"))
    for name in NAMES:
        for table in parts.tables():
            path = archive / name.format(table=table)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(os.urandom(50))
    assert asked(archive) == 1 and verified(Archive(str(archive))).faults == []


@pytest.mark.parametrize("data", [b"\0stray", b"", other()], ids=["binary", "empty", "other"])
@pytest.mark.parametrize("name", ["a" * 64, "joined-" + "a" * 32])
def test_a_part_that_is_none_is_named(filled: Path, tmp_path: Path, name: str, data: bytes) -> None:
    place = Path(shutil.copytree(filled, tmp_path / "a"))
    (place / MONTH.format(table="sessions") / f"{name}.parquet").write_bytes(data)
    if data != other() or name.startswith("joined"):
        with pytest.raises(EvidenceDamaged, match=r"not a table|a part cannot be read"):
            asked(place)
    assert len(verified(Archive(str(place))).faults) == 1


def test_what_is_no_entry_of_the_index_hides_no_other_fault(filled: Path, tmp_path: Path) -> None:
    place = Path(shutil.copytree(filled, tmp_path / "a"))
    (place / "index" / "00").mkdir()
    (place / "index/00/stray.json").write_bytes(b"\xff")
    (place / "rejected").mkdir()
    (place / "rejected/stray.json").write_bytes(b"[]")
    (held,) = (place / "bundles").rglob("*.zst")
    held.write_bytes(b"")
    found = verified(Archive(str(place)))
    assert {where.split("/")[0] for _, where in found.faults} == {"index", "bundles", "rejected"}
    assert found.sessions == 1


def test_a_bundle_with_a_name_that_is_no_text(filled: Path, tmp_path: Path) -> None:
    archive = Archive(str(shutil.copytree(filled, tmp_path / "a")), make=True)
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\n"))
    odd.mkdir()
    assert archive.add(odd).how == "rejected" and archive.rejected()[0].what == "\\udcff\\u000a"
