"""A disk that is almost full ends a session in order: what is recorded is sealed, and what is not kept is counted."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from monitor.base.errors import MonitorError
from monitor.events import Health
from monitor.evidence import space
from monitor.evidence.bundle import Bundle
from monitor.evidence.lines import read_events
from monitor.evidence.space import NoSpace, Space
from monitor.evidence.verify import verify
from monitor.record.bus import Bus
from monitor.session.manifest import Session
from monitor.session.observe import health_of

MIB = 1 << 20


class Disk:
    """A file system of which so much is free."""

    def __init__(self, total: int, free: int) -> None:
        self.total, self.free = total, free

    def disk_usage(self, path: object) -> tuple[int, int, int]:
        return self.total, self.total - self.free, self.free


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk(1000 * MIB, 60 * MIB)
    monkeypatch.setattr(space, "shutil", SimpleNamespace(disk_usage=disk.disk_usage))
    return disk


@pytest.mark.parametrize(
    ("total", "enough"), [(0, 0), (40 * MIB, 16 * MIB), (1000 * MIB, 50 * MIB), (2_000_000 * MIB, 1024 * MIB)]
)
def test_what_is_enough(total: int, enough: int, disk: Disk, tmp_path: Path) -> None:
    disk.total, disk.free = total, enough
    assert Space(tmp_path).fault() is None
    fault = Space(tmp_path).fault(1)
    assert (fault is None) == (total == 0) and (fault is None or fault.exit_code == 3)


def test_a_session_on_a_full_disk_does_not_begin(disk: Disk, tmp_path: Path) -> None:
    disk.free = 49 * MIB
    with pytest.raises(NoSpace, match=r"almost full: 49 MiB are free \(free space, or"):
        Bundle.create(tmp_path / "b")
    assert list((tmp_path / "b").rglob("*.json*")) == []


def test_what_is_not_kept_is_told_and_counted_and_the_session_is_sealed(disk: Disk, tmp_path: Path) -> None:
    bundle, told, failed = Bundle.create(tmp_path / "b"), list[MonitorError](), list[MonitorError]()
    bundle.space.told = told.append
    bus = Bus(app="a", log=bundle.log, vault=bundle.vault, keep=bundle.blob, on_fault=failed.append)
    bus.start()
    kept = bus.blob(b"x" * 5 * MIB, private=True)
    assert told == [] and bundle.read_blob(kept)
    refused = bus.blob(b"y" * 11 * MIB, private=True)
    assert len(told) == 1 and bundle.read_blob(refused) is None and refused != kept
    disk.free = 49 * MIB
    bus.emit(health_of("hooks", "a", "ready", {}))
    bus.close()
    bundle.seal(Session())
    assert len(told) == 1 and failed == [] and bus.fault is None
    events = list(read_events(bundle.path))
    assert verify(bundle.path, results=False).events == len(events) == 2
    assert [(e.what, e.n) for e in events if isinstance(e, Health)] == [("unkept", 1), ("ready", 0)]
