"""Changes to a device: recorded before they are made, and undone."""
