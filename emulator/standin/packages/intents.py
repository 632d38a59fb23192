"""Intents: what they hold, how they travel, and what they resolve to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .installed import Component, Package

MAIN, LAUNCHER = "android.intent.action.MAIN", "android.intent.category.LAUNCHER"


@dataclass
class Intent:
    """What `am` and apps start things with. ``component`` is ``pkg/full.Class`` or empty."""

    action: str = ""
    component: str = ""
    package: str = ""
    data: str = ""
    mime: str = ""
    categories: list[str] = field(default_factory=list)
    flags: int = 0
    extras: dict[str, Any] = field(default_factory=dict)

    @property
    def target_package(self) -> str:
        return self.component.split("/", 1)[0] if self.component else self.package

    def short(self) -> str:
        """As Android prints it: ``act=… cat=[…] dat=… flg=0x… pkg=… cmp=…``."""
        parts = {
            f"act={self.action}": self.action,
            f"cat=[{','.join(self.categories)}]": self.categories,
            f"dat={self.data}": self.data,
            f"typ={self.mime}": self.mime,
            f"flg=0x{self.flags:x}": self.flags,
            f"cmp={short_component(self.component)}": self.component,
            f"pkg={self.package}": self.package and not self.component,
            "(has extras)": self.extras,
        }
        return " ".join(part for part, there in parts.items() if there)


def short_component(component: str) -> str:
    """``com.a/com.a.Main`` → ``com.a/.Main``."""
    package, _, name = component.partition("/")
    return f"{package}/{name[len(package) :]}" if name.startswith(package + ".") else component


def full_component(component: str) -> str:
    """``com.a/.Main`` → ``com.a/com.a.Main``."""
    package, _, name = component.partition("/")
    return f"{package}/{package}{name}" if name.startswith(".") else component


def resolve(
    packages: Mapping[str, Package], intent: Intent, kind: str = "activity"
) -> tuple[Package, Component] | None:
    """The component an intent means, None if there is none."""
    if intent.component:
        name, _, cls = full_component(intent.component).partition("/")
        package = packages.get(name)
        found = package.component(cls) if package else None
        return (package, found) if package and found and found.kind == kind else None
    for package in packages.values():
        if intent.package and package.name != intent.package:
            continue
        for component in package.of_kind(kind):
            if intent.action in component.actions and all(c in component.categories for c in intent.categories):
                return package, component
    return None


def system_screen(intent: Intent) -> str:
    """A screen of the system that an intent opens (browser, settings, dialler …), "" if none."""
    action = intent.action
    if action.startswith("android.settings."):
        return "com.android.settings/com.android.settings.Settings"
    if action == "android.intent.action.VIEW" and intent.data.startswith(("http:", "https:")):
        return "com.android.browser/com.android.browser.BrowserActivity"
    if action in ("android.intent.action.DIAL", "android.intent.action.CALL"):
        return "com.android.dialer/com.android.dialer.DialtactsActivity"
    if action in ("android.intent.action.CHOOSER", "android.intent.action.SEND"):
        return "android/com.android.internal.app.ChooserActivity"
    if MAIN in action and "android.intent.category.HOME" in intent.categories:
        return "com.android.launcher3/com.android.launcher3.Launcher"
    return ""


def wire(intent: Intent) -> dict[str, Any]:
    """An intent as events carry it."""
    return dict(vars(intent))


def read_intent(a: dict[str, Any]) -> Intent:
    """An intent as requests carry it."""

    def text(key: str) -> str:
        return str(a.get(key) or "")[:4000]

    flags, extras, categories = a.get("flags", 0), a.get("extras"), a.get("categories")
    return Intent(
        text("action"), text("component"), text("package"), text("data"), text("mime"),
        [str(c) for c in categories] if isinstance(categories, list) else [],
        flags if isinstance(flags, int) else 0,
        extras if isinstance(extras, dict) else {},
    )  # fmt: skip
