"""What kind of device this is: the data of a profile and an API level, and the questions asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .file import StateError, merge, table

SU = ("none", "aosp", "magisk")


@dataclass(frozen=True)
class Traits:
    """See ``profiles.yaml``."""

    root: bool
    su: str
    frida: bool | str
    loopback: str
    labels: bool
    missing: tuple[str, ...]
    dialogs: str
    zygote_bind: bool
    propagates: bool
    su_mounts: str
    accepts_ca: bool
    frida_server: bool
    spares_zygote: bool
    vm_lacks: str
    bears_scripts: bool
    settings: str
    restless: bool
    reverse: bool


@cache
def _data(name: str) -> Any:
    return table(Path(__file__).parent / f"{name}.yaml")


def profiles() -> list[str]:
    return list(_data("profiles"))


def releases() -> list[int]:
    return list(_data("levels")["releases"])


def laid_over(base: dict[str, Any], profile: str, api: int | None) -> dict[str, Any]:
    """The state of a device of this kind and level. StateError for a kind or level that is not known."""
    known = _data("profiles")
    if profile not in known:
        raise StateError(f"no such profile: {profile} (there are {', '.join(known)})")
    state: dict[str, Any] = merge(merge(base, known["default"]), known[profile])
    if api is None:
        return state
    if api not in _data("levels")["releases"]:
        raise StateError(f"no such API level: {api} (there are {', '.join(map(str, releases()))})")
    release = _data("levels")["releases"][api]
    props = {
        "ro.build.version.sdk": str(api), "ro.build.version.release": release,
        "ro.build.version.release_or_codename": release, "ro.build.id": f"STANDIN.{api}",
    }  # fmt: skip
    props["ro.build.fingerprint"] = (
        state["props"]["ro.build.fingerprint"].replace(":13/", f":{release}/").replace("STANDIN.33", f"STANDIN.{api}")
    )
    leveled: dict[str, Any] = merge(state, {"props": props})
    return leveled


def traits(state: Mapping[str, Any]) -> Traits:
    """From a state's ``traits``. ValueError for a ``su`` of no kind."""
    row = dict(state["traits"])
    if row["su"] not in SU:
        raise ValueError(f"traits.su: {row['su']}")
    return Traits(**{**row, "missing": tuple(row["missing"])})


def letters(command: str, sdk: int) -> tuple[str, str] | None:
    """The option letters that a command has at an API level, without and with a value; None = not restricted."""
    rows = [row for row in _data("levels")["commands"].get(command, ()) if row["from"] <= sdk]
    return (rows[-1]["flags"], rows[-1]["valued"]) if rows else None


def launched(sdk: int) -> str:
    """Why a process was started for the activity on top, as the log names it at an API level."""
    levels: dict[int, str] = _data("levels")["launched"]
    return levels[max(level for level in levels if level <= sdk)]
