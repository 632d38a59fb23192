"""What a device's commands, files and logs say, as values. What is read is hostile: bounded."""

from monitor.device.parse import log, manifest, packages, screen, system

__all__ = ["log", "manifest", "packages", "screen", "system"]
