from __future__ import annotations

from pathlib import Path

import pytest

from monitor.evidence.keys import Signer
from tests.cli.conftest import Run, monitor

from .samples import make

__all__ = ["Run", "monitor"]


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "worker.pem"
    Signer.generate().save(path)
    return path


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory, key: Path) -> Path:
    """Sealed by ``key``. Read only."""
    return make(tmp_path_factory.mktemp("archive") / "one", key=key)
