"""The floor ``aosp``: Android 14's own client framework, compiled from Debian's source, on the ART bed.

``python -m emulator.art.framework build`` makes it (needs the bed); nothing that is built is committed or shipped.
"""
