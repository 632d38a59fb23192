"""Bundles in an archive: verified, kept once, never overwritten; what is refused is kept apart."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import shutil
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import zstandard

from monitor.archive import archive as archive_module
from monitor.archive import pack as pack_module
from monitor.archive import parts, store
from monitor.archive.archive import Archive, migrated
from monitor.archive.pack import pack, unpack
from monitor.archive.sql import Tables
from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError
from monitor.evidence.keys import Signer, load_public
from monitor.evidence.verify import verify

from .conftest import Run
from .samples import T0, VALUES, make


def ask(place: Path, sql: str, *, own: bool = False) -> list[tuple[Any, ...]]:
    with Tables(Archive(str(place)).parts, own_rules=own) as tables:
        return tables.ask(sql).rows


def files(top: Path) -> list[Path]:
    return sorted(path for path in top.rglob("*") if path.is_file())


def content(top: Path) -> dict[Path, bytes]:
    return {path.relative_to(top): path.read_bytes() for path in files(top)}


def test_a_bundle_comes_out_as_it_went_in(tmp_path: Path, bundle: Path, key: Path) -> None:
    archive = Archive(str(tmp_path / "a"), make=True)
    added = archive.add(bundle, {load_public(key).id})
    assert added.how == "added"
    (entry,) = archive.entries()
    with archive.unpacked(entry) as back:
        assert content(back) == content(bundle) and verify(back, key).sealers
    assert ask(tmp_path / "a", "SELECT app, trusted, findings > 0, evidenced > 0, duration FROM sessions") == [
        ("com.example.shop", True, True, True, 9_000_000)
    ]
    assert ask(tmp_path / "a", "SELECT DISTINCT month FROM findings") == [("2026-09",)]


def test_what_is_kept_is_what_was_verified_and_read(
    tmp_path: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may write into a bundle's folder can do so at any moment while it is being added."""
    folder = Path(shutil.copytree(bundle, tmp_path / "in"))
    steps = {name: getattr(archive_module, name) for name in ("checked", "facts")}

    def spoiled(name: str) -> Callable[..., object]:
        def step(*args: Any, **keywords: Any) -> object:
            (folder / "findings.jsonl").write_bytes(b"")
            (folder / name).write_bytes(b"another file")
            return steps[name](*args, **keywords)

        return step

    for name in steps:
        monkeypatch.setattr(archive_module, name, spoiled(name))
    archive = Archive(str(tmp_path / "a"), make=True)
    assert archive.add(folder).how == "added"
    (entry,) = archive.entries()
    with archive.unpacked(entry) as back:
        assert verify(back).seal.by and content(back) == content(bundle)
    assert ask(tmp_path / "a", "SELECT findings > 0 FROM sessions") == [(True,)]


def test_others_on_the_machine_read_no_packed_bundle(tmp_path: Path, bundle: Path) -> None:
    """Its private part is in it."""
    before = os.umask(0o022)
    try:
        archive = Archive(str(tmp_path / "a"), make=True)
        archive.add(bundle)
        archive.reject(bundle, None, "for a test")
    finally:
        os.umask(before)
    packed = [path for path in files(tmp_path / "a") if path.name.endswith(".tar.zst")]
    assert packed and not any(path.stat().st_mode & 0o007 for path in packed)
    assert (tmp_path / "a/archive.json").stat().st_mode & 0o004, "the tables are for whoever may ask"


def test_a_session_counts_once(tmp_path: Path, bundle: Path) -> None:
    archive = Archive(str(tmp_path / "a"), make=True)
    assert [archive.add(bundle).how for _ in range(3)] == ["added", "known", "known"]
    before = {path: path.read_bytes() for path in files(tmp_path / "a")}
    shutil.copytree(bundle, tmp_path / "copy")
    assert archive.add(tmp_path / "copy").how == "known"
    assert {path: path.read_bytes() for path in files(tmp_path / "a")} == before
    assert ask(tmp_path / "a", "SELECT count(*) FROM sessions") == [(1,)]


