"""Intervals for shares: Wilson's score interval, which also holds for few observations."""

from math import sqrt
from typing import Final

#: 95 %, two-sided.
Z: Final = 1.959963984540054
#: The same for SQL: ``wilson_low(k, n)``, ``wilson_high(k, n)``.
MACROS: Final = tuple(
    f"CREATE MACRO wilson_{name}(k, n) AS CASE WHEN n = 0 THEN NULL ELSE round(greatest(0, least(1, "
    f"((k / n) + {Z * Z} / (2 * n) {sign} {Z} * sqrt((k / n) * (1 - k / n) / n + {Z * Z} / (4 * n * n))) "
    f"/ (1 + {Z * Z} / n))), 4) END"
    for name, sign in (("low", "-"), ("high", "+"))
)


def wilson(k: int, n: int) -> tuple[float, float]:
    """The interval of 95 % for a share of which ``k`` of ``n`` were seen; (0, 1) for n = 0. Wilson (1927); Brown, Cai
    and DasGupta (2001). Raises ``ValueError`` unless 0 <= k <= n."""
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n}")
    if not n:
        return 0.0, 1.0
    p, z = k / n, Z * Z
    middle, half = p + z / (2 * n), Z * sqrt(p * (1 - p) / n + z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z / n)), min(1.0, (middle + half) / (1 + z / n))
