"""Facts that several rules ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from monitor.analysis.consent import named
from monitor.analysis.consent.labels import idle, label, starts
from monitor.analysis.consent.screens import PROSE, names
from monitor.analysis.consent.timeline import Mark, before, gap
from monitor.analysis.consent.words import pattern, plain
from monitor.analysis.rules import declared as declaration
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import Context, Subject, permissions_of, switches
from monitor.analysis.rules.fact import USES, Shown, about, fact
from monitor.analysis.rules.gathered import trait
from monitor.analysis.rules.purposes import parted
from monitor.analysis.rules.screens import seen
from monitor.declaration import Declaration, covers
from monitor.events import (
    KINDS,
    NOT_PERSONAL,
    ApiCall,
    Lifecycle,
    PermissionRequest,
    PermissionResult,
    Prompt,
    Tap,
    Toggle,
    Transmission,
    UiSnapshot,
    Window,
)
from monitor.prompts import component_title
from monitor.tables import renamed
from monitor.wordlists import table

#: Steps by which the tester leaves or ends the app, and how long an activity may take to be destroyed after one.
_LEAVES: Final = frozenset({"back", "pressKey", "background", "stopApp", "killApp", "restart", "launchApp", "openLink"})
#: Of the system's own record of an answer: the user had fixed it.
_USER_FIXED: Final = 2
_LEFT_US: Final = 15_000_000
#: From a tap on a function to the answer to its prompt, with an explanation between.
_WISHED_US: Final = 30_000_000
_EXITS: Final = re.compile(r"exit|halt|killProcess|abort|finish|self|sendSignal", re.IGNORECASE)


# The data -------------------------------------------------------------------------------------------------------------
@about(*USES)
def data_type(s: Subject) -> str:
    """The data type under assessment."""
    return s.data_type


@about(*USES)
def personal(s: Subject) -> bool:
    """Whether it is personal information."""
    return bool(s.data_type) and s.data_type not in NOT_PERSONAL


@about(*USES)
def sensitive(s: Subject, d: Declaration) -> bool:
    """Whether it is sensitive personal information, by law or by declaration."""
    return s.data_type in d.sensitive


def of_types(name: str, listed: str, says: str) -> None:
    """A fact: whether the data type is in a list of ``data_types``."""

    def compute(s: Subject) -> bool:
        return s.data_type in table("data_types")[listed]

    compute.__name__, compute.__doc__ = name, says
    about(*USES)(compute)


def on_screen(name: str, attribute: str, says: str) -> None:
    """A fact: what a window or snapshot shows, as ``Screen`` has it."""

    def compute(e: Shown) -> bool:
        return bool(getattr(seen(e), attribute))

    compute.__name__, compute.__doc__ = name, says
    fact(compute)


of_types("advertising_id", "advertising_ids", "Whether it is an advertising identifier.")
of_types("other_id", "other_ids", "Whether it is another identifier that can be reset.")


@fact
def lone_trait(e: ApiCall, c: Context) -> bool:
    """Whether it is a trait that many devices share, or a query for one app by name, and this code asked for too few of
    them to make a fingerprint or a list of apps."""
    return bool(trait(e)) and c.gathered.traits(c.caller(e)) < table("data_types")["fingerprint"]["traits"]


@fact
def perhaps_declared(e: ApiCall | Transmission, c: Context) -> bool:
    """Whether it is code that a shrinker renamed, and a declared library has not acted under a name of its own: it may
    be that one."""
    if not renamed(e.sdk):
        return False
    declared = [item for item in c.declaration.sdks or [] if item.package_prefixes or item.id]
    return any(c.acted.isdisjoint(c.declaration.ids(item)) for item in declared)


def _listed_as(c: Context, s: Subject) -> Sequence[str]:
    others: Mapping[str, Sequence[str]] = table("fields")["listed_as"]
    return others.get(c.fields.get(s.tag, ""), ())


@fact
def perhaps_listed(e: ApiCall | Transmission, c: Context, s: Subject) -> bool:
    """Whether it is what a person typed, as its field says, and the declaration may list it under another data type
    that such a thing is put under: not where that is declared for something else."""
    said = re.compile(table("fields")["listed_for"].get(c.fields.get(s.tag, ""), ""))
    entries = [item for name in _listed_as(c, s) for item in c.declaration.entries.get(name, ())]
    stated = [plain(f"{item.purpose} {item.function}").strip() for item in entries]
    return any(not words or said.search(words) for words in stated)


@fact
def perhaps_listed_for(e: Transmission, c: Context, s: Subject) -> bool:
    """As ``perhaps_listed``, in the list of the recipient, whatever it is for."""
    recipient = c.declaration.recipient(e.org, e.host)
    return recipient is not None and not set(recipient.data_types).isdisjoint(_listed_as(c, s))


@fact
def asked_for(e: ApiCall | Transmission, c: Context, s: Subject) -> bool:
    """Whether the user agreed to this kind of data by itself, or, after a refusal, granted the permission for it: after
    that of a consent platform's notice, or with a tap on what needs it. What they asked for by that may be
    necessary."""
    lines = c.consent.lines
    refused = [
        m for m in (lines.scopes["policy"].possible(e) if "policy" in lines.scopes else ()) if m.state == "denied"
    ]
    if not refused:  # nor agreed: only to this
        return consented(c, f"sensitive:{s.data_type}", e).answer == "yes"
    platform = all(m.seq in lines.platforms for m in refused)
    for scope in (
        f"sensitive:{s.data_type}",
        *(f"permission:android.permission.{p}" for p in permissions_of(s.data_type)),
    ):
        line = lines.scopes.get(scope)
        given = [m for m in line.possible(e) if m.state == "granted" and before(refused[-1], m)] if line else []
        if given and (platform or scope.startswith("sensitive:") or any(_wished(c, refused[-1], m) for m in given)):
            return True
    return False


def _wished(c: Context, refusal: Mark, grant: Mark) -> bool:
    """Whether the user tapped something, no answer to a dialog, between a refusal and the permission that they gave
    just after."""
    return any(
        before(refusal, tap) and before(tap, grant) and gap(tap, grant)[0] <= _WISHED_US
        and tap.seq not in c.consent.answered and not idle(tap.label)
        and (not label(tap.label).meaning or starts(tap.label))
        for tap in c.taps
    )  # fmt: skip


@fact
def goes_on(e: ApiCall) -> bool:
    """Whether what it starts (camera, microphone) goes on until another call ends it, or it is such another call, or
    shows what goes on to the user."""
    known = table("data_types")
    starts: Mapping[str, Sequence[str]] = known["goes_on"]
    return e.hook in starts or e.hook in known["shown_by"] or any(e.hook in ends for ends in starts.values())


@fact
def goes_on_with(e: ApiCall) -> bool:
    """Whether it only reads what another call has started: no use of its own."""
    return e.hook in table("data_types")["goes_on_with"]


@about("transmission")
def certainty(s: Subject) -> str:
    """Certainty of the value: ``found`` or ``possible``."""
    return s.certainty


@fact
def unavoidable(e: Transmission, c: Context, s: Subject) -> bool:
    """Whether no connection can avoid it: the IP address itself, the device's model in the engine's name of itself, the
    request for the policy's own page. What the app puts into the query of that request it sends of its own accord."""
    known = table("data_types")
    if s.data_type in known["unavoidable_types"] or known["unavoidable_in"].get(s.data_type) == s.path:
        return True
    return not s.path.startswith("query") and _policy_host(e, c)


