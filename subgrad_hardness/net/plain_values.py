"""Python and numpy values as the JSON values that they mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.net.json_text import MAX_DEPTH, NESTED_TOO_DEEPLY, BadToken
from subgrad_hardness.net.rational import TOO_LONG, format_rational, too_long


def plain_value(value: Any, limits: Limits = NO_LIMITS, depth: int = 0) -> Any:
    """``value`` with arrays and tuples as lists, Fractions as integers or strings.

    What no net may hold (NaN, absurd length or nesting) becomes a ``BadToken``, so that the reader
    complains with the place; foreign objects stay what they are, for the same reason.  Raises LimitReached.
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Fraction):
        if too_long(value):
            return BadToken(TOO_LONG)
        return int(value) if value.denominator == 1 else format_rational(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else BadToken(f"{float(value)!r} is not a number")
    if isinstance(value, Mapping | list | tuple) and depth > MAX_DEPTH:
        return BadToken(NESTED_TOO_DEEPLY)
    if isinstance(value, Mapping):
        limits.check()
        return {key: plain_value(entry, limits, depth + 1) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        limits.check()
        return [plain_value(entry, limits, depth + 1) for entry in value]
    return value
