"""What a device's commands, files and logs say, as values. What is read is hostile: bounded."""

from monitor.device.parse import am, axml, events, log, manifest, package, proc, props, ui, window

__all__ = ["am", "axml", "events", "log", "manifest", "package", "proc", "props", "ui", "window"]
