"""An event as one sentence in English or Chinese. No personal value is in an event, so none is in a sentence."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from monitor.analysis.consent.control import label as meaning
from monitor.analysis.consent.control import undoing
from monitor.analysis.explain.about import Naming
from monitor.analysis.guarded import short
from monitor.base.errors import printable
from monitor.events import (
    ApiCall,
    Connection,
    Consent,
    Event,
    Lifecycle,
    PermissionRequest,
    PermissionResult,
    Policy,
    Prompt,
    Step,
    Tap,
    Toggle,
    Transmission,
    UiSnapshot,
    Window,
)
from monitor.text import aside, has, label, listed, pair, parts, scope_name, step_name, t

#: Kinds of call that do something and read nothing.
DEEDS: Final = frozenset({"lifecycle", "ipc", "sdk_event"})


def sentence(event: Event, lang: str, name: Naming) -> str:
    """What happened, at most 600 characters in one line."""
    make = _MAKERS.get(type(event))
    text = make(event, lang, name) if make else label("kind", str(event.__struct_config__.tag), lang)
    return printable(text, 600)


def moment(start: int, event: Event) -> str:
    """``+3.214 s ±1 ms``: since the start of the session, with its error."""
    return f"{(event.t - start) / 1e6:+.3f} s ±{max(1, round(event.err / 1000))} ms"


def who(sdk: str, lang: str, name: Naming) -> str:
    """Whose code: the app's own, the system's, a library's, or unknown."""
    if sdk in ("app", "framework"):
        return t(f"sdk.{sdk}", lang)
    return name(sdk) if sdk else t("sdk.none", lang)


def shot(name: str, lang: str) -> str:
    """The name of a screen: before or after which action it was taken."""
    when, _, what = name.partition(" ")
    if name == "permission dialog":
        return t("shot.dialog", lang)
    return t(f"shot.{when}", lang, what=what) if when in ("before", "after") and what else name


def step(e: Step, lang: str) -> str:
    """A step by its verb and, if it has one, its label."""
    return step_name(e.verb, e.label, lang)


def stated(e: Consent, lang: str) -> str:
    """Who says so: the scenario, the operator, or the app's own record of it."""
    if e.via == "person":
        return t("story.consent.person", lang, by=e.detail.get("by", "?"))
    return t(f"story.consent.{e.via if e.via in ('scenario', 'operator') else 'app'}", lang)


def _call(e: ApiCall, lang: str, name: Naming) -> str:
    api, data = f"{e.cls.rpartition('.')[2]}.{e.method}", label("data_type", e.data_type, lang)
    if e.data_type in DEEDS:  # nothing is read, so there is no value to speak of
        what = e.args.get("component") or data
        what = t("story.failed", lang, what=what, outcome=label("outcome", e.outcome, lang)) if _failed(e) else what
        text = t("story.did", lang, who=who(e.sdk, lang, name), api=api, what=what)
    else:
        outcome = label("outcome", e.outcome, lang)
        text = t("story.call", lang, who=who(e.sdk, lang, name), api=api, data=data, outcome=outcome)
    return f"{text} ×{e.count}" if e.count > 1 else text


def _failed(e: ApiCall) -> bool:
    return e.outcome in ("denied", "exception")


def _sent(e: Transmission, lang: str, name: Naming) -> str:
    forms: dict[str, list[str]] = {}
    for match in e.matches[:40]:
        form = pair(match.path, label("form", match.form, lang), lang)
        kept = forms.setdefault(match.data_type, [])
        if form not in kept and len(kept) < 2:
            kept.append(form)
    what = parts(
        (aside(label("data_type", kind, lang), listed(found, lang), lang) for kind, found in forms.items()), lang
    )
    whose = t("sent.named", lang, name=e.named) if e.named else name(e.org, org=True) if e.org else ""
    where = aside(f"{e.scheme}://{e.host}", whose, lang)
    return t("story.sent", lang, who=who(e.sdk, lang, name), bytes=e.bytes, where=where, what=what or "—")


