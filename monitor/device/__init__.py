"""The adb side of a device: the only importer of adbutils."""
