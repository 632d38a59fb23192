"""The situations a library is put into: its host app, what that calls when, and what the session does."""

import copy
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple
from xml.etree import ElementTree

import yaml

from monitor.base import errors, process
from monitor.record.sdk.library import ANDROID, Library
from monitor.scenario.apps import bundled_app, zipped
from monitor.session.declaration import Declaration, DeclaredSdk

#: The app around a library.
PACKAGE: Final = "com.example.sdkhost"
_HOST: Final = "sdkhost"
_PERMISSION: Final = re.compile(r"[A-Za-z][\w.]{0,255}\Z", re.ASCII)
_COMPONENTS: Final = ("activity", "service", "receiver", "provider", "meta-data")
ElementTree.register_namespace("android", ANDROID.strip("{}"))
_ACCEPT: Final = "同意并继续|同意|agree.*|accept.*"
_REFUSE: Final = "不同意.*|拒绝|暂不同意|.*disagree.*|decline|reject"
_CALLS_MS: Final = 60_000
Answer = Literal["", "accept", "reject"]


class Trial(NamedTuple):
    """One situation to be played. ``skip``: why it is not; ``decided``: its window begins when the user decided so
    (empty = at the start), and ends when the user decided ``until``."""

    name: str
    consent: bool
    answer: Answer = "accept"
    withdraw: bool = False
    permission: str = "all"
    """``all``, ``none`` or a permission."""
    second: bool = False
    offline: bool = False
    early: tuple[str, ...] = ("before_consent",)
    """Entry points (by ``when``) that are called at the app's start."""
    skip: str = ""

    @property
    def begins(self) -> str:
        """State of consent at which the window begins; empty = the start."""
        return "withdrawn" if self.withdraw else {"accept": "granted", "reject": "denied", "": ""}[self.answer]


def trials(sdk: DeclaredSdk, permissions: Sequence[str], kind: str) -> list[Trial]:
    """All situations for a library of this kind (jar, aar, apk). Those that cannot be played say why: of a jar nothing
    runs that is not called, while an AAR may bring components that start by themselves."""
    whens = {entry.when for entry in sdk.entry_points}
    idle = "no_call" if kind == "jar" and "before_consent" not in whens else ""
    app = "app" if kind == "apk" else ""
    return [
        Trial("before_consent", False, answer="", skip=idle),
        Trial("too_early", False, answer="", early=("before_consent", "after_consent"),
              skip=app or ("" if "after_consent" in whens else "no_after")),
        Trial("after_consent", True),
        Trial("refused", False, answer="reject", skip="" if "refusal" in whens else idle),
        Trial("withdrawn", False, withdraw=True),
        Trial("no_permission", True, permission="none"),
        Trial("second_process", True, second=True, skip=app),
        Trial("offline", True, offline=True),
        *(Trial(f"with:{name.rpartition('.')[2]}", True, permission=name) for name in permissions),
    ]  # fmt: skip


def plan(trial: Trial, sdk: DeclaredSdk) -> dict[str, Any]:
    """``assets/plan.json`` of the host: lists of calls by the moment they are made in."""

    def calls(*whens: str) -> list[dict[str, Any]]:
        return [
            {"name": entry.title, "class": entry.cls, "method": entry.method, "args": entry.args, "on": entry.on}
            for entry in sdk.entry_points if entry.when in whens
        ]  # fmt: skip

    return {
        "second": trial.second,
        "early": calls(*trial.early),
        "agreed": calls("after_consent") if "after_consent" not in trial.early else [],
        "refused": calls("refusal"),
        "withdrawn": calls("withdrawal"),
    }


