"""What keeps an app's process in."""
