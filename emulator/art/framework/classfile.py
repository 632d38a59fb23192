"""What a class file extends and implements (The Java Virtual Machine Specification, 4.1 and 4.4)."""

from __future__ import annotations

import struct

_SIZES = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}


def supers(code: bytes) -> list[str]:
    """Names of its superclass and interfaces, with ``/``."""
    (count,) = struct.unpack_from(">H", code, 8)
    texts, classes, at, index = dict[int, bytes](), dict[int, int](), 10, 1
    while index < count:
        tag = code[at]
        if tag == 1:
            size = struct.unpack_from(">H", code, at + 1)[0]
            texts[index] = code[at + 3 : at + 3 + size]
            at += 3 + size
        else:
            if tag == 7:
                (classes[index],) = struct.unpack_from(">H", code, at + 1)
            at += 1 + _SIZES[tag]
        index += 2 if tag in (5, 6) else 1
    first, number = struct.unpack_from(">HH", code, at + 4)
    named = [first, *struct.unpack_from(f">{number}H", code, at + 8)]
    return [texts[classes[one]].decode() for one in named if one]
