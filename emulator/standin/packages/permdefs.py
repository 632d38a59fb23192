"""Android's permissions (``permissions.yaml``): their groups, levels, and the app op that each guards."""

from pathlib import Path
from typing import Any

from emulator.standin.state.file import table

_P = "android.permission."
_DATA: dict[str, Any] = table(Path(__file__).parent / "permissions.yaml")


def _whole(names: list[str]) -> frozenset[str]:
    return frozenset(_P + name for name in names)


PERMISSION_GROUP = {
    _P + name: f"android.permission-group.{group}" for group, names in _DATA["groups"].items() for name in names
}
_SINCE: dict[str, int] = {_P + name: level for name, level in _DATA["since"].items()}
_OPS = {_P + name: op for name, op in _DATA["ops"].items()} | {
    name: name.removeprefix(_P) for name in PERMISSION_GROUP if name.removeprefix(_P) not in _DATA["ops"]
}
PERMISSION_OP: dict[str, str] = {permission: op for permission, op in _OPS.items() if op}
ALL_OPS = tuple(dict.fromkeys((*PERMISSION_OP.values(), *_DATA["extra_ops"])))
NORMAL = _whole(_DATA["normal"]) | frozenset(_DATA["normal_of_others"])
APP_OP_ONLY = _whole(_DATA["app_op_only"])
PRE23 = _whole(_DATA["pre23"])
_PLATFORM = (_P, "com.android.")


def by_request(permission: str) -> bool:
    """Whether an installed app holds it by requesting it: a normal one, or one of an app's own. The platform's others
    are for what is signed or preinstalled with it."""
    return permission in NORMAL or not permission.startswith(_PLATFORM)


def is_runtime(permission: str, sdk: int) -> bool:
    """Whether the user of a device of this API level is asked for it."""
    return permission in PERMISSION_GROUP and _SINCE.get(permission, 0) <= sdk
