"""A folder or an object store, by fsspec: files that are created once and never overwritten, and derived ones.

Credentials come from the environment only, as each store's own tools read them (``AWS_ACCESS_KEY_ID`` …).
"""

import contextlib
import errno
import io
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from monitor.base import host
from monitor.base.errors import EnvironmentFault, InputError, MonitorError, printable

#: Protocols of stores; a chain (``zip::…``) or a download address is none.
_PROTOCOLS: Final = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "file")
_PACKAGES: Final = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs"}
_GONE: Final = (FileNotFoundError, NotADirectoryError)


class Store:
    """Files below one address. Names are relative, with ``/``. Every method raises ``EnvironmentFault`` where the
    store is full, refuses or cannot be reached."""

    def __init__(self, url: str) -> None:
        """``url``: a folder, or ``s3://bucket/prefix`` and the like. Raises ``InputError``."""
        protocol, found, rest = url.partition("://")
        if not found:
            protocol, rest = "file", str(Path(url).absolute())
        if "::" in url or protocol not in _PROTOCOLS or not rest.strip("/"):
            raise InputError(f"not a store: {printable(url, 80)}", hint="a folder, or s3://BUCKET/PREFIX")
        if "@" in rest or "?" in rest:
            hint = "set them in the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL …"
            raise InputError("credentials and options do not belong in the address of a store", hint=hint)
        self.address = url if found else rest
        """For other machines, too: a folder must be the same one for all of them."""
        self.url = printable(f"{protocol}://{rest}" if protocol != "file" else rest, 300)
        try:
            self.fs, self._root = url_to_fs(f"{protocol}://{rest}", use_listings_cache=False, skip_instance_cache=True)
        except ImportError:
            package = _PACKAGES.get(protocol, "adlfs")
            hint = f"pip install {package}"
            raise EnvironmentFault(f"{protocol}:// needs {package}", where=self.url, hint=hint) from None

    @property
    def local(self) -> bool:
        """Whether it is a folder of this machine."""
        return isinstance(self.fs, LocalFileSystem)

    def path(self, name: str) -> str:
        """A name as the file system has it."""
        return f"{self._root.rstrip('/')}/{name}"

    def put_new(self, name: str, data: bytes | Path) -> bool:
        """Create a file; False if there is one of this name already, which stays as it is."""
        with self._faults(name):
            try:
                if self.local:
                    self._write(name, data, os.link)
                elif isinstance(data, Path):
                    self.fs.put_file(str(data), self.path(name), mode="create")
                else:
                    self.fs.pipe_file(self.path(name), data, mode="create")
            except FileExistsError:
                return False
            return True

    def put(self, name: str, data: bytes) -> None:
        """Write a derived file, whole, in place of one that is there."""
        with self._faults(name):
            if self.local:
                self._write(name, data, host.replace)
            else:
                self.fs.pipe_file(self.path(name), data)

    def _write(self, name: str, data: bytes | Path, place: Callable[[Path, Path], None]) -> None:
        """A folder's file appears whole or not at all. A packed bundle has its private part in it, and like that is not
        for everybody on the machine."""
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{secrets.token_hex(8)}.new")
        mode = 0o660 if isinstance(data, Path) else 0o666
        try:
            with (
                os.fdopen(host.opened(new, host.CREATE, mode), "wb") as file,
                data.open("rb") if isinstance(data, Path) else io.BytesIO(data) as source,
            ):
                shutil.copyfileobj(source, file, 1 << 20)
                file.flush()
                os.fsync(file.fileno())
            place(new, path)
        finally:
            new.unlink(missing_ok=True)

    def get(self, name: str) -> bytes | None:
        """The bytes of a file; None if there is none."""
        with self._faults(name):
            try:
                data = self.fs.cat_file(self.path(name))
            except _GONE:
                return None
            return bytes(data)

    def fetch(self, name: str, to: Path) -> bool:
        """Copy a file to a local one; False if there is none."""
        with self._faults(name):
            try:
                self.fs.get_file(self.path(name), str(to))
            except _GONE:
                return False
            return True

    def has(self, name: str) -> bool:
        """Whether there is a file of this name."""
        with self._faults(name):
            return bool(self.fs.exists(self.path(name)))

    def names(self, folder: str) -> list[str]:
        """Names of all files below a folder, sorted."""
        with self._faults(folder):
            try:
                found = self.fs.find(self.path(folder))
            except _GONE:
                return []
        start = len(self.path(""))
        return sorted(name[start:] for name in found if not name.rsplit("/", 1)[-1].startswith("."))

    def drop(self, name: str) -> None:
        """Remove a derived file, if it is there."""
        with self._faults(name), contextlib.suppress(*_GONE):
            self.fs.rm_file(self.path(name))

    @contextlib.contextmanager
    def _faults(self, name: str) -> Iterator[None]:
        try:
            yield
        except MonitorError:
            raise
        except Exception as error:
            raise _fault(error, f"{self.url}/{printable(name, 120)}") from error


def _fault(error: BaseException, where: str) -> EnvironmentFault:
    """What the store said, without the addresses and keys that its messages may hold."""
    hint = "check the address, the rights and the store's variables in the environment"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        hint = "free space, then run it again: what is there already is not done again"
    said: Any = error.strerror if isinstance(error, OSError) and error.errno else None
    return EnvironmentFault(f"the store refuses: {said or type(error).__name__}", where=where, hint=hint)
