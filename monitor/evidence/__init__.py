"""Log, tree, seal, bundle, redaction, verification."""