def _policy_host(e: Transmission, c: Context) -> bool:
    """The request for the policy text itself, with or without a last slash."""
    if e.method not in ("GET", "HEAD", "") or not e.path:
        return False
    for url in (c.declaration.policy.url, *c.policies):
        host, _, path = re.split("[?#]", url.partition("://")[2])[0].partition("/")
        if host.partition(":")[0] == e.host and path.rstrip("/") == e.path.strip("/"):
            return True
    return False


# The recipient --------------------------------------------------------------------------------------------------------
@fact
def own_party(e: Transmission, d: Declaration) -> bool:
    """Whether the recipient is the operator."""
    return e.party == "first" or d.own_host(e.org, e.host)


@fact
def unreadable(e: Transmission) -> bool:
    """Whether it holds bytes that cannot be read (encrypted, or in a format of the app's own): no media."""
    return e.decoded in ("no", "opaque") and e.bytes > 0 and not e.reason.startswith("media")


@fact
def perhaps_own(e: Transmission, d: Declaration) -> bool:
    """Whether the recipient may be the operator itself: an unknown host, and no operator hosts are declared."""
    return not e.org and e.party == "unknown" and not (d.operator.domains or d.operator.org)


@fact
def ai_recipient(e: Transmission, c: Context) -> bool:
    """Whether the recipient is declared as answering prompts."""
    return c.answers_prompts(e)


@fact
def asked_of_ai(e: Transmission, c: Context, s: Subject) -> bool:
    """Whether what the user typed is a prompt: it was sent before to who is declared as answering them, or was typed
    for a function that is declared to take prompts, into no field of another kind."""
    if s.tag in c.asked:
        return True
    function = c.declaration.functions.get(c.function(e))
    return function is not None and "prompt" in function.data_types and c.fields.get(s.tag, "") == ""


