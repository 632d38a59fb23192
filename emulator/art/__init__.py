"""The Android Runtime on Linux: the stand-in's apps on Debian's real ART instead of a JVM.

``python -m emulator.art build|status|path``. Nothing that is built is part of this package: `build` makes it from
Debian's packages and one PyPI wheel, in the user's cache.
"""
