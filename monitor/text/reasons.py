"""The lines of a coverage with the reasons for their state, and why a part of an imported file is missing: closed
lists of codes, worded only in ``text/{en,zh}.yaml``.

>>> said([reason(Code.UNREADABLE, n="2", hosts="a.example"), reason(Code.NO_CA)], "en")
"2 connections could not be read (a.example); the proxy's certificate was not installed"
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

import msgspec

from monitor.text import label, listed, parts, retold, t, translated


class Code(StrEnum):
    """The codes; the key of a code's text is ``reason.`` plus the code."""

    # What a rule could say
    EVIDENCED = "evidenced"
    REVIEW = "review"
    DOCUMENTARY = "documentary"
    WATCHED = "watched"
    LEFT_OUT = "left_out"
    WITHIN_UNCERTAINTY = "within_uncertainty"
    DIALOG_UNREADABLE = "dialog_unreadable"
    PURPOSE_UNCLEAR = "purpose_unclear"
    IMPORTED = "imported"
    # Why it was not observable or not exercised
    HOOKS_LATE = "hooks_late"
    HOOKS_LATE_IN = "hooks_late_in"
    HOOKS_LOST = "hooks_lost"
    VALUES_COUNTED = "values_counted"
    VALUES_CUT = "values_cut"
    NO_HOOKS = "no_hooks"
    APP_CODE_FIRST = "app_code_first"
    UNREADABLE = "unreadable"
    NO_CA = "no_ca"
    NOTHING_READABLE = "nothing_readable"
    UNATTRIBUTED = "unattributed"
    EVENTS_LOST = "events_lost"
    STALLED = "stalled"
    AGENT_SILENT = "agent_silent"
    CAPTURE_CUT = "capture_cut"
    CAPTURE_SKIPPED = "capture_skipped"
    NO_SOURCE_CALLED = "no_source_called"
    NO_NOTICE = "no_notice"
    NOT_AGREED = "not_agreed"
    NOTHING_REFUSED = "nothing_refused"
    NOTHING_WITHDRAWN = "nothing_withdrawn"
    WITHDRAWN_LATE = "withdrawn_late"
    NO_PERMISSION_REFUSED = "no_permission_refused"
    NO_PERMISSION_REQUESTED = "no_permission_requested"
    NO_PROMPT = "no_prompt"
    NO_WINDOW = "no_window"
    NO_TAP = "no_tap"
    NO_OTHER_PARTY = "no_other_party"
    NEVER_BACKGROUND = "never_background"
    NEVER_IDLE = "never_idle"
    NO_DECLARATION = "no_declaration"
    COLLECTION_UNDECLARED = "collection_undeclared"
    PERMISSIONS_UNDECLARED = "permissions_undeclared"
    SDKS_UNDECLARED = "sdks_undeclared"
    RECIPIENTS_UNDECLARED = "recipients_undeclared"
    APP_TYPE_UNDECLARED = "app_type_undeclared"
    PERSONALISATION_ON = "personalisation_on"
    POLICY_NOT_FETCHED = "policy_not_fetched"
    POLICY_NOT_EXAMINED = "policy_not_examined"
    POLICY_FETCHED_ONCE = "policy_fetched_once"
    NO_FIRST_RUN = "no_first_run"
    NOT_RESTARTED = "not_restarted"
    NO_PROCESS_START = "no_process_start"
    NO_SENSITIVE_SOURCE = "no_sensitive_source"
    NO_CAMERA_MIC_SCREEN = "no_camera_mic_screen"
    NO_GENERATIVE_AI = "no_generative_ai"
    NO_MINOR_PROFILE = "no_minor_profile"
    NO_SDK = "no_sdk"
    # Hooks
    HOOK_CALLED = "hook_called"
    HOOK_COUNTED = "hook_counted"
    HOOK_NOT_CALLED = "hook_not_called"
    HOOK_LATE_OR_LOST = "hook_late_or_lost"
    HOOK_UNREPORTED = "hook_unreported"
    HOOK_STATE = "hook_state"
    HOOK_NOT_INSTALLED = "hook_not_installed"
    HOOK_UNPROVEN = "hook_unproven"
    # What the app's code names
    REFERENCED = "referenced"
    REFERENCED_UNSEEN = "referenced_unseen"
    REFERENCED_NOT_CALLED = "referenced_not_called"
    # Items of the guideline
    OBSERVABLE_FULL = "observable_full"
    OBSERVABLE_MIXED = "observable_mixed"
    OBSERVABLE_NONE = "observable_none"
    # Notes on the observation
    LATE_EVENTS = "late_events"
    MANIFEST_PERMISSIONS = "manifest_permissions"
    SYSTEM_TRAFFIC = "system_traffic"
    CONSENT_HINT_DIFFERS = "consent_hint_differs"
    UNREAD_DIALOG = "unread_dialog"
    STATED_WITHOUT_TAP = "stated_without_tap"


