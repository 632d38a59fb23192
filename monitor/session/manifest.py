"""The session manifest ``data/session.json``: what was run, with which tools, on which device, and how it ended.

For testers every field is optional. ``require_record`` names what the profile ``cn-enforcement`` requires and lacks.
"""

from __future__ import annotations

import contextlib
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from monitor.base.errors import EvidenceDamaged, InputError
from monitor.events import SCHEMA


class Model(BaseModel):
    """Base class: unknown keys are refused, so that a newer manifest is never half understood."""

    model_config = ConfigDict(extra="forbid")


class Versions(Model):
    """Versions of the measuring tools. Empty = not used in this run."""

    monitor: str = ""
    python: str = ""
    frida: str = ""
    java_bridge: str = ""
    mitmproxy: str = ""
    adbutils: str = ""
    host: str = ""


#: The package of each tool.
_PACKAGES = {
    "monitor": "app-privacy-monitor", "frida": "frida", "java_bridge": "frida-tools", "mitmproxy": "mitmproxy",
    "adbutils": "adbutils",
}  # fmt: skip


def tool_versions() -> Versions:
    """Versions of everything that measures, read from the installed packages' metadata: nothing is imported."""
    found = Versions(python=platform.python_version(), host=f"{platform.system()} {platform.machine()}")
    for name, package in _PACKAGES.items():
        with contextlib.suppress(PackageNotFoundError):
            setattr(found, name, version(package))
    return found


class Device(Model):
    """The device, as its own properties say. ``hardware`` is ``ro.hardware``: ``standin`` for the stand-in."""

    serial_tag: str = ""
    """Keyed tag of the serial number; the number itself is not kept."""
    model: str = ""
    manufacturer: str = ""
    hardware: str = ""
    android: str = ""
    api_level: int = 0
    fingerprint: str = ""
    runtime: str = ""
    """The runtime of the app on the stand-in, which has two (``ro.standin.runtime``); otherwise empty."""
    containment: str = ""
    """The app's sandbox where it is not Android's (``ro.standin.containment``), otherwise empty."""
    abi: str = ""
    root: str = ""
    """none, su, adbd or emulator."""
    emulator: bool = False
    patch: str = ""
    locale: str = ""

    @property
    def contained(self) -> bool:
        """Whether the app could reach nothing of the recorder's; on Android the system ensures this."""
        kind, _, rest = self.containment.partition(", ")
        return not self.standin or (kind not in ("", "none") and rest.endswith("private network"))

    @property
    def standin(self) -> bool:
        """Whether this was the stand-in device and not Android."""
        return self.hardware == "standin"

    @property
    def art(self) -> bool:
        """Whether the stand-in ran the app on the Android Runtime and not on a JVM."""
        return self.standin and self.runtime.startswith("ART ")


class App(Model):
    """The app under test. ``apk_sha256`` covers the file that was installed, or the base APK on the device."""

    package: str = ""
    version: str = ""
    version_code: int = 0
    label: str = ""
    apk_sha256: str = ""
    apk_md5: str = ""
    apk_bytes: int = 0
    target_sdk: int = 0
    signer_sha256: str = ""
    app_type: str = ""
    permissions: list[str] = []
    entries: list[str] = []
    """The application class and the launcher's activities, as the manifest names them."""


class Clock(Model):
    """A clock's offset to the host's (remote - host) and its bound, in microseconds, and when it was measured."""

    source: str
    offset: int
    err: int
    t: int


class Item(Model):
    """A line of the list of electronic data (电子数据清单)."""

    name: str
    kind: str = ""
    format: str = ""
    bytes: int = 0
    sha256: str = ""
    sm3: str = ""


class Deviation(Model):
    """A departure from the procedure, with its reason."""

    what: str
    reason: str


