"""Consent strings of the IAB: what the core of a TC string says of purposes, and where one stands in a GPP string.

TC string, version 2 (IAB Europe, Transparency and Consent Framework, "Consent string and vendor list formats v2"):
base64url without padding, segments parted by dots; of the core, bits 0-5 are the version, 152-175 the purposes
consented to.
GPP string (IAB Tech Lab, Global Privacy Platform): a header, then sections parted by tildes; the one of Europe is a TC
string. Pure; the vendors and the times in a string, which tell people apart, are not read.
"""

import base64
import binascii
import re
from typing import Final

#: Purposes that need consent in every policy version (1 to 10); the others of the 24 bits are reserved.
PURPOSES: Final = 10
_PURPOSES_AT, _PURPOSE_BITS, _CORE_BITS = 152, 24, 213
_VERSION: Final = 2
#: Tenths of a second from 1970 to 2018: no string is older than the framework.
_FIRST: Final = 15_147_648_000
_STRING: Final = re.compile(r"C[A-Za-z0-9_-]{35,4000}")
_LONGEST: Final = 20_000
#: How a string, or the purposes alone, stands: none, some or all of the purposes consented to.
NONE, SOME, ALL = "tcf_none", "tcf_some", "tcf_all"


def purposes(text: str) -> str:
    """The purposes consented to as ``0`` and ``1``, purpose 1 first; empty if the text is no TC string version 2, nor a
    GPP string with one."""
    for part in text[:_LONGEST].split("~"):
        core = part.partition(".")[0]
        if _STRING.fullmatch(core) and (bits := _core(core)):
            return bits
    return ""


def _core(core: str) -> str:
    try:
        data = base64.urlsafe_b64decode(core + "=" * (-len(core) % 4))
    except (binascii.Error, ValueError):
        return ""
    bits = "".join(f"{byte:08b}" for byte in data[:32])
    if len(bits) < _CORE_BITS or int(bits[:6], 2) != _VERSION:
        return ""
    if not _FIRST <= int(bits[6:42], 2) <= int(bits[42:78], 2):  # created, last updated
        return ""
    return bits[_PURPOSES_AT : _PURPOSES_AT + _PURPOSE_BITS]


def extent(bits: str) -> str:
    """``NONE``, ``SOME`` or ``ALL`` of the purposes that need consent; empty for anything but 0 and 1."""
    if not bits or len(bits) > _PURPOSE_BITS or set(bits) - {"0", "1"}:
        return ""
    chosen = bits[:PURPOSES].ljust(PURPOSES, "0").count("1")
    return NONE if not chosen else ALL if chosen == PURPOSES else SOME
