"""The adb daemon and the services it offers."""
