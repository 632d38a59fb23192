"""The lines of a journal of changes: each names its place and is authenticated by a key that stays on this host.

The first line of the host's file is the journal's number and key; the copy on the device has no such line. The key
lasts as long as the journal: when everything is undone, nobody can have it undone once more.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from monitor.base.errors import printable
from monitor.device.changes.undo import Undo, require

_MAX_LINES: Final = 1_000


class Key(NamedTuple):
    """A journal's number and the key to its lines, both as hexadecimal digits."""

    journal: str
    key: str


class Entry(NamedTuple):
    """A change that is not undone yet: the ``n``-th of a journal."""

    journal: str
    n: int
    name: str
    undo: Undo


class Signed(NamedTuple):
    """An entry and what authenticates it, as read."""

    entry: Entry
    mac: str


class Read(NamedTuple):
    """What a text holds: keys, the entries that verify in the order in which they were made, with their lines, and the
    lines that do not verify."""

    keys: dict[str, Key]
    entries: dict[Entry, str]
    unverified: list[str]


def new_key() -> Key:
    """A journal that nobody has foreseen."""
    return Key(secrets.token_hex(8), secrets.token_hex(32))


def key_line(key: Key) -> str:
    """The first line of the host's file."""
    return json.dumps(key._asdict())


def line(entry: Entry, key: Key) -> str:
    """The entry's line, authenticated."""
    return json.dumps({**entry._asdict(), "mac": _mac(entry, key)}, ensure_ascii=True)


def read(text: str) -> Read:
    """Read the host's file, with its keys."""
    found = [key for row in _rows(text) if isinstance(key := _parsed(row), Key)]
    return read_with({key.journal: key for key in found}, text)


def read_with(keys: Mapping[str, Key], text: str) -> Read:
    """Read lines with the keys that are known; a key among the lines is not one."""
    order, entries, bad = list(keys), dict[Entry, str](), list[str]()
    for row in _rows(text):
        found = _parsed(row)
        if isinstance(found, Signed) and _verifies(found, keys.get(found.entry.journal)):
            entries[found.entry] = row
        elif not isinstance(found, Key) and row.strip():
            bad.append(row)
    made = sorted(entries, key=lambda entry: (order.index(entry.journal), entry.n))
    return Read(dict(keys), {entry: entries[entry] for entry in made}, bad)


def name_of(row: str) -> str:
    """What a line that does not verify says it is about, for display."""
    found = _parsed(row)
    return printable(found.entry.name, 60) if isinstance(found, Signed) else "?"


def _rows(text: str) -> list[str]:
    """Whole lines: one cut short at the end was never acted on."""
    return text.split("\n")[:-1][:_MAX_LINES]


def _parsed(row: str) -> Key | Signed | None:
    try:
        fields: Any = json.loads(row)
        if set(fields) == set(Key._fields):
            return Key(str(fields["journal"]), bytes.fromhex(fields["key"]).hex())
        journal, n, name, undo, mac = (fields[key] for key in (*Entry._fields, "mac"))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    text = all(isinstance(one, str) for one in (journal, name, mac))
    if not text or type(n) is not int or not isinstance(undo, list):
        return None
    if not all(one is None or isinstance(one, str) for one in undo):
        return None
    return Signed(Entry(journal, n, name, tuple(undo)), mac)


def _verifies(found: Signed, key: Key | None) -> bool:
    if key is None or not hmac.compare_digest(_mac(found.entry, key).encode(), found.mac.encode("utf-8", "replace")):
        return False
    try:
        require(found.entry.undo)
    except ValueError:  # of a version that knew other steps
        return False
    return True


def _mac(entry: Entry, key: Key) -> str:
    message = json.dumps(entry, ensure_ascii=True).encode()
    return hmac.new(bytes.fromhex(key.key), message, hashlib.sha256).hexdigest()
