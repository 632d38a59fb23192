"""Evidence: the hash-chained log, the Merkle tree, the sealed bundle, redaction, and the proof that nothing changed."""

from monitor.evidence.bundle import Bundle, recover_bundle
from monitor.evidence.lines import raw_lines, read_events, tail
from monitor.evidence.log import EvidenceLog, Head, Policy
from monitor.evidence.redaction import Vault
from monitor.evidence.verify import Verified, prove, verify

__all__ = [
    "Bundle",
    "EvidenceLog",
    "Head",
    "Policy",
    "Vault",
    "Verified",
    "prove",
    "raw_lines",
    "read_events",
    "recover_bundle",
    "tail",
    "verify",
]
