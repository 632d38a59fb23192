"""The situations a library is put into: what the host calls when, what the session does, which part of it counts."""

from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

import yaml

from monitor.knowledge.entry_points import EntryPoint
from monitor.record.sdk.host import PACKAGE
from monitor.session.declaration import Declaration, DeclaredSdk

_PLAIN: Final = (
    "before_consent", "too_early", "after_consent", "refused", "withdrawn", "no_permission", "second_process",
    "offline",
)  # fmt: skip
_WITH: Final = "with:"
_ACCEPT: Final = "同意并继续|同意|agree.*|accept.*"
_REFUSE: Final = "不同意.*|拒绝|暂不同意|.*disagree.*|decline|reject"
_CALLS_MS: Final = 60_000
Answer = Literal["", "accept", "reject"]


class Trial(NamedTuple):
    """One situation to be played. ``skip``: why it is not; ``decided``: its window begins when the user decided so
    (empty = at the start), and ends when the user decided ``until``."""

    name: str
    consent: bool
    answer: Answer = "accept"
    withdraw: bool = False
    permission: str = ""
    """``all``, ``none`` or a permission."""
    second: bool = False
    offline: bool = False
    early: tuple[str, ...] = ("before_consent",)
    """Entry points (by ``when``) that are called at the app's start."""
    skip: str = ""

    @property
    def begins(self) -> str:
        """State of consent at which the window begins; empty = the start."""
        if self.withdraw:
            return "withdrawn"
        return {"accept": "granted", "reject": "denied", "": ""}[self.answer]


def trials(sdk: DeclaredSdk, permissions: Sequence[str], kind: str) -> list[Trial]:
    """All situations for a library of this kind (jar, aar, apk). Those that cannot be played say why: of a jar nothing
    runs that is not called, while an AAR may bring components that start by themselves."""
    whens = {entry.when for entry in sdk.entry_points}
    idle = "no_call" if kind == "jar" and "before_consent" not in whens else ""
    apk = kind == "apk"
    found = [
        Trial("before_consent", False, answer="", permission="all", skip=idle),
        Trial("too_early", False, answer="", permission="all", early=("before_consent", "after_consent"),
              skip="app" if apk else "" if "after_consent" in whens else "no_after"),
        Trial("after_consent", True, permission="all"),
        Trial("refused", False, answer="reject", permission="all", skip="" if "refusal" in whens else idle),
        Trial("withdrawn", False, withdraw=True, permission="all"),
        Trial("no_permission", True, permission="none"),
        Trial("second_process", True, permission="all", second=True, skip="app" if apk else ""),
        Trial("offline", True, permission="all", offline=True),
    ]  # fmt: skip
    return [*found, *(Trial(f"{_WITH}{one.rpartition('.')[2]}", True, permission=one) for one in permissions)]


def plan(trial: Trial, sdk: DeclaredSdk) -> dict[str, Any]:
    """``assets/plan.json`` of the host: lists of calls by the moment they are made in."""

    def calls(*whens: str) -> list[dict[str, Any]]:
        return [_call(entry) for entry in sdk.entry_points if entry.when in whens]

    return {
        "second": trial.second,
        "early": calls(*trial.early),
        "agreed": calls("after_consent") if "after_consent" not in trial.early else [],
        "refused": calls("refusal"),
        "withdrawn": calls("withdrawal"),
    }


def _call(entry: EntryPoint) -> dict[str, Any]:
    return {"name": entry.title, "class": entry.cls, "method": entry.method, "args": entry.args, "on": entry.on}


def scenario(trial: Trial, declaration: Declaration, app: str, watch_s: int) -> str:
    """The session's script. ``app``: the package; the host is watched for the end of its calls."""
    host = app == PACKAGE
    steps: list[Any] = []
    permissions = {} if trial.permission == "none" else {trial.permission: "allow"}
    if trial.offline:
        steps.append({"network": "off"})
    steps.append({"launchApp": {"clearState": True, "permissions": permissions}})
    steps.append({"extendedWaitUntil": {"visible": _ACCEPT, "timeout": "60s"}})
    if not trial.answer:
        steps += _watched(watch_s)
        # The host shows what became of its calls below the dialog; what follows is out of the window.
        steps.append({"consent": {"scope": "policy", "decision": "reject", "tapOn": _REFUSE}})
        steps += [_made("early"), {"takeScreenshot": "calls"}] if host else []
        return _written(trial, app, steps)
    steps.append({"consent": {"scope": "policy", "decision": trial.answer,
                              "tapOn": _ACCEPT if trial.answer == "accept" else _REFUSE}})  # fmt: skip
    if host:
        steps += [_prompts(), _made("agreed" if trial.answer == "accept" else "refused")]
    if trial.withdraw:
        steps += [_prompts(), {"idle": "2s"}]
        if host:
            steps += [{"consent": {"scope": "policy", "decision": "withdraw", "tapOn": "撤回同意"}}, _made("withdrawn")]
        else:
            path = next(iter(declaration.withdrawal.paths), [])
            steps.append({"withdraw": {"path": path} if path else {}})
    steps += _watched(watch_s)
    steps.append({"takeScreenshot": "calls"})
    return _written(trial, app, steps)


def _watched(seconds: int) -> list[Any]:
    """Time for what runs later, in front and behind, with the system's dialogs answered."""
    return [
        _prompts(), {"idle": f"{seconds}s"}, _prompts(), {"background": "1s"}, "foreground",
        {"idle": f"{max(1, seconds // 2)}s"},
    ]  # fmt: skip


def _made(calls: str) -> dict[str, Any]:
    return {"extendedWaitUntil": {"visible": f"calls {calls} made", "timeout": _CALLS_MS}}


def _prompts() -> dict[str, Any]:
    """Permission dialogs are refused: what is allowed is allowed from the start."""
    return {
        "repeat": {
            "times": 5,
            "while": {"visible": {"id": "permission_deny.*button"}},
            "commands": [{"permission": {"decision": "deny", "optional": True}}],
        }
    }


def _written(trial: Trial, app: str, steps: list[Any]) -> str:
    header = {"appId": app, "name": f"sdk-{trial.name}".replace(":", "-"), "tags": ["sdk"]}
    return yaml.safe_dump_all([header, steps], allow_unicode=True, sort_keys=False)
