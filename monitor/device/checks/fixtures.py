"""Output saved from a device, made safe to share: what identifies the device or a person is replaced, keeping its
shape."""

import re
from collections.abc import Mapping
from typing import Final

from monitor.device.checks.selftest import PROBES

#: Properties and settings whose whole value is replaced.
_KEYS = re.compile(
    r"(?P<head>\[?(?:[\w.]*(?:serialno|serial|imei|meid|imsi|iccid|btmac|wifimac|mac_?addr\w*|uuid|gaid|oaid|android_id"
    r"|device_name|bluetooth_name|bluetooth_address|msisdn|line1|hostname|net\.hostname|account\w*|ssid))\]?"
    r"\s*[:=]\s*\[?)(?P<value>[^\]\n]+)",
    re.IGNORECASE,
)
_PATTERNS: Final = (
    re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),  # e-mail
    re.compile(r"(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:])"),  # MAC
    re.compile(r"(?<![\w.])\d{14,20}(?![\w.])"),  # IMEI, IMSI, ICCID
    re.compile(r"(?<!\w)\+\d{8,15}(?!\d)"),  # telephone
    re.compile(r"(?<![\w-])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![\w-])"),
    re.compile(r"(?<=SSID: )\"[^\"\n]{1,64}\"|(?<=SSID=)\"[^\"\n]{1,64}\""),
    # IPv6, in full and with zeros left out
    re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![\w:.])"),
    re.compile(
        r"(?<![\w:.])[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,6}::(?:[0-9A-Fa-f]{1,4}:){0,6}[0-9A-Fa-f]{0,4}(?![\w:.])"
    ),
    re.compile(r"(?<=/home/)[^/\s\"']+|(?<=/Users/)[^/\s\"']+|(?<=\\Users\\)[^\\\s\"']+"),  # user names
    re.compile(r"(?<=Account \{name=)[^,}\n]+"),
    re.compile(r"(?<![\w.])(?!127\.|0\.0\.|10\.0\.2\.)(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"),  # IPv4
)


#: Addresses in the kernel's tables of sockets: hexadecimal, IPv4 or IPv6, with the port.
_ADDRESS = re.compile(r"(?<![0-9A-F])([0-9A-F]{32}|[0-9A-F]{8})(:[0-9A-F]{4})(?![0-9A-F])")
_LOCAL = re.compile(r"0+|0100007F|0{16}(?:0000FFFF|FFFF0000)0100007F|0{24}01000000")


def _address(found: re.Match[str]) -> str:
    return found[0] if _LOCAL.fullmatch(found[1]) else re.sub(r"[1-9A-F]", "0", found[1]) + found[2]


def scrubbed(text: str) -> str:
    """The text with identifiers replaced character by character, keeping their shape: digits by 0, letters by x."""
    text = _ADDRESS.sub(_address, text)
    text = _KEYS.sub(lambda m: m["head"] + shape(m["value"]), text)
    for pattern in _PATTERNS:
        text = pattern.sub(lambda m: shape(m[0]), text)
    return text


def shape(value: str) -> str:
    """The value with digits as 0 and letters as x."""
    return re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "0", value))


def spoilt(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Names of outputs that their parser reads differently after redaction: these are useless as samples."""
    probes = {probe.name: probe.count for probe in PROBES}
    return [name for name, text in before.items() if name in probes and probes[name](text) != probes[name](after[name])]
