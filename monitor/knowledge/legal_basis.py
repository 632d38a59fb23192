"""Legal bases that a declaration may name: items of PIPL Article 13, points of GDPR Article 6(1)."""

import re
from typing import Final

_NUMBERED: Final = re.compile(r"(?:pipl)?13[-(](\d)\)?|(?:gdpr)?6\(1\)\(([a-f])\)")
_PIPL: Final = dict(zip("1234567", ("consent", "contract", "duty", "vital", "public", "published", "law"), strict=True))
_GDPR: Final = dict(zip("abcdef", ("consent", "contract", "duty", "vital", "public", "legitimate"), strict=True))


def kind(declared: str) -> str:
    """Which basis it is (``legal_basis.*`` in the texts); empty = none of those.

    >>> kind("13(2)"), kind("GDPR 6(1)(f)"), kind("our interest")
    ('contract', 'legitimate', '')
    """
    said = "".join(declared.split()).lower()
    met = _NUMBERED.fullmatch(said)
    if met is None:
        return "consent" if said == "consent" else ""
    return _PIPL.get(met[1], "") if met[1] else _GDPR[met[2]]


def european(declared: str) -> bool:
    """Whether it is a point of GDPR Article 6(1)."""
    said = "".join(declared.split()).lower()
    return bool((met := _NUMBERED.fullmatch(said)) and met[2])


def consented(declared: str) -> bool:
    """Whether it is consent, which is also what nothing declared means."""
    return not declared.strip() or kind(declared) == "consent"
