"""Which permissions a dialog is about, from what the app asked for and from what the dialog says."""

import threading
from collections.abc import Mapping

import pytest

from emulator.standin.packages.permdefs import PERMISSION_GROUP
from monitor.analysis.guarded import permission_entry
from monitor.events import Event, PermissionRequest, PermissionResult
from monitor.record.observers import Asked, groups_named
from monitor.scenario.verbs.consent import ASKED, asks_about
from monitor.session.handset import Grant
from tests.scenario.screen import node

P = "android.permission."


def request(*names: str) -> Event:
    return PermissionRequest(t=1, err=1, src="hooks:1", app="a.b", permissions=[P + n for n in names], via="hook")


def result(name: str, via: str = "hook") -> Event:
    return PermissionResult(
        t=1, err=1, src="hooks:1", app="a.b", permission=P + name, result="denied", dialog="yes", via=via
    )


def unasked() -> Mapping[str, Grant]:
    raise AssertionError("the device was asked although the request was seen")


#: The sentences of AOSP's dialog, group by group.
SENTENCES = {
    "LOCATION": ("Allow Shop to access this device’s location?", "要允许商城获取此设备的位置信息吗？"),
    "CAMERA": ("Allow Shop to take pictures and record video?", "要允许商城拍摄照片和录制视频吗？"),
    "MICROPHONE": ("Allow Shop to record audio?", "要允许商城录制音频吗？"),
    "CONTACTS": ("Allow Shop to access your contacts?", "要允许商城访问您的通讯录吗？"),
    "CALENDAR": ("Allow Shop to access your calendar?", "要允许商城访问您的日历吗？"),
    "SMS": ("Allow Shop to send and view SMS messages?", "要允许商城发送和查看短信吗？"),
    "CALL_LOG": ("Allow Shop to access your phone call logs?", "要允许商城访问您的手机通话记录吗？"),
    "PHONE": ("Allow Shop to make and manage phone calls?", "要允许商城拨打电话和管理通话吗？"),
    "STORAGE": ("Allow Shop to access photos and media on your device?", "要允许商城访问您设备上的照片和媒体内容吗？"),
    "NOTIFICATIONS": ("Allow Shop to send you notifications?", "要允许商城向您发送通知吗？"),
    "ACTIVITY_RECOGNITION": ("Allow Shop to access your physical activity?", "要允许商城访问您的身体活动记录吗？"),
    "SENSORS": (
        "Allow Shop to access sensor data about your vital signs?", "要允许商城访问与您的生命体征相关的传感器数据吗？",
    ),
    "NEARBY_DEVICES": (
        "Allow Shop to find, connect to, and determine the relative position of nearby devices?",
        "要允许商城查找附近的设备、连接到这些设备以及确定它们的相对位置吗？",
    ),
}  # fmt: skip


PROMPT = "com.google.android.permissioncontroller"
#: One permission of each group.
NAMES = {
    "LOCATION": "ACCESS_FINE_LOCATION", "CAMERA": "CAMERA", "MICROPHONE": "RECORD_AUDIO", "CONTACTS": "READ_CONTACTS",
    "CALENDAR": "READ_CALENDAR", "SMS": "SEND_SMS", "CALL_LOG": "READ_CALL_LOG", "PHONE": "READ_PHONE_STATE",
    "STORAGE": "READ_EXTERNAL_STORAGE", "NOTIFICATIONS": "POST_NOTIFICATIONS",
    "ACTIVITY_RECOGNITION": "ACTIVITY_RECOGNITION", "SENSORS": "BODY_SENSORS", "NEARBY_DEVICES": "BLUETOOTH_SCAN",
}  # fmt: skip


@pytest.mark.parametrize("group", SENTENCES)
def test_the_dialogs_own_sentences_name_their_group(group: str) -> None:
    button = node("Allow", row=1, package=PROMPT)
    for sentence in SENTENCES[group]:
        assert next(groups_named(sentence)) == group
        nodes = [node(sentence, package=PROMPT), button]
        assert {one for one, name in NAMES.items() if asks_about(nodes, button, name)} == {group}


@pytest.mark.parametrize(
    "sentence, group",
    [("要允许 商城 通过网络或者卫星对您的手机定位吗？", "LOCATION"), ("是否允许“商城”获取设备信息？", "PHONE"),
     ("要允许 商城 读写手机存储吗？", "STORAGE"),
     ("Allow Shop to access music and audio on this device?", "STORAGE"),
     ("要允许商城访问此设备上的照片和视频吗？", "STORAGE")],
)  # fmt: skip
def test_what_vendors_and_later_versions_say_in_their_place(sentence: str, group: str) -> None:
    assert next(groups_named(sentence)) == group
    button = node("允许", row=1, package="com.lbe.security.miui")
    nodes = [node(sentence, package=button.package), button]
    assert [one for one, name in NAMES.items() if asks_about(nodes, button, name)] == [group]


