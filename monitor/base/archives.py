"""Archives of apps and libraries, read as Android reads them; and what Python's zip reader raises for hostile ones."""

import io
import lzma
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any, Final, cast

from monitor.base.errors import InputError

#: Of a damaged, encrypted or hostile archive, or of an entry of one. ``ValueError`` and ``KeyError`` besides: a name
#: that is not there is for the caller to know.
UNREADABLE: Final = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error, lzma.LZMAError,
)  # fmt: skip
_END, _END_SIZE, _MAX_COMMENT = b"PK\x05\x06", 22, 65_535
_LOCATOR_SIZE: Final = 20
_ENTRY, _ENTRY_SIZE, _LARGE = b"PK\x01\x02", 46, 0xFFFFFFFF
#: That names are UTF-8, and that sizes follow the data: what else the flags say, Android does not ask.
_FLAGS: Final = 0x808


class _Listed:
    """A file in whose list of entries none asks for a later version of the format than Python's reader knows, and none
    has extra fields, but for those of large archives: Android does not look at these, and one byte in them would keep
    every app from being read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.listing = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        if not self.listing or not data.startswith(_ENTRY):
            return data
        listed, at = bytearray(data), 0
        while at + _ENTRY_SIZE <= len(listed) and listed.startswith(_ENTRY, at):
            listed[at + 6] = min(listed[at + 6], 20)
            name, extra, comment = struct.unpack_from("<3H", listed, at + 28)
            end = at + _ENTRY_SIZE + name + extra
            if _LARGE not in (*struct.unpack_from("<2I", listed, at + 20), *struct.unpack_from("<I", listed, at + 42)):
                listed[end - extra : end] = bytes(len(listed[end - extra : end]))
            at = end + comment
        return bytes(listed)


class Archive(zipfile.ZipFile):
    """An archive for reading. Without this, one file shows Python's reader another app than it shows Android: Python
    takes names from a second place (the Unicode path, 0x7075), counts the list of entries back from the end, lets one
    for large archives replace it, and of two entries with one name opens the last."""

    _own: IO[bytes] | None = None

    def __init__(self, file: Path | IO[bytes]) -> None:
        """Raises one of ``UNREADABLE``, and ``InputError`` if it is not clear which list of entries is meant."""
        self._own = file.open("rb") if isinstance(file, Path) else None
        read = _Listed(self._own or cast("IO[bytes]", file))
        try:
            super().__init__(cast("IO[bytes]", read))
            read.listing = False
            self._require_one_list("" if isinstance(file, io.BytesIO) else str(getattr(file, "name", file)))
        except BaseException:
            self.close()
            raise
        self.NameToInfo.clear()
        for entry in self.filelist:
            entry.filename = entry.orig_filename
            entry.flag_bits &= _FLAGS  # an entry that says it is encrypted is read as it is
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                entry.compress_type, entry.compress_size = zipfile.ZIP_STORED, entry.file_size
                entry.CRC = None  # type: ignore[assignment]  # it is that of other bytes
            self.NameToInfo.setdefault(entry.filename, entry)

    def close(self) -> None:
        """Close it, and the file that was opened for it."""
        super().close()
        if self._own is not None:
            self._own.close()

    def _require_one_list(self, where: str) -> None:
        assert self.fp is not None
        size = self.fp.seek(0, io.SEEK_END)
        begin = max(0, size - _END_SIZE - _MAX_COMMENT)
        self.fp.seek(begin)
        tail = self.fp.read()
        bare = tail[-_END_SIZE:]
        at = len(tail) - _END_SIZE if bare.startswith(_END) and bare.endswith(b"\0\0") else tail.rfind(_END)
        count, length, start = struct.unpack_from("<HII", tail, at + 10)
        if count == 0xFFFF or length == 0xFFFFFFFF or start == 0xFFFFFFFF:
            self.fp.seek(max(0, begin + at - _LOCATOR_SIZE))
            place = struct.unpack_from("<Q", self.fp.read(_LOCATOR_SIZE), 8)[0]
            self.fp.seek(min(place, size))
            large = self.fp.read(56)
            if large.startswith(b"PK\x06\x06") and len(large) == 56:
                count, length, start = struct.unpack_from("<3Q", large, 32)
        if start != self.start_dir or (count - len(self.filelist)) % 0x10000:
            hint = "readers would see different files in it; get the file from its original source"
            raise InputError("its end record names another list of entries than the one found", where=where, hint=hint)
