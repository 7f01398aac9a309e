"""``equal NET NET``: are two nets the same function?"""

from __future__ import annotations

import argparse

from subgrad_hardness.api.equal import equal
from subgrad_hardness.api.shown import show_vector
from subgrad_hardness.cli.options import parse_point
from subgrad_hardness.cli.output import print_json, say
from subgrad_hardness.cli.region_options import add_common, add_region, common, given_box, proof_line, status
from subgrad_hardness.common.errors import ParameterError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Two nets, the region or a point, certificates, limits."""
    parser.add_argument("net", metavar="NET", help="a net file or a model (.onnx, .nnet), - for standard input")
    parser.add_argument("other", metavar="NET", help="the other one")
    add_region(parser)
    parser.add_argument("--at", metavar="X", help="are they equal near this point?  exact rationals, comma separated")
    add_common(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print whether they are equal, or a point where they are not; exit 3 if nobody knows."""
    if arguments.net == arguments.other == "-":
        raise ParameterError("only one of the nets can be standard input", place="-")
    found = equal(
        arguments.net,
        arguments.other,
        box=given_box(arguments.box),
        constraints=arguments.constraints,
        at=None if arguments.at is None else parse_point(arguments.at),
        **common(arguments),
    )
    certified = found.certificate is not None
    where = "near the point" if arguments.at is not None else "on the region"
    if arguments.json:
        print_json(found.to_json())
    elif found.equal:
        say(f"EQUAL      {where if arguments.at is not None or found.constraints else 'everywhere'}")
        say(proof_line(certified, found.uncertified))
    elif found.point is not None and found.values is not None:
        say(f"DIFFERENT  at {show_vector(found.point)}")
        for number, entry in enumerate(found.values, start=1):
            say(f"value {number}    {show_vector(entry, digits=17)}")
        say(proof_line(certified, found.uncertified))
    else:
        say(f"UNKNOWN    {found.why}")
    return status(found.equal is not None, certified, arguments.certificate is not None)
