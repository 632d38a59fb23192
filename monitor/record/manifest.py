"""The session manifest: what was used, on what, with which digests."""

from __future__ import annotations

import json
import platform
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from monitor.device.profile import Profile
from monitor.evidence.bundle import Bundle
from monitor.record.inputs import Inputs, Options, keep_recipients
from monitor.session import Device, Record, Session, Versions


def package_version(name: str) -> str:
    """The installed version of a package, empty if it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def versions() -> Versions:
    """Versions of everything that measures."""
    return Versions(
        monitor=package_version("app-privacy-monitor"),
        python=platform.python_version(),
        frida=package_version("frida"),
        java_bridge=package_version("frida-tools"),
        mitmproxy=package_version("mitmproxy"),
        adbutils=package_version("adbutils"),
        host=f"{platform.system()} {platform.machine()}",
    )


def device(profile: Profile) -> Device:
    """The device as its properties say; its serial number is not kept."""
    return Device(
        model=profile.model,
        manufacturer=profile.manufacturer,
        hardware=profile.hardware,
        android=profile.android,
        api_level=profile.api_level,
        fingerprint=profile.fingerprint,
        abi=profile.abi,
        root=profile.root,
        emulator=profile.emulator,
        patch=profile.patch,
        locale=profile.locale,
    )


def complete(session: Session, inputs: Inputs, options: Options, bundle: Bundle) -> None:
    """Put the exact inputs into the bundle and their digests into the manifest."""
    session.versions = versions()
    session.scenario = inputs.scenario.name
    text = inputs.scenario.text.encode()
    session.scenario_sha256 = sha256(text).hexdigest()
    bundle.add_input("scenario.yaml", text)
    if inputs.declaration_path:
        session.declaration_sha256 = bundle.add_input("declaration.yaml", inputs.declaration_path.read_bytes())
    bundle.add_input("catalogue.json", _json([row.model_dump(by_alias=True) for row in inputs.rows]))
    keep_recipients(bundle, inputs.organisations, options.recipients)
    session.digests = inputs.digests
    session.packs = list(options.packs)
    session.profile = options.profile
    if options.record:
        session.record = Record.model_validate(options.record)


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=0).encode() + b"\n"
