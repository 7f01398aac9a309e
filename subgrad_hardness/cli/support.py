"""``support NET DIRECTION``: the support function of the Clarke subdifferential."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.shown import show_matrix, show_number, show_vector
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.api.support import support
from subgrad_hardness.cli.given_vector import add_question, given_vector, look_at_place, written_one
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import print_json, say, say_statement


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the direction, the weights of outputs, limits, the certificate."""
    add_net_arguments(parser)
    parser.add_argument(
        "direction", metavar="DIRECTION", help='numbers such as "1,0,-1/2", or a file: .npy, .npz, .json'
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
    if arguments.json:
        print_json(result.to_json())
    else:
        sign = "=" if result.exact else ">="
        proof = ", certified" if result.certificate is not None else ""
        say(f"direction u = {show_vector(result.direction)} at {show_vector(result.point)}")
        say(f"  greatest slope nearby    F°(x0; u) {sign} {show_number(result.support)}{proof}")
        if not result.exact and result.proved is not None:
            say(f"  proved: at most         {show_number(result.proved)}")
        say(f"  directional derivative   F'(x0; u) = {show_number(result.derivative)}")
        if result.exact:
            regular = "Clarke regular in this direction" if not result.gap else f"gap {show_number(result.gap)}"
            say(f"  {regular}")
        say(f"  attained by {show_matrix(result.subgradient)}")
        if result.why is not None:
            say(f"  {result.why}")
        elif result.uncertified is not None:
            say(f"  no certificate: {result.uncertified}")
        say_statement(result.statement)
    status = written_one(arguments, "support", result.certificate, result.uncertified)
    return status if result.exact else ExitStatus.UNKNOWN
