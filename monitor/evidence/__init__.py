"""Evidence: the hash-chained log, the Merkle tree, the sealed bundle, redaction, and verification."""

from monitor.evidence.bundle import Bundle
from monitor.evidence.keeping import export, recover_bundle, set_aside
from monitor.evidence.lines import read_events
from monitor.evidence.log import EvidenceLog, Head, Policy
from monitor.evidence.merkle import prove
from monitor.evidence.redaction import Vault
from monitor.evidence.verify import Verified, verify

__all__ = [
    "Bundle",
    "EvidenceLog",
    "Head",
    "Policy",
    "Vault",
    "Verified",
    "export",
    "prove",
    "read_events",
    "recover_bundle",
    "set_aside",
    "verify",
]
