"""What a device with this framework says of itself."""

from __future__ import annotations

from collections.abc import Mapping

#: What a device of this level has and the stand-in's state says otherwise.
PROPERTIES: Mapping[str, str] = {
    "ro.build.version.sdk": "34",
    "ro.build.version.release": "14",
    "ro.build.version.codename": "REL",
    "ro.build.version.all_codenames": "REL",
    "ro.build.version.known_codenames": "",
    "cache_key.system_server.accounts_data": "8731",
}
