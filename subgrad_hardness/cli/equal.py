"""``equal NET OTHER``: do two nets compute the same?"""

from __future__ import annotations

import argparse

from subgrad_hardness.api.equal import equal
from subgrad_hardness.api.shown import show_matrix, show_vector
from subgrad_hardness.cli.given_vector import add_question, ended, given_vector, look_at_place, written_one
from subgrad_hardness.cli.output import print_json, say
from subgrad_hardness.cli.regions import add_region, given_region, thin
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.local.local_net import Matrix


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Two nets, the region, limits, the certificate."""
    parser.add_argument("net", metavar="NET", help="a net file or a model (.onnx, .nnet), - for standard input")
    parser.add_argument("other", metavar="OTHER", help="another one")
    add_region(parser)
    parser.add_argument("--at", metavar="X", help="are they equal near this point?  numbers, or a file of them")
    parser.add_argument("--exit-code", action="store_true", help="exit 10 if they differ, 20 if they are equal")
    add_question(parser, several=False, seed=False)


def run(arguments: argparse.Namespace) -> int:
    """Decide and report; exit 3 where it is not known."""
    if arguments.net == "-" == arguments.other:
        raise ParameterError("NET and OTHER cannot both be standard input", place="-")
    look_at_place(arguments)
    result = equal(
        arguments.net,
        arguments.other,
        **given_region(arguments),
        at=None if arguments.at is None else given_vector(arguments.at, "--at"),
        certify=not arguments.no_certify,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    if arguments.json:
        print_json(result.to_json())
    elif result.verdict is None:
        say(f"UNKNOWN: {result.why}")
    else:
        proof = " (certified)" if result.certificate is not None else ""
        if result.point is None:
            where = "near the point" if arguments.at is not None else "on the region"
            say(f"EQUAL {where}{proof}")
        else:
            first, second = map(show_vector, result.values)
            say(f"DIFFERENT: at {show_vector(result.point)} the values are {first} and {second}{proof}")
        if result.restricted:
            say(thin(result.restricted[0]))
        if result.uncertified is not None:
            say(f"no certificate: {result.uncertified}")
    if not arguments.json:
        by_result: dict[tuple[Matrix, Matrix], list[str]] = {}  # conventions that return the same, in one line
        for name, pair in result.backpropagation.items():
            by_result.setdefault(pair, []).append(name)
        for (first_row, second_row), names in by_result.items():
            conventions = "every convention" if len(by_result) == 1 else ", ".join(names)
            sign = "=" if first_row == second_row else "but"
            say(f"backpropagation ({conventions}): {show_matrix(first_row)} {sign} {show_matrix(second_row)}")
    status = written_one(arguments, "equal", result.certificate, result.uncertified)
    return ended(arguments, result.verdict, status, yes=20, no=10)