@fact
def ad_host(e: Transmission, c: Context) -> bool:
    """Whether the host serves advertising or attribution: that which was dialled, or that which the app names."""
    return any(_advertising(one, c) for one in c.facts.readings(e))


@fact
def for_personalisation(e: Transmission, c: Context) -> bool:
    """Whether the recipient, or the library that sends to it, is declared for nothing but what is made for one
    person."""
    stated = [part for part in parted(declaration.purposes(e, c)) if part]
    return bool(stated) and all(pattern("personalisation").search(part) for part in stated)


def _advertising(e: Transmission, c: Context) -> bool:
    stated = declaration.purposes(e, c)
    ads = any(pattern("ad_purpose").search(plain(text)) for text in stated)
    if ads or covers(c.declaration.personalisation.ad_hosts, e.host):
        return True
    organisation = c.facts.organisations.get(e.org)
    purposes = set(organisation.purposes) if organisation else set()
    for domain in organisation.domains if organisation else ():
        if covers([domain.name], e.host) and domain.purposes:
            purposes = set(domain.purposes)
    return bool(purposes & {"advertising", "attribution"})


@about(*KINDS)
def genai(d: Declaration) -> bool:
    """Whether generative AI is declared."""
    return d.genai


# The user and the screen ----------------------------------------------------------------------------------------------
@fact
def label_kind(e: Tap) -> str:
    """The meaning of the control's label, or empty."""
    return label(e.label).meaning


@fact
def toggle_scope(e: Toggle, c: Context) -> str:
    """The consent scope that the switch stands for."""
    return named.toggle_scope(e.name, c.switches)


@fact
def reverted(e: Toggle, c: Context) -> bool:
    """Whether the switch was set back without user action."""
    return e.seq in c.reverted


@fact
def policy_dialog(e: Shown) -> bool:
    """Whether it mentions the privacy policy and asks for consent, not whether to take one back."""
    looks = seen(e)
    return looks.policy and looks.asks and not looks.withdraws and _agreeable(e)


#: From a tap to what it may have opened.
_TAPPED_US: Final = 10_000_000


@fact
def comes_up(e: Window, c: Context) -> bool:
    """Whether the notice was not there before: in a window of its own, or drawn into one that was there without it
    although nobody had just tapped something there."""
    return _newly(e, c, policy_dialog)


def _newly(e: Window, c: Context, what: Callable[[Window], bool]) -> bool:
    """Whether what a window holds was not there before: see ``comes_up``."""
    if e.action != "changed":
        return e.action == "shown"
    tap = c.since_tap(e, wish=True)
    if tap is not None and tap[0] <= _TAPPED_US and not c.untouched_return(e, wish=True):
        return False
    same = (w for w in reversed(c.windows) if (w.src, w.window) == (e.src, e.window) and before(w, e))
    last = next(same, None)
    return last is not None and (last.action == "hidden" or not what(last))


@fact
def asks_consent(e: Window, c: Context) -> bool:
    """Whether it asks for a consent of its own, apart from the policy: to sharing, to a purpose, to a kind of data. Not
    the app's own guide to a permission, which counts with the permission."""
    guide = _guides(e) and not seen(e).separate
    return not guide and bool({*c.consent.notices.asked.get(e.seq, ())} - {"policy", "guardian"})


def _agreeable(e: Shown) -> bool:
    """Whether something on it may agree. A whole page has many controls with other uses: there only a clear one."""
    looks = seen(e)
    if isinstance(e, Window) and is_page(e):
        lone = looks.lone and looks.told and len(looks.controls) == 1
        return looks.clear_accept or looks.login_consent or lone or (looks.refusable and looks.prose >= PROSE)
    return bool(looks.accepts or looks.unknown or e.boxes) or not all(map(plain, e.buttons))


@fact
def is_page(e: Window) -> bool:
    """Whether the window is an activity that its component names."""
    return bool(e.window_kind == "activity" and component_title(e.title))


@fact
def policy_notice(e: Shown, c: Context) -> bool:
    """Whether it mentions the privacy policy, or the scenario says so."""
    return seen(e).policy or e.seq in c.consent.notices.stated


@fact
def offers_switch(e: Window | UiSnapshot | Toggle, d: Declaration) -> bool:
    """Whether it offers a switch for personalisation: by the words of a switch, of a control or of a short text beside
    one, or the one that is declared. A sentence only mentions it."""
    if isinstance(e, Toggle):
        return plain(e.name) in switches(d) or bool(pattern("switch").search(plain(e.name)))
    boxes, looks = [plain(box.label) for box in e.boxes], seen(e)
    named = [*boxes, *looks.controls]
    if e.boxes or looks.accepts or looks.rejects:
        named += filter(names, map(plain, (*e.texts, e.title if isinstance(e, Window) else "")))
    return not switches(d).isdisjoint(boxes) or any(pattern("switch").search(words) for words in named)


