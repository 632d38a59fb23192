"""What must have been observed for silence to mean anything: the witnesses that rules name."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from monitor.analysis.consent.tracker import RESETS
from monitor.analysis.coverage.needs import Situation
from monitor.analysis.coverage.past import Past
from monitor.analysis.coverage.seen import INSTALLED, Seen, Unread
from monitor.analysis.coverage.verdict import NOT_EXERCISED, NOT_OBSERVABLE
from monitor.analysis.rules.answers import GRACE_US
from monitor.events import NOT_PERSONAL
from monitor.session.declaration import Declaration, covers
from monitor.text.reasons import Code, Reason, reason

_MINORS: Final = frozenset({"minor", "minor_profile", "age_under_14", "child_profile"})


class Gap(NamedTuple):
    """Why a witness is missing; ``state`` is the resulting state of the rule."""

    state: str
    reasons: tuple[Reason, ...]


Witness = Callable[[Situation], Gap | None]


def _hooks(s: Situation) -> Gap | None:
    ready, app_code = s.seen.ready, s.seen.app_code
    first = ready is not None and app_code is not None and app_code < ready
    return unhooked(s.seen) or (Gap(NOT_OBSERVABLE, (reason(Code.APP_CODE_FIRST),)) if first else None)


def unhooked(seen: Seen) -> Gap | None:
    """The gap that there is where no hooks were installed."""
    active = any(state in INSTALLED for state in seen.hooks.values())
    if seen.calls or active or ("hooks" in seen.components and not seen.hooks):
        return None
    return Gap(NOT_OBSERVABLE, (reason(Code.NO_HOOKS),))


def _need(test: Callable[[Situation], object], code: Code, state: str = NOT_EXERCISED) -> Witness:
    gap = Gap(state, (reason(code),))
    return lambda s: None if test(s) else gap


def _hooked(witness: Witness) -> Witness:
    """What is to be compared with the user's decisions, which are known only where hooks were in the app."""
    return lambda s: unhooked(s.seen) or witness(s)


_any_window: Final = _hooked(
    _need(lambda s: s.seen.kinds["window"] + s.seen.kinds["ui_snapshot"], Code.NO_WINDOW, NOT_OBSERVABLE)
)


def _windows(s: Situation) -> Gap | None:
    """Where hooks do not read the app's windows, those that a person met while no screen was taken are not known."""
    unseen = s.seen.unpolled and not s.seen.read
    return _any_window(s) or (Gap(NOT_OBSERVABLE, (reason(Code.STALLED, n=str(s.seen.unpolled)),)) if unseen else None)


def _traffic(matters: Callable[[Unread, Declaration], bool] = lambda _, __: True) -> Witness:
    """Traffic was readable, and the values that it may contain were known from hooks that saw them read. ``matters``:
    whether what could not be read may have been what a rule looks for."""

    def witness(s: Situation) -> Gap | None:
        unread = Counter({one: n for one, n in s.seen.opaque.items() if matters(one, s.declaration)})
        if unread:
            hosts = ", ".join(sorted({one.host for one in unread if one.host})[:5])
            unreadable = reason(Code.UNREADABLE, n=str(unread.total()), hosts=hosts)
            return Gap(NOT_OBSERVABLE, (unreadable, reason(Code.NO_CA)) if s.seen.no_ca else (unreadable,))
        past = {one: n for one, n in s.seen.past.destinations().items() if matters(s.carried(one), s.declaration)}
        if past:
            return Gap(NOT_OBSERVABLE, (past_proxy(past),))
        if s.seen.unattributed:
            return Gap(NOT_OBSERVABLE, (reason(Code.UNATTRIBUTED),))
        if not s.seen.readable:
            return Gap(NOT_EXERCISED, (reason(Code.NOTHING_READABLE),))
        return None if s.seen.imported else unhooked(s.seen)

    return witness


def past_proxy(destinations: Mapping[Past, int]) -> Reason:
    """How much went past the proxy, and where the first of it went."""
    first = [*map(str, destinations)][:5]
    hosts = ", ".join([*first, *["…"][: len(destinations) - len(first)]])
    return reason(Code.PAST_PROXY, n=str(sum(destinations.values())), hosts=hosts)


def _undeclared(one: Unread, declared: Declaration) -> bool:
    """Whether the declaration names neither the recipient nor a library with that host."""
    libraries = (host for sdk in declared.sdks or [] for host in sdk.hosts)
    return declared.recipient(one.org, one.host) is None and not covers(list(libraries), one.host)


def _lossless(s: Situation) -> Gap | None:
    lost = (reason(Code.EVENTS_LOST),) if s.seen.lost else ()
    asleep = (reason(Code.STALLED, n=str(s.seen.asleep)),) if s.seen.asleep else ()
    return Gap(NOT_OBSERVABLE, lost + asleep) if lost or asleep else None


