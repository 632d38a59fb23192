"""Whole sessions of one app, on the stand-in and on Android's own framework."""

from __future__ import annotations

import pytest

from tests.art.beside import DIFFERENT, READS, SIDES, Read, app, different, reads
from tests.javaapp import NEEDS_JAVAC
from tests.runtimes import framework

pytestmark = [pytest.mark.art, pytest.mark.device, NEEDS_JAVAC]


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Read]]:
    """What was reported of the app's reads, by device."""
    framework()
    folder = tmp_path_factory.mktemp("beside")
    file = app(folder)
    return {device: reads(device, file, folder / str(at)) for at, device in enumerate(SIDES)}


def test_twenty_identifiers_are_twenty_reads_on_both_each_with_the_apps_frame(sides: dict[str, list[Read]]) -> None:
    standin, android = (sides[device] for device in SIDES)
    assert len(standin) == len(android) == READS
    assert [read[:3] for read in standin] == [read[:3] for read in android]
    assert len({read.hook for read in android[:20]}) == 20
    assert all(read.own for read in (*standin, *android))


def test_a_second_read_is_one_too_though_no_provider_is_asked(sides: dict[str, list[Read]]) -> None:
    for device in SIDES:
        first, again = (read for read in sides[device] if read.hook == "settings.secure_get")
        assert (first.outcome, again.outcome) == ("value", "value"), device
        assert first.inner == again.inner, device


def test_what_a_service_refuses_is_a_denied_read_on_both(sides: dict[str, list[Read]]) -> None:
    for device in SIDES:
        denied = [read.hook for read in sides[device] if read.outcome == "denied"]
        refused = ["telephony.get_imei", "telephony.get_subscriber_id", "build.get_serial"]
        assert denied == [*refused, "telephony.get_imei"], device  # the last one inherited, through the app's own class


def test_on_android_getters_go_through_others_and_are_still_one_read(sides: dict[str, list[Read]]) -> None:
    assert different(*(sides[device] for device in SIDES)) == DIFFERENT.keys()
    inner = {read.hook: read.inner for read in sides[SIDES[1]]}
    assert inner["apps.installed_packages"] == (
        "ApplicationPackageManager.getInstalledPackages",
        "ApplicationPackageManager.getInstalledPackagesAsUser",
    )
    assert inner["telephony.get_sim_operator"][0] == "SystemProperties.get"
