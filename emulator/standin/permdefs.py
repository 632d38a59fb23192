"""Android's runtime permissions with their groups, and the app op each one guards."""

from __future__ import annotations

_P = "android.permission."

GROUPS: dict[str, tuple[str, ...]] = {
    "android.permission-group.LOCATION": (
        "ACCESS_FINE_LOCATION",
        "ACCESS_COARSE_LOCATION",
        "ACCESS_BACKGROUND_LOCATION",
    ),
    "android.permission-group.CONTACTS": ("READ_CONTACTS", "WRITE_CONTACTS", "GET_ACCOUNTS"),
    "android.permission-group.CALENDAR": ("READ_CALENDAR", "WRITE_CALENDAR"),
    "android.permission-group.SMS": ("READ_SMS", "SEND_SMS", "RECEIVE_SMS", "RECEIVE_MMS", "RECEIVE_WAP_PUSH"),
    "android.permission-group.CALL_LOG": ("READ_CALL_LOG", "WRITE_CALL_LOG", "PROCESS_OUTGOING_CALLS"),
    "android.permission-group.PHONE": (
        "READ_PHONE_STATE",
        "READ_PHONE_NUMBERS",
        "CALL_PHONE",
        "ANSWER_PHONE_CALLS",
        "ACCEPT_HANDOVER",
        "USE_SIP",
    ),
    "android.permission-group.STORAGE": ("READ_EXTERNAL_STORAGE", "WRITE_EXTERNAL_STORAGE"),
    "android.permission-group.READ_MEDIA_VISUAL": ("READ_MEDIA_IMAGES", "READ_MEDIA_VIDEO", "ACCESS_MEDIA_LOCATION"),
    "android.permission-group.READ_MEDIA_AURAL": ("READ_MEDIA_AUDIO",),
    "android.permission-group.CAMERA": ("CAMERA",),
    "android.permission-group.MICROPHONE": ("RECORD_AUDIO",),
    "android.permission-group.SENSORS": ("BODY_SENSORS", "BODY_SENSORS_BACKGROUND"),
    "android.permission-group.ACTIVITY_RECOGNITION": ("ACTIVITY_RECOGNITION",),
    "android.permission-group.NEARBY_DEVICES": (
        "BLUETOOTH_SCAN",
        "BLUETOOTH_CONNECT",
        "BLUETOOTH_ADVERTISE",
        "NEARBY_WIFI_DEVICES",
        "UWB_RANGING",
    ),
    "android.permission-group.NOTIFICATIONS": ("POST_NOTIFICATIONS",),
}

PERMISSION_GROUP: dict[str, str] = {_P + name: group for group, names in GROUPS.items() for name in names}

PERMISSION_OP: dict[str, str] = {
    _P + "ACCESS_FINE_LOCATION": "FINE_LOCATION",
    _P + "ACCESS_COARSE_LOCATION": "COARSE_LOCATION",
    _P + "POST_NOTIFICATIONS": "POST_NOTIFICATION",
    _P + "SYSTEM_ALERT_WINDOW": "SYSTEM_ALERT_WINDOW",
    _P + "PACKAGE_USAGE_STATS": "GET_USAGE_STATS",
    _P + "WRITE_SETTINGS": "WRITE_SETTINGS",
    _P + "REQUEST_INSTALL_PACKAGES": "REQUEST_INSTALL_PACKAGES",
    _P + "QUERY_ALL_PACKAGES": "QUERY_ALL_PACKAGES",
    _P + "MANAGE_EXTERNAL_STORAGE": "MANAGE_EXTERNAL_STORAGE",
    **{
        _P + name: name
        for names in GROUPS.values()
        for name in names
        if name
        not in ("ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION", "ACCESS_BACKGROUND_LOCATION", "POST_NOTIFICATIONS")
    },
}

EXTRA_OPS = (
    "MOCK_LOCATION",
    "READ_CLIPBOARD",
    "WRITE_CLIPBOARD",
    "VIBRATE",
    "WAKE_LOCK",
    "READ_DEVICE_IDENTIFIERS",
    "WIFI_SCAN",
    "TOAST_WINDOW",
)
ALL_OPS = tuple(dict.fromkeys((*PERMISSION_OP.values(), *EXTRA_OPS)))

NORMAL: frozenset[str] = frozenset(
    _P + name
    for name in (
        "INTERNET ACCESS_NETWORK_STATE ACCESS_WIFI_STATE CHANGE_WIFI_STATE CHANGE_NETWORK_STATE BLUETOOTH "
        "BLUETOOTH_ADMIN VIBRATE WAKE_LOCK RECEIVE_BOOT_COMPLETED FOREGROUND_SERVICE "
        "FOREGROUND_SERVICE_LOCATION NFC QUERY_ALL_PACKAGES GET_TASKS EXPAND_STATUS_BAR SET_WALLPAPER "
        "USE_BIOMETRIC USE_FINGERPRINT MODIFY_AUDIO_SETTINGS REORDER_TASKS KILL_BACKGROUND_PROCESSES "
        "REQUEST_INSTALL_PACKAGES HIGH_SAMPLING_RATE_SENSORS SCHEDULE_EXACT_ALARM READ_SYNC_SETTINGS "
        "WRITE_SYNC_SETTINGS AUTHENTICATE_ACCOUNTS DISABLE_KEYGUARD FLASHLIGHT"
    ).split()
) | {"com.google.android.gms.permission.AD_ID"}

APP_OP_ONLY: frozenset[str] = frozenset(
    _P + name for name in "SYSTEM_ALERT_WINDOW WRITE_SETTINGS PACKAGE_USAGE_STATS MANAGE_EXTERNAL_STORAGE".split()
)


def is_runtime(permission: str) -> bool:
    """Whether the user is asked for it."""
    return permission in PERMISSION_GROUP
