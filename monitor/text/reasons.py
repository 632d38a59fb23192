"""The lines of a coverage with the reasons for their state, and why a part of an imported file is missing: closed
lists of codes, worded only in ``text/{en,zh}.yaml``.

>>> said([reason(Code.UNREADABLE, n="2", hosts="a.example"), reason(Code.NO_CA)], "en")
"2 connections could not be read (a.example); the proxy's certificate was not installed"
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache, lru_cache
from string import Formatter
from typing import Any, Final

import msgspec

from monitor.text import catalogue, label, listed, parts, retold, t, translated

#: In this order: what a rule could say; why it was not observable; what the session lacked; hooks; what the app's code
#: names; items of the guideline; notes. A code is its name in lower case; the key of its text, ``reason.`` plus that.
Code = StrEnum(
    "Code",
    """EVIDENCED REVIEW DOCUMENTARY WATCHED LEFT_OUT WITHIN_UNCERTAINTY DIALOG_UNREADABLE PURPOSE_UNCLEAR IMPORTED
    HOOKS_LATE HOOKS_LATE_IN HOOKS_LOST CLASS_OF_APP VALUES_COUNTED VALUES_CUT NO_HOOKS APP_CODE_FIRST UNREADABLE NO_CA
    PAST_PROXY NOTHING_READABLE NOTHING_KNOWN UNATTRIBUTED LATE_UNAPPLIED LATE_UNSEARCHED EVENTS_LOST STALLED
    AGENT_SILENT CAPTURE_CUT CAPTURE_SKIPPED READ_UNSEEN
    NO_SOURCE_CALLED NO_NOTICE NOT_AGREED NOTHING_REFUSED NOTHING_WITHDRAWN WITHDRAWN_LATE NO_PERMISSION_REFUSED
    NO_PERMISSION_REQUESTED NO_PROMPT NO_WINDOW NO_TAP NO_OTHER_PARTY NEVER_BACKGROUND NEVER_IDLE NO_DECLARATION
    COLLECTION_UNDECLARED PERMISSIONS_UNDECLARED SDKS_UNDECLARED RECIPIENTS_UNDECLARED APP_TYPE_UNDECLARED
    PERSONALISATION_ON POLICY_NOT_FETCHED POLICY_NOT_EXAMINED POLICY_FETCHED_ONCE NO_FIRST_RUN NOT_RESTARTED
    NO_PROCESS_START NO_SENSITIVE_SOURCE NO_CAMERA_MIC_SCREEN NO_GENERATIVE_AI NO_MINOR_PROFILE NO_SDK
    HOOK_CALLED HOOK_COUNTED HOOK_NOT_CALLED HOOK_LATE_OR_LOST HOOK_UNREPORTED HOOK_STATE HOOK_NOT_INSTALLED
    HOOK_UNPROVEN REFERENCED REFERENCED_UNSEEN REFERENCED_NOT_CALLED
    OBSERVABLE_FULL OBSERVABLE_MIXED OBSERVABLE_NONE
    LATE_EVENTS MANIFEST_PERMISSIONS SYSTEM_TRAFFIC UNKEPT NAMED_ONLY CONSENT_HINT_DIFFERS UNREAD_DIALOG
    STATED_WITHOUT_TAP STATED_UNASKED NOT_EXPLORED NO_WAY_TO_WITHDRAW""",
)
#: Why a part of an imported file was not imported; the key of a code's text is ``skip.`` plus the code. First, what is
#: no loss of a message: it was imported, with what the file says of its body. Then those of which it is not known how
#: many are missing, and those that are about one entry each.
Skip = StrEnum(
    "Skip",
    """REDACTED CUT_SHORT READER_ENDED INTERRUPTED
    TOO_LARGE NOT_JSON NO_TIME_OR_URL NO_HOST FAR_FUTURE NOT_BASE64 UNKNOWN_FLOW PARTIAL_FLOW UNRECORDABLE""",
)
#: The word of bundles that were imported before there were codes.
_REDACTED_BEFORE: Final = "the body was redacted: what it held is what the file states"
#: Parameters that hold several names, with a comma and a space between them; and the group of the names, if they have
#: names of their own in reports.
_LISTS: Final = frozenset({"names", "permissions", "classes"})
_GROUPS: Final = {Code.WATCHED: "witness", Code.LEFT_OUT: "pattern", Code.READ_UNSEEN: "data_type",
                  Code.NOT_EXPLORED: "missed"}  # fmt: skip
#: Witnesses that say what could be observed, not that anything was done.
_OBSERVABLE: Final = frozenset({"windows_observable", "taps_observable", "lifecycle"})


def lost_in_import(component: str, what: str, why: str) -> bool:
    """Whether a health event says that a part of an imported file is missing."""
    return component == "import" and what == "skipped" and why not in (Skip.REDACTED, _REDACTED_BEFORE)


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """A code with its parameters: text by name, as the code's text names them."""

    code: str
    params: dict[str, str] = {}


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """One line of ``coverage.jsonl``. ``line``: rule, hook, item (a Shenzhen item), consent or note. ``reasons``:
    codes, which reports put into words; ``why``: the same in English, for scripts."""

    line: str
    id: str
    state: str
    why: str
    reasons: list[Reason] = []
    detail: dict[str, str] = {}
    events: list[int] = []


