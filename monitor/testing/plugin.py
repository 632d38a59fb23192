"""The pytest plugin: the fixture ``privacy_session`` records a session and returns its ``Assessed``.

The monitor is not loaded before a test requests the fixture. With several workers each has its own stand-in device;
real devices are assigned by ``--privacy-devices SERIAL,SERIAL``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from monitor.testing import Assessed

_BUNDLES = pytest.StashKey[list[Path]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin."""
    group = parser.getgroup("privacy")
    group.addoption("--privacy-devices", default="", help="adb serials, one per worker; default: the stand-in device")


@pytest.fixture
def privacy_session(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Assessed]]:
    """``privacy_session(scenario, app="", declaration=None)``: records it once and returns its ``Assessed``.

    Raises what ``monitor run`` reports: ``InputError``, ``EnvironmentFault``; a session that ended early fails the
    test.
    """
    from monitor.base.errors import MonitorError
    from monitor.record import Options, record
    from monitor.testing import Assessed

    bundles = request.node.stash.setdefault(_BUNDLES, [])

    def run(scenario: str, app: str = "", declaration: Path | str | None = None, **more: Any) -> Assessed:
        __tracebackhide__ = True
        out = tmp_path_factory.mktemp("privacy") / "bundle"
        bundles.append(out)
        options = Options(
            scenario=str(scenario), out=out, app=str(app), device=_device(request.config),
            declaration=Path(declaration) if declaration else None, **more,
        )  # fmt: skip
        try:
            outcome = record(options, _Quiet())
            fault = outcome.fault
        except MonitorError as error:
            fault = error
        if fault is not None:  # what is wrong is in its one line; where the monitor noticed it helps nobody
            raise fault.with_traceback(None) from None
        if outcome.steps is None or outcome.steps.failed:
            pytest.fail(f"the session ended early: {outcome.steps and outcome.steps.failed}")
        return Assessed(out)

    yield run


def _device(config: pytest.Config) -> str:
    serials = [one for one in str(config.getoption("--privacy-devices")).split(",") if one]
    if not serials:
        return "standin"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    number = int(worker) if worker.isdigit() else 0
    if number >= len(serials):
        raise pytest.UsageError(f"worker {number} has no device: --privacy-devices names {len(serials)}")
    return serials[number]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Name the bundles that a failing test recorded."""
    outcome: Any = yield
    report = outcome.get_result()
    bundles = [path for path in item.stash.get(_BUNDLES, []) if path.is_dir()]
    if report.failed and bundles:
        report.sections.append(("privacy evidence", "\n".join(str(path) for path in bundles)))
        item.user_properties += [("privacy_bundle", str(path)) for path in bundles]


class _Quiet:
    def stage(self, key: str) -> None: ...

    def step(self, step: object) -> None: ...

    def event(self, event: object) -> None: ...

    def finding(self, finding: object) -> None: ...
