"""Collectors: they observe and never assess."""
