"""The app around a library: the bundled host, the library's classes and what its manifest asks for, and a plan."""

import copy
import json
import re
import zipfile
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from monitor.base.errors import InputError
from monitor.base.process import Scratch
from monitor.record.sdk.library import ANDROID, Library
from monitor.scenario.apps import bundled_app, zipped

PACKAGE: Final = "com.example.sdkhost"
_NAME: Final = "sdkhost"
_PERMISSION: Final = re.compile(r"[A-Za-z][\w.]{0,255}\Z", re.ASCII)
_COMPONENTS: Final = ("activity", "service", "receiver", "provider", "meta-data")
ElementTree.register_namespace("android", ANDROID.strip("{}"))


def make(library: Library, plan: dict[str, Any], permissions: list[str], into: Path) -> Path:
    """Write the app to ``into``. ``permissions`` are asked for beside those of the library's own manifest.

    Raises ``InputError`` for a manifest that cannot be merged, ``EnvironmentFault`` if the file cannot be written.
    """
    with Scratch() as scratch:
        base = bundled_app(_NAME, scratch.path)
        with zipfile.ZipFile(base) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    files["AndroidManifest.xml"] = merged(files["AndroidManifest.xml"], library, permissions, bool(plan.get("second")))
    for path, data in {**library.resources, **library.classes}.items():
        files.setdefault(f"classes/{path}", data)
    files |= library.assets
    files["assets/plan.json"] = json.dumps(plan, ensure_ascii=False, indent=1).encode()
    return zipped(into, files)


def merged(base: bytes, library: Library, permissions: list[str], second: bool = True) -> bytes:
    """The host's manifest with what the library's brings: permissions, components, meta-data. ``second``: with the
    host's own second process. Android holds only one at its start, and a library may have one of its own."""
    root = ElementTree.fromstring(base)
    app = root.find("application")
    assert app is not None
    for service in app.findall("service") if not second else ():
        app.remove(service)
    known = {one.get(f"{ANDROID}name", "") for one in root.findall("uses-permission")}
    for name in [*library.permissions, *permissions]:
        if not _PERMISSION.match(name):
            raise InputError(f"not a permission: {name[:80]!r}", where=str(library.path))
        if name not in known:
            known.add(name)
            root.insert(1, ElementTree.Element("uses-permission", {f"{ANDROID}name": name}))
    if library.manifest is not None:
        package = library.manifest.get("package", "")
        for kind in _COMPONENTS:
            for one in library.manifest.findall(f"application/{kind}"):
                app.append(_placed(one, package))
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root)


def _placed(component: ElementTree.Element, package: str) -> ElementTree.Element:
    """A component of the library as one of the host: full class name, the host's id, nothing of the build tools."""
    one = copy.deepcopy(component)
    for element in one.iter():
        for key, value in list(element.attrib.items()):
            if not key.startswith(ANDROID):
                del element.attrib[key]
            else:
                element.set(key, value.replace("${applicationId}", PACKAGE))
    name = one.get(f"{ANDROID}name", "")
    if one.tag != "meta-data" and package and (name.startswith(".") or "." not in name):
        one.set(f"{ANDROID}name", f"{package}.{name.lstrip('.')}")
    return one
