"""``sample``: lexicographic subgradients met by random directions, or gradients near the point."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.sample import METHODS, sample
from subgrad_hardness.cli.options import add_net_arguments, given_point, integer, nonnegative_seconds, positive_int
from subgrad_hardness.cli.output import show
from subgrad_hardness.common.errors import ParameterError

_DEFAULT_RADIUS = "1/1000"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    add_net_arguments(parser)
    parser.add_argument(
        "--method",
        choices=METHODS,
        default="numerical",
        help="numerical: many float directions at once, each Jacobian confirmed exactly (default); "
        "exact: random integer direction matrices; ball: gradients at random points near the point",
    )
    parser.add_argument("--samples", type=positive_int, default=1000, metavar="N", help="how many (default 1000)")
    parser.add_argument("--radius", metavar="R", help=f"of the ball, a rational (default {_DEFAULT_RADIUS})")
    parser.add_argument("--seed", type=integer, default=0, metavar="N", help="of all random choices (default 0)")
    parser.add_argument(
        "--time-limit", type=nonnegative_seconds, metavar="S", help="stop after S seconds with what was found"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Sample and report.  Returns 0, or 3 if a limit came before anything was found; raises InputError."""
    if arguments.radius is not None and arguments.method != "ball":
        raise ParameterError("only --method ball has a radius", place="--radius")
    result = sample(
        arguments.net,
        point=given_point(arguments),
        method=arguments.method,
        samples=arguments.samples,
        radius=_DEFAULT_RADIUS if arguments.radius is None else arguments.radius,
        seed=arguments.seed,
        time_limit=arguments.time_limit,
    )
    show(result, as_json=arguments.json)
    return 3 if result.found.stopped and not result.members else 0
