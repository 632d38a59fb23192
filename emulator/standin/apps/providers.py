"""Content providers of the system: rows from the state, with the permissions Android asks for."""

import operator
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from emulator.standin.state.device import DeviceState

from .applayer import Process

_P = "android.permission."
Row = dict[str, Any]


class AppError(Exception):
    """An exception to be thrown in the app: its Java class and message."""

    def __init__(self, java: str, message: str) -> None:
        super().__init__(message)
        self.java = java


@dataclass(frozen=True)
class Provider:
    """One authority: owner class, permissions to read and write, rows by path, op noted on use."""

    cls: str
    read: str
    write: str
    rows: Callable[[DeviceState, str, Process], list[Row]]


def _contacts(state: DeviceState, path: str, process: Process) -> list[Row]:
    people: list[Row] = state.get("contacts") or []

    def each(*keys: str) -> list[tuple[str, Row]]:
        """The kind of each phone number or address, and its row."""
        return [
            (key, {"_id": 0, "contact_id": p["id"], "display_name": p["name"], "data1": value})
            for p in people
            for key in keys
            for value in p.get(key, [])
        ]

    if path.startswith(("data/phones", "phone_lookup")):
        rows = [row | {"data2": 2, "data4": row["data1"], "number": row["data1"]} for _, row in each("phones")]
        return [row | {"_id": n} for n, row in enumerate(rows, 1)]
    if path.startswith("data/emails"):
        return [row | {"_id": n, "data2": 1} for n, (_, row) in enumerate(each("emails"), 1)]
    if path.split("/")[0] == "data":
        kinds = {"phones": "phone_v2", "emails": "email_v2"}
        return [row | {"mimetype": f"vnd.android.cursor.item/{kinds[key]}"} for key, row in each(*kinds)]
    return [
        {
            "_id": p["id"], "contact_id": p["id"], "display_name": p["name"], "starred": 0,
            "lookup": f"canary{p['id']}",
            "has_phone_number": int(bool(p.get("phones"))), "times_contacted": 0, "account_type": None,
        }
        for p in people
    ]  # fmt: skip


def _sms(state: DeviceState, path: str, process: Process) -> list[Row]:
    wanted = {"inbox": 1, "sent": 2}.get(path.split("/")[0])
    rows = [{**m, "_id": m["id"], "thread_id": m["id"], "person": None} for m in state.get("sms") or []]
    return [r for r in rows if wanted is None or r.get("type") == wanted]


def _calendar(state: DeviceState, path: str, process: Process) -> list[Row]:
    if path.startswith("calendars"):
        account = "canary.user@canary.example"
        return [{"_id": 1, "account_name": account, "calendar_displayName": "Canary", "name": "Canary"}]
    rows = state.get("calendar") or []
    return [
        {**e, "_id": e["id"], "event_id": e["id"], "calendar_id": 1, "eventLocation": e.get("location"),
         "begin": e.get("dtstart")}
        for e in rows
    ]  # fmt: skip


_KINDS = {"images": "image", "video": "video", "audio": "audio"}


def _media(state: DeviceState, path: str, process: Process) -> list[Row]:
    parts = path.split("/")
    wanted = _KINDS.get(parts[1]) if len(parts) > 1 else None
    names = {"video": "READ_MEDIA_VIDEO", "audio": "READ_MEDIA_AUDIO"}
    apart = state.sdk >= 33 and state.packages[process.package].target_sdk >= 33
    rows = []
    for item in state.get("media") or []:
        kind = str(item.get("kind", "image"))
        needed = _P + (names.get(kind, "READ_MEDIA_IMAGES") if apart else "READ_EXTERNAL_STORAGE")
        own = item.get("owner") == process.package  # what an app put there itself needs no permission
        if (wanted in (None, kind)) and (own or state.has_permission(process.package, needed)):
            place = state.has_permission(process.package, _P + "ACCESS_MEDIA_LOCATION")
            rows.append({
                "_id": item["id"], "_display_name": item.get("name"), "_data": item.get("path"),
                "title": item.get("name"),
                "mime_type": item.get("mime"), "_size": item.get("size"), "date_added": item.get("date_added"),
                "date_modified": item.get("date_added"), "datetaken": (item.get("date_added") or 0) * 1000,
                "bucket_display_name": "Camera", "latitude": item.get("latitude") if place else None,
                "longitude": item.get("longitude") if place else None,
            })  # fmt: skip
    return rows


#: By the kind of an item, where it is saved if its app does not say.
_SHELVES = {"image": "Pictures", "video": "Movies", "audio": "Music", "download": "Download"}
_MOST_MEDIA = 1000


