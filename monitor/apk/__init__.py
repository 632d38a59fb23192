"""What is in an app's file, read without running it. Presence is not behaviour."""