def test_every_permission_that_android_asks_about_is_known_by_its_group() -> None:
    """As the stand-in has them from Android's manifest; those for media were one group before Android 13."""
    media = {"READ_MEDIA_VISUAL": "STORAGE", "READ_MEDIA_AURAL": "STORAGE"}
    groups = {name: group.removeprefix("android.permission-group.") for name, group in PERMISSION_GROUP.items()}
    assert {name: permission_entry(name).get("group") for name in groups} == {
        name: media.get(group, group) for name, group in groups.items()
    }
    assert {name.removeprefix(P) for name in groups} <= ASKED


def test_a_request_that_comes_a_little_later_than_its_dialog_is_waited_for() -> None:
    asked = Asked()
    timer = threading.Timer(0.05, asked.feed, [request("ACCESS_FINE_LOCATION", "READ_CONTACTS")])
    timer.start()
    try:
        assert asked.resolve("Allow Shop to access this device’s location?", unasked, 60) == [
            P + "ACCESS_FINE_LOCATION"
        ]
    finally:
        timer.join()


def test_of_a_request_for_several_groups_the_one_on_the_screen() -> None:
    asked = Asked()
    asked.feed(request("CAMERA", "READ_CONTACTS", "ACCESS_COARSE_LOCATION", "ACCESS_FINE_LOCATION"))
    assert asked.resolve(SENTENCES["CONTACTS"][0], unasked) == [P + "READ_CONTACTS"]
    both = [P + "ACCESS_COARSE_LOCATION", P + "ACCESS_FINE_LOCATION"]
    assert asked.resolve(SENTENCES["LOCATION"][1], unasked) == both


def test_a_dialog_that_cannot_be_read_is_about_what_is_still_open() -> None:
    asked = Asked()
    asked.feed(request("CAMERA", "READ_CONTACTS"))
    asked.feed(result("CAMERA", via="logcat"))
    assert asked.resolve("", unasked) == [P + "CAMERA", P + "READ_CONTACTS"]
    asked.feed(result("CAMERA"))
    assert asked.resolve("", unasked) == [P + "READ_CONTACTS"]
    asked.feed(result("READ_CONTACTS"))
    assert asked.resolve("", unasked) == []


def test_a_dialog_that_was_answered_before_it_could_be_read_is_about_what_was_answered() -> None:
    asked = Asked()
    asked.feed(request("ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION", "READ_CONTACTS", "ANSWER_PHONE"))
    both = [P + "ACCESS_FINE_LOCATION", P + "ACCESS_COARSE_LOCATION"]
    assert asked.resolve("", unasked, answered=P + "ACCESS_COARSE_LOCATION") == both
    for unknown in ("ANSWER_PHONE", "CAMERA"):  # of no known group; not asked for by what hooks see
        assert asked.resolve("", unasked, answered=P + unknown) == [P + unknown]


def test_without_a_request_the_apps_own_of_the_group_that_it_does_not_have() -> None:
    held = {P + "CAMERA": Grant(False), P + "READ_CONTACTS": Grant(True), P + "GET_ACCOUNTS": Grant(False)}
    asked = Asked()
    assert asked.resolve(SENTENCES["CONTACTS"][0], lambda: held) == [P + "GET_ACCOUNTS"]
    asked.feed(request("CAMERA"))  # an old one, never answered
    assert asked.resolve(SENTENCES["CONTACTS"][1], lambda: held) == [P + "GET_ACCOUNTS"]
    assert asked.resolve(SENTENCES["SMS"][1], lambda: held) == []


def test_the_background_is_not_taken_to_be_asked_for_where_nothing_says_so() -> None:
    """Where no request was seen, the dialog is about what is open in its group; the background is asked for alone."""
    places = [P + name for name in ("ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION")]
    behind = P + "ACCESS_BACKGROUND_LOCATION"
    message = SENTENCES["LOCATION"][0]
    state = {name: Grant(False, frozenset()) for name in (*places, behind)}
    assert Asked().resolve(message, lambda: state) == places
    assert Asked().resolve(message, lambda: {behind: state[behind]}) == [behind]
