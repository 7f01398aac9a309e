"""``support NET DIRECTION``: the support function of the Clarke subdifferential."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.api.support import support
from subgrad_hardness.cli.given_vector import add_question, given_vector, look_at_place, written_one
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the direction, the weights of outputs, limits, the certificate."""
    add_net_arguments(parser)
    parser.add_argument(
        "direction", metavar="DIRECTION", help='numbers such as "1,0,-1/2", or a file: .npy, .npz, .csv, .json'
    )
    parser.add_argument("--weights", metavar="W", help="of the outputs (default: all 1)")
    add_question(parser, several=False)


def run(arguments: argparse.Namespace) -> int:
    """Find it and report; exit 3 where only a lower bound is known."""
    look_at_place(arguments)
    result = support(
        arguments.net,
        given_vector(arguments.direction, "DIRECTION"),
        weights=None if arguments.weights is None else given_vector(arguments.weights, "--weights"),
        point=given_point(arguments),
        certify=not arguments.no_certify,
        seed=arguments.seed,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    show(result, as_json=arguments.json)
    status = written_one(arguments, "support", result.certificate, result.uncertified)
    return status if result.exact else ExitStatus.UNKNOWN
