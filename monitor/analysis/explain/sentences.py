"""An event as one sentence in English or Chinese. No personal value is in an event, so none is in a sentence. And how a
window was read: the rows of the decision table that decided a tap, and the phrases that made them hold."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from monitor import events
from monitor.analysis.consent import decide, requests
from monitor.analysis.consent.text import label as meaning
from monitor.analysis.consent.text import phrase_behind, undoing
from monitor.analysis.explain.about import Naming
from monitor.analysis.guarded import short
from monitor.base.errors import printable
from monitor.knowledge.wordlists import table
from monitor.text import Translator, has, scope_name, step_name, t

#: Kinds of call that do something and read nothing.
DEEDS: Final = frozenset({"lifecycle", "ipc", "sdk_event"})


class Phrases(Translator):
    """The words of one language, with the names of SDKs and organisations."""

    def __init__(self, lang: str, name: Naming) -> None:
        self.lang, self.name = lang, name

    def __call__(self, key: str, **values: object) -> str:
        """The text ``story.KEY``."""
        return self.t(f"story.{key}", **values)

    def who(self, sdk: str) -> str:
        """Whose code: the app's own, the system's, a library's, or unknown."""
        if sdk in ("app", "framework"):
            return self.label("sdk", sdk)
        return self.name(sdk) if sdk else self.t("sdk.none")

    def sentence(self, event: events.Event) -> str:
        """What happened, at most 600 characters in one line."""
        say = _SENTENCES.get(type(event))
        return printable(say(event, self) if say else self.label("kind", str(event.__struct_config__.tag)), 600)


def moment(start: int, event: events.Event) -> str:
    """``+3.214 s ±1 ms``: since the start of the session, with its error."""
    return f"{(event.t - start) / 1e6:+.3f} s ±{max(1, round(event.err / 1000))} ms"


def shot(name: str, lang: str) -> str:
    """The name of a screen: before or after which action it was taken."""
    when, _, what = name.partition(" ")
    if name == "permission dialog":
        return t("shot.dialog", lang)
    return t(f"shot.{when}", lang, what=what) if when in ("before", "after") and what else name


def step(e: events.Step, lang: str) -> str:
    """A step by its verb and, if it has one, its label."""
    return step_name(e.verb, e.label, lang)


def asked(pattern: str, event: events.Event) -> events.Event:
    """The event; of a policy that a finding says lacks the information of GDPR 13, with what that article names of what
    is missing."""
    if not isinstance(event, events.Policy) or pattern != "information":
        return event
    missing = [f"gdpr:{name}" for name in event.missing if has(f"policy.gdpr_{name.replace(':', '_')}")]
    return msgspec.structs.replace(event, missing=missing)


def _call(e: events.ApiCall, say: Phrases) -> str:
    api, data, outcome = f"{e.cls.rpartition('.')[2]}.{e.method}", say.label("data_type", e.data_type), e.outcome
    if e.data_type in DEEDS:  # nothing is read, so there is no value to speak of
        what = e.args.get("component") or data
        if outcome in ("denied", "exception"):
            what = say("failed", what=what, outcome=say.label("outcome", outcome))
        text = say("did", who=say.who(e.sdk), api=api, what=what)
    else:
        text = say("call", who=say.who(e.sdk), api=api, data=data, outcome=say.label("outcome", outcome))
    return f"{text} ×{e.count}" if e.count > 1 else text


def _sent(e: events.Transmission, say: Phrases) -> str:
    places: dict[str, list[str]] = {}
    for match in e.matches[:40]:
        place = say.pair(match.path, say.label("form", match.form))
        kept = places.setdefault(match.data_type, [])
        if place not in kept and len(kept) < 2:
            kept.append(place)
    found = (say.aside(say.label("data_type", kind), say.listed(kept)) for kind, kept in places.items())
    what = say.parts(found) or "—"
    whose = say.t("sent.named", name=e.named) if e.named else say.name(e.org, org=True) if e.org else ""
    where = say.aside(f"{e.scheme}://{e.host}", whose)
    return say("sent", who=say.who(e.sdk), bytes=e.bytes, where=where, what=what)


def _tap(e: events.Tap, say: Phrases) -> str:
    meant, clear = meaning(e.label)
    if not clear and meant == "accept":
        meant = ""  # "Continue" may agree, and only where something is asked
    if meant in ("accept", "reject") and undoing(e.label) == "verb":
        meant = ""  # 继续撤销 agrees to nothing
    text = say("tap", label=e.label)
    return say("tap.meant", tap=text, meaning=say(f"tap.{meant}")) if meant else text


def _window(e: events.Window, say: Phrases) -> str:
    shown = "hidden" if e.action == "hidden" else "shown"
    title = e.title or (e.texts[0] if e.texts else "")
    text = say(f"window.{shown}", title=title, buttons=" / ".join(e.buttons[:6]) or "—")
    if e.action == "hidden":
        return text
    boxes = (say(f"box.{'ticked' if box.checked else 'empty'}", label=box.label[:100]) for box in e.boxes[:4])
    return say.parts((text, *boxes))