def _tap(e: Tap, lang: str, _: Naming) -> str:
    meant, clear = meaning(e.label)
    if not clear and meant == "accept":
        meant = ""  # "Continue" may agree, and only where something is asked
    if meant in ("accept", "reject") and undoing(e.label) == "verb":
        meant = ""  # 继续撤销 agrees to nothing
    text = t("story.tap", lang, label=e.label)
    return t("story.tap.meant", lang, tap=text, meaning=t(f"story.tap.{meant}", lang)) if meant else text


def _window(e: Window, lang: str, _: Naming) -> str:
    title = e.title or (e.texts[0] if e.texts else "")
    said = t(f"story.window.{'hidden' if e.action == 'hidden' else 'shown'}", lang, title=title,
             buttons=" / ".join(e.buttons[:6]) or "—")  # fmt: skip
    if e.action == "hidden":
        return said
    boxes = (t(f"story.box.{'ticked' if box.checked else 'empty'}", lang, label=box.label[:100]) for box in e.boxes[:4])
    return parts((said, *boxes), lang)


def _prompt(e: Prompt, lang: str, _: Naming) -> str:
    what = e.text or listed((short(p) for p in e.permissions), lang) or e.prompt_kind
    return t(f"story.prompt.{'shown' if e.shown else 'hidden'}", lang, what=what)


def asked(pattern: str, event: Event) -> Event:
    """The event; of a policy that a finding says lacks the information of GDPR 13, with what that article names of what
    is missing."""
    if not isinstance(event, Policy) or pattern != "information":
        return event
    missing = [f"gdpr:{name}" for name in event.missing if has(f"policy.gdpr_{name.replace(':', '_')}")]
    return msgspec.structs.replace(event, missing=missing)


def _policy(e: Policy, lang: str) -> str:
    text = t("story.policy", lang, where=e.url or e.title or "—", status=e.status, bytes=e.bytes)
    if not e.missing:
        return text
    what = listed((label("policy", name.replace(":", "_"), lang) for name in e.missing), lang)
    return parts((text, t("story.policy.missing", lang, what=what)), lang)


_MAKERS: Final[Mapping[type[Any], Callable[[Any, str, Naming], str]]] = {
    ApiCall: _call,
    Transmission: _sent,
    Tap: _tap,
    Window: _window,
    Prompt: _prompt,
    UiSnapshot: lambda e, lang, _: t("story.screen", lang, name=shot(e.name, lang), focus=e.focus),
    PermissionRequest: lambda e, lang, name: t(
        "story.asked", lang, who=who(e.sdk, lang, name), what=listed((short(p) for p in e.permissions), lang)
    ),
    PermissionResult: lambda e, lang, _: t(
        "story.answer",
        lang,
        what=short(e.permission),
        result=label("permission_result", e.result, lang),
        dialog=label("dialog", e.dialog, lang),
    ),
    Connection: lambda e, lang, name: t(
        "story.connected", lang, who=who(e.sdk, lang, name), where=f"{e.host or e.address}:{e.port}"
    ),
    Consent: lambda e, lang, name: t(
        "story.consent",
        lang,
        via=stated(e, lang),
        scope=scope_name(e.scope, lang),
        state=label("consent_state", e.state, lang),
    ),
    Lifecycle: lambda e, lang, _: t(
        "story.life",
        lang,
        what=label("lifecycle", e.what, lang),
        of=e.component or e.process or "—",
        cause=label("cause", e.cause, lang) or "—",
    ),
    Step: lambda e, lang, _: t("story.step", lang, n=e.index, what=step(e, lang)),
    Toggle: lambda e, lang, _: t(
        "story.toggle", lang, name=e.name, value=label("switch", "on" if e.value else "off", lang)
    ),
    Policy: lambda e, lang, _: _policy(e, lang),
}