def test_tables_stay_where_a_bundle_is_damaged(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path / "a"), make=True)
    for number in range(3):
        assert archive.add(make(tmp_path / str(number), start=T0 + number)).how == "added"
    damaged = tmp_path / "a" / list(archive.entries())[1].object
    damaged.write_bytes(damaged.read_bytes()[:-9])
    with pytest.raises(EvidenceDamaged):
        migrated(archive)
    assert ask(tmp_path / "a", "SELECT count(*) FROM sessions") == [(3,)]


@pytest.mark.parametrize("inside", [False, True])
def test_a_session_counts_once_whatever_stands_beside_its_signature(
    tmp_path: Path, bundle: Path, key: Path, inside: bool
) -> None:
    """An envelope may carry more than what is signed: a holder of the bundle could make many sessions of one."""
    archive = Archive(str(tmp_path / "a"), make=True)
    assert archive.add(bundle, {load_public(key).id}).how == "added"
    shutil.copytree(bundle, tmp_path / "copy")
    seal = tmp_path / "copy/seal.dsse.json"
    record = json.loads(seal.read_bytes())
    (record["signatures"][0] if inside else record)["more"] = "1"
    seal.write_bytes(json.dumps(record, sort_keys=True).encode() + b"\n")
    assert archive.add(tmp_path / "copy", {load_public(key).id}).how != "added"
    assert ask(tmp_path / "a", "SELECT count(*) FROM sessions") == [(1,)]


@pytest.mark.parametrize(
    "label",
    [VALUES["imei"].encode().hex(), VALUES["imei"][::-1], f"{VALUES['imei'][:8]}.{VALUES['imei'][8:]}",
     hashlib.md5(VALUES["imei"].encode()).hexdigest(), base64.b32encode(VALUES["imei"].encode()).decode().strip("=")],
)  # fmt: skip
def test_a_value_in_disguise_is_in_no_table(tmp_path: Path, label: str) -> None:
    archive = Archive(str(tmp_path / "a"), make=True)
    assert archive.add(make(tmp_path / "one", host=f"{label.lower()}.example.org")).how == "added"
    assert ask(tmp_path / "a", "SELECT host, certainty FROM transfers") == [("…", "found")]


def test_a_changed_bundle_is_kept_apart_with_the_reason(monitor: Run, tmp_path: Path, bundle: Path) -> None:
    bad = tmp_path / "bad"
    shutil.copytree(bundle, bad)
    log = next((bad / "data/events").iterdir())
    log.write_bytes(log.read_bytes().replace(b'"outcome":"value"', b'"outcome":"other"', 1))
    done = monitor("archive", "add", "a", bad, bundle)
    assert done.returncode == 4 and "refused and kept apart" in done.stdout and "archived as" in done.stdout
    archive = Archive(str(tmp_path / "a"))
    (said,) = archive.rejected()
    assert "the file was changed" in said.why and said.what == "bad"
    unpack(tmp_path / "a" / said.object, tmp_path / "out")
    assert (tmp_path / "out" / log.relative_to(bad)).read_bytes() == log.read_bytes()
    assert ask(tmp_path / "a", "SELECT count(*) FROM sessions") == [(1,)]


def headers(kind: bytes, size: int, number: int = 1) -> bytes:
    """The beginning of an archive: headers that say more than is there, or that stand one inside the other."""
    item = tarfile.TarInfo("data/x")
    item.type, item.size = kind, 0 if kind == tarfile.GNUTYPE_SPARSE else size
    one = bytearray(item.tobuf(tarfile.GNU_FORMAT))
    if kind == tarfile.GNUTYPE_SPARSE:  # all of it is a hole: nothing follows
        one[386:410] = b"%011o\0%011o\0" % (size, 0)
        one[483:495] = b"%011o\0" % size
        one[148:155] = b"%06o\0" % tarfile.calc_chksums(bytes(one))[0]
        return bytes(one)
    return bytes(one + b"%d a=" % size + b"b" * (size - 4 - len(str(size))) + b"\n") * number


