"""The rules for the options of the public calls, each in one place: an option that makes no sense is a ParameterError
of one line that names it.

Every function gives the plain Python value back, so that numpy's integers and floats may be passed in and never travel
further.  A bool is no number, and a number is no flag.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from fractions import Fraction
from numbers import Real
from typing import Any

from subgrad_hardness.api.shown import show_number
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import LEAST_MEMORY

#: Counts and seconds above this are refused as mistakes: nobody waits for them.
MOST = 10**9

#: Seeds become text in the names of random streams, and Python writes no integer of more than 4300 digits.
_MOST_SEED_BITS = 10_000


def require_seconds(value: object, place: str = "time limit") -> float | None:
    """A time limit in seconds, or None for no limit."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Real) or not _within(value, MOST):
        raise ParameterError(f"{_shown(value)} is not a number of seconds from 0 to {MOST}", place=place)
    return value if isinstance(value, int) else float(value)


def require_bytes(value: object, place: str = "memory limit") -> int | None:
    """A memory limit in bytes that a worker process can live with, or None for no limit."""
    if value is None:
        return None
    number = _index(value)
    if number is None or number < LEAST_MEMORY:
        raise ParameterError(f"{_shown(value)} is not a number of bytes from {LEAST_MEMORY} on", place=place)
    return number


def require_seed(value: object, place: str = "seed") -> int:
    """Any integer that can be written."""
    number = _integer(value, place)
    if number.bit_length() > _MOST_SEED_BITS:
        raise ParameterError(f"{_shown(value)} has more than {_MOST_SEED_BITS} bits", place=place)
    return number


def require_count(value: object, place: str) -> int:
    """How many of something: an integer from 1 to ``MOST``."""
    number = _integer(value, place)
    if not 1 <= number <= MOST:
        raise ParameterError(f"{_shown(value)} is outside 1..{MOST}", place=place)
    return number


def require_threads(value: object, place: str = "threads") -> int:
    """How many processes may work side by side."""
    return require_count(value, place)


def require_flag(value: object, place: str, *, optional: bool = False) -> None:
    """True or False, where ``optional`` also None; numbers and texts mean something else, so they are refused."""
    if not isinstance(value, bool) and not (optional and value is None):
        expected = "True, False or None" if optional else "True or False"
        raise ParameterError(f"{_shown(value)} is not {expected}", place=place)


def require_choice(value: object, known: Iterable[str], place: str) -> str:
    """One of the known names."""
    names = tuple(known)
    if not isinstance(value, str) or value not in names:
        raise ParameterError(f"{_shown(value)} is unknown; known: {', '.join(names)}", place=place)
    return value


def require_text(value: object, place: str) -> str:
    """A text, not the bytes or the file that hold it."""
    if not isinstance(value, str):
        raise ParameterError(f"{_shown(value)} is not a text", place=place)
    return value


def _within(value: Any, most: int) -> bool:
    """Whether a number is in [0, most]; not a number is not."""
    return bool(0 <= value <= most)


def _index(value: object) -> int | None:
    """The integer that ``value`` is, or None."""
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None


def _integer(value: object, place: str) -> int:
    number = _index(value)
    if number is None:
        raise ParameterError(f"{_shown(value)} is not an integer", place=place)
    return number


def _shown(value: object) -> str:
    """The value in a few characters; of a stranger's object the type only, since its text may be of any kind."""
    if value is None or isinstance(value, bool):
        return str(value)
    number = _index(value)
    if number is not None:
        return show_number(number)
    if isinstance(value, Fraction):
        return show_number(value)
    if isinstance(value, float):
        return repr(float(value))
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else value[:37] + "...")
    return f"a Python {type(value).__name__}"