#: Parameters of the codes that take any.
PARAMETERS: Final[dict[Code, frozenset[str]]] = {
    Code.WATCHED: frozenset({"names"}),
    Code.LEFT_OUT: frozenset({"names"}),
    Code.UNREADABLE: frozenset({"n", "hosts"}),
    Code.HOOKS_LATE_IN: frozenset({"names"}),
    Code.HOOKS_LOST: frozenset({"n", "names"}),
    Code.VALUES_COUNTED: frozenset({"n", "names"}),
    Code.VALUES_CUT: frozenset({"n", "names"}),
    Code.HOOK_COUNTED: frozenset({"n"}),
    Code.CAPTURE_SKIPPED: frozenset({"n"}),
    Code.STALLED: frozenset({"n"}),
    Code.HOOK_STATE: frozenset({"hook_state"}),
    Code.MANIFEST_PERMISSIONS: frozenset({"permissions"}),
    Code.HOOK_NOT_INSTALLED: frozenset({"detail"}),
    Code.HOOK_UNPROVEN: frozenset({"detail"}),
    Code.REFERENCED: frozenset({"owner", "api", "classes"}),
    Code.REFERENCED_UNSEEN: frozenset({"owner", "api", "classes"}),
    Code.REFERENCED_NOT_CALLED: frozenset({"owner", "n", "names"}),
}


class Skip(StrEnum):
    """Why a part of an imported file was not imported; the key of a code's text is ``skip.`` plus the code."""

    REDACTED = "redacted"
    """Not a loss of a message: it was imported, with what the file says of its body."""
    # How many are missing is not known.
    CUT_SHORT = "cut_short"
    READER_ENDED = "reader_ended"
    INTERRUPTED = "interrupted"
    # One entry each.
    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    NO_TIME_OR_URL = "no_time_or_url"
    NO_HOST = "no_host"
    FAR_FUTURE = "far_future"
    NOT_BASE64 = "not_base64"
    UNKNOWN_FLOW = "unknown_flow"
    PARTIAL_FLOW = "partial_flow"
    UNRECORDABLE = "unrecordable"


#: The word of bundles that were imported before there were codes.
_REDACTED_ONCE: Final = "the body was redacted: what it held is what the file states"


def lost_in_import(component: str, what: str, why: str) -> bool:
    """Whether a health event says that a part of an imported file is missing."""
    return component == "import" and what == "skipped" and why not in (Skip.REDACTED, _REDACTED_ONCE)


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """A code with its parameters. ``params``: text by name, as ``PARAMETERS`` lists them."""

    code: str
    params: dict[str, str] = {}


def reason(code: Code, **params: str) -> Reason:
    """A reason. Raises ``ValueError`` for parameters that the code does not take."""
    if params.keys() != PARAMETERS.get(code, frozenset()):
        raise ValueError(f"{code} takes {sorted(PARAMETERS.get(code, ()))}, not {sorted(params)}")
    return Reason(code.value, params)


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


def coverage_line(line: str, name: str, state: str, *reasons: Reason, **more: Any) -> Coverage:
    """A line with its reasons; ``more``: ``detail`` and ``events``."""
    return Coverage(line=line, id=name, state=state, why=said(reasons, "en"), reasons=list(reasons), **more)


#: Parameters that hold several names, with a comma and a space between them.
_LISTS: Final = frozenset({"names", "permissions", "classes"})


#: Witnesses that say what could be observed, not that anything was done.
_OBSERVABLE: Final = frozenset({"windows_observable", "taps_observable", "lifecycle"})


def said(reasons: Iterable[Reason], lang: str) -> str:
    """The reasons in words, ``; `` between them. A code of a later version is shown as is."""
    return parts((_words(one, lang) if one.params else _plain(one.code, lang) for one in reasons), lang)


@lru_cache(512)
def _plain(code: str, lang: str) -> str:
    """The words of a code without parameters, which most lines of most sessions have."""
    return _words(Reason(code, {}), lang)


def _words(one: Reason, lang: str) -> str:
    if one.code not in Code or one.params.keys() != PARAMETERS.get(Code(one.code), frozenset()):
        return one.code
    params = {name: label(name, value, lang) for name, value in one.params.items()}
    if one.code in (Code.HOOK_NOT_INSTALLED, Code.HOOK_UNPROVEN):
        why = translated("hook_reason", one.params["detail"], lang)
        params["detail"] = retold("hook_said", why, lang)
    for name in _LISTS & one.params.keys():
        params[name] = listed(one.params[name].split(", "), lang)
    if one.code == Code.WATCHED:
        params["names"] = listed((label("witness", name, lang) for name in one.params["names"].split(", ")), lang)
    elif one.code == Code.LEFT_OUT:
        names = dict.fromkeys(label("pattern", name, lang) for name in one.params["names"].split(", "))
        params["names"] = listed(names, lang)
    return t(f"reason.{one.code}", lang, **params)


def line_words(line: Coverage, lang: str) -> str:
    """The wording for a line; one without codes keeps its sentence."""
    told = said(line.reasons, lang) or line.why
    return parts([told, t("watched.weak", lang)], lang) if any(map(_weak, line.reasons)) else told


def _weak(one: Reason) -> bool:
    """Whether a rule's silence rests on nothing but that something could be observed, whatever was done."""
    return one.code == Code.WATCHED and set(str(one.params.get("names")).split(", ")) <= _OBSERVABLE
