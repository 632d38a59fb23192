"""A library on trial: an app made around it, a session for each situation, one table against its declaration."""

from monitor.record.sdk.check import Check, check

__all__ = ["Check", "check"]
