"""The system's certificate store, filled as on a phone: one PEM a file, named by OpenSSL's old subject hash."""

import hashlib
import importlib.util
import re
import warnings
from functools import cache
from pathlib import Path

from .vfs import Vfs

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", re.S)


def seed(fs: Vfs, store: str) -> int:
    """Writes the certificates of the installed `certifi` package; how many. None are needed for a session."""
    where = fs.host(store)
    for name, text in _certificates().items():
        (where / name).write_text(text, "ascii")
    return len(_certificates())


@cache
def _certificates() -> dict[str, str]:
    """File name to PEM; none, if they are not installed."""
    spec = importlib.util.find_spec("certifi")
    bundle = Path(spec.origin).parent / "cacert.pem" if spec and spec.origin else None
    if bundle is None or not bundle.exists() or importlib.util.find_spec("cryptography") is None:
        return {}
    from cryptography import x509

    found: dict[str, str] = {}
    for match in _PEM.finditer(bundle.read_text("utf-8")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a few old roots have serial numbers that are not positive
            subject = x509.load_pem_x509_certificate(match.group(0).encode()).subject.public_bytes()
        name = int.from_bytes(hashlib.md5(subject, usedforsecurity=False).digest()[:4], "little")
        number = 0
        while f"{name:08x}.{number}" in found:
            number += 1
        found[f"{name:08x}.{number}"] = match.group(0)
    return found
