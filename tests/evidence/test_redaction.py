"""Values leave no trace in the shareable part, join by their tags, and can be opened with their disclosure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.base.errors import EvidenceDamaged
from monitor.evidence.redaction import Vault, commitment, normalise, openings, session_key
from monitor.session.observe import RawValue, bucket


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.create(tmp_path)


@pytest.mark.parametrize(
    ("data_type", "one", "other"),
    [
        ("mac", "02:AB:CD:00:11:22", "02abcd001122"),
        ("bssid", "02-ab-cd-00-11-22", "02:AB:CD:00:11:22"),
        ("gaid", "CDDA802E-FB9C-47AD-9866-0794D394C912", "cdda802efb9c47ad98660794d394c912"),
        ("phone_no", "+86 138 0013 8000", "13800138000"),
        ("imei", "49-015420-323751-8", "490154203237518"),
        ("ssid", '"Home"', "Home"),
    ],
)
def test_spellings_share_a_tag(vault: Vault, data_type: str, one: str, other: str) -> None:
    assert vault.tag(RawValue(data_type, one)) == vault.tag(RawValue(data_type, other))
    assert vault.tag(RawValue(data_type, one)) != vault.tag(RawValue("misc", one))


def test_other_session_other_tag(tmp_path: Path, vault: Vault) -> None:
    """Tags cannot be joined across sessions, nor searched through without the key."""
    (tmp_path / "two").mkdir()
    value = RawValue("imei", "490154203237518")
    again = Vault(bytes.fromhex((tmp_path / "key").read_text()), tmp_path)
    assert Vault.create(tmp_path / "two").tag(value) != vault.tag(value) == again.tag(value)


@settings(max_examples=25)
@given(text=st.text(max_size=200))
def test_openings(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Every value opens to itself, and its commitment is the digest of its disclosure."""
    private = tmp_path_factory.mktemp("private")
    vault = Vault.create(private)
    reference = vault.redact(RawValue("clipboard", text))
    assert reference == vault.redact(RawValue("clipboard", text))
    vault.close()
    (opening,) = openings(private)
    assert (opening.commit, opening.data_type) == (reference.commit, "clipboard")
    assert opening.text == text
    assert reference.size == bucket(len(text))
    line = json.loads((private / "disclosures.jsonl").read_text())
    assert commitment(line["disclosure"]) == reference.commit


def test_salted(tmp_path: Path) -> None:
    """The same value in two sessions has two commitments: none can be found by trying values."""
    commits = set()
    for name in "ab":
        (tmp_path / name).mkdir()
        commits.add(Vault.create(tmp_path / name).redact(RawValue("imei", "490154203237518")).commit)
    assert len(commits) == 2


def test_hostile_text(vault: Vault, tmp_path: Path) -> None:
    """A lone surrogate or an endless text is kept as far as possible and breaks nothing."""
    vault.redact(RawValue("clipboard", "\ud800\n{}"))
    big = vault.redact(RawValue("clipboard", "x" * 300_000))
    vault.close()
    assert big.size == 327_680
    assert [len(opening.text) for opening in openings(tmp_path)] == [4, 65_536]


def test_normalise_keeps_free_text() -> None:
    assert normalise("clipboard", " a  b ") == "a b"


def test_bad_key(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private/key").write_text("zz")
    with pytest.raises(EvidenceDamaged, match="no session key"):
        session_key(tmp_path / "private")
