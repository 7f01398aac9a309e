"""``sample``: lexicographic subgradients met by random directions, or gradients near the point."""

from __future__ import annotations

import argparse
import sys

from subgrad_hardness.api.sample import METHODS, SampleResult, sample
from subgrad_hardness.api.shown import show_matrix, show_vector
from subgrad_hardness.cli.options import add_net_arguments, given_point, integer, nonnegative_seconds, positive_int
from subgrad_hardness.cli.output import OF_LEXICOGRAPHIC
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.words import count
from subgrad_hardness.net.json_writing import write_json

_DEFAULT_RADIUS = "1/1000"
#: The report lists this many members; ``--json`` has them all.
_MOST_SHOWN = 20


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
    sys.stdout.write((write_json(result.to_json()) if arguments.json else report(result)) + "\n")
    return 3 if result.found.stopped and not result.members else 0


def report(result: SampleResult) -> str:
    """The report for people, a few lines."""
    found = result.found
    what = "lexicographic subgradient" if found.lower_bound else "gradient"
    lines = [
        f"{count(len(found.members), 'distinct ' + what)} found in {count(found.drawn, 'sample')} ({found.method}), "
        f"{count(result.kinks, 'kink')} at the point {show_vector(result.point)}"
    ]
    width = max((len(str(member.count)) for member in found.members), default=0)
    lines += [f"  {member.count:>{width}} x  {show_matrix(member.jacobian)}" for member in found.members[:_MOST_SHOWN]]
    if len(found.members) > _MOST_SHOWN:
        lines.append(f"  ... and {len(found.members) - _MOST_SHOWN} more (--json lists all)")
    lines += [f"skipped {count}: {reason}" for reason, count in found.skipped]
    if found.stopped:
        lines.append(f"stopped early ({found.stopped}): {found.drawn} of {count(result.samples, 'sample')} drawn")
    lines.append(result.note)
    if result.statement == "lexicographic":
        lines.append(OF_LEXICOGRAPHIC)
    return "\n".join(lines)
