"""Lists of recipients supplied by the user, who accepts their licences; none is shipped.

Recognised by format: a hosts file (or one host per line), Disconnect's ``services.json``, DuckDuckGo's tracker data
set, Exodus' ``trackers``. They add owners for hosts that our own table does not know and never override it; being on a
list implies no purpose that the list does not state.
"""

import ipaddress
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from monitor.base.errors import InputError, read_bytes
from monitor.knowledge.tables import Domain, Organisation, Purpose, Source

MAX_BYTES: Final = 64 << 20
MAX_DOMAINS: Final = 500_000
_HOST: Final = re.compile(r"(?=.{3,253}$)[a-z0-9][a-z0-9-]{0,62}(\.[a-z0-9-]{1,63})*\.[a-z0-9-]{0,62}[a-z0-9]")
_LOCAL: Final = frozenset({"localhost.localdomain", "local.host", "ip6-localhost", "broadcasthost"})
_PURPOSES: Final[dict[str, Purpose]] = {
    "advertising": "advertising",
    "advertisement": "advertising",
    "ad motivated tracking": "advertising",
    "analytics": "analytics",
    "audience measurement": "analytics",
    "crash reporting": "crash",
    "location": "maps",
    "social": "social",
    "social network": "social",
    "identification": "login",
    "federated login": "login",
    "content": "cdn",
    "cdn": "cdn",
    "cryptomining": "other",
    "profiling": "advertising",
}


class UserList(NamedTuple):
    """The content of a list, and how many of its entries could not be used."""

    organisations: dict[str, Organisation]
    skipped: int


type _Fact = tuple[str, str, Iterable[str]]
"""Owner, domain and purposes in the list's words."""


def load_user_list(path: Path) -> UserList:
    """The organisations of a list; their IDs begin with ``user_``. Raises ``InputError``."""
    try:
        text = read_bytes(path, MAX_BYTES, f"larger than {MAX_BYTES >> 20} MiB: split the list").decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("not UTF-8", where=str(path)) from None
    facts = _json_facts(text, path) if text.lstrip()[:1] in ("{", "[") else _hosts(text, path.stem)
    domains_of: dict[str, list[Domain]] = {}
    seen: set[str] = set()
    skipped = 0
    for owner, name, purposes in facts:
        if not (domain := _domain(name)):
            skipped += 1
        elif domain not in seen:
            if len(seen) >= MAX_DOMAINS:
                raise InputError(f"more than {MAX_DOMAINS} hosts", where=str(path), hint="split the list")
            seen.add(domain)
            known = dict.fromkeys(_PURPOSES[word.lower()] for word in purposes if word.lower() in _PURPOSES)
            domains_of.setdefault(owner, []).append(Domain(name=domain, purposes=list(known)))
    if not domains_of:
        hint = "supply a hosts file, or JSON of Disconnect, DuckDuckGo or Exodus"
        raise InputError("contains no host", where=str(path), hint=hint)
    source = Source(text=f"list supplied by the user: {path.name[:80]}")
    found: dict[str, Organisation] = {}
    for owner, domains in domains_of.items():
        name = _free_id(owner, found)
        found[name] = Organisation(
            id=name, name=owner[:120] or name, country="unknown", domains=domains, sources=[source],
            purposes=list(dict.fromkeys(purpose for domain in domains for purpose in domain.purposes)),
        )  # fmt: skip
    return UserList(found, skipped)


def merged(own: Mapping[str, Organisation], lists: Iterable[UserList]) -> dict[str, Organisation]:
    """Our table followed by the lists: a domain in our table keeps its owner there."""
    found = dict(own)
    known = {domain.name for organisation in own.values() for domain in organisation.domains}
    for one in lists:
        for organisation in one.organisations.values():
            domains = [domain for domain in organisation.domains if domain.name not in known]
            if domains:
                known.update(domain.name for domain in domains)
                earlier = found.get(organisation.id)
                both = [*(earlier.domains if earlier else ()), *domains]
                found[organisation.id] = organisation.model_copy(update={"domains": both})
    return found


def _domain(name: str) -> str:
    """The domain that an entry of a list names; empty if it names none."""
    domain = name.strip().lower().rstrip(".").removeprefix("*.").removeprefix(".")
    return "" if not _HOST.fullmatch(domain) or _is_address(domain) or domain in _LOCAL else domain


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _free_id(owner: str, taken: Mapping[str, object]) -> str:
    base = "user_" + (re.sub(r"[^a-z0-9]+", "_", owner.lower()).strip("_")[:60] or "list")
    return next(name for name in (base, *(f"{base}_{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def _hosts(text: str, name: str) -> Iterator[_Fact]:
    """One ``0.0.0.0 host`` or ``host`` per line. Such a list names no owner, so it is recorded as the owner itself."""
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        for host in words[1:] if words and _is_address(words[0]) else words:
            yield name, host, ()


def _json_facts(text: str, path: Path) -> Iterator[_Fact]:
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError("neither a hosts file nor JSON", where=str(path)) from None
    if isinstance(data, list):
        data = {"trackers": data}
    if isinstance(categories := data.get("categories"), dict):
        return _disconnect(categories)
    trackers = data.get("trackers")
    if isinstance(trackers, dict) and any("owner" in one or "domain" in one for one in _dicts(trackers.values())):
        return _duckduckgo(trackers, data.get("entities"))
    if isinstance(trackers, dict | list):
        return _exodus(trackers.values() if isinstance(trackers, dict) else trackers)
    raise InputError("JSON in an unknown format", where=str(path), hint="supported: Disconnect, DuckDuckGo, Exodus")


def _dicts(values: Any) -> Iterator[dict[str, Any]]:
    return (value for value in values if isinstance(value, dict))


def _texts(values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _name(owner: Any, otherwise: str) -> str:
    names = [owner.get(key) for key in ("displayName", "name")] if isinstance(owner, dict) else []
    return next((name for name in names if isinstance(name, str) and name), otherwise)


def _disconnect(categories: dict[str, Any]) -> Iterator[_Fact]:
    """Category → list of ``{company: {site: [domains], flag: text}}``."""
    for category, companies in categories.items():
        for company in _dicts(companies if isinstance(companies, list) else ()):
            for name, sites in company.items():
                for domains in sites.values() if isinstance(sites, dict) else ():
                    yield from ((name, domain, (category,)) for domain in _texts(domains))


def _duckduckgo(trackers: dict[str, Any], entities: Any) -> Iterator[_Fact]:
    """``trackers`` by domain, then ``entities`` with their domains."""
    for domain, tracker in trackers.items():
        if isinstance(tracker, dict):
            yield _name(tracker.get("owner"), domain), domain, _texts(tracker.get("categories"))
    for name, entity in entities.items() if isinstance(entities, dict) else ():
        if isinstance(entity, dict):
            title = _name({"displayName": entity.get("displayName")}, name)
            yield from ((title, domain, ()) for domain in _texts(entity.get("domains")))


def _exodus(trackers: Iterable[Any]) -> Iterator[_Fact]:
    """``network_signature`` is a regular expression; only plain domains are used, nothing is guessed."""
    for tracker in _dicts(trackers):
        name, signature = tracker.get("name"), tracker.get("network_signature")
        if isinstance(name, str) and isinstance(signature, str) and signature.strip(" |NC"):
            for part in filter(None, (part.strip() for part in signature.split("|"))):
                plain = re.sub(r"^\^|\$$", "", part).replace("\\.", ".")
                yield name, plain, _texts(tracker.get("categories"))
