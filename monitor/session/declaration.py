"""What an operator or SDK vendor declares: one YAML file of optional blocks.

Every block may be missing: what is not declared is not assumed. Rules that need a declaration then report
*not exercised* instead of a finding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PrivateAttr

from monitor.base.yamlfile import Strict, load, matching, parse
from monitor.events import SENSITIVE
from monitor.knowledge.entry_points import EntryPoint, Package, is_everybodys_host
from monitor.knowledge.vocabulary import checked_data_type

Role = Literal["processor", "controller", "joint", "unknown"]
_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?\Z")


def _host(value: str) -> str:
    value = value.lower()
    if len(value) > 253 or not _HOST.match(value):
        raise ValueError(f"not a host name: {value!r}")
    value = value.removeprefix("*.")
    if is_everybodys_host(value):
        raise ValueError(f"{value!r} covers hosts of others; state the recipient's own, such as api.example.com")
    return value


DataType = Annotated[str, AfterValidator(checked_data_type)]
Host = Annotated[str, AfterValidator(_host)]
Country = Annotated[str, matching("[A-Z]{2}", "not a country: {!r}; two capital letters (ISO 3166-1), such as DE")]
Text = Annotated[str, Field(max_length=2000)]


class App(Strict):
    """The app. ``type_39``: number of its type in NEC-39 Art 5, 0 = not declared."""

    package: str = ""
    version: str = ""
    type_39: int = Field(default=0, ge=0, le=39)
    child_directed: bool = False
    genai: bool = False
    package_prefixes: list[Package] = []
    """The app's own packages that do not begin with the application ID."""


class Operator(Strict):
    """The operator of the app, with its own domains."""

    name: str = ""
    org: str = ""
    """Id of the organisation in ``recipients/``, if it has one."""
    domains: list[Host] = []
    recipients: list[str] = []
    """Ids or names of organisations that are the operator itself: its own services under another name."""


class Collection(Strict):
    """One kind of personal information that is collected."""

    data_type: DataType
    """Of what an app reads, a code that ``monitor hooks list`` shows; of what a person types, ``account_pi`` (name,
    e-mail, address), ``phone_no``, ``form`` (identity or bank card), ``health``, ``user_profile`` (birth date, gender)
    or ``prompt``."""
    purpose: Text = ""
    function: str = ""
    """The function it is for, and counts in alone once a ``function`` step has named one; empty or ``all`` = any for
    which the type has no entry of its own, whatever step names it."""
    method: Text = ""
    necessary: bool = False
    sensitive: bool = False
    legal_basis: str = ""
    """Item of PIPL 13, such as ``13(2)``, or point of GDPR 6(1), such as ``6(1)(b)``; empty, ``13(1)``, ``6(1)(a)`` or
    ``consent`` = consent."""
    background: bool = False
    max_per_start: int = Field(default=0, ge=0)
    """Reads per process lifetime, 0 = not declared."""
    max_frequency: int = Field(default=0, ge=0)
    """Reads per hour, 0 = not declared."""
    max_per_day: int = Field(default=0, ge=0)
    """Reads per day, 0 = not declared."""
    risk_control: bool = False
    """Read for security or risk control only (PG-4A 3.2 g)."""
    retention: Text = ""
    extent: Literal["", "item", "all"] = ""
    """For a table (contacts, messages, calls, media): whether one item is enough or the whole table is needed; empty =
    not declared."""
    precision: Literal["", "coarse", "fine"] = ""
    """For a position: whether the approximate one is enough; empty = as ``permissions`` lists it."""

    @property
    def budgets(self) -> list[tuple[int, int]]:
        """Declared frequencies as (reads, seconds); 0 seconds = per process lifetime."""
        said = ((self.max_per_start, 0), (self.max_frequency, 3600), (self.max_per_day, 86_400))
        return [(reads, span) for reads, span in said if reads]


class Permission(Strict):
    """A permission with the function that needs it."""

    name: str
    function: str = ""
    """For the reader: what a function needs (PRM-03, PRM-05) is decided by ``functions.*.permissions``."""
    purpose_text: Text = ""


class DeclaredSdk(Strict):
    """A library in the app."""

    name: str
    id: str = ""
    """Id in ``sdks/``; without one, the SDK is known by its prefixes, its hosts or its name."""
    vendor: str = ""
    package_prefixes: list[Package] = []
    data_types: list[DataType] = []
    purposes: list[str] = []
    hosts: list[Host] = []
    policy_url: str = ""
    init_after_consent: bool = True
    entry_points: list[EntryPoint] = Field(default=[], max_length=50)
    """How an app calls it, in that order."""


class Recipient(Strict):
    """An organisation that receives personal information."""

    org: str
    """Organisation id in ``recipients/`` or the organisation's name."""
    role: Role = "unknown"
    contact: str = ""
    data_types: list[DataType] = []
    purpose: Text = ""
    method: Text = ""
    hosts: list[Host] = []
    region: str = ""


class SelfStart(Strict):
    """Whether the app autostarts, and in which situations (boot, alarm, job, sync, push, broadcast)."""

    allowed: bool = False
    scenes: list[str] = []


