"""The apps' processes, and what they ask of the device."""