def _prompt(e: events.Prompt, say: Phrases) -> str:
    what = e.text or say.listed(map(short, e.permissions)) or e.prompt_kind
    return say(f"prompt.{'shown' if e.shown else 'hidden'}", what=what)


def _answer(e: events.PermissionResult, say: Phrases) -> str:
    result, dialog = say.label("permission_result", e.result), say.label("dialog", e.dialog)
    return say("answer", what=short(e.permission), result=result, dialog=dialog)


def _consent(e: events.Consent, say: Phrases) -> str:
    """Who says so: a person, the scenario, the operator, or the app's own record of it."""
    if e.via == "person":
        via = say("consent.person", by=e.detail.get("by", "?"))
    else:
        via = say(f"consent.{e.via if e.via in ('scenario', 'operator') else 'app'}")
    return say("consent", via=via, scope=scope_name(e.scope, say.lang), state=say.label("consent_state", e.state))


def _life(e: events.Lifecycle, say: Phrases) -> str:
    what, cause = say.label("lifecycle", e.what), say.label("cause", e.cause)
    return say("life", what=what, of=e.component or e.process or "—", cause=cause or "—")


def _policy(e: events.Policy, say: Phrases) -> str:
    text = say("policy", where=e.url or e.title or "—", status=e.status, bytes=e.bytes)
    if not e.missing:
        return text
    what = say.listed(say.label("policy", name.replace(":", "_")) for name in e.missing)
    return say.parts((text, say("policy.missing", what=what)))


_SENTENCES: Final[Mapping[type[Any], Callable[[Any, Phrases], str]]] = {
    events.ApiCall: _call,
    events.Transmission: _sent,
    events.Tap: _tap,
    events.Window: _window,
    events.Prompt: _prompt,
    events.UiSnapshot: lambda e, say: say("screen", name=shot(e.name, say.lang), focus=e.focus),
    events.PermissionRequest: lambda e, say: say(
        "asked", who=say.who(e.sdk), what=say.listed(map(short, e.permissions))
    ),
    events.PermissionResult: _answer,
    events.Connection: lambda e, say: say("connected", who=say.who(e.sdk), where=f"{e.host or e.address}:{e.port}"),
    events.Consent: _consent,
    events.Lifecycle: _life,
    events.Step: lambda e, say: say("step", n=e.index, what=step(e, say.lang)),
    events.Toggle: lambda e, say: say("toggle", name=e.name, value=say.label("switch", "on" if e.value else "off")),
    events.Policy: _policy,
}


#: What a window asks, as a condition of the table, to the speech acts by which it does.
_ASKS: Final = {"asks": ("policy", "separate", "login_consent"), "withdraws": ("withdraws",)}


def readings(taps: Iterable[int], records: Mapping[int, decide.Record], lang: str) -> Iterator[str]:
    """Of each tap that a row of the table decided: its rows with their meaning, and the words that made them hold."""
    for seq in (seq for seq in taps if seq in records and records[seq].row):
        for row in (*requests.rows("meanings"), *requests.rows("decisions")):
            if row.id == (records[seq].meaning if row.meaning else records[seq].row):
                yield printable(t("explain.reading.row", lang, seq=seq, id=row.id, means=row.means[lang]), 400)
        for where, words, ways in _words(records[seq]):
            said = t(f"explain.reading.{where}", lang, words=words)
            if phrase := phrase_behind(words, ways):  # else they make a phrase only in their text
                named = {"phrase": phrase.text, "act": "/".join(phrase.place), "file": f"{phrase.language}.tsv"}
                said += t("explain.reading.phrase", lang, **named)
            yield printable(said, 400)


def _words(record: decide.Record) -> Iterator[tuple[str, str, Iterable[Mapping[str, object]]]]:
    """The words on the control, then those of its window that the rows asked for: where, which, and their ways."""
    if record.words:
        yield "control", record.words, table("consent_decisions")["labels"]
    named = [name.removeprefix("seen.") for name, held in record.conditions.items() if held == "yes"]
    named += _ASKS.get(record.conditions.get("window", ""), ())
    for act in dict.fromkeys(filter(None, (_spoken(name, record.acts) for name in named))):
        yield "window", record.acts[act], table("consent_decisions")["acts"][act]


def _spoken(name: str, acts: Mapping[str, str]) -> str:
    """The speech act whose words make this one; empty if none do."""
    if acts.get(name) != "yes":
        return name if acts.get(name) else ""
    others = (other for way in table("consent_decisions")["acts"][name] for other in way.get("act", ()))
    return next(filter(None, (_spoken(other, acts) for other in others)), "")
