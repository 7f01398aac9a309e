"""Numbers, vectors, Jacobians and names as people read them: what is long is cut or rounded, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.common.words import count
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.rational import format_rational

#: So many elements of a combination are shown to people.
_MOST_SHOWN = 12
#: Where all of something is, for readers of commands and of notebooks.
_ALL = "--json, to_json() list all"


def show_vector(values: Sequence[Fraction | int], most: int = 8, digits: int = 7) -> str:
    """A vector for people; long ones are cut, long numbers rounded."""
    shown = [show_number(value, digits) for value in values[:most]]
    if len(values) > most:
        shown.append(f"... {count(len(values), 'entry', 'entries')}")
    return "(" + ", ".join(shown) + ")"


def show_matrix(matrix: Matrix, most: int = 4, digits: int = 7) -> str:
    """A Jacobian for people: one row as a vector, several in brackets."""
    if len(matrix) == 1:
        return show_vector(matrix[0], digits=digits)
    rows = [show_vector(row, digits=digits) for row in matrix[:most]]
    if len(matrix) > most:
        rows.append(f"... {count(len(matrix), 'row')}")
    return "[" + ", ".join(rows) + "]"


def show_number(value: Fraction | int, digits: int = 7) -> str:
    """The exact number where it is short; else ``~`` and its first ``digits`` digits, correctly rounded."""
    if value.numerator.bit_length() + value.denominator.bit_length() <= 60:
        return format_rational(value)
    size = abs(Fraction(value))
    exponent = (size.numerator.bit_length() - size.denominator.bit_length()) * 30103 // 100000 - 1
    while size >= Fraction(10) ** (exponent + 1):
        exponent += 1
    mantissa = round(size / Fraction(10) ** (exponent + 1 - digits))
    if mantissa == 10**digits:
        mantissa, exponent = mantissa // 10, exponent + 1
    text = str(mantissa)
    if -4 <= exponent < 0:
        text = "0." + "0" * (-exponent - 1) + text
    elif 0 <= exponent < digits:
        text = text[: exponent + 1] + "." + text[exponent + 1 :]
    else:
        text = text[0] + "." + text[1:]
    text = text.rstrip("0").rstrip(".")
    scale = "" if -4 <= exponent < digits else f"e{exponent}"
    return f"~{'-' if value < 0 else ''}{text}{scale}"


def show_names(names: Sequence[str], most: int = 8, length: int = 60) -> str:
    """Names for people; long lists and long names are cut."""
    shown = ", ".join(name if len(name) <= length else name[:length] + "..." for name in names[:most])
    return shown if len(names) <= most else f"{shown}, ... ({len(names)} in all)"


def show_combination(weights: Sequence[Fraction], elements: Sequence[Matrix]) -> list[str]:
    """A convex combination for people, a line an element."""
    shown = zip(weights[:_MOST_SHOWN], elements, strict=False)
    return show_first([f"{show_number(weight)} x {show_matrix(element)}" for weight, element in shown], len(weights))


def equal_to_combination(head: str, weights: Sequence[Fraction], elements: Sequence[Matrix]) -> list[str]:
    """A line about a matrix, and the convex combination that this is, if it is not an element itself."""
    return [head] if len(weights) == 1 else [f"{head} =", *show_combination(weights, elements)]


def show_kinks(names: Sequence[str]) -> str:
    """How many kinks, and their names.

    Examples
    --------
    >>> show_kinks(["a", "b"]), show_kinks([])
    ('2 kinks: a, b', '0 kinks')
    """
    head = count(len(names), "kink")
    return f"{head}: {show_names(names)}" if names else head


def show_first(shown: Sequence[str], total: int, whole: str = _ALL, indent: int = 2) -> list[str]:
    """The first of ``total`` things for people, a line each; ``whole`` says where all are."""
    left, start = total - len(shown), " " * indent
    return [start + line for line in [*shown, *([f"... and {left} more ({whole})"] if left else [])]]
