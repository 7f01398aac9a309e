"""``equal NET OTHER``: do two nets compute the same?"""

from __future__ import annotations

import argparse

from subgrad_hardness.api.equal import equal
from subgrad_hardness.cli.given_vector import add_question, ended, given_vector, look_at_place, written_one
from subgrad_hardness.cli.output import show
from subgrad_hardness.cli.regions import add_region, given_region
from subgrad_hardness.common.errors import ParameterError


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
    show(result, as_json=arguments.json)
    status = written_one(arguments, "equal", result.certificate, result.uncertified)
    return ended(arguments, result.verdict, status, yes=20, no=10)
