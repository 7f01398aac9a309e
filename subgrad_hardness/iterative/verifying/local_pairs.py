"""J_F(xbar, theta) for the verifier: the Jacobians [A, B] of F on the cells around a point, or for all slopes 0 and 1.

From the verifier's own localisation.  Cells are found by choosing sides of the kinks one after the other: a choice is
kept while the open cone of its inequalities g d > 0 is not empty, which fails iff some of the g have a combination 0
with weights that are not negative and not all 0 (Gordan 1873).  That is decided by the simplex method with Bland's
rule, in integers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.net.program import Program

Rows = tuple[tuple[Fraction, ...], ...]

#: So many choices of sides, or of slopes, are looked at.
MOST_CHOICES = 4096


class NotListed(Rejected):
    """The pairs are not listed: there may be too many, or the derivative does not tell them."""


def local_pairs(
    program: Program, state: Sequence[str], parameters: Sequence[str], *, autodiff: bool
) -> dict[tuple[Rows, Rows], None]:
    """The pairs at the program's point, each once.

    Parameters
    ----------
    autodiff : those of all slopes 0 and 1 of the kinks; else those of the cells.

    Raises
    ------
    NotListed
        For more than ``MOST_CHOICES`` choices; for the cells of a program with smooth operations at a kink, whose
        derivative does not tell all pieces.
    """
    local = Localised(program)
    bent = any(local.gradient(argument, local.fixed) for argument in local.kinks.values())
    if bent and not (autodiff or program.piecewise_linear):
        raise NotListed("F has smooth operations and kinks there: not all of its pieces can be listed")
    columns = [program.inputs.index(name) for name in (*state, *parameters)]
    found: dict[tuple[Rows, Rows], None] = {}
    for branches in _slopes(local) if autodiff else _cells(local):
        rows = []
        for output in program.tangent.outputs:
            gradient, scale = local.gradient(output, branches), local.scales[output]
            rows.append([Fraction(gradient.get(column, 0), scale) for column in columns])
        size = len(state)
        found[tuple([tuple(row[:size]) for row in rows]), tuple([tuple(row[size:]) for row in rows])] = None
    return found


def _slopes(local: Localised) -> Iterator[Mapping[int, bool]]:
    if 2 ** len(local.kinks) > MOST_CHOICES:
        raise NotListed(f"{len(local.kinks)} kinks have more than {MOST_CHOICES} choices of slopes")
    for slopes in product((False, True), repeat=len(local.kinks)):
        yield local.fixed | dict(zip(local.kinks, slopes, strict=True))


def _cells(local: Localised) -> Iterator[Mapping[int, bool]]:
    order, looked = sorted(local.kinks), 0
    stack: list[tuple[int, dict[int, bool], list[list[int]]]] = [(0, dict(local.fixed), [])]
    while stack:
        place, branches, cone = stack.pop()
        looked += 1
        if looked > MOST_CHOICES:
            raise NotListed(f"more than {MOST_CHOICES} choices of sides")
        if place == len(order):
            yield branches
            continue
        kink = order[place]
        gradient = local.gradient(local.kinks[kink], branches)
        if not gradient:  # 0 on the whole cone, and so is what the relu passes on
            stack.append((place + 1, branches | {kink: False}, cone))
            continue
        row = [gradient.get(column, 0) for column in range(local.size)]
        content = math.gcd(*row)
        for passes in (False, True):
            side = [(entry if passes else -entry) // content for entry in row]
            if side in cone or _is_open([*cone, side]):
                stack.append((place + 1, branches | {kink: passes}, cone if side in cone else [*cone, side]))


def _is_open(rows: Sequence[Sequence[int]]) -> bool:
    """Whether some d has g d > 0 for all rows g: no y >= 0 with the sum 1 has the combination 0 of the rows."""
    equations = [list(column) for column in zip(*rows, strict=True)] + [[1] * len(rows)]
    right = [0] * (len(equations) - 1) + [1]
    width = len(rows)
    # Each equation with a variable of its own, which starts in the basis; the sum of these is made small.
    table = [[*map(Fraction, equation), Fraction(value)] for equation, value in zip(equations, right, strict=True)]
    basis = [width + number for number in range(len(table))]
    costs = [sum([row[column] for row in table], Fraction(0)) for column in range(width + 1)]
    while costs[-1]:
        entering = next((column for column in range(width) if costs[column] > 0), None)
        if entering is None:
            return True
        ratios = [
            (row[-1] / row[entering], basis[number], number) for number, row in enumerate(table) if row[entering] > 0
        ]
        # An equation's own variable never comes back, so that its column is not kept.
        _, _, leaving = min(ratios)
        pivot = table[leaving]
        pivot[:] = [entry / pivot[entering] for entry in pivot]
        for row in (*table[:leaving], *table[leaving + 1 :], costs):
            if row[entering]:
                factor = row[entering]
                row[:] = [x - factor * y for x, y in zip(row, pivot, strict=True)]
        basis[leaving] = entering
    return False
