"""``cells NET``: every lexicographic subgradient of a small net."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.api.subgradients import lexicographic_subgradients
from subgrad_hardness.cli.options import add_net_arguments, given_point, nonnegative_seconds
from subgrad_hardness.cli.output import add_json, show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the point, the time limit, --json."""
    add_net_arguments(parser)
    parser.add_argument(
        "--time-limit", metavar="S", type=nonnegative_seconds, default=None, help="stop after S seconds (exit 3)"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the Jacobians; exit 3 if the time ran out before they were all."""
    result = lexicographic_subgradients(arguments.net, given_point(arguments), time_limit=arguments.time_limit)
    show(result, as_json=arguments.json)
    return 0 if result.complete else ExitStatus.UNKNOWN
