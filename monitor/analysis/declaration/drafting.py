"""A declaration drafted from a session: what was observed, for the operator to complete and take responsibility for."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, Final

import yaml

from monitor.analysis.declaration.observed import Observed
from monitor.analysis.guarded import short
from monitor.base.errors import printable
from monitor.events import SENSITIVE
from monitor.knowledge.tables import UNLISTED, Organisation, Sdk
from monitor.session.declaration import Declaration

BLOCKS: Final = ("collection", "permissions", "sdks", "recipients")
#: What a declaration states once.
_ALONE: Final = (
    "operator.name", "operator.domains", "policy.url", "complaints.channels", "withdrawal.paths", "rights",
    "app.type_39",
)  # fmt: skip
_HEAD: Final = (
    "# DRAFT, not yet a declaration: based on one session. What the session did not exercise is missing.",
    "# 草稿：仅依据一次检测的观察结果生成，未触发的行为不在其中；应核对并补全后使用。",
    "# Complete every purpose, legal basis, role and retention period, remove what should not happen, then run:",
    "#   monitor declaration check FILE",
)


def draft(
    observed: Observed, app: Mapping[str, Any], manifest: list[str], own: Declaration, *,
    sdks: Mapping[str, Sdk], organisations: Mapping[str, Organisation],
) -> str:  # fmt: skip
    """YAML text. ``app``: package and version; ``manifest``: its permissions; ``own``: an earlier declaration, for
    the operator's own block only."""
    drafted = Drafted(observed, manifest, sdks, organisations)
    hosts = sorted({host for seen in observed.own.values() for host in seen.hosts})
    domains = list(own.operator.domains) or hosts
    data: dict[str, Any] = {
        "app": {"package": app.get("package", ""), "version": app.get("version", "")},
        "operator": {"name": own.operator.name, "org": own.operator.org, "domains": domains},
        **{name: drafted.block(name) for name in BLOCKS},
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
        self._observed, self._sdks, self._organisations = observed, sdks, organisations
        self._permissions = {*observed.permissions, *manifest}

    def block(self, name: str) -> list[dict[str, Any]]:
        """A whole block: collection, permissions, sdks or recipients."""
        seen = self._observed
        if name == "permissions":
            return [_permission(one) for one in sorted(self._permissions)]
        kind, found = {
            "collection": ("data_type", seen.types), "sdks": ("sdk", seen.sdks),
            "recipients": ("recipient", seen.recipients),
        }[name]  # fmt: skip
        return [self.entry(kind, one) for one in sorted(found)]

    def entry(self, kind: str, name: str) -> dict[str, Any]:
        """The entry of one thing: data_type, sdk, recipient or permission."""
        if kind == "permission":
            return _permission(min((one for one in self._permissions if short(one) == name), default=name))
        entries = {"data_type": self._collection, "sdk": self._sdk, "recipient": self._recipient}
        return entries[kind](name)

    def _collection(self, name: str) -> dict[str, Any]:
        sdks = self._observed.types[name].sdks
        method = {"method": "SDK: " + ", ".join(sorted(sdks))} if sdks else {}
        sensitive = {"sensitive": True} if name in SENSITIVE else {}
        return {"data_type": name, "purpose": "", "legal_basis": "13(1)", **sensitive, **method}

    def _sdk(self, name: str) -> dict[str, Any]:
        seen, known = self._observed.sdks[name], self._sdks.get(name)
        prefix = name.removeprefix(UNLISTED) if name.startswith(UNLISTED) else ""
        return {
            "name": known.name if known else prefix or name,
            "id": name if known else "",
            "vendor": known.vendor if known else "",
            "package_prefixes": list(known.packages) if known else [prefix] if prefix else [],
            "data_types": sorted(seen.data_types),
            "purposes": [],
            "hosts": sorted(seen.hosts),
        }

    def _recipient(self, name: str) -> dict[str, Any]:
        seen, known = self._observed.recipients[name], self._organisations.get(name)
        entry: dict[str, Any] = {"org": name, "role": "unknown", "data_types": sorted(seen.data_types), "purpose": ""}
        region = {"region": known.country} if known and known.country != "unknown" else {}
        return entry | {"hosts": sorted(seen.hosts)} | region

    def known(self, kind: str, name: str) -> frozenset[str]:
        """Names by which an entry can go that is this SDK or recipient, lower case; prefixes and hosts as they are."""
        known: Sdk | Organisation | None
        if kind == "sdk":
            known = sdk = self._sdks.get(name)
            places = list(sdk.packages) if sdk else []
        else:
            known, seen = self._organisations.get(name), self._observed.recipients.get(name)
            places = sorted(seen.hosts if seen else ())
        names = (name, *((known.name, known.name_zh) if known else ()))
        return frozenset([*(one.casefold() for one in names if one), *places])


def _permission(name: str) -> dict[str, Any]:
    return {"name": name, "function": "", "purpose_text": ""}


def open_points(declaration: Declaration) -> list[tuple[str, str]]:
    """What a valid declaration leaves open: place and reason (keys of the text catalogue)."""
    said: list[tuple[str, str, object]] = []
    for item in declaration.collection or []:
        place, general = f"collection.{item.data_type}", item.data_type not in SENSITIVE
        said += (place, "purpose", item.purpose), (place, "sensitive", item.sensitive or general)
    for permission in declaration.permissions or []:
        stated = permission.purpose_text or permission.function
        said.append((f"permissions.{short(permission.name)}", "purpose", stated))
    for sdk in declaration.sdks or []:
        place = f"sdks.{sdk.name}"
        said += (place, "purpose", sdk.purposes), (place, "prefixes", [sdk.id, *sdk.package_prefixes] != [""])
    for recipient in declaration.recipients or []:
        place = f"recipients.{recipient.org}"
        said += (place, "role", recipient.role != "unknown"), (place, "purpose", recipient.purpose)
    said += [(name, "block", getattr(declaration, name) is not None) for name in BLOCKS]
    said += [(place, "empty", attrgetter(place)(declaration)) for place in _ALONE]
    return [(place, why) for place, why, value in said if not value]
