"""Rows for ``com.example.app.Kinds``: each kind of reading and selecting, and observers that look at few calls."""

from typing import Any

from tests.hooks.support import APP, row

KINDS = f"{APP}.Kinds"
IN_SCRIPT = "script"
"""A fault that no part knows: rows stay in JavaScript, and nothing else is different."""
APPS = {"android": "ignore", "com.android.*": "ignore", "com.huawei.hwid": "oaid", "a*b*c": "meid", "a*b": "mac"}


def rows() -> list[Any]:
    kept = {
        "count": ["count"], "length": ["length"], "text": ["text"], "kind": ["class"], "bytes": ["bytes"],
        "authority": ["authority"], "path": ["uri_path"], "intent": ["action"], "component": ["component"],
        "target": ["target"], "permissions": ["permissions"], "file": ["path"], "url": ["url"], "emptied": ["count"],
        "raw": ["bytes"], "thrown": ["text"],
    }  # fmt: skip
    made = [
        row(name, KINDS, name, data_type="contacts", result=keep, args=[{"index": 0, "name": "a", "keep": keep}])
        for name, (keep,) in kept.items()
    ]
    for name, keep in {
        "packages": "package_names",
        "accounts": "account",
        "fields": "fields",
        "network": "wifi_info",
    }.items():
        made.append(row(name, KINDS, name, data_type="contacts", result=keep))
    place = [{"index": 0, "name": "a", "keep": "location"}]
    made.append(row("places", KINDS, "places", data_type="contacts", result="location", args=place))
    select = {"index": 0, "map": APPS, "otherwise": "apps"}
    made.append(row("named", KINDS, "named", data_type="apps", result="value", select=select))
    numbers = {"index": 0, "keep": "int", "map": {"-7": "ignore", "7": "serial", "1*": "imei"}, "otherwise": "apps"}
    made.append(row("pick", KINDS, "pick", data_type="apps", select=numbers))
    aims = {"index": 0, "keep": "target", "map": {"com.named": "oaid", "action:*": "ignore", "*": "apps"},
            "otherwise": "imsi"}  # fmt: skip
    made.append(row("aimed", KINDS, "aimed", data_type="apps", select=aims, result="class"))
    made.append(row("own", KINDS, "own", data_type="apps", select={**select, "map": {"o": "meid"}}))
    made.append(row("nested", KINDS, "nested", data_type="meid", result="value"))
    return made


def watched_rows() -> list[Any]:
    made = [
        row("personal", KINDS, "personal", data_type="contacts", observer="cursor"),
        row("others", KINDS, "others", data_type="apps", observer="cursor"),
        row("cell", f"{KINDS}$Table", "cell", data_type="content_uri", role="context", observer="cursor"),
    ]
    for name in ("truth", "number", "put"):
        made.append(row(name, KINDS, name, data_type="prefs", role="consent", observer="consent"))
    return made