def _saved(state: DeviceState, path: str, values: Row, package: str) -> int:
    """The number of a new media item, whose empty file its app may write."""
    kind = _KINDS.get((*path.split("/"), "")[1], "download")
    items = state.data.setdefault("media", [])
    if len(items) >= _MOST_MEDIA:
        raise AppError("java.lang.IllegalStateException", "this device keeps no more media items")
    number = max((int(item["id"]) for item in items), default=0) + 1
    name = str(values.get("_display_name") or values.get("title") or number)
    shelf = str(values.get("relative_path") or _SHELVES[kind]).strip("/")
    if "/" in name or name in (".", "..") or ".." in shelf.split("/") or len(name.encode()) > 255:
        raise AppError("java.lang.IllegalArgumentException", f"Invalid display name {name[:80]}")
    place = f"/storage/emulated/0/{shelf}/{name}"
    state.fs.host(place).parent.mkdir(parents=True, exist_ok=True)
    state.fs.write(place, b"")
    state.fs.host(place).chmod(0o666)
    items.append({"id": number, "kind": kind, "name": name, "path": place, "mime": values.get("mime_type"), "size": 0,
                  "date_added": int(time.time()), "owner": package})  # fmt: skip
    return number


def _settings(state: DeviceState, path: str, process: Process) -> list[Row]:
    ns, _, key = path.partition("/")
    table = state.settings.get(ns, {})
    keys = [key] if key else sorted(table)
    return [{"_id": n, "name": k, "value": state.setting_of(process.package, ns, k)}
            for n, k in enumerate(keys, 1) if k in table]  # fmt: skip


def _sim(state: DeviceState, path: str, process: Process) -> list[Row]:
    sim = state.get("telephony") or {}
    hidden = state.sdk >= 30
    return [{
        "_id": 1, "icc_id": "" if hidden else sim.get("iccid"), "sim_id": 0,
        "display_name": sim.get("sim_operator_name"),
        "carrier_name": sim.get("sim_operator_name"), "mcc": str(sim.get("sim_operator", ""))[:3],
        "mnc": str(sim.get("sim_operator", ""))[3:], "number": "" if hidden else sim.get("phone_no"),
    }]  # fmt: skip


def _oaid(state: DeviceState, path: str, process: Process) -> list[Row]:
    value = state.get("identifiers." + next((k for k in ("oaid", "vaid", "aaid") if k in path.lower()), "oaid"))
    return [{"value": value, "code": 0, "expired": 0, "support": True}]


PROVIDERS: dict[str, Provider] = {
    "com.android.contacts": Provider(
        "com.android.providers.contacts.ContactsProvider2", "READ_CONTACTS", "WRITE_CONTACTS", _contacts
    ),
    "call_log": Provider("com.android.providers.contacts.CallLogProvider", "READ_CALL_LOG", "WRITE_CALL_LOG",
        lambda state, path, process: [{**c, "_id": c["id"], "new": 0} for c in state.get("call_log") or []],
    ),
    "sms": Provider("com.android.providers.telephony.SmsProvider", "READ_SMS", "SEND_SMS", _sms),
    "com.android.calendar": Provider(
        "com.android.providers.calendar.CalendarProvider2", "READ_CALENDAR", "WRITE_CALENDAR", _calendar
    ),
    "media": Provider("com.android.providers.media.MediaProvider", "", "", _media),
    "settings": Provider("com.android.providers.settings.SettingsProvider", "", "WRITE_SETTINGS", _settings),
    "telephony": Provider(
        "com.android.providers.telephony.TelephonyProvider", "READ_PHONE_STATE", "MODIFY_PHONE_STATE", _sim
    ),
}  # fmt: skip
PROVIDERS["contacts"] = PROVIDERS["com.android.contacts"]
PROVIDERS["mms-sms"] = PROVIDERS["mms"] = PROVIDERS["sms"]
VENDOR = Provider("", "", "", _oaid)
VENDORS = ("com.vivo.vms.IdProvider", "com.meizu.flyme.openidsdk", "cn.nubia.identity")
_TERM = re.compile(
    r"\s*\(?\s*([\w.]+)\s*(=|==|!=|<>|>=|<=|>|<|like|is not|is)\s*(\?|'[^']*'|-?\d+|null)\s*\)?\s*\Z", re.I
)


_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "==": operator.eq, "!=": operator.ne, "<>": operator.ne,
    ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le,
}  # fmt: skip


