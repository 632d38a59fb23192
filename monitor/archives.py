"""What Python's zip reader raises for a damaged, encrypted or hostile archive, or for an entry of one."""

import lzma
import zipfile
import zlib
from typing import Final

#: ``ValueError`` and ``KeyError`` besides: a name that is not there is for the caller to know.
UNREADABLE: Final = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error, lzma.LZMAError,
)  # fmt: skip
