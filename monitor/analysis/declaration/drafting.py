"""A declaration drafted from a session: what was observed, for the operator to complete and take responsibility for."""

from collections.abc import Mapping
from typing import Any, Final

import yaml

from monitor.analysis.declaration.observed import Observed
from monitor.analysis.guarded import short
from monitor.base.errors import printable
from monitor.events import SENSITIVE
from monitor.knowledge.tables import UNLISTED, Organisation, Sdk
from monitor.session.declaration import Declaration

_HEAD: Final = (
    "# DRAFT, not yet a declaration: based on one session. What the session did not exercise is missing.",
    "# 草稿：仅依据一次检测的观察结果生成，未触发的行为不在其中；应核对并补全后使用。",
    "# Complete every purpose, legal basis, role and retention period, remove what should not happen, then run:",
    "#   monitor declaration check FILE",
)
_ROLES: Final = "unknown"


def draft(
    observed: Observed, app: Mapping[str, Any], manifest: list[str], own: Declaration, *,
    sdks: Mapping[str, Sdk], organisations: Mapping[str, Organisation],
) -> str:  # fmt: skip
    """YAML text. ``app``: package and version; ``manifest``: its permissions; ``own``: an earlier declaration, for
    the operator's own block only."""
    made = Drafted(observed, manifest, sdks, organisations)
    data: dict[str, Any] = {
        "app": {"package": app.get("package", ""), "version": app.get("version", "")},
        "operator": _operator(observed, own),
        **{name: made.block(name) for name in ("collection", "permissions", "sdks", "recipients")},
        "complaints": {"channels": [], "deadline_working_days": 15},
        "policy": {"url": "", "version": "", "date": ""},
    }
    notes = [
        f"# Unreadable (no statement about it here): {printable(host, 100)}" for host in sorted(observed.unread)[:50]
    ]
    body = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
    return "\n".join([*_HEAD, *notes, body])


class Drafted:
    """Entries of a declaration for what a session showed, one at a time."""

    def __init__(
        self,
        observed: Observed,
        manifest: list[str],
        sdks: Mapping[str, Sdk],
        organisations: Mapping[str, Organisation],
    ) -> None:
        self._observed = observed
        self._manifest = manifest
        self._sdks = sdks
        self._organisations = organisations

    def block(self, name: str) -> list[dict[str, Any]]:
        """A whole block: collection, permissions, sdks or recipients."""
        if name == "permissions":
            return _permissions(self._observed, self._manifest)
        table, kind = {
            "collection": (self._observed.types, "data_type"),
            "sdks": (self._observed.sdks, "sdk"),
            "recipients": (self._observed.recipients, "recipient"),
        }[name]
        return [self.entry(kind, one) for one in sorted(table)]

    def entry(self, kind: str, name: str) -> dict[str, Any]:
        """The entry of one thing: data_type, sdk, recipient or permission."""
        if kind == "data_type":
            return _collection(name, self._observed)
        if kind == "sdk":
            return _sdk(name, self._observed, self._sdks)
        if kind == "recipient":
            return _recipient(name, self._observed, self._organisations)
        full = [one for one in {*self._observed.permissions, *self._manifest} if short(one) == name]
        return {"name": min(full, default=name), "function": "", "purpose_text": ""}

    def known(self, kind: str, name: str) -> frozenset[str]:
        """Names by which an entry can go that is this SDK or recipient, lower case; prefixes and hosts as they are."""
        if kind == "sdk":
            sdk = self._sdks.get(name)
            names = [name, *((sdk.name, sdk.name_zh) if sdk else ())]
            return frozenset([one.casefold() for one in names if one] + (list(sdk.packages) if sdk else []))
        org = self._organisations.get(name)
        names = [name, *((org.name, org.name_zh) if org else ())]
        seen = self._observed.recipients.get(name)
        return frozenset([one.casefold() for one in names if one] + sorted(seen.hosts if seen else ()))


def open_points(declaration: Declaration) -> list[tuple[str, str]]:
    """What a valid declaration leaves open: place and reason (keys of the text catalogue)."""
    operator, policy = declaration.operator, declaration.policy
    alone = {
        "operator.name": operator.name,
        "operator.domains": operator.domains,
        "policy.url": policy.url,
        "complaints.channels": declaration.complaints.channels,
        "withdrawal.paths": declaration.withdrawal.paths,
        "rights": declaration.rights,
        "app.type_39": declaration.app.type_39,
    }
    said: list[tuple[str, str, object]] = []
    for item in declaration.collection or []:
        place, general = f"collection.{item.data_type}", item.data_type not in SENSITIVE
        said += (place, "purpose", item.purpose), (place, "sensitive", item.sensitive or general)
    for permission in declaration.permissions or []:
        said.append(
            (f"permissions.{short(permission.name)}", "purpose", permission.purpose_text or permission.function)
        )
    for sdk in declaration.sdks or []:
        place = f"sdks.{sdk.name}"
        said += (place, "purpose", sdk.purposes), (place, "prefixes", sdk.id or sdk.package_prefixes)
    for recipient in declaration.recipients or []:
        place = f"recipients.{recipient.org}"
        said += (place, "role", recipient.role != "unknown"), (place, "purpose", recipient.purpose)
    blocks = ("collection", "permissions", "sdks", "recipients")
    said += [(name, "block", getattr(declaration, name) is not None) for name in blocks]
    said += [(name, "empty", value) for name, value in alone.items()]
    return [(place, why) for place, why, value in said if not value]


def _operator(observed: Observed, own: Declaration) -> dict[str, Any]:
    hosts = sorted({host for seen in observed.own.values() for host in seen.hosts})
    domains = list(own.operator.domains) or hosts
    return {"name": own.operator.name, "org": own.operator.org, "domains": domains}


def _collection(name: str, observed: Observed) -> dict[str, Any]:
    seen = observed.types[name]
    entry: dict[str, Any] = {"data_type": name, "purpose": "", "legal_basis": "13(1)"}
    if name in SENSITIVE:
        entry["sensitive"] = True
    if seen.sdks:
        entry["method"] = "SDK: " + ", ".join(sorted(seen.sdks))
    return entry


def _permissions(observed: Observed, manifest: list[str]) -> list[dict[str, Any]]:
    return [{"name": name, "function": "", "purpose_text": ""} for name in sorted({*observed.permissions, *manifest})]


def _sdk(name: str, observed: Observed, sdks: Mapping[str, Sdk]) -> dict[str, Any]:
    seen, known = observed.sdks[name], sdks.get(name)
    unlisted = name.removeprefix(UNLISTED) if name.startswith(UNLISTED) else ""
    return {
        "name": known.name if known else unlisted or name,
        "id": name if known else "",
        "vendor": known.vendor if known else "",
        "package_prefixes": list(known.packages) if known else [unlisted] if unlisted else [],
        "data_types": sorted(seen.data_types),
        "purposes": [],
        "hosts": sorted(seen.hosts),
    }


def _recipient(name: str, observed: Observed, organisations: Mapping[str, Organisation]) -> dict[str, Any]:
    seen, known = observed.recipients[name], organisations.get(name)
    entry: dict[str, Any] = {
        "org": name,
        "role": _ROLES,
        "data_types": sorted(seen.data_types),
        "purpose": "",
        "hosts": sorted(seen.hosts),
    }
    if known and known.country != "unknown":
        entry["region"] = known.country
    return entry
