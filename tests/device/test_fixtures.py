"""Samples of outputs: identifiers go, shapes stay, parsers read as before."""

from pathlib import Path

import pytest

from monitor.device import parse
from monitor.device.checks import scrubbed, spoilt_samples
from tests.device.conftest import FIXTURES

SECRETS = """[ro.serialno]: [R58M42ABCDE]
[ro.boot.serialno]: [R58M42ABCDE]
android_id=9774d56d682e549c
device_name=Ann's phone
link/ether 3c:5a:b4:ca:11:b7 brd ff:ff:ff:ff:ff:ff
imei 860012340567894 call +8613800001357
mail ann@example.org SSID: "Ann at home" inet 192.168.1.23/24
id c0ffee5a-9a1d-4ca7-a51e-9a1d9a1d9a1d on 127.0.0.1
"""


def test_what_identifies_a_device_or_a_person_is_removed() -> None:
    text = scrubbed(SECRETS)
    for value in ("R58M42ABCDE", "9774d56d682e549c", "Ann", "3c:5a:b4", "860012340567894", "13800001357", "example.org",
                  "192.168.1.23", "c0ffee5a"):  # fmt: skip
        assert value not in text, text
    assert "127.0.0.1" in text and len(text) == len(SECRETS)


@pytest.mark.parametrize("file", sorted(FIXTURES.glob("*/*.txt")), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_parsers_read_as_much_as_before(file: Path) -> None:
    before = file.read_bytes().decode("utf-8", "replace")
    after = scrubbed(before)
    for count in (
        lambda text: len(parse.system.getprop(text)),
        lambda text: len(parse.system.ps(text)),
        lambda text: len(parse.system.sockets(text)),
        lambda text: len(parse.screen.resumed(text)),
    ):
        assert count(after) == count(before)
    assert scrubbed(after) == after
    assert spoilt_samples({"getprop": before}, {"getprop": after}) == []