class Switch(Strict):
    """Where a switch is: taps from the main screen, by label."""

    switch_path: list[str] = []
    ad_hosts: list[Host] = []
    """Hosts that serve advertising or recommendations, in addition to those that the monitor knows."""


class Withdrawal(Strict):
    """Where consent is withdrawn: paths of labels."""

    paths: list[list[str]] = []


class Complaints(Strict):
    """Channels for complaints, and the promised time in working days."""

    channels: list[str] = []
    deadline_working_days: int = Field(default=15, ge=1, le=365)


class Minors(Strict):
    """Rules for minors."""

    rules_url: str = ""


class CrossBorder(Strict):
    """A cross-border transfer."""

    recipient: str
    country: Country
    """Two capital letters (ISO 3166-1), such as DE."""
    types: list[DataType] = []
    mechanism: str = ""
    """Under the GDPR: adequacy, DPF, SCC, BCR … (SHR-04)."""


class PolicyText(Strict):
    """The privacy policy."""

    url: str = ""
    version: str = ""
    date: str = ""


class Function(Strict):
    """A function of the app as the scenario names it: what it needs."""

    permissions: list[str] = []
    """What the function needs: only these may be requested together or again while it is in use."""
    data_types: list[DataType] = []
    background: bool = False


class Ai(Strict):
    """Generative AI: who receives prompts, and whether they train models."""

    recipients: list[str] = []
    hosts: list[Host] = []
    training: bool = False
    data_types: list[DataType] = []


class Declaration(Strict):
    """The whole statement. All blocks are optional."""

    app: App = App()
    operator: Operator = Operator()
    collection: list[Collection] | None = None
    permissions: list[Permission] | None = None
    sdks: list[DeclaredSdk] | None = None
    recipients: list[Recipient] | None = None
    self_start: SelfStart = SelfStart()
    personalisation: Switch = Switch()
    withdrawal: Withdrawal = Withdrawal()
    rights: dict[str, list[str]] = {}
    complaints: Complaints = Complaints()
    minors: Minors = Minors()
    cross_border: list[CrossBorder] = []
    policy: PolicyText = PolicyText()
    functions: dict[str, Function] = {}
    ai: Ai = Ai()
    _known: dict[str, DeclaredSdk] = PrivateAttr(default_factory=dict)

    @cached_property
    def genai(self) -> bool:
        """Whether the app is said to have generative AI: by itself, or by what it sends to one."""
        return self.app.genai or self.ai != Ai()

    @cached_property
    def names_recipients(self) -> bool:
        """Whether it says who receives what: by a list of recipients, or by having none beside what is collected."""
        return self.recipients is not None or self.collection is not None

    @cached_property
    def entries(self) -> dict[str, tuple[Collection, ...]]:
        """Declared collection by data type, each in the order of the file."""
        found: dict[str, tuple[Collection, ...]] = {}
        for item in self.collection or []:
            found[item.data_type] = (*found.get(item.data_type, ()), item)
        return found

    @cached_property
    def sensitive(self) -> frozenset[str]:
        """Sensitive data types: the general ones and those declared so."""
        return SENSITIVE | {c.data_type for c in self.collection or [] if c.sensitive}

    def app_prefixes(self, app: str = "") -> tuple[str, ...]:
        """Package prefixes of the app's own code: application id, then the declared ones. The id of a build variant
        (``com.example.shop.debug``) begins with the declared one, whose code it has."""
        declared = self.app.package
        names = [app or declared, *self.app.package_prefixes]
        if "." in declared and app.startswith(f"{declared}."):
            names.append(declared)
        return tuple(dict.fromkeys(name for name in names if name))

    def recipient(self, org: str, host: str = "") -> Recipient | None:
        """The declared recipient that is ``org`` or lists ``host`` (or a parent domain of it), else None."""
        for item in self.recipients or []:
            if (org and item.org == org) or (host and covers(item.hosts, host)):
                return item
        return None

    def own_host(self, org: str, host: str) -> bool:
        """Whether the host is the operator's own."""
        own = (self.operator.org, *self.operator.recipients)
        return covers(self.operator.domains, host) or bool(org and org in own)

    def sdk(self, sdk: str) -> DeclaredSdk | None:
        """The declared SDK with this id or name, or that is known to be it (``knowing``), else None."""
        for item in self.sdks or []:
            if sdk and sdk in (item.id, item.name):
                return item
        return self._known.get(sdk)

    def knowing(self, sdks: Mapping[str, DeclaredSdk]) -> Declaration:
        """The same, with the entries that are libraries of the tables, by their IDs."""
        same = self.model_copy()
        same._known = dict(sdks)
        return same

    def ids(self, item: DeclaredSdk) -> set[str]:
        """The IDs and names under which an entry's library may be observed."""
        return {item.id, item.name, *(name for name, known in self._known.items() if known is item)} - {""}


def covers(domains: list[str], host: str) -> bool:
    """Whether one of the domains is the host or a parent domain of it."""
    if not domains:
        return False
    host = host.lower().rstrip(".")
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def load_declaration(path: Path) -> Declaration:
    """The declaration in a YAML file. Raises ``InputError`` in one line: unknown key, data type, host, bad YAML."""
    return parse(Declaration, load(path), str(path))