def scenario(trial: Trial, declaration: Declaration, app: str, watch_s: int) -> str:
    """The session's script. ``app``: the package; the host is watched for the end of its calls."""
    host = app == PACKAGE
    permissions = {} if trial.permission == "none" else {trial.permission: "allow"}
    # Time for what runs later, in front and behind, with the system's dialogs answered.
    watch = [
        _prompts(), {"idle": f"{watch_s}s"}, _prompts(), {"background": "1s"}, "foreground",
        {"idle": f"{max(1, watch_s // 2)}s"},
    ]  # fmt: skip
    steps: list[Any] = [
        *([{"network": "off"}] if trial.offline else []),
        {"launchApp": {"clearState": True, "permissions": permissions}},
        {"extendedWaitUntil": {"visible": _ACCEPT, "timeout": "60s"}},
    ]
    if not trial.answer:
        # The host shows what became of its calls below the dialog; what follows is out of the window.
        steps += [*watch, _policy("reject", _REFUSE)]
        steps += [_made("early"), {"takeScreenshot": "calls"}] if host else []
        return _written(trial, app, steps)
    accepted = trial.answer == "accept"
    steps.append(_policy(trial.answer, _ACCEPT if accepted else _REFUSE))
    if host:
        steps += [_prompts(), _made("agreed" if accepted else "refused")]
    if trial.withdraw:
        steps += [_prompts(), {"idle": "2s"}]
        path = next(iter(declaration.withdrawal.paths), [])
        withdrawal = {"withdraw": {"path": path} if path else {}}
        steps += [_policy("withdraw", "撤回同意"), _made("withdrawn")] if host else [withdrawal]
    return _written(trial, app, [*steps, *watch, {"takeScreenshot": "calls"}])


def _policy(decision: str, tap_on: str) -> dict[str, Any]:
    return {"consent": {"scope": "policy", "decision": decision, "tapOn": tap_on}}


def _made(calls: str) -> dict[str, Any]:
    return {"extendedWaitUntil": {"visible": f"calls {calls} made", "timeout": _CALLS_MS}}


def _prompts() -> dict[str, Any]:
    """Permission dialogs are refused: what is allowed is allowed from the start."""
    refusal = {"permission": {"decision": "deny", "optional": True}}
    shown = {"visible": {"id": "permission_deny.*button"}}
    return {"repeat": {"times": 5, "while": shown, "commands": [refusal]}}


def _written(trial: Trial, app: str, steps: list[Any]) -> str:
    header = {"appId": app, "name": f"sdk-{trial.name}".replace(":", "-"), "tags": ["sdk"]}
    return yaml.safe_dump_all([header, steps], allow_unicode=True, sort_keys=False)


def make_host(library: Library, plan: dict[str, Any], permissions: list[str], into: Path) -> Path:
    """Write the app around a library to ``into``: the bundled host, the library's classes, what its manifest asks for,
    and the plan. ``permissions`` are asked for beside those of the library's own manifest. Raises ``InputError`` for a
    manifest that cannot be merged, ``EnvironmentFault`` if the file cannot be written."""
    with process.Scratch() as scratch, zipfile.ZipFile(bundled_app(_HOST, scratch.path)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["AndroidManifest.xml"] = _merged(files["AndroidManifest.xml"], library, permissions, bool(plan.get("second")))
    for path, data in {**library.resources, **library.classes}.items():
        files.setdefault(f"classes/{path}", data)
    files |= library.assets
    files["assets/plan.json"] = json.dumps(plan, ensure_ascii=False, indent=1).encode()
    return zipped(into, files)


def _merged(base: bytes, library: Library, permissions: list[str], second: bool) -> bytes:
    """The host's manifest with what the library's brings: permissions, components, meta-data. ``second``: with the
    host's own second process. Android holds only one at its start, and a library may have one of its own."""
    root = ElementTree.fromstring(base)
    app = root.find("application")
    assert app is not None
    for service in app.findall("service") if not second else ():
        app.remove(service)
    known = {element.get(f"{ANDROID}name", "") for element in root.findall("uses-permission")}
    for name in [*library.permissions, *permissions]:
        if not _PERMISSION.match(name):
            raise errors.InputError(f"not a permission: {name[:80]!r}", where=str(library.path))
        if name not in known:
            known.add(name)
            root.insert(1, ElementTree.Element("uses-permission", {f"{ANDROID}name": name}))
    if library.manifest is not None:
        package = library.manifest.get("package", "")
        for kind in _COMPONENTS:
            app.extend(_placed(element, package) for element in library.manifest.findall(f"application/{kind}"))
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root)


def _placed(component: ElementTree.Element, package: str) -> ElementTree.Element:
    """A component of the library as one of the host: full class name, the host's id, nothing of the build tools."""
    placed = copy.deepcopy(component)
    for element in placed.iter():
        for key, value in list(element.attrib.items()):
            if not key.startswith(ANDROID):
                del element.attrib[key]
            else:
                element.set(key, value.replace("${applicationId}", PACKAGE))
    name = placed.get(f"{ANDROID}name", "")
    if placed.tag != "meta-data" and package and (name.startswith(".") or "." not in name):
        placed.set(f"{ANDROID}name", f"{package}.{name.lstrip('.')}")
    return placed
