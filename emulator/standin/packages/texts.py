"""The permission dialog: what it says, in English and Chinese, and its views as nodes."""

import itertools
from dataclasses import dataclass
from typing import Any

from emulator.standin.window.screen import Node, node

_EN = {
    "LOCATION": "access this device’s location", "LOCATION/bg": "access this device’s location all the time",
    "CONTACTS": "access your contacts", "CALENDAR": "access your calendar", "SMS": "send and view SMS messages",
    "CALL_LOG": "access your phone call logs", "PHONE": "make and manage phone calls",
    "STORAGE": "access photos, media, and files on your device",
    "READ_MEDIA_VISUAL": "access photos and videos on this device",
    "READ_MEDIA_AURAL": "access music and audio on this device", "CAMERA": "take pictures and record video",
    "MICROPHONE": "record audio", "SENSORS": "access sensor data about your vital signs",
    "ACTIVITY_RECOGNITION": "access your physical activity", "NOTIFICATIONS": "send you notifications",
    "NEARBY_DEVICES": "find, connect to, and determine the relative position of nearby devices",
}  # fmt: skip
_ZH = {
    "LOCATION": "获取此设备的位置信息", "LOCATION/bg": "始终获取此设备的位置信息", "CONTACTS": "访问您的通讯录",
    "CALENDAR": "访问您的日历", "SMS": "发送和查看短信", "CALL_LOG": "访问您的手机通话记录",
    "PHONE": "拨打电话和管理通话",
    "STORAGE": "访问您设备上的照片、媒体内容和文件", "READ_MEDIA_VISUAL": "访问此设备上的照片和视频",
    "READ_MEDIA_AURAL": "访问此设备上的音乐和音频", "CAMERA": "拍摄照片和录制视频", "MICROPHONE": "录制音频",
    "SENSORS": "访问与您的生命体征相关的传感器数据", "ACTIVITY_RECOGNITION": "访问您的身体活动记录",
    "NOTIFICATIONS": "向您发送通知", "NEARBY_DEVICES": "查找附近的设备、连接到这些设备以及确定它们的相对位置",
}  # fmt: skip


@dataclass(frozen=True)
class PromptTexts:
    """Button texts and the question."""

    allow: str
    deny: str
    in_use: str
    once: str
    always: str
    keep: str
    fine: str
    coarse: str
    question: str
    groups: dict[str, str]

    def message(self, group: str, app: str) -> str:
        """The dialog's question for a permission group."""
        name = group.rpartition("permission-group.")[2]
        return self.question.format(app=app, what=self.groups.get(name, name))


_TEXTS = {
    "en": PromptTexts(
        "Allow", "Don’t allow", "While using the app", "Only this time", "Allow all the time",
        "Keep “While the app is in use”", "Precise", "Approximate", "Allow {app} to {what}?", _EN,
    ),
    "zh": PromptTexts(
        "允许", "不允许", "仅在使用该应用时允许", "仅限这一次", "始终允许",
        "保留“仅在使用该应用时允许”", "确切位置",
        "大致位置",
        "要允许{app}{what}吗？", _ZH,
    ),
}  # fmt: skip


def prompt_texts(locale: str) -> PromptTexts:
    """Texts for a locale such as ``zh-CN``."""
    return _TEXTS["zh" if locale.lower().startswith("zh") else "en"]


RID = "com.android.permissioncontroller:id/"
numbers = itertools.count(1)


def view(kind: str, rid: str, text: str = "", **more: Any) -> Node:
    return node(next(numbers), kind, RID + rid, text, **more)


def button(rid: str, text: str) -> Node:
    return view("Button", rid, text, clickable=True, focusable=True)


def radio(rid: str, text: str, on: bool) -> Node:
    return view("RadioButton", rid, text, clickable=True, focusable=True, checkable=True, checked=on)


def box(rid: str, children: list[Node], kind: str = "LinearLayout", orientation: str = "vertical") -> Node:
    return view(kind, rid, children=children, orientation=orientation)
