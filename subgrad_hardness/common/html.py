"""Pieces of HTML for notebooks: numbers, vectors, matrices, tables; what is long is folded, no assets.

Everything that comes from a user is escaped.  A fraction stands as numerator over denominator; a longer number is
folded behind its first digits, and a longer list is cut and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import Any

# Numbers with more digits than this are folded; no number is shown with more than ``_LONGEST``.
_SHORT, _LONGEST = 20, 2000
# So many entries of a vector, and rows of a matrix or a table, are shown.
_ENTRIES, _ROWS = 24, 24


def number(value: Fraction | int, written: Callable[[Fraction | int], str]) -> str:
    """A number: ``written`` gives its exact text, of any length.

    Examples
    --------
    >>> number(Fraction(-2, 3), str)
    '&minus;<sup>2</sup>&frasl;<sub>3</sub>'
    >>> number(10**30, str)
    '<details style="display:inline-block"><summary>&asymp; 1e+30</summary>1000000000000000000000000000000</details>'
    """
    text = written(value)
    if len(text) <= _SHORT:
        over, _, under = text.removeprefix("-").partition("/")
        sign = "&minus;" if text.startswith("-") else ""
        return f"{sign}<sup>{over}</sup>&frasl;<sub>{under}</sub>" if under else sign + over
    rest = len(text) - _LONGEST
    exact = text if rest <= 0 else f"{text[:_LONGEST]}... {rest} more characters"
    return fold(_near(value), exact, inline=True)


def _near(value: Fraction | int) -> str:
    """The first digits of a long number."""
    try:
        near = float(value)
    except OverflowError:
        near = 0.0
    return f"&asymp; {near:.7g}" if near else f"a number of {value.numerator.bit_length()} bits"


def fold(summary: str, content: str, *, inline: bool = False) -> str:
    """``content`` behind ``summary``; both are HTML already."""
    style = ' style="display:inline-block"' if inline else ""
    return f"<details{style}><summary>{summary}</summary>{content}</details>"


def vector(entries: Sequence[str]) -> str:
    """Entries, HTML already, in parentheses; a long vector is cut, and says so."""
    shown = list(entries[:_ENTRIES])
    if len(entries) > _ENTRIES:
        shown.append(f"... {len(entries)} entries")
    return "(" + ", ".join(shown) + ")"


def matrix(rows: Sequence[Sequence[str]]) -> str:
    """Rows of entries, HTML already, in brackets."""
    body = "".join([_row(row) for row in rows[:_ROWS]])
    more = f"<tr><td>... {len(rows)} rows</td></tr>" if len(rows) > _ROWS else ""
    style = "border-left:1px solid;border-right:1px solid;border-radius:4px;display:inline-table;margin:2px"
    return f'<table style="{style}">{body}{more}</table>'


def _row(entries: Sequence[str]) -> str:
    cells = list(entries[:_ENTRIES])
    if len(entries) > _ENTRIES:
        cells.append(f"... {len(entries)} entries")
    return "<tr>" + "".join([f'<td style="text-align:right">{cell}</td>' for cell in cells]) + "</tr>"


def table(rows: Mapping[str, str]) -> str:
    """Names, which are escaped, beside their values, which are HTML already."""
    left = 'style="text-align:left;vertical-align:top"'
    body = [f"<tr><th {left}>{escape(name)}</th><td {left}>{value}</td></tr>" for name, value in rows.items()]
    return f"<table>{''.join(body)}</table>"


def text(lines: Sequence[str], most: int = 16, *, columns: bool = False) -> str:
    """Lines of text, escaped, as they stand; those after the first ``most`` are folded.

    ``columns`` says that they are a table, whose lines scroll where the page is narrow; others are broken there.
    """
    if not lines:
        return ""
    shown = _preformatted(lines[:most], columns)
    if len(lines) <= most:
        return shown
    return shown + fold(f"{len(lines) - most} more lines", _preformatted(lines[most:], columns))


def _preformatted(lines: Sequence[str], columns: bool) -> str:
    """What style sheets of exported notebooks change of ``pre`` is said again."""
    space = "white-space:pre;overflow-x:auto" if columns else "white-space:pre-wrap"
    style = f"font-family:monospace;{space};word-break:normal"
    return f'<pre style="{style}">{escape(chr(10).join(lines))}</pre>'


def block(head: str, *parts: str) -> str:
    """A headline, escaped, and what stands below it, HTML already."""
    return f"<div><strong>{escape(head)}</strong>{''.join(parts)}</div>"


def exact_value(value: Any, written: Callable[[Fraction | int], str]) -> str | None:
    """A number, a vector, a matrix or a list of matrices as HTML; None for anything else.

    Examples
    --------
    >>> exact_value((Fraction(1), Fraction(2)), str), exact_value("text", str)
    ('(1, 2)', None)
    """
    depth = depth_of(value)
    if depth == 0:
        return number(value, written)
    if depth == 1:
        return vector([number(entry, written) for entry in value])
    if depth == 2:
        return matrix([[number(entry, written) for entry in row[: _ENTRIES + 1]] for row in value[: _ROWS + 1]])
    if depth == 3:
        shown = [exact_value(each, written) or "" for each in value[:_ROWS]]
        return " ".join(shown) + (f" ... {len(value)} of them" if len(value) > _ROWS else "")
    return None


def depth_of(value: Any) -> int | None:
    """0 for a Fraction, 1 for a vector of numbers, 2 for a matrix, 3 for a list of matrices; None for anything else.

    Integers alone are counts, and no numbers of an answer; within a vector they are.
    """
    if isinstance(value, Fraction):
        return 0
    if not isinstance(value, tuple | list) or not value:
        return None
    if all(type(entry) in (int, Fraction) for entry in value):
        return 1
    depths = {depth_of(entry) for entry in value}
    inner = depths.pop()
    return inner + 1 if not depths and inner in (1, 2) else None