def _withdrawal(s: Situation) -> Gap | None:
    """Something was withdrawn, and the session went on for longer than what was in progress is given."""
    if s.withdrawn_us is None:
        return Gap(NOT_EXERCISED, (reason(Code.NOTHING_WITHDRAWN),))
    return None if s.withdrawn_us > GRACE_US else Gap(NOT_EXERCISED, (reason(Code.WITHDRAWN_LATE),))


WITNESSES: Final[dict[str, Witness]] = {
    "hooks_in_time": _hooks,
    "nothing_lost": _lossless,
    "source_call": _need(lambda s: s.seen.types - NOT_PERSONAL, Code.NO_SOURCE_CALLED),
    "consent_dialog": _need(lambda s: s.states.get("policy", set()) - {"unread"}, Code.NO_NOTICE),
    "consent_granted": _need(lambda s: s.had("policy", "granted"), Code.NOT_AGREED),
    "consent_refused": _need(
        lambda s: any(s.had(name, "denied") for name in ("policy", "permission:", "sensitive:", "purpose:")),
        Code.NOTHING_REFUSED,
    ),
    "withdrawal": _withdrawal,
    "policy_withdrawal": _need(lambda s: s.had("policy", "withdrawn"), Code.NOTHING_WITHDRAWN),
    "permission_denied": _need(lambda s: s.had("permission:", "denied"), Code.NO_PERMISSION_REFUSED),
    "permission_requested": _need(lambda s: s.seen.kinds["permission_request"], Code.NO_PERMISSION_REQUESTED),
    "prompts_observable": _hooked(
        _need(lambda s: s.seen.kinds["prompt"] + s.seen.kinds["permission_result"], Code.NO_PROMPT)
    ),
    "windows_observable": _windows,
    "taps_observable": _need(lambda s: s.seen.kinds["tap"], Code.NO_TAP, NOT_OBSERVABLE),
    "traffic": _traffic(),
    "traffic_to_others": _traffic(_undeclared),
    "traffic_to_known": _traffic(lambda one, _: bool(one.org)),
    "traffic_of_ai": _traffic(lambda _, declared: declared.genai),
    "addresses": _traffic(lambda one, _: not one.enclosed),
    "third_party_traffic": _need(lambda s: s.seen.third, Code.NO_OTHER_PARTY),
    "background": _need(lambda s: s.seen.lives["background"] or s.seen.lives["screen_off"], Code.NEVER_BACKGROUND),
    "idle": _need(lambda s: s.seen.kinds["step"] or s.seen.kinds["tap"], Code.NEVER_IDLE),
    "declaration": _need(lambda s: s.declaration != Declaration(), Code.NO_DECLARATION),
    "collection_declared": _need(lambda s: s.declaration.collection is not None, Code.COLLECTION_UNDECLARED),
    "permissions_declared": _need(lambda s: s.declaration.permissions is not None, Code.PERMISSIONS_UNDECLARED),
    "sdks_declared": _need(lambda s: s.declaration.sdks is not None, Code.SDKS_UNDECLARED),
    "recipients_declared": _need(lambda s: s.declaration.recipients is not None, Code.RECIPIENTS_UNDECLARED),
    "recipients_named": _need(lambda s: s.declaration.names_recipients, Code.RECIPIENTS_UNDECLARED),
    "app_type": _need(lambda s: s.declaration.app.type_39, Code.APP_TYPE_UNDECLARED),
    "toggle_off": _need(
        lambda s: s.states.get("personalisation", set()) & {"withdrawn", "denied"}, Code.PERSONALISATION_ON
    ),
    "policy_fetched": _need(lambda s: s.seen.kinds["policy"], Code.POLICY_NOT_FETCHED),
    "policy_examined": _need(lambda s: s.seen.examined, Code.POLICY_NOT_EXAMINED),
    "policy_changed": _need(
        lambda s: s.seen.kinds["policy"] + s.seen.kinds["policy_before"] > 1, Code.POLICY_FETCHED_ONCE
    ),
    "fresh_install": _need(lambda s: RESETS & s.seen.lives.keys(), Code.NO_FIRST_RUN),
    "relaunch": _hooked(_need(lambda s: s.seen.lives["process_start"] > 1 + s.seen.revived, Code.NOT_RESTARTED)),
    "lifecycle": _hooked(_need(lambda s: s.seen.lives["process_start"], Code.NO_PROCESS_START, NOT_OBSERVABLE)),
    "sensitive_source": _need(lambda s: s.seen.types & s.declaration.sensitive, Code.NO_SENSITIVE_SOURCE),
    "camera_or_mic": _need(lambda s: s.seen.types & {"camera", "mic", "screen"}, Code.NO_CAMERA_MIC_SCREEN),
    "ai_function": _need(lambda s: s.declaration.genai, Code.NO_GENERATIVE_AI),
    "minor_profile": _need(
        lambda s: s.declaration.app.child_directed or _MINORS & s.seen.functions, Code.NO_MINOR_PROFILE
    ),
    "sdk_seen": _need(lambda s: s.seen.sdks - {"", "app", "framework"}, Code.NO_SDK),
}
