"""Arguments that the commands about iterations share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from subgrad_hardness.cli.given_vector import given_vector
from subgrad_hardness.net.rational import NumberLike


def add_iteration(parser: argparse.ArgumentParser) -> None:
    """The positional NET, ``--theta`` and ``--fixed-point``."""
    parser.add_argument(
        "net", metavar="NET", help="an iteration's file (a net with the key iteration), - for standard input"
    )
    parser.add_argument(
        "--theta", metavar="T", help='the parameters, exact rationals such as "1,-1/2" (default: those in the file)'
    )
    parser.add_argument(
        "--fixed-point", metavar="X", help="the limit, which is checked; without it it is looked for from the start"
    )


def given_theta(arguments: argparse.Namespace) -> Sequence[NumberLike] | None:
    """``--theta``, or None.  Raises PointError."""
    return given_state(arguments.theta, "--theta")


def given_state(text: str | None, what: str) -> Sequence[NumberLike] | None:
    """Numbers of an option, or None without it.  Raises PointError."""
    if text is None:
        return None
    numbers: Sequence[NumberLike] = given_vector(text, what)
    return numbers
