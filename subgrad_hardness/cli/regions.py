"""The arguments of regions: --box and --constraints."""

from __future__ import annotations

import argparse
from fractions import Fraction
from typing import Any

from subgrad_hardness.cli.given_vector import given_vector, rows_of
from subgrad_hardness.cli.options import parse_numbers, parse_point
from subgrad_hardness.common.errors import ParameterError, PointError


def add_region(parser: argparse.ArgumentParser) -> None:
    """``--box``, or ``--point`` and ``--radius``, and ``--constraints``; without them the region is all of R^p."""
    parser.add_argument(
        "--box",
        metavar="LOW,HIGH",
        help='low <= x <= high: two numbers ("-1,1"), two vectors with a semicolon ("0,0;1,2"), or a file of two rows',
    )
    parser.add_argument("--point", metavar="X", help="with --radius: the middle of a box")
    parser.add_argument(
        "--radius", metavar="R", help="the box of all x with |x_i - X_i| <= R for each input, as for cube"
    )
    parser.add_argument(
        "--constraints",
        metavar="ROWS",
        help="a x <= b: rows a_1,...,a_p,b with semicolons between them, or a file of rows (.json, .npy)",
    )


def _around(arguments: argparse.Namespace) -> list[list[Fraction]] | None:
    """The box of --point and --radius."""
    if arguments.point is None and arguments.radius is None:
        return None
    if arguments.point is None or arguments.radius is None:
        raise ParameterError("--point and --radius are given together", place="--point")
    if arguments.box is not None:
        raise ParameterError("--box, or --point and --radius, not both", place="--box")
    (radius, *more), middle = parse_numbers(arguments.radius, "--radius"), parse_point(arguments.point)
    if more or radius < 0:
        raise ParameterError("a number that is not negative is expected", place="--radius")
    return [[entry - radius for entry in middle], [entry + radius for entry in middle]]


def given_region(arguments: argparse.Namespace) -> dict[str, Any]:
    """The region as keyword arguments of the calls.  Raises PointError, ParameterError."""
    box: Any = _around(arguments)
    if arguments.box is not None:
        rows = rows_of(arguments.box) if arguments.box.endswith((".json", ".npy", ".npz", ".csv")) else None
        box = given_vector(arguments.box, "--box") if rows is None else rows
        if len(box) != 2:
            raise PointError(f"{len(box)} parts, expected two: low and high", place="--box")
    constraints = () if arguments.constraints is None else rows_of(arguments.constraints)
    return {"box": box, "constraints": constraints}
