"""The options of public calls, checked in one place, so that every call refuses the same values in the same words.

Each function returns the option in the plain type that the package works with, or raises ParameterError with one line
that names the option.  Numbers of NumPy are numbers, and so is a Fraction where a fraction makes sense; a truth value
is none, and text is never read as a number here: that is for the command line, which knows how it was spelled.
"""

from __future__ import annotations

import math
import operator
import os
from collections.abc import Iterable
from fractions import Fraction
from numbers import Real
from typing import Any

from subgrad_hardness.api.shown import show_number
from subgrad_hardness.common.errors import NetError, ParameterError, one_line
from subgrad_hardness.common.limits import LEAST_MEMORY
from subgrad_hardness.net.program import Program

#: Counts above this are refused as mistakes: nobody waits for them.
MOST = 10**9

#: More characters of a bad value than this say no more about it.
_LONGEST = 60


def require_seconds(value: object, place: str = "time limit") -> float | None:
    """A limit in seconds, zero or more; None for no limit, which an infinite one is, too."""
    if value is None:
        return None
    number: Any = value
    if isinstance(value, bool) or not isinstance(value, Real) or not number >= 0:
        raise ParameterError(f"{_shown(value)} is not a number of seconds", place=place)
    try:
        seconds = float(number)
    except OverflowError:  # as good as infinite
        return None
    if math.isinf(seconds):
        return None
    return number if isinstance(number, int) else seconds


def require_positive_seconds(value: object, place: str) -> float:
    """A time in seconds, more than zero and finite."""
    seconds = require_seconds(value, place)
    if not seconds:
        raise ParameterError(f"{_shown(value)} is not a positive number of seconds", place=place)
    return seconds


def require_bytes(value: object, place: str = "memory limit") -> int | None:
    """A limit on memory in bytes, large enough for a worker to live with; None for no limit."""
    if value is None:
        return None
    number = _integer(value)
    if number is None or number < LEAST_MEMORY:
        raise ParameterError(f"{_shown(value)} is not a number of bytes from {LEAST_MEMORY} on", place=place)
    return number


def require_seed(value: object, place: str = "seed") -> int:
    """A seed: any integer."""
    return require_integer(value, place)


def require_integer(value: object, place: str) -> int:
    """Any integer."""
    number = _integer(value)
    if number is None:
        raise ParameterError(f"{_shown(value)} is not an integer", place=place)
    return number


def require_count(value: object, place: str, most: int = MOST) -> int:
    """How many of something: an integer from 1 to ``most``."""
    number = require_integer(value, place)
    if not 1 <= number <= most:
        raise ParameterError(f"{_shown(number)} is outside 1..{most}", place=place)
    return number


def require_positive(value: object, place: str, of: str) -> int:
    """A positive number of what the caller names, such as ``processes``."""
    number = _integer(value)
    if number is None or number < 1:
        raise ParameterError(f"{_shown(value)} is not a positive number of {of}", place=place)
    return number


def require_threads(value: object, place: str = "threads") -> int:
    """A positive number of threads."""
    return require_positive(value, place, "threads")


def require_text(value: object, place: str) -> str | None:
    """Text, or None."""
    if value is None or isinstance(value, str):
        return value
    raise ParameterError(f"{_shown(value)} is no text", place=place)


def require_path(value: object, place: str) -> str | None:
    """The name of a file, or None."""
    if value is None:
        return None
    path = os.fspath(value) if isinstance(value, str | os.PathLike) else None
    if not isinstance(path, str) or path in ("", "-"):
        raise ParameterError(f"{_shown(value)} is not the name of a file", place=place)
    return path


def require_flag(value: object, place: str) -> bool:
    """True or False; numbers and text are refused, whatever Python takes them for."""
    kind = type(value)
    if kind is bool or (kind.__module__ == "numpy" and kind.__name__ in ("bool", "bool_")):
        return bool(value)
    raise ParameterError(f"{_shown(value)} is neither True nor False", place=place)


def require_optional_flag(value: object, place: str) -> bool | None:
    """True, False or None."""
    if value is None:
        return None
    try:
        return require_flag(value, place)
    except ParameterError:
        raise ParameterError(f"{_shown(value)} is neither True nor False nor None", place=place) from None


def require_choice(value: object, place: str, known: Iterable[str]) -> str:
    """One of the known names."""
    names = tuple(known)
    if not isinstance(value, str) or value not in names:
        raise ParameterError(f"unknown {place} {_shown(value)}; known: {', '.join(names)}", place=place)
    return value


def _integer(value: object) -> int | None:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        return None
    try:
        return operator.index(value)
    except TypeError:  # an array of several numbers has the method, too
        return None


def _shown(value: object) -> str:
    """The value as the message shows it: one line, not long."""
    if type(value) is int or isinstance(value, Fraction):
        return show_number(value)
    text = one_line(repr(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def require_piecewise_linear(program: Program, what: str) -> None:
    """Refuse a net with smooth operations where Clarke's whole subdifferential is asked for (SPEC 6)."""
    if not program.piecewise_linear:
        message = f"it has smooth operations, and {what} is decided for piecewise-linear nets"
        raise NetError(message, file="<net>")
