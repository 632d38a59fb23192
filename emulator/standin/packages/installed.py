"""What is installed: packages, their components, permission grants and flags, uses of app ops."""

import secrets
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path


class Flag(IntEnum):
    """Bits of a permission's flags, as Android defines them."""

    USER_SET = 1
    USER_FIXED = 2
    POLICY_FIXED = 4
    REVOKED_COMPAT = 8
    SYSTEM_FIXED = 16
    GRANTED_BY_DEFAULT = 32
    REVIEW_REQUIRED = 64
    REVOKE_WHEN_REQUESTED = 128
    USER_SENSITIVE_WHEN_GRANTED = 256
    USER_SENSITIVE_WHEN_DENIED = 512
    ONE_TIME = 65536
    AUTO_REVOKED = 131072


@dataclass
class Component:
    """One activity, service, receiver or provider of a package. ``name`` is the full class name."""

    kind: str
    name: str
    process: str
    exported: bool = False
    authorities: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    label: str = ""

    @property
    def launcher(self) -> bool:
        return "android.intent.action.MAIN" in self.actions and "android.intent.category.LAUNCHER" in self.categories


@dataclass
class Grant:
    """State of one requested runtime permission."""

    granted: bool = False
    flags: int = Flag.USER_SENSITIVE_WHEN_GRANTED | Flag.USER_SENSITIVE_WHEN_DENIED


@dataclass(kw_only=True)
class Declared:
    """What a package's manifest says of it."""

    name: str
    version_code: int = 1
    version_name: str = ""
    min_sdk: int = 1
    target_sdk: int = 1
    debuggable: bool = False
    application: str = ""
    process: str = ""
    label: str = ""
    shared_user: str = ""
    """The name of a uid that several packages have, if their manifests say so."""
    requested: list[str] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    meta_data: dict[str, str] = field(default_factory=dict)
    """Name to value as written, of the application itself."""


@dataclass(kw_only=True)
class Package(Declared):
    """An installed package. ``apk`` is a device path; ``host_apk`` the real file (None for system packages)."""

    uid: int
    apk: str
    system: bool = False
    abi: str = ""
    splits: list[str] = field(default_factory=list)
    grants: dict[str, Grant] = field(default_factory=dict)
    first_install_ms: int = 0
    last_update_ms: int = 0
    stopped: bool = True
    installer: str = "com.android.shell"
    host_apk: Path | None = None

    @property
    def data_dir(self) -> str:
        return f"/data/user/0/{self.name}"

    def of_kind(self, kind: str) -> list[Component]:
        return [c for c in self.components if c.kind == kind]

    def component(self, name: str) -> Component | None:
        """That of a full class name."""
        return next((c for c in self.components if c.name == name), None)

    def launchers(self) -> list[Component]:
        return [c for c in self.components if c.kind == "activity" and c.launcher]


def random_apk_path(name: str) -> str:
    """``/data/app/~~…==/pkg-…==/base.apk``: two random directories, as Android 11 and later."""
    return f"/data/app/~~{secrets.token_urlsafe(16)}==/{name}-{secrets.token_urlsafe(16)}==/base.apk"