@cache
def parameters(code: Code) -> frozenset[str]:
    """Names of the parameters that a code takes."""
    return frozenset(name for _, name, _, _ in Formatter().parse(catalogue("en")[f"reason.{code}"]) if name)


def reason(code: Code, **params: str) -> Reason:
    """A reason. Raises ``ValueError`` for parameters that the code does not take."""
    if params.keys() != parameters(code):
        raise ValueError(f"{code} takes {sorted(parameters(code))}, not {sorted(params)}")
    return Reason(code.value, params)


def coverage_line(line: str, name: str, state: str, *reasons: Reason, **more: Any) -> Coverage:
    """A line with its reasons; ``more``: ``detail`` and ``events``."""
    return Coverage(line=line, id=name, state=state, why=said(reasons, "en"), reasons=list(reasons), **more)


def said(reasons: Iterable[Reason], lang: str) -> str:
    """The reasons in words, ``; `` between them. A code of a later version is shown as is."""
    return parts((_words(one, lang) if one.params else _plain(one.code, lang) for one in reasons), lang)


@lru_cache(512)
def _plain(code: str, lang: str) -> str:
    """The words of a code without parameters, which most lines of most sessions have."""
    return _words(Reason(code, {}), lang)


def _words(one: Reason, lang: str) -> str:
    if one.code not in Code or one.params.keys() != parameters(code := Code(one.code)):
        return one.code
    params = {name: _parameter(code, name, value, lang) for name, value in one.params.items()}
    return t(f"reason.{code}", lang, **params)


def _parameter(code: Code, name: str, value: str, lang: str) -> str:
    if name in _LISTS:
        names = (label(_GROUPS.get(code, ""), word, lang) for word in value.split(", "))
        return listed(dict.fromkeys(names), lang)
    if code in (Code.HOOK_NOT_INSTALLED, Code.HOOK_UNPROVEN):
        return retold("hook_said", translated("hook_reason", value, lang), lang)
    return label(name, value, lang)


def line_words(line: Coverage, lang: str) -> str:
    """The wording for a line; one without codes keeps its sentence."""
    words = said(line.reasons, lang) or line.why
    return parts([words, t("watched.weak", lang)], lang) if any(map(_is_weak, line.reasons)) else words


def _is_weak(one: Reason) -> bool:
    """Whether a rule's silence rests on nothing but that something could be observed, whatever was done."""
    return one.code == Code.WATCHED and set(str(one.params.get("names")).split(", ")) <= _OBSERVABLE
