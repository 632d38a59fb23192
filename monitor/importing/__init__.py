"""Turns captures made elsewhere into bundles."""
