"""What the calls about regions share: how a region is given, and statements that the verifier has accepted."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.errors import CertificateError, ParameterError
from subgrad_hardness.common.files import read_bytes
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.models.points import read_array
from subgrad_hardness.net.json_text import Reader, parse_json
from subgrad_hardness.net.plain_values import plain_value
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike, exact
from subgrad_hardness.proof.written import verify_as_written
from subgrad_hardness.subdifferentials.affinity import Bent
from subgrad_hardness.subdifferentials.region import Bounds, Region, Vector, box_rows, centred, region

#: A box: one pair of bounds for all inputs, a pair for each, or a file of pairs; None in a pair: no bound.
BoxLike = Sequence[Any] | str | os.PathLike[str]
#: Rows of p + 1 numbers (a, b) that say a x <= b, or a file of them.
ConstraintsLike = Sequence[Sequence[NumberLike]] | str | os.PathLike[str]


def given_region(
    program: Program, box: BoxLike | None, constraints: ConstraintsLike | None, limits: Limits | None = None
) -> Region:
    """The region that the box and the constraints leave; all of Q^p without either.

    Raises ParameterError for numbers that do not fit the net, and where nothing, or no interior, is left.
    """
    size = program.input_count
    bounds: Sequence[Bounds] = [(None, None)] * size if box is None else _bounds(box, size)
    rows = [*box_rows(bounds), *([] if constraints is None else _rows(constraints, size))]
    centre = program.point
    if not all(_inside(row, centre) for row in rows):
        centre = centred(bounds, centre)
    return region(rows, centre, limits)


def accepted(
    program: Program, statement: Statement, other: Program | None = None
) -> tuple[Statement | None, str | None]:
    """The statement once the verifier has accepted it, or None with a reason why no file can hold it.

    A statement that the verifier rejects is a bug in this project.
    """
    try:
        return verify_as_written(program, statement, other), None
    except CertificateError as problem:
        return None, problem.message
    except Rejected as rejected:
        raise AssertionError(f"the verifier rejects what was found: {rejected}") from rejected


def bent_statement(program: Program, found: Bent, rows: Sequence[Vector]) -> Statement:
    """The claim that F has two Jacobians at a point inside the region."""
    return Statement("bent", program.digest, constraints=tuple(rows), point=found.point, directions=found.directions)


def _inside(row: Vector, point: Vector) -> bool:
    return sum((a * x for a, x in zip(row, point, strict=False)), Fraction(0)) < row[-1]


def _plain(value: Any, place: str) -> tuple[Any, Reader]:
    """What a file or an object holds, in plain lists."""
    if not isinstance(value, str | os.PathLike):
        return plain_value(value), Reader("", ParameterError)
    file = os.fspath(value)
    data = read_bytes(file, ParameterError)
    found = read_array(data, file) if file.endswith((".npy", ".npz")) else parse_json(data, file, ParameterError)
    if isinstance(found, dict):
        reader = Reader(file, ParameterError)
        found = reader.mapping(found, "", frozenset({place}), f"an object with the key {place}").get(place)
    return found, Reader(file, ParameterError)


def _bounds(box: BoxLike, size: int) -> list[Bounds]:
    """A pair of bounds for each input."""
    found, reader = _plain(box, "box")
    pairs = reader.sequence(found, "box", "a list of pairs of bounds")
    if len(pairs) == 2 and not any(isinstance(entry, list) for entry in pairs):
        pairs = [pairs] * size
    if len(pairs) != size:
        reader.fail("box", f"{len(pairs)} pairs of bounds, expected {size}")
    bounds: list[Bounds] = []
    for index, pair in enumerate(pairs):
        place = f"box[{index}]"
        entries = reader.sequence(pair, place, "a pair of bounds")
        if len(entries) != 2:
            reader.fail(place, f"{len(entries)} numbers, expected a lower and an upper bound")
        low, high = [
            None if entry is None else exact(reader.number(entry, f"{place}[{side}]"))
            for side, entry in enumerate(entries)
        ]
        if low is not None and high is not None and low >= high:
            what = "above" if low > high else "the same as"
            reader.fail(place, f"the lower bound is {what} the upper one; a region needs an interior")
        bounds.append((low, high))
    return bounds


def _rows(constraints: ConstraintsLike, size: int) -> list[Vector]:
    """Rows (a, b)."""
    found, reader = _plain(constraints, "constraints")
    rows: list[Vector] = []
    for index, row in enumerate(reader.sequence(found, "constraints", "a list of rows")):
        place = f"constraints[{index}]"
        entries = reader.sequence(row, place, f"a row of {size + 1} numbers")
        if len(entries) != size + 1:
            reader.fail(place, f"{len(entries)} numbers, expected {size + 1}: the coefficients, and the bound")
        rows.append(tuple([exact(reader.number(entry, f"{place}[{at}]")) for at, entry in enumerate(entries)]))
    return rows
