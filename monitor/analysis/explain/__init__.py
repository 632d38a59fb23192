"""A rule, hook or finding in plain language."""
