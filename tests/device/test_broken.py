"""Twelve devices that are broken in one way each: the self-test is red on every one of them, and says why.

They run side by side, two at a time, over one adb server; each test looks at its own. How long each takes is measured
by bench/broken_devices.py.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import pytest

from monitor.base.checks import Check
from monitor.cli.device import fix
from monitor.device.wire.server import AdbServer
from monitor.record import selftest, selftest_lines
from monitor.text import retold
from tests.device.phones import joined
from tests.device.test_selftest import OTHER_MAJOR, Printed, by_name, printed  # noqa: F401

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("broken")]


Found = dict[str, Future[list[Check]]]


class Broken(NamedTuple):
    """A device, the line that must be red and what it must say."""

    title: str
    line: str
    said: str
    state: dict[str, Any]
    profile: str = "rooted"
    api: int = 33


ISOLATED = {"root": False, "su": "magisk", "su_mounts": "own"}
DEVICES = {
    "machine": Broken("the apps' runtime is one that Frida's bridge does not know", "start",
                      "Missing: _ZN6Method4sizeEb", {"traits": {"vm_lacks": "_ZN6Method4sizeEb"}}),
    "abort": Broken("apps end when a script is loaded into them", "start",
                    "ended when the hooks were loaded: Check failed", {"traits": {"bears_scripts": False}}),
    "zygote": Broken("zygote dies of Frida", "zygote", "zygote died (process 530, now 7530)",
                     {"traits": {"spares_zygote": False}}),
    "bind": Broken("apps do not see the certificate", "ca", "does not show the certificate",
                   {"traits": {"zygote_bind": False}}, api=34),
    "namespace": Broken("what root mounts does not reach apps", "ca", "does not show the certificate",
                        {"traits": {**ISOLATED, "propagates": False}}, api=34),
    "rejects": Broken("apps reject the certificate that they see", "tls", "rejects it all the same",
                      {"traits": {"accepts_ca": False}}, api=36),
    "major": Broken("Frida of another major version", "frida_version", "another major version",
                    {"traits": {"frida": OTHER_MAJOR}}),
    "reverse": Broken("the proxy is unreachable, adb opens no reverse", "route", "closed",
                      {"traits": {"reverse": False}}),
    "firewall": Broken("the proxy is unreachable, a firewall is in between", "route", "neither directly nor over adb",
                       {"firewall": {"iptables": ["-A OUTPUT -o lo -p tcp --dport 20000:32767 -j REJECT"]}}),
    "apps": Broken("the proxy is unreachable for apps", "traffic", "nothing of the app",
                   {"firewall": {"iptables": ["-A OUTPUT -o lo -m owner --uid-owner 10000-19999 -j REJECT"]}}),
    "settings": Broken("the vendor lets no setting be changed", "route", "WRITE_SECURE_SETTINGS",
                       {"traits": {"settings": "refused"}}, "vendor"),
    "lock": Broken("the screen is locked", "awake", "the screen is locked", {"lock": "secure"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    """The self-test's lines for each device that a test was selected for."""
    home = tmp_path_factory.mktemp("broken")
    wanted = [
        item.callspec.params["name"] for item in request.session.items
        if getattr(item, "module", None) is request.module and hasattr(item, "callspec")
    ]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch, AdbServer.private(home / "adb") as server:
        patch.setenv("XDG_STATE_HOME", str(home / "state"))
        patch.setattr(selftest_lines, "WAIT_S", 15.0)  # for what never comes, too

        def run(name: str) -> list[Check]:
            one = DEVICES[name]
            (place := home / name).mkdir()
            with joined(server, place, one.profile, one.api, **one.state) as device:
                return selftest.run(device.serial)

        with ThreadPoolExecutor(2) as pool:
            yield {name: pool.submit(run, name) for name in wanted}


@pytest.mark.parametrize("name", DEVICES)
def test_it_is_red_and_says_why(
    name: str,
    found: Found,
    printed: Printed,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, checks = DEVICES[name], found[name].result()
    line = by_name(checks)[one.line]
    assert line.state == "fail" and one.said in line.detail, checks
    fixes = set()
    for lang in ("zh", "en"):  # in which the table is
        monkeypatch.setattr("monitor.cli._words._REQUESTED", [lang])
        fixes.add(fix(line))
    assert "" not in fixes and len(fixes) == 2, line
    if one.line in ("tls", "zygote"):
        assert retold("said", line.detail, "zh") != line.detail
    for name in ("undo", "proxy_back"):  # whatever is wrong, it is left as it was
        assert by_name(checks)[name].state == "ok", checks
    options = f"--profile {one.profile}" + (f" --api {one.api}" if one.api != 33 else "")
    printed(f"Wrong: {one.title}", options, one.state, checks)
