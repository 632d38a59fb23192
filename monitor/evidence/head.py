"""What a bundle states about itself before verification: its public keys and the state of its log."""

from pathlib import Path
from typing import Final

from monitor.base.errors import EvidenceDamaged, InputError
from monitor.evidence.checked import CheckedLog
from monitor.evidence.keys import PublicKey, parse_public
from monitor.evidence.log import Head

PUBLIC_KEY: Final = "public.pem"


def public_keys(bundle: Path) -> list[PublicKey]:
    """The keys with which the bundle claims to be signed. Raises ``EvidenceDamaged``."""
    path = bundle / PUBLIC_KEY
    if not path.is_file() or path.stat().st_size > 100_000:
        raise EvidenceDamaged("missing or too large", where=PUBLIC_KEY)
    try:
        return parse_public(path.read_bytes(), PUBLIC_KEY)
    except InputError as error:
        raise EvidenceDamaged(error.message, where=PUBLIC_KEY) from None


def read_head(bundle: Path) -> Head:
    """The log's state as derived from its lines. Raises ``EvidenceDamaged``."""
    return CheckedLog(bundle).head
