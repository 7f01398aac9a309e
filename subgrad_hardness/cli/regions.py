"""The arguments of regions: --box and --constraints."""

from __future__ import annotations

import argparse
from typing import Any

from subgrad_hardness.cli.given_vector import given_vector, rows_of
from subgrad_hardness.common.errors import PointError


def add_region(parser: argparse.ArgumentParser) -> None:
    """``--box`` and ``--constraints``; without them the region is all of R^p."""
    parser.add_argument(
        "--box",
        metavar="LOW,HIGH",
        help='low <= x <= high: two numbers ("-1,1"), two vectors with a semicolon ("0,0;1,2"), or a file of two rows',
    )
    parser.add_argument(
        "--constraints",
        metavar="ROWS",
        help="a x <= b: rows a_1,...,a_p,b with semicolons between them, or a file of rows (.json, .npy)",
    )


def given_region(arguments: argparse.Namespace) -> dict[str, Any]:
    """The two as keyword arguments of the calls.  Raises PointError."""
    box = None
    if arguments.box is not None:
        rows = rows_of(arguments.box) if arguments.box.endswith((".json", ".npy", ".npz", ".csv")) else None
        box = given_vector(arguments.box, "--box") if rows is None else rows
        if len(box) != 2:
            raise PointError(f"{len(box)} parts, expected two: low and high", place="--box")
    constraints = () if arguments.constraints is None else rows_of(arguments.constraints)
    return {"box": box, "constraints": constraints}
