"""Processes that the agent says it cannot watch."""

from typing import Any

import pytest

from monitor.base.errors import EnvironmentFault
from monitor.collectors.attached import refuse

ART: dict[str, Any] = {"available": True, "flavor": "art", "arch": "arm64"}


@pytest.mark.parametrize("arch", ["arm", "ia32"])
def test_an_app_in_32_bit_mode_is_refused_with_what_helps(arch: str) -> None:
    with pytest.raises(EnvironmentFault) as refused:
        refuse(ART | {"arch": arch}, 7)
    assert "32-bit" in refused.value.message and arch in refused.value.message
    assert "--abi arm64-v8a" in (refused.value.hint or "")


@pytest.mark.parametrize("arch", ["arm64", "x64"])
def test_64_bit_apps_on_known_machines_are_not(arch: str) -> None:
    refuse(ART | {"arch": arch}, 7)
    with pytest.raises(EnvironmentFault, match="unknown Java VM"):
        refuse(ART | {"arch": arch, "flavor": "other"}, 7)