class Providers:
    """Answers ``content.*``."""

    def __init__(self, state: DeviceState) -> None:
        self._state = state

    def exists(self, process: Process, a: dict[str, Any]) -> bool:
        """``content.exists``"""
        return self._find(str(a.get("authority"))) is not None

    def _find(self, authority: str) -> Provider | None:
        if authority in VENDORS:
            listed = self._state.get("identifiers.providers")
            return VENDOR if listed is None or authority in listed else None
        return PROVIDERS.get(authority)

    def _open(self, process: Process, uri: str, write: bool) -> tuple[Provider, str]:
        parts = urlsplit(uri)
        provider = self._find(parts.netloc)
        if parts.scheme != "content" or provider is None:
            raise AppError("java.lang.IllegalArgumentException", f"Unknown URL {uri}")
        needed = provider.write if write else provider.read
        if needed and not self._state.has_permission(process.package, _P + needed):
            user, app = divmod(process.uid, 100_000)
            raise AppError(
                "java.lang.SecurityException",
                f"Permission Denial: opening provider {provider.cls} from ProcessRecord{{{process.pid:x} "
                f"{process.pid}:{process.name}/u{user}a{app - 10000}}} (pid={process.pid}, uid={process.uid}) "
                f"requires {_P}{needed}",
            )
        return provider, unquote(parts.path).strip("/")

    def query(self, process: Process, a: dict[str, Any]) -> dict[str, Any]:
        """``content.query`` → columns and rows."""
        uri = str(a.get("uri", ""))
        provider, path = self._open(process, uri, write=False)
        args = [str(x) for x in a.get("args") or []]
        if provider is VENDOR:
            path += "/" + "/".join(args)
        rows = provider.rows(self._state, path, process)
        tail = path.rsplit("/", 1)[-1]
        if tail.isdigit() and provider is not VENDOR:
            rows = [r for r in rows if str(r.get("_id")) == tail]
        if a.get("selection") and provider is not VENDOR:
            rows = select(rows, str(a["selection"]), args)
        columns = [str(c) for c in a.get("projection") or (list(rows[0]) if rows else ["_id"])]
        bad = [c for c in columns if rows and c not in rows[0] and c not in _ALWAYS]
        if bad:
            raise AppError("java.lang.IllegalArgumentException", f"Invalid column {bad[0]}")
        return {
            "columns": columns,
            "rows": [[r.get(c, len(rows) if c == "_count" else None) for c in columns] for r in rows],
        }

    def insert(self, process: Process, a: dict[str, Any]) -> str | None:
        """``content.insert``: a media item is there from now on, with an empty file; of the rest nothing is kept."""
        uri = str(a.get("uri", ""))
        provider, path = self._open(process, uri, write=True)
        if provider is not PROVIDERS["media"]:
            return f"{uri.rstrip('/')}/99"
        return f"{uri.rstrip('/')}/{_saved(self._state, path, a.get('values') or {}, process.package)}"

    def change(self, process: Process, a: dict[str, Any]) -> int:
        """``content.update`` and ``content.delete``: checked, and nothing changes."""
        self._open(process, str(a.get("uri", "")), write=True)
        return 0

    def call(self, process: Process, a: dict[str, Any]) -> dict[str, Any] | None:
        """``content.call``: settings getters and the vendors' identifiers."""
        authority, method, arg = str(a.get("authority", "")), str(a.get("method", "")), str(a.get("arg") or "")
        if self._find(authority) is VENDOR:
            name = method.removeprefix("get").lower()
            value = self._state.get(f"identifiers.{name}")
            return {"code": 0 if value else 1, "id": value, "value": value, "message": "" if value else "unknown"}
        if authority == "settings" and method.startswith("GET_"):
            return {"value": self._state.setting_of(process.package, method[4:], arg)}
        if self._find(authority) is None:
            raise AppError("java.lang.IllegalArgumentException", f"Unknown authority {authority}")
        return None

    def file(self, process: Process, a: dict[str, Any]) -> str | None:
        """``content.file`` → real path of a media item, None if there is none or it is not allowed."""
        uri = str(a.get("uri", ""))
        _, path = self._open(process, uri, write=False)
        rows = [r for r in _media(self._state, path, process) if str(r["_id"]) == path.rsplit("/", 1)[-1]]
        if not rows or "media" not in uri:
            return None
        return str(self._state.fs.host(str(rows[0]["_data"])))


_ALWAYS = frozenset("_id _count date type sort_key photo_uri owner_package_name duration width height label".split())
"""Columns that every provider here has, if only empty."""


def select(rows: list[Row], selection: str, args: list[str]) -> list[Row]:
    """Rows that meet comparisons joined by AND; anything else is an error that says so."""
    given = iter(args)
    for term in re.split(r"\s+and\s+", selection.strip(), flags=re.I):
        found = _TERM.match(term)
        if not found:
            raise AppError(
                "java.lang.IllegalArgumentException", f"this device cannot evaluate the selection: {term[:80]}"
            )
        column, op, literal = found.group(1).rsplit(".", 1)[-1], found.group(2).lower(), found.group(3)
        value = next(given, "") if literal == "?" else None if literal.lower() == "null" else literal.strip("'")
        rows = [r for r in rows if _meets(r.get(column), op, value)]
    return rows


def _meets(have: Any, op: str, want: str | None) -> bool:
    if op in ("is", "is not"):
        return (have is None) == (op == "is")
    text, wanted = str(have), str(want)
    if op == "like":
        pattern = ".*".join(re.escape(part) for part in wanted.split("%"))
        return re.fullmatch(pattern, text, re.I | re.S) is not None
    try:
        return _COMPARED[op](float(text), float(wanted))
    except ValueError:
        return op in ("=", "==", "!=", "<>") and _COMPARED[op](text, wanted)