@pytest.mark.parametrize(
    "begins",
    [
        headers(tarfile.GNUTYPE_SPARSE, 8 << 20), headers(tarfile.XHDTYPE, 16 << 20),
        headers(tarfile.GNUTYPE_LONGNAME, 16 << 20), headers(tarfile.XHDTYPE, 512, 4000),
    ],
    ids=["a hole", "a header", "a name", "headers in headers"],
)  # fmt: skip
def test_a_file_that_unpacks_to_what_it_does_not_hold_is_refused(tmp_path: Path, begins: bytes) -> None:
    file = tmp_path / "x.tar.zst"
    file.write_bytes(zstandard.compress(begins + bytes(1024)))
    tracemalloc.start()
    with pytest.raises(EvidenceDamaged):
        unpack(file, tmp_path / "out")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20 and not files(tmp_path / "out")


def test_a_note_that_is_none_is_damage_and_no_fault_of_ours(monitor: Run, tmp_path: Path, bundle: Path) -> None:
    """Whoever may write to the store can put anything there."""
    assert monitor("archive", "add", "a", bundle).returncode == 0
    (tmp_path / "a/rejected").mkdir()
    (tmp_path / "a/rejected/x.json").write_text('{"what":1}', "utf-8")
    done = monitor("archive", "verify", "a")
    assert done.returncode == 4 and "rejected/x.json: not a note" in done.stdout


def test_only_named_keys(monitor: Run, tmp_path: Path, bundle: Path, key: Path) -> None:
    Signer.generate().save(tmp_path / "other.pem")
    done = monitor("archive", "add", "a", bundle, "--key", "other.pem")
    assert done.returncode == 4 and "a key that was not named" in done.stdout
    assert monitor("archive", "add", "a", bundle, "--key", key).returncode == 0
    assert monitor("archive", "verify", "a").returncode == 0
    assert monitor("archive", "verify", "a", "--key", key).returncode == 0
    done = monitor("archive", "verify", "a", "--key", "other.pem")
    assert done.returncode == 4 and "a key that was not named" in done.stdout


def test_links_and_pipes_never_get_in(tmp_path: Path, bundle: Path) -> None:
    bad = tmp_path / "bad"
    shutil.copytree(bundle, bad)
    (bad / "data" / "secret").symlink_to("/etc/passwd")
    added = Archive(str(tmp_path / "a"), make=True).add(bad)
    assert (added.how, added.at) == ("rejected", "")
    assert not [path for path in files(tmp_path / "a") if path.name.endswith(".zst")]


