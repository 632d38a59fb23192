"""The device's own identifiers, asked for by the commands in ``identifiers.yaml``: so that they are recognised where an
app sends them, whether or not it is seen reading them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from monitor.base.errors import EnvironmentFault
from monitor.base.yamlfile import load
from monitor.device.adb import AdbDevice

_TIMEOUT_S = 5.0
_MOST = 20
#: What an app has for itself from Android 8 on.
OWN = "android_id"


def identifiers(device: AdbDevice, package: str, api: int, only: str = "") -> Iterator[tuple[str, str, str]]:
    """What the device tells now: data type, value, and the command that told it; ``only`` of one type if given. The
    app's own ID is there only once it was read. A command that it refuses tells nothing."""
    run = device.as_root if device.rooted() else device.shell
    for row in load(Path(__file__).with_suffix(".yaml"))["rows"]:
        if (row.get("root") and not device.rooted()) or not row.get("since", 0) <= api <= row.get("until", api):
            continue
        if only not in ("", row["data_type"]):
            continue
        ask = row["ask"].replace("{user}", str(device.user))
        find = row["find"].replace("{package}", re.escape(package))
        with suppress(EnvironmentFault):
            text = run(ask, timeout=_TIMEOUT_S).out
            for value in re.findall(find, _parcel(text) if row.get("parcel") else text)[:_MOST]:
                yield row["data_type"], value, ask


def _parcel(text: str) -> str:
    """The text in a parcel: its words are hexadecimal, in the order of a little-endian machine, two characters each."""
    words = re.findall(r"(?<![\w'])[0-9a-f]{8}\b(?!:)", text)
    return b"".join(int(word, 16).to_bytes(4, "little") for word in words).decode("utf-16-le", "replace")
