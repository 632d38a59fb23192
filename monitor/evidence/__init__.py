"""Evidence: the hash-chained log, the Merkle tree, the sealed bundle, redaction, and verification."""
