"""The device's files where an app exchanges a folder for a link between two steps of the stand-in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.standin.files.vfs import Vfs

SHARED = "/storage/emulated/0"


class Exchanged(Vfs):
    """As soon as a path has been looked up, ``w`` is a link that leads out of the device."""

    outside: Path | None = None

    def host(self, path: str, cwd: str = "/", follow: bool = True) -> Path:
        found = super().host(path, cwd, follow)
        if self.outside is not None:
            folder = self.root / SHARED[1:] / "w"
            if not folder.is_symlink():
                folder.rename(folder.with_name("aside"))
                folder.symlink_to(self.outside)
        return found


ACTIONS: dict[str, Callable[[Vfs, str], object]] = {
    "write": lambda fs, w: fs.write(f"{w}/file", b"theirs"),
    "append": lambda fs, w: fs.write(f"{w}/file", b"theirs", append=True),
    "read": lambda fs, w: fs.read(f"{w}/file"),
    "stat": lambda fs, w: fs.stat(f"{w}/file"),
    "list": lambda fs, w: fs.listdir(w),
    "chmod": lambda fs, w: fs.set_meta(f"{w}/file", mode=0o777),
    "remove": lambda fs, w: fs.remove(f"{w}/file"),
    "rmtree": lambda fs, w: fs.rmtree(f"{w}/below"),
    "mkdir": lambda fs, w: fs.mkdir(f"{w}/new/newer", parents=True),
    "symlink": lambda fs, w: fs.symlink("/x", f"{w}/link"),
    "mount": lambda fs, w: fs.mount("tmpfs", "tmpfs", f"{w}/below"),
    "bind": lambda fs, w: fs.mount("bind", "/data/local/tmp", f"{w}/below"),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_nothing_outside_is_reached(tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    (outside / "below").mkdir(parents=True)
    (outside / "file").write_text("ours")
    (outside / "below" / "file").write_text("ours")
    (outside / "file").chmod(0o600)
    fs = Exchanged(tmp_path / "root")
    for folder in ("w", "w/below"):
        fs.host(f"{SHARED}/{folder}").mkdir()
    for file in ("w/file", "w/below/file"):
        fs.write(f"{SHARED}/{file}", b"the app's")
    before = sorted(outside.rglob("*"))
    fs.outside = outside
    with pytest.raises(OSError):
        ACTIONS[name](fs, f"{SHARED}/w")
    assert sorted(outside.rglob("*")) == before
    assert (outside / "file").read_text() == (outside / "below" / "file").read_text() == "ours"
    assert (outside / "file").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["tmpfs", "bind"])
def test_undoing_a_mount_removes_nothing_outside(tmp_path: Path, kind: str) -> None:
    fs = Exchanged(tmp_path / "root")
    fs.mkdir(f"{SHARED}/w/below", parents=True)
    fs.mount(kind, "/data/local/tmp", f"{SHARED}/w/below")
    outside = tmp_path / "outside"
    (outside / "below").mkdir(parents=True)
    (outside / "below" / "file").write_text("ours")
    (outside / ".standin-1-below").mkdir()
    fs.outside = outside
    with pytest.raises(OSError):
        fs.umount(f"{SHARED}/w/below")
    assert (outside / "below" / "file").read_text() == "ours"


def test_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    fs = Vfs(tmp_path / "root")
    os.mkfifo(fs.host(f"{SHARED}/pipe"))
    for action in (fs.read, lambda path: fs.write(path, b"x")):
        with pytest.raises(OSError):
            action(f"{SHARED}/pipe")
