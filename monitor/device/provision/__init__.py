"""What a session makes of a device: proxy, trust, frida-server."""