def suppressed(e: PermissionResult) -> bool:
    """Whether Android did not show the dialog because the user had refused for good."""
    return e.via == "logcat" and e.result == "ignored" and e.code == _USER_FIXED


@fact
def shown_prompt(e: Window | Prompt | PermissionResult, c: Context) -> bool:
    """Whether a request for permission was visible: the system dialog, known from outside or from its answer, or the
    app's own guide to it; or not shown any more because the user had refused for good."""
    if isinstance(e, Prompt):
        return bool(e.shown and e.permissions)
    if isinstance(e, PermissionResult):
        return e.dialog == "yes" or suppressed(e)
    return _guides(e) and _newly(e, c, _guides)


def _guides(e: Window) -> bool:
    """Whether a window is the app's own guide to a permission."""
    looks = seen(e)
    named = bool(looks.types and pattern("permission").search(looks.words))
    return e.action != "hidden" and named and looks.asks and not looks.policy


@fact
def asked_anew(e: Window, c: Context) -> bool:
    """Whether it asks for a consent of its own that was not asked for there before: see ``comes_up``."""
    return asks_consent(e, c) and _newly(e, c, lambda last: asks_consent(last, c))


@fact
def not_shown(e: Prompt | PermissionResult) -> bool:
    """Whether Android refused a request without asking, because the user had refused for good."""
    return isinstance(e, PermissionResult) and suppressed(e)


@fact
def needed_by_function(e: PermissionRequest | PermissionResult, c: Context) -> bool:
    """Whether the current function is declared to need every permission of it."""
    function = c.declaration.functions.get(c.function(e))
    asked = e.permissions if isinstance(e, PermissionRequest) else [e.permission]
    return function is not None and all(listed(name, function.permissions) for name in asked)


def listed(permission: str, names: Sequence[str]) -> bool:
    """Whether a list names a permission, whatever the package of either."""
    last = permission.rpartition(".")[2]
    return any(name.rpartition(".")[2] == last for name in names)


@fact
def self_exit(e: Lifecycle, c: Context) -> bool:
    """Whether the app exited by its own action: it ended its process, or its last activity finished and nobody had left
    it (with HOME or BACK, or by a control that leaves and is not the only one)."""
    if e.what in ("process_exit", "activity_destroyed") and _chosen(e, c):
        return False
    if e.what == "process_exit":
        return bool(_EXITS.search(e.cause))
    return e.what == "activity_destroyed" and _closed(e, c)


@fact
def left_by_hand(e: PermissionResult | Tap, c: Context) -> bool:
    """Whether a person used the device without the scenario when the app's last activity finished, and no call ended
    its process: nothing shows whether they pressed BACK."""
    hand = False
    for step in c.history["step"]:
        if step.verb == "manual" and not before(e, step):
            hand = step.state == "started"
    ends = (life for life in c.history["lifecycle"] if before(e, life) and gap(e, life)[0] <= _LEFT_US)
    return hand and not any(life.what == "process_exit" and _EXITS.search(life.cause) for life in ends)


def _chosen(e: Lifecycle, c: Context) -> bool:
    """Whether the user chose to leave. Where a window offers nothing else, or is about a permission, that is no
    choice."""
    for tap in reversed(c.taps):
        least, most = gap(tap, e)
        if most >= 0 and least <= _LEFT_US and pattern("exits").fullmatch(plain(tap.label)):
            shown = next((w for w in reversed(c.windows) if w.src == tap.src and w.window == tap.window), None)
            if shown is None:
                return True
            others = any(plain(button) != plain(tap.label) for button in shown.buttons)
            return others and not pattern("permission").search(seen(shown).words)
    return False


def _closed(e: Lifecycle, c: Context) -> bool:
    """An activity that is made anew is destroyed, too, while the app stays in front."""
    alive = 0
    for other in c.history["lifecycle"]:
        if other.t > e.t or other.src != e.src:
            continue
        alive += {"activity_created": 1, "activity_destroyed": -1}.get(other.what, 0)
    away = bool(c.stage.marks) and "foreground" not in c.stage.states(e, "foreground")
    steps = [step for step in c.history["step"] if step.verb in _LEAVES]
    left = any(gap(step, e)[1] >= 0 and gap(step, e)[0] <= _LEFT_US for step in steps)
    return alive <= 0 and away and not left