def test_a_packed_file_can_write_nowhere_else(tmp_path: Path) -> None:
    for name, kind in (("../evil", tarfile.REGTYPE), ("/evil", tarfile.REGTYPE), ("link", tarfile.SYMTYPE)):
        raw = io.BytesIO()
        with tarfile.open(fileobj=raw, mode="w") as tar:
            item = tarfile.TarInfo(name)
            item.type, item.linkname = kind, "/etc/passwd"
            tar.addfile(item)
        file = tmp_path / "packed"
        file.write_bytes(zstandard.compress(raw.getvalue()))
        with pytest.raises(EvidenceDamaged):
            unpack(file, tmp_path / f"out-{kind!r}{len(name)}")
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("what", ["data/session.json", "data/inputs", "custody.jsonl"])
def test_a_link_put_there_once_the_bundle_was_looked_at_is_not_followed(
    tmp_path: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Neither in the place of a file nor of a folder on the way to it; nor is a pipe waited for."""
    place = shutil.copytree(bundle, tmp_path / "bundle") / what
    (tmp_path / "bundle/data/inputs").mkdir(exist_ok=True)
    (tmp_path / "bundle/data/inputs/one").write_text("own")
    (tmp_path / "else").mkdir()
    (tmp_path / "else/one").write_text("of somebody else")

    def exchanged(bundle: Path, name: str) -> Any:
        if not place.is_symlink():
            place.rename(tmp_path / "before")
            place.symlink_to(tmp_path / "else" if what.endswith("inputs") else tmp_path / "else/one")
        return opened(bundle, name)

    opened = pack_module._opened
    monkeypatch.setattr(pack_module, "_opened", exchanged)
    with pytest.raises(EvidenceDamaged, match="replaced while the bundle was being packed") as said:
        pack(tmp_path / "bundle", tmp_path / "1")
    assert said.value.where.startswith(what)
    place.unlink()
    os.mkfifo(place)
    with pytest.raises(EvidenceDamaged):
        opened(tmp_path / "bundle", what)


def test_the_same_bundle_has_the_same_address(tmp_path: Path, bundle: Path) -> None:
    shutil.copytree(bundle, tmp_path / "copy")
    one, other = pack(bundle, tmp_path / "1"), pack(tmp_path / "copy", tmp_path / "2")
    assert one.digest == other.digest
    with pytest.raises(EvidenceDamaged, match="was changed"):
        unpack(tmp_path / "1", tmp_path / "out", "0" * 64)


def test_verify_names_what_is_missing_or_changed(monitor: Run, tmp_path: Path, bundle: Path) -> None:
    make(tmp_path / "two", app="com.example.two")
    assert monitor("archive", "add", "a", bundle, "two").returncode == 0
    assert "2 sessions verified, 0 faults" in monitor("archive", "verify", "a").stdout
    objects = sorted((tmp_path / "a/bundles").rglob("*.zst"))
    objects[0].write_bytes(objects[1].read_bytes())
    done = monitor("archive", "verify", "a", "--json")
    assert done.returncode == 4
    (fault,) = json.loads(done.stdout)["faults"]
    assert "the packed bundle was changed" in fault["what"] and fault["where"].startswith("bundles/")
    objects[0].unlink()
    assert "a bundle is missing" in monitor("archive", "verify", "a").stdout
    (tmp_path / "a/bundles/00").mkdir(exist_ok=True)
    (tmp_path / "a/bundles/00/orphan.tar.zst").write_bytes(b"x")
    assert "that the index does not name" in monitor("archive", "verify", "a").stdout


def test_verify_sees_tables_that_differ(monitor: Run, tmp_path: Path, bundle: Path) -> None:
    assert monitor("archive", "add", "a", bundle).returncode == 0
    for path in (tmp_path / "a/tables/v2/findings").rglob("*.parquet"):
        path.rename(path.with_name("gone"))
    done = monitor("archive", "verify", "a")
    assert done.returncode == 4
    assert "monitor archive migrate --again" in done.stdout
    assert "made from 1 bundle" in monitor("archive", "migrate", "a", "--again").stdout
    assert monitor("archive", "verify", "a").returncode == 0


def test_tables_of_an_earlier_version_are_made_anew(monitor: Run, tmp_path: Path, bundle: Path) -> None:
    assert monitor("archive", "add", "a", bundle).returncode == 0
    before = monitor("archive", "query", "a", "--sql", "SELECT * EXCLUDE archived FROM sessions", "--json").stdout
    (tmp_path / "a/tables/v2").rename(tmp_path / "a/tables/v0")
    (tmp_path / "a/archive.json").write_text('{"format":1,"tables":0}')
    for words in (("query", "a", "early-reads"), ("verify", "a"), ("add", "a", bundle)):
        done = monitor("archive", *words)
        assert done.returncode == 2 and "monitor archive migrate" in done.stderr
    assert "version 2 made from 1 bundle" in monitor("archive", "migrate", "a").stdout
    assert not list((tmp_path / "a/tables").glob("v0/*/*/*"))
    assert (
        monitor("archive", "query", "a", "--sql", "SELECT * EXCLUDE archived FROM sessions", "--json").stdout == before
    )
    assert "already" in monitor("archive", "migrate", "a").stdout


def test_sessions_are_joined_and_read_once(tmp_path: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(str(tmp_path / "a"), make=True)
    for number in range(3):
        archive.add(make(tmp_path / str(number), app=f"com.example.a{number}"))
    before = ask(tmp_path / "a", "SELECT * FROM findings ORDER BY ALL")
    kept = tmp_path / "kept"
    shutil.copytree(tmp_path / "a/tables", kept)
    assert archive.parts.join(least=2) == 3
    (part,) = archive.parts.listed()
    assert part.joined and len(list((tmp_path / "a/tables").rglob("*.parquet"))) == 7
    assert ask(tmp_path / "a", "SELECT * FROM findings ORDER BY ALL") == before
    # A joining process that was killed before it removed the single ones: they do not count again.
    shutil.copytree(kept, tmp_path / "a/tables", dirs_exist_ok=True)
    assert ask(tmp_path / "a", "SELECT * FROM findings ORDER BY ALL") == before
    # One that was killed while it worked: nobody joins, and nothing is lost.
    assert archive.store.put_new("tables/joining", b"x")
    archive.add(bundle)
    assert parts.Parts(archive.store).join(least=1) == 0
    assert ask(tmp_path / "a", "SELECT count(DISTINCT session), count(*) FROM sessions") == [(4, 4)]


def test_a_part_without_its_session_does_not_count(tmp_path: Path, bundle: Path) -> None:
    """What an interrupted addition leaves."""
    archive = Archive(str(tmp_path / "a"), make=True)
    archive.add(bundle)
    (index,) = (tmp_path / "a/index").rglob("*.json")
    (sessions,) = (tmp_path / "a/tables/v2/sessions").rglob("*.parquet")
    index.unlink()
    sessions.unlink()
    assert ask(tmp_path / "a", "SELECT count(*) FROM findings") == [(0,)]
    assert archive.add(bundle).how == "added"
    assert ask(tmp_path / "a", "SELECT count(*) > 0 FROM findings") == [(True,)]


def test_no_value_leaves_the_bundles(monitor: Run, tmp_path: Path) -> None:
    """Not even where the app made it a host's name; nor the reason of a refusal."""
    host = f"{VALUES['android_id']}.tracker.example.com"
    make(tmp_path / "one", host=host)
    shutil.copytree(tmp_path / "one", tmp_path / "bad")
    (tmp_path / "bad/findings.jsonl").write_bytes(b"{}\n")
    assert monitor("archive", "add", "a", "one", "bad").returncode == 4
    assert ask(tmp_path / "a", "SELECT host, data_type FROM transfers") == [("…", "android_id")]
    names = ("sessions", "findings", "coverage", "consent", "reads", "transfers", "sdks")
    asked = [monitor("archive", "query", "a", "--sql", f"SELECT * FROM {name}", "--json") for name in names]
    said = "".join(done.stdout for done in asked)
    tables = [str(pq.read_table(path).to_pylist()) for path in (tmp_path / "a").rglob("*.parquet")]
    plain = [path.read_text("utf-8") for path in files(tmp_path / "a") if path.suffix == ".json"]
    assert len(tables) == 7 and len(said) > 1000
    for value in VALUES.values():
        assert not [text for text in (said, *tables, *plain) if value in text]


def test_addresses_of_stores(tmp_path: Path) -> None:
    for wrong in ("s3://key:secret@bucket/x", "simplecache::s3://b/x", "https://example.com/x", "s3://", "s3://b?a=b"):
        with pytest.raises(InputError) as refused:
            store.Store(wrong)
        assert "secret@" not in str(refused.value)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EnvironmentFault, match="the store refuses"):
        Archive(str(tmp_path / "file" / "a"), make=True)
