"""``affine NET``: is a net affine on a region?"""

from __future__ import annotations

import argparse

from subgrad_hardness.api.affine import affine
from subgrad_hardness.cli.given_vector import add_question, ended, look_at_place, written_one
from subgrad_hardness.cli.output import show
from subgrad_hardness.cli.regions import add_region, given_region


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the region, limits, the certificate."""
    parser.add_argument("net", metavar="NET", help="a net file or a model (.onnx, .nnet), - for standard input")
    add_region(parser)
    parser.add_argument("--exit-code", action="store_true", help="exit 10 if it bends there, 20 if it is affine")
    add_question(parser, several=False, seed=False)


def run(arguments: argparse.Namespace) -> int:
    """Decide and report; exit 3 where it is not known."""
    look_at_place(arguments)
    result = affine(
        arguments.net,
        **given_region(arguments),
        certify=not arguments.no_certify,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    show(result, as_json=arguments.json)
    status = written_one(arguments, "affine", result.certificate, result.uncertified)
    return ended(arguments, result.verdict, status, yes=20, no=10)
