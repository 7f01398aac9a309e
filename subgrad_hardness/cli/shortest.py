"""``shortest NET``: the subgradient of least norm."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.shortest import CONVEX, shortest
from subgrad_hardness.api.shown import show_matrix, show_number, show_vector
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import add_question, combination_lines, look_at_place, written_one
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import print_json, say, say_statement


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
    if arguments.json:
        print_json(result.to_json())
    else:
        known = "the shortest" if result.exact else "the shortest known"
        proof = ", certified" if result.certificate is not None else ""
        say(f"{known} element ({result.which}) at {show_vector(result.point)}{proof}:")
        say(f"  {show_matrix(result.subgradient)}, squared norm {show_number(result.squared_norm)} =")
        for line in combination_lines(result.weights, result.elements):
            say(line)
        if result.why is not None:
            say(result.why)
        elif result.uncertified is not None:
            say(f"no certificate: {result.uncertified}")
        say_statement(result.statement)
    status = written_one(arguments, "shortest", result.certificate, result.uncertified)
    return status if result.exact else ExitStatus.UNKNOWN
