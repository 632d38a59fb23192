"""Whether the adb side works here, and what a device's answers are."""
