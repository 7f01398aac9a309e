"""``shortest NET``: the subgradient of least norm."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.shortest import CONVEX, shortest
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import add_question, look_at_place, written_one
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the set, limits, the certificate."""
    add_net_arguments(parser)
    parser.add_argument("--set", choices=CONVEX, default="clarke", help="of which set (default: clarke)")
    add_question(parser, several=False)


def run(arguments: argparse.Namespace) -> int:
    """Find it and report; exit 3 where it is not known to be the shortest."""
    look_at_place(arguments)
    result = shortest(
        arguments.net,
        which=arguments.set,
        point=given_point(arguments),
        certify=not arguments.no_certify,
        seed=arguments.seed,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    show(result, as_json=arguments.json)
    status = written_one(arguments, "shortest", result.certificate, result.uncertified)
    return status if result.exact else ExitStatus.UNKNOWN
