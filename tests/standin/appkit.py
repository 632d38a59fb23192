"""Runs a small app on the app layer alone: no adb, real JVM."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import json
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

from emulator.standin.apps.appside import AppSide
from emulator.standin.apps.runtimes import Runtime
from emulator.standin.packages.apk import read_archive, unpack
from emulator.standin.packages.installed import Package, random_apk_path
from emulator.standin.packages.intents import Intent
from emulator.standin.state.device import DeviceState, load_state
from emulator.standin.window.screen import Node, Window

PROBE = Path(__file__).parent / "apps" / "probe.zip"
PACKAGE = "com.example.probe"
MAIN = Intent("android.intent.action.MAIN", f"{PACKAGE}/.MainActivity")
TIMEOUT = 60.0


class Kit:
    """A device with the probe app installed."""

    def __init__(self, state: DeviceState, app: AppSide, home: Path, truth: Path) -> None:
        self.state, self.app, self.home, self._truth = state, app, home, truth

    def install(self, archive: Path = PROBE, target_sdk: int = 33) -> Package:
        found = read_archive(archive)
        apk = random_apk_path(found.name)
        home = self.state.fs.host(apk).parent
        home.mkdir(parents=True)
        unpack(archive, home)
        shutil.copyfile(archive, home / "base.apk")
        package = Package(
            name=found.name, uid=self.state.new_uid(), apk=apk, target_sdk=target_sdk, debuggable=True,
            label=found.label, application=found.application, process=found.process, requested=found.requested,
            components=found.components, host_apk=home / "base.apk",
        )  # fmt: skip
        self.state.add_package(package)
        self.state.fs.host(package.data_dir).mkdir(parents=True, exist_ok=True)
        return package

    def logged(self, tag: str = "probe", *buffers: str) -> list[str]:
        return [line.message for line in self.state.log.lines(list(buffers or ("main",))) if line.tag == tag]

    def truth(self, what: str) -> list[dict[str, Any]]:
        rows = [json.loads(line) for line in self._truth.read_text("utf-8").splitlines()]
        return [row for row in rows if row["what"] == what]

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        for _ in range(int(TIMEOUT / 0.02)):
            if condition():
                return
            await asyncio.sleep(0.02)
        log = "\n".join(f"{x.tag}: {x.message}" for x in self.state.log.lines(["main", "events", "crash"]))
        raise AssertionError(f"never came true: {what}\n{log[-6000:]}")

    async def logs(self, text: str) -> None:
        await self.until(lambda: text in self.logged(), text)

    def find(self, rid: str = "", text: str = "") -> tuple[Window, Node] | None:
        window = self.state.focused_window()
        for node in walk(window.root) if window else ():
            if (rid and node["rid"].endswith("/" + rid)) or (text and node["text"] == text):
                assert window
                return window, node
        return None

    async def tap(self, rid: str = "", text: str = "") -> None:
        await self.until(lambda: self.find(rid, text), f"node {rid or text}")
        found = self.find(rid, text)
        assert found
        await self.app.click(*found)

    async def type(self, rid: str, value: str) -> None:
        found = self.find(rid)
        assert found
        await self.app.text(*found, value)

    async def ask(self, button: str, code: int, *answers: str) -> str:
        """Taps a button that asks for a permission, answers the dialogs, gives the app's result line."""
        before = len([x for x in self.logged() if x.startswith(f"result {code}")])
        await self.tap(button)
        for answer in answers:
            await self.tap(answer)
        await self.until(lambda: len([x for x in self.logged() if x.startswith(f"result {code}")]) > before, "result")
        await self.until(lambda: self.find(button), "the app in front again")
        return [x for x in self.logged() if x.startswith(f"result {code}")][-1].split(" ", 2)[2]

    def results(self) -> list[tuple[str, int]]:
        """Permission and result of PermissionController's lines."""
        tags = ("GrantPermissionsActivity", "GrantPermissionsViewModel")
        lines = [x for tag in tags for x in self.logged(tag) if x.startswith("Permission grant result ")]
        fields = [dict(part.split("=", 1) for part in line.split() if "=" in part) for line in lines]
        return [(f["permission"].rpartition(".")[2], int(f["result"])) for f in fields]


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("children", []):
        yield from walk(child)


@contextlib.asynccontextmanager
async def device(
    root: Path, settings: dict[str, str] | None = None, runtime: Runtime | None = None
) -> AsyncIterator[Kit]:
    truth = root / "truth.jsonl"
    state = load_state(None, root / "device", truth)
    state.settings["global"].update(settings or {})
    runtime = runtime or Runtime()
    state.props.update(runtime.props)
    app = AppSide(state, runtime)
    state.app = app
    await app.begin()
    try:
        kit = Kit(state, app, root, truth)
        kit.install()
        yield kit
    finally:
        await app.close()
        state.truth.close()


def on_device(scenario: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Makes a test of a coroutine that is given a fresh device, and then what pytest gives it by name."""
    _, *others = inspect.signature(scenario).parameters.values()
    root = inspect.Parameter("tmp_path", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Path)

    @functools.wraps(scenario)
    def test(tmp_path: Path, **given: Any) -> None:
        run(tmp_path, functools.partial(scenario, **given))

    test.__signature__ = inspect.Signature([root, *others])  # type: ignore[attr-defined]
    return test


def run(
    root: Path,
    scenario: Callable[[Kit], Coroutine[Any, Any, None]],
    settings: dict[str, str] | None = None,
    runtime: Runtime | None = None,
) -> None:
    """Runs a scenario on a fresh device."""

    async def whole() -> None:
        async with device(root, settings, runtime) as kit:
            await scenario(kit)

    asyncio.run(whole())
