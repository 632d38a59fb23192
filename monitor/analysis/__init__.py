"""Consent timeline, correlator, rules, findings, coverage. Pure."""
