"""Collectors: they observe and never judge."""
