"""``lexicographic_subgradients``: all of d_L F(x0), by enumerating the cells of a small net."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.options import require_seconds
from subgrad_hardness.api.readable import Readable, of_statement
from subgrad_hardness.api.shown import show_first, show_matrix, show_vector
from subgrad_hardness.api.values_json import matrix_json
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.progress import Found
from subgrad_hardness.common.words import count
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import localise
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.proof.written import statement_made

#: The text lists this many; ``to_json`` has them all.
_MOST_SHOWN = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One element of d_L F(x0): its Jacobian, in how many cells it rules, and a point (p integers)
    strictly inside the first of them."""

    jacobian: Matrix
    cells: int
    interior: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PiecesResult(Readable):
    """The pieces found; ``complete`` says whether they are all (else the time ran out)."""

    digest: str
    statement: str
    point: tuple[Fraction, ...]
    kinks: int
    pieces: tuple[Piece, ...]
    complete: bool
    seconds: float

    def __repr__(self) -> str:
        least = "" if self.complete else "at least "
        pieces = count(len(self.pieces), "lexicographic subgradient")
        cells = count(sum(piece.cells for piece in self.pieces), "cell")
        return f"<PiecesResult: {least}{pieces} in {cells}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        total = count(sum(piece.cells for piece in self.pieces), "cell")
        least = "" if self.complete else "at least "
        found = count(len(self.pieces), "lexicographic subgradient")
        lines = [f"{least}{found} in {total} around {show_vector(self.point)}"]
        shown = []
        for piece in self.pieces[:_MOST_SHOWN]:
            where = f"in {count(piece.cells, 'cell')}, e.g. towards {show_vector(piece.interior)}"
            shown.append(f"{show_matrix(piece.jacobian)}  {where}")
        lines += show_first(shown, len(self.pieces))
        if self.complete:
            whole = "" if self.statement == "lexicographic" else "; the Clarke subdifferential is their convex hull"
            lines.append(f"These are all{whole}.")
        else:
            lines.append("The time ran out: there may be more.")
        return [*lines, *of_statement(self.statement)]

    def to_json(self) -> dict[str, Any]:
        """The object that ``cells --json`` prints."""
        return {
            "version": 1,
            "digest": self.digest,
            "statement": self.statement,
            "point": [format_rational(entry) for entry in self.point],
            "kinks": self.kinks,
            "complete": self.complete,
            "pieces": [
                {
                    "jacobian": matrix_json(piece.jacobian),
                    "cells": piece.cells,
                    "interior": [format_rational(entry) for entry in piece.interior],
                }
                for piece in self.pieces
            ],
            "seconds": round(self.seconds, 6),
        }


def lexicographic_subgradients(
    net: NetLike, point: Sequence[NumberLike] | None = None, *, time_limit: float | None = None
) -> PiecesResult:
    """Every lexicographic (here: Bouligand) subgradient at the point, with where it rules.

    Parameters
    ----------
    net : path, mapping or Program
        A net file, ``"-"`` for standard input, its parsed JSON, or a Program.
    point : sequence of numbers, optional
        Replaces the net's own point: p numbers, floats taken exactly.
    time_limit : number of seconds, optional
        What was found by then is returned, with ``complete`` False.

    Returns
    -------
    PiecesResult
        Each element of d_L F(x0) once, in how many cells of the arrangement it rules, and a point inside one of them.
        The Clarke subdifferential is the convex hull of these Jacobians.

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, or do not fit.
    ParameterError
        A time limit that is no number of seconds.

    Notes
    -----
    Exact, and exponential in the number of kinks at worst (``derivative.cells``): for small nets.  The lexicographic
    subdifferential is Nesterov's (2005).

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}, {"weight": [[1]]}]}
    >>> sorted(piece.jacobian for piece in sh.lexicographic_subgradients(net).pieces)
    [((Fraction(-1, 1),),), ((Fraction(1, 1),),)]
    """
    start = time.monotonic()
    limits = Limits.seconds(require_seconds(time_limit))
    program = load(net, point)
    local = localise(program, limits=limits)
    found: dict[tuple[tuple[int, ...], ...], tuple[int, tuple[int, ...]]] = {}
    complete, told = True, Found("cell")
    try:
        for number, cell in enumerate(cells(local.net, limits), start=1):
            before, interior = found.get(cell.rows, (0, cell.interior))
            found[cell.rows] = before + 1, interior
            told.so_many(number)
    except LimitReached:
        complete = False
    pieces = tuple(
        Piece(jacobian=local.net.scaled(rows), cells=ruled, interior=interior)
        for rows, (ruled, interior) in found.items()
    )
    return PiecesResult(
        digest=program.digest,
        statement=statement_made(program, "unknown"),
        point=program.point,
        kinks=len(local.kink_units),
        pieces=pieces,
        complete=complete,
        seconds=time.monotonic() - start,
    )
