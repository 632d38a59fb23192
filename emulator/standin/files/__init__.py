"""The device's files."""
