"""``affine NET``: is the net affine on a region?"""

from __future__ import annotations

import argparse

from subgrad_hardness.api.affine import affine
from subgrad_hardness.api.shown import show_matrix, show_vector
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import print_json, say
from subgrad_hardness.cli.region_options import add_common, add_region, common, given_box, proof_line, status


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the region, certificates, limits."""
    add_net_arguments(parser)
    add_region(parser)
    add_common(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the map, or a point with two Jacobians; exit 3 if nobody knows."""
    found = affine(
        arguments.net,
        box=given_box(arguments.box),
        constraints=arguments.constraints,
        point=given_point(arguments),
        **common(arguments),
    )
    certified = found.certificate is not None
    if arguments.json:
        print_json(found.to_json())
    elif found.matrix is not None and found.offset is not None:
        say("AFFINE     F(x) = A x + b on the region")
        say(f"A          {show_matrix(found.matrix)}")
        say(f"b          {show_vector(found.offset)}")
        say(proof_line(certified, found.uncertified))
    elif found.bend is not None and found.jacobians is not None:
        say("NOT AFFINE two Jacobians at a point inside the region")
        say(f"point      {show_vector(found.bend)}")
        for jacobian in found.jacobians:
            say(f"Jacobian   {show_matrix(jacobian)}")
        say(proof_line(certified, found.uncertified))
    else:
        say(f"UNKNOWN    {found.why}")
    return status(found.affine is not None, certified, arguments.certificate is not None)
