"""A session compared with what the operator declared."""
