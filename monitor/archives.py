"""Archives of apps and libraries, read as Android reads them; and what Python's zip reader raises for hostile ones."""

import io
import lzma
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, Final

from monitor.errors import InputError

#: Of a damaged, encrypted or hostile archive, or of an entry of one. ``ValueError`` and ``KeyError`` besides: a name
#: that is not there is for the caller to know.
UNREADABLE: Final = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error, lzma.LZMAError,
)  # fmt: skip
_END, _END_SIZE, _MAX_COMMENT = b"PK\x05\x06", 22, 65_535
_LOCATOR_SIZE: Final = 20
#: That names are UTF-8, and that sizes follow the data: what else the flags say, Android does not ask.
_FLAGS: Final = 0x808


class Archive(zipfile.ZipFile):
    """An archive for reading. Without this, one file shows Python's reader another app than it shows Android: Python
    takes names from a second place (the Unicode path, 0x7075), counts the list of entries back from the end, lets one
    for large archives replace it, and of two entries with one name opens the last."""

    def __init__(self, file: Path | IO[bytes]) -> None:
        """Raises one of ``UNREADABLE``, and ``InputError`` if it is not clear which list of entries is meant."""
        super().__init__(file)
        try:
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
            raise InputError("its end names another list of entries than the one that stands there", where=where,
                             hint="Android and other readers would see different files in it")  # fmt: skip
