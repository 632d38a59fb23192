"""The vocabularies of events' fields, and the fields that every event has."""

from typing import ClassVar, Final

import msgspec

#: Data type IDs; their names in zh and en are in ``monitor/text``.
DATA_TYPES: Final = frozenset(
    """imei meid imsi iccid phone_no sim_op serial android_id oaid gaid drm_id mac bt_mac bt_scan ssid bssid wifi_scan
    ip cell location exif_gps apps procs accounts clipboard contacts call_log sms calendar media ext_files camera mic
    screen sensors a11y notif hw_fp webview_id form account_pi eid push_id install_id user_profile health nfc nearby
    adservices bt_io content_uri permission consent prefs ui_window ui_input prompt net net_state webview ipc crypto
    encode db file_io exec code_load reflection log sdk_event appops lifecycle misc""".split()
)
#: Sensitive under PIPL 28 or GB/T 35273 App. B (App. B unverified).
SENSITIVE: Final = frozenset("phone_no location contacts call_log sms camera form health".split())
#: Types about the app's operation, not about a person: never a finding on their own.
NOT_PERSONAL: Final = frozenset(
    """permission consent prefs ui_window ui_input prompt net net_state webview ipc crypto encode db file_io exec
    code_load reflection log sdk_event appops lifecycle misc bt_io content_uri adservices nearby""".split()
)

OUTCOMES: Final = frozenset({"value", "null", "constant", "denied", "exception"})
#: What became of a hook: in force, or why not.
HOOK_STATES: Final = frozenset(
    """hooked installed unknown late lost changed shadowed unproven error declared_only absent_class absent_method
    absent_module absent_symbol off""".split()
)
HOOKS_IN_FORCE: Final = frozenset({"hooked", "installed"})
CONSENT_STATES: Final = frozenset({"unknown", "shown", "granted", "denied", "withdrawn"})
CERTAINTIES: Final = frozenset({"found", "possible"})
PARTIES: Final = frozenset({"first", "third", "unknown"})


class Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """The fields that every event has."""

    inferred: ClassVar[frozenset[str]] = frozenset()
    """Names of the fields that are inferred from other events and the tables: empty or their default in the log."""
    seq: int = 0
    """Position in the log, from 1; assigned by the log, 0 before that."""
    t: int
    err: int
    src: str
    """Clock source: ``runner``, ``proxy``, ``logcat``, ``device``, ``hooks:<pid>`` … Two events of one source are
    ordered by ``seq`` and need no error."""
    app: str
    pid: int = 0


class ValueRef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A personal value without the value: its equality tag, salted commitment and rounded length in characters."""

    data_type: str
    tag: str
    """HMAC-SHA-256 (session key, data type and normalised value), 32 hex digits: equal values have equal tags."""
    commit: str
    """SHA-256 of the disclosure in ``private/disclosures.jsonl``, 64 hex digits."""
    size: int