class Record(Model):
    """What an official record of extraction requires (法发〔2016〕22号 art. 14), and what a laboratory writes on its
    report. All optional for testers."""

    profile: Literal["", "cn-enforcement"] = ""
    report_no: str = ""
    client: str = ""
    laboratory: str = ""
    contact: str = ""
    """The laboratory's address and telephone."""
    app_name: str = ""
    """The app's name, where its package states none that could be read."""
    source: str = ""
    """Where the sample came from."""
    received: str = ""
    """When the sample was received."""
    issued: str = ""
    """When the report is issued."""
    reviewer: str = ""
    approver: str = ""
    case_no: str = ""
    cause: str = ""
    object: str = ""
    place: str = ""
    operators: list[str] = []
    witness: str = ""
    holder: str = ""
    method: str = ""
    environment: str = ""
    items: list[Item] = []
    deviations: list[Deviation] = []
    video: str = ""


#: Fields of ``record`` that the profile ``cn-enforcement`` requires. ``witness`` or ``holder``: one of the two.
REQUIRED_RECORD = ("case_no", "cause", "place", "operators")


class Session(Model):
    """One recording. Times in microseconds since the epoch; 0 = not known."""

    schema_number: int = Field(SCHEMA, alias="schema")
    id: str = ""
    versions: Versions = Versions()
    device: Device = Device()
    app: App = App()
    scenario: str = ""
    scenario_sha256: str = ""
    declaration_sha256: str = ""
    packs: list[str] = []
    profile: str = ""
    digests: dict[str, dict[str, str]] = {}
    """What was loaded, by SHA-256: ``tables`` by group, ``own-rules`` by file, ``program`` by part (agent, hooks)."""
    proxy_mode: str = ""
    """sinkhole, normal or none."""
    unpinning: str = ""
    """none (session CA not installed), ca (installed in the system store) or hooks (the app's own checks also bypassed:
    a deviation); empty = no proxy."""
    frida_start: str = ""
    """spawn, held, attach or none: how the hooks were installed; the first two precede the app's first line of code."""
    hooks_ready: int = 0
    """When the hooks were in place."""
    process_start: int = 0
    clocks: list[Clock] = []
    start: int = 0
    end: int = 0
    ended: str = ""
    """done, interrupted, failed or recovered."""
    cause: str = ""
    """Why it ended early, in one line; empty = it did not."""
    lateness_us: int = 0
    """By how much, in microseconds, an event came later into the log than a newer one, at most: what an analysis has to
    wait for. A busy machine makes it long."""
    utc_offset: int = 0
    """Minutes by which the recording machine's local time was ahead of UTC."""
    counters: dict[str, int] = {}
    """Events by kind, losses by component …"""
    operator: str = ""
    key: str = ""
    """SHA-256 of the public key that seals (its 32 raw bytes, hex)."""
    imported: str = ""
    """Format of a recording made elsewhere (har, mitm), else empty."""
    record: Record = Record()

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    def encode(self) -> bytes:
        """The manifest as indented JSON with newline."""
        return self.model_dump_json(by_alias=True, indent=1).encode() + b"\n"

    @classmethod
    def decode(cls, data: bytes, where: str = "data/session.json") -> Session:
        """The manifest of a file. Raises ``EvidenceDamaged``."""
        try:
            session = cls.model_validate_json(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise EvidenceDamaged(
                f"not a session manifest: {place or 'document'}: {first['msg']}", where=where
            ) from None
        if session.schema_number > SCHEMA:
            raise EvidenceDamaged(
                f"written by a newer version (schema {session.schema_number})", where=where, hint="update the monitor"
            )
        return session


def require_record(record: Record) -> None:
    """Refuse a record that claims the profile ``cn-enforcement`` and lacks a field. Raises ``InputError``."""
    if record.profile != "cn-enforcement":
        return
    missing = [name for name in REQUIRED_RECORD if not getattr(record, name)]
    if not (record.witness or record.holder):
        missing.append("witness or holder")
    if missing:
        raise InputError(
            f"the record lacks {', '.join(missing)}", where="record", hint="profile cn-enforcement needs it"
        )
