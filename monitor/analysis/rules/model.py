"""The format of a rule file: Sigma's vocabulary for its metadata, a closed set of types for what it matches."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from monitor.base.yamlfile import Strict, load
from monitor.events import KINDS
from monitor.text import LANGUAGES, fill

Pack = Literal["cn", "gdpr", "play", "coppa"]
Level = Literal["critical", "high", "medium", "low", "info"]
Type = Literal["before_consent", "after_refusal", "repeat_after", "rate", "value_flow", "undisclosed", "background",
               "sequence", "lasting", "opaque", "documentary"]  # fmt: skip
Witness = Literal[
    "hooks_in_time", "nothing_lost", "source_call", "consent_dialog", "consent_granted", "consent_refused",
    "withdrawal", "policy_withdrawal", "permission_denied", "permission_requested", "prompts_observable",
    "windows_observable", "taps_observable", "traffic", "background", "idle", "declaration",
    "collection_declared", "permissions_declared", "sdks_declared", "recipients_declared", "recipients_named",
    "app_type", "toggle_off", "policy_fetched", "policy_examined", "policy_changed", "fresh_install",
    "relaunch", "lifecycle", "sensitive_source", "camera_or_mic", "ai_function", "minor_profile",
    "third_party_traffic", "traffic_to_others", "traffic_to_known", "traffic_of_ai", "addresses", "sdk_seen",
]  # fmt: skip
#: Kinds kept as history, so that rules can look for them before or after another event.
HISTORY = frozenset(
    """window tap ui_snapshot prompt permission_result permission_request toggle policy lifecycle consent
    step""".split()
)
#: The status of the strongest finding, by what an example expects.
EXPECTED: Final = {"fires": "evidenced", "review": "review", "inconclusive": "inconclusive", "silent": ""}
#: Kind of an event by its struct.
KIND_OF: Final = {struct: kind for kind, struct in KINDS.items()}
#: What a pattern of a type must have, and the only kind of event that it looks at.
_NEEDED: Final[Mapping[str, str]] = {
    "before_consent": "scopes", "after_refusal": "scopes", "repeat_after": "scopes", "undisclosed": "field",
}  # fmt: skip
_ONLY_KIND: Final[Mapping[str, str]] = {"opaque": "transmission", "rate": "api_call"}
Seconds = Annotated[float, Field(ge=0, le=10_000_000)]
#: What rules say in the words of Chinese law, in those of the GDPR: for reports that cite the GDPR and nothing else.
_GDPR: Final[Mapping[str, str]] = load(Path(__file__).with_name("wording.yaml"))
_WORDS: Final = re.compile("|".join(map(re.escape, _GDPR)), re.IGNORECASE)
_WORDED: Final = ("title", "description", "advice", "falsepositives", "limits")


class Citation(Strict):
    """A provision to cite, by its ``ref`` in ``clauses/``. A rule may write the bare ref.

    ``types`` and ``patterns``: cited only for findings on these data types or from these patterns; empty = all.
    """

    ref: str
    types: list[str] = []
    patterns: list[str] = []

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"ref": value} if isinstance(value, str) else value

    def holds(self, pattern: str, data_type: str) -> bool:
        """Whether a finding of this pattern on this data type may cite it."""
        return (not self.types or data_type in self.types) and (not self.patterns or pattern in self.patterns)


class Find(Strict):
    """Events of these kinds for which ``where`` holds."""

    event: str | list[str]
    where: str = "True"
    perhaps: str = ""
    """Of ``after`` and ``not_after``. Filter: where it holds for an event as well, it may be another one than meant, so
    that it decides nothing."""
    within: Seconds = 0
    """Seconds, 0 = any time."""

    @property
    def kinds(self) -> list[str]:
        """The kinds as a list."""
        return [self.event] if isinstance(self.event, str) else self.event

    @model_validator(mode="after")
    def _sound(self) -> Find:
        before = [getattr(self, name, None) for name in ("after", "not_after")]
        then = [getattr(self, name, None) for name in ("followed_by", "not_followed_by")]
        for kind in [kind for find in (*before, *then) if find for kind in find.kinds]:
            if kind not in HISTORY:
                raise ValueError(f"{kind!r} is not remembered: a neighbour is one of {', '.join(sorted(HISTORY))}")
        if any(find and find.perhaps for find in (self if isinstance(self, Pattern) else None, *then)):
            raise ValueError("perhaps: only in after and not_after")
        if unknown := [kind for kind in self.kinds if kind not in KINDS]:
            raise ValueError(f"unknown event kind {unknown[0]!r}")
        return self


class Pattern(Find):
    """One thing a rule looks for. Thresholds are per profile; ``default`` applies where a profile has none."""

    name: str = "main"
    type: Type
    scopes: list[str] = []
    """The consents that would have allowed it: ``policy``, ``share:{recipient}`` … with a field of the event in braces;
    ``equivalent``: to data of the same kind."""
    states: list[Literal["denied", "withdrawn"]] = ["denied", "withdrawn"]
    field: Literal["", "data_type", "recipient", "recipient_type", "sdk", "sdk_host", "permission", "necessary"] = ""
    after: Find | None = None
    not_after: Find | None = None
    followed_by: Find | None = None
    not_followed_by: Find | None = None
    once: bool = False
    periodic: bool = False
    looped: bool = False
    """Rate: calls of one line for one value alone."""
    declared: bool = False
    """Rate: above what is declared per start, hour or day."""
    level: Level | None = None
    review: str = ""
    """Filter: where it holds, a person must decide."""
    unsure: str = ""
    """Filter: where it holds, nobody can tell which function the app was in, so that nothing can be concluded."""
    doubt: str = ""
    """Filter: where it holds, something unreadable may excuse the event, so that nothing can be concluded."""
    doubtful: Literal["not_read", "purpose_unclear"] = "not_read"
    """What ``doubt`` is about: an answer of the user, or what a screen says before a request."""
    tells: list[str] = []
    """Sequence: facts of the event that the finding states."""
    packs: list[Pack] = []
    """Evaluated only under one of these packs, and citing no other; empty = all packs of the rule."""
    thresholds: dict[str, dict[str, Seconds]] = {}
    """By profile, then by name."""

    @model_validator(mode="after")
    def _fits(self) -> Pattern:
        needed, kind = _NEEDED.get(self.type, ""), _ONLY_KIND.get(self.type, "")
        if needed and not getattr(self, needed):
            raise ValueError(f"the type {self.type} needs {needed!r}")
        if kind and self.kinds != [kind]:
            raise ValueError(f"the type {self.type} looks at events of the kind {kind} only")
        return self


class Example(Strict):
    """Short events and the expected result. Omitted values take defaults (``examples.py``)."""

    name: str
    expect: Literal["fires", "silent", "inconclusive", "review"]
    declaration: dict[str, Any] = {}
    profile: str = "guide"
    packs: list[Pack] = []
    """Empty = all."""
    grade: Literal["", "attempted", "access", "collection"] = ""
    status: Literal["", "evidenced", "review", "inconclusive"] = ""
    """Of the strongest finding; empty = as ``expect`` says."""
    count: int = Field(0, ge=0)
    """How many matches the strongest finding has; 0 = any number."""
    remedy: str = ""
    remedy_zh: str = ""
    """What one of its findings says is to be changed; empty = anything."""
    events: list[dict[str, Any]]

    @model_validator(mode="after")
    def _agrees(self) -> Example:
        if self.expect == "silent" and (self.status or self.count):
            raise ValueError("an example that stays silent has neither 'status' nor 'count'")
        if self.remedy_zh and not self.remedy:
            raise ValueError("an example with 'remedy_zh' needs 'remedy'")
        if self.status and EXPECTED[self.expect] != self.status:
            raise ValueError(f"'expect: {self.expect}' is the status {EXPECTED[self.expect]}, not {self.status}")
        return self


class Note(Strict):
    """A sentence or more in both languages."""

    en: str
    zh: str


def _reworded(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The texts of a rule in the words of the GDPR."""

    def put(met: re.Match[str]) -> str:
        word = _GDPR[met[0].lower()]
        return word[0].upper() + word[1:] if met[0][0].isupper() else word

    def reword(text: Any) -> Any:
        return list(map(reword, text)) if isinstance(text, list) else _WORDS.sub(put, text)

    return {name: reword(rule[name]) for field in _WORDED for name in (field, f"{field}_zh") if rule.get(name)}


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
    """What to change; parts in brackets are filled with what a finding shows (``monitor.analysis.explain.remedy``)."""
    falsepositives: list[str] = Field(min_length=1)
    falsepositives_zh: list[str] = Field(min_length=1)
    """The same, line by line."""
    pack_notes: dict[Pack, Note] = {}
    """What the description adds under a pack of clauses, and under no other."""
    clauses: dict[Pack, list[Citation]]
    match: list[Pattern] = Field(min_length=1)
    group_by: list[Literal["data_type", "sdk", "recipient", "permission"]] = []
    guards: list[Literal["legal_basis", "framework", "unavoidable"]] = []
    assumptions: list[str] = []
    witness: list[Witness] = []
    limits: str = ""
    """What cannot be observed on the device; for documentary parts, what to request."""
    limits_zh: str = ""
    examples: list[Example]

    def mistakes(self, lang: str) -> list[str]:
        """Known false positives, in English or Chinese."""
        return list(self.falsepositives_zh if lang == "zh" else self.falsepositives)

    def general(self, lang: str) -> str:
        """The advice where nothing is known of a finding."""
        return fill(self.advice_zh if lang == "zh" else self.advice, {}) or ""

    def under(self, packs: Collection[str]) -> RuleFile:
        """The same in the words, and with the descriptions, that readers of these packs need."""
        notes = [note for pack, note in self.pack_notes.items() if pack in packs]
        en = " ".join([self.description, *(note.en for note in notes)])
        zh = self.description_zh + "".join(note.zh for note in notes)
        noted = self.model_copy(update={"description": en, "description_zh": zh}) if notes else self
        return noted.model_copy(update=_reworded(vars(noted))) if set(packs) == {"gdpr"} else noted

    @property
    def documentary(self) -> bool:
        """Whether nothing of it can be observed on the device."""
        return all(p.type == "documentary" for p in self.match)

    @model_validator(mode="after")
    def _complete(self) -> RuleFile:
        expected, observed = {example.expect for example in self.examples}, not self.documentary
        cited = {name for citations in self.clauses.values() for one in citations for name in one.patterns}
        packs = {pack for pattern in self.match for pack in pattern.packs}
        lines = len(self.falsepositives), len(self.falsepositives_zh)
        problems = {
            "'falsepositives' and 'falsepositives_zh' must correspond line by line": lines[0] != lines[1],
            "'limits' must be given in both languages or in neither": bool(self.limits) != bool(self.limits_zh),
            "'advice' and 'advice_zh' must also say something of a finding that shows nothing": not all(
                map(self.general, LANGUAGES)
            ),
            "a rule must cite at least one clause": not any(self.clauses.values()),
            "a pattern for a pack needs clauses of it": not all(map(self.clauses.get, packs)),
            "a citation names a pattern that the rule has not": not cited <= {pattern.name for pattern in self.match},
            "a documentary rule must say in 'limits' what to request": not (observed or self.limits),
            "a rule needs an example that fires": observed and expected.isdisjoint({"fires", "review"}),
            "a rule needs an example that stays silent": observed and "silent" not in expected,
        }
        if wrong := [problem for problem, holds in problems.items() if holds]:
            raise ValueError(wrong[0])
        return self
