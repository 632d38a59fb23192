"""The way to a device: adb server, shell, streams, ports."""
