"""The device's shell: its language and what runs it."""
