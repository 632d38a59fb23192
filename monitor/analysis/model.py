"""The form of a rule file: Sigma's words for what it is, a closed set of types for what it matches."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from monitor.events import KINDS
from monitor.yamlfile import Strict

Pack = Literal["cn", "gdpr", "play", "coppa"]
Level = Literal["critical", "high", "medium", "low", "info"]
Type = Literal["before_consent", "after_refusal", "repeat_after", "rate", "value_flow", "undisclosed", "background",
               "sequence", "documentary"]  # fmt: skip
Witness = Literal[
    "hooks_in_time", "nothing_lost", "source_call", "consent_dialog", "consent_granted", "consent_refused",
    "withdrawal", "permission_denied", "permission_requested", "prompts_observable", "windows_observable",
    "taps_observable", "traffic", "background", "idle", "declaration", "collection_declared",
    "permissions_declared", "sdks_declared", "recipients_declared", "app_type", "toggle_off", "policy_fetched",
    "policy_changed", "fresh_install", "relaunch", "lifecycle", "sensitive_source", "camera_or_mic", "ai_function",
    "minor_profile", "third_party_traffic", "sdk_seen",
]  # fmt: skip
#: Kinds that are remembered, so that rules can look for them before or after another event.
HISTORY = frozenset(
    """window tap ui_snapshot prompt permission_result permission_request toggle policy lifecycle consent
    step""".split()
)
#: Kind of an event by its struct.
KIND_OF: Final = {struct: kind for kind, struct in KINDS.items()}
Seconds = Annotated[float, Field(ge=0, le=10_000_000)]


class Clause(Strict):
    """A text to cite. Rank 1 law … 7 store rule (regulations.md b.1); 8 = court or authority's guidance abroad."""

    ref: str
    rank: int = Field(ge=1, le=8)
    confidence: Literal["seen", "translated", "secondary", "unverified"]


class Find(Strict):
    """Events of these kinds for which ``where`` holds."""

    event: str | list[str]
    where: str = "True"
    within: Seconds = 0
    """Seconds, 0 = any time."""

    @property
    def kinds(self) -> list[str]:
        """The kinds as a list."""
        return [self.event] if isinstance(self.event, str) else self.event

    @model_validator(mode="after")
    def _kept(self) -> Find:
        for find in (getattr(self, name, None) for name in ("after", "not_after", "followed_by", "not_followed_by")):
            for kind in find.kinds if find else ():
                if kind not in HISTORY:
                    raise ValueError(f"{kind!r} is not remembered: a neighbour is one of {', '.join(sorted(HISTORY))}")
        return self

    @model_validator(mode="after")
    def _known(self) -> Find:
        for kind in self.kinds:
            if kind not in KINDS:
                raise ValueError(f"unknown event kind {kind!r}")
        return self


class Pattern(Find):
    """One thing a rule looks for. Thresholds hold per profile; ``default`` where a profile says nothing."""

    name: str = "main"
    type: Type
    scopes: list[str] = []
    states: list[Literal["denied", "withdrawn"]] = ["denied", "withdrawn"]
    equivalents: bool = False
    field: Literal["", "data_type", "recipient", "recipient_type", "sdk", "sdk_host", "permission", "necessary"] = ""
    after: Find | None = None
    not_after: Find | None = None
    followed_by: Find | None = None
    not_followed_by: Find | None = None
    once: bool = False
    periodic: bool = False
    level: Level | None = None
    review: str = ""
    """Filter: where it holds, a person must judge."""
    packs: list[Pack] = []
    """Looked for only under one of these packs, and citing no other; empty = all of the rule."""
    thresholds: dict[str, dict[str, Seconds]] = {}


class Example(Strict):
    """Small events and what must come of them. Values that are not given are defaults (``examples.py``)."""

    name: str
    expect: Literal["fires", "silent", "inconclusive", "review"]
    declaration: dict[str, Any] = {}
    profile: str = "guide"
    packs: list[Pack] = []
    """Empty = all."""
    grade: Literal["", "attempted", "access", "collection"] = ""
    events: list[dict[str, Any]]


class RuleFile(Strict):
    """One rule."""

    id: str = Field(pattern=r"^[A-Z]{2,5}-\d{2}$")
    title: str
    title_zh: str
    status: Literal["experimental", "test", "stable", "deprecated"] = "test"
    level: Level
    level_attempted: Level | None = None
    level_sensitive: Level | None = None
    raise_on_collection: bool = False
    proof: Literal["direct", "partial", "none"]
    description: str
    description_zh: str
    advice: str
    advice_zh: str
    references: list[str] = Field(min_length=1)
    falsepositives: list[str] = Field(min_length=1)
    falsepositives_zh: list[str] = Field(min_length=1)
    """The same, line by line."""
    items: list[int] = []
    """Shenzhen items 1 to 15 that it serves."""
    clauses: dict[Pack, list[Clause]]
    match: list[Pattern] = Field(min_length=1)
    group_by: list[Literal["data_type", "sdk", "recipient", "permission"]] = []
    guards: list[Literal["legal_basis", "framework", "unavoidable"]] = []
    assumptions: list[str] = []
    witness: list[Witness] = []
    limits: str = ""
    """What cannot be seen from the device; for documentary parts: what to ask for."""
    limits_zh: str = ""
    examples: list[Example]

    def mistakes(self, lang: str) -> list[str]:
        """Known ways to be wrong, in English or Chinese."""
        return list(self.falsepositives_zh if lang == "zh" else self.falsepositives)

    @property
    def documentary(self) -> bool:
        """Whether nothing of it can be seen from the device."""
        return all(p.type == "documentary" for p in self.match)

    @model_validator(mode="after")
    def _complete(self) -> RuleFile:
        for number in self.items:
            if not 1 <= number <= 15:
                raise ValueError("items are 1 to 15")
        if len(self.falsepositives_zh) != len(self.falsepositives):
            raise ValueError("'falsepositives' and 'falsepositives_zh' say the same, line by line")
        if bool(self.limits) != bool(self.limits_zh):
            raise ValueError("'limits' stands in both languages or in none")
        if not any(self.clauses.values()):
            raise ValueError("a rule cites at least one clause")
        if self.documentary:
            if not self.limits:
                raise ValueError("a documentary rule says in 'limits' what to ask for")
            return self
        expected = {example.expect for example in self.examples}
        if not expected & {"fires", "review"}:
            raise ValueError("a rule needs an example that fires")
        if "silent" not in expected:
            raise ValueError("a rule needs an example that stays silent")
        return self
