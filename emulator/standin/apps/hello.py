"""What the device tells an app's process of itself and of its package."""

import base64
import datetime
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from emulator.standin.files.namespaces import Namespace
from emulator.standin.packages.installed import Component, Package
from emulator.standin.state.device import DeviceState

from .applayer import Process

_SYSTEM_STORE = "/system/etc/security/cacerts"
_APEX_STORE = "/apex/com.android.conscrypt/cacerts"


def hello(state: DeviceState, process: Process, gateway: int) -> dict[str, Any]:
    """The answer to the first message of an app's process (PROTOCOL.md)."""
    package = state.packages[process.package]
    proxy = state.app_proxy()
    kinds = {"activity": "activities", "service": "services", "receiver": "receivers", "provider": "providers"}
    return {
        "uid": package.uid, "sdk": state.sdk, "target_sdk": package.target_sdk, "package": package.name,
        "data_dir": str(state.fs.host(package.data_dir)), "apk": package.apk, "label": package.label,
        "cacerts_dir": str(_trusted(state)), "held": process.held,
        "debuggable": package.debuggable, "props": state.props, "application": package.application,
        "meta_data": package.meta_data,
        "proxy": {"host": proxy[0], "port": proxy[1]} if proxy else None, "gateway": gateway,
        "permissions": {p: state.has_permission(package.name, p) for p in package.requested},
        "components": {kinds[k]: [describe(package, c) for c in package.of_kind(k)] for k in kinds},
    }  # fmt: skip


def _trusted(state: DeviceState) -> Path:
    """The store of certificates as app processes see it."""
    store = _APEX_STORE if state.sdk >= 34 else _SYSTEM_STORE
    fs = state.fs
    if not state.traits.accepts_ca:  # what is there in the namespace, and what TLS takes, are two matters
        return Namespace(fs, sees=False).host(store)
    return Path((fs.zygote or fs).host(store))


def describe(package: Package, component: Component) -> dict[str, Any]:
    """A component as app processes see it."""
    return {
        "kind": component.kind, "package": package.name, "name": component.name, "label": component.label,
        "process": component.process or package.name, "exported": component.exported,
        "authorities": component.authorities, "actions": component.actions, "categories": component.categories,
    }  # fmt: skip


@cache
def certificate(package: str) -> str:
    """DER of a self-signed certificate, base64. Each package has a key of its own: samples are not signed alike."""
    seed = int.from_bytes(hashlib.sha256(f"signer of {package}".encode()).digest()[:31], "big")
    key = ec.derive_private_key(seed + 1, ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, package[:64])])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(seed % 2**64 + 1)
        .not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(days=10_000))
        .sign(key, hashes.SHA256())
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()
