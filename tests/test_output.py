"""Where a user lets the monitor write, nothing is written through a link."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from monitor.base.errors import InputError
from monitor.base.output import default_place, folder, inert_json, keep_out_of_git, trusted, write_out


def test_json_keeps_its_meaning_and_shows_what_would_act() -> None:
    said = {"标题\u202e": ["隐私\u3000政策", "\u2066a\u2069", "\x9b31m", "\U000e0041", "é\u200b\ufeff", "\\u202e"]}
    raw = json.dumps(said, ensure_ascii=False).encode()
    made = inert_json(raw)
    assert json.loads(made) == said and "隐私\u3000政策" in made.decode() and b"\\udb40\\udc41" in made
    assert all(c.isprintable() or c == "\u3000" for c in made.decode())


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "rc", tmp_path / "report.md"
    target.write_text("mine")
    link.symlink_to(target)
    with pytest.raises(InputError, match="a link"):
        write_out(link, b"theirs")
    assert target.read_text() == "mine"
    write_out(target, b"new")
    assert target.read_text() == "new"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it makes what another user would")
def test_a_link_of_another_user_on_the_way_is_not_followed(tmp_path: Path) -> None:
    shared, own = tmp_path / "shared", tmp_path / "own"
    for place in (shared, own):
        place.mkdir()
    shared.chmod(0o1777)
    (shared / "way").symlink_to(own)
    os.lchown(shared / "way", 65534, 65534)
    (shared / "theirs").mkdir()
    os.chown(shared / "theirs", 65534, 65534)
    for name in ("way", "theirs"):
        with pytest.raises(InputError, match="belongs to another user"):
            write_out(shared / name / "report.html", b"x")
    assert not any(own.iterdir())
    (shared / "mine").symlink_to(own)
    write_out(shared / "mine" / "report.html", b"x")
    assert (own / "report.html").read_bytes() == b"x"


def test_a_further_name_of_another_file_is_not_written_through(tmp_path: Path) -> None:
    target, name = tmp_path / "rc", tmp_path / "report.md"
    target.write_text("mine")
    name.hardlink_to(target)
    with pytest.raises(InputError, match="several names"):
        write_out(name, b"theirs")
    assert target.read_text() == "mine"


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    wanted = tmp_path / "a/b/c"
    assert folder(wanted) == wanted and wanted.is_dir()
    assert folder(wanted) == wanted  # empty still
    (wanted / "file").write_text("")
    with pytest.raises(InputError, match="not empty"):
        folder(wanted)
    folder(wanted, empty=False)
    with pytest.raises(InputError, match="not a directory"):
        folder(wanted / "file", empty=False)


def test_a_folder_is_not_opened_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(InputError, match="a link"):
        folder(tmp_path / "link")
    folder(tmp_path / "link/below")  # our own link on the way is where we wanted to go
    assert (tmp_path / "real/below").is_dir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(InputError, match="a link"):
        folder(tmp_path / "loop/below")


def test_a_folder_that_others_can_exchange_is_refused(tmp_path: Path) -> None:
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    for wanted in (open_to_all, open_to_all / "new", open_to_all / "new/below"):
        with pytest.raises(InputError, match="others can write"):
            folder(wanted)
    open_to_all.chmod(0o1777)  # as /tmp
    assert folder(open_to_all / "new").is_dir()
    assert trusted(write(open_to_all / "new/code.js"))
    open_to_all.chmod(0o777)
    assert not trusted(open_to_all / "new/code.js")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another user's files")
def test_what_another_user_prepared_is_refused(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    prepared, link = shared / "monitor-sdk", shared / "link"
    prepared.mkdir()
    link.symlink_to(tmp_path)
    for path in (prepared, link):
        os.chown(path, 65534, 65534, follow_symlinks=False)
    for wanted in (prepared, prepared / "below", link / "below"):
        with pytest.raises(InputError, match="another user"):
            folder(wanted, empty=False)
    theirs = write(tmp_path / "report.md")
    os.chown(theirs, 65534, 65534)
    with pytest.raises(InputError, match="another user"):
        write_out(theirs, b"ours")
    assert not trusted(theirs)


def test_the_default_place_is_here_and_cannot_be_foreseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one, other = default_place("sdk"), default_place("sdk")
    assert one.parent == other.parent == tmp_path / "monitor-sessions" and one != other
    folder(one)
    keep_out_of_git(one)
    assert (one.parent / ".gitignore").read_text() == "*\n"


def test_where_others_may_write_the_default_place_is_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    monkeypatch.chdir(shared)
    assert default_place().parent == tmp_path / "state" / "app-privacy-monitor" / "sessions"
    assert not any(shared.iterdir())


def write(path: Path) -> Path:
    path.write_text("x")
    return path
