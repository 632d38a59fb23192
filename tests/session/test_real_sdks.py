"""Real libraries on the stand-in: nothing that they do is attributed to the app. Enabled by ``REAL_SDKS=1``."""

import os
from pathlib import Path

import pytest

from bench.real_sdks import LIBRARIES, Library, Unreached, seen

pytestmark = [
    pytest.mark.device,
    pytest.mark.skipif(not os.environ.get("REAL_SDKS"), reason="fetches libraries from a registry: set REAL_SDKS=1"),
]


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_what_a_library_does_is_never_laid_on_the_app(library: Library, tmp_path: Path) -> None:
    try:
        found = seen(library, tmp_path)
    except Unreached as reason:
        pytest.skip(str(reason))
    assert found.reads["app"] == 0, found.reads
    assert found.requests["app"] == 0, found.requests
    assert found.own(library) + found.sent(library) > 0, (found.reads, found.requests, found.lacking)
