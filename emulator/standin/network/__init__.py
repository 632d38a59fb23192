"""The device's network: its rules, its way out, who is at the other end."""
