"""``cells NET``: every lexicographic subgradient of a small net."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.shown import show_matrix, show_vector
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.api.subgradients import lexicographic_subgradients
from subgrad_hardness.cli.options import add_net_arguments, given_point, nonnegative_seconds
from subgrad_hardness.cli.output import add_json, print_json, say, say_statement
from subgrad_hardness.common.words import count

#: The report lists this many; ``--json`` has them all.
_MOST_SHOWN = 40


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
    if arguments.json:
        print_json(result.to_json())
    else:
        total = count(sum(piece.cells for piece in result.pieces), "cell")
        least = "" if result.complete else "at least "
        found = count(len(result.pieces), "lexicographic subgradient")
        say(f"{least}{found} in {total} around {show_vector(result.point)}")
        for piece in result.pieces[:_MOST_SHOWN]:
            where = f"in {count(piece.cells, 'cell')}, e.g. towards {show_vector(piece.interior)}"
            say(f"  {show_matrix(piece.jacobian)}  {where}")
        if len(result.pieces) > _MOST_SHOWN:
            say(f"  ... and {len(result.pieces) - _MOST_SHOWN} more (--json lists all)")
        if result.complete:
            whole = "" if result.statement == "lexicographic" else "; the Clarke subdifferential is their convex hull"
            say(f"These are all{whole}.")
        else:
            say("The time ran out: there may be more.")
        say_statement(result.statement)
    return 0 if result.complete else ExitStatus.UNKNOWN
